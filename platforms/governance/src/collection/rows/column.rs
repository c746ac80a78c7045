//! One column of a block while it is read.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::block::Cells;
use model::codes::{credit_faults, identity_faults, student_faults};
use model::dataset::{CodeItem, Column, ColumnKind, Disclosure, PersonId};
use model::exact::Decimal;
use model::finding::{Finding, Severity};

use super::super::cells::{Unreadable, date, flag, folded, number, plain, year};
use super::super::mapping::Mapping;
use super::super::pseudonym::Pseudonyms;
use super::super::rule::Fault;
use super::wording;

/// Reads the cells of one column.
#[derive(Debug)]
pub(super) struct ColumnBuilder<'a> {
    column: &'a Column,
    pseudonyms: &'a Pseudonyms,
    /// Folded foreign word → our word.
    values: Option<&'a BTreeMap<String, String>>,
    times: Option<Decimal>,
    year_offset: i64,
    numbers: Vec<Option<i64>>,
    at: Vec<Option<u32>>,
    words: Words,
}

/// The words of a column: a code list, or what was met so far.
#[derive(Debug)]
enum Words {
    List { items: Arc<Vec<String>>, spellings: BTreeMap<String, u32> },
    Met { items: Vec<String>, positions: BTreeMap<String, u32> },
}

/// Where a cell stands, for findings.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    pub(super) file: &'a str,
    pub(super) row: u64,
    /// The column as the file calls it.
    pub(super) label: Option<&'a str>,
}

/// Whether a cell keeps its row out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Parsed {
    Sound,
    Refused,
}

impl<'a> ColumnBuilder<'a> {
    pub(super) fn new(
        column: &'a Column,
        mapping: &'a Mapping,
        pseudonyms: &'a Pseudonyms,
    ) -> Self {
        let words = if let ColumnKind::Code { items } = &column.kind {
            list(items)
        } else {
            Words::Met { items: Vec::new(), positions: BTreeMap::new() }
        };
        Self {
            column,
            pseudonyms,
            values: mapping.values.get(&column.name),
            times: mapping.times.get(&column.name).copied(),
            year_offset: mapping.year_offset,
            numbers: Vec::new(),
            at: Vec::new(),
            words,
        }
    }

