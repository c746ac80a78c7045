//! A filled workbook, read.

use calamine::XlsxError;

use super::workbook::{self, MOST_BYTES, MOST_ROWS};
use super::{Amiss, ORGANISATION, columns};
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
    #[error("the workbook is larger than {MOST_BYTES} bytes; hand it in in parts")]
    TooLarge,
    #[error("the workbook has more than {MOST_ROWS} rows; hand it in in parts")]
    TooLong,
    #[error("the workbook has no sheet with a header")]
    Empty,
}

/// Rows that can become cases, and what is amiss in the others.
pub fn read(
    procedure: &Procedure,
    transition: &Transition,
    bytes: &[u8],
) -> Result<(Vec<Row>, Vec<Amiss>), SheetError> {
    let mut rows = workbook::rows(bytes)?.into_iter();
    let (_, header) = rows.next().ok_or(SheetError::Empty)?;
    let mut reading = Reading { amiss: Vec::new() };
    let fields = columns(procedure, transition);
    let heads = reading.header(&header, &fields);
    let mut found = Vec::new();
    for (row, cells) in rows {
        let before = reading.amiss.len();
        let read = reading.row(row, &heads, &cells);
        if reading.amiss.len() == before {
            found.push(read);
        }
    }
    Ok((found, reading.amiss))
}

/// What a column of the sheet holds.
#[derive(Clone, Copy, Debug)]
enum Head<'a> {
    Organisation,
    Field(&'a Field),
    Unknown,
}

struct Reading {
    amiss: Vec<Amiss>,
}

impl Reading {
    fn header<'a>(&mut self, titles: &[String], fields: &[&'a Field]) -> Vec<Head<'a>> {
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
                        self.amiss.push(Amiss::unknown_column(title));
                    }
                    Head::Unknown
                }
            });
        }
        if !heads.iter().any(|it| matches!(it, Head::Organisation)) {
            self.amiss.push(Amiss::no_organisations());
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
                    Err(fault) => self.amiss.push(Amiss::in_field(row, field, &fault, text)),
                },
            }
        }
        if read.organisation.is_empty() {
            self.amiss.push(Amiss::no_organisation(row));
        }
        read
    }
}
