use insta::assert_snapshot;
use model::organisation::{ADMINISTRATIVE, History};

use super::support::{Registry, after, at, changes, day, drawn, paths, small_city, version};
use crate::Changes;

/// The tree on the eve of 2021-09-01 and on the day.
fn eve_and_day(said: &Changes) -> (String, String) {
    let history = said.preview(&History::default(), at(0));
    (paths(&history, "2021-08-31", 0), paths(&history, "2021-09-01", 0))
}

#[track_caller]
fn check(base: &Changes, rows: &str, on_the_day: &str) -> Changes {
    let (said, findings) = after(base, rows);
    assert_eq!(findings, "");
    let (eve, day) = eve_and_day(&said);
    assert_eq!(eve, eve_and_day(base).0, "the past stays");
    assert_eq!(day, on_the_day);
    // Applied to what it brought about, it brings about nothing.
    let (again, findings) = after(&said, rows);
    assert_eq!(findings, "");
    assert_eq!(again.preview(&History::default(), at(0)), said.preview(&History::default(), at(0)));
    said
}

#[test]
fn a_school_closes() {
    check(&small_city(), "closure,2021-09-01,s1,,,\n", "c c/d1 c/d1/s2 c/d2 c/d2/s3 c/d2/s4");
}

#[test]
fn two_schools_merge_into_one_of_them() {
    check(&small_city(), "merger,2021-09-01,s1;s2,s2,,\n", "c c/d1 c/d1/s2 c/d2 c/d2/s3 c/d2/s4");
}

#[test]
fn codes_of_a_cell_are_told_apart_however_people_join_them() {
    for cell in ["s1；s2", "s1、s2", "s1 s2", "\"s1, s2\"", "s1; s2;"] {
        let row = format!("merger,2021-09-01,{cell},s2,,\n");
        check(&small_city(), &row, "c c/d1 c/d1/s2 c/d2 c/d2/s3 c/d2/s4");
    }
}

#[test]
fn two_schools_merge_into_a_new_one() {
    let mut base = small_city();
    base.add_version(version("n school 2021-09-01.."));
    base.add_membership(super::support::membership("n<d1 2021-09-01.."));
    let rows = "merger,2021-09-01,s1;s3,n,合并,merged\nopening,2021-09-01,,n,,\n";
    check(&base, rows, "c c/d1 c/d1/n c/d1/s2 c/d2 c/d2/s4");
}

#[test]
fn a_merged_district_leaves_its_schools_to_its_heir() {
    let said = check(
        &small_city(),
        "merger,2021-09-01,d1;d2,d2,,\n",
        "c c/d2 c/d2/s1 c/d2/s2 c/d2/s3 c/d2/s4",
    );
    // On the new cut the old years stand in the new district, and on the old cut the new ones in the old.
    let history = said.preview(&History::default(), at(0));
    let on_cut =
        |on: &str, cut: &str| drawn(&history.tree_on_cut(ADMINISTRATIVE, day(on), day(cut), at(0)));
    assert_eq!(
        on_cut("2020-09-01", "2021-09-01"),
        "c c/d2 c/d2/d1 c/d2/s1 c/d2/s2 c/d2/s3 c/d2/s4"
    );
    assert_eq!(on_cut("2021-09-01", "2020-09-01"), "c c/d1 c/d1/s1 c/d1/s2 c/d2 c/d2/s3 c/d2/s4");
}

#[test]
fn a_district_is_split() {
    let base = changes(
        &[
            "c city 2000-01-01..",
            "d district 2000-01-01..",
            "s1 school 2000-01-01..",
            "s2 school 2000-01-01..",
            "n1 district 2021-09-01..",
            "n2 district 2021-09-01..",
        ],
        &[
            "d<c 2000-01-01..",
            "s1<d 2000-01-01..2021-09-01",
            "s1<n1 2021-09-01..",
            "s2<d 2000-01-01..2021-09-01",
            "s2<n2 2021-09-01..",
            "n1<c 2021-09-01..",
            "n2<c 2021-09-01..",
        ],
    );
    check(&base, "split,2021-09-01,d,n1;n2,,\n", "c c/n1 c/n1/s1 c/n2 c/n2/s2");
    let (_, findings) = after(&small_city(), "split,2021-09-01,d1,d2;s4,,\n");
    assert_snapshot!(findings, @"events.csv:2 from: error: found `d1 with 2 organisations below it`, expected 终止者之下无机构 / nothing below what closes; 在名单中或用划转事件写明自该日起的上级 / give them new parents from that day on, in the list or by move events");
}

