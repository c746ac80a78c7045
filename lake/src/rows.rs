//! The rows behind a figure.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, RecordBatch};
use arrow::datatypes::Schema;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use model::dataset::{ColumnKind, Disclosure};
use model::{OrgCode, Year};
use parquet::arrow::arrow_reader::{
    ParquetRecordBatchReader as Reader, ParquetRecordBatchReaderBuilder,
};
use parquet::errors::ParquetError;

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

/// Organisations whose rows are wanted.
type Wanted<'a> = BTreeSet<&'a str>;

/// Rows at a time.
const BATCH: usize = 8_192;

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
        let wanted: Wanted<'_> = query.organisations.iter().map(OrgCode::as_str).collect();
        for file in self.files().iter().filter(|it| it.year == query.year) {
            let path = self.folder.join(&file.path);
            let reader = self.reader(&path, &wanted).map_err(LakeError::parquet(&path))?;
            for batch in reader.into_iter().flatten() {
                let batch = batch.and_then(|it| laid_out(&it, &schema));
                let batch = batch.map_err(LakeError::arrow(&self.dataset.name))?;
                self.add_matching(&batch, query, compiled.as_ref(), &mut found)?;
            }
        }
        Ok(found)
    }

    /// Reads the rows of organisations; all rows where none are named, and no reader where the file has none of theirs.
    fn reader(&self, path: &Path, wanted: &Wanted<'_>) -> Result<Option<Reader>, ParquetError> {
        if wanted.is_empty() {
            let builder = ParquetRecordBatchReaderBuilder::try_new(File::open(path)?)?;
            return Ok(Some(builder.with_batch_size(BATCH).build()?));
        }
        // Rows of no organisation are nobody's.
        let Some(column) = self.dataset.organisation_column() else { return Ok(None) };
        self.places().reader(path, &column.name, |it| wanted.contains(it))
    }

    fn add_matching(
        &self,
        batch: &RecordBatch,
        query: &RowQuery,
        compiled: Option<&Compiled>,
        found: &mut Rows,
    ) -> Result<(), LakeError> {
        let sql = query.predicate.as_deref().unwrap_or_default();
        let mask = compiled.map(|it| evaluate_mask(&it.expression, batch)).transpose();
        let mask = mask.map_err(LakeError::expression(sql))?;
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
            if !matches {
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
}

fn names(schema: &Schema) -> Vec<String> {
    schema.fields().iter().map(|it| it.name().clone()).collect()
}
