//! Every way to spoil a plan folder has its error, with file, line and what to do.

mod header;
mod indicators;
mod papers;
mod rules;

use std::fmt::Write;

use super::folder::Folder;

/// File, what is taken out, what is put in its place, and the errors, one a line.
type Case = (&'static str, &'static str, &'static str, &'static str);

fn check(cases: &[Case]) {
    let mut wrong = String::new();
    for (file, from, to, expected) in cases {
        let folder = Folder::new();
        folder.change(file, from, to);
        let found = folder.errors();
        if found != *expected {
            writeln!(wrong, "{file}: {from:?} -> {to:?}\nexpected\n{expected}\nfound\n{found}\n")
                .unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn a_spoilt_header_or_measure_is_refused() {
    check(header::CASES);
}

#[test]
fn a_spoilt_indicator_is_refused() {
    check(indicators::CASES);
}

#[test]
fn spoilt_tasks_projects_clauses_maps_and_lists_are_refused() {
    check(papers::CASES);
}

#[test]
fn spoilt_datasets_and_code_lists_are_refused() {
    check(rules::CASES);
}

#[test]
fn a_spoilt_list_of_events_is_refused() {
    let folder = Folder::new();
    folder.write(
        "plan/town/events.csv",
        "kind,on,from,to,note_zh,note_en\nrename,2010-01-01,200,200,,\n",
    );
    assert_eq!(folder.errors(), "sound");
    folder.change("plan/town/events.csv", "200,200", "300,300");
    assert_eq!(
        folder.errors(),
        "events.csv:2: `300` is no organisation of organisations.csv; did you mean `100` or `200`"
    );
    folder.change("plan/town/events.csv", "rename", "renamed");
    let found = folder.errors();
    assert!(found.starts_with("events.csv:2: `kind`: found `renamed`, expected "), "{found}");
}