#[test]
fn a_school_moves_and_moves_back() {
    let rows = "move,2022-09-01,s1,d2;d1,,\nmove,2021-09-01,s1,d1;d2,,\n";
    let said = check(&small_city(), rows, "c c/d1 c/d1/s2 c/d2 c/d2/s1 c/d2/s3 c/d2/s4");
    let history = said.preview(&History::default(), at(0));
    assert_eq!(paths(&history, "2022-09-01", 0), paths(&history, "2021-08-31", 0));
}

#[test]
fn a_move_is_within_one_hierarchy() {
    let mut base = small_city();
    for text in ["z1 zone 2000-01-01..", "z2 zone 2000-01-01.."] {
        base.add_version(version(text));
    }
    base.add_membership(super::support::membership("zone:s1<z1 2000-01-01.."));
    let (said, findings) = after(&base, "move,2021-09-01,s1,z1;z2,,\n");
    assert_eq!(findings, "");
    let history = said.preview(&History::default(), at(0));
    assert_eq!(paths(&history, "2021-09-01", 0), paths(&history, "2021-08-31", 0));
    let zones = |on: &str| drawn(&history.tree("zone", day(on), at(0)));
    assert!(zones("2021-08-31").contains("z1/s1"));
    assert!(zones("2021-09-01").contains("z2/s1"));
}

#[test]
fn a_boundary_is_redrawn() {
    let rows = "boundary_change,2021-09-01,d1;d2,s1;s2,区界调整,boundary\n";
    check(&small_city(), rows, "c c/d1 c/d2 c/d2/s1 c/d2/s2 c/d2/s3 c/d2/s4");
}

#[test]
fn what_does_not_fit_is_a_finding() {
    let (_, findings) = after(
        &small_city(),
        "\
eruption,2021-09-01,s1,,,
closure,2021-13-01,s1,,,
closure,2021-09-01,s1,s2,,
merger,2021-09-01,s1;s2,s1;s2,,
split,2021-09-01,s1,s2,,
move,2021-09-01,s1,d2,,
closure,2021-09-01,nobody,,,
closure,1999-09-01,s1,,,
opening,2021-09-01,,s1,,
rename,2021-09-01,s2,,,
move,2021-09-01,s3,d1;c,,
boundary_change,2021-09-01,d1,,,
merger,1999-01-01,s1;s2,s2,,
closure,2021-09-01,s s,,,
",
    );
    assert_snapshot!(findings);
}

#[test]
fn nobody_moves_under_itself() {
    for (row, moved) in
        [("move,2021-09-01,d1,c;d1,,", "d1"), ("boundary_change,2021-09-01,c;d1,d1,,", "d1")]
    {
        let (said, findings) = after(&small_city(), &format!("{row}\n"));
        assert!(findings.contains(&format!("found `{moved}`, expected 另一机构")), "{findings}");
        assert!(said.canonical().is_ok());
    }
}

#[tokio::test]
async fn events_and_their_consequences_are_recorded_once() {
    let registry = Registry::new().await;
    registry.record(&small_city(), 1).await;
    let rows = "kind,on,from,to\nmerger,2021-09-01,s1;s2,s2\nboundary_change,2022-09-01,d2;d1,s3\n";
    let (events, findings) = crate::read_events("events.csv", rows.as_bytes());
    assert_eq!(findings, []);

    let known = registry.history().await;
    let (said, findings) = events.apply(&known, &Changes::default(), at(2));
    assert_eq!(findings, []);
    assert_eq!(registry.record(&said, 2).await.events, 2);

    let known = registry.history().await;
    let (said, _) = events.apply(&known, &Changes::default(), at(3));
    assert!(registry.record(&said, 3).await.is_empty());
    assert_eq!(paths(&known, "2023-01-01", 2), "c c/d1 c/d1/s2 c/d1/s3 c/d2 c/d2/s4");
    assert_eq!(paths(&known, "2023-01-01", 1), "c c/d1 c/d1/s1 c/d1/s2 c/d2 c/d2/s3 c/d2/s4");
}
