//! Mappings: how a foreign file's columns and words become a dataset's.
//!
//! ```toml
//! sheet = "在校生"                 # of a workbook; else the first that holds the table
//! header_row = 3                  # else it is looked for
//! year_offset = 1911              # added to the years of another calendar
//! missing = ["-", "…"]            # words for "not known"
//! ignore = ["備註"]               # columns to pass over without a warning
//! [only]                          # rows with other words in these columns are passed over
//! "指標" = ["小学在校生数"]
//!
//! [columns]                       # theirs = "ours"
//! "學年度" = "year"
//! [constants]                     # ours = a value for every row
//! stage = "primary"
//! [values.sex]                    # theirs = "ours"; theirs may be "", for an empty cell
//! "男" = "M"
//! [times]                         # ours = factor, such as ten thousand yuan to yuan
//! equipment_value = 10000
//!
//! [[unpivot]]                     # each of these columns becomes a row of its own
//! into = "pupils"
//! columns = { "1年級男學生數" = { grade = "G1", sex = "M" } }
//! [[record]]                      # these columns together become a row of their own
//! constants = { grade = "G1" }
//! columns = { "1年級班級數" = "classes", "1年級男學生數" = "boys" }
//! ```

use std::collections::{BTreeMap, BTreeSet};

use model::dataset::{ColumnKind, Dataset};
use model::exact::Decimal;
use model::finding::{Finding, Severity};
use serde::Deserialize;

use super::cells::folded;
use super::rule::{Fault, Rule, excerpt};

/// A mapping file, checked against its dataset.
#[derive(Clone, Debug, Default)]
pub struct Mapping {
    pub(super) sheet: Option<String>,
    pub(super) header_row: Option<u64>,
    pub(super) year_offset: i64,
    /// Folded.
    pub(super) missing: Vec<String>,
    /// Folded headers.
    pub(super) ignore: Vec<String>,
    /// Folded header → folded words of the rows to take.
    pub(super) only: BTreeMap<String, BTreeSet<String>>,
    /// Folded header → column.
    pub(super) columns: BTreeMap<String, String>,
    pub(super) constants: BTreeMap<String, String>,
    /// Column → folded foreign word → our word.
    pub(super) values: BTreeMap<String, BTreeMap<String, String>>,
    pub(super) times: BTreeMap<String, Decimal>,
    pub(super) records: Vec<Record>,
}

/// One of the records that a wide row becomes.
#[derive(Clone, Debug, Default)]
pub(super) struct Record {
    pub(super) constants: BTreeMap<String, String>,
    /// Header, as written in the mapping, and column.
    pub(super) columns: Vec<(String, String)>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Written {
    sheet: Option<String>,
    header_row: Option<u64>,
    year_offset: i64,
    missing: Vec<String>,
    ignore: Vec<String>,
    only: BTreeMap<String, Vec<Scalar>>,
    columns: BTreeMap<String, String>,
    constants: BTreeMap<String, Scalar>,
    values: BTreeMap<String, BTreeMap<String, Scalar>>,
    times: BTreeMap<String, Scalar>,
    unpivot: Vec<WrittenUnpivot>,
    record: Vec<WrittenRecord>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenUnpivot {
    into: String,
    columns: BTreeMap<String, BTreeMap<String, Scalar>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenRecord {
    #[serde(default)]
    constants: BTreeMap<String, Scalar>,
    columns: BTreeMap<String, String>,
}

/// A value of a mapping file, however TOML writes it.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Scalar {
    Text(String),
    Integer(i64),
    Flag(bool),
    Float(f64),
    Date(toml::value::Datetime),
}

impl Scalar {
    pub(super) fn into_text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Integer(number) => number.to_string(),
            Self::Flag(flag) => u8::from(flag).to_string(),
            Self::Float(number) => number.to_string(),
            Self::Date(date) => date.to_string(),
        }
    }
}

