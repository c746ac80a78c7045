//! Writing one partition: new rows merged by key with the rows that are there, in memory that does not grow with them.

mod file;
mod homes;
mod keys;
mod known;
mod merge;
mod order;
mod pieces;
mod run;
mod sums;

use std::cell::Cell;
use std::collections::BTreeSet;

use model::Year;
use model::block::Block;

use self::file::Writing;
pub use self::homes::{Again, Home, Homes};
use self::keys::Lost;
pub use self::keys::{Gone, Kept, keys, names_organisation, organisation_hash};
pub(crate) use self::known::Known;
use self::merge::{Named, merge};
pub(crate) use self::order::Order;
use self::pieces::Pieces;
pub use self::run::Part;
use self::run::Run;
pub(crate) use self::run::picked;
pub use self::sums::SumFault;
use self::sums::Sums;
use crate::LakeError;
use crate::table::{DataFile, Table};

/// What new rows do to those that are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A new row replaces the one with its key; all others stay.
    Upsert,
    /// The new rows are all there is of each organisation they name; its other rows go.
    Replace,
}

/// What is to become of a partition.
#[derive(Clone, Copy)]
pub struct Change<'a> {
    pub year: Year,
    pub area: &'a str,
    pub mode: Mode,
    /// The new rows. No two organisations among them share a key.
    pub rows: &'a Part<'a>,
    /// Which rows of a block of new ones are taken; `None` for all.
    pub taken: &'a dyn Fn(&Block) -> Option<Vec<bool>>,
    /// What the same change writes elsewhere.
    pub gone: &'a Gone,
}

impl std::fmt::Debug for Change<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Change")
            .field("year", &self.year)
            .field("area", &self.area)
            .field("mode", &self.mode)
            .finish_non_exhaustive()
    }
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
    /// By column of the dataset: replaced rows that had a value there and have none now. Shorter where none had.
    pub emptied: Vec<u64>,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duplicate {
    pub row: u64,
    pub first_row: u64,
}

impl PartitionWrite {
    /// New rows that are in the partition, whether or not they were before.
    pub const fn accepted(&self) -> u64 {
        self.added + self.replaced + self.unchanged
    }

    const fn is_changed(&self) -> bool {
        self.added + self.replaced + self.removed + self.moved > 0
    }
}

impl Table {
    /// Merges new rows into a partition and writes the result as a new data file.
    ///
    /// The file becomes part of the table by [`Table::commit`] only; one that never does is no part of
    /// any version, and [`crate::Lake::sweep`] removes it. Uses one core, and may run for several
    /// partitions at once.
    pub fn write(&self, change: &Change<'_>) -> Result<PartitionWrite, LakeError> {
        self.merge(change, Some(Writing::of(self, change.year, change.area)))
    }

    /// What [`Table::write`] would do; nothing is written.
    pub fn rehearse(&self, change: &Change<'_>) -> Result<PartitionWrite, LakeError> {
        self.merge(change, None)
    }

    /// As [`Table::write`], for rows that are in memory and touch no other partition.
    pub fn write_partition(
        &self,
        year: Year,
        area: &str,
        block: &Block,
        mode: Mode,
    ) -> Result<PartitionWrite, LakeError> {
        let rows = Part::of(&Order::of(&self.dataset), block);
        if names_organisation(&self.dataset) {
            let (gone, taken) = (&Gone::default(), &|_: &Block| None);
            return self.write(&Change { year, area, mode, rows: &rows, taken, gone });
        }
        let mut homes = Home::each(&self.dataset, 0, block);
        let again = Home::again(&mut homes);
        let out: BTreeSet<(u64, u128)> = again.iter().map(|it| (it.row, it.key)).collect();
        let taken = |block: &Block| {
            let rows = keys(&self.dataset, block).into_iter().zip(&block.rows);
            (!out.is_empty()).then(|| rows.map(|(key, row)| !out.contains(&(*row, key))).collect())
        };
        let (homes, mut gone) = (Homes::of(homes), Gone::default());
        self.each_kept(year, area, |it| {
            gone.look(it, Some(0), &homes);
            Ok::<(), LakeError>(())
        })?;
        let gone = gone.end();
        drop(homes);
        let change = Change { year, area, mode, rows: &rows, taken: &taken, gone: &gone };
        let mut write = self.write(&change)?;
        write
            .duplicates
            .extend(again.iter().map(|it| Duplicate { row: it.row, first_row: it.first_row }));
        write.duplicates.sort_unstable();
        Ok(write)
    }

