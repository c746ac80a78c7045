//! Columns that a national rule fills.

use std::path::Path;

use super::*;

/// The rules of the product, as a plan carries them.
fn rules() -> (Dataset, RuleTables) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules");
    let mut datasets = crate::plan::load_datasets(&folder).unwrap();
    let dataset = datasets.remove("fitness_tests").unwrap();
    let tables = ["scoring.csv", "bmi.csv", "weights.csv", "bonus.csv"].map(|it| {
        let text = fs::read_to_string(folder.join("fitness-2014").join(it)).unwrap();
        (it.to_owned(), text)
    });
    (dataset, RuleTables::from([("fitness-2014".to_owned(), BTreeMap::from(tables))]))
}

#[tokio::test]
async fn fitness_is_scored_by_the_national_standard() {
    let (dataset, rules) = rules();
    let city = City::new(dataset);
    // A boy of grade 1 with 100 points in everything, then without the rope, then exempt.
    let text = "school,year,pupil,sex,grade,exempt,height_cm,weight_kg,vital_capacity_ml,\
        run_50m_s,sit_and_reach_cm,rope_skip_1min,score\n\
        S1,2024,L120101201701010001,M,G1,0,120.0,23.0,1700,10.20,16.1,109,5\n\
        S1,2024,L120101201701010002,M,G1,0,120.0,23.0,1700,10.20,16.1,,5\n\
        S1,2024,L120101201701010003,M,G1,1,120.0,23.0,1700,10.20,16.1,109,5\n";
    fs::write(city.file("f.csv"), text).unwrap();
    let outcome = city.import_with("f.csv", Limits::default(), 0, &rules).await;
    let words: Vec<&str> = outcome
        .findings
        .iter()
        .filter(|it| it.rule != "missing-column")
        .map(|it| it.rule)
        .collect();
    assert_eq!((words, outcome.added), (vec!["derived-column"], 3), "{}", shown(&outcome));
    let mut ends: Vec<String> = city
        .rows()
        .await
        .iter()
        .map(|it| it.rsplitn(3, ' ').take(2).collect::<Vec<_>>().join(" "))
        .collect();
    ends.sort_unstable();
    assert_eq!(ends, ["- -", "- -", "excellent 100.0"]);
}

#[test]
fn a_rule_without_its_tables_is_an_error() {
    let (dataset, rules) = rules();
    assert!(Derivation::new(&dataset, &rules).unwrap().is_some());
    let error = Derivation::new(&dataset, &RuleTables::new()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the rule fitness-2014 has no table scoring.csv: put it into the folder of rules"
    );
    let mut other = dataset.clone();
    other.derived.as_mut().unwrap().rule = "fitness-2030".to_owned();
    assert!(matches!(
        Derivation::new(&other, &rules),
        Err(DerivationError::UnknownRule { rule, .. }) if rule == "fitness-2030"
    ));
    assert!(Derivation::new(&samples::classes(), &rules).unwrap().is_none());
}
