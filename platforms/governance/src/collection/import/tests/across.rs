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
        let held = outcome.findings.iter().filter(|it| it.rule == "scope");
        held.map(|it| (it.rule, it.row)).collect::<Vec<_>>()
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

/// How often an import worked out what to write when, before its commit, another one brought `theirs`; and the rows then.
async fn beside(theirs: &str) -> (usize, Vec<String>) {
    let city = City::new(samples::pupils());
    let own = "school,year,pupil\nS1,2024,L120101201502030001\n";
    fs::write(city.file("own.csv"), own).unwrap();
    fs::write(city.file("theirs.csv"), format!("school,year,pupil\n{theirs}\n")).unwrap();
    let written = std::cell::Cell::new(0);
    let progress = |step: Step| {
        let Step::Written { .. } = step else { return };
        written.set(written.get() + 1);
        if written.get() > 1 {
            return;
        }
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
                let outcome = runtime.block_on(city.import_at("theirs.csv", Limits::default(), 1));
                assert!(outcome.changed);
            });
        });
    };
    let rules = RuleTables::new();
    let outcome = city.import_telling("own.csv", Limits::default(), 2, &rules, &progress).await;
    assert!(outcome.changed);
    let rows = city.rows().await.into_iter().map(|it| it[..7].to_owned()).collect();
    (written.get(), rows)
}

#[tokio::test]
async fn who_was_overtaken_works_anew_where_it_matters() {
    let both = ["2024 S1", "2024 S4"].map(str::to_owned).to_vec();
    // Another pupil of another area: what was worked out holds.
    assert_eq!(beside("S4,2024,L120101201502030002").await, (1, both.clone()));
    // The same pupil, whom the later one takes over.
    assert_eq!(beside("S4,2024,L120101201502030001").await, (2, both[..1].to_vec()));
    // Another pupil of the same area, and so of the same file.
    let neighbours = ["2024 S1", "2024 S2"].map(str::to_owned).to_vec();
    assert_eq!(beside("S2,2024,L120101201502030002").await, (2, neighbours));
    // Another year.
    let years = ["2023 S1", "2024 S1"].map(str::to_owned).to_vec();
    assert_eq!(beside("S1,2023,L120101201502030001").await, (1, years));
}

#[tokio::test]
async fn a_replacement_with_a_row_that_is_somebody_elses_changes_nothing() {
    let mut city = City::new(samples::pupils());
    let row = |school: &str, pupil: u8| format!("{school},2024,L1201012015020300{pupil:02}\n");
    let file = |rows: &[String]| format!("school,year,pupil\n{}", rows.concat());
    city.import("f.csv", file(&[row("S1", 1), row("S1", 2), row("S4", 3)])).await;
    (city.within, city.replace) = (Some("S1"), true);
    // Mistyped: the pupil is on the roll of another.
    for rows in [[row("S1", 1), row("S1", 3)], [row("S1", 1), row("S1", 1)]] {
        let outcome = city.import("f.csv", file(&rows)).await;
        assert_eq!((outcome.added, outcome.removed, outcome.refused), (0, 0, 1));
        assert!(!outcome.changed && outcome.findings.iter().any(|it| it.rule == "file"));
        assert_eq!(city.rows().await.len(), 3);
    }
    let outcome = city.import("f.csv", file(&[row("S1", 1)])).await;
    assert_eq!((outcome.unchanged, outcome.removed, outcome.changed), (1, 1, true));
}

/// A row that is held stays so when another with its key is in a group that does not add up.
#[tokio::test]
async fn who_is_kept_out_twice_over_stays_out() {
    let mut classes = samples::classes();
    classes.key = vec!["class_number".to_owned()];
    classes.sums[0].severity = Severity::Error;
    let mut city = City::new(classes);
    city.import("f.csv", format!("{HEADER}S4,2024,junior,G3,7,40,40\n")).await;
    city.within = Some("S1");
    let rows =
        "S1,2024,primary,G1,7,40,40\nS1,2024,primary,G2,7,40,99\nS1,2024,primary,G2,8,40,99\n";
    let outcome = city.import("f.csv", format!("{HEADER}{rows}")).await;
    assert_eq!((outcome.added, outcome.refused, outcome.changed), (0, 3, false));
    assert_eq!(city.rows().await, ["2024 S4 junior G3 7 40 40"]);
}
