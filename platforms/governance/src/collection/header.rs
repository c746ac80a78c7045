//! Headers: which row of a sheet names the columns, and which column each name means.

use std::collections::{BTreeMap, BTreeSet};

use csv::StringRecord;
use model::dataset::{Column, Dataset};
use model::finding::{Finding, Severity};

use super::cells::folded;
use super::mapping::Mapping;
use super::rule::{Fault, Rule, excerpt};

/// Rows in which a header is looked for.
pub(super) const DEPTH: usize = 20;

/// Where each column of a dataset stands in a row of a file.
#[derive(Clone, Debug, Default)]
pub(super) struct Header {
    pub(super) row: u64,
    /// The names as the file has them.
    pub(super) names: Vec<String>,
    /// Column → position.
    pub(super) columns: BTreeMap<String, usize>,
    /// Folded name → position, for the columns that the mapping spreads over records.
    pub(super) spread: BTreeMap<String, usize>,
    /// Folded name → position, for the columns that say which rows to take.
    pub(super) only: BTreeMap<String, usize>,
}

/// Knows the names that mean a column.
#[derive(Debug)]
pub(super) struct Names<'a> {
    dataset: &'a Dataset,
    mapping: &'a Mapping,
    /// Folded name → column.
    ours: BTreeMap<String, &'a str>,
    spread: Vec<String>,
}

impl<'a> Names<'a> {
    pub(super) fn new(dataset: &'a Dataset, mapping: &'a Mapping) -> Self {
        let mut ours = BTreeMap::new();
        // A title that two columns share means neither; a name always means its own.
        for column in &dataset.columns {
            for title in [&column.title.zh, &column.title.en] {
                let taken = ours.insert(folded(title), column.name.as_str());
                if taken.is_some_and(|it| it != column.name) {
                    ours.remove(&folded(title));
                }
            }
        }
        for column in &dataset.columns {
            ours.insert(folded(&column.name), column.name.as_str());
        }
        ours.remove("");
        let spread = mapping
            .records
            .iter()
            .flat_map(|it| it.columns.iter().map(|(header, _)| folded(header)));
        Self { dataset, mapping, ours, spread: spread.collect() }
    }

    /// The column that a name in a file means. The mapping goes first.
    fn column(&self, name: &str) -> Option<&str> {
        if let Some(column) = self.mapping.columns.get(&folded(name)) {
            return Some(column);
        }
        spellings(name).iter().find_map(|it| self.ours.get(it).copied())
    }

    /// How many columns a row would name as a header.
    fn score(&self, row: &StringRecord) -> usize {
        row.iter()
            .filter(|it| self.column(it).is_some() || self.spread.contains(&folded(it)))
            .count()
    }

    /// The row among the first ones that names most columns; at least two, or all there are.
    pub(super) fn find(&self, rows: &[(u64, StringRecord)]) -> Option<usize> {
        if let Some(wanted) = self.mapping.header_row {
            return rows.iter().position(|(number, _)| *number == wanted);
        }
        let least = self.dataset.columns.len().min(2);
        let scored =
            rows.iter().enumerate().map(|(position, (_, row))| (self.score(row), position));
        scored
            .filter(|(score, _)| *score >= least)
            .max_by_key(|(score, position)| (*score, std::cmp::Reverse(*position)))
            .map(|(_, position)| position)
    }

