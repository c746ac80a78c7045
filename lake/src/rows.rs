//! The rows behind a figure.

use std::fs::File;
use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Int32Type, Schema};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use model::dataset::{ColumnKind, Disclosure};
use model::{OrgCode, Year};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::LakeError;
use crate::expression::{Compiled, Expect, Planner, evaluate_mask};
use crate::schema::{file_schema, laid_out};
use crate::table::Table;

/// Which rows are asked for.
#[derive(Clone, Debug)]
pub struct RowQuery {
    pub year: Year,
    /// Rows of these organisations; of all when empty.
    pub organisations: Vec<OrgCode>,
    /// SQL predicate over the dataset's columns; rows where it is true.
    pub predicate: Option<String>,
    /// Rows to show; the count is of all.
    pub limit: usize,
    /// Whether personal columns are shown as a mask.
    pub masked: bool,
}

/// Rows as text, with the count of all that match.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    pub columns: Vec<String>,
    pub rows: Vec<Vec<Option<String>>>,
    pub total: u64,
}

/// Stands where a personal value is withheld.
const MASK: &str = "•••";

impl Table {
    /// The rows of this version that match, in the table's order (organisation, then key).
    pub fn rows_where(&self, query: &RowQuery) -> Result<Rows, LakeError> {
        let schema = file_schema(&self.dataset);
        let planner = Planner::over(Arc::clone(&schema));
        let predicate = query.predicate.as_deref();
        let compiled = predicate.map(|it| planner.compile(it, Expect::Predicate)).transpose();
        let compiled = compiled.map_err(|it| LakeError::Declaration {
            dataset: self.dataset.name.clone(),
            what: it.message,
            hint: it.hint,
        })?;
        let mut found = Rows { columns: names(&schema), ..Rows::default() };
        let mut wanted: Vec<&str> = query.organisations.iter().map(OrgCode::as_str).collect();
        wanted.sort_unstable();
        for file in self.files().iter().filter(|it| it.year == query.year) {
            let path = self.folder.join(&file.path);
            let opened = File::open(&path).map_err(LakeError::file("open", &path))?;
            let reader = ParquetRecordBatchReaderBuilder::try_new(opened)
                .and_then(|it| it.with_batch_size(8_192).build())
                .map_err(LakeError::parquet(&path))?;
            for batch in reader {
                let batch = batch.and_then(|it| laid_out(&it, &schema));
                let batch = batch.map_err(LakeError::arrow(&self.dataset.name))?;
                self.add_matching(&batch, query, &wanted, compiled.as_ref(), &mut found)?;
            }
        }
        Ok(found)
    }

    fn add_matching(
        &self,
        batch: &RecordBatch,
        query: &RowQuery,
        wanted: &[&str],
        compiled: Option<&Compiled>,
        found: &mut Rows,
    ) -> Result<(), LakeError> {
        let sql = query.predicate.as_deref().unwrap_or_default();
        let mask = compiled.map(|it| evaluate_mask(&it.expression, batch)).transpose();
        let mask = mask.map_err(LakeError::expression(sql))?;
        let organisation = self.organisation_is_wanted(batch, wanted);
        let options = FormatOptions::default();
        let mut cells = Vec::new();
        for (array, name) in batch.columns().iter().zip(&found.columns) {
            let column = self.dataset.column(name);
            let withheld = query.masked
                && column.is_some_and(|it| {
                    it.disclosure == Disclosure::Personal
                        || matches!(it.kind, ColumnKind::Person(_))
                });
            let formatter = ArrayFormatter::try_new(array, &options)
                .map_err(LakeError::arrow(&self.dataset.name))?;
            cells.push((array, formatter, withheld));
        }
        for row in 0..batch.num_rows() {
            let matches = mask.as_ref().is_none_or(|it| it.is_valid(row) && it.value(row));
            if !matches || !organisation(row) {
                continue;
            }
            found.total += 1;
            if found.rows.len() >= query.limit {
                continue;
            }
            let text = cells.iter().map(|(array, formatter, withheld)| {
                if array.is_null(row) {
                    None
                } else if *withheld {
                    Some(MASK.to_owned())
                } else {
                    Some(formatter.value(row).to_string())
                }
            });
            found.rows.push(text.collect());
        }
        Ok(())
    }

    /// Looks each school up once per batch, not once per row.
    fn organisation_is_wanted(
        &self,
        batch: &RecordBatch,
        wanted: &[&str],
    ) -> impl Fn(usize) -> bool + use<> {
        let column = self.dataset.organisation_column().map(|it| it.name.as_str());
        let codes = column
            .and_then(|it| batch.column_by_name(it))
            .and_then(|it| it.as_dictionary_opt::<Int32Type>())
            .cloned();
        let all = wanted.is_empty();
        let is_wanted: Vec<bool> = codes
            .as_ref()
            .and_then(|it| it.values().as_string_opt::<i32>().cloned())
            .map(|words| {
                let found =
                    |it: Option<&str>| it.is_some_and(|it| wanted.binary_search(&it).is_ok());
                words.iter().map(found).collect()
            })
            .unwrap_or_default();
        move |row| {
            all || codes.as_ref().is_some_and(|it| {
                let key = it.is_valid(row).then(|| usize::try_from(it.keys().value(row)).ok());
                key.flatten().and_then(|key| is_wanted.get(key)).copied().unwrap_or(false)
            })
        }
    }
}

fn names(schema: &Schema) -> Vec<String> {
    schema.fields().iter().map(|it| it.name().clone()).collect()
}
