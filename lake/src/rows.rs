//! The rows behind a figure.

use std::collections::BTreeSet;
use std::fs::File;
use std::sync::Arc;

use arrow::array::{Array, AsArray, BooleanArray, RecordBatch};
use arrow::datatypes::{Int32Type, Schema};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use model::dataset::{ColumnKind, Disclosure};
use model::{OrgCode, Year};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowPredicateFn, ArrowReaderOptions, ParquetRecordBatchReader as Reader,
    ParquetRecordBatchReaderBuilder, RowFilter,
};
use parquet::errors::ParquetError;
use parquet::file::metadata::{ColumnChunkMetaData, PageIndexPolicy, RowGroupMetaData};

use crate::LakeError;
use crate::expression::{Compiled, Expect, Planner, evaluate_mask};
use crate::scan::bits;
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
type Wanted = BTreeSet<String>;

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
        let wanted: Wanted = query.organisations.iter().map(|it| it.as_str().to_owned()).collect();
        let wanted = Arc::new(wanted);
        for file in self.files().iter().filter(|it| it.year == query.year) {
            let path = self.folder.join(&file.path);
            let opened = File::open(&path).map_err(LakeError::file("open", &path))?;
            let reader = self.reader(opened, &wanted).map_err(LakeError::parquet(&path))?;
            for batch in reader.into_iter().flatten() {
                let batch = batch.and_then(|it| laid_out(&it, &schema));
                let batch = batch.map_err(LakeError::arrow(&self.dataset.name))?;
                self.add_matching(&batch, query, compiled.as_ref(), &mut found)?;
            }
        }
        Ok(found)
    }

    /// Reads the rows of organisations; all rows where none are named, and no reader where the file has none of theirs.
    ///
    /// Rows lie in the order of organisations. So most parts of a file are left out by the first and last of each, and
    /// of the others only the pages are read in which one of them is found.
    fn reader(&self, file: File, wanted: &Arc<Wanted>) -> Result<Option<Reader>, ParquetError> {
        if wanted.is_empty() {
            let builder = ParquetRecordBatchReaderBuilder::try_new(file)?;
            return Ok(Some(builder.with_batch_size(BATCH).build()?));
        }
        // Rows of no organisation are nobody's.
        let Some(column) = self.dataset.organisation_column() else { return Ok(None) };
        let column = column.name.as_str();
        let options = ArrowReaderOptions::new().with_offset_index_policy(PageIndexPolicy::Optional);
        let builder = ParquetRecordBatchReaderBuilder::try_new_with_options(file, options)?;
        let groups = builder.metadata().row_groups().iter().enumerate();
        let groups: Vec<usize> =
            groups.filter(|(_, it)| may_hold(it, column, wanted)).map(|(at, _)| at).collect();
        if groups.is_empty() {
            return Ok(None);
        }
        let mask = ProjectionMask::columns(builder.parquet_schema(), [column]);
        let wanted = Arc::clone(wanted);
        let is_wanted = ArrowPredicateFn::new(mask, move |batch| Ok(of_wanted(&batch, &wanted)));
        let filter = RowFilter::new(vec![Box::new(is_wanted)]);
        let builder = builder.with_row_groups(groups).with_row_filter(filter);
        Ok(Some(builder.with_batch_size(BATCH).build()?))
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

/// Whether rows of an organisation may be in a part of a file, by the first and the last that it has.
fn may_hold(group: &RowGroupMetaData, column: &str, wanted: &Wanted) -> bool {
    let is_it = |it: &&ColumnChunkMetaData| it.column_descr().name() == column;
    let statistics = group.columns().iter().find(is_it).and_then(ColumnChunkMetaData::statistics);
    let bounds = statistics.and_then(|it| it.min_bytes_opt().zip(it.max_bytes_opt()));
    bounds
        .is_none_or(|(least, most)| wanted.iter().any(|it| (least..=most).contains(&it.as_bytes())))
}

/// The rows of the organisations. Each is looked for once a batch, not once a row.
fn of_wanted(batch: &RecordBatch, wanted: &Wanted) -> BooleanArray {
    let codes = batch.columns().first().and_then(|it| it.as_dictionary_opt::<Int32Type>());
    let words = codes.and_then(|it| it.values().as_string_opt::<i32>());
    let (Some(codes), Some(words)) = (codes, words) else {
        return BooleanArray::from(vec![false; batch.num_rows()]);
    };
    let is_wanted: Vec<bool> =
        words.iter().map(|it| it.is_some_and(|it| wanted.contains(it))).collect();
    BooleanArray::new(bits::by_word(codes, &is_wanted, false), None)
}

fn names(schema: &Schema) -> Vec<String> {
    schema.fields().iter().map(|it| it.name().clone()).collect()
}
