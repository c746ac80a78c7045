//! A filled workbook, read.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx, XlsxError};
use jiff::civil::Date;
use model::finding::{Finding, Severity};

use super::{ORGANISATION, columns};
use crate::expression::Value;
use crate::form::{Field, Values};
use crate::procedure::{Procedure, Transition};

/// Most rows of one sheet.
const MAX_ROWS: usize = 5_000;
/// Largest workbook.
const MAX_FILE: usize = 16 << 20;

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
    #[error("the workbook is larger than {MAX_FILE} bytes or has more than {MAX_ROWS} rows")]
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
    if bytes.len() > MAX_FILE {
        return Err(SheetError::TooLarge);
    }
    let mut workbook: Xlsx<_> =
        Xlsx::new(Cursor::new(bytes)).map_err(|it| SheetError::NoWorkbook(Box::new(it)))?;
    let sheet = match workbook.worksheet_range_at(0) {
        Some(sheet) => sheet.map_err(|it| SheetError::NoWorkbook(Box::new(it)))?,
        None => return Err(SheetError::Empty),
    };
    if sheet.height() > MAX_ROWS {
        return Err(SheetError::TooLarge);
    }
    let mut rows = sheet.rows();
    let header = rows.next().ok_or(SheetError::Empty)?;
    let mut reading = Reading { file, findings: Vec::new() };
    let fields = columns(procedure, transition);
    let heads = reading.header(header, &fields);
    let mut found = Vec::new();
    for (row, cells) in (2..).zip(rows) {
        if cells.iter().all(|it| text(it).is_empty()) {
            continue;
        }
        let before = reading.findings.len();
        let read = reading.row(row, &heads, cells);
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
    fn header<'a>(&mut self, cells: &[Data], fields: &[&'a Field]) -> Vec<Head<'a>> {
        let mut heads = Vec::new();
        for cell in cells {
            let title = text(cell);
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
                            1,
                            Some(&title),
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
                1,
                None,
                "header",
                "no column of organisations",
                ORGANISATION.0,
                "use the template",
            );
        }
        heads
    }

    fn row(&mut self, row: u64, heads: &[Head<'_>], cells: &[Data]) -> Row {
        let mut read = Row { row, organisation: String::new(), change: Values::new() };
        for (head, cell) in heads.iter().zip(cells) {
            let text = text(cell);
            match head {
                Head::Organisation => read.organisation = text,
                Head::Unknown => {}
                Head::Field(field) => match field.read(&[&text]) {
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

/// A cell as text: a whole number without a point, a day as it is written everywhere here.
fn text(cell: &Data) -> String {
    match cell {
        Data::String(text) => text.trim().to_owned(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number.to_string(),
        Data::Bool(flag) => flag.to_string(),
        Data::DateTime(at) => {
            let (year, month, day, ..) = at.to_ymd_hms_milli();
            let day =
                i16::try_from(year).ok().zip(i8::try_from(month).ok()).zip(i8::try_from(day).ok());
            let day = day.and_then(|((year, month), day)| Date::new(year, month, day).ok());
            day.map(|it| it.to_string()).unwrap_or_default()
        }
        Data::DateTimeIso(text) => text.split('T').next().unwrap_or_default().to_owned(),
        Data::Empty => String::new(),
        Data::Error(_) | Data::DurationIso(_) => cell.to_string(),
    }
}
