//! The papers that promise something name the tests that hold it, and every test they name is there.

use std::fs;

use super::source::files;
use crate::project::root;

/// The tests that a paper's tables name: what ends a row, in backticks and with `::`.
fn tests_of(paper: &str) -> Vec<String> {
    let text = fs::read_to_string(root().join(paper)).unwrap();
    let rows = text.lines().filter(|it| it.starts_with("| ") && it.contains("::"));
    rows.flat_map(|row| row.split('`').skip(1).step_by(2))
        .filter(|it| it.contains("::"))
        .map(str::to_owned)
        .collect()
}

fn all_are_there(paper: &str, at_least: usize) {
    let sources = files(&[".rs", ".mjs"]);
    let names = tests_of(paper);
    assert!(names.len() >= at_least, "{paper} names only {} tests", names.len());
    for name in names {
        let function = format!("fn {}(", name.rsplit("::").next().unwrap());
        let found = sources.iter().any(|it| it.text.contains(&function));
        assert!(found, "{paper} names the test `{name}`, which is nowhere");
    }
}

#[test]
fn every_test_that_the_architecture_names_is_there() {
    all_are_there("ARCHITECTURE.md", 8);
}

#[test]
fn every_test_that_the_security_paper_names_is_there() {
    all_are_there("docs/security.md", 30);
}

#[test]
fn every_clause_of_the_security_paper_has_a_test_or_a_reason() {
    let text = fs::read_to_string(root().join("docs/security.md")).unwrap();
    let clauses: Vec<&str> = text
        .lines()
        .filter(|it| {
            it.starts_with("| ") && it.chars().nth(2).is_some_and(|it| it.is_ascii_digit())
        })
        .collect();
    assert!(clauses.len() >= 40, "only {} clauses were found", clauses.len());
    for row in clauses {
        assert!(row.contains("::") || row.contains("exception"), "{row}");
    }
}