impl Mapping {
    /// Reads a mapping file's text.
    ///
    /// # Errors
    /// The findings, each with the line it is about where that is known.
    pub fn read(file: &str, text: &str, dataset: &Dataset) -> Result<Self, Vec<Finding>> {
        let written: Written = toml::from_str(text).map_err(|error| {
            let line = error
                .span()
                .and_then(|it| text.get(..it.start))
                .map(|before| u64::try_from(before.matches('\n').count()).unwrap_or(0) + 1);
            let fault = Fault::new(
                Rule::Mapping,
                excerpt(error.message()),
                "TOML 映射文件 / a mapping file in TOML",
                "与 docs/mapping.md 中的示例核对 / compare it with the example in docs/mapping.md",
            );
            vec![fault.at(file, line, None, Severity::Error)]
        })?;
        let mapping = Self::from_written(written);
        let findings = mapping.check(file, text, dataset);
        if findings.is_empty() { Ok(mapping) } else { Err(findings) }
    }

    fn from_written(written: Written) -> Self {
        let texts = |it: BTreeMap<String, Scalar>| -> BTreeMap<String, String> {
            it.into_iter().map(|(name, value)| (name, value.into_text())).collect()
        };
        let mut records = Vec::new();
        for unpivot in written.unpivot {
            for (header, constants) in unpivot.columns {
                let columns = vec![(header, unpivot.into.clone())];
                records.push(Record { constants: texts(constants), columns });
            }
        }
        for record in written.record {
            let columns = record.columns.into_iter().collect();
            records.push(Record { constants: texts(record.constants), columns });
        }
        let words = |it: BTreeMap<String, Scalar>| {
            it.into_iter().map(|(theirs, ours)| (folded(&theirs), ours.into_text())).collect()
        };
        let wanted = |it: Vec<Scalar>| it.into_iter().map(|it| folded(&it.into_text())).collect();
        // A factor that is no number stays as zero, which the check refuses.
        let factor = |it: Scalar| it.into_text().parse().unwrap_or(Decimal::ZERO);
        Self {
            sheet: written.sheet,
            header_row: written.header_row,
            year_offset: written.year_offset,
            missing: written.missing.iter().map(|it| folded(it)).collect(),
            ignore: written.ignore.iter().map(|it| folded(it)).collect(),
            only: written
                .only
                .into_iter()
                .map(|(it, words)| (folded(&it), wanted(words)))
                .collect(),
            columns: written.columns.into_iter().map(|(it, ours)| (folded(&it), ours)).collect(),
            constants: texts(written.constants),
            values: written.values.into_iter().map(|(it, map)| (it, words(map))).collect(),
            times: written.times.into_iter().map(|(it, value)| (it, factor(value))).collect(),
            records,
        }
    }

    /// The columns that all records, or some, take their value for from the mapping.
    pub(super) fn fills(&self, column: &str) -> bool {
        self.constants.contains_key(column)
            || self.records.iter().any(|it| {
                it.constants.contains_key(column)
                    || it.columns.iter().any(|(_, ours)| ours == column)
            })
    }

