//! Merging one piece by key.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use model::block::Cells;

use super::order::{Order, Ranks, compare};
use super::pieces::Piece;
use super::{Duplicate, PartitionWrite};

/// Organisations that a source tells all of.
pub(super) type Named = BTreeSet<String>;

/// The rows of a piece that stay, in their order. What becomes of the others is counted.
pub(super) fn merge(
    order: &Order,
    piece: &Piece,
    named: Option<&Named>,
    write: &mut PartitionWrite,
) -> Vec<u32> {
    let place = order.ranks(&piece.columns);
    let everything: Vec<Ranks<'_>> = piece.columns.iter().map(Ranks::of).collect();
    let is_named = is_named(order, piece, named);
    // In columns without a missing value none is lost.
    let gappy = piece.columns.iter().enumerate().filter(|(_, cells)| has_gaps(cells));
    let gappy: Vec<(usize, &Cells)> = gappy.collect();
    let mut rows: Vec<u32> = (0..piece.len()).collect();
    // Stable: the old row of a key comes first, then the new ones as they stand in the source.
    rows.sort_by(|a, b| compare(&place, *a, *b));
    let mut kept = Vec::with_capacity(rows.len());
    for group in rows.chunk_by(|a, b| compare(&place, *a, *b).is_eq()) {
        let old = group.first().copied().filter(|it| piece.is_old(*it));
        let mut fresh = group.iter().copied().filter(|it| !piece.is_old(*it));
        let first = fresh.next();
        for again in fresh {
            let first_row = first.map(|it| piece.source(it)).unwrap_or_default();
            write.duplicates.push(Duplicate { row: piece.source(again), first_row });
        }
        match (old, first) {
            (Some(old), Some(new)) => {
                let is_same = compare(&everything, old, new) == Ordering::Equal;
                write.unchanged += u64::from(is_same);
                write.replaced += u64::from(!is_same);
                let emptied =
                    gappy.iter().filter(|(_, it)| is_there(it, old) && !is_there(it, new));
                emptied.for_each(|(column, _)| count(&mut write.emptied, *column));
                kept.push(if is_same { old } else { new });
            }
            (None, Some(new)) => {
                write.added += 1;
                kept.push(new);
            }
            (Some(old), None) if is_named(old) => write.removed += 1,
            (Some(old), None) => kept.push(old),
            (None, None) => {}
        }
    }
    kept
}

fn has_gaps(cells: &Cells) -> bool {
    match cells {
        Cells::Numbers(cells) => cells.contains(&None),
        Cells::Words { at, .. } => at.contains(&None),
    }
}

fn is_there(cells: &Cells, row: u32) -> bool {
    let row = usize::try_from(row).unwrap_or(usize::MAX);
    match cells {
        Cells::Numbers(cells) => cells.get(row).is_some_and(Option::is_some),
        Cells::Words { at, .. } => at.get(row).is_some_and(Option::is_some),
    }
}

fn count(counts: &mut Vec<u64>, column: usize) {
    if counts.len() <= column {
        counts.resize(column + 1, 0);
    }
    if let Some(count) = counts.get_mut(column) {
        *count += 1;
    }
}

/// Whether a row is of an organisation that the source tells all of.
fn is_named(order: &Order, piece: &Piece, named: Option<&Named>) -> impl Fn(u32) -> bool {
    let column = named.and(order.organisation).and_then(|it| piece.columns.get(it));
    let named: Vec<bool> = match (column, named) {
        (Some(Cells::Words { at, words }), Some(named)) => {
            let words: Vec<bool> = words.iter().map(|it| named.contains(it)).collect();
            let is_named = |it: &Option<u32>| {
                let word = it.and_then(|it| usize::try_from(it).ok());
                word.and_then(|it| words.get(it)).copied().unwrap_or_default()
            };
            at.iter().map(is_named).collect()
        }
        _ => Vec::new(),
    };
    move |row| {
        let row = usize::try_from(row).ok();
        row.and_then(|it| named.get(it)).copied().unwrap_or_default()
    }
}
