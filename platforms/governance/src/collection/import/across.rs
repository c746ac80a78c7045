//! Keys across areas: one pupil on the rolls of two districts, in one file or in two.

use std::collections::{BTreeMap, BTreeSet};

use lake::{Keys, LakeError, Stage};
use model::dataset::{ColumnKind, Dataset};
use model::year::Year;

/// What the areas of a year have to do with each other.
#[derive(Debug, Default)]
pub(super) struct Across {
    again: BTreeMap<(Year, String), Vec<Again>>,
    keys: BTreeMap<Year, BTreeMap<String, Vec<u128>>>,
}

/// A row that comes again in another area of its year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Again {
    /// Position among the staged rows of its partition.
    pub(super) position: usize,
    pub(super) row: u64,
    pub(super) first_row: u64,
}

impl Across {
    /// Looks at the keys of all staged rows: 16 bytes a row, and 48 while a year is looked at.
    pub(super) fn of(dataset: &Dataset, stage: &Stage) -> Result<Self, LakeError> {
        let mut across = Self::default();
        let partitions: Vec<(Year, String)> =
            stage.partitions().map(|(year, area, _)| (year, area.to_owned())).collect();
        for year in partitions.chunk_by(|a, b| a.0 == b.0) {
            let mut rows: Vec<(u128, u64, &str, usize)> = Vec::new();
            for (year, area) in year {
                let block = stage.take(*year, area)?;
                let hashes = Keys::each(dataset, &block);
                if !names_organisation(dataset) {
                    let numbered = hashes.iter().zip(&block.rows).enumerate();
                    rows.extend(
                        numbered
                            .map(|(position, (hash, row))| (*hash, *row, area.as_str(), position)),
                    );
                }
                across.keys.entry(*year).or_default().insert(area.clone(), hashes);
            }
            rows.sort_unstable();
            for same in rows.chunk_by(|a, b| a.0 == b.0) {
                let Some(((_, first_row, home, _), rest)) = same.split_first() else { continue };
                // Within one area the lake finds them.
                for (_, row, area, position) in rest.iter().filter(|it| it.2 != *home) {
                    let Some((year, _)) = year.first() else { continue };
                    let again = Again { position: *position, row: *row, first_row: *first_row };
                    let partition = (*year, (*area).to_owned());
                    across.again.entry(partition).or_default().push(again);
                }
            }
        }
        across.forget_again();
        Ok(across)
    }

    /// A row that is kept out of one area takes nothing away from another.
    fn forget_again(&mut self) {
        for ((year, area), again) in &self.again {
            let hashes = self.keys.get_mut(year).and_then(|it| it.get_mut(area));
            let Some(hashes) = hashes else { continue };
            let out: BTreeSet<usize> = again.iter().map(|it| it.position).collect();
            let mut position = 0;
            hashes.retain(|_| {
                position += 1;
                !out.contains(&(position - 1))
            });
        }
    }

    /// The rows of a partition that another area of the file had first.
    pub(super) fn again(&self, year: Year, area: &str) -> &[Again] {
        self.again.get(&(year, area.to_owned())).map_or(&[], Vec::as_slice)
    }

    /// The keys that the file holds in other areas of the year: what an area has of them is gone.
    pub(super) fn gone(&self, year: Year, area: &str) -> Keys {
        let areas = self.keys.get(&year).into_iter().flatten();
        let others = areas.filter(|(it, _)| it.as_str() != area);
        Keys::all(others.flat_map(|(_, hashes)| hashes.iter().copied()).collect())
    }
}

/// Whether the key names the organisation, so that no two areas can share one in one file.
fn names_organisation(dataset: &Dataset) -> bool {
    let columns = dataset.columns.iter();
    let mut organisation = columns.filter(|it| matches!(it.kind, ColumnKind::Organisation));
    organisation.any(|it| dataset.key.contains(&it.name))
}
