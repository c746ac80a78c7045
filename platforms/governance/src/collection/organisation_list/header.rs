//! The header of a foreign file: where the columns stand that a mapping names.

use std::collections::{BTreeMap, BTreeSet};

use csv::StringRecord;
use model::finding::{Finding, Severity};

use super::super::cells::folded;
use super::super::header::DEPTH;
use super::super::rule::{Fault, Rule, excerpt};
use super::mapping::ListMapping;

/// Where each column stands.
#[derive(Debug, Default)]
pub(super) struct Header {
    /// Folded name → position.
    columns: BTreeMap<String, usize>,
    /// The names as the file has them.
    names: Vec<String>,
}

impl Header {
    /// How many cells a row has.
    pub(super) fn width(&self) -> usize {
        self.names.len()
    }

    /// A cell by the folded name of its column.
    pub(super) fn cell<'r>(&self, row: &'r StringRecord, column: &str) -> &'r str {
        self.columns.get(column).and_then(|it| row.get(*it)).unwrap_or_default()
    }

    /// What the file calls a column.
    pub(super) fn name(&self, column: &str) -> &str {
        let name = self.columns.get(column).and_then(|it| self.names.get(*it));
        name.map_or("", String::as_str)
    }
}

/// The row among the first ones that names the mapping's columns: the one it says, or the one with
/// most of them.
pub(super) fn find(mapping: &ListMapping, rows: &[(u64, StringRecord)]) -> Option<usize> {
    if let Some(wanted) = mapping.header_row {
        return rows.iter().position(|(number, _)| *number == wanted);
    }
    let wanted = mapping.columns();
    let score = |row: &StringRecord| {
        let names: BTreeSet<String> = row.iter().map(folded).collect();
        wanted.iter().filter(|it| names.contains(**it)).count()
    };
    let scored = rows.iter().enumerate().map(|(position, (_, row))| (score(row), position));
    let best = scored.max_by_key(|(score, position)| (*score, std::cmp::Reverse(*position)));
    best.filter(|(score, _)| *score > 0).map(|(_, position)| position)
}

/// Reads a row as the header. Any finding keeps the whole file out.
pub(super) fn read(
    mapping: &ListMapping,
    file: &str,
    number: u64,
    row: &StringRecord,
) -> (Header, Vec<Finding>) {
    let mut header = Header::default();
    let mut twice = BTreeSet::new();
    for (position, name) in row.iter().enumerate() {
        header.names.push(excerpt(name.trim()));
        if header.columns.insert(folded(name), position).is_some() {
            twice.insert(folded(name));
        }
    }
    let mut findings = Vec::new();
    for column in mapping.columns() {
        let (rule, found, hint) = if twice.contains(column) {
            (
                Rule::Header,
                "该列出现两次 / the column twice",
                "删去其中一列 / delete one of the two",
            )
        } else if header.columns.contains_key(column) {
            continue;
        } else {
            (
                Rule::MissingColumn,
                "无此列 / no such column",
                "把表头与映射文件核对 / compare the header with the mapping file",
            )
        };
        let fault =
            Fault::new(rule, found, format!("列 {0} / a column {0}", excerpt(column)), hint);
        findings.push(fault.at(file, Some(number), Some(column), Severity::Error));
    }
    (header, findings)
}

/// The finding when no row names a column of the mapping.
pub(super) fn none_found(mapping: &ListMapping) -> Fault {
    let names: Vec<&str> = mapping.columns().into_iter().collect();
    Fault::new(
        Rule::Header,
        "无表头 / no header",
        format!(
            "前 {DEPTH} 行中写有列名的一行 / a row among the first {DEPTH} that names columns: {}",
            excerpt(&names.join(", "))
        ),
        "把文件与映射文件核对；header_row 指明表头所在行 / compare the file with the mapping file; header_row names the row",
    )
}
