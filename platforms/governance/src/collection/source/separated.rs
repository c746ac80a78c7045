//! Separated files: CSV with commas, semicolons, tabs or bars.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use csv::{ErrorKind, ReaderBuilder, StringRecord, Terminator};

use super::decode::{Decoded, Unsound};
use super::{Fault, Fingerprint, Limits, Rule, Sink, Stopped};

/// What the CSV reader may take ahead of the row it gives.
const AHEAD: usize = 1 << 16;

const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];

pub(super) fn read(
    path: &Path,
    print: &Fingerprint,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Result<(), Stopped> {
    let bound = limits.row_bytes + u64::try_from(AHEAD).unwrap_or(0);
    let mut file = File::open(path)?;
    let mut sample = Vec::new();
    Decoded::new(&mut file, print.encoding, bound)
        .take(bound)
        .read_to_end(&mut sample)
        .map_err(|error| refusal(&error, 1).unwrap_or(Stopped::Io(error)))?;
    let separator = separator(&sample);
    drop(sample);
    file.seek(SeekFrom::Start(0))?;
    let mut reader = ReaderBuilder::new()
        .delimiter(separator)
        .terminator(Terminator::Any(b'\n'))
        .flexible(true)
        .has_headers(false)
        .buffer_capacity(AHEAD)
        .from_reader(Decoded::new(file, print.encoding, bound));
    sink.begin(true);
    let mut record = StringRecord::new();
    let mut inner_lines = 0;
    let mut row = 0;
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => return Err(stopped(error, row + 1)),
        }
        let position = reader.position().clone();
        inner_lines += lines_within(&record);
        row = position.line().saturating_sub(1 + inner_lines);
        if record.len() > limits.columns {
            return Err(Stopped::Refused { row: Some(row), fault: too_wide(record.len(), limits) });
        }
        if sink.row(row, &record).is_break() {
            break;
        }
        reader.get_mut().allow(position.byte() + bound);
    }
    sink.end();
    Ok(())
}

pub(super) fn too_wide(columns: usize, limits: &Limits) -> Fault {
    Fault::new(
        Rule::TooLarge,
        format!("{columns} 列 / {columns} columns"),
        format!("至多 {0} 列 / at most {0} columns", limits.columns),
        "只保留数据集所列的列，删去其他列 / keep the columns of the dataset and delete the others",
    )
}

fn lines_within(record: &StringRecord) -> u64 {
    let count = record.as_slice().bytes().filter(|it| *it == b'\n').count();
    u64::try_from(count).unwrap_or(0)
}

fn stopped(error: csv::Error, row: u64) -> Stopped {
    if let ErrorKind::Io(error) = error.into_kind() {
        return refusal(&error, row).unwrap_or(Stopped::Io(error));
    }
    let fault = Fault::new(
        Rule::File,
        "不是分隔文本的行 / a row that is no separated text",
        "CSV 文件 / a CSV file",
        "重新存为 UTF-8 编码的 CSV / save it again as CSV in UTF-8",
    );
    Stopped::Refused { row: Some(row), fault }
}

fn refusal(error: &std::io::Error, row: u64) -> Option<Stopped> {
    let fault = match error.get_ref()?.downcast_ref()? {
        Unsound::LongRow => Fault::new(
            Rule::TooLarge,
            "超出允许长度的行 / a row longer than allowed",
            "长度正常的行 / rows of ordinary length",
            "检查引号是否成对，列数是否过多 / look for a quotation mark that is not closed, or for far too many columns",
        ),
        Unsound::Nul => Fault::new(
            Rule::Encoding,
            "NUL 字节 / NUL bytes",
            "UTF-8 或 GB18030 文字 / text in UTF-8 or GB18030",
            "重新存为 UTF-8 编码的 CSV；它可能是无标记的 UTF-16，或不是表格 / save it again as CSV in UTF-8; it may be UTF-16 without a mark, or no table at all",
        ),
    };
    Some(Stopped::Refused { row: Some(row), fault })
}

/// The separator that cuts most of the first lines into equally many cells.
fn separator(sample: &[u8]) -> u8 {
    let score = |separator: &u8| {
        let mut counts = Vec::new();
        let (mut count, mut quoted) = (0_usize, false);
        for byte in sample {
            match byte {
                b'"' => quoted = !quoted,
                b'\n' if !quoted => {
                    counts.push(count);
                    count = 0;
                    if counts.len() == 20 {
                        break;
                    }
                }
                byte if byte == separator && !quoted => count += 1,
                _ => {}
            }
        }
        counts.push(count);
        let same = |it: &usize| counts.iter().filter(|other| *other == it).count();
        counts.iter().filter(|it| **it > 0).map(|it| (same(it), *it)).max().unwrap_or((0, 0))
    };
    // The first of equals: a comma.
    SEPARATORS.iter().rev().copied().max_by_key(score).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sample: &str, expected: char) {
        assert_eq!(char::from(separator(sample.as_bytes())), expected, "{sample:?}");
    }

    #[test]
    fn the_separator_is_the_one_that_fits_most_lines() {
        check("a,b,c\n1,2,3\n", ',');
        check("a;b;c\n1,5;2;3\n", ';');
        check("a\tb\n1,000\t2,000\n", '\t');
        check("\"a,b\";c\n\"x,y\";z\n", ';');
        check("title of the table\na|b\n1|2\n", '|');
        check("one\ntwo\n", ',');
        check("", ',');
    }
}
