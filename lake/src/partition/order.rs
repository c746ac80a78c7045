//! Merging rows by key, and the order they are written in.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

use model::block::{Block, Cells};
use model::dataset::{ColumnKind, Dataset, SumCheck};

use super::{Duplicate, Mode, PartitionWrite, SumFault};
use crate::columns::CellsBuilder;

/// A merged partition: all cells, and the rows that stay in the order they are written.
pub(super) struct Merged<'a> {
    pub(super) columns: Cow<'a, [Cells]>,
    pub(super) order: Vec<u32>,
    pub(super) write: PartitionWrite,
}

/// Merges `new` into `old`. Both have the dataset's columns; `old` has no duplicate keys.
pub(super) fn merge<'a>(dataset: &Dataset, old: Block, new: &'a Block, mode: Mode) -> Merged<'a> {
    let split = old.len();
    let columns = combined(old, new);
    let all = split + new.len();
    let ranks: Vec<Ranks<'_>> = columns.iter().map(Ranks::of).collect();
    let position = |name: &str| dataset.columns.iter().position(|it| it.name == name);
    let key: Vec<usize> = dataset.key.iter().filter_map(|it| position(it)).collect();
    let org = dataset.columns.iter().position(|it| matches!(it.kind, ColumnKind::Organisation));

    let mut rows: Vec<u32> = (0..u32::try_from(all).unwrap_or(u32::MAX)).collect();
    let same_key = |a: &u32, b: &u32| compare(&ranks, &key, *a, *b);
    // Stable: the old row of a key comes first, then the new ones as they stand in the source.
    rows.sort_by(same_key);

    let mut write = PartitionWrite::default();
    let mut kept: Vec<u32> = Vec::with_capacity(all);
    let mut alone: Vec<u32> = Vec::new();
    let everything: Vec<usize> = (0..columns.len()).collect();
    let is_old = |row: u32| usize::try_from(row).is_ok_and(|it| it < split);
    let source = |row: u32| {
        let row = usize::try_from(row).ok().and_then(|it| it.checked_sub(split));
        row.and_then(|it| new.rows.get(it)).copied().unwrap_or_default()
    };
    for group in rows.chunk_by(|a, b| same_key(a, b) == Ordering::Equal) {
        let old = group.first().copied().filter(|it| is_old(*it));
        let mut fresh = group.iter().copied().filter(|it| !is_old(*it));
        let first = fresh.next();
        for again in fresh {
            let first_row = first.map(source).unwrap_or_default();
            write.duplicates.push(Duplicate { row: source(again), first_row });
        }
        match (old, first) {
            (Some(old), Some(new)) => {
                let same = compare(&ranks, &everything, old, new) == Ordering::Equal;
                write.unchanged += u64::from(same);
                write.replaced += u64::from(!same);
                kept.push(if same { old } else { new });
            }
            (None, Some(new)) => {
                write.added += 1;
                kept.push(new);
            }
            (Some(old), None) => alone.push(old),
            (None, None) => {}
        }
    }
    if let (Mode::Replace, Some(org)) = (mode, org) {
        let mut named: Vec<i64> = kept.iter().map(|it| rank(&ranks, org, *it)).collect();
        named.sort_unstable();
        named.dedup();
        let before = alone.len();
        alone.retain(|it| named.binary_search(&rank(&ranks, org, *it)).is_err());
        write.removed = u64::try_from(before - alone.len()).unwrap_or_default();
    }
    kept.append(&mut alone);
    write.duplicates.sort_unstable_by_key(|it| it.row);

    let by_org: Vec<usize> = org.into_iter().chain(key.iter().copied()).collect();
    kept.sort_unstable_by(|a, b| compare(&ranks, &by_org, *a, *b));
    for (check, declared) in dataset.sums.iter().enumerate() {
        write.sums.extend(sum_faults(dataset, &ranks, &kept, check, declared, &source));
    }
    drop(ranks);
    Merged { columns, order: kept, write }
}