    fn merge(
        &self,
        change: &Change<'_>,
        mut writing: Option<Writing<'_>>,
    ) -> Result<PartitionWrite, LakeError> {
        let mut write = PartitionWrite::default();
        if change.rows.is_empty() && change.gone.is_empty() {
            return Ok(write);
        }
        let order = Order::of(&self.dataset);
        let there: Vec<DataFile> = self.files_of(change.year, change.area).cloned().collect();
        let lost = Lots::default();
        let mut old = Vec::new();
        for file in &there {
            old.push(lost.out_of(change.gone, self.run(&order, file)?, self));
        }
        let named = match change.mode {
            Mode::Upsert => None,
            Mode::Replace => Some(named(&order, new_rows(change))?),
        };
        let mut sums = Sums::of(&self.dataset, &order);
        let mut pieces = Pieces::of(&self.dataset, &order, old, new_rows(change));
        while let Some(piece) = pieces.next()? {
            let kept = merge(&order, &piece, named.as_ref(), &mut write);
            sums.take(&piece, &kept);
            if let Some(writing) = &mut writing {
                let is_changed = write.is_changed() || lost.any();
                writing.take(&piece.columns, &kept, is_changed)?;
            }
        }
        drop(pieces);
        write.sums = sums.finish();
        write.duplicates.sort_unstable();
        write.moved = lost.beyond.get();
        // Its new row was counted where it is now.
        write.replaced += lost.within.get();
        write.added = write.added.saturating_sub(lost.within.get());
        match writing {
            Some(writing) if write.is_changed() => {
                let file = writing.finish()?;
                self.follow(&there, &file, change.rows);
                write.file = Some(file);
                write.replaces = there;
            }
            Some(writing) => writing.discard()?,
            None => {}
        }
        Ok(write)
    }
}

fn new_rows<'a>(change: &Change<'a>) -> Vec<Run<'a>> {
    let taken = change.taken;
    let kept = move |block: Result<Block, LakeError>| {
        block.map(|it| match taken(&it) {
            Some(keep) => it.keep(&keep),
            None => it,
        })
    };
    change.rows.runs().into_iter().map(|run| -> Run<'a> { Box::new(run.map(kept)) }).collect()
}

/// The organisations that some rows are of.
fn named(order: &Order, runs: Vec<Run<'_>>) -> Result<Named, LakeError> {
    let mut named = Named::new();
    for block in runs.into_iter().flatten() {
        let block = block?;
        let Some(column) = order.organisation.and_then(|it| block.columns.get(it)) else {
            continue;
        };
        for row in 0..block.len() {
            if let Some(word) = column.word(row)
                && !named.contains(word)
            {
                named.insert(word.to_owned());
            }
        }
    }
    Ok(named)
}

/// How many rows a partition has lost, by where they went.
#[derive(Debug, Default)]
struct Lots {
    beyond: Cell<u64>,
    within: Cell<u64>,
}

impl Lots {
    fn any(&self) -> bool {
        self.beyond.get() + self.within.get() > 0
    }

    /// The rows of a run that are not gone; those that are get counted.
    fn out_of<'a>(
        &'a self,
        gone: &'a Gone,
        run: impl Iterator<Item = Result<Block, LakeError>> + 'a,
        table: &'a Table,
    ) -> Run<'a> {
        if gone.is_empty() {
            return Box::new(run);
        }
        Box::new(run.map(move |block| {
            let block = block?;
            let lost = gone.each(&table.dataset, &block);
            for it in lost.iter().flatten() {
                let count = match it {
                    Lost::Beyond => &self.beyond,
                    Lost::Within => &self.within,
                };
                count.set(count.get() + 1);
            }
            let keep: Vec<bool> = lost.iter().map(Option::is_none).collect();
            Ok(if keep.contains(&false) { block.keep(&keep) } else { block })
        }))
    }
}
