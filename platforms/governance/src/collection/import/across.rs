//! Duplicates across areas: one pupil on the rolls of two districts in one file.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use lake::{LakeError, Stage};
use model::block::{Block, Cells};
use model::dataset::{ColumnKind, Dataset};
use model::year::Year;

/// Rows that come again in another area of their year: position in their partition, row in the
/// file, and the row in the file that came first.
pub(super) type Again = BTreeMap<(Year, String), Vec<(usize, u64, u64)>>;

/// Looks for keys that several areas of a year hold. Within one area the lake finds them.
///
/// Holds 32 bytes a row of one year, and nothing where the key names the organisation.
pub(super) fn find(dataset: &Dataset, stage: &Stage) -> Result<Again, LakeError> {
    let mut again = Again::new();
    let columns = dataset.columns.iter();
    let mut organisation = columns.filter(|it| matches!(it.kind, ColumnKind::Organisation));
    if organisation.any(|it| dataset.key.contains(&it.name)) {
        return Ok(again);
    }
    let mut years: BTreeMap<Year, Vec<String>> = BTreeMap::new();
    for (year, area, _) in stage.partitions() {
        years.entry(year).or_default().push(area.to_owned());
    }
    for (year, areas) in years.into_iter().filter(|(_, areas)| areas.len() > 1) {
        let mut keys: Vec<(u64, u64, usize, usize)> = Vec::new();
        for (place, area) in areas.iter().enumerate() {
            let block = stage.take(year, area)?;
            let hashes = hashes(dataset, &block);
            let rows = hashes.into_iter().zip(&block.rows).enumerate();
            keys.extend(rows.map(|(position, (hash, row))| (hash, *row, place, position)));
        }
        keys.sort_unstable();
        for same in keys.chunk_by(|a, b| a.0 == b.0) {
            let Some(((_, first_row, first_place, _), rest)) = same.split_first() else { continue };
            for (_, row, place, position) in rest.iter().filter(|it| it.2 != *first_place) {
                let Some(area) = areas.get(*place) else { continue };
                let rows = again.entry((year, area.clone())).or_default();
                rows.push((*position, *row, *first_row));
            }
        }
    }
    Ok(again)
}

/// A hash of every row's key.
fn hashes(dataset: &Dataset, block: &Block) -> Vec<u64> {
    let mut hashers = vec![DefaultHasher::new(); block.len()];
    for (column, cells) in dataset.columns.iter().zip(&block.columns) {
        if !dataset.key.contains(&column.name) {
            continue;
        }
        match cells {
            Cells::Numbers(cells) => {
                hashers.iter_mut().zip(cells).for_each(|(hasher, it)| it.hash(hasher));
            }
            Cells::Words { .. } => {
                let rows = hashers.iter_mut().enumerate();
                rows.for_each(|(row, hasher)| cells.word(row).hash(hasher));
            }
        }
    }
    hashers.iter().map(Hasher::finish).collect()
}
