//! The 20 indicators of the plan, each on a small city whose figure can be worked out by hand.
//!
//! The cases are in `indicators/`, in the form of sqllogictest; to add one needs no Rust. They are
//! read by a few lines of our own, since the crate of that name asks for other features of the
//! crates below `DataFusion`, and so would have everyone compile it twice.

#![expect(clippy::unwrap_used, reason = "the support functions of a test")]
#![expect(clippy::panic, reason = "a case that cannot be read stops at once, with its words")]
#![expect(clippy::indexing_slicing, reason = "a row that is not there fails the test")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// One test for each file.
macro_rules! cases {
    ($($name:ident: $file:literal)*) => {
        $(#[test]
        fn $name() {
            check($file);
        })*

        #[test]
        fn every_file_is_tested() {
            let names = fs::read_dir(folder()).unwrap();
            let names = names.map(|it| it.unwrap().file_name().into_string().unwrap());
            let mut found: Vec<_> = names.filter(|it| it.ends_with(".slt")).collect();
            found.sort();
            assert_eq!(found, [$($file),*]);
            assert_eq!(found.len(), 20);
        }
    };
}

cases! {
    preschool_enrolment: "ind-01.slt"
    retention_in_compulsory_education: "ind-02.slt"
    senior_secondary_enrolment: "ind-03.slt"
    higher_education_enrolment: "ind-04.slt"
    students_per_hundred_thousand: "ind-05.slt"
    years_of_schooling_of_working_age: "ind-06.slt"
    years_of_schooling_of_new_entrants: "ind-07.slt"
    lifelong_learning: "ind-08.slt"
    children_in_public_kindergartens: "ind-09.slt"
    children_in_inclusive_kindergartens: "ind-10.slt"
    schools_in_zones_and_groups: "ind-11.slt"
    large_classes: "ind-12.slt"
    degrees_of_rural_teachers: "ind-13.slt"
    balanced_districts: "ind-14.slt"
    fitness: "ind-15.slt"
    myopia: "ind-16.slt"
    wireless_coverage: "ind-17.slt"
    dual_qualified_teachers: "ind-18.slt"
    degrees_of_university_teachers: "ind-19.slt"
    two_supervisors: "ind-20.slt"
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/indicators")
}

/// Runs the records of a file, which stand apart by empty lines, on a new city.
fn check(file: &str) {
    let city = City::new();
    let text = fs::read_to_string(folder().join(file)).unwrap();
    let mut asked = 0;
    for record in text.split("\n\n").map(without_comments) {
        if let Some(other) = record.strip_prefix("include ") {
            let other = fs::read_to_string(folder().join(other.trim())).unwrap();
            other.split("\n\n").map(without_comments).for_each(|it| city.state(&it));
        } else if record.starts_with("query") {
            city.ask(&record, file);
            asked += 1;
        } else {
            city.state(&record);
        }
    }
    assert!(asked > 0, "{file} asks nothing");
}

fn without_comments(record: &str) -> String {
    let lines = record.lines().filter(|it| !it.starts_with('#') && !it.trim().is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

/// An empty city under the plan, spoken to in three phrases:
///
/// - `import DATASET`, and a CSV file in the lines below it;
/// - `compute`;
/// - `figures INDICATOR LEVEL YEAR`: code, value, numerator and denominator of each organisation;
///   `counts` leaves the denominator away, which a count has none of.
#[derive(Debug)]
struct City {
    folder: TempDir,
    registry: Option<String>,
}

impl City {
    fn new() -> Self {
        let city =
            Self { folder: tempfile::tempdir().unwrap(), registry: store::testing::address() };
        city.haihe(&["init", "--plan", "plan/tianjin-2021-2025"]).unwrap();
        city
    }

    /// `statement ok`, then a phrase that must be carried out.
    fn state(&self, record: &str) {
        if record.is_empty() {
            return;
        }
        let said = record.strip_prefix("statement ok\n").unwrap_or_else(|| panic!("`{record}`?"));
        let (phrase, rows) = said.split_once('\n').unwrap_or((said, ""));
        let done = match phrase.split_whitespace().collect::<Vec<_>>()[..] {
            ["import", dataset] => {
                let file = self.folder.path().join(format!("{dataset}.csv"));
                fs::write(&file, format!("{rows}\n")).unwrap();
                self.haihe(&["import", dataset, file.to_str().unwrap()])
            }
            ["compute"] => self.haihe(&["compute"]),
            _ => panic!("`{phrase}` is not understood"),
        };
        done.unwrap_or_else(|error| panic!("{phrase}\n{error}"));
    }

    /// `query`, a phrase, `----` and the rows expected.
    fn ask(&self, record: &str, file: &str) {
        let (asked, expected) = record.split_once("\n----\n").unwrap();
        let phrase = asked.lines().nth(1).unwrap();
        let [what, indicator, level, year] = phrase.split_whitespace().collect::<Vec<_>>()[..]
        else {
            panic!("`{phrase}` names no indicator, level and year");
        };
        let fields: &[&str] = match what {
            "figures" => &["code", "value", "numerator", "denominator"],
            "counts" => &["code", "value"],
            _ => panic!("`{phrase}` is not understood"),
        };
        let words = ["figures", "--indicator", indicator, "--level", level, "--year", year];
        let printed = self.haihe(&[&words[..], &["--format", "json"]].concat()).unwrap();
        let figures: Value = serde_json::from_str(&printed).unwrap();
        let row = |row: &Value| {
            let cells = fields.iter().map(|it| row[it].as_str().unwrap_or("NULL").to_owned());
            cells.collect::<Vec<_>>().join(" ")
        };
        let rows: Vec<_> = figures["rows"].as_array().unwrap().iter().map(row).collect();
        assert_eq!(rows.join("\n"), expected, "{file}: {phrase}");
    }

    /// What was printed, or what was said on refusing.
    fn haihe(&self, words: &[&str]) -> Result<String, String> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_haihe"));
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        command.current_dir(root).args(words).arg("--data").arg(self.folder.path().join("city"));
        command.envs(self.registry.iter().map(|it| ("HAIHE_DATABASE", it)));
        let Output { status, stdout, stderr } = command.stdin(Stdio::null()).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        if status.success() { Ok(text(stdout)) } else { Err(text(stderr)) }
    }
}
