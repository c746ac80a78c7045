//! Rows that are kept out although each is sound by itself: a key that came before or is held elsewhere, a group that does
//! not add up.

use std::collections::BTreeSet;

use lake::{Again, SumFault};
use model::block::Block;
use model::dataset::Dataset;

/// The rows of one partition that are kept out.
#[derive(Debug, Default)]
pub(super) struct KeptOut {
    rows: BTreeSet<(u64, u128)>,
    /// By the position of their check.
    groups: BTreeSet<(usize, u128)>,
}

impl KeptOut {
    pub(super) fn of(again: &[Again], held: &[(u64, u128)], unsound: &[SumFault]) -> Self {
        let again = again.iter().map(|it| (it.row, it.key));
        Self {
            rows: again.chain(held.iter().copied()).collect(),
            groups: unsound.iter().map(|it| (it.check, it.group)).collect(),
        }
    }

    /// Which rows of a block are taken; `None` for all.
    pub(super) fn taken(&self, dataset: &Dataset, block: &Block) -> Option<Vec<bool>> {
        if self.rows.is_empty() && self.groups.is_empty() {
            return None;
        }
        let mut taken = vec![true; block.len()];
        if !self.rows.is_empty() {
            let rows = lake::keys(dataset, block).into_iter().zip(&block.rows);
            for (taken, (key, row)) in taken.iter_mut().zip(rows) {
                *taken = !self.rows.contains(&(*row, key));
            }
        }
        for (number, check) in dataset.sums.iter().enumerate() {
            if !self.groups.iter().any(|it| it.0 == number) {
                continue;
            }
            let groups = SumFault::groups(dataset, check, block);
            for (taken, group) in taken.iter_mut().zip(groups) {
                *taken &= !self.groups.contains(&(number, group));
            }
        }
        Some(taken)
    }
}
