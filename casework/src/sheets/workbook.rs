//! The first sheet of a workbook as texts, within bounds.
//!
//! A workbook is a ZIP archive whose parts may be a thousand times their packed size, whose strings are counted by whoever
//! wrote it, and whose cells say themselves where they stand. So every part is unpacked once, counted and thrown away
//! before any of it is believed, and cells are read one by one.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use calamine::{Cell, DataRef, ExcelDateTime, Reader, Xlsx, XlsxError};
use jiff::civil::Date;
use zip::ZipArchive;

use super::SheetError;

/// Most rows of one sheet, its header among them.
pub const MOST_ROWS: u32 = 5_000;
/// Most columns: more than a form has fields.
const MAX_COLUMNS: usize = 256;
/// Most bytes of a workbook.
pub const MOST_BYTES: usize = 16 << 20;
/// Most bytes of all its parts, unpacked.
const MAX_UNPACKED: u64 = 128 << 20;
/// Most bytes of all its cells: one long string may stand in many.
const MAX_TEXT: usize = 32 << 20;

/// Rows by their number, as a spreadsheet counts from 1; those in which nothing stands are left out.
pub(super) fn rows(bytes: &[u8]) -> Result<BTreeMap<u64, Vec<String>>, SheetError> {
    if bytes.len() > MOST_BYTES {
        return Err(SheetError::TooLarge);
    }
    weigh(bytes)?;
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(no_workbook)?;
    let name = workbook.sheet_names().into_iter().next().ok_or(SheetError::Empty)?;
    let mut cells = match workbook.worksheet_cells_reader(&name) {
        Ok(cells) => cells,
        // A sheet without a single row.
        Err(XlsxError::NotAWorksheet(_) | XlsxError::XmlEof(_)) => return Err(SheetError::Empty),
        Err(error) => return Err(no_workbook(error)),
    };
    let mut rows: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    let mut left = MAX_TEXT;
    while let Some(cell) = cells.next_cell().map_err(no_workbook)? {
        let text = text(&cell);
        let (row, column) = cell.get_position();
        if text.is_empty() {
            continue;
        }
        left = left.checked_sub(text.len()).ok_or(SheetError::TooLarge)?;
        if row >= MOST_ROWS {
            return Err(SheetError::TooLong);
        }
        let column = usize::try_from(column).ok().filter(|it| *it < MAX_COLUMNS);
        let column = column.ok_or(SheetError::TooLarge)?;
        let cells = rows.entry(u64::from(row) + 1).or_default();
        if cells.len() <= column {
            cells.resize(column + 1, String::new());
        }
        if let Some(cell) = cells.get_mut(column) {
            *cell = text;
        }
    }
    Ok(rows)
}

fn no_workbook(error: XlsxError) -> SheetError {
    SheetError::NoWorkbook(Box::new(error))
}

/// Refuses a workbook that would not fit in memory.
fn weigh(bytes: &[u8]) -> Result<(), SheetError> {
    let damaged = |it| no_workbook(XlsxError::Zip(it));
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    let mut left = MAX_UNPACKED;
    for position in 0..archive.len() {
        let part = archive.by_index(position).map_err(damaged)?;
        let is_sheet = part.name().is_ok_and(|it| it.contains("worksheets/"));
        let mut unpacked = Vec::new();
        let mut part = part.take(left + 1);
        let size = part.read_to_end(&mut unpacked).map_err(|it| no_workbook(XlsxError::Io(it)))?;
        left = u64::try_from(size)
            .ok()
            .and_then(|it| left.checked_sub(it))
            .ok_or(SheetError::TooLarge)?;
        // The reader sets memory aside for as many strings as are promised; a string takes at least `<si/>`.
        if !is_sheet && largest_count(&unpacked) > size / 5 + 1 {
            return Err(SheetError::TooLarge);
        }
    }
    Ok(())
}

/// The largest number of strings that is promised.
fn largest_count(bytes: &[u8]) -> usize {
    const COUNT: &[u8] = b"uniqueCount";

    let mut largest = 0;
    let mut left = bytes;
    while let Some(at) = left.windows(COUNT.len()).position(|it| it == COUNT) {
        left = left.get(at + COUNT.len()..).unwrap_or_default();
        let is_between = |it: &&u8| it.is_ascii_whitespace() || matches!(it, b'=' | b'"' | b'\'');
        let digits = left.iter().skip_while(is_between).take_while(|it| it.is_ascii_digit());
        let digits: String = digits.take(20).map(|it| char::from(*it)).collect();
        if !digits.is_empty() {
            largest = largest.max(digits.parse().unwrap_or(usize::MAX));
        }
    }
    largest
}

/// A cell as text: a whole number without a point, a day as it is written everywhere here.
fn text(cell: &Cell<DataRef<'_>>) -> String {
    match cell.get_value() {
        DataRef::String(text) => text.trim().to_owned(),
        DataRef::SharedString(text) => text.trim().to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(flag) => flag.to_string(),
        DataRef::DateTime(at) => day(*at),
        DataRef::DateTimeIso(text) => text.split('T').next().unwrap_or_default().to_owned(),
        DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

fn day(at: ExcelDateTime) -> String {
    let (year, month, day, ..) = at.to_ymd_hms_milli();
    let day = i16::try_from(year).ok().zip(i8::try_from(month).ok()).zip(i8::try_from(day).ok());
    let day = day.and_then(|((year, month), day)| Date::new(year, month, day).ok());
    day.map(|it| it.to_string()).unwrap_or_default()
}
