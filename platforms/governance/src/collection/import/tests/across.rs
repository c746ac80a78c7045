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

#[test]
fn of_pupils_whom_two_schools_bring_at_once_each_is_on_one_roll() {
    let city = City::new(samples::pupils());
    // Of two areas, so that no two imports write the same file.
    std::thread::scope(|scope| {
        for (second, school) in (0..).zip(["S1", "S4", "S2", "S4", "S1", "S4", "S2", "S4"]) {
            let city = &city;
            scope.spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
                let name = format!("f{second}.csv");
                let rows = (1..=40).map(|it| format!("{school},2024,L1201012015020300{it:02},M\n"));
                let text = format!("school,year,pupil,sex\n{}", rows.collect::<String>());
                fs::write(city.file(&name), text).unwrap();
                let outcome = runtime.block_on(city.import_at(&name, Limits::default(), second));
                assert_eq!((outcome.refused, outcome.rows), (0, 40));
            });
        }
    });
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    assert_eq!(runtime.block_on(city.rows()).len(), 40);
}

#[tokio::test]
async fn rows_are_of_the_organisation_that_may_send_them() {
    let mut city = City::new(samples::classes());
    city.within = Some("D1");
    let row = |school: &str, year: u16| format!("{school},{year},primary,G1,1,40,40\n");
    let rows = [row("S1", 2024), row("S4", 2024), row("D1", 2024), row("C", 2024), row("S9", 2024)];
    let outcome = city.import("f.csv", format!("{HEADER}{}", rows.concat())).await;
    check(
        &outcome,
        "rows 5, added 2, refused 3
         error scope 3 school: S4
         error scope 5 school: C
         error organisation 6 school: S9",
    );
    assert_eq!(city.rows().await, ["2024 D1 primary G1 1 40 40", "2024 S1 primary G1 1 40 40"]);
}

#[tokio::test]
async fn nobody_is_taken_from_the_roll_of_an_organisation_beyond() {
    let mut city = City::new(samples::pupils());
    let file = |school: &str| {
        format!(
            "school,year,pupil,sex\n{school},2024,L120101201502030001,M\n{school},2024,L120101201502030002,F\n"
        )
    };
    let schools = |rows: Vec<String>| rows.iter().map(|it| it[..7].to_owned()).collect::<Vec<_>>();
    city.import("f.csv", "school,year,pupil\nS4,2024,L120101201502030001\n").await;
    city.import("f.csv", "school,year,pupil\nS2,2024,L120101201502030002\n").await;
    let told = |outcome: &Outcome| {
        let errors = outcome.findings.iter().filter(|it| it.severity == Severity::Error);
        errors.map(|it| (it.rule, it.row)).collect::<Vec<_>>()
    };
    // A school takes nobody from its neighbour, nor from another district.
    city.within = Some("S1");
    for replace in [false, true] {
        city.replace = replace;
        let outcome = city.import("f.csv", file("S1")).await;
        assert_eq!(told(&outcome), [("scope", Some(2)), ("scope", Some(3))]);
        assert_eq!((outcome.added, outcome.refused, outcome.changed), (0, 2, false));
        assert_eq!(schools(city.rows().await), ["2024 S2", "2024 S4"]);
    }
    // A district moves its own pupils.
    (city.within, city.replace) = (Some("D1"), false);
    let outcome = city.import("f.csv", file("S1")).await;
    assert_eq!(told(&outcome), [("scope", Some(2))]);
    assert_eq!((outcome.replaced, outcome.refused), (1, 1));
    assert_eq!(schools(city.rows().await), ["2024 S1", "2024 S4"]);
    let words = &outcome.findings.iter().find(|it| it.rule == "scope").unwrap();
    assert!(!format!("{words:?}").contains("S4"), "nobody is told where the pupil is: {words:?}");
    // The city moves all.
    city.within = Some("C");
    let outcome = city.import("f.csv", file("S1")).await;
    assert_eq!((outcome.refused, outcome.moved), (0, 1));
    assert_eq!(schools(city.rows().await), ["2024 S1", "2024 S1"]);
}
