//! Explanations over a small city of tests, through a lake.

use lake::Mode;
use model::Year;

use super::json::ExplanationObject;
use super::{Explanation, explain, text};
use crate::figures::Published;
use crate::release::tests::centre::{Centre, at, org};

const ORGANISATIONS: &str = "\
code,name_zh,level,kind,founder,stages,area_class,parent,valid_from
120000,示范市,city,,,,,,2000-01-01
120101,甲区,district,,,,,120000,2000-01-01
2111000001,甲小学,school,primary,education_department,primary,urban,120101,2000-01-01
2111000002,乙小学,school,primary,education_department,primary,urban,120101,2000-01-01
2111000003,丙小学,school,primary,education_department,primary,urban,120101,2000-01-01
";

const TESTS: &str = "\
school,year,sex,grade,exempt,fitness_grade,height_cm,rows
2111000001,2021,M,G3,no,excellent,130.5,6
2111000001,2021,F,G3,no,fail,128.0,6
2111000001,2021,F,G3,yes,,,2
2111000002,2021,M,G3,no,good,131.5,20
2111000002,2021,F,G3,no,pass,131.0,10
2111000003,2021,M,G3,no,good,131.0,3
2111000003,2021,M,G3,no,pass,131.0,7
";

async fn begun() -> Centre {
    let centre = Centre::new().await;
    centre.organisations(ORGANISATIONS, at(1)).await;
    centre.facts("fitness_tests", TESTS, Mode::Upsert).await;
    centre
}

async fn of<'a>(centre: &Centre, published: &'a Published, code: &str) -> Explanation<'a> {
    let year = Year::new(2021).unwrap();
    let found = explain(published, &centre.lake, "IND-15", &org(code), year, 5).await;
    found.unwrap().unwrap()
}

