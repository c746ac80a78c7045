//! Rows: a file's texts become the typed cells of blocks.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use csv::StringRecord;
use model::block::Block;
use model::dataset::Dataset;
use model::finding::{Finding, Severity};

use super::cells::{folded, plain};
use super::header::Header;
use super::mapping::Mapping;
use super::pseudonym::Pseudonyms;
use super::rule::{Fault, Rule};

mod column;
mod wording;

use self::column::{ColumnBuilder, Parsed};

/// Rows that are read, and those of them that an unreadable cell keeps out.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) block: Block,
    /// Whether every cell of the row could be read.
    pub(super) sound: Vec<bool>,
    pub(super) findings: Vec<Finding>,
}

/// Turns the rows under a header into blocks.
#[derive(Debug)]
pub(super) struct Rows<'a> {
    file: &'a str,
    mapping: &'a Mapping,
    header: Header,
    /// Whether every row must have as many cells as the header.
    is_strict: bool,
    /// First and last rows of stretches with merged cells, none touching another.
    merged: BTreeMap<u64, u64>,
    columns: Vec<ColumnBuilder<'a>>,
    records: Vec<Feeds>,
    rows: Vec<u64>,
    sound: Vec<bool>,
    findings: Vec<Finding>,
}

/// Where the columns of one record of a row come from.
#[derive(Debug)]
struct Feeds {
    columns: Vec<Feed>,
    /// Positions of the cells that only this record reads: if all are empty there is no record.
    own: Vec<usize>,
}

/// Where a column's cell comes from.
#[derive(Clone, Debug)]
enum Feed {
    Cell(usize),
    Constant(String),
    Nothing,
}

impl<'a> Rows<'a> {
    pub(super) fn new(
        file: &'a str,
        dataset: &'a Dataset,
        mapping: &'a Mapping,
        pseudonyms: &'a Pseudonyms,
        header: Header,
        is_strict: bool,
    ) -> Self {
        let columns =
            dataset.columns.iter().map(|it| ColumnBuilder::new(it, mapping, pseudonyms)).collect();
        let records = feeds(dataset, mapping, &header);
        Self {
            file,
            mapping,
            header,
            is_strict,
            merged: BTreeMap::new(),
            columns,
            records,
            rows: Vec::new(),
            sound: Vec::new(),
            findings: Vec::new(),
        }
    }

    /// What the file calls a column, where one of its columns alone is read for it.
    pub(super) fn label(&self, column: &str) -> Option<&str> {
        let position = self.columns.iter().position(|it| it.name() == column)?;
        let feeds = self.records.iter().filter_map(|it| it.columns.get(position));
        let mut cells = feeds.map(|it| match it {
            Feed::Cell(at) => Some(*at),
            Feed::Constant(_) | Feed::Nothing => None,
        });
        let first = cells.next().flatten()?;
        let name = self.header.names.get(first).filter(|it| !it.is_empty())?;
        cells.all(|it| it == Some(first)).then_some(name.as_str())
    }

    /// How many rows wait to be taken.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// A merged cell: the rows below the header that it covers are kept out, as nobody can tell
    /// whether its value holds for one of them or for all.
    pub(super) fn merged(&mut self, rows: RangeInclusive<u64>, columns: &RangeInclusive<usize>) {
        if *rows.end() < self.header.row {
            return;
        }
        let name = self.header.names.get(*columns.start()).filter(|it| !it.is_empty());
        let fault = Fault::new(
            Rule::MergedCells,
            format!(
                "第 {first} 至 {last} 行合并为一格 / one merged cell over rows {first} to {last}",
                first = rows.start(),
                last = rows.end()
            ),
            "每格都有值 / a value in every cell",
            "在表格软件中取消合并，并逐格填写 / take the merging off in the spreadsheet program and fill in every cell",
        );
        let is_header = *rows.start() <= self.header.row;
        let severity = if is_header { Severity::Warning } else { Severity::Error };
        let row = Some(*rows.start());
        self.findings.push(fault.at(self.file, row, name.map(String::as_str), severity));
        if !is_header {
            self.cover(*rows.start(), *rows.end());
        }
    }

    fn cover(&mut self, mut first: u64, mut last: u64) {
        while let Some((start, end)) =
            self.merged.range(..=last).next_back().map(|it| (*it.0, *it.1))
            && end >= first
        {
            self.merged.remove(&start);
            (first, last) = (first.min(start), last.max(end));
        }
        self.merged.insert(first, last);
    }

    fn is_covered(&self, row: u64) -> bool {
        self.merged.range(..=row).next_back().is_some_and(|(_, last)| *last >= row)
    }

    /// Reads one row; a row without any cell is passed over, and one that the mapping does not want.
    pub(super) fn row(&mut self, number: u64, cells: &StringRecord) {
        if cells.iter().all(|it| it.trim().is_empty()) || !self.is_wanted(cells) {
            return;
        }
        let unsound = self.width_fault(cells).map(|fault| {
            self.findings.push(fault.at(self.file, Some(number), None, Severity::Error));
        });
        let sound = unsound.is_none() && !self.is_covered(number);
        for position in 0..self.records.len() {
            self.record(position, number, cells, sound);
        }
    }

