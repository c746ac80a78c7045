//! Gathering: what all rows say of organisations, each written once.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::ops::{ControlFlow, RangeInclusive};

use csv::StringRecord;
use model::finding::{Finding, Severity};
use network::LIST_COLUMNS;

use super::super::cells::plain;
use super::super::header::DEPTH;
use super::super::rule::{Fault, Rule, excerpt};
use super::super::source::Sink;
use super::header::{self, Header};
use super::mapping::{Entry, ListMapping};

/// More findings help nobody: reading stops.
const MOST_FINDINGS: usize = 10_000;
/// Columns that tell one row of the list from another.
const KEY: [&str; 3] = ["code", "hierarchy", "valid_from"];
/// Columns in which half of a text would be a wrong one.
const WHOLE: [&str; 3] = ["code", "parent", "valid_from"];

/// Takes a file's rows as they are read.
#[derive(Debug)]
pub(super) struct Gathering<'a> {
    mapping: &'a ListMapping,
    file: &'a str,
    state: State,
    is_strict: bool,
    /// The list's rows, by entry, in the order in which the file first says them.
    said: Vec<Vec<Said>>,
    /// Key → where it stands in `said`.
    known: BTreeMap<Vec<String>, (usize, usize)>,
    /// Rows with a finding of their own.
    at_fault: BTreeSet<u64>,
    findings: Vec<Finding>,
}

#[derive(Debug)]
enum State {
    /// The first rows, in which the header is looked for.
    Searching(Vec<(u64, StringRecord)>),
    Reading(Header),
    Refused,
}

/// One row of the list.
#[derive(Debug)]
struct Said {
    /// Row of the file that said it first; `None` for what the mapping alone says.
    row: Option<u64>,
    cells: Vec<String>,
}

impl<'a> Gathering<'a> {
    pub(super) fn new(mapping: &'a ListMapping, file: &'a str) -> Self {
        let mut gathering = Self {
            mapping,
            file,
            state: State::Searching(Vec::new()),
            is_strict: false,
            said: mapping.entries.iter().map(|_| Vec::new()).collect(),
            known: BTreeMap::new(),
            at_fault: BTreeSet::new(),
            findings: Vec::new(),
        };
        for (place, entry) in mapping.entries.iter().enumerate().filter(|(_, it)| it.is_constant())
        {
            let cells = filled(entry, |_| "");
            gathering.say(place, None, cells);
        }
        gathering
    }

    /// The list, and all that is wrong with the file or with what the mapping makes of it.
    pub(super) fn finish(mut self) -> io::Result<(Vec<u8>, Vec<Finding>)> {
        match self.state {
            State::Searching(_) => {
                self.findings.push(header::none_found(self.mapping).of_file(self.file));
                return Ok((Vec::new(), self.findings));
            }
            State::Refused => return Ok((Vec::new(), self.findings)),
            State::Reading(_) => {}
        }
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(LIST_COLUMNS)?;
        for it in self.said.iter().flatten() {
            writer.write_record(&it.cells)?;
        }
        let list = writer.into_inner().map_err(csv::IntoInnerError::into_error)?;
        // The registry's own reader is the judge; it counts the rows of the list.
        let (_, mut findings) = network::read_list(self.file, list.as_slice());
        for it in &mut findings {
            let line = it.row.and_then(|row| usize::try_from(row.checked_sub(2)?).ok());
            it.row = line.and_then(|line| self.said.iter().flatten().nth(line)?.row);
        }
        let own = self.at_fault;
        self.findings
            .extend(findings.into_iter().filter(|it| it.row.is_none_or(|row| !own.contains(&row))));
        self.findings.sort_by_key(|it| it.row);
        Ok((list, self.findings))
    }

    fn search(&mut self) {
        let State::Searching(first) = &mut self.state else { return };
        let Some(position) = header::find(self.mapping, first) else { return };
        let first = std::mem::take(first);
        let mut rest = first.into_iter().skip(position);
        let Some((number, row)) = rest.next() else { return };
        let (header, findings) = header::read(self.mapping, self.file, number, &row);
        if !findings.is_empty() {
            self.findings.extend(findings);
            self.state = State::Refused;
            return;
        }
        for (number, row) in rest {
            self.read(&header, number, &row);
        }
        self.state = State::Reading(header);
    }

