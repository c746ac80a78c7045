//! Keys of rows, as hashes: to find a row that another organisation of its year has now.

use std::collections::BTreeSet;
use std::fs::File;

use model::Year;
use model::block::{Block, Cells};
use model::dataset::{Column, ColumnKind, Dataset};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::homes::Homes;
use crate::LakeError;
use crate::columns::CellsBuilder;
use crate::table::{DataFile, Table};

/// Whether the key names the organisation, so that no two can share one.
pub fn names_organisation(dataset: &Dataset) -> bool {
    let mut columns = dataset.columns.iter();
    let organisation = columns.find(|it| matches!(it.kind, ColumnKind::Organisation));
    organisation.is_some_and(|it| dataset.key.contains(&it.name))
}

/// A hash of every row's key, in the order of the rows.
pub fn keys(dataset: &Dataset, block: &Block) -> Vec<u128> {
    hashes_of(dataset, &dataset.key, &block.columns, block.len())
}

/// The keys that a partition loses, because new rows have them elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gone {
    /// Of another area.
    beyond: Vec<u128>,
    /// Of another organisation of the same area.
    within: Vec<u128>,
}

/// What became of a row that was there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lost {
    Beyond,
    Within,
}

impl Gone {
    pub fn is_empty(&self) -> bool {
        self.beyond.is_empty() && self.within.is_empty()
    }

    /// Notes a row of the partition with the number `own` if one of `homes` has its key elsewhere.
    pub fn look(&mut self, row: Kept, own: Option<u32>, homes: &Homes) {
        let Some(home) = homes.with(row.key).first() else { return };
        if Some(home.area) != own {
            self.beyond.push(row.key);
        } else if home.organisation != row.organisation {
            self.within.push(row.key);
        }
    }

    /// Forgets what was noted of some keys.
    pub fn spare(&mut self, keys: &BTreeSet<u128>) {
        self.beyond.retain(|it| !keys.contains(it));
        self.within.retain(|it| !keys.contains(it));
    }

    /// All that was noted, ready to be asked.
    #[must_use]
    pub fn end(mut self) -> Self {
        self.beyond.sort_unstable();
        self.within.sort_unstable();
        self
    }

    /// What becomes of each row of a block.
    pub(super) fn each(&self, dataset: &Dataset, block: &Block) -> Vec<Option<Lost>> {
        let lost = |key: u128| {
            if self.beyond.binary_search(&key).is_ok() {
                Some(Lost::Beyond)
            } else {
                self.within.binary_search(&key).ok().map(|_| Lost::Within)
            }
        };
        keys(dataset, block).into_iter().map(lost).collect()
    }
}

/// A row of the table: hashes of its key and of its organisation's code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    pub key: u128,
    pub organisation: u64,
}

impl Table {
    /// Shows every row of a partition. Reads the columns of the key and the organisation only.
    pub fn each_kept<E: From<LakeError>>(
        &self,
        year: Year,
        area: &str,
        mut show: impl FnMut(Kept) -> Result<(), E>,
    ) -> Result<(), E> {
        self.files_of(year, area).try_for_each(|it| self.each_kept_of(it, &mut show))
    }

    /// As [`Table::each_kept`], of one data file.
    pub fn each_kept_of<E: From<LakeError>>(
        &self,
        file: &DataFile,
        mut show: impl FnMut(Kept) -> Result<(), E>,
    ) -> Result<(), E> {
        let is_read = |it: &&Column| {
            self.dataset.key.contains(&it.name) || matches!(it.kind, ColumnKind::Organisation)
        };
        let path = self.folder.join(&file.path);
        let opened = File::open(&path).map_err(LakeError::file("open", &path))?;
        let builder =
            ParquetRecordBatchReaderBuilder::try_new(opened).map_err(LakeError::parquet(&path))?;
        let names = self.dataset.columns.iter().filter(is_read).map(|it| it.name.as_str());
        let mask = ProjectionMask::columns(builder.parquet_schema(), names);
        let reader = builder.with_projection(mask).with_batch_size(super::run::AT_ONCE).build();
        for batch in reader.map_err(LakeError::parquet(&path))? {
            let batch = batch.map_err(LakeError::arrow(&self.dataset.name))?;
            let cells = |column: &Column| {
                let mut builder = CellsBuilder::new(&column.kind);
                if let Some(array) = batch.column_by_name(&column.name) {
                    builder.push_array(array);
                }
                builder.finish()
            };
            let columns: Vec<Cells> = self.dataset.columns.iter().map(cells).collect();
            let rows = batch.num_rows();
            let keys = hashes_of(&self.dataset, &self.dataset.key, &columns, rows);
            let organisations = organisations(&self.dataset, &columns, rows);
            for (key, organisation) in keys.into_iter().zip(organisations) {
                show(Kept { key, organisation })?;
            }
        }
        Ok(())
    }
}

/// A hash of every row's cells in some columns. The year is left out: it is the same for all rows of a partition.
pub(super) fn hashes_of(
    dataset: &Dataset,
    names: &[String],
    columns: &[Cells],
    rows: usize,
) -> Vec<u128> {
    let is_hashed = |it: &Column| names.contains(&it.name) && !matches!(it.kind, ColumnKind::Year);
    let columns = dataset.columns.iter().zip(columns);
    let mut hashed: Vec<_> = columns.filter(|(column, _)| is_hashed(column)).collect();
    // In whatever order they are declared: hashes are kept while declarations change.
    hashed.sort_by(|a, b| a.0.name.cmp(&b.0.name));
    hashes(hashed.into_iter().map(|it| it.1), rows)
}

/// A hash of every row's organisation.
pub(super) fn organisations(dataset: &Dataset, columns: &[Cells], rows: usize) -> Vec<u64> {
    let mut columns = dataset.columns.iter().zip(columns);
    let organisation = columns.find(|(it, _)| matches!(it.kind, ColumnKind::Organisation));
    let Some((_, Cells::Words { at, words })) = organisation else {
        return vec![upper(START); rows];
    };
    // Many rows are of one organisation.
    let hashes: Vec<u64> = words.iter().map(|it| organisation_hash(it)).collect();
    let nobody = organisation_hash("");
    let hash = |it: &Option<u32>| {
        let position = it.and_then(|it| usize::try_from(it).ok());
        position.and_then(|it| hashes.get(it)).copied().unwrap_or(nobody)
    };
    at.iter().map(hash).collect()
}

/// The hash of an organisation's code, as [`Home`](super::Home) and [`Kept`] have it.
pub fn organisation_hash(code: &str) -> u64 {
    upper(mixed(mixed(START, code.as_bytes()), &WORD_ENDS))
}

fn upper(hash: u128) -> u64 {
    u64::try_from(hash >> 64).unwrap_or_default()
}

/// FNV's offset basis of 128 bits.
const START: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;

/// So that two words do not run together.
const WORD_ENDS: [u8; 1] = [0xff];

/// FNV-1a of 128 bits over each row's cells: two of a million keys clash once in 10^26.
fn hashes<'a>(columns: impl Iterator<Item = &'a Cells>, rows: usize) -> Vec<u128> {
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
                    *hash = mixed(*hash, &WORD_ENDS);
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
