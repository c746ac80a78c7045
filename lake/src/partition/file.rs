//! A data file on its way: under another name until it is whole, then under one that tells what is in it.

use std::fs::{self, File};
use std::path::Path;

use arrow::array::{ArrayRef, RecordBatch};
use model::Year;
use model::block::Cells;
use model::dataset::ColumnKind;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterVersion};
use parquet::schema::types::ColumnPath;

use crate::LakeError;
use crate::columns::to_array;
use crate::schema::{AREA, file_schema, stored, year_name};
use crate::table::{DataFile, Table, on_the_disk};

/// Rows per row group: a school's rows are then read without reading a district's.
const ROW_GROUP: usize = 131_072;

/// Fewer rows are not compressed: to make ready for it takes longer than to read them.
const WORTH_COMPRESSING: usize = 4_096;

/// A data file of a partition that is being written.
pub(super) struct Writing<'a> {
    table: &'a Table,
    year: Year,
    area: &'a str,
    /// Of what is in it and the version it is written against.
    hasher: blake3::Hasher,
    /// Rows that wait: as long as nothing has changed, there may be no need of a file.
    waiting: Vec<RecordBatch>,
    rows: usize,
    begun: Option<(String, ArrowWriter<File>)>,
}

impl<'a> Writing<'a> {
    pub(super) fn of(table: &'a Table, year: Year, area: &'a str) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(format!("{year} {area} {}", table.version()).as_bytes());
        Self { table, year, area, hasher, waiting: Vec::new(), rows: 0, begun: None }
    }

    /// Takes the rows at `order`.
    pub(super) fn take(
        &mut self,
        columns: &[Cells],
        order: &[u32],
        is_changed: bool,
    ) -> Result<(), LakeError> {
        let batch = self.batch(columns, order)?;
        self.hasher.update(format!(" {}", batch.num_rows()).as_bytes());
        for array in batch.columns() {
            hash(&mut self.hasher, &array.to_data());
        }
        self.rows += batch.num_rows();
        self.waiting.push(batch);
        if is_changed || self.rows > ROW_GROUP { self.flush() } else { Ok(()) }
    }

    /// The file, whole and on the disk.
    ///
    /// The same change of the same version twice, as after a kill, gives the same file.
    pub(super) fn finish(mut self) -> Result<DataFile, LakeError> {
        self.flush()?;
        let folder =
            format!("{}={}/{AREA}={}", year_name(&self.table.dataset), self.year, self.area);
        let hash = self.hasher.finalize().to_hex();
        let short: String = hash.chars().take(32).collect();
        let name = format!("{folder}/part-{short}.parquet");
        let path = self.table.folder.join(&name);
        let mut bytes = 0;
        if let Some((begun, writer)) = self.begun {
            let begun = self.table.folder.join(begun);
            let file = writer.into_inner().map_err(LakeError::parquet(&begun))?;
            // What a commit names must be on the disk before the commit is.
            file.sync_data().map_err(LakeError::file("store", &begun))?;
            bytes = file.metadata().map_err(LakeError::file("measure", &begun))?.len();
            let folder = self.table.folder.join(&folder);
            let is_new = !folder.exists();
            fs::create_dir_all(&folder).map_err(LakeError::file("make", &folder))?;
            self.table.announce(&name)?;
            fs::rename(&begun, &path).map_err(LakeError::file("name", &path))?;
            on_the_disk(&folder)?;
            if is_new {
                // The folders of its year and of the table name it, or each other.
                for above in folder.ancestors().skip(1).take(2) {
                    on_the_disk(above)?;
                }
            }
        }
        let rows = u64::try_from(self.rows).unwrap_or_default();
        Ok(DataFile { year: self.year, area: self.area.to_owned(), path: name, bytes, rows })
    }

    /// Gives up what was begun: nothing has changed.
    pub(super) fn discard(self) -> Result<(), LakeError> {
        let Some((begun, writer)) = self.begun else { return Ok(()) };
        drop(writer);
        let path = self.table.folder.join(begun);
        fs::remove_file(&path).map_err(LakeError::file("remove", &path))
    }

    fn flush(&mut self) -> Result<(), LakeError> {
        let (name, writer) = match &mut self.begun {
            Some(begun) => begun,
            none => none.insert(begin(self.table, self.rows)?),
        };
        for batch in self.waiting.drain(..) {
            writer.write(&batch).map_err(|it| LakeError::parquet(Path::new(name))(it))?;
        }
        Ok(())
    }

    /// The rows at `order`, as they stand in a data file.
    fn batch(&self, columns: &[Cells], order: &[u32]) -> Result<RecordBatch, LakeError> {
        let dataset = &self.table.dataset;
        let mut arrays: Vec<ArrayRef> = Vec::new();
        for (position, column) in stored(dataset) {
            if let Some(cells) = columns.get(position) {
                let array = to_array(&column.kind, cells, order);
                arrays.push(array.map_err(LakeError::arrow(&dataset.name))?);
            }
        }
        RecordBatch::try_new(file_schema(dataset), arrays).map_err(LakeError::arrow(&dataset.name))
    }
}

/// Begins a file, of whose rows so many are known.
fn begin(table: &Table, rows: usize) -> Result<(String, ArrowWriter<File>), LakeError> {
    let mut properties = WriterProperties::builder()
        .set_writer_version(WriterVersion::PARQUET_1_0)
        .set_statistics_enabled(EnabledStatistics::None)
        .set_max_row_group_row_count(Some(ROW_GROUP));
    for (_, column) in stored(&table.dataset) {
        let path = ColumnPath::from(column.name.as_str());
        match column.kind {
            // Rows are in the order of their organisations: by the least and the greatest of a row group other programs
            // find them. Those of other columns tell nobody anything, and take long to find.
            ColumnKind::Organisation => {
                properties =
                    properties.set_column_statistics_enabled(path, EnabledStatistics::Chunk);
            }
            // Hashes do not repeat: a dictionary of them is a second copy.
            ColumnKind::Person(_) => {
                properties = properties.set_column_dictionary_enabled(path, false);
            }
            // What is measured is written out in full, and a third shorter then. Dictionaries, hashes and bits lose a
            // twentieth, for which they would have to be unpacked whenever they are read.
            ColumnKind::Decimal { .. } if rows >= WORTH_COMPRESSING => {
                let zstd = Compression::ZSTD(ZstdLevel::try_new(1).unwrap_or_default());
                properties = properties.set_column_compression(path, zstd);
            }
            ColumnKind::Decimal { .. }
            | ColumnKind::OtherOrganisation
            | ColumnKind::Year
            | ColumnKind::Integer
            | ColumnKind::Code { .. }
            | ColumnKind::Flag
            | ColumnKind::Date
            | ColumnKind::Text
            | ColumnKind::CreditCode => {}
        }
    }
    let name = table.begin_file()?;
    let path = table.folder.join(&name);
    let file = File::create(&path).map_err(LakeError::file("make", &path))?;
    let schema = file_schema(&table.dataset);
    let writer = ArrowWriter::try_new(file, schema, Some(properties.build()))
        .map_err(LakeError::parquet(&path))?;
    Ok((name, writer))
}

fn hash(hasher: &mut blake3::Hasher, data: &arrow::array::ArrayData) {
    for buffer in data.buffers() {
        hasher.update(buffer.as_slice());
    }
    if let Some(nulls) = data.nulls() {
        hasher.update(nulls.buffer().as_slice());
    }
    for child in data.child_data() {
        hash(hasher, child);
    }
}