    /// Reads a row as the header. Errors among the findings keep the whole file out.
    pub(super) fn read(
        &self,
        file: &str,
        number: u64,
        row: &StringRecord,
    ) -> (Header, Vec<Finding>) {
        let mut header = Header { row: number, ..Header::default() };
        let mut findings = Vec::new();
        let mut find = |column: Option<&str>, severity, fault: Fault| {
            findings.push(fault.at(file, Some(number), column, severity));
        };
        for (position, name) in row.iter().enumerate() {
            header.names.push(excerpt(name.trim()));
            let folded = folded(name);
            let spread = self.spread.contains(&folded);
            if spread && header.spread.insert(folded.clone(), position).is_some() {
                find(Some(name), Severity::Error, twice(name));
            }
            let tells = self.mapping.only.contains_key(&folded);
            if tells && header.only.insert(folded.clone(), position).is_some() {
                find(Some(name), Severity::Error, twice(name));
            }
            if let Some(column) = self.column(name) {
                let derived = self
                    .dataset
                    .derived
                    .as_ref()
                    .is_some_and(|it| it.columns.iter().any(|it| it == column));
                if derived {
                    find(Some(column), Severity::Warning, computed());
                } else if header.columns.insert(column.to_owned(), position).is_some() {
                    find(Some(column), Severity::Error, twice(name));
                }
            } else if !spread
                && !tells
                && !folded.is_empty()
                && !self.mapping.ignore.contains(&folded)
            {
                find(Some(&excerpt(name)), Severity::Warning, unknown(name));
            }
        }
        for (fault, severity, column) in self.missing(&header) {
            find(Some(&column), severity, fault);
        }
        (header, findings)
    }

    /// The dataset's columns that neither the file has nor the mapping or a rule fills.
    pub(super) fn absent(&self, header: &Header) -> impl Iterator<Item = &'a Column> {
        let derived = self.dataset.derived.iter().flat_map(|it| &it.columns);
        let filled: BTreeSet<&String> = derived.chain(header.columns.keys()).collect();
        let is_absent = |it: &&Column| !filled.contains(&it.name) && !self.mapping.fills(&it.name);
        let absent: Vec<&Column> = self.dataset.columns.iter().filter(is_absent).collect();
        absent.into_iter()
    }

    /// What to tell of columns that the file does not have.
    fn missing(&self, header: &Header) -> Vec<(Fault, Severity, String)> {
        let mut faults = Vec::new();
        for column in self.absent(header) {
            let severity = if column.required { Severity::Error } else { Severity::Warning };
            let hint = if column.required {
                "补上该列，或在映射文件中指明本文件的列 / add the column, or name the file's own column in a mapping file"
            } else {
                "该列按缺失处理；如有数据请补上该列 / its values are kept as missing; add the column if they are known"
            };
            let found = "无此列 / no such column";
            let fault = Fault::new(Rule::MissingColumn, found, named(column), hint);
            faults.push((fault, severity, column.name.clone()));
        }
        let headers =
            self.mapping.records.iter().flat_map(|it| it.columns.iter().map(|(name, _)| name));
        let spread = headers.filter(|it| !header.spread.contains_key(&folded(it)));
        let only = self.mapping.only.keys().filter(|it| !header.only.contains_key(*it));
        for name in spread.chain(only) {
            let fault = Fault::new(
                Rule::MissingColumn,
                "无此列 / no such column",
                format!("列 {name} / a column {name}"),
                "把表头与映射文件核对 / compare the header with the mapping file",
            );
            faults.push((fault, Severity::Error, name.clone()));
        }
        faults
    }
}

/// Ways to read one name: whole, each part of a bilingual one, each without its unit in brackets.
fn spellings(name: &str) -> Vec<String> {
    let parts = std::iter::once(name).chain(name.split(['\n', '\r', '/', '|']));
    let mut spellings = Vec::new();
    for part in parts {
        let part = folded(part);
        if let Some((bare, _)) = part.split_once(['(', '[', '（']) {
            let bare = bare.to_owned();
            spellings.push(part);
            spellings.push(bare);
        } else {
            spellings.push(part);
        }
    }
    spellings.retain(|it| !it.is_empty());
    spellings
}

fn twice(name: &str) -> Fault {
    Fault::new(
        Rule::Header,
        format!("{0} 出现两次 / {0} twice", excerpt(name)),
        "每列一次 / each column once",
        "删去其中一列，或在映射文件中指明正确的一列 / delete one of the two, or name the right one in a mapping file",
    )
}

fn computed() -> Fault {
    Fault::new(
        Rule::DerivedColumn,
        "导入时计算的列 / a column that is computed on import",
        "只要计算所依据的列 / only the columns it is computed from",
        "该列由系统计算，已略过；请删去此列 / its values were passed over; leave the column out",
    )
}

