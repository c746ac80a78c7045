//! One file of a package, row by row.

use std::io;
use std::marker::PhantomData;

use csv::{ByteRecord, Reader, ReaderBuilder, Terminator};

use super::{Mode, PackageError};
use crate::cell::LONGEST;
use crate::finding::Finding;
use crate::model::{Entity, Fault};

/// Rows of one kind, read one at a time.
#[derive(Debug)]
pub struct Table<T, R> {
    name: String,
    pub mode: Mode,
    reader: Reader<io::Take<R>>,
    most: u64,
    header: Option<Vec<Option<&'static str>>>,
    record: ByteRecord,
    row: u64,
    kind: PhantomData<T>,
}

/// A row that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read<T> {
    /// As a spreadsheet counts: the header is row 1.
    pub row: u64,
    /// `None` when something is wrong with it.
    pub what: Option<T>,
    pub findings: Vec<Finding>,
}

impl<T: Entity, R: io::Read> Table<T, R> {
    /// Rows of a file called `name`, of which at most so many bytes are read.
    pub fn new(name: String, mode: Mode, reader: R, most: u64) -> Self {
        let reader = ReaderBuilder::new()
            .flexible(true)
            .has_headers(false)
            // An empty line with a carriage return is then a row, as a spreadsheet counts; cells are trimmed anyway.
            .terminator(Terminator::Any(b'\n'))
            .from_reader(reader.take(most));
        Self {
            name,
            mode,
            reader,
            most,
            header: None,
            record: ByteRecord::new(),
            row: 0,
            kind: PhantomData,
        }
    }

    /// The next row; `None` after the last. After findings about the header there are no rows.
    pub fn next_row(&mut self) -> Result<Option<Read<T>>, PackageError> {
        if self.header.is_none() {
            let mut header = ByteRecord::new();
            if !self.next_record(&mut header)? {
                self.header = Some(Vec::new());
                return Ok(Some(self.without_value(vec![self.no_header()])));
            }
            let (columns, findings) = self.read_header(&header);
            let is_sound = findings.is_empty();
            self.header = Some(if is_sound { columns } else { Vec::new() });
            if !is_sound {
                return Ok(Some(self.without_value(findings)));
            }
        }
        if self.header.as_ref().is_some_and(Vec::is_empty) {
            return Ok(None);
        }
        loop {
            let mut record = std::mem::take(&mut self.record);
            let more = self.next_record(&mut record)?;
            self.record = record;
            if !more {
                let is_cut = self.reader.position().byte() >= self.most;
                self.header = Some(Vec::new());
                return Ok(is_cut.then(|| self.without_value(vec![self.too_long()])));
            }
            if self.record.iter().any(|it| !it.trim_ascii().is_empty()) {
                return Ok(Some(self.read_row()));
            }
        }
    }

    fn next_record(&mut self, record: &mut ByteRecord) -> Result<bool, PackageError> {
        let more = self.reader.read_byte_record(record)?;
        // Lines count empty ones too; rows do where the reader is behind with the lines.
        self.row = record.position().map_or(0, csv::Position::line).max(self.row + 1);
        Ok(more)
    }

    fn read_header(&self, record: &ByteRecord) -> (Vec<Option<&'static str>>, Vec<Finding>) {
        let named = |cell: &[u8]| {
            let cell = cell.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(cell).trim_ascii();
            T::COLUMNS.iter().find(|it| it.as_bytes() == cell).copied()
        };
        let columns: Vec<_> = record.iter().map(named).collect();
        let mut findings = Vec::new();
        for column in T::COLUMNS {
            let times = columns.iter().filter(|it| **it == Some(*column)).count();
            if times != 1 {
                findings.push(Finding {
                    file: self.name.clone(),
                    row: Some(1),
                    column: Some(column),
                    rule: "columns",
                    found: if times == 0 { "no such column" } else { "the column twice" }
                        .to_owned(),
                    expected: T::COLUMNS.join(","),
                    hint: "write every column of the standard once, also when it is empty",
                });
            }
        }
        (columns, findings)
    }

