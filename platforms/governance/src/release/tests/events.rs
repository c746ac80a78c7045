//! What events do to a series, on each year's own boundaries and on those of the first and the last year.

use lake::Mode;
use model::Year;

use super::centre::{Centre, at};
use crate::collection::left_behind;
use crate::figures::Published;

const ORGANISATIONS: &str = "\
code,name_zh,level,kind,founder,stages,area_class,parent,valid_from
120000,示范市,city,,,,,,2000-01-01
120101,甲区,district,,,,,120000,2000-01-01
120102,乙区,district,,,,,120000,2000-01-01
120103,丙区,district,,,,,120000,2000-01-01
1111000001,甲一园,school,kindergarten,education_department,preschool,urban,120101,2000-01-01
1111000002,甲二园,school,kindergarten,education_department,preschool,urban,120101,2000-01-01
1111000003,乙一园,school,kindergarten,education_department,preschool,urban,120102,2000-01-01
1111000004,乙二园,school,kindergarten,education_department,preschool,urban,120102,2000-01-01
1111000005,丙一园,school,kindergarten,education_department,preschool,urban,120103,2000-01-01
1111000006,丙二园,school,kindergarten,education_department,preschool,urban,120103,2000-01-01
";

const FOUNDED: &str = "\
code,name_zh,level,kind,founder,stages,area_class,parent,valid_from
120104,乙北区,district,,,,,120000,2022-05-01
120105,乙南区,district,,,,,120000,2022-05-01
1111000007,甲三园,school,kindergarten,education_department,preschool,urban,120101,2022-05-01
1111000008,甲四园,school,kindergarten,education_department,preschool,urban,120101,2022-05-01
";

/// A school is split, two are merged, one moves, one goes over with the boundary, and what it came to is split.
const EVENTS: &str = "\
kind,on,from,to
split,2022-05-01,1111000001,1111000007;1111000008
merger,2022-05-01,1111000004,1111000003
move,2022-05-01,1111000005,120103;120101
boundary_change,2022-04-01,120103;120102,1111000006
move,2022-05-01,1111000003,120102;120104
move,2022-05-01,1111000006,120102;120105
split,2022-05-01,120102,120104;120105
";

const BEFORE: &str = "\
school,year,founder,children
1111000001,2021,education_department,10
1111000002,2021,education_department,20
1111000003,2021,education_department,30
1111000004,2021,education_department,40
1111000005,2021,education_department,50
1111000006,2021,education_department,60
";

const AFTER: &str = "\
school,year,founder,children
1111000002,2022,education_department,21
1111000003,2022,education_department,71
1111000005,2022,education_department,51
1111000006,2022,education_department,61
1111000007,2022,education_department,4
1111000008,2022,education_department,7
";

async fn happened() -> Centre {
    let centre = Centre::new().await;
    centre.organisations(ORGANISATIONS, at(1)).await;
    centre.facts("kindergartens", BEFORE, Mode::Upsert).await;
    centre.organisations(FOUNDED, at(2)).await;
    let known = network::history(&centre.store).await.unwrap();
    let (list, findings) = network::read_events("events", EVENTS.as_bytes());
    assert!(findings.is_empty(), "{findings:?}");
    let (changes, findings) = list.apply(&known, &network::Changes::default(), at(3));
    assert!(findings.is_empty(), "{findings:?}");
    network::record(&centre.store, &changes, at(3), jiff::tz::Offset::UTC).await.unwrap();
    centre.facts("kindergartens", AFTER, Mode::Upsert).await;
    centre
}

/// Children of each district, by code, and of the city; those without any are left out.
fn children(published: &Published, year: u16) -> String {
    let year = Year::new(year).unwrap();
    let of = |level: &str| published.figures("IND-09", None, level, year);
    let all = of("district").into_iter().chain(of("city"));
    let words = all.filter_map(|(org, it)| Some(format!("{} {}", org.code, it.denominator?)));
    words.collect::<Vec<_>>().join(", ")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_series_through_all_kinds_of_events_on_the_old_and_the_new_cut() {
    let centre = happened().await;
    let release = centre.publish(at(10)).await.release;
    let published = centre.load(release).await;
    let check = |published: &Published, year: u16, expected: &str| {
        assert_eq!(children(published, year), expected);
    };
    check(&published, 2021, "120101 30, 120102 70, 120103 110, 120000 210");
    check(&published, 2022, "120101 83, 120104 71, 120105 61, 120000 215");

    let old = published.on_cut(Year::new(2021).unwrap());
    check(&old, 2021, "120101 30, 120102 70, 120103 110, 120000 210");
    check(&old, 2022, "120101 32, 120102 71, 120103 112, 120000 215");

    let new = published.on_cut(Year::new(2022).unwrap());
    check(&new, 2021, "120101 80, 120104 70, 120105 60, 120000 210");
    check(&new, 2022, "120101 83, 120104 71, 120105 61, 120000 215");
}

#[tokio::test(flavor = "multi_thread")]
async fn records_that_an_event_leaves_behind_are_told_before_it_is_recorded() {
    let centre = Centre::new().await;
    centre.organisations(ORGANISATIONS, at(1)).await;
    centre.facts("kindergartens", BEFORE, Mode::Upsert).await;
    let known = network::history(&centre.store).await.unwrap();
    let told = async |events: &str| {
        let (list, _) = network::read_events("events.csv", events.as_bytes());
        let (changes, findings) = list.apply(&known, &network::Changes::default(), at(2));
        assert!(findings.is_empty(), "{findings:?}");
        let after = changes.preview(&known, at(2));
        let (lake, plan) = (&centre.lake, &centre.plan);
        let findings = left_behind(lake, plan, "events.csv", (&known, &after), at(2)).await;
        findings.unwrap().iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let merger = |day: &str| format!("kind,on,from,to\nmerger,{day},1111000004,1111000003\n");
    assert_eq!(
        told(&merger("2021-08-15")).await,
        [
            "events.csv: warning: found 1111000004 的 2021 年记录 1 行（kindergartens） / rows of 1111000004 in 2021: 1 (kindergartens), \
             expected 记录所属之日存在的机构 / an organisation that is there on the day the records are of; \
             这些记录不再计入任何指标：请以承接机构的代码重新导入 / they are in no figure any more: import them anew under the code of the organisation that took its place"
        ]
    );
    assert_eq!(told(&merger("2022-08-15")).await, [""; 0]);
    let moved = "kind,on,from,to\nmove,2021-08-15,1111000004,120102;120101\n";
    assert_eq!(told(moved).await, [""; 0]);
}
