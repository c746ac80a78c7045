//! Writing one partition: new rows merged by key with the rows that are there.

mod keys;
mod order;

use std::fs::{self, File};
use std::path::Path;

use arrow::array::{ArrayRef, NullArray, RecordBatch};
use model::Year;
use model::block::Block;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterVersion};
use parquet::schema::types::ColumnPath;

pub use self::keys::Keys;
use self::order::{Merged, merge};
use crate::LakeError;
use crate::columns::{CellsBuilder, to_array};
use crate::schema::{AREA, file_schema, stored, year_name};
use crate::table::{DataFile, Table};

/// Rows per row group: a school's rows are then read without reading a district's.
const ROW_GROUP: usize = 131_072;

/// What new rows do to those that are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A new row replaces the one with its key; all others stay.
    Upsert,
    /// The new rows are all there is of each organisation they name; its other rows go.
    Replace,
}

/// A partition that is written and not yet part of any version.
#[derive(Debug, Default)]
pub struct PartitionWrite {
    pub added: u64,
    /// Rows whose key was there with other values.
    pub replaced: u64,
    /// Rows that were there to the letter.
    pub unchanged: u64,
    pub removed: u64,
    /// Rows that went to another area of their year.
    pub moved: u64,
    /// New rows that were left out because an earlier new row has their key.
    pub duplicates: Vec<Duplicate>,
    /// Groups whose rows do not add up, by the dataset's sum checks.
    pub sums: Vec<SumFault>,
    /// `None` when nothing changes.
    pub(crate) file: Option<DataFile>,
    pub(crate) replaces: Vec<DataFile>,
}

/// Two rows of one source with the same key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duplicate {
    pub row: u64,
    pub first_row: u64,
}

/// A group of rows whose sum is not what they state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SumFault {
    /// Position of the check in the dataset.
    pub check: usize,
    /// A row of the group in the source.
    pub row: u64,
    pub sum: i64,
    pub stated: i64,
}

impl Table {
    /// Merges `block` into a partition and writes the result as a new data file.
    ///
    /// The file becomes part of the table by [`Table::commit`] only; one that never does is no part of
    /// any version, and [`crate::Lake::sweep`] removes it. Uses one core, and may run for several
    /// partitions at once.
    pub fn write_partition(
        &self,
        year: Year,
        area: &str,
        block: &Block,
        mode: Mode,
    ) -> Result<PartitionWrite, LakeError> {
        self.write_partition_without(year, area, block, mode, &Keys::default())
    }

    /// As [`Table::write_partition`], for a partition that loses the rows with the keys `gone`, which are
    /// [among](Table::among) its own: the same change writes them to another area of the year.
    pub fn write_partition_without(
        &self,
        year: Year,
        area: &str,
        block: &Block,
        mode: Mode,
        gone: &Keys,
    ) -> Result<PartitionWrite, LakeError> {
        let (merged, there) = self.merge_partition(year, area, block, mode, gone)?;
        let Merged { columns, order, mut write } = merged;
        if write.added + write.replaced + write.removed + write.moved > 0 {
            write.file = Some(self.write_file(year, area, &columns, &order)?);
            write.replaces = there;
        }
        Ok(write)
    }

    /// What [`Table::write_partition_without`] would do; nothing is written.
    pub fn rehearse_partition(
        &self,
        year: Year,
        area: &str,
        block: &Block,
        mode: Mode,
        gone: &Keys,
    ) -> Result<PartitionWrite, LakeError> {
        let (merged, _) = self.merge_partition(year, area, block, mode, gone)?;
        Ok(merged.write)
    }

