//! A migration expands the schema, so that two versions of the program run side by side, or says that it contracts it.

use super::source::{assert_none, files};

/// How statements begin that take nothing from the program of before.
const EXPANDING: [&str; 5] =
    ["CREATE TABLE ", "CREATE INDEX ", "CREATE VIEW ", "ALTER TABLE ", "INSERT INTO "];

/// Whether the program of before neither misses anything after a statement nor is refused what it writes.
fn expands(statement: &str) -> bool {
    let words = statement.split_whitespace().collect::<Vec<_>>().join(" ");
    let adds = words.contains(" ADD COLUMN ")
        && (!words.contains(" NOT NULL") || words.contains(" DEFAULT "));
    EXPANDING.iter().any(|it| words.starts_with(it)) && (!words.starts_with("ALTER ") || adds)
}

#[test]
fn a_migration_expands_or_its_name_says_that_it_contracts() {
    let files = files(&[".sql"]);
    let history: Vec<_> =
        files.into_iter().filter(|it| it.path.starts_with("migrations/")).collect();
    assert!(history.len() >= 20, "only {} migrations", history.len());
    let mut broken = Vec::new();
    for file in history.iter().filter(|it| !it.path.contains("_contract_")) {
        let lines = file.text.lines().filter(|it| !it.trim_start().starts_with("--"));
        let text: String = lines.flat_map(|it| [it, "\n"]).collect();
        let statements = text.split(';').map(str::trim).filter(|it| !it.is_empty());
        broken.extend(statements.filter(|it| !expands(it)).map(|it| {
            let begin: String = it.chars().take(60).collect();
            format!("{}: `{begin}` may take something from the program of before", file.path)
        }));
    }
    assert_none(&broken);
}

#[test]
fn what_takes_something_away_is_seen() {
    for statement in [
        "DROP TABLE x",
        "UPDATE x SET a = 1",
        "ALTER TABLE x RENAME TO y",
        "ALTER TABLE x ADD COLUMN a TEXT NOT NULL",
        "CREATE UNIQUE INDEX a ON x (b)",
    ] {
        assert!(!expands(statement), "{statement}");
    }
    assert!(expands("ALTER TABLE x ADD COLUMN a TEXT NOT NULL DEFAULT ''"));
}