fn unknown(name: &str) -> Fault {
    Fault::new(
        Rule::UnknownColumn,
        excerpt(name),
        "数据集的列 / a column of the dataset",
        "该列未读取；如需要，请在映射文件中说明其含义 / it was not read; name its meaning in a mapping file if it is wanted",
    )
}

/// A column as findings name it.
fn named(column: &Column) -> String {
    format!("列 {0}（{1}） / a column {0} ({2})", column.name, column.title.zh, column.title.en)
}

/// The finding when rows that are replaced had values in a column that the file does not have.
pub(super) fn emptied(column: &Column, rows: u64) -> Fault {
    Fault::new(
        Rule::MissingColumn,
        format!(
            "被替换的 {rows} 行在此列有值 / rows that are replaced and have a value there: {rows}"
        ),
        named(column),
        "替换后这些值不再保留：请补上该列，或先用 --dry-run 核对 / these values are gone when the rows are replaced: add the column to the file; --dry-run tells before anything is changed",
    )
}

/// The finding when no row of a file names its columns.
pub(super) fn none_found(dataset: &Dataset) -> Fault {
    let names: Vec<String> = dataset
        .columns
        .iter()
        .filter(|it| it.required)
        .map(|it| format!("{} ({})", it.name, it.title.zh))
        .collect();
    Fault::new(
        Rule::Header,
        "无表头 / no header",
        format!(
            "前 {DEPTH} 行中写有列名的一行 / a row among the first {DEPTH} that names columns, such as {}",
            names.join(", ")
        ),
        "在数据行上方写列名，或用映射文件说明本文件的列名 / put the column names above the rows, or give a mapping file with the file's own names",
    )
}

/// The finding when nothing stands below the header.
pub(super) fn nothing_below() -> Fault {
    Fault::new(
        Rule::File,
        "无数据行 / no rows",
        "表头下的数据行 / rows below the header",
        "核对是否选对了文件和工作表 / check that this is the file and the sheet that was meant",
    )
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;

    #[track_caller]
    fn check(header: &[&str], expected: &str) {
        let (dataset, mapping) = (samples::classes(), Mapping::default());
        let names = Names::new(&dataset, &mapping);
        let (header, findings) = names.read("f.csv", 1, &StringRecord::from(header.to_vec()));
        let mut shown: Vec<String> =
            header.columns.iter().map(|(name, position)| format!("{name}={position}")).collect();
        shown.extend(
            findings
                .iter()
                .filter(|it| it.severity == Severity::Error)
                .map(|it| format!("{}:{}", it.rule, it.column.as_deref().unwrap_or_default())),
        );
        assert_eq!(shown.join(" "), expected);
    }

    #[test]
    fn names_and_titles_in_any_width_and_case() {
        check(
            &[
                "Ｓｃｈｏｏｌ",
                "学年（起始年）",
                "STAGE",
                "年级/Grade",
                "班号",
                "学生数 (人)",
                "grade_pupils",
            ],
            "class_number=4 grade=3 grade_pupils=6 pupils=5 school=0 stage=2 year=1",
        );
        check(
            &["school", "year", "school"],
            "school=2 year=1 header:school missing-column:stage missing-column:grade \
             missing-column:class_number missing-column:pupils",
        );
    }

    #[test]
    fn the_header_may_stand_below_a_title() {
        let (dataset, mapping) = (samples::classes(), Mapping::default());
        let row = |cells: &[&str]| StringRecord::from(cells.to_vec());
        let rows = [
            (1, row(&["班级情况表"])),
            (3, row(&["学校代码", "school", "year"])),
            (4, row(&["a", "b"])),
        ];
        assert_eq!(Names::new(&dataset, &mapping).find(&rows), Some(1));
        assert_eq!(Names::new(&dataset, &mapping).find(&rows[..1]), None);
        let mapping = Mapping { header_row: Some(4), ..Mapping::default() };
        assert_eq!(Names::new(&dataset, &mapping).find(&rows), Some(2));
    }
}
