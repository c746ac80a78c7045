//! How many rows organisations have in a year.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;

use model::block::Cells;
use model::dataset::ColumnKind;
use model::{OrgCode, Year};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::LakeError;
use crate::columns::CellsBuilder;
use crate::table::Table;

/// Rows that are looked at together.
const AT_ONCE: usize = 65_536;

impl Table {
    /// The years that have rows.
    pub fn years(&self) -> BTreeSet<Year> {
        self.files().iter().map(|it| it.year).collect()
    }

    /// The rows of some organisations in a year; none for those that have none. Reads the organisations' column only.
    pub fn rows_of(
        &self,
        year: Year,
        organisations: &BTreeSet<&OrgCode>,
    ) -> Result<BTreeMap<OrgCode, u64>, LakeError> {
        let mut found = BTreeMap::new();
        let mut columns = self.dataset.columns.iter();
        let column = columns.find(|it| matches!(it.kind, ColumnKind::Organisation));
        let Some(column) = column.filter(|_| !organisations.is_empty()) else { return Ok(found) };
        for file in self.files().iter().filter(|it| it.year == year) {
            let path = self.folder.join(&file.path);
            let opened = File::open(&path).map_err(LakeError::file("open", &path))?;
            let builder = ParquetRecordBatchReaderBuilder::try_new(opened)
                .map_err(LakeError::parquet(&path))?;
            let mask = ProjectionMask::columns(builder.parquet_schema(), [column.name.as_str()]);
            let reader = builder.with_projection(mask).with_batch_size(AT_ONCE).build();
            for batch in reader.map_err(LakeError::parquet(&path))? {
                let batch = batch.map_err(LakeError::arrow(&self.dataset.name))?;
                let Some(array) = batch.column_by_name(&column.name) else { continue };
                let mut builder = CellsBuilder::new(&column.kind);
                builder.push_array(array);
                count(&builder.finish(), organisations, &mut found);
            }
        }
        Ok(found)
    }
}

fn count(cells: &Cells, asked: &BTreeSet<&OrgCode>, found: &mut BTreeMap<OrgCode, u64>) {
    let Cells::Words { at, words } = cells else { return };
    let mut rows: BTreeMap<u32, u64> = BTreeMap::new();
    for word in at.iter().flatten() {
        *rows.entry(*word).or_default() += 1;
    }
    for (word, rows) in rows {
        let word = usize::try_from(word).ok().and_then(|it| words.get(it));
        let code = word.and_then(|it| it.parse().ok()).filter(|it| asked.contains(it));
        if let Some(code) = code {
            *found.entry(code).or_default() += rows;
        }
    }
}
