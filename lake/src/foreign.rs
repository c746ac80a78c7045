//! Parquet files of others, read as text for the same checks as any other source.

use std::fs::File;
use std::path::{Path, PathBuf};

use arrow::array::Array;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};

use crate::LakeError;

/// A Parquet file, a few thousand rows at a time.
pub struct ForeignTable {
    path: PathBuf,
    columns: Vec<String>,
    rows: u64,
    reader: ParquetRecordBatchReader,
}

impl ForeignTable {
    /// Opens the file. Fails when it is no Parquet.
    pub fn open(path: &Path) -> Result<Self, LakeError> {
        let file = File::open(path).map_err(LakeError::file("open", path))?;
        let builder = ParquetRecordBatchReaderBuilder::try_new(file)
            .map_err(LakeError::parquet(path))?
            .with_batch_size(4_096);
        let columns = builder.schema().fields().iter().map(|it| it.name().clone()).collect();
        let rows = u64::try_from(builder.metadata().file_metadata().num_rows()).unwrap_or_default();
        let reader = builder.build().map_err(LakeError::parquet(path))?;
        Ok(Self { path: path.to_owned(), columns, rows, reader })
    }

    /// Names of the columns, in the file's order.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Rows the file says it has.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// The next rows, as text, row by row; `None` after the last.
    pub fn next_rows(&mut self) -> Result<Option<Vec<Vec<Option<String>>>>, LakeError> {
        let Some(batch) = self.reader.next() else { return Ok(None) };
        let name = self.path.display().to_string();
        let batch = batch.map_err(LakeError::arrow(&name))?;
        let options = FormatOptions::default();
        let mut formatters = Vec::new();
        for array in batch.columns() {
            let formatter = ArrayFormatter::try_new(array, &options);
            formatters.push((array, formatter.map_err(LakeError::arrow(&name))?));
        }
        let cell = |row: usize| {
            formatters.iter().map(move |(array, formatter)| {
                array.is_valid(row).then(|| formatter.value(row).to_string())
            })
        };
        Ok(Some((0..batch.num_rows()).map(|row| cell(row).collect()).collect()))
    }
}

impl std::fmt::Debug for ForeignTable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ForeignTable").field("path", &self.path).finish_non_exhaustive()
    }
}
