//! Rosters: whole packages of OneRoster, taken into a registry.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a parser that takes what it should not has failed"
)]

use std::io::{Cursor, Write};
use std::sync::LazyLock;

use model::{Finding, Severity};
use network::rosters::{self, Outcome};
use network::testing::{CLOCKS, Counting, at};
use store::{Store, testing};
use tokio::runtime::Runtime;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("a runtime starts"));

const ORGANISATIONS: &str = "\
code,name_zh,name_en,level,kind,parent,valid_from
120101,和平区,Heping,district,district,,2020-01-01
2112000123,第一中学,First School,school,junior,120101,2020-01-01
";

/// Stands in the name of everybody in the corpus.
const SOMEBODY: &str = "某";
const ABOUT_PERSONS: [&str; 4] = ["users.csv", "roles.csv", "enrollments.csv", "demographics.csv"];

/// The input as a package, and as the files of one. What was taken once is not taken twice, and nobody is shown.
pub(super) fn import(input: &[u8]) {
    RUNTIME.block_on(async {
        let store = testing::open().await;
        let (list, _) = network::read_list("organisations.csv", ORGANISATIONS.as_bytes());
        network::record(&store, &list.changes(), at(-1_000), CLOCKS)
            .await
            .expect("a list is recorded");
        for package in [input.to_vec(), packed(&String::from_utf8_lossy(input))] {
            let Some((first, findings)) = taken(&store, &package, 0).await else { continue };
            let total = first.difference.total();
            let errors = findings.iter().filter(|it| it.severity == Severity::Error).count();
            assert!(total.refused == 0 || errors > 0, "refused without a word");
            for finding in findings.iter().filter(|it| ABOUT_PERSONS.contains(&it.file.as_str())) {
                let shown = format!("{}{}{}", finding.found, finding.expected, finding.hint);
                assert!(!shown.contains(SOMEBODY), "somebody is shown: {finding}");
            }
            let (again, _) = taken(&store, &package, 60).await.expect("it was a package before");
            assert!(again.difference.is_empty(), "{first:?}, and then {again:?}");
        }
    });
}

async fn taken(store: &Store, package: &[u8], seconds: i64) -> Option<(Outcome, Vec<Finding>)> {
    let import = rosters::Import { source: "a", is_dry: false, at: at(seconds) };
    let mut entropy = Counting::beginning_at(u64::try_from(seconds).unwrap_or_default() << 20);
    let mut findings = Vec::new();
    let mut find = |it| findings.push(it);
    let outcome =
        rosters::import(store, Cursor::new(package), import, &mut entropy, &mut find).await;
    match outcome {
        Ok(outcome) => Some((outcome, findings)),
        Err(rosters::RosterError::Package(_)) => None,
        Err(rosters::RosterError::Store(error)) => panic!("{error:?}"),
    }
}

/// A package of the files that a seed holds one after another, each under a line `=== name`.
fn packed(text: &str) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for file in text.split("=== ").skip(1) {
        let (name, rows) = file.split_once('\n').unwrap_or((file, ""));
        // Two files of one name are no archive that can be written.
        if archive.start_file(name.trim(), SimpleFileOptions::default()).is_ok() {
            archive.write_all(rows.as_bytes()).expect("a file can be written");
        }
    }
    archive.finish().expect("a package can be written").into_inner()
}