    pub(super) fn name(&self) -> &'a str {
        &self.column.name
    }

    pub(super) const fn is_required(&self) -> bool {
        self.column.required
    }

    /// The word that the mapping takes an empty cell for.
    pub(super) fn meaning_of_empty(&self) -> Option<&'a str> {
        self.values.and_then(|it| it.get("")).map(String::as_str)
    }

    pub(super) fn push_missing(&mut self) {
        if self.is_numbers() { self.numbers.push(None) } else { self.at.push(None) }
    }

    /// Reads a text that is not empty.
    pub(super) fn push(
        &mut self,
        text: &str,
        place: &Place<'_>,
        findings: &mut Vec<Finding>,
    ) -> Parsed {
        let ours = self.values.and_then(|it| it.get(&folded(text))).map(String::as_str);
        let text = ours.unwrap_or(text);
        let label = place.label.unwrap_or(&self.column.name);
        let mut find = |fault: Fault, severity| {
            findings.push(fault.at(place.file, Some(place.row), Some(label), severity));
        };
        let parsed = if text.contains('\u{fffd}') {
            Err(wording::undecodable())
        } else if self.is_numbers() {
            self.to_number(text).map(|it| self.numbers.push(Some(it)))
        } else {
            self.word(text).map(|it| self.at.push(Some(it)))
        };
        if let Err(fault) = parsed {
            self.push_missing();
            find(fault, Severity::Error);
            return Parsed::Refused;
        }
        self.identifier_faults(text, place, label, findings)
    }

    const fn is_numbers(&self) -> bool {
        match self.column.kind {
            ColumnKind::Year
            | ColumnKind::Integer
            | ColumnKind::Decimal { .. }
            | ColumnKind::Flag
            | ColumnKind::Date
            | ColumnKind::Person(_) => true,
            ColumnKind::Organisation
            | ColumnKind::OtherOrganisation
            | ColumnKind::Code { .. }
            | ColumnKind::Text
            | ColumnKind::CreditCode => false,
        }
    }

    fn to_number(&self, text: &str) -> Result<i64, Fault> {
        let read = match self.column.kind {
            ColumnKind::Year => year(text, self.year_offset).map(|it| i64::from(it.number())),
            ColumnKind::Integer => number(text.trim(), 0, self.times),
            ColumnKind::Decimal { scale } => number(text.trim(), scale, self.times),
            ColumnKind::Flag => flag(text),
            ColumnKind::Date => date(text),
            ColumnKind::Person(_) => match number(text, 0, None) {
                Err(
                    fault @ (Unreadable::Scientific | Unreadable::Formula | Unreadable::SheetError),
                ) => Err(fault),
                _ => Ok(self.pseudonyms.of(text)),
            },
            ColumnKind::Organisation
            | ColumnKind::OtherOrganisation
            | ColumnKind::Code { .. }
            | ColumnKind::Text
            | ColumnKind::CreditCode => Err(Unreadable::Shape),
        };
        read.map_err(|fault| wording::unreadable(self.column, text, fault))
    }

    fn word(&mut self, text: &str) -> Result<u32, Fault> {
        let text = plain(text);
        if text.starts_with('=') {
            return Err(wording::unreadable(self.column, &text, Unreadable::Formula));
        }
        match &mut self.words {
            Words::List { spellings, .. } => spellings
                .get(&*text)
                .or_else(|| spellings.get(&folded(&text)))
                .copied()
                .ok_or_else(|| wording::not_in_list(self.column, &text)),
            Words::Met { items, positions } => {
                if let Some(position) = positions.get(&*text) {
                    return Ok(*position);
                }
                let position = u32::try_from(items.len()).unwrap_or(u32::MAX);
                items.push(text.clone().into_owned());
                positions.insert(text.into_owned(), position);
                Ok(position)
            }
        }
    }

    /// Check digits and what else a national code says about itself. Each fault is a finding of
    /// its own; a region that is not known any more does not keep a row out.
    fn identifier_faults(
        &self,
        text: &str,
        place: &Place<'_>,
        label: &str,
        findings: &mut Vec<Finding>,
    ) -> Parsed {
        let faults = match self.column.kind {
            ColumnKind::Person(PersonId::Identity) => identity_faults(&plain(text).to_uppercase()),
            ColumnKind::Person(PersonId::Student) => student_faults(&plain(text).to_uppercase()),
            ColumnKind::CreditCode => credit_faults(&plain(text)),
            ColumnKind::Person(PersonId::Local)
            | ColumnKind::Organisation
            | ColumnKind::OtherOrganisation
            | ColumnKind::Year
            | ColumnKind::Integer
            | ColumnKind::Decimal { .. }
            | ColumnKind::Code { .. }
            | ColumnKind::Flag
            | ColumnKind::Date
            | ColumnKind::Text => return Parsed::Sound,
        };
        let mut parsed = Parsed::Sound;
        for fault in faults.iter() {
            let severity =
                if fault.rule() == "region" { Severity::Warning } else { Severity::Error };
            if severity == Severity::Error {
                parsed = Parsed::Refused;
            }
            let is_personal = self.column.disclosure == Disclosure::Personal
                || matches!(self.column.kind, ColumnKind::Person(_));
            let base = wording::identifier(is_personal, text, fault);
            let mut finding = base.at(place.file, Some(place.row), Some(label), severity);
            finding.rule = fault.rule();
            findings.push(finding);
        }
        parsed
    }

    /// Takes the cells read so far.
    pub(super) fn take(&mut self) -> Cells {
        if self.is_numbers() {
            return Cells::Numbers(std::mem::take(&mut self.numbers));
        }
        let at = std::mem::take(&mut self.at);
        let words = match &mut self.words {
            Words::List { items, .. } => Arc::clone(items),
            Words::Met { items, positions } => {
                positions.clear();
                Arc::new(std::mem::take(items))
            }
        };
        Cells::Words { at, words }
    }
}

/// A code list by every spelling of its items. Where spellings clash, the code goes before the
/// titles and these before the others.
fn list(items: &[CodeItem]) -> Words {
    let mut spellings = BTreeMap::new();
    let position = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let mut know = |word: &str, at: usize| {
        spellings.insert(folded(word), position(at));
        spellings.insert(word.to_owned(), position(at));
    };
    for (at, item) in items.iter().enumerate() {
        item.also.iter().for_each(|it| know(it, at));
    }
    for (at, item) in items.iter().enumerate() {
        know(&item.title.en, at);
        know(&item.title.zh, at);
    }
    for (at, item) in items.iter().enumerate() {
        know(&item.code, at);
    }
    let codes = items.iter().map(|it| it.code.clone()).collect();
    Words::List { items: Arc::new(codes), spellings }
}
