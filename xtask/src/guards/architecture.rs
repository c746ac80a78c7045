//! ARCHITECTURE.md names a test for every invariant, and every test it names is there.

use std::fs;

use super::source::files;
use crate::project::root;

#[test]
fn every_test_that_the_architecture_names_is_there() {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let sources = files(&[".rs", ".mjs"]);
    // A row of the table of invariants ends in the names of its tests, in backticks.
    let rows = text.lines().filter(|it| it.starts_with("| ") && it.contains("::"));
    let names: Vec<&str> = rows
        .flat_map(|row| row.split('`').skip(1).step_by(2))
        .filter(|it| it.contains("::"))
        .collect();
    assert!(names.len() >= 8, "ARCHITECTURE.md names only {} tests", names.len());
    for name in names {
        let function = format!("fn {}(", name.rsplit("::").next().unwrap());
        let found = sources.iter().any(|it| it.text.contains(&function));
        assert!(found, "ARCHITECTURE.md names the test `{name}`, which is nowhere");
    }
}
