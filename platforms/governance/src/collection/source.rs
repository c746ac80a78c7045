//! Sources: a file of any accepted form, read as rows of texts.
//!
//! **Invariant:** a file is judged by what it holds, never by its name; no part of it is read
//! without a bound on how much memory it may take.

use std::fs::File;
use std::io::{self, Read};
use std::ops::{ControlFlow, RangeInclusive};
use std::path::Path;

use csv::StringRecord;

use super::rule::{Fault, Rule};

mod archive;
mod decode;
mod fingerprint;
mod parquet;
mod separated;
mod workbook;

pub(super) use self::fingerprint::Fingerprint;

/// The largest things a file may hold; beyond them it is refused with a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Columns of a row.
    pub columns: usize,
    /// Bytes of a row of a separated file, and of one cell of a workbook.
    pub row_bytes: u64,
    /// Parts of a workbook.
    pub parts: usize,
    /// Bytes of a workbook's sheet, unpacked.
    pub sheet_bytes: u64,
    /// Bytes of any other part of a workbook, unpacked: these are held in memory.
    pub part_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            columns: 16_384,
            row_bytes: 1 << 20,
            parts: 2_000,
            sheet_bytes: 2 << 30,
            part_bytes: 128 << 20,
        }
    }
}

/// What a file can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Separated,
    Workbook,
    Parquet,
}

/// Takes rows as they are read.
pub(super) trait Sink {
    /// A new sheet begins; rows of an earlier one, in which no table was found, are forgotten.
    /// Where a source is strict, every row must have as many cells as the header.
    fn begin(&mut self, is_strict: bool);

    /// Rows and columns (from 0) that one merged cell covers; told before the rows of its sheet.
    fn merged(&mut self, rows: RangeInclusive<u64>, columns: RangeInclusive<usize>);

    /// A row, numbered as a spreadsheet counts.
    fn row(&mut self, number: u64, cells: &StringRecord) -> ControlFlow<()>;

    /// The sheet ends; whether it held the table.
    fn end(&mut self) -> bool;
}

/// Why reading stopped before the end of the file.
#[derive(Debug)]
pub(super) enum Stopped {
    /// The file cannot be read further, from this row on.
    Refused {
        row: Option<u64>,
        fault: Fault,
    },
    Io(io::Error),
}

impl From<io::Error> for Stopped {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl Stopped {
    fn whole(fault: Fault) -> Self {
        Self::Refused { row: None, fault }
    }
}

/// Reads a file into `sink`. `sheet` names the sheet of a workbook, else the first that holds a
/// table is taken; `columns` are the names to take from a Parquet file.
pub(super) fn read(
    path: &Path,
    print: &Fingerprint,
    limits: &Limits,
    sheet: Option<&str>,
    sink: &mut dyn Sink,
) -> Result<(), Stopped> {
    match shape(path)? {
        Shape::Separated => separated::read(path, print, limits, sink),
        Shape::Workbook => workbook::read(path, limits, sheet, sink),
        Shape::Parquet => parquet::read(path, limits, sink),
    }
}

/// Whether a file is separated text in UTF-8.
pub(super) fn is_plain(path: &Path, print: &Fingerprint) -> io::Result<bool> {
    match shape(path) {
        Ok(shape) => Ok(shape == Shape::Separated && print.is_utf8()),
        Err(Stopped::Io(error)) => Err(error),
        Err(Stopped::Refused { .. }) => Ok(false),
    }
}

/// The form of a file, by its first bytes.
fn shape(path: &Path) -> Result<Shape, Stopped> {
    let mut head = Vec::new();
    File::open(path)?.take(8).read_to_end(&mut head)?;
    if head.is_empty() {
        return Err(Stopped::whole(Fault::new(
            Rule::File,
            "空文件 / an empty file",
            "表头和数据行 / a header and rows",
            "重新导出表格，并核对文件大小 / export the table again and check its size",
        )));
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Ok(Shape::Workbook);
    }
    if head.starts_with(b"PAR1") {
        return Ok(Shape::Parquet);
    }
    let old_or_locked = head.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]);
    let packed =
        head.starts_with(&[0x1f, 0x8b]) || head.starts_with(b"Rar!") || head.starts_with(b"7z");
    if old_or_locked {
        return Err(Stopped::whole(Fault::new(
            Rule::File,
            "旧式 .xls 或加密的工作簿 / an old .xls workbook or one with a password",
            "CSV、XLSX 或 Parquet 文件 / a CSV, XLSX or Parquet file",
            "在表格软件中打开，去掉密码，另存为 .xlsx / open it in the spreadsheet program, take the password off and save it as .xlsx",
        )));
    }
    if packed || head.starts_with(b"%PDF") {
        return Err(Stopped::whole(Fault::new(
            Rule::File,
            "压缩文件或文档 / a packed file or a document",
            "CSV、XLSX 或 Parquet 文件 / a CSV, XLSX or Parquet file",
            "先解压，或把所示表格导出后再导入 / unpack it, or export the table it shows, and import that",
        )));
    }
    Ok(Shape::Separated)
}
