//! Every column of every dataset says who may see it.

use super::source::{File, assert_none, files};

/// Columns that speak of one person whatever a declaration says.
const ABOUT_A_PERSON: [&str; 4] = ["pupil", "teacher", "student", "birth"];

fn declarations() -> Vec<File> {
    let files = files(&[".toml"]);
    let declared: Vec<_> = files.into_iter().filter(|it| it.path.contains("/datasets/")).collect();
    assert!(declared.len() >= 21, "only {} datasets are declared", declared.len());
    declared
}

#[test]
fn every_column_has_a_disclosure_class() {
    let mut broken = Vec::new();
    for file in declarations() {
        let table: toml::Table = file.text.parse().unwrap();
        for column in table["column"].as_array().unwrap() {
            let name = column["name"].as_str().unwrap();
            let class = column.get("disclosure").and_then(toml::Value::as_str);
            if !matches!(class, Some("public" | "aggregate" | "personal")) {
                broken.push(format!("{}: `{name}` has no disclosure class", file.path));
            }
        }
    }
    assert_none(&broken);
}

#[test]
fn columns_about_a_person_are_personal() {
    let mut broken = Vec::new();
    for file in declarations() {
        let table: toml::Table = file.text.parse().unwrap();
        for column in table["column"].as_array().unwrap() {
            let name = column["name"].as_str().unwrap();
            let person = column["kind"].as_str() == Some("person");
            let number = matches!(column["kind"].as_str(), Some("integer" | "decimal"));
            let speaks = person || (ABOUT_A_PERSON.contains(&name) && !number);
            if speaks && column["disclosure"].as_str() != Some("personal") {
                broken.push(format!("{}: `{name}` must be personal", file.path));
            }
        }
    }
    assert_none(&broken);
}
