//! Keys of rows, as hashes: to find a row that has moved to another area of its year.

use std::fs::File;

use model::Year;
use model::block::{Block, Cells};
use model::dataset::{Column, ColumnKind, Dataset};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::LakeError;
use crate::columns::CellsBuilder;
use crate::table::Table;

/// A set of keys of one year. Holds 16 bytes a key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keys(Vec<u128>);

impl Keys {
    /// The keys of some rows.
    pub fn of(dataset: &Dataset, block: &Block) -> Self {
        Self::all(Self::each(dataset, block))
    }

    /// A hash of every row's key, in the order of the rows.
    pub fn each(dataset: &Dataset, block: &Block) -> Vec<u128> {
        let columns = dataset.columns.iter().zip(&block.columns);
        let key = columns.filter(|(column, _)| is_key(dataset, column)).map(|(_, cells)| cells);
        hashes(key, block.len())
    }

    /// A set of such hashes.
    pub fn all(mut hashes: Vec<u128>) -> Self {
        hashes.sort_unstable();
        hashes.dedup();
        Self(hashes)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn contains(&self, hash: u128) -> bool {
        self.0.binary_search(&hash).is_ok()
    }

    /// The rows that have none of these keys, and how many others there are.
    pub(super) fn without(&self, dataset: &Dataset, block: Block) -> (Block, u64) {
        if self.is_empty() || block.is_empty() {
            return (block, 0);
        }
        let hashes = Self::each(dataset, &block);
        let keep: Vec<bool> = hashes.into_iter().map(|it| !self.contains(it)).collect();
        let gone = keep.iter().filter(|it| !**it).count();
        let block = if gone == 0 { block } else { block.keep(&keep) };
        (block, u64::try_from(gone).unwrap_or_default())
    }
}

impl Table {
    /// Whether the table has rows in a partition.
    pub fn has_partition(&self, year: Year, area: &str) -> bool {
        self.files_of(year, area).next().is_some()
    }

    /// Those of `keys` that rows of a partition have. Reads the key's columns only.
    pub fn among(&self, year: Year, area: &str, keys: &Keys) -> Result<Vec<u128>, LakeError> {
        let mut found = Vec::new();
        if keys.is_empty() {
            return Ok(found);
        }
        let key: Vec<&Column> =
            self.dataset.columns.iter().filter(|it| is_key(&self.dataset, it)).collect();
        for file in self.files_of(year, area) {
            let path = self.folder.join(&file.path);
            let opened = File::open(&path).map_err(LakeError::file("open", &path))?;
            let builder = ParquetRecordBatchReaderBuilder::try_new(opened)
                .map_err(LakeError::parquet(&path))?;
            let names = key.iter().map(|it| it.name.as_str());
            let mask = ProjectionMask::columns(builder.parquet_schema(), names);
            let reader = builder.with_projection(mask).with_batch_size(65_536).build();
            for batch in reader.map_err(LakeError::parquet(&path))? {
                let batch = batch.map_err(LakeError::arrow(&self.dataset.name))?;
                let cells: Vec<Cells> = key
                    .iter()
                    .map(|column| {
                        let mut builder = CellsBuilder::new(&column.kind);
                        if let Some(array) = batch.column_by_name(&column.name) {
                            builder.push_array(array);
                        }
                        builder.finish()
                    })
                    .collect();
                let hashes = hashes(cells.iter(), batch.num_rows());
                found.extend(hashes.into_iter().filter(|it| keys.contains(*it)));
            }
        }
        Ok(found)
    }
}

/// The year is the same for all keys of a set.
fn is_key(dataset: &Dataset, column: &Column) -> bool {
    dataset.key.contains(&column.name) && !matches!(column.kind, ColumnKind::Year)
}

/// FNV-1a of 128 bits over each row's cells: two of a million keys clash once in 10^26.
fn hashes<'a>(columns: impl Iterator<Item = &'a Cells>, rows: usize) -> Vec<u128> {
    const START: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    let mut hashes = vec![START; rows];
    for cells in columns {
        match cells {
            Cells::Numbers(numbers) => {
                for (hash, number) in hashes.iter_mut().zip(numbers) {
                    *hash = mixed(*hash, &number.unwrap_or(i64::MIN).to_le_bytes());
                }
            }
            Cells::Words { at, words } => {
                for (hash, position) in hashes.iter_mut().zip(at) {
                    let word = position.and_then(|it| words.get(usize::try_from(it).ok()?));
                    *hash = mixed(*hash, word.map_or(&[], String::as_bytes));
                    // So that two words do not run together.
                    *hash = mixed(*hash, &[0xff]);
                }
            }
        }
    }
    hashes
}

fn mixed(hash: u128, bytes: &[u8]) -> u128 {
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    bytes.iter().fold(hash, |hash, byte| (hash ^ u128::from(*byte)).wrapping_mul(PRIME))
}