    fn read(&mut self, header: &Header, number: u64, row: &StringRecord) {
        if row.iter().all(|it| it.trim().is_empty()) {
            return;
        }
        let width = header.width();
        let beyond = row.iter().skip(width).any(|it| !it.trim().is_empty());
        if beyond || (self.is_strict && row.len() < width) {
            let fault = Fault::new(
                Rule::Width,
                format!("{0} 格 / {0} cells", row.len()),
                format!("与表头一致的 {width} 格 / {width} cells, as the header has"),
                "检查是否多了分隔符，或引号未成对 / look for a separator too many, or a quotation mark that is not closed",
            );
            self.find(number, None, fault);
            return;
        }
        let mapping = self.mapping;
        let cell = |column: &str| mapping.read_cell(header.cell(row, column));
        let mut said = Vec::new();
        for (place, entry) in mapping.entries.iter().enumerate().filter(|(_, it)| !it.is_constant())
        {
            match empty_cell(entry, cell) {
                Some(column) => {
                    let fault = Fault::new(
                        Rule::Required,
                        "空单元格 / an empty cell",
                        "一个值：映射用它组成代码或日期 / a value, for the mapping makes a code or a day of it",
                        "先取消合并单元格，再逐格填写 / fill in every cell; take the merging of cells off first",
                    );
                    self.find(number, Some(header.name(column)), fault);
                    return;
                }
                None => said.push((place, filled(entry, cell))),
            }
        }
        for (place, cells) in said {
            self.say(place, Some(number), cells);
        }
    }

    /// Takes one row of the list, unless it was said before; the same key with other words is a finding.
    fn say(&mut self, place: usize, row: Option<u64>, cells: Vec<String>) {
        let by_name = LIST_COLUMNS.iter().zip(&cells);
        let key = by_name.filter(|(name, _)| KEY.contains(name)).map(|(_, it)| it.clone());
        let key: Vec<String> = key.collect();
        if let Some((entry, at)) = self.known.get(&key) {
            let first = self.said.get(*entry).and_then(|it| it.get(*at));
            let Some(first) = first.filter(|it| it.cells != cells) else { return };
            let pairs = LIST_COLUMNS.iter().zip(first.cells.iter().zip(&cells));
            let Some((column, (before, now))) = pairs.into_iter().find(|(_, (a, b))| a != b) else {
                return;
            };
            let code = key.first().map(String::as_str).unwrap_or_default();
            let says = |text: &str| {
                if text.is_empty() { "空 / nothing".to_owned() } else { excerpt(text) }
            };
            let where_first = first
                .row
                .map_or("映射 / the mapping".to_owned(), |it| format!("第 {it} 行 / row {it}"));
            let fault = Fault::new(
                Rule::Duplicate,
                format!(
                    "{1} 的 {column} 为 {0} / {0} as {column} of {1}",
                    says(now),
                    excerpt(code)
                ),
                format!("{}（{where_first}）", says(before)),
                "改正此行，或在映射中给两个机构不同的代码 / mend the row, or give the two organisations different codes in the mapping",
            );
            self.find_at(row, None, fault);
            return;
        }
        let Some(list) = self.said.get_mut(place) else { return };
        self.known.insert(key, (place, list.len()));
        list.push(Said { row, cells });
    }

    fn find(&mut self, row: u64, column: Option<&str>, fault: Fault) {
        self.find_at(Some(row), column, fault);
    }

    fn find_at(&mut self, row: Option<u64>, column: Option<&str>, fault: Fault) {
        self.at_fault.extend(row);
        self.findings.push(fault.at(self.file, row, column, Severity::Error));
    }
}

/// The list's cells as an entry makes them of a row.
fn filled<'a>(entry: &Entry, cell: impl Fn(&str) -> &'a str) -> Vec<String> {
    let columns = LIST_COLUMNS.iter().zip(&entry.templates);
    let text = |(column, template): (&&str, &super::template::Template)| {
        let text = entry.translated(column, template.fill(&cell));
        if column.starts_with("name") {
            // A name keeps its own letters; a line break within it is a space.
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        } else {
            plain(&text).into_owned()
        }
    };
    columns.map(text).collect()
}

/// An empty cell where a whole text is needed: its column.
fn empty_cell<'e, 'a>(entry: &'e Entry, cell: impl Fn(&str) -> &'a str) -> Option<&'e str> {
    let columns = LIST_COLUMNS.iter().zip(&entry.templates);
    let whole = columns.filter(|(column, _)| WHOLE.contains(column));
    whole.flat_map(|(_, template)| template.columns()).find(|it| cell(it).is_empty())
}

impl Sink for Gathering<'_> {
    fn begin(&mut self, is_strict: bool) {
        self.is_strict = is_strict;
        if let State::Searching(first) = &mut self.state {
            first.clear();
        }
    }

    fn merged(&mut self, _: RangeInclusive<u64>, _: RangeInclusive<usize>) {
        // The cells that a merged one covers are empty, and found where they are needed.
    }

    fn row(&mut self, number: u64, cells: &StringRecord) -> ControlFlow<()> {
        match &mut self.state {
            State::Searching(first) => {
                first.push((number, cells.clone()));
                if first.len() == DEPTH {
                    self.search();
                }
            }
            State::Reading(header) => {
                let header = std::mem::take(header);
                self.read(&header, number, cells);
                self.state = State::Reading(header);
            }
            State::Refused => {}
        }
        let goes_on = match &self.state {
            State::Searching(first) => first.len() < DEPTH,
            State::Reading(_) => self.findings.len() < MOST_FINDINGS,
            State::Refused => false,
        };
        if goes_on { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }

    fn end(&mut self) -> bool {
        self.search();
        !matches!(self.state, State::Searching(_))
    }
}
