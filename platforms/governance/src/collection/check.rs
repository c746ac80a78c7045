//! Checks: every row of a block held against its dataset's declaration.
//!
//! Column by column over plain numbers; what is a word is judged once a word and not once a row.
//! So the demonstration city's tens of millions of rows take the same way as a school's file.

use model::block::{Block, Cells};
use model::dataset::{Column, ColumnKind, Dataset, Disclosure};
use model::exact::Decimal;
use model::finding::{Finding, Severity};
use model::year::Year;

use super::organisations::Organisations;
use super::rule::{Fault, Rule};

mod known;
mod predicates;
mod shown;

pub use self::predicates::ChecksError;
use self::predicates::RowChecks;

/// What a dataset's declaration asks of a row, ready to be held against blocks.
#[derive(Debug)]
pub struct Checks<'a> {
    dataset: &'a Dataset,
    rows: RowChecks<'a>,
}

/// Which rows of a block passed, and what was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    pub keep: Vec<bool>,
    pub findings: Vec<Finding>,
}

/// Greatest number of a column that declares no range: below it, sums of millions of rows fit.
const GREATEST: i64 = 1_000_000_000_000;

impl<'a> Checks<'a> {
    /// # Errors
    /// When a row check of the declaration is no predicate over its columns.
    pub fn new(dataset: &'a Dataset) -> Result<Self, ChecksError> {
        Ok(Self { dataset, rows: RowChecks::new(dataset)? })
    }

    /// Checks a block. Columns stand in the dataset's order; `file` is for the findings.
    ///
    /// # Errors
    /// When the lake cannot evaluate a row check.
    pub fn check(
        &self,
        file: &str,
        block: &Block,
        organisations: &Organisations<'_>,
    ) -> Result<Checked, ChecksError> {
        self.check_rest(file, block, organisations, vec![true; block.len()])
    }

    /// Checks a block of which some rows are refused already: an empty cell of theirs was
    /// reported, or could not be read, and is no finding again.
    pub(super) fn check_rest(
        &self,
        file: &str,
        block: &Block,
        organisations: &Organisations<'_>,
        keep: Vec<bool>,
    ) -> Result<Checked, ChecksError> {
        let mut pass = Pass { file, block, keep, findings: Vec::new() };
        for (column, cells) in self.dataset.columns.iter().zip(&block.columns) {
            pass.required(self.dataset, column, cells);
            match (&column.kind, cells) {
                (ColumnKind::Integer, Cells::Numbers(numbers)) => pass.range(column, 0, numbers),
                (ColumnKind::Decimal { scale }, Cells::Numbers(numbers)) => {
                    pass.range(column, *scale, numbers);
                }
                (ColumnKind::Year, Cells::Numbers(numbers)) => {
                    pass.years(column, numbers, organisations);
                }
                (ColumnKind::Code { items }, Cells::Words { at, words }) => {
                    let codes: Vec<bool> =
                        words.iter().map(|it| items.iter().any(|item| item.code == *it)).collect();
                    pass.codes(column, at, words, &codes);
                }
                _ => {}
            }
        }
        known::check(&mut pass, self.dataset, organisations);
        self.rows.check(&mut pass)?;
        Ok(Checked { keep: pass.keep, findings: pass.findings })
    }
}

/// One block on its way through the checks.
struct Pass<'a> {
    file: &'a str,
    block: &'a Block,
    keep: Vec<bool>,
    findings: Vec<Finding>,
}

