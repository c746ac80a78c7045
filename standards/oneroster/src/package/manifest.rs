//! `manifest.csv`: which files there are, and whether each holds everything or only what changed.

use std::collections::BTreeMap;

use super::{File, Mode};
use crate::finding::Finding;

const NAME: &str = "manifest.csv";
/// No manifest is longer.
pub(super) const MOST_BYTES: u64 = 64 * 1024;

/// Files of the standard that are not about rostering: they are announced as absent, and left alone.
const OTHERS: [&str; 13] = [
    "categories",
    "classResources",
    "courseResources",
    "lineItemLearningObjectiveIds",
    "lineItems",
    "lineItemScoreScales",
    "resources",
    "resultLearningObjectiveIds",
    "results",
    "resultScoreScales",
    "scoreScales",
    "userProfiles",
    "userResources",
];

/// What a manifest says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    /// Files that are there.
    pub files: BTreeMap<File, Mode>,
    pub system_name: Option<String>,
    pub system_code: Option<String>,
}

impl Manifest {
    /// Names and values, in the order of the standard.
    pub(super) fn rows(&self) -> Vec<(String, String)> {
        let mut rows = vec![
            ("manifest.version".to_owned(), "1.0".to_owned()),
            ("oneroster.version".to_owned(), "1.2".to_owned()),
        ];
        let mut files: Vec<(&str, &str)> = OTHERS.iter().map(|it| (*it, "absent")).collect();
        files.extend(
            File::ALL
                .iter()
                .map(|it| (it.name(), self.files.get(it).map_or("absent", |mode| mode.as_str()))),
        );
        files.sort_by_key(|(name, _)| name.to_ascii_lowercase());
        rows.extend(
            files.into_iter().map(|(name, mode)| (format!("file.{name}"), mode.to_owned())),
        );
        let named = |name: &str, value: &Option<String>| {
            value.as_ref().map(|it| (format!("source.{name}"), it.clone()))
        };
        rows.extend(named("systemName", &self.system_name));
        rows.extend(named("systemCode", &self.system_code));
        rows
    }
}

pub(super) fn missing() -> Finding {
    finding(
        None,
        "file",
        "no manifest.csv",
        "a file manifest.csv",
        "add the manifest to the package",
    )
}

/// Reads a manifest; `None`, with findings, when it is not sound.
pub(super) fn read(bytes: &[u8], findings: &mut Vec<Finding>) -> Option<Manifest> {
    let before = findings.len();
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(bytes);
    let mut manifest = Manifest::default();
    let mut version = None;
    for (row, record) in (1_u64..).zip(reader.records()) {
        let Ok(record) = record else {
            findings.push(finding(
                Some(row),
                "encoding",
                "bytes that are not UTF-8",
                "text in UTF-8",
                "save the file as CSV in UTF-8",
            ));
            break;
        };
        let cell = |at: usize| record.get(at).map_or("", str::trim);
        let (name, value) = (cell(0), cell(1));
        match name {
            "" | "propertyName" | "manifest.version" => {}
            "oneroster.version" => version = Some(value.to_owned()),
            "source.systemName" => manifest.system_name = given(value),
            "source.systemCode" => manifest.system_code = given(value),
            _ => read_file(name, value, row, &mut manifest, findings),
        }
    }
    if version.as_deref() != Some("1.2") {
        let found = version.map_or_else(|| "nothing".to_owned(), |it| shown(&it));
        findings.push(finding(
            None,
            "version",
            &found,
            "oneroster.version 1.2",
            "export the package as OneRoster 1.2",
        ));
    }
    (findings.len() == before).then_some(manifest)
}

fn read_file(
    name: &str,
    value: &str,
    row: u64,
    manifest: &mut Manifest,
    findings: &mut Vec<Finding>,
) {
    let Some(file) = name.strip_prefix("file.") else { return };
    let known = File::ALL.into_iter().find(|it| it.name() == file);
    match (known, value) {
        (_, "absent") => {}
        (Some(file), "bulk") => _ = manifest.files.insert(file, Mode::Bulk),
        (Some(file), "delta") => _ = manifest.files.insert(file, Mode::Delta),
        // Gradebook and resources may be there too; they are for others.
        (None, "bulk" | "delta") if OTHERS.contains(&file) => {}
        (None, _) if !OTHERS.contains(&file) => findings.push(finding(
            Some(row),
            "file",
            &shown(file),
            "a file of OneRoster 1.2",
            "correct the name in manifest.csv",
        )),
        _ => findings.push(finding(
            Some(row),
            "mode",
            &shown(value),
            "absent, bulk or delta",
            "correct the value in manifest.csv",
        )),
    }
}

fn given(value: &str) -> Option<String> {
    (!value.is_empty()).then(|| value.to_owned())
}

fn shown(text: &str) -> String {
    let short: String = text.chars().take(60).collect();
    format!("`{short}`")
}

fn finding(
    row: Option<u64>,
    rule: &'static str,
    found: &str,
    expected: &str,
    hint: &'static str,
) -> Finding {
    Finding {
        file: NAME.to_owned(),
        row,
        column: None,
        rule,
        found: found.to_owned(),
        expected: expected.to_owned(),
        hint,
    }
}
