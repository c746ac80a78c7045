//! Lists with the registry's own columns, in any form that a file may have.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::ops::{ControlFlow, RangeInclusive};
use std::path::Path;

use csv::{StringRecord, Writer, WriterBuilder};
use model::finding::{Finding, Severity};

use super::source::{self, Fingerprint, Limits, Sink, Stopped};

/// The list as CSV in UTF-8, every row on the line it has in the file; or why the file cannot be read.
///
/// # Errors
/// When the file cannot be read from the disk.
pub fn registry_list(file: &Path) -> io::Result<Result<Box<dyn Read>, Vec<Finding>>> {
    let print = Fingerprint::take(file)?;
    if source::is_plain(file, &print)? {
        return Ok(Ok(Box::new(File::open(file)?)));
    }
    let mut copied = Copied::new(false);
    match source::read(file, &print, &Limits::default(), None, &mut copied) {
        Ok(()) => {}
        Err(Stopped::Io(error)) => return Err(error),
        Err(Stopped::Refused { row, fault }) => {
            let name = file.display().to_string();
            return Ok(Err(vec![fault.at(&name, row, None, Severity::Error)]));
        }
    }
    let list = copied.writer.into_inner().map_err(csv::IntoInnerError::into_error)?;
    Ok(Ok(Box::new(Cursor::new(list))))
}

/// Takes rows as they are read.
struct Copied {
    writer: Writer<Vec<u8>>,
    /// Lines written.
    lines: u64,
    /// Cells of the header.
    width: usize,
    is_strict: bool,
}

impl Copied {
    fn new(is_strict: bool) -> Self {
        let writer = WriterBuilder::new().flexible(true).from_writer(Vec::new());
        Self { writer, lines: 0, width: 0, is_strict }
    }

    fn copy(&mut self, number: u64, cells: &StringRecord) -> csv::Result<()> {
        while self.lines + 1 < number {
            self.writer.write_record([""])?;
            self.lines += 1;
        }
        // A workbook leaves out the empty cells at the end of a row.
        let filled = cells.iter().zip(1..).filter(|(it, _)| !it.trim().is_empty());
        let filled = filled.map(|(_, place)| place).max().unwrap_or(0);
        let width = if self.is_strict { cells.len() } else { filled.max(self.width) };
        if self.width == 0 {
            self.width = width;
        }
        let cells = (0..width).map(|place| one_line(cells.get(place).unwrap_or_default()));
        self.writer.write_record(cells)?;
        self.lines += 1;
        Ok(())
    }
}

impl Sink for Copied {
    fn begin(&mut self, is_strict: bool) {
        *self = Self::new(is_strict);
    }

    fn merged(&mut self, _rows: RangeInclusive<u64>, _columns: RangeInclusive<usize>) {}

    fn row(&mut self, number: u64, cells: &StringRecord) -> ControlFlow<()> {
        self.copy(number, cells).map_or(ControlFlow::Break(()), ControlFlow::Continue)
    }

    fn end(&mut self) -> bool {
        self.lines > 0
    }
}

/// A cell that takes one line; what the registry's reader refuses it refuses in this form too.
fn one_line(text: &str) -> Cow<'_, [u8]> {
    if text.contains(char::REPLACEMENT_CHARACTER) {
        return Cow::Borrowed(b"\xff");
    }
    if text.contains(['\n', '\r']) {
        return Cow::Owned(text.replace(['\n', '\r'], "\u{1}").into_bytes());
    }
    Cow::Borrowed(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use encoding_rs::GB18030;
    use rust_xlsxwriter::Workbook;

    use super::*;

    const LIST: &str =
        "code,name_zh,level,valid_from\n100,城,city,2000-01-01\n\n200,校,school,2001-09-01\n";

    #[track_caller]
    fn check(name: &str, bytes: &[u8], expected: &[(u64, &str, &str)]) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(name);
        fs::write(&file, bytes).unwrap();
        let list = registry_list(&file).unwrap().unwrap();
        let (list, findings) = network::read_list(name, list);
        let versions = list.versions.iter();
        let mut read: Vec<_> = versions
            .map(|it| (it.row, it.what.code.as_str().to_owned(), it.what.name.zh.clone()))
            .collect();
        read.extend(
            findings
                .into_iter()
                .map(|it| (it.row.unwrap_or(0), it.rule.to_owned(), it.column.unwrap_or_default())),
        );
        let read: Vec<_> = read.iter().map(|(row, a, b)| (*row, a.as_str(), b.as_str())).collect();
        assert_eq!(read, expected);
    }

    #[test]
    fn a_list_may_come_in_any_form() {
        let expected = [(2, "100", "城"), (4, "200", "校")];
        let plain = LIST.replace("\n\n", "\n");
        check("plain.csv", plain.as_bytes(), &[(2, "100", "城"), (3, "200", "校")]);
        check("national.csv", &GB18030.encode(LIST).0, &expected);
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        for (row, line) in (0..).zip(LIST.lines()) {
            for (column, cell) in (0..).zip(line.split(',')).filter(|(_, it)| !it.is_empty()) {
                sheet.write(row, column, cell).unwrap();
            }
        }
        check("book.xlsx", &workbook.save_to_buffer().unwrap(), &expected);
    }

    #[test]
    fn what_is_wrong_is_told_by_its_row_in_any_form() {
        let list = LIST.replace("2001-09-01", "2001-13-01");
        check("bad.csv", &GB18030.encode(&list).0, &[(2, "100", "城"), (4, "date", "valid_from")]);
        let list = LIST.replace("城", "\"城\n市\"");
        check("lines.csv", &GB18030.encode(&list).0, &[(4, "200", "校"), (2, "text", "name_zh")]);
    }

    #[test]
    fn what_is_no_list_at_all_says_why() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("list.xls");
        fs::write(&file, [0xd0, 0xcf, 0x11, 0xe0, 0, 0, 0, 0]).unwrap();
        let findings = registry_list(&file).unwrap().err().unwrap();
        assert_eq!(findings.iter().map(|it| it.rule).collect::<Vec<_>>(), ["file"]);
    }
}
