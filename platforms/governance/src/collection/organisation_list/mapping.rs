//! The mapping file of a list.

use std::collections::{BTreeMap, BTreeSet};

use model::finding::{Finding, Severity};
use network::LIST_COLUMNS;
use serde::Deserialize;

use super::super::cells::folded;
use super::super::mapping::Scalar;
use super::super::rule::{Fault, Rule, excerpt};
use super::template::{Template, Unsound};

/// A mapping file that was found sound.
#[derive(Debug, Default)]
pub(super) struct ListMapping {
    pub(super) sheet: Option<String>,
    pub(super) header_row: Option<u64>,
    /// Folded.
    missing: BTreeSet<String>,
    pub(super) entries: Vec<Entry>,
}

/// What every row says of one organisation.
#[derive(Debug, Default)]
pub(super) struct Entry {
    /// One for each of the list's columns.
    pub(super) templates: Vec<Template>,
    /// By the list's column: folded foreign text → ours.
    values: BTreeMap<String, BTreeMap<String, String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    sheet: Option<String>,
    header_row: Option<u64>,
    #[serde(default)]
    missing: Vec<String>,
    organisation: Vec<WrittenEntry>,
}

#[derive(Debug, Deserialize)]
struct WrittenEntry {
    #[serde(default)]
    values: BTreeMap<String, BTreeMap<String, Scalar>>,
    #[serde(flatten)]
    columns: BTreeMap<String, Scalar>,
}

impl ListMapping {
    /// Reads a mapping file's text.
    ///
    /// # Errors
    /// The findings, each with the line it is about where that is known.
    pub(super) fn read(file: &str, text: &str) -> Result<Self, Vec<Finding>> {
        let written: Written = toml::from_str(text).map_err(|error| {
            let before = error.span().and_then(|it| text.get(..it.start));
            let line = before.map(|it| it.matches('\n').count() + 1);
            let fault = Fault::new(
                Rule::Mapping,
                excerpt(error.message()),
                "含 [[organisation]] 表的 TOML 映射文件 / a mapping file in TOML with [[organisation]] tables",
                "与文档中的示例核对 / compare it with the example in the documentation",
            );
            let line = line.and_then(|it| u64::try_from(it).ok());
            vec![fault.at(file, line, None, Severity::Error)]
        })?;
        let mut faults: Vec<(String, Fault)> = Vec::new();
        let entries: Vec<Entry> =
            written.organisation.into_iter().map(|it| entry(it, &mut faults)).collect();
        if entries.iter().all(Entry::is_constant) && faults.is_empty() {
            let fault = Fault::new(
                Rule::Mapping,
                "未用文件的任何列 / no column of the file",
                "花括号中的列名 / the names of its columns in braces",
                "例如写 / write, for example, code = \"{school code}\"",
            );
            faults.push(("code".to_owned(), fault));
        }
        if !faults.is_empty() {
            let place = |(word, fault): (String, Fault)| {
                fault.at(file, line(text, &word), None, Severity::Error)
            };
            return Err(faults.into_iter().map(place).collect());
        }
        Ok(Self {
            sheet: written.sheet,
            header_row: written.header_row,
            missing: written.missing.iter().map(|it| folded(it)).collect(),
            entries,
        })
    }

    /// The columns of the file that it reads, by folded name.
    pub(super) fn columns(&self) -> BTreeSet<&str> {
        let templates = self.entries.iter().flat_map(|it| &it.templates);
        templates.flat_map(Template::columns).collect()
    }

    /// A cell's text; empty for one of the words that mean nothing.
    pub(super) fn read_cell<'a>(&self, text: &'a str) -> &'a str {
        let text = text.trim();
        if self.missing.contains(&folded(text)) { "" } else { text }
    }
}

impl Entry {
    /// Whether it says the same whatever the row.
    pub(super) fn is_constant(&self) -> bool {
        self.templates.iter().all(|it| it.columns().next().is_none())
    }

    /// Our text for theirs in one of the list's columns.
    pub(super) fn translated(&self, column: &str, text: String) -> String {
        let ours = self.values.get(column).and_then(|it| it.get(&folded(&text)));
        ours.cloned().unwrap_or(text)
    }
}

fn entry(written: WrittenEntry, faults: &mut Vec<(String, Fault)>) -> Entry {
    let names = written.columns.keys().chain(written.values.keys());
    for name in names.filter(|it| !LIST_COLUMNS.contains(&it.as_str())) {
        let expected = format!("清单的列 / a column of the list: {}", LIST_COLUMNS.join(", "));
        let fault =
            Fault::new(Rule::Mapping, excerpt(name), expected, "改正名称 / correct the name");
        faults.push((name.clone(), fault));
    }
    let mut texts: BTreeMap<String, String> =
        written.columns.into_iter().map(|(name, it)| (name, it.into_text())).collect();
    for needed in ["code", "valid_from"].into_iter().filter(|it| !texts.contains_key(*it)) {
        let fault = Fault::new(
            Rule::Mapping,
            format!("机构缺 {needed} / an organisation without {needed}"),
            format!("每个 [[organisation]] 中有 / in every [[organisation]]: {needed} = \"…\""),
            "补上：写文字，或在花括号中写列名 / add it: a text, or the name of a column in braces",
        );
        faults.push(("[[organisation]]".to_owned(), fault));
    }
    let mut template = |column: &&str| {
        let text = texts.remove(*column).unwrap_or_default();
        Template::parse(&text).unwrap_or_else(|why| {
            let found = match why {
                Unsound::Brace => "不成对的花括号 / a brace that opens or closes nothing",
                Unsound::NoName => "花括号中无列名 / no name between two braces",
            };
            let fault = Fault::new(
                Rule::Mapping,
                format!("{found}: {column} = {}", excerpt(&text)),
                "花括号中的列名 / names of columns in braces",
                "例如写 / write, for example, \"{county}-{town}\"",
            );
            faults.push((text, fault));
            Template::default()
        })
    };
    let templates = LIST_COLUMNS.iter().map(&mut template).collect();
    let words = |it: BTreeMap<String, Scalar>| {
        it.into_iter().map(|(theirs, ours)| (folded(&theirs), ours.into_text())).collect()
    };
    let values = written.values.into_iter().map(|(name, it)| (name, words(it))).collect();
    Entry { templates, values }
}

/// The first line that holds a word.
fn line(text: &str, word: &str) -> Option<u64> {
    let at = text.lines().position(|it| it.contains(word))?;
    u64::try_from(at + 1).ok()
}
