//! A filled workbook, read.

use calamine::XlsxError;
use model::finding::{Finding, Severity};

use super::workbook::{self, MAX_FILE, MAX_ROWS};
use super::{ORGANISATION, columns};
use crate::expression::Value;
use crate::form::{Field, Values};
use crate::procedure::{Procedure, Transition};

/// A row of the sheet, as it becomes a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// As a spreadsheet counts: the header is row 1.
    pub row: u64,
    pub organisation: String,
    pub change: Values,
}

/// The file is no workbook that can be read.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    #[error("the file is no XLSX workbook; save it as one and try again")]
    NoWorkbook(#[source] Box<XlsxError>),
    #[error(
        "the workbook is larger than {MAX_FILE} bytes, or its first sheet has more than {MAX_ROWS} rows; hand it in as \
         several, without other sheets and pictures"
    )]
    TooLarge,
    #[error("the workbook has no sheet with a header")]
    Empty,
}

/// Rows that can become cases, and what is amiss in the others.
pub fn read(
    procedure: &Procedure,
    transition: &Transition,
    file: &str,
    bytes: &[u8],
) -> Result<(Vec<Row>, Vec<Finding>), SheetError> {
    let mut rows = workbook::rows(bytes)?.into_iter();
    let (head, header) = rows.next().ok_or(SheetError::Empty)?;
    let mut reading = Reading { file, findings: Vec::new() };
    let fields = columns(procedure, transition);
    let heads = reading.header(head, &header, &fields);
    let mut found = Vec::new();
    for (row, cells) in rows {
        let before = reading.findings.len();
        let read = reading.row(row, &heads, &cells);
        if reading.findings.len() == before {
            found.push(read);
        }
    }
    Ok((found, reading.findings))
}

/// What a column of the sheet holds.
#[derive(Clone, Copy, Debug)]
enum Head<'a> {
    Organisation,
    Field(&'a Field),
    Unknown,
}

struct Reading<'a> {
    file: &'a str,
    findings: Vec<Finding>,
}

impl Reading<'_> {
    fn header<'a>(&mut self, row: u64, titles: &[String], fields: &[&'a Field]) -> Vec<Head<'a>> {
        let mut heads = Vec::new();
        for title in titles {
            let words: Vec<&str> =
                title.lines().map(|it| it.trim().trim_end_matches('*').trim()).collect();
            let names = |one: &str, other: &str, name: &str| {
                words.iter().any(|it| *it == one || *it == other || *it == name)
            };
            let field = fields.iter().find(|it| names(&it.title.zh, &it.title.en, &it.name));
            heads.push(match field {
                Some(field) => Head::Field(field),
                None if names(ORGANISATION.0, ORGANISATION.1, "organisation") => Head::Organisation,
                None => {
                    if !title.is_empty() {
                        self.find(
                            row,
                            Some(title),
                            "header",
                            "a column that the form has not",
                            "a field of the form",
                            "remove the column, or use the template's heading",
                        );
                    }
                    Head::Unknown
                }
            });
        }
        if !heads.iter().any(|it| matches!(it, Head::Organisation)) {
            self.find(
                row,
                None,
                "header",
                "no column of organisations",
                ORGANISATION.0,
                "use the template",
            );
        }
        heads
    }

    fn row(&mut self, row: u64, heads: &[Head<'_>], cells: &[String]) -> Row {
        let mut read = Row { row, organisation: String::new(), change: Values::new() };
        for (head, text) in heads.iter().zip(cells) {
            match head {
                Head::Organisation => read.organisation.clone_from(text),
                Head::Unknown => {}
                Head::Field(field) => match field.read(&[text]) {
                    Ok(Value::Missing) => {}
                    Ok(value) => _ = read.change.insert(field.name.clone(), value),
                    Err(fault) => {
                        self.find(
                            row,
                            Some(&field.title.zh),
                            fault.rule,
                            "another",
                            &fault.text.zh,
                            &fault.text.en,
                        );
                    }
                },
            }
        }
        if read.organisation.is_empty() {
            self.find(
                row,
                Some(ORGANISATION.0),
                "missing",
                "nothing",
                "a code",
                "name the organisation the case is about",
            );
        }
        read
    }

    /// What was found is never shown: a field may be personal.
    fn find(
        &mut self,
        row: u64,
        column: Option<&str>,
        rule: &'static str,
        found: &str,
        expected: &str,
        hint: &str,
    ) {
        self.findings.push(Finding {
            file: self.file.to_owned(),
            row: Some(row),
            column: column.map(str::to_owned),
            rule,
            found: found.to_owned(),
            expected: expected.to_owned(),
            hint: hint.to_owned(),
            severity: Severity::Error,
        });
    }
}