    /// The rows of a partition with `block` merged in, and the files that hold them now.
    fn merge_partition<'a>(
        &self,
        year: Year,
        area: &str,
        block: &'a Block,
        mode: Mode,
        gone: &Keys,
    ) -> Result<(Merged<'a>, Vec<DataFile>), LakeError> {
        let there: Vec<DataFile> = self.files_of(year, area).cloned().collect();
        let (mut old, mut moved) = (self.no_rows(), 0);
        let changes = !block.is_empty() || !gone.is_empty();
        if changes && !there.is_empty() {
            (old, moved) = gone.without(&self.dataset, self.read(&there)?);
        }
        let mut merged = merge(&self.dataset, old, block, mode);
        merged.write.moved = moved;
        Ok((merged, there))
    }

    fn no_rows(&self) -> Block {
        let cells = |it: &model::dataset::Column| CellsBuilder::new(&it.kind).finish();
        Block { columns: self.dataset.columns.iter().map(cells).collect(), rows: Vec::new() }
    }

    /// All rows of some data files, as a block. Row numbers are zero: they have no source row.
    pub(crate) fn read(&self, files: &[DataFile]) -> Result<Block, LakeError> {
        let all = usize::try_from(files.iter().map(|it| it.rows).sum::<u64>()).unwrap_or_default();
        let builder = |it: &model::dataset::Column| CellsBuilder::with_room(&it.kind, all);
        let mut builders: Vec<CellsBuilder> = self.dataset.columns.iter().map(builder).collect();
        let mut rows = 0;
        for file in files {
            let path = self.folder.join(&file.path);
            let opened = File::open(&path).map_err(LakeError::file("open", &path))?;
            let reader = ParquetRecordBatchReaderBuilder::try_new(opened)
                .and_then(|it| it.with_batch_size(65_536).build())
                .map_err(LakeError::parquet(&path))?;
            for batch in reader {
                let batch = batch.map_err(LakeError::arrow(&self.dataset.name))?;
                rows += batch.num_rows();
                for (column, builder) in self.dataset.columns.iter().zip(&mut builders) {
                    if matches!(column.kind, model::dataset::ColumnKind::Year) {
                        let year = Some(i64::from(file.year.number()));
                        let cells = vec![year; batch.num_rows()];
                        builder.push_cells(&model::block::Cells::Numbers(cells));
                    } else if let Some(array) = batch.column_by_name(&column.name) {
                        builder.push_array(array);
                    } else {
                        // The table gained the column later.
                        builder.push_array(&NullArray::new(batch.num_rows()));
                    }
                }
            }
        }
        let columns = builders.into_iter().map(CellsBuilder::finish).collect();
        Ok(Block { columns, rows: vec![0; rows] })
    }

    fn write_file(
        &self,
        year: Year,
        area: &str,
        columns: &[model::block::Cells],
        order: &[u32],
    ) -> Result<DataFile, LakeError> {
        // A row group at a time, so that the rows are not in memory a second time. What is all in one is laid out once.
        let whole = if order.len() <= ROW_GROUP { Some(self.batch(columns, order)?) } else { None };
        let batches = || {
            let batch = |rows| whole.clone().map_or_else(|| self.batch(columns, rows), Ok);
            order.chunks(ROW_GROUP).map(batch)
        };
        let name = format!(
            "{}={year}/{AREA}={area}/{}.parquet",
            year_name(&self.dataset),
            fingerprint(batches(), year, area, self.version())?,
        );
        let path = self.folder.join(&name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(LakeError::file("make", folder))?;
        }
        self.announce(&name)?;
        let bytes = self.write_parquet(&path, batches())?;
        let rows = u64::try_from(order.len()).unwrap_or_default();
        Ok(DataFile { year, area: area.to_owned(), path: name, bytes, rows })
    }

    /// The rows at `order`, as they stand in a data file.
    fn batch(
        &self,
        columns: &[model::block::Cells],
        order: &[u32],
    ) -> Result<RecordBatch, LakeError> {
        let mut arrays: Vec<ArrayRef> = Vec::new();
        for (position, column) in stored(&self.dataset) {
            if let Some(cells) = columns.get(position) {
                let array = to_array(&column.kind, cells, order);
                arrays.push(array.map_err(LakeError::arrow(&self.dataset.name))?);
            }
        }
        RecordBatch::try_new(file_schema(&self.dataset), arrays)
            .map_err(LakeError::arrow(&self.dataset.name))
    }

    fn write_parquet(
        &self,
        path: &Path,
        batches: impl Iterator<Item = Result<RecordBatch, LakeError>>,
    ) -> Result<u64, LakeError> {
        let mut properties = WriterProperties::builder()
            .set_writer_version(WriterVersion::PARQUET_1_0)
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(1).unwrap_or_default()))
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_max_row_group_row_count(Some(ROW_GROUP));
        for (_, column) in stored(&self.dataset) {
            if matches!(column.kind, model::dataset::ColumnKind::Person(_)) {
                // Hashes do not repeat: a dictionary of them is a second copy.
                let path = ColumnPath::from(column.name.as_str());
                properties = properties.set_column_dictionary_enabled(path, false);
            }
        }
        let file = File::create(path).map_err(LakeError::file("make", path))?;
        let schema = file_schema(&self.dataset);
        let mut writer = ArrowWriter::try_new(file, schema, Some(properties.build()))
            .map_err(LakeError::parquet(path))?;
        for batch in batches {
            writer.write(&batch?).map_err(LakeError::parquet(path))?;
        }
        let file = writer.into_inner().map_err(LakeError::parquet(path))?;
        // What a commit names must be on the disk before the commit is.
        file.sync_data().map_err(LakeError::file("store", path))?;
        let written = file.metadata().map_err(LakeError::file("measure", path))?;
        Ok(written.len())
    }
}

/// Names a data file by what is in it and the version it was written against.
///
/// The same correction of the same version twice, as after a kill, gives the same file.
fn fingerprint(
    batches: impl Iterator<Item = Result<RecordBatch, LakeError>>,
    year: Year,
    area: &str,
    version: u64,
) -> Result<String, LakeError> {
    let mut hasher = blake3::Hasher::new();
    hasher.update(format!("{year} {area} {version}").as_bytes());
    for batch in batches {
        let batch = batch?;
        hasher.update(format!(" {}", batch.num_rows()).as_bytes());
        for array in batch.columns() {
            hash_array(&mut hasher, &array.to_data());
        }
    }
    let hash = hasher.finalize().to_hex();
    let short: String = hash.chars().take(32).collect();
    Ok(format!("part-{short}"))
}

fn hash_array(hasher: &mut blake3::Hasher, data: &arrow::array::ArrayData) {
    for buffer in data.buffers() {
        hasher.update(buffer.as_slice());
    }
    if let Some(nulls) = data.nulls() {
        hasher.update(nulls.buffer().as_slice());
    }
    for child in data.child_data() {
        hash_array(hasher, child);
    }
}