impl Pass<'_> {
    fn find(&mut self, row: usize, column: &str, fault: Fault, severity: Severity) {
        if severity == Severity::Error
            && let Some(keep) = self.keep.get_mut(row)
        {
            *keep = false;
        }
        let number = self.block.rows.get(row).copied();
        self.findings.push(fault.at(self.file, number, Some(column), severity));
    }

    fn required(&mut self, dataset: &Dataset, column: &Column, cells: &Cells) {
        let derived = dataset.derived.as_ref().is_some_and(|it| it.columns.contains(&column.name));
        if !column.required || derived {
            return;
        }
        let missing: Vec<usize> = match cells {
            Cells::Numbers(cells) => missing(cells),
            Cells::Words { at, .. } => missing(at),
        };
        for row in missing {
            if self.keep.get(row) == Some(&true) {
                let fault = Fault::new(
                    Rule::Required,
                    "无值 / no value",
                    "一个值 / a value",
                    "补填，或删去此行 / fill it in, or leave the row out",
                );
                self.find(row, &column.name, fault, Severity::Error);
            }
        }
    }

    fn range(&mut self, column: &Column, scale: u8, numbers: &[Option<i64>]) {
        let whole = |number: Decimal| i64::try_from(number.units_at(scale)).unwrap_or(i64::MAX);
        let (least, greatest) =
            column.range.unwrap_or((Decimal::ZERO, Decimal::from_integer(GREATEST)));
        let (low, high) = (whole(least), whole(greatest));
        let beyond = |it: &Option<i64>| it.is_some_and(|it| it < low || it > high);
        if !numbers.iter().any(beyond) {
            return;
        }
        let severity = if column.range_warns && column.range.is_some() {
            Severity::Warning
        } else {
            Severity::Error
        };
        for (row, number) in numbers.iter().enumerate().filter(|(_, it)| beyond(it)) {
            let number = number.unwrap_or_default();
            let found = if column.disclosure == Disclosure::Personal {
                if number < low { "过小 / less" } else { "过大 / more" }.to_owned()
            } else {
                Decimal::new(i128::from(number), scale).to_string()
            };
            let unit = column.unit.as_deref().unwrap_or_default();
            let expected = match column.range {
                Some(_) => {
                    let unit = if unit.is_empty() { String::new() } else { format!(" {unit}") };
                    format!("{least} 至 {greatest}{unit} / {least} to {greatest}{unit}")
                }
                None => "0 或以上 / 0 or more".to_owned(),
            };
            let fault = Fault::new(
                Rule::Range,
                found,
                expected,
                "核对数值与单位 / check the value and its unit",
            );
            self.find(row, &column.name, fault, severity);
        }
    }

    fn years(
        &mut self,
        column: &Column,
        numbers: &[Option<i64>],
        organisations: &Organisations<'_>,
    ) {
        let last = organisations.last_year();
        let is_sound = |it: i64| year(it).is_some_and(|it| Some(it) <= last);
        let mut sound = None;
        for (row, number) in numbers.iter().enumerate() {
            let Some(number) = number else { continue };
            if sound == Some(*number) {
                continue;
            }
            if is_sound(*number) {
                sound = Some(*number);
                continue;
            }
            let expected = last.map_or("年度 / a year".to_owned(), |it| {
                format!("1900 至 {it} 年 / a year from 1900 to {it}")
            });
            let fault =
                Fault::new(Rule::Year, number.to_string(), expected, "核对年度 / check the year");
            self.find(row, &column.name, fault, Severity::Error);
        }
    }

    fn codes(&mut self, column: &Column, at: &[Option<u32>], words: &[String], sound: &[bool]) {
        if sound.iter().all(|it| *it) {
            return;
        }
        for (row, position) in at.iter().enumerate() {
            let Some(position) = position.and_then(|it| usize::try_from(it).ok()) else { continue };
            if sound.get(position) != Some(&true) {
                let word = words.get(position).map_or("", String::as_str);
                let fault = Fault::new(
                    Rule::Code,
                    super::rule::excerpt(word),
                    "代码表中的代码 / a code of the list",
                    "使用该列代码表中的代码 / use one of the codes of the column",
                );
                self.find(row, &column.name, fault, Severity::Error);
            }
        }
    }
}

fn missing<T>(cells: &[Option<T>]) -> Vec<usize> {
    cells.iter().enumerate().filter(|(_, it)| it.is_none()).map(|(row, _)| row).collect()
}

/// A number as a year that records can be about.
fn year(number: i64) -> Option<Year> {
    u16::try_from(number).ok().and_then(Year::new)
}

#[cfg(test)]
mod tests;