    fn is_wanted(&self, cells: &StringRecord) -> bool {
        self.mapping.only.iter().all(|(name, words)| {
            let at = self.header.only.get(name);
            words.contains(&folded(at.and_then(|it| cells.get(*it)).unwrap_or_default()))
        })
    }

    fn record(&mut self, position: usize, number: u64, cells: &StringRecord, is_whole: bool) {
        let Some(feeds) = self.records.get(position) else { return };
        let cell = |at: &usize| cells.get(*at).unwrap_or_default();
        let is_empty = |at: &usize| is_missing(cell(at), self.mapping);
        if !feeds.own.is_empty() && feeds.own.iter().all(is_empty) {
            return;
        }
        let mut sound = is_whole;
        for (column, feed) in self.columns.iter_mut().zip(&feeds.columns) {
            let (text, label) = match feed {
                Feed::Cell(at) => (cell(at), self.header.names.get(*at).map(String::as_str)),
                Feed::Constant(text) => (text.as_str(), None),
                Feed::Nothing => ("", None),
            };
            let is_empty = is_missing(text, self.mapping);
            let meant = match feed {
                Feed::Cell(_) if is_empty => column.meaning_of_empty(),
                Feed::Cell(_) | Feed::Constant(_) | Feed::Nothing => None,
            };
            let text = meant.unwrap_or(text);
            if is_empty && meant.is_none() {
                column.push_missing();
                let is_wanted = column.is_required() && !matches!(feed, Feed::Nothing);
                if is_wanted && is_whole {
                    let at = label.unwrap_or(column.name());
                    let fault = wording::empty();
                    self.findings.push(fault.at(
                        self.file,
                        Some(number),
                        Some(at),
                        Severity::Error,
                    ));
                }
                sound &= !is_wanted;
                continue;
            }
            let place = column::Place { file: self.file, row: number, label };
            match column.push(text, &place, &mut self.findings) {
                Parsed::Sound => {}
                Parsed::Refused => sound = false,
            }
        }
        self.rows.push(number);
        self.sound.push(sound);
    }

    fn width_fault(&self, cells: &StringRecord) -> Option<Fault> {
        let width = self.header.names.len();
        let beyond = cells.iter().skip(width).any(|it| !it.trim().is_empty());
        let short = self.is_strict && cells.len() < width;
        (beyond || short).then(|| {
            Fault::new(
                Rule::Width,
                format!("{0} 格 / {0} cells", cells.len()),
                format!("与表头一致的 {width} 格 / {width} cells, as the header has"),
                "检查是否多了分隔符，或引号未成对 / look for a separator too many, or a quotation mark that is not closed",
            )
        })
    }

    /// Takes the rows read so far.
    pub(super) fn take(&mut self) -> Batch {
        let columns = self.columns.iter_mut().map(ColumnBuilder::take).collect();
        let block = Block { columns, rows: std::mem::take(&mut self.rows) };
        let sound = std::mem::take(&mut self.sound);
        Batch { block, sound, findings: std::mem::take(&mut self.findings) }
    }
}

/// Whether a cell says nothing, in the file's own words.
fn is_missing(text: &str, mapping: &Mapping) -> bool {
    let text = text.trim();
    text.is_empty()
        || (!text.is_ascii() && plain(text).is_empty())
        || (!mapping.missing.is_empty() && mapping.missing.contains(&folded(text)))
}

fn feeds(dataset: &Dataset, mapping: &Mapping, header: &Header) -> Vec<Feeds> {
    let shared = |name: &str| match (mapping.constants.get(name), header.columns.get(name)) {
        (Some(constant), _) => Feed::Constant(constant.clone()),
        (None, Some(at)) => Feed::Cell(*at),
        (None, None) => Feed::Nothing,
    };
    if mapping.records.is_empty() {
        let columns = dataset.columns.iter().map(|it| shared(&it.name)).collect();
        return vec![Feeds { columns, own: Vec::new() }];
    }
    let spread = |name: &str| header.spread.get(&folded(name)).copied();
    mapping
        .records
        .iter()
        .map(|record| {
            let feed = |name: &str| {
                let own = record.columns.iter().find(|(_, ours)| ours == name);
                match (own.and_then(|(theirs, _)| spread(theirs)), record.constants.get(name)) {
                    (Some(at), _) => Feed::Cell(at),
                    (None, Some(constant)) => Feed::Constant(constant.clone()),
                    (None, None) => shared(name),
                }
            };
            let columns = dataset.columns.iter().map(|it| feed(&it.name)).collect();
            let own = record.columns.iter().filter_map(|(theirs, _)| spread(theirs)).collect();
            Feeds { columns, own }
        })
        .collect()
}

#[cfg(test)]
mod tests;
