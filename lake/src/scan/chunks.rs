//! The bytes of a data file that a scan needs, each asked of the system once.

use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;

use arrow::datatypes::{DataType, FieldRef, Schema};
use bytes::{Buf, Bytes, buf::Reader};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder,
};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::reader::{ChunkReader, Length};

/// A file of no more than this is read whole: its foot and its columns in one go.
const SMALL: u64 = 64 * 1024;

/// Columns no farther apart than this are read together.
const NEAR: u64 = 16 * 1024;

/// A data file, where it is.
#[derive(Debug)]
pub(crate) enum Source {
    /// In a folder; parts of it are read as they are needed.
    Folder(File),
    /// In memory, whole.
    Memory(Bytes),
}

impl Source {
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        if file.metadata()?.len() > SMALL {
            return Ok(Self::Folder(file));
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(Self::Memory(bytes.into()))
    }
}

/// Readers of the wanted columns, one for each row group, so that memory does not grow with the file.
pub(super) fn readers(
    source: Source,
    columns: &Schema,
    batch: usize,
) -> Result<impl Iterator<Item = Result<ParquetRecordBatchReader>>> {
    let options = ArrowReaderOptions::new();
    let (length, metadata) = match &source {
        Source::Folder(file) => (Length::len(file), ArrowReaderMetadata::load(file, options)?),
        Source::Memory(bytes) => (Length::len(bytes), ArrowReaderMetadata::load(bytes, options)?),
    };
    let metadata = narrowed(metadata, columns)?;
    let names = columns.fields().iter().map(|it| it.name().as_str());
    let mask = ProjectionMask::columns(metadata.parquet_schema(), names);
    let groups = 0..metadata.metadata().num_row_groups();
    Ok(groups.map(move |group| {
        let parts = match &source {
            Source::Folder(file) => {
                read(file, &wanted(metadata.metadata().row_group(group), &mask))?
            }
            Source::Memory(bytes) => vec![(0, bytes.clone())],
        };
        ParquetRecordBatchReaderBuilder::new_with_metadata(
            Chunks { length, parts },
            metadata.clone(),
        )
        .with_row_groups(vec![group])
        .with_projection(mask.clone())
        .with_batch_size(batch)
        .build()
    }))
}

/// Decimals that are wanted in 64 bits are not widened where they are read.
fn narrowed(metadata: ArrowReaderMetadata, columns: &Schema) -> Result<ArrowReaderMetadata> {
    let narrow = |field: &FieldRef| {
        let wanted = columns.field_with_name(field.name()).ok()?.data_type();
        let (DataType::Decimal128(digits, scale), DataType::Decimal64(most, places)) =
            (field.data_type(), wanted)
        else {
            return None;
        };
        let is_same = digits == most && scale == places;
        is_same.then(|| Arc::new(field.as_ref().clone().with_data_type(wanted.clone())))
    };
    let narrow = |it: &FieldRef| narrow(it).unwrap_or_else(|| Arc::clone(it));
    let fields: Vec<FieldRef> = metadata.schema().fields().iter().map(narrow).collect();
    if metadata.schema().fields().iter().eq(&fields) {
        return Ok(metadata);
    }
    let options = ArrowReaderOptions::new().with_schema(Arc::new(Schema::new(fields)));
    ArrowReaderMetadata::try_new(Arc::clone(metadata.metadata()), options)
}

/// Where the wanted columns of a row group are, in the order of the file.
fn wanted(group: &RowGroupMetaData, mask: &ProjectionMask) -> Vec<Range<u64>> {
    let columns = group.columns().iter().enumerate().filter(|(at, _)| mask.leaf_included(*at));
    let mut ranges: Vec<(u64, u64)> = columns.map(|(_, it)| it.byte_range()).collect();
    ranges.sort_unstable();
    let mut joined: Vec<Range<u64>> = Vec::new();
    for (start, length) in ranges {
        match joined.last_mut() {
            Some(last) if start <= last.end + NEAR => last.end = last.end.max(start + length),
            Some(_) | None => joined.push(start..start + length),
        }
    }
    joined
}

fn read(file: &File, ranges: &[Range<u64>]) -> io::Result<Vec<(u64, Bytes)>> {
    let mut parts = Vec::with_capacity(ranges.len());
    for range in ranges {
        let mut bytes = vec![0; usize::try_from(range.end - range.start).unwrap_or_default()];
        file.read_exact_at(&mut bytes, range.start)?;
        parts.push((range.start, Bytes::from(bytes)));
    }
    Ok(parts)
}

/// Parts of a file, by where they begin.
struct Chunks {
    length: u64,
    parts: Vec<(u64, Bytes)>,
}

impl Chunks {
    /// What was read from a place on.
    fn from(&self, start: u64) -> Result<Bytes> {
        let holds = |(begin, bytes): &&(u64, Bytes)| {
            let length = u64::try_from(bytes.len()).unwrap_or_default();
            *begin <= start && start <= begin + length
        };
        let part = self.parts.iter().rev().find(holds);
        let slice = part.and_then(|(begin, bytes)| {
            let from = usize::try_from(start - begin).ok()?;
            Some(bytes.slice(from..))
        });
        slice.ok_or_else(|| ParquetError::EOF(format!("nothing was read at byte {start}")))
    }
}

impl Length for Chunks {
    fn len(&self) -> u64 {
        self.length
    }
}

impl ChunkReader for Chunks {
    type T = Reader<Bytes>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        Ok(self.from(start)?.reader())
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        let bytes = self.from(start)?;
        if bytes.len() < length {
            return Err(ParquetError::EOF(format!("{length} bytes are not there at byte {start}")));
        }
        Ok(bytes.slice(..length))
    }
}
