//! Pieces: the same part of the order from several runs, one part after the other.
//!
//! What was read of a run ends somewhere in the order. Up to the first of these ends nothing is missing, so that far
//! all runs are taken together. Memory holds two blocks of a run at most, unless more rows than that have one place.

use std::collections::VecDeque;

use model::block::{Block, Cells};
use model::dataset::Dataset;

use super::order::{Order, Place};
use super::run::Run;
use crate::LakeError;
use crate::columns::CellsBuilder;

/// All rows from one place of the order to another.
pub(super) struct Piece {
    pub(super) columns: Vec<Cells>,
    /// Row of each new one in its source.
    rows: Vec<u64>,
    /// The rows before this one were there.
    split: u32,
}

impl Piece {
    pub(super) fn len(&self) -> u32 {
        u32::try_from(self.rows.len()).unwrap_or(u32::MAX)
    }

    pub(super) const fn is_old(&self, row: u32) -> bool {
        row < self.split
    }

    /// Row of a new one in its source; zero for one that was there.
    pub(super) fn source(&self, row: u32) -> u64 {
        let row = usize::try_from(row).ok();
        row.and_then(|it| self.rows.get(it)).copied().unwrap_or_default()
    }
}

/// Rows that are there, and new ones, in pieces.
pub(super) struct Pieces<'a> {
    dataset: &'a Dataset,
    order: &'a Order,
    old: Vec<Source<'a>>,
    new: Vec<Source<'a>>,
}

/// A run, and what was read of it and not yet taken.
struct Source<'a> {
    run: Run<'a>,
    read: VecDeque<Block>,
    /// Rows of the first block that were taken.
    from: usize,
    is_over: bool,
}

impl<'a> Pieces<'a> {
    pub(super) fn of(
        dataset: &'a Dataset,
        order: &'a Order,
        old: Vec<Run<'a>>,
        new: Vec<Run<'a>>,
    ) -> Self {
        let sources = |runs: Vec<Run<'a>>| runs.into_iter().map(Source::of).collect();
        Self { dataset, order, old: sources(old), new: sources(new) }
    }

    /// The next piece, which is not empty; `None` after the last.
    pub(super) fn next(&mut self) -> Result<Option<Piece>, LakeError> {
        loop {
            let mut ends = Vec::new();
            for source in self.sources() {
                source.fill()?;
            }
            for source in self.old.iter().chain(&self.new) {
                ends.extend(source.end(self.order));
            }
            let end = ends.into_iter().min();
            let piece = self.take(end.as_ref());
            if piece.len() > 0 {
                return Ok(Some(piece));
            }
            let Some(end) = end else { return Ok(None) };
            // More rows may have the place where the first of them ends.
            let order = self.order;
            for source in self.sources().filter(|it| it.end(order).is_some_and(|it| it == end)) {
                source.more()?;
            }
        }
    }

    fn sources(&mut self) -> impl Iterator<Item = &mut Source<'a>> {
        self.old.iter_mut().chain(&mut self.new)
    }

    /// The rows before a place, or all there are.
    fn take(&mut self, end: Option<&Place>) -> Piece {
        let builder = |it: &model::dataset::Column| CellsBuilder::new(&it.kind);
        let mut builders: Vec<CellsBuilder> = self.dataset.columns.iter().map(builder).collect();
        let mut rows = Vec::new();
        for source in &mut self.old {
            source.take(self.order, end, &mut builders, &mut rows);
        }
        let split = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        for source in &mut self.new {
            source.take(self.order, end, &mut builders, &mut rows);
        }
        Piece { columns: builders.into_iter().map(CellsBuilder::finish).collect(), rows, split }
    }
}

impl<'a> Source<'a> {
    fn of(run: Run<'a>) -> Self {
        Self { run, read: VecDeque::new(), from: 0, is_over: false }
    }

    /// Reads on when nothing is left.
    fn fill(&mut self) -> Result<(), LakeError> {
        if self.read.is_empty() { self.more() } else { Ok(()) }
    }

    /// Reads on until there are more rows or the run is over.
    fn more(&mut self) -> Result<(), LakeError> {
        while !self.is_over {
            match self.run.next().transpose()? {
                Some(block) if block.is_empty() => {}
                Some(block) => {
                    self.read.push_back(block);
                    return Ok(());
                }
                None => self.is_over = true,
            }
        }
        Ok(())
    }

    /// The place of the last row that was read, unless the run is over.
    fn end(&self, order: &Order) -> Option<Place> {
        let last = self.read.back().filter(|_| !self.is_over)?;
        Some(order.place(last, last.len().checked_sub(1)?))
    }

    fn take(
        &mut self,
        order: &Order,
        end: Option<&Place>,
        builders: &mut [CellsBuilder],
        rows: &mut Vec<u64>,
    ) {
        while let Some(block) = self.read.front() {
            let until = end.map_or(block.len(), |it| order.until(block, self.from, it));
            for (builder, cells) in builders.iter_mut().zip(&block.columns) {
                builder.push_picked(cells, self.from..until);
            }
            rows.extend(block.rows.get(self.from..until).unwrap_or_default());
            self.from = until;
            if until < block.len() {
                return;
            }
            self.read.pop_front();
            self.from = 0;
        }
    }
}
