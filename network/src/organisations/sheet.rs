//! A small CSV file with a header, read cell by cell; everything that is wrong with it is a finding.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::io::Read;
use std::str::FromStr;

use csv::{ByteRecord, ReaderBuilder, Terminator};
use jiff::civil::Date;
use model::{Bilingual, Finding, OrgCode, Severity};

mod lines;

use self::lines::Lines;

/// No list of organisations is longer; a file that is longer is no list.
const MOST_BYTES: u64 = 256 * 1024 * 1024;

/// More findings help nobody.
const MOST_FINDINGS: usize = 10_000;

/// A cell may be a megabyte of rubbish: more characters of it are not shown.
const LONGEST: usize = 160;

/// What is wrong with a file, as it is found.
#[derive(Debug)]
pub(super) struct Findings {
    file: String,
    found: Vec<Finding>,
    /// Rows with an error.
    refused: BTreeSet<u64>,
}

/// What was found where, and what to do.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fault<'a> {
    pub(super) rule: &'static str,
    pub(super) column: &'a str,
    pub(super) found: &'a str,
    pub(super) expected: &'a str,
    pub(super) hint: &'a str,
}

impl Findings {
    pub(super) fn new(file: &str) -> Self {
        Self { file: file.to_owned(), found: Vec::new(), refused: BTreeSet::new() }
    }

    pub(super) fn error(&mut self, row: impl Into<Option<u64>>, fault: Fault<'_>) {
        let row = row.into();
        self.refused.extend(row);
        self.add(row, fault, Severity::Error);
    }

    pub(super) fn warning(&mut self, row: impl Into<Option<u64>>, fault: Fault<'_>) {
        self.add(row.into(), fault, Severity::Warning);
    }

    pub(super) fn is_refused(&self, row: u64) -> bool {
        self.refused.contains(&row)
    }

    pub(super) fn into_list(mut self) -> Vec<Finding> {
        self.found.sort_by_key(|it| it.row);
        self.found
    }

    fn add(&mut self, row: Option<u64>, fault: Fault<'_>, severity: Severity) {
        if self.found.len() == MOST_FINDINGS {
            return;
        }
        let column = (!fault.column.is_empty()).then(|| fault.column.to_owned());
        let found = match fault.found.char_indices().nth(LONGEST) {
            _ if fault.found.is_empty() => "空 / nothing".to_owned(),
            Some((end, _)) => format!("`{}`…", fault.found.get(..end).unwrap_or_default()),
            None => format!("`{}`", fault.found),
        };
        self.found.push(Finding {
            file: self.file.clone(),
            row,
            column,
            rule: fault.rule,
            found,
            expected: fault.expected.to_owned(),
            hint: fault.hint.to_owned(),
            severity,
        });
    }
}

/// One row, by column.
#[derive(Debug)]
pub(super) struct Row<'a> {
    /// As a spreadsheet counts: the header is 1, empty rows count, and a cell of several lines is in one row.
    pub(super) number: u64,
    /// Whether all of its cells could be read.
    pub(super) is_sound: bool,
    cells: BTreeMap<&'static str, &'a str>,
}

