//! Sums that rows state of themselves, held against the rows while these go by.

use std::collections::BTreeMap;

use model::block::{Block, Cells};
use model::dataset::{Dataset, SumCheck};

use super::keys::hashes_of;
use super::order::Order;
use super::pieces::Piece;

/// A group of rows whose sum is not what they state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SumFault {
    /// Position of the check in the dataset.
    pub check: usize,
    /// A row of the group in the source.
    pub row: u64,
    pub sum: i64,
    pub stated: i64,
    /// The group, as [`SumFault::groups`] hashes it.
    pub group: u128,
}

impl SumFault {
    /// A hash of the group that a check puts each row of a block in.
    pub fn groups(dataset: &Dataset, check: &SumCheck, block: &Block) -> Vec<u128> {
        hashes_of(dataset, &check.group, &block.columns, block.len())
    }
}

/// The sums of a dataset. Groups within an organisation are done when the next one begins; others are held to the end.
pub(super) struct Sums<'a> {
    dataset: &'a Dataset,
    order: &'a Order,
    checks: Vec<Check<'a>>,
    faults: Vec<SumFault>,
}

struct Check<'a> {
    declared: &'a SumCheck,
    sum: usize,
    equals: usize,
    is_within: bool,
    open: BTreeMap<u128, Group>,
    /// The organisation whose rows went by last.
    last: Option<String>,
}

/// What is known of a group so far.
#[derive(Default)]
struct Group {
    /// Its first row that this source touched.
    row: Option<u64>,
    sum: i64,
    stated: Option<i64>,
    /// The first that is stated otherwise.
    otherwise: Option<i64>,
    is_missing: bool,
}

impl<'a> Sums<'a> {
    pub(super) fn of(dataset: &'a Dataset, order: &'a Order) -> Self {
        let position = |name: &String| dataset.columns.iter().position(|it| it.name == *name);
        let organisation = order.organisation.and_then(|it| dataset.columns.get(it));
        let check = |declared: &'a SumCheck| {
            let is_within = organisation.is_some_and(|it| declared.group.contains(&it.name));
            let (sum, equals) = (position(&declared.sum), position(&declared.equals));
            // A check whose columns there are none of holds no row.
            let (sum, equals) = (sum.unwrap_or(usize::MAX), equals.unwrap_or(usize::MAX));
            let open = BTreeMap::new();
            Check { declared, sum, equals, is_within, open, last: None }
        };
        let checks = dataset.sums.iter().map(check).collect();
        Self { dataset, order, checks, faults: Vec::new() }
    }

    /// Takes the rows of a piece that stay, in their order.
    pub(super) fn take(&mut self, piece: &Piece, kept: &[u32]) {
        let rows = usize::try_from(piece.len()).unwrap_or_default();
        let organisation = self.order.organisation.and_then(|it| piece.columns.get(it));
        for (number, check) in self.checks.iter_mut().enumerate() {
            let groups = hashes_of(self.dataset, &check.declared.group, &piece.columns, rows);
            let (sum, equals) = (piece.columns.get(check.sum), piece.columns.get(check.equals));
            for row in kept {
                let at = usize::try_from(*row).unwrap_or(usize::MAX);
                let word = organisation.and_then(|it| it.word(at));
                if check.is_within && check.last.as_deref() != word {
                    check.close(number, &mut self.faults);
                    check.last = word.map(str::to_owned);
                }
                let Some(group) = groups.get(at) else { continue };
                let number = |it: Option<&Cells>| it.and_then(|it| it.number(at));
                let group = check.open.entry(*group).or_default();
                group.take(piece.source(*row), number(sum), number(equals));
            }
        }
    }

    /// The groups that do not add up, by their rows.
    pub(super) fn finish(mut self) -> Vec<SumFault> {
        for (number, check) in self.checks.iter_mut().enumerate() {
            check.close(number, &mut self.faults);
        }
        self.faults.sort_unstable();
        self.faults
    }
}

impl Check<'_> {
    fn close(&mut self, number: usize, faults: &mut Vec<SumFault>) {
        for (group, it) in std::mem::take(&mut self.open) {
            // Only what this source touched, and only where every row has both numbers.
            let (Some(row), false) = (it.row, it.is_missing) else { continue };
            let stated = it.stated.filter(|stated| *stated != it.sum).or(it.otherwise);
            if let Some(stated) = stated {
                faults.push(SumFault { check: number, row, sum: it.sum, stated, group });
            }
        }
    }
}

impl Group {
    fn take(&mut self, row: u64, sum: Option<i64>, stated: Option<i64>) {
        if self.row.is_none() && row > 0 {
            self.row = Some(row);
        }
        let (Some(sum), Some(stated)) = (sum, stated) else {
            self.is_missing = true;
            return;
        };
        self.sum = self.sum.saturating_add(sum);
        match self.stated {
            None => self.stated = Some(stated),
            Some(first) if first != stated => self.otherwise = self.otherwise.or(Some(stated)),
            Some(_) => {}
        }
    }
}