/// Code, value and rows of each organisation, `-` where withheld.
fn contributions(explanation: &Explanation<'_>) -> Vec<String> {
    let part = &explanation.parts[0];
    let word = |it: Option<String>| it.unwrap_or_else(|| "-".to_owned());
    let all = part.sum.contributions.iter().map(|it| {
        let value = word(it.value.map(|it| it.to_string()));
        format!("{} {} {}", it.org.code, value, word(it.rows.map(|it| it.to_string())))
    });
    all.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_figure_is_explained_down_to_its_rows() {
    let centre = begun().await;
    let release = centre.publish(at(10)).await.release;
    let published = centre.load(release).await;
    let explanation = of(&centre, &published, "120101").await;
    assert_eq!(explanation.figure.value.unwrap().to_string(), "55.8");
    assert_eq!(explanation.parts.len(), 2);
    let good = &explanation.parts[0];
    assert_eq!(good.sum.total.unwrap().to_string(), "29");
    assert_eq!(good.dataset.name, "fitness_tests");
    assert_eq!(good.table_version, published.release().tables["fitness_tests"]);
    assert!(good.predicate.as_ref().unwrap().contains("fitness_grade IN ('excellent', 'good')"));
    assert_eq!(
        contributions(&explanation),
        ["2111000002 20 30", "2111000001 6 14", "2111000003 3 10"]
    );
    // So many rows count as the numerator says, and five of them are shown.
    assert_eq!(good.rows.total, 29);
    assert_eq!(good.rows.rows.len(), 5);
    let cell = |name: &str| {
        let position = good.rows.columns.iter().position(|it| it == name).unwrap();
        good.rows.rows[0][position].clone().unwrap()
    };
    assert_eq!(cell("school"), "2111000001");
    assert_eq!(cell("pupil"), "•••");
    assert_eq!(cell("height_cm"), "130.5");
    assert_eq!(explanation.parts[1].rows.total, 52);
    let words = text(&explanation);
    assert!(words.contains("numerator fitness_good = 29"), "{words}");
    assert!(words.contains("29 rows; the first 5:"), "{words}");
    assert!(super::csv(&explanation).contains("numerator,fitness_good,fitness_tests,"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_public_sees_no_rows_of_a_school_that_is_withheld() {
    let centre = begun().await;
    let release = centre.publish(at(10)).await.release;
    let published = centre.load_public(release).await;
    let explanation = of(&centre, &published, "120101").await;
    // Three good ones of 丙小学 are too few; 甲小学 goes along, or the district would give it away.
    assert_eq!(
        contributions(&explanation),
        ["2111000002 20 30", "2111000001 - -", "2111000003 - -"]
    );
    for part in &explanation.parts {
        let school = part.rows.columns.iter().position(|it| it == "school").unwrap();
        for row in &part.rows.rows {
            assert_eq!(row[school].as_deref(), Some("2111000002"));
        }
        for (column, cells) in
            part.rows.columns.iter().enumerate().map(|(at, it)| (it, part.rows.rows[0][at].clone()))
        {
            let public = part.dataset.column(column).unwrap().disclosure.as_str() == "public";
            assert_eq!(cells.is_none_or(|it| it == "•••"), !public, "{column}");
        }
    }
    let alone = of(&centre, &published, "2111000003").await;
    assert_eq!(alone.figure.observation.as_str(), "suppressed");
    assert_eq!(contributions(&alone), ["2111000003 - -"]);
    assert!(alone.parts.iter().all(|it| it.sum.total.is_none() && it.rows.total == 0));
    assert!(!text(&alone).contains(" 3\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_earlier_release_shows_the_rows_it_was_made_of() {
    let centre = begun().await;
    let first = centre.publish(at(10)).await.release;
    let published = centre.load(first.clone()).await;
    let bytes = |published: &Published, it: &Explanation<'_>| {
        serde_json::to_string_pretty(&ExplanationObject::of(published, it)).unwrap()
    };
    let before = bytes(&published, &of(&centre, &published, "120000").await);
    let fewer = "school,year,pupil,sex,grade,exempt,fitness_grade\n\
                 2111000002,2021,901,M,G3,no,pass\n";
    centre.facts("fitness_tests", fewer, Mode::Replace).await;
    let second = centre.publish(at(20)).await.release;
    let later = centre.load(second).await;
    let corrected = of(&centre, &later, "120000").await;
    assert_eq!(corrected.parts[0].rows.total, 9);
    let again = centre.load(first).await;
    assert_eq!(bytes(&again, &of(&centre, &again, "120000").await), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_fields_of_an_explanation_are_stable() {
    let centre = begun().await;
    let release = centre.publish(at(10)).await.release;
    let published = centre.load(release).await;
    let object = ExplanationObject::of(&published, &of(&centre, &published, "120101").await);
    let top = "definition figure indicator judged made_of organisation release terms units";
    assert_eq!(names(&serde_json::to_value(&object).unwrap()), top);
    let term = serde_json::to_value(&object.terms[0]).unwrap();
    assert_eq!(
        names(&term),
        "aggregate contributions dataset dataset_title measure of organisations predicate rows \
         side table_version times total year"
    );
    assert_eq!(names(&term["contributions"][0]), "code name rows value withheld");
    assert_eq!(names(&term["rows"]), "columns rows total");
}

/// The names of an object's fields, by name.
fn names(object: &serde_json::Value) -> String {
    let mut names: Vec<&str> = object.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    names.join(" ")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_made_of_other_indicators_names_them() {
    let centre = begun().await;
    let release = centre.publish(at(10)).await.release;
    let published = centre.load(release).await;
    let year = Year::new(2021).unwrap();
    let explained = explain(&published, &centre.lake, "BAL-P", &org("120101"), year, 5).await;
    let explained = explained.unwrap().unwrap();
    assert!(explained.parts.is_empty());
    let names: Vec<&str> = explained.made_of.iter().map(|it| it.indicator.as_str()).collect();
    assert_eq!(names, ["BAL-P1", "BAL-P2", "BAL-P3", "BAL-P4", "BAL-P5", "BAL-P6", "BAL-P7"]);
    let nothing = explain(&published, &centre.lake, "IND-99", &org("120101"), year, 5).await;
    assert!(nothing.unwrap().is_none());
}