fn combined(old: Block, new: &Block) -> Cow<'_, [Cells]> {
    if old.is_empty() {
        return Cow::Borrowed(&new.columns);
    }
    if new.is_empty() {
        return Cow::Owned(old.columns);
    }
    let mut columns = Vec::with_capacity(old.columns.len());
    for (old, cells) in old.columns.into_iter().zip(&new.columns) {
        let mut builder = CellsBuilder::after(old, new.len());
        builder.push_cells(cells);
        columns.push(builder.finish());
    }
    Cow::Owned(columns)
}

/// A column's cells as numbers that sort as the cells do; missing sorts first.
enum Ranks<'a> {
    Numbers(&'a [Option<i64>]),
    Words { at: &'a [Option<u32>], ranks: Arc<Vec<i64>> },
}

const MISSING: i64 = i64::MIN;

impl<'a> Ranks<'a> {
    fn of(cells: &'a Cells) -> Self {
        match cells {
            Cells::Numbers(cells) => Self::Numbers(cells),
            Cells::Words { at, words } => {
                let mut sorted: Vec<usize> = (0..words.len()).collect();
                sorted.sort_by_key(|it| words.get(*it));
                let mut ranks = vec![0_i64; words.len()];
                let mut rank = 0;
                let mut before: Option<&String> = None;
                for position in sorted {
                    let word = words.get(position);
                    rank += i64::from(before.is_some() && before != word);
                    before = word;
                    if let Some(slot) = ranks.get_mut(position) {
                        *slot = rank;
                    }
                }
                Self::Words { at, ranks: Arc::new(ranks) }
            }
        }
    }

    fn at(&self, row: usize) -> i64 {
        match self {
            Self::Numbers(cells) => cells.get(row).copied().flatten().unwrap_or(MISSING),
            Self::Words { at, ranks } => {
                let word = at.get(row).copied().flatten().and_then(|it| usize::try_from(it).ok());
                word.and_then(|it| ranks.get(it)).copied().unwrap_or(MISSING)
            }
        }
    }
}

fn rank(ranks: &[Ranks<'_>], column: usize, row: u32) -> i64 {
    let row = usize::try_from(row).unwrap_or(usize::MAX);
    ranks.get(column).map_or(MISSING, |it| it.at(row))
}

fn compare(ranks: &[Ranks<'_>], columns: &[usize], a: u32, b: u32) -> Ordering {
    columns
        .iter()
        .map(|it| rank(ranks, *it, a).cmp(&rank(ranks, *it, b)))
        .find(|it| it.is_ne())
        .unwrap_or(Ordering::Equal)
}

/// Groups of rows that do not add up, shown on a new row of the group.
fn sum_faults(
    dataset: &Dataset,
    ranks: &[Ranks<'_>],
    kept: &[u32],
    check: usize,
    declared: &SumCheck,
    source: &dyn Fn(u32) -> u64,
) -> Vec<SumFault> {
    let position = |name: &String| dataset.columns.iter().position(|it| it.name == *name);
    let group: Vec<usize> = declared.group.iter().filter_map(position).collect();
    let (Some(sum), Some(equals)) = (position(&declared.sum), position(&declared.equals)) else {
        return Vec::new();
    };
    let mut rows = kept.to_vec();
    rows.sort_by(|a, b| compare(ranks, &group, *a, *b));
    let mut faults = Vec::new();
    for rows in rows.chunk_by(|a, b| compare(ranks, &group, *a, *b) == Ordering::Equal) {
        // Only what this source touched, and only where every row has both numbers.
        let Some(touched) = rows.iter().find(|it| source(**it) > 0) else { continue };
        let cells = |column: usize| rows.iter().map(move |it| rank(ranks, column, *it));
        if cells(sum).chain(cells(equals)).any(|it| it == MISSING) {
            continue;
        }
        let total: i64 = cells(sum).sum();
        if let Some(stated) = cells(equals).find(|it| *it != total) {
            faults.push(SumFault { check, row: source(*touched), sum: total, stated });
        }
    }
    faults
}
