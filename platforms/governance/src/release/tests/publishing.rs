//! What was published stays published.

use lake::Mode;
use model::Year;

use super::centre::{Centre, at, org, tianjin, words};
use crate::figures::Published;
use crate::figures::json::ScoreboardObject;
use crate::release::{self, ReleaseError};

const ORGANISATIONS: &str = "\
code,name_zh,level,kind,founder,stages,area_class,parent,valid_from
120000,示范市,city,,,,,,2000-01-01
120101,甲区,district,,,,,120000,2000-01-01
120102,乙区,district,,,,,120000,2000-01-01
1111000001,甲园,school,kindergarten,education_department,preschool,urban,120101,2000-01-01
1111000002,乙园,school,kindergarten,private,preschool,urban,120102,2000-01-01
";

const CHILDREN: &str = "\
school,year,founder,inclusive,children
1111000001,2021,education_department,yes,60
1111000002,2021,private,no,40
";

const CORRECTED: &str = "\
school,year,founder,inclusive,children
1111000002,2021,private,no,15
";

fn year() -> Year {
    Year::new(2021).unwrap()
}

async fn begun() -> Centre {
    let centre = Centre::new().await;
    centre.organisations(ORGANISATIONS, at(1)).await;
    centre.facts("kindergartens", CHILDREN, Mode::Upsert).await;
    centre
}

/// The whole scoreboard of the city, as it is printed.
fn board(published: &Published) -> String {
    let city = published.whole(year()).unwrap();
    let board = published.scoreboard(&city.code, year()).unwrap();
    serde_json::to_string_pretty(&ScoreboardObject::of(published, &board)).unwrap()
}

fn public_share(published: &Published) -> String {
    words(published.figure("IND-09", None, &org("120000"), year()).as_ref()).join(" ")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_earlier_release_is_the_same_to_the_byte_after_a_correction() {
    let centre = begun().await;
    let first = centre.publish(at(10)).await;
    assert!(first.is_new);
    let published = centre.load(first.release.clone()).await;
    let before = board(&published);
    assert_eq!(public_share(&published), "60.0 60 100 2/2 reported");

    centre.facts("kindergartens", CORRECTED, Mode::Upsert).await;
    centre.organisations(&ORGANISATIONS.replace("甲区", "新甲区"), at(15)).await;
    let second = centre.publish(at(20)).await;
    assert!(second.is_new);
    let corrected = centre.load(second.release.clone()).await;
    assert_eq!(public_share(&corrected), "80.0 60 75 2/2 reported");
    assert_eq!(corrected.organisation(&org("120101"), year()).unwrap().name.zh, "新甲区");

    let as_of = release::as_of(&centre.store, at(19)).await.unwrap().unwrap();
    assert_eq!(as_of, first.release);
    assert_eq!(board(&centre.load(as_of).await), before);
    assert_eq!(release::list(&centre.store).await.unwrap(), [first.release, second.release]);
}

#[tokio::test(flavor = "multi_thread")]
async fn publishing_with_nothing_changed_publishes_nothing() {
    let centre = begun().await;
    let first = centre.publish(at(10)).await;
    let again = centre.publish(at(20)).await;
    assert!(!again.is_new);
    assert_eq!(again.release, first.release);
    // The same rows once more leave the same version of the table.
    centre.facts("kindergartens", CHILDREN, Mode::Upsert).await;
    centre.organisations(ORGANISATIONS, at(25)).await;
    assert!(!centre.publish(at(30)).await.is_new);
    assert_eq!(release::list(&centre.store).await.unwrap().len(), 1);
    // What changes back is published again, as a release of its own.
    centre.facts("kindergartens", CORRECTED, Mode::Upsert).await;
    assert!(centre.publish(at(40)).await.is_new);
    centre.facts("kindergartens", CHILDREN, Mode::Upsert).await;
    assert!(centre.publish(at(40)).await.is_new);
    let all = release::list(&centre.store).await.unwrap();
    assert_eq!(all.len(), 3);
    assert!(all.windows(2).all(|it| it[0].recorded_at < it[1].recorded_at));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_is_read_back_as_it_was_given() {
    let centre = begun().await;
    let now = at(10) + jiff::SignedDuration::from_nanos(123_456_789);
    let given = centre.publish(now).await.release;
    assert_eq!(release::latest(&centre.store).await.unwrap(), Some(given.clone()));
    assert_eq!(release::as_of(&centre.store, now).await.unwrap(), Some(given));
}

#[tokio::test(flavor = "multi_thread")]
async fn before_the_first_release_there_is_none() {
    let centre = Centre::new().await;
    assert_eq!(release::latest(&centre.store).await.unwrap(), None);
    let published = centre.publish(at(5)).await.release;
    assert_eq!(release::as_of(&centre.store, at(4)).await.unwrap(), None);
    assert_eq!(release::as_of(&centre.store, at(5)).await.unwrap(), Some(published.clone()));
    let empty = centre.load(published).await;
    assert!(empty.whole(year()).is_none());
    assert_eq!(empty.latest_year(), tianjin().first_year);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_beside_another_takes_what_did_not_change() {
    let centre = begun().await;
    let first = centre.publish(at(10)).await.release;
    let before = centre.load(first).await;
    centre.facts("kindergartens", CORRECTED, Mode::Upsert).await;
    let second = centre.publish(at(20)).await.release;
    let alone = centre.load(second.clone()).await;
    let beside = Published::load_beside(
        &centre.store,
        &centre.lake,
        tianjin(),
        second,
        std::sync::Arc::new(|_| {}),
        Some(&before),
    );
    assert_eq!(board(&beside.await.unwrap().in_full()), board(&alone));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_is_not_evaluated_with_another_plan() {
    let centre = begun().await;
    let mut release = centre.publish(at(10)).await.release;
    release.plan_version = "another".to_owned();
    let progress: release::Progress = std::sync::Arc::new(|_| {});
    let refused = Published::load(&centre.store, &centre.lake, tianjin(), release, progress).await;
    assert!(matches!(refused, Err(ReleaseError::OtherPlan { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_recorded_later_does_not_reach_into_a_release() {
    let centre = begun().await;
    let release = centre.publish(at(10)).await.release;
    let (list, _) = network::read_list("late", ORGANISATIONS.replace("甲", "丙").as_bytes());
    let late = network::record(&centre.store, &list.changes(), at(10), jiff::tz::Offset::UTC).await;
    assert!(late.is_err(), "recorded at the instant of the release");
    network::record(&centre.store, &list.changes(), at(11), jiff::tz::Offset::UTC).await.unwrap();
    let published = centre.load(release).await;
    assert_eq!(published.organisation(&org("120101"), year()).unwrap().name.zh, "甲区");
    assert!(centre.folder().join("lake").is_dir());
}

#[tokio::test]
async fn the_database_accepts_every_sql_file() {
    store::testing::check_sql_files("src").await;
}
