use super::*;

/// A record that was believed from one second until another.
fn believed<T>(what: T, from: i64, until: Option<i64>) -> Recorded<T> {
    Recorded { what, recorded_at: at(from), superseded_at: until.map(at) }
}

/// s1 was in d1; from 10 on it was known to have moved in 2021; from 20 on, to have moved in 2022 and closed in 2024.
fn corrected() -> History {
    let versions = vec![
        believed(version("c 2000.."), 1, None),
        believed(version("d1 2000.."), 1, None),
        believed(version("d2 2000.."), 1, None),
        believed(version("s1 2000.."), 1, Some(20)),
        believed(version("s1 2000..2024"), 20, None),
    ];
    let memberships = vec![
        believed(membership("d1<c 2000.."), 1, None),
        believed(membership("d2<c 2000.."), 1, None),
        believed(membership("s1<d1 2000.."), 1, Some(10)),
        believed(membership("s1<d1 2000..2021"), 10, Some(20)),
        believed(membership("s1<d2 2021.."), 10, Some(20)),
        believed(membership("s1<d1 2000..2022"), 20, None),
        believed(membership("s1<d2 2022..2024"), 20, None),
    ];
    let events = vec![
        believed(event("move 2021 s1>d1;d2"), 10, Some(20)),
        believed(event("move 2022 s1>d1;d2"), 20, None),
    ];
    History::new(versions, memberships, events)
}

/// Rows: what was true then. Columns: what was known then.
#[test]
fn the_truth_table_of_both_times() {
    let history = corrected();
    let cell = |year: i32, known: i64| {
        let tree = history.tree(ADMINISTRATIVE, day(&format!("{year}-06-01")), at(known));
        match tree.get(&code("s1")) {
            None => "--",
            Some(_) => match tree.parent(&code("s1")).map(|it| it.code.to_string()).as_deref() {
                Some("d1") => "d1",
                Some("d2") => "d2",
                _ => "??",
            },
        }
    };
    let row = |year: i32| [0, 1, 9, 10, 19, 20, 99].map(|known| cell(year, known)).join(" ");
    assert_eq!(row(1999), "-- -- -- -- -- -- --");
    assert_eq!(row(2020), "-- d1 d1 d1 d1 d1 d1");
    assert_eq!(row(2021), "-- d1 d1 d2 d2 d1 d1");
    assert_eq!(row(2022), "-- d1 d1 d2 d2 d2 d2");
    assert_eq!(row(2024), "-- d1 d1 d2 d2 -- --");
}

#[test]
fn versions_memberships_and_events_as_they_were_known() {
    let history = corrected();
    let s1 = code("s1");
    let counts = |known: i64| {
        let known = at(known);
        (
            history.versions(&s1, known).count(),
            history.memberships(&s1, known).count(),
            history.events(known).count(),
        )
    };
    assert_eq!([0, 1, 10, 20].map(counts), [(0, 0, 0), (1, 1, 0), (1, 2, 1), (1, 2, 1)]);
    assert_eq!(history.all_memberships(at(20)).count(), 4);
    assert_eq!(history.records(&s1).len(), 2);
    assert_eq!(history.records(&code("nobody")).len(), 0);
    assert_eq!(history.codes().count(), 4);
    assert_eq!(history.hierarchies(), [ADMINISTRATIVE]);
    let days = |known: i64| history.turning_days(at(known)).len();
    assert_eq!([0, 1, 10, 20].map(days), [0, 1, 2, 3]);
    assert!(!history.is_empty() && History::default().is_empty());
}

#[test]
fn the_latest_of_two_that_hold_at_once_counts() {
    // The registry refuses this; a history from elsewhere still has one answer.
    let history = history(
        &["d1 2000..", "d2 2000..", "s1 2000..", "s1 2010..2020"],
        &["s1<d1 2000..", "s1<d2 2010..2020"],
        &[],
    );
    let tree = |on: &str| drawn(&history.tree(ADMINISTRATIVE, day(on), at(0)));
    assert_eq!(tree("2015-01-01"), "d1 d2 d2/s1");
    assert_eq!(tree("2020-01-01"), "d1 d1/s1 d2");
}