    fn check(&self, file: &str, text: &str, dataset: &Dataset) -> Vec<Finding> {
        let mut faults: Vec<(String, Fault)> = Vec::new();
        let known = self
            .columns
            .values()
            .chain(self.constants.keys())
            .chain(self.values.keys())
            .chain(self.times.keys())
            .chain(self.records.iter().flat_map(|it| it.constants.keys()))
            .chain(self.records.iter().flat_map(|it| it.columns.iter().map(|(_, ours)| ours)));
        for name in known {
            let derived = dataset.derived.as_ref().is_some_and(|it| it.columns.contains(name));
            if dataset.column(name).is_none() || derived {
                let names: Vec<&str> = dataset.columns.iter().map(|it| it.name.as_str()).collect();
                let fault = Fault::new(
                    Rule::Mapping,
                    excerpt(name),
                    format!("{0} 的列 / a column of {0}: {1}", dataset.name, names.join(", ")),
                    if derived {
                        "该列由系统计算：请删去 / this column is computed: take it out"
                    } else {
                        "改正名称 / correct the name"
                    },
                );
                faults.push((name.clone(), fault));
            }
        }
        for (name, factor) in &self.times {
            let numeric = dataset.column(name).is_some_and(|it| {
                matches!(it.kind, ColumnKind::Integer | ColumnKind::Decimal { .. })
            });
            let small = factor.units().unsigned_abs() < 1_000_000_000_000_000;
            if !numeric || !small || factor.is_zero() {
                let fault = Fault::new(
                    Rule::Mapping,
                    format!("{name} 的系数 / a factor for {name}"),
                    "数值列的非 0 系数，至多 15 位 / a number that is not 0, of at most 15 digits, for a column of numbers",
                    "改正系数，或删去 / correct the factor or take it out",
                );
                faults.push((name.clone(), fault));
            }
        }
        if !(-10_000..=10_000).contains(&self.year_offset) {
            let fault = Fault::new(
                Rule::Mapping,
                self.year_offset.to_string(),
                "-10000 至 10000 之间的偏移 / an offset between -10000 and 10000",
                "民国纪年应为 1911 / for the calendar of the Republic of China it is 1911",
            );
            faults.push(("year_offset".to_owned(), fault));
        }
        let line = |word: &str| {
            let at = text.lines().position(|it| it.contains(word))?;
            u64::try_from(at + 1).ok()
        };
        faults
            .into_iter()
            .map(|(word, fault)| fault.at(file, line(&word), None, Severity::Error))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;

    fn read(text: &str) -> Result<Mapping, Vec<Finding>> {
        Mapping::read("mapping.toml", text, &samples::classes())
    }

    #[test]
    fn a_wide_column_becomes_a_record() {
        let mapping = read(
            r#"
            year_offset = 1911
            [columns]
            "學校代碼" = "school"
            [constants]
            stage = "primary"
            [[unpivot]]
            into = "pupils"
            columns = { "1年級" = { grade = "G1" }, "2年級" = { grade = "G2" } }
            [[record]]
            constants = { grade = "G3", class_number = 1 }
            columns = { "3年級" = "pupils" }
            "#,
        )
        .unwrap();
        assert_eq!(mapping.records.len(), 3);
        assert_eq!(mapping.records[2].constants["class_number"], "1");
        assert!(mapping.fills("pupils") && mapping.fills("stage") && !mapping.fills("school"));
    }

    #[track_caller]
    fn check(text: &str, line: Option<u64>, found: &str) {
        let findings = read(text).unwrap_err();
        assert_eq!((findings[0].row, findings[0].found.as_str()), (line, found));
    }

    #[test]
    fn the_documented_example_is_a_mapping_file() {
        let text = include_str!("../../../../docs/mapping.md");
        let example = text.split("```").nth(1).and_then(|it| it.strip_prefix("toml")).unwrap();
        let written: Written = toml::from_str(example).unwrap();
        assert_eq!(
            (written.year_offset, written.unpivot.len(), written.record.len()),
            (1911, 1, 1)
        );
    }

    #[test]
    fn a_slip_is_found_with_its_line() {
        check("[columns]\na = 'school'\nb = 'shcool'", Some(3), "shcool");
        check("[times]\nschool = 10", Some(2), "school 的系数 / a factor for school");
        check("[times]\npupils = 0", Some(2), "pupils 的系数 / a factor for pupils");
        check("[times]\npupils = 'ten'", Some(2), "pupils 的系数 / a factor for pupils");
        check("\nyear_offset = 99999999", Some(2), "99999999");
        assert_eq!(read("\n\nnonsense").unwrap_err()[0].row, Some(3));
        assert_eq!(read("colums = {}").unwrap_err()[0].rule, "mapping");
    }
}