/// Reads a file with these columns, of which `needed` must be there, and hands each row to `take`, the unsound ones too.
pub(super) fn read(
    reader: impl Read,
    columns: &[&'static str],
    needed: &[&str],
    findings: &mut Findings,
    mut take: impl FnMut(&Row<'_>, &mut Findings),
) {
    let mut reader = ReaderBuilder::new()
        .flexible(true)
        .terminator(Terminator::Any(b'\n'))
        .from_reader(Lines::of(reader).take(MOST_BYTES));
    let header = match reader.byte_headers() {
        Ok(header) => header.clone(),
        Err(error) => return unreadable(findings, 1, &error),
    };
    // Where a record begins is told before the empty lines above it: only its end can be counted on.
    let mut inner_lines = lines_within(&header);
    let header: Vec<Option<&'static str>> = header
        .iter()
        .map(|cell| columns.iter().find(|it| it.as_bytes() == cell.trim_ascii()).copied())
        .collect();
    if let Some(missing) = needed.iter().find(|it| !header.contains(&Some(**it))) {
        let expected = columns.join(",");
        let hint = "存为 UTF-8 编码的 CSV，首行写这些列名 / save the file as CSV in UTF-8 with these names in its first row";
        let fault =
            Fault { rule: "columns", column: missing, found: "", expected: &expected, hint };
        return findings.error(1, fault);
    }
    if let Some(twice) =
        columns.iter().find(|it| header.iter().filter(|at| **at == Some(**it)).count() > 1)
    {
        let hint = "只保留两列之一 / keep one of the two columns";
        let expected = "每列一次 / each column once";
        return findings
            .error(1, Fault { rule: "columns", column: twice, found: twice, expected, hint });
    }

    let mut record = ByteRecord::new();
    let mut number = 1;
    loop {
        match reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => return unreadable(findings, number + 1, &error),
        }
        inner_lines += lines_within(&record);
        number = reader.position().line().saturating_sub(1 + inner_lines);
        read_row(&header, &record, number, findings, &mut take);
    }
    if reader.position().byte() >= MOST_BYTES {
        let expected = "至多 256 MB / at most 256 MB";
        let hint = "确认这是要导入的名单 / check that this is the list you meant";
        findings
            .error(None, Fault { rule: "size", column: "", found: "更多 / more", expected, hint });
    }
}

fn lines_within(record: &ByteRecord) -> u64 {
    let count = record.as_slice().iter().filter(|it| **it == b'\n').count();
    u64::try_from(count).unwrap_or_default()
}

fn read_row(
    header: &[Option<&'static str>],
    record: &ByteRecord,
    number: u64,
    findings: &mut Findings,
    take: &mut impl FnMut(&Row<'_>, &mut Findings),
) {
    if record.iter().all(|it| it.trim_ascii().is_empty()) {
        return;
    }
    if record.len() != header.len() {
        let (found, expected) = (
            format!("{0} 格 / {0} cells", record.len()),
            format!("{0} 格 / {0} cells", header.len()),
        );
        let hint = "含逗号的文字应加引号 / put a text that holds a comma between quotation marks";
        let fault = Fault { rule: "columns", column: "", found: &found, expected: &expected, hint };
        findings.error(number, fault);
    }
    let mut cells = BTreeMap::new();
    for (name, cell) in header.iter().zip(record.iter()) {
        let Some(name) = name else { continue };
        match std::str::from_utf8(cell).map(str::trim) {
            Ok(text) if !text.chars().any(char::is_control) => {
                cells.insert(*name, text);
            }
            Ok(_) => {
                let fault = Fault {
                    rule: "text",
                    column: name,
                    found: "换行或其他控制字符 / a line break or another control character",
                    expected: "单行文字 / one line of text",
                    hint: "删去换行 / delete the line break",
                };
                findings.error(number, fault);
            }
            Err(_) => {
                let fault = Fault {
                    rule: "encoding",
                    column: name,
                    found: "非 UTF-8 字节 / bytes that are not UTF-8",
                    expected: "UTF-8 文字 / text in UTF-8",
                    hint: "存为 UTF-8 编码的 CSV / save the file as CSV in UTF-8",
                };
                findings.error(number, fault);
            }
        }
    }
    let is_sound = !findings.is_refused(number);
    take(&Row { number, is_sound, cells }, findings);
}

fn unreadable(findings: &mut Findings, row: u64, error: &csv::Error) {
    let found = error.to_string();
    let expected = "能读到末尾的文件 / a file that can be read to its end";
    let hint = "重新复制文件 / copy the file again";
    findings.error(row, Fault { rule: "unreadable", column: "", found: &found, expected, hint });
}

impl<'a> Row<'a> {
    /// The text of a cell; empty when the column is not there.
    pub(super) fn text(&self, column: &str) -> &'a str {
        self.cells.get(column).copied().unwrap_or_default()
    }

    /// A text that must be there.
    pub(super) fn needed(&self, column: &'static str, findings: &mut Findings) -> Option<&'a str> {
        let text = self.text(column);
        if text.is_empty() {
            let fault = Fault {
                rule: "missing",
                column,
                found: "",
                expected: "一个值 / a value",
                hint: "补填该单元格 / fill in the cell",
            };
            findings.error(self.number, fault);
            return None;
        }
        Some(text)
    }

    /// One of our own words, such as `nine_year`; may be empty.
    pub(super) fn word(&self, column: &'static str, findings: &mut Findings) -> Option<String> {
        let text = self.text(column);
        if is_word(text) || text.is_empty() {
            return Some(text.to_owned());
        }
        let fault = Fault {
            rule: "word",
            column,
            found: text,
            expected: "小写字母、数字、`_`、`-` 组成的词，至多 40 个字符 / a word of small letters, digits, `_` and `-`, at most 40",
            hint: "按规划的用词书写 / write the word as the plan does",
        };
        findings.error(self.number, fault);
        None
    }

    /// Words joined by `;`, or however people join them.
    pub(super) fn words(
        &self,
        column: &'static str,
        findings: &mut Findings,
    ) -> Option<Vec<String>> {
        let text = self.text(column);
        let words: Vec<&str> = joined(text).collect();
        if words.iter().all(|it| is_word(it)) {
            return Some(words.into_iter().map(str::to_owned).collect());
        }
        let fault = Fault {
            rule: "word",
            column,
            found: text,
            expected: "小写字母的词，用 `;` 连接 / words of small letters, joined by `;`",
            hint: "写法如 primary;junior / write like primary;junior",
        };
        findings.error(self.number, fault);
        None
    }

    /// A code that must be there.
    pub(super) fn code(&self, column: &'static str, findings: &mut Findings) -> Option<OrgCode> {
        let text = self.needed(column, findings)?;
        self.parsed(column, text, "code", findings)
    }

    /// Codes joined by `;`, or however people join them.
    pub(super) fn codes(
        &self,
        column: &'static str,
        findings: &mut Findings,
    ) -> Option<Vec<OrgCode>> {
        joined(self.text(column)).map(|it| self.parsed(column, it, "code", findings)).collect()
    }

    /// A code, or `Ok(None)` where the cell is empty.
    pub(super) fn optional_code(
        &self,
        column: &'static str,
        findings: &mut Findings,
    ) -> Option<Option<OrgCode>> {
        let text = self.text(column);
        if text.is_empty() {
            return Some(None);
        }
        self.parsed(column, text, "code", findings).map(Some)
    }

    /// A day that must be there.
    pub(super) fn day(&self, column: &'static str, findings: &mut Findings) -> Option<Date> {
        self.needed(column, findings)?;
        self.optional_day(column, findings)?
    }

    /// A day, or `Some(None)` where the cell is empty.
    pub(super) fn optional_day(
        &self,
        column: &'static str,
        findings: &mut Findings,
    ) -> Option<Option<Date>> {
        let text = self.text(column);
        if text.is_empty() {
            return Some(None);
        }
        let day = Some(text).filter(|it| it.len() == 10).and_then(|it| it.parse::<Date>().ok());
        if let Some(day) = day.filter(|it| (1000..=2200).contains(&it.year())) {
            return Some(Some(day));
        }
        let hint = if column == "valid_to" {
            "日期写法如 2024-09-01；仍有效则留空 / write the day like 2024-09-01, or leave the cell empty where it still holds"
        } else {
            "日期写法如 2024-09-01 / write the day like 2024-09-01"
        };
        let expected =
            "1000-01-01 至 2200-12-31 之间的日期 / a day between 1000-01-01 and 2200-12-31";
        let fault = Fault { rule: "date", column, found: text, expected, hint };
        findings.error(self.number, fault);
        None
    }

    /// A name in Chinese and English.
    pub(super) fn bilingual(&self, zh: &str, en: &str) -> Bilingual {
        Bilingual::new(self.text(zh), self.text(en))
    }

    fn parsed<T: FromStr<Err: Display>>(
        &self,
        column: &'static str,
        text: &str,
        rule: &'static str,
        findings: &mut Findings,
    ) -> Option<T> {
        text.parse().map_or_else(
            |_| {
                let fault = Fault {
                    rule,
                    column,
                    found: text,
                    expected: "1 至 32 个字母、数字、`-`、`_` 或 `.` 组成的代码 / a code of 1 to 32 letters, digits, `-`, `_` or `.`",
                    hint: "从登记册复制代码 / copy the code from the register",
                };
                findings.error(self.number, fault);
                None
            },
            Some,
        )
    }
}

/// The parts of a cell with several: neither words nor codes have any of these in them.
fn joined(text: &str) -> impl Iterator<Item = &str> {
    text.split([';', '；', ',', '，', '、', ' ', '\u{3000}', '\n']).filter(|it| !it.is_empty())
}

/// Whether a text is one of our own words.
pub(super) fn is_word(text: &str) -> bool {
    let plain =
        |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || matches!(it, '_' | '-');
    !text.is_empty() && text.len() <= 40 && text.chars().all(plain)
}
