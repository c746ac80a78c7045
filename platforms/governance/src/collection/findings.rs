//! Findings files: what a school or district must mend, as a table it can open.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use model::finding::{Finding, Severity};
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use super::rule::title_zh;

/// Findings kept to be shown at once; the file has all of them.
const SHOWN: usize = 1_000;

/// Rows of a workbook of findings; a longer list is for a separated file.
const WORKBOOK_ROWS: u32 = 200_000;

const HEADER: [&str; 8] = [
    "行 row",
    "列 column",
    "规则 rule",
    "说明 title",
    "发现 found",
    "应为 expected",
    "提示 hint",
    "级别 severity",
];

/// The findings file could not be written.
#[derive(Debug, thiserror::Error)]
pub enum FindingsError {
    #[error("the findings file {path} could not be written")]
    Csv {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("the findings file {path} could not be written")]
    Workbook {
        path: PathBuf,
        #[source]
        source: Box<XlsxError>,
    },
    #[error("the findings file {path} must end in .csv or .xlsx")]
    Form { path: PathBuf },
}

/// How often a rule was broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleCount {
    pub rule: &'static str,
    pub title_zh: &'static str,
    pub severity: Severity,
    pub count: u64,
}

/// Takes findings as they come: counts all, keeps the first, writes them on.
#[derive(Debug, Default)]
pub struct Findings {
    first: Vec<Finding>,
    counts: BTreeMap<(Severity, &'static str), u64>,
    file: Option<FindingsFile>,
}

impl Findings {
    /// Findings that also go to a file, in the form its ending names.
    ///
    /// # Errors
    /// When the file cannot be made or has another ending.
    pub fn to_file(path: &Path) -> Result<Self, FindingsError> {
        Ok(Self { file: Some(FindingsFile::create(path)?), ..Self::default() })
    }

    /// # Errors
    /// When the file cannot be written on.
    pub fn take(
        &mut self,
        findings: impl IntoIterator<Item = Finding>,
    ) -> Result<(), FindingsError> {
        for finding in findings {
            *self.counts.entry((finding.severity, finding.rule)).or_default() += 1;
            if let Some(file) = &mut self.file {
                file.write(&finding)?;
            }
            if self.first.len() < SHOWN {
                self.first.push(finding);
            }
        }
        Ok(())
    }

    /// The first thousand findings.
    pub fn first(&self) -> &[Finding] {
        &self.first
    }

    /// How many findings there are of a severity.
    pub fn count(&self, severity: Severity) -> u64 {
        self.counts.iter().filter(|((it, _), _)| *it == severity).map(|(_, count)| count).sum()
    }

    /// Errors first, by rule.
    pub fn by_rule(&self) -> Vec<RuleCount> {
        let count = |((severity, rule), count): (&(Severity, &'static str), &u64)| RuleCount {
            rule,
            title_zh: title_zh(rule),
            severity: *severity,
            count: *count,
        };
        self.counts.iter().map(count).collect()
    }

    /// Ends the file, so that it is whole on the disk.
    ///
    /// # Errors
    /// When the file cannot be written to its end.
    pub fn finish(&mut self) -> Result<(), FindingsError> {
        let summary = self.by_rule();
        self.file.take().map_or(Ok(()), |it| it.finish(&summary))
    }
}

enum FindingsFile {
    Csv { path: PathBuf, writer: Box<csv::Writer<BufWriter<File>>> },
    Workbook { path: PathBuf, workbook: Box<Workbook>, row: u32 },
}

impl std::fmt::Debug for FindingsFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (Self::Csv { path, .. } | Self::Workbook { path, .. }) = self;
        f.debug_tuple("FindingsFile").field(path).finish()
    }
}

impl FindingsFile {
    fn create(path: &Path) -> Result<Self, FindingsError> {
        let path = path.to_owned();
        let ending = path.extension().map(|it| it.to_ascii_lowercase());
        match ending.as_ref().and_then(|it| it.to_str()) {
            Some("csv") => {
                let failed = |source| FindingsError::Csv { path: path.clone(), source };
                let mut file = BufWriter::new(File::create(&path).map_err(failed)?);
                // The mark by which spreadsheet programs know UTF-8.
                file.write_all("\u{feff}".as_bytes()).map_err(failed)?;
                let mut writer = Box::new(csv::Writer::from_writer(file));
                writer.write_record(HEADER).map_err(|it| failed(it.into()))?;
                Ok(Self::Csv { path, writer })
            }
            Some("xlsx") => {
                // Made now, so that a wrong place is known before the work is done.
                File::create(&path)
                    .map_err(|source| FindingsError::Csv { path: path.clone(), source })?;
                let mut workbook = Box::new(Workbook::new());
                sheet(&mut workbook).map_err(failed(&path))?;
                Ok(Self::Workbook { path, workbook, row: 1 })
            }
            _ => Err(FindingsError::Form { path }),
        }
    }

    fn write(&mut self, finding: &Finding) -> Result<(), FindingsError> {
        let row = finding.row.map_or(String::new(), |it| it.to_string());
        let cells = [
            row.as_str(),
            finding.column.as_deref().unwrap_or_default(),
            finding.rule,
            title_zh(finding.rule),
            &finding.found,
            &finding.expected,
            &finding.hint,
            finding.severity.as_str(),
        ];
        match self {
            Self::Csv { path, writer } => writer
                .write_record(cells.map(harmless))
                .map_err(|it| FindingsError::Csv { path: path.clone(), source: it.into() }),
            Self::Workbook { path, workbook, row: at } => {
                if *at < WORKBOOK_ROWS {
                    let sheet = workbook.worksheet_from_index(0).map_err(failed(path))?;
                    write_finding(sheet, *at, finding.row, cells).map_err(failed(path))?;
                }
                *at = at.saturating_add(1);
                Ok(())
            }
        }
    }

