//! Places: where the rows of each organisation lie in a data file, which is in the order of organisations.

use std::collections::BTreeMap;
use std::fs::File;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::Int32Type;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder, RowSelection,
};
use parquet::errors::ParquetError;
use parquet::file::metadata::PageIndexPolicy;

/// Rows at a time.
const BATCH: usize = 8_192;

/// Data files whose places are kept: some three kilobytes each.
const MOST: usize = 8_192;

/// The rows of each organisation of a data file, in the order of the file.
#[derive(Debug, Default)]
pub(crate) struct Places(Vec<(String, Range<usize>)>);

/// The places of data files that were looked for, of all tables of a lake.
#[derive(Clone, Debug, Default)]
pub(crate) struct KnownPlaces(Arc<Mutex<BTreeMap<PathBuf, Arc<Places>>>>);

impl KnownPlaces {
    /// The places of a data file. What it holds never changes.
    fn of(&self, path: &Path, column: &str) -> Result<Arc<Places>, ParquetError> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(path).map(Arc::clone);
        if let Some(known) = known {
            return Ok(known);
        }
        let places = Arc::new(Places::read(path, column)?);
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(path.to_owned(), Arc::clone(&places));
        Ok(places)
    }

    /// Reads the rows of the organisations for which `is_wanted`; `None` where the file has none. Only the pages are read
    /// in which one of them is.
    pub(crate) fn reader(
        &self,
        path: &Path,
        column: &str,
        is_wanted: impl Fn(&str) -> bool,
    ) -> Result<Option<ParquetRecordBatchReader>, ParquetError> {
        let places = self.of(path, column)?;
        let wanted = places.0.iter().filter(|it| is_wanted(&it.0)).map(|it| it.1.clone());
        let mut wanted = wanted.peekable();
        if wanted.peek().is_none() {
            return Ok(None);
        }
        let rows = places.0.last().map_or(0, |it| it.1.end);
        let selection = RowSelection::from_consecutive_ranges(wanted, rows);
        let options = ArrowReaderOptions::new().with_offset_index_policy(PageIndexPolicy::Optional);
        let builder =
            ParquetRecordBatchReaderBuilder::try_new_with_options(File::open(path)?, options)?;
        Ok(Some(builder.with_row_selection(selection).with_batch_size(BATCH).build()?))
    }
}

impl Places {
    fn read(path: &Path, column: &str) -> Result<Self, ParquetError> {
        let builder = ParquetRecordBatchReaderBuilder::try_new(File::open(path)?)?;
        let mask = ProjectionMask::columns(builder.parquet_schema(), [column]);
        let mut places = Self::default();
        let mut rows = 0;
        for batch in builder.with_projection(mask).with_batch_size(BATCH).build()? {
            places.add(&batch?, &mut rows);
        }
        Ok(places)
    }

    fn add(&mut self, batch: &RecordBatch, rows: &mut usize) {
        let codes = batch.columns().first().and_then(|it| it.as_dictionary_opt::<Int32Type>());
        let words = codes.and_then(|it| it.values().as_string_opt::<i32>());
        let Some((codes, words)) = codes.zip(words) else {
            // Rows of no organisation are nobody's, and stay where they are.
            self.push("", *rows..*rows + batch.num_rows());
            *rows += batch.num_rows();
            return;
        };
        let codes: Vec<Option<i32>> = codes.keys().iter().collect();
        for same in codes.chunk_by(|a, b| a == b) {
            let word = same.first().copied().flatten().and_then(|it| usize::try_from(it).ok());
            self.push(word.map_or("", |it| words.value(it)), *rows..*rows + same.len());
            *rows += same.len();
        }
    }

    fn push(&mut self, organisation: &str, rows: Range<usize>) {
        match self.0.last_mut() {
            Some((last, place)) if last == organisation => place.end = rows.end,
            _ => self.0.push((organisation.to_owned(), rows)),
        }
    }
}
