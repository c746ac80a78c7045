//! Workbooks: XLSX, streamed a cell at a time.

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use csv::StringRecord;

use super::{Fault, Limits, Rule, Sink, Stopped, archive, separated};

pub(super) fn read(
    path: &Path,
    limits: &Limits,
    sheet: Option<&str>,
    sink: &mut dyn Sink,
) -> Result<(), Stopped> {
    archive::weigh(path, limits)?;
    let damaged = |_: XlsxError| Stopped::whole(archive::damaged());
    let mut workbook = Xlsx::new(BufReader::new(File::open(path)?)).map_err(damaged)?;
    let names = sheets(&workbook, sheet)?;
    for name in names {
        sink.begin(false);
        for merged in workbook.merge_cells_by_sheet_name(&name).map_err(damaged)? {
            let rows = u64::from(merged.start.0) + 1..=u64::from(merged.end.0) + 1;
            sink.merged(rows, position(merged.start.1)..=position(merged.end.1));
        }
        read_sheet(&mut workbook, &name, limits, sink)?;
        if sink.end() {
            break;
        }
    }
    Ok(())
}

/// The sheets to look at: the one named, or all that can be seen.
fn sheets<R: Read + Seek>(workbook: &Xlsx<R>, named: Option<&str>) -> Result<Vec<String>, Stopped> {
    let worksheets = workbook.sheets_metadata().iter().filter(|it| it.typ == SheetType::WorkSheet);
    let names: Vec<String> = match named {
        Some(named) => worksheets.filter(|it| it.name == named).map(|it| it.name.clone()).collect(),
        None => worksheets
            .filter(|it| it.visible == SheetVisible::Visible)
            .map(|it| it.name.clone())
            .collect(),
    };
    if names.is_empty() {
        return Err(Stopped::whole(Fault::new(
            Rule::File,
            "无此工作表 / no such sheet",
            named.map_or("可见的工作表 / a sheet that can be seen".to_owned(), |it| {
                format!("名为 {it} 的工作表 / a sheet named {it}")
            }),
            "把工作表名称与映射文件核对 / compare the name of the sheet with the mapping file",
        )));
    }
    Ok(names)
}

fn read_sheet<R: Read + Seek>(
    workbook: &mut Xlsx<R>,
    name: &str,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<(), Stopped> {
    let mut cells = match workbook.worksheet_cells_reader(name) {
        Ok(cells) => cells,
        // A sheet without a single row.
        Err(XlsxError::NotAWorksheet(_) | XlsxError::XmlEof(_)) => return Ok(()),
        Err(_) => return Err(Stopped::whole(archive::damaged())),
    };
    let mut record = StringRecord::new();
    let mut row = 0;
    loop {
        let cell = cells.next_cell_with_formula_metadata().map_err(|_| Stopped::Refused {
            row: Some(u64::from(row) + 1),
            fault: archive::damaged(),
        })?;
        let Some(cell) = cell else { break };
        let (at, column) = cell.pos;
        if at != row {
            if !record.is_empty() && sink.row(u64::from(row) + 1, &record).is_break() {
                return Ok(());
            }
            record.clear();
            row = at;
        }
        let column = position(column);
        if column >= limits.columns {
            let fault = separated::too_wide(column.saturating_add(1), limits);
            return Err(Stopped::Refused { row: Some(u64::from(row) + 1), fault });
        }
        while record.len() < column {
            record.push_field("");
        }
        if record.len() == column {
            record.push_field(&text(&cell.value, cell.formula.is_some()));
        }
        // One long string may stand in many cells.
        if u64::try_from(record.as_slice().len()).is_ok_and(|it| it > limits.row_bytes) {
            let fault = Fault::new(
                Rule::TooLarge,
                "超出允许长度的行 / a row longer than allowed",
                format!("至多 {0} 字节 / at most {0} bytes", limits.row_bytes),
                "检查是否有单元格里放了整篇文档 / look for a cell that holds a whole document",
            );
            return Err(Stopped::Refused { row: Some(u64::from(row) + 1), fault });
        }
    }
    if !record.is_empty() {
        // Whether more is wanted no longer matters: this was the last row.
        let _ = sink.row(u64::from(row) + 1, &record);
    }
    Ok(())
}

fn position(column: u32) -> usize {
    usize::try_from(column).unwrap_or(usize::MAX)
}

/// A cell's value as the text a person would type. A formula counts as the value stored with it.
fn text(value: &DataRef<'_>, is_formula: bool) -> String {
    match value {
        DataRef::Empty if is_formula => "=".to_owned(),
        DataRef::Empty => String::new(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => shown(*number),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(flag) => u8::from(*flag).to_string(),
        DataRef::DateTime(instant) => day(*instant),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
    }
}

/// A date as `2020-09-01`, with the time behind it unless it is midnight; a duration as a number.
fn day(instant: ExcelDateTime) -> String {
    if !instant.is_datetime() || instant.as_f64() < 1.0 {
        return shown(instant.as_f64());
    }
    let (year, month, day, hour, minute, second, _) = instant.to_ymd_hms_milli();
    if (hour, minute, second) == (0, 0, 0) {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
    }
}

/// A float with the 15 digits that spreadsheets show: 0.1 + 0.2 is 0.3.
fn shown(number: f64) -> String {
    let scientific = format!("{number:.14e}");
    let Some((mantissa, power)) = scientific.split_once('e') else { return scientific };
    let power: i32 = power.parse().unwrap_or(0);
    if !(-9..=20).contains(&power) {
        return number.to_string();
    }
    let sign = if mantissa.starts_with('-') { "-" } else { "" };
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let whole = usize::try_from(power + 1).unwrap_or(0);
    let zeros = usize::try_from(-(power + 1)).unwrap_or(0);
    let padded = format!("{:0>zeros$}{digits}", "");
    let (front, back) = if whole >= padded.len() {
        (format!("{padded:0<whole$}"), String::new())
    } else {
        let (front, back) = padded.split_at(whole);
        (front.to_owned(), back.trim_end_matches('0').to_owned())
    };
    let front = if front.is_empty() { "0" } else { &front };
    let point = if back.is_empty() { "" } else { "." };
    format!("{sign}{front}{point}{back}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_they_are_shown() {
        for (number, expected) in [
            (12.0, "12"),
            (0.1 + 0.2, "0.3"),
            (1_200_000_001.0, "1200000001"),
            (-3.5, "-3.5"),
            (0.0, "0"),
            (0.000_25, "0.00025"),
            (123_456_789_012_345.0, "123456789012345"),
            (1e17, "100000000000000000"),
            (35.2, "35.2"),
        ] {
            assert_eq!(shown(number), expected);
        }
    }
}