    fn read_row(&self) -> Read<T> {
        let header = self.header.as_deref().unwrap_or_default();
        let mut findings = Vec::new();
        if self.record.len() != header.len() {
            findings.push(self.finding(
                None,
                "columns",
                format!("{} cells", self.record.len()),
                format!("{} cells", header.len()),
                "put a text that holds a comma between quotation marks",
            ));
        }
        let mut cells = Vec::with_capacity(T::COLUMNS.len());
        for (column, cell) in header.iter().zip(self.record.iter()) {
            let Some(column) = column else { continue };
            match std::str::from_utf8(cell).map(str::trim) {
                Ok(text) if text.len() > LONGEST || text.contains('\0') => {
                    findings.push(self.finding(
                        Some(column),
                        "text",
                        format!("{} bytes", text.len()),
                        format!("at most {LONGEST} bytes without the character zero"),
                        "shorten the text",
                    ));
                }
                Ok(text) => cells.push((*column, text)),
                Err(_) => findings.push(self.finding(
                    Some(column),
                    "encoding",
                    "bytes that are not UTF-8".to_owned(),
                    "text in UTF-8".to_owned(),
                    "save the file as CSV in UTF-8",
                )),
            }
        }
        if !findings.is_empty() {
            return Read { row: self.row, what: None, findings };
        }
        let cell = |column: &str| {
            cells.iter().find(|(name, _)| *name == column).map_or("", |(_, text)| *text)
        };
        let faults = match T::read(cell) {
            Ok(what) => match self.misses(&cell) {
                None => return Read { row: self.row, what: Some(what), findings },
                Some(fault) => vec![fault],
            },
            Err(faults) => faults,
        };
        let findings = faults.into_iter().map(|it| self.fault(it, cell(it.column))).collect();
        Read { row: self.row, what: None, findings }
    }

    /// A delta says of each row what became of it and when.
    fn misses<'a>(&self, cell: &impl Fn(&'static str) -> &'a str) -> Option<Fault> {
        let needed = [("status", "active or tobedeleted"), ("dateLastModified", "an instant")];
        let missing = needed.iter().find(|(column, _)| cell(column).is_empty());
        let (column, expected) = missing.filter(|_| self.mode == Mode::Delta)?;
        Some(Fault { column, expected })
    }

    fn fault(&self, fault: Fault, text: &str) -> Finding {
        let short: String = text.chars().take(60).collect();
        let found = match text {
            "" => "nothing".to_owned(),
            _ if T::FILE.is_about_persons() => {
                format!("a text of {} characters", text.chars().count())
            }
            _ => format!("`{short}`"),
        };
        let expected = fault.expected.to_owned();
        self.finding(
            Some(fault.column),
            "value",
            found,
            expected,
            "correct the cell where the file comes from",
        )
    }

    fn finding(
        &self,
        column: Option<&'static str>,
        rule: &'static str,
        found: String,
        expected: String,
        hint: &'static str,
    ) -> Finding {
        Finding {
            file: self.name.clone(),
            row: Some(self.row),
            column,
            rule,
            found,
            expected,
            hint,
        }
    }

    fn no_header(&self) -> Finding {
        let expected = T::COLUMNS.join(",");
        let hint = "write the names of the columns, or absent in manifest.csv";
        Finding {
            row: None,
            ..self.finding(None, "columns", "an empty file".to_owned(), expected, hint)
        }
    }

    fn too_long(&self) -> Finding {
        let expected = format!("at most {} bytes", self.most);
        let hint = "split the package by organisation";
        Finding { row: None, ..self.finding(None, "size", "more".to_owned(), expected, hint) }
    }

    fn without_value(&self, findings: Vec<Finding>) -> Read<T> {
        Read { row: self.row, what: None, findings }
    }
}
