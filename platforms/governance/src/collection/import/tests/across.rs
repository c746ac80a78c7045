//! One key at several organisations, in one file or in two.

use super::*;

#[tokio::test]
async fn a_pupil_is_on_one_roll() {
    let city = City::new(samples::pupils());
    let text = "school,year,pupil,sex\n\
        S1,2024,L120101201502030001,M\n\
        S4,2024,L120101201502030001,M\n\
        S2,2024,L120101201502030001,M\n\
        S4,2023,L120101201502030001,M\n\
        S4,2024,L120101201502030002,F\n";
    let outcome = city.import("f.csv", text).await;
    let missing = outcome.findings.iter().filter(|it| it.rule == "missing-column").count();
    assert_eq!(missing, 5);
    let duplicates: Vec<_> = outcome
        .findings
        .iter()
        .filter(|it| it.rule == "duplicate")
        .map(|it| (it.row, it.found.as_str()))
        .collect();
    assert_eq!(
        duplicates,
        [
            (Some(4), "与第 2 行主键相同 / the same key as row 2"),
            (Some(3), "与第 2 行主键相同 / the same key as row 2")
        ]
    );
    assert_eq!((outcome.added, outcome.refused), (3, 2));
    let again = city.import("f.csv", text).await;
    assert_eq!((again.unchanged, again.refused, again.changed), (3, 2, false));
}

#[tokio::test]
async fn a_pupil_who_moves_leaves_the_old_area() {
    let city = City::new(samples::pupils());
    let file = |rows: &str| format!("school,year,pupil,sex\n{rows}");
    let (first, second) = ("L120101201502030001", "L120101201502030002");
    let both = file(&format!("S1,2024,{first},M\nS1,2024,{second},F\nS1,2023,{first},M\n"));
    city.import("f.csv", &both).await;
    let moved = city.import("f.csv", file(&format!("S4,2024,{first},M\n"))).await;
    assert_eq!((moved.added, moved.moved, moved.refused), (1, 1, 0));
    let schools = |rows: Vec<String>| rows.iter().map(|it| it[..7].to_owned()).collect::<Vec<_>>();
    assert_eq!(schools(city.rows().await), ["2023 S1", "2024 S1", "2024 S4"]);
    let again = city.import("f.csv", file(&format!("S4,2024,{first},M\n"))).await;
    assert_eq!((again.unchanged, again.moved, again.changed), (1, 0, false));
    let back = city.import("f.csv", &both).await;
    assert_eq!((back.added, back.unchanged, back.moved), (1, 2, 1));
    assert_eq!(schools(city.rows().await), ["2023 S1", "2024 S1", "2024 S1"]);
}

#[tokio::test]
async fn what_is_kept_out_takes_nothing_away_elsewhere() {
    let mut classes = samples::classes();
    classes.key = vec!["class_number".to_owned()];
    classes.sums[0].severity = Severity::Error;
    let city = City::new(classes);
    city.import("f.csv", format!("{HEADER}S1,2024,primary,G1,7,40,40\n")).await;
    // Of the same area, and of another.
    for school in ["S2,2024,primary", "S4,2024,junior"] {
        let outcome = city.import("f.csv", format!("{HEADER}{school},G3,7,41,99\n")).await;
        check(
            &outcome,
            "rows 1, refused 1\nerror sum 2 grade_pupils: pupils 合计为 41 / pupils adds up to 41",
        );
        assert_eq!(city.rows().await, ["2024 S1 primary G1 7 40 40"]);
    }
    let sound = city.import("f.csv", format!("{HEADER}S2,2024,primary,G3,7,41,41\n")).await;
    check(&sound, "rows 1, replaced 1");
    assert_eq!(city.rows().await, ["2024 S2 primary G3 7 41 41"]);
}