    fn finish(self, summary: &[RuleCount]) -> Result<(), FindingsError> {
        match self {
            Self::Csv { path, writer } => {
                let ended = writer.into_inner().map_err(|it| io::Error::other(it.to_string()));
                let ended =
                    ended.and_then(|it| it.into_inner().map_err(io::IntoInnerError::into_error));
                ended
                    .and_then(|it| it.sync_all())
                    .map_err(|source| FindingsError::Csv { path, source })
            }
            Self::Workbook { path, mut workbook, row } => {
                write_summary(&mut workbook, summary, row.saturating_sub(1))
                    .map_err(failed(&path))?;
                workbook.save(&path).map_err(failed(&path))
            }
        }
    }
}

fn failed(path: &Path) -> impl FnOnce(XlsxError) -> FindingsError {
    let path = path.to_owned();
    move |source| FindingsError::Workbook { path, source: Box::new(source) }
}

/// A text that no spreadsheet program takes for a formula.
fn harmless(text: &str) -> String {
    let is_number =
        text.trim_start_matches(['-', '+']).bytes().all(|it| it.is_ascii_digit() || it == b'.');
    if text.starts_with(['=', '+', '-', '@', '\t']) && !is_number {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

fn sheet(workbook: &mut Workbook) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    let sheet = workbook.add_worksheet().set_name("findings")?;
    for (column, (name, width)) in (0..).zip(HEADER.iter().zip([8, 18, 16, 16, 30, 40, 50, 10])) {
        sheet.write_string_with_format(0, column, *name, &bold)?;
        sheet.set_column_width(column, width)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

fn write_finding(
    sheet: &mut Worksheet,
    at: u32,
    row: Option<u64>,
    cells: [&str; 8],
) -> Result<(), XlsxError> {
    for (column, text) in (0..).zip(cells) {
        match row.filter(|_| column == 0) {
            Some(row) => sheet.write_number(at, column, u32::try_from(row).unwrap_or(u32::MAX))?,
            None => sheet.write_string(at, column, text)?,
        };
    }
    Ok(())
}

fn write_summary(
    workbook: &mut Workbook,
    summary: &[RuleCount],
    all: u32,
) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    let sheet = workbook.add_worksheet().set_name("summary")?;
    for (column, name) in (0..).zip(["规则 rule", "说明 title", "级别 severity", "次数 count"])
    {
        sheet.write_string_with_format(0, column, name, &bold)?;
        sheet.set_column_width(column, 18)?;
    }
    let mut at = 1;
    for it in summary {
        sheet.write_string(at, 0, it.rule)?;
        sheet.write_string(at, 1, it.title_zh)?;
        sheet.write_string(at, 2, it.severity.as_str())?;
        sheet.write_number(at, 3, u32::try_from(it.count).unwrap_or(u32::MAX))?;
        at += 1;
    }
    if all >= WORKBOOK_ROWS {
        let text = format!(
            "{all} findings, the first {} of them here: name a .csv file to have all",
            WORKBOOK_ROWS - 1
        );
        sheet.write_string(at + 1, 0, text)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use calamine::{Reader, Xlsx, open_workbook};

    use super::super::rule::{Fault, Rule};
    use super::*;

    fn some() -> Vec<Finding> {
        let fault = |found: &str| Fault::new(Rule::Range, found, "0 to 100", "check it");
        vec![
            fault("-1").at("f.csv", Some(3), Some("pupils"), Severity::Error),
            fault("=HYPERLINK(\"x\")").at("f.csv", Some(4), Some("pupils"), Severity::Error),
            fault("twice").at("f.csv", None, None, Severity::Warning),
        ]
    }

    #[test]
    fn a_separated_file_opens_harmlessly_in_a_spreadsheet() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("findings.csv");
        let mut findings = Findings::to_file(&path).unwrap();
        findings.take(some()).unwrap();
        findings.finish().unwrap();
        let written = std::fs::read_to_string(path).unwrap();
        assert_eq!(
            written.lines().skip(1).collect::<Vec<_>>(),
            [
                "3,pupils,range,超出范围,-1,0 to 100,check it,error",
                "4,pupils,range,超出范围,\"'=HYPERLINK(\"\"x\"\")\",0 to 100,check it,error",
                ",,range,超出范围,twice,0 to 100,check it,warning",
            ]
        );
        assert!(written.starts_with("\u{feff}行 row,列 column,规则 rule,"));
        assert_eq!((findings.count(Severity::Error), findings.count(Severity::Warning)), (2, 1));
        assert_eq!(findings.by_rule().len(), 2);
    }

    #[test]
    fn a_workbook_has_the_findings_and_their_sum() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("findings.XLSX");
        let mut findings = Findings::to_file(&path).unwrap();
        findings.take(some()).unwrap();
        findings.finish().unwrap();
        let mut workbook: Xlsx<_> = open_workbook(path).unwrap();
        let rows = workbook.worksheet_range("findings").unwrap();
        assert_eq!(rows.height(), 4);
        assert_eq!(rows.get_value((1, 0)).unwrap().to_string(), "3");
        let summary = workbook.worksheet_range("summary").unwrap();
        assert_eq!(summary.get_value((1, 3)).unwrap().to_string(), "2");
    }

    #[test]
    fn another_ending_is_refused() {
        let error = Findings::to_file(Path::new("findings.pdf")).unwrap_err();
        assert_eq!(error.to_string(), "the findings file findings.pdf must end in .csv or .xlsx");
    }
}
