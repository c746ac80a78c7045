//! The order of rows in a data file: by organisation, and by key within it.

use std::cmp::Ordering;
use std::sync::Arc;

use model::block::{Block, Cells};
use model::dataset::{ColumnKind, Dataset};

/// The columns that rows are ordered by, as positions in the dataset.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    by: Vec<usize>,
    pub(super) organisation: Option<usize>,
}

/// Where a row stands in the order, apart from its block.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place(Vec<Cell>);

/// Missing sorts first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Cell {
    Missing,
    Number(i64),
    Word(String),
}

impl Order {
    pub(crate) fn of(dataset: &Dataset) -> Self {
        let position = |name: &String| dataset.columns.iter().position(|it| it.name == *name);
        let mut columns = dataset.columns.iter();
        let organisation = columns.position(|it| matches!(it.kind, ColumnKind::Organisation));
        let key = dataset.key.iter().filter_map(position);
        Self { by: organisation.into_iter().chain(key).collect(), organisation }
    }

    /// The rows of a block in the order; of those with one place the first stays first.
    pub(crate) fn sorted(&self, block: &Block) -> Vec<u32> {
        let ranks = self.ranks(&block.columns);
        let mut rows: Vec<u32> = (0..u32::try_from(block.len()).unwrap_or(u32::MAX)).collect();
        rows.sort_by(|a, b| compare(&ranks, *a, *b));
        rows
    }

    pub(super) fn is_sorted(&self, block: &Block) -> bool {
        let ranks = self.ranks(&block.columns);
        let rows = 0..u32::try_from(block.len()).unwrap_or(u32::MAX);
        rows.is_sorted_by(|a, b| compare(&ranks, *a, *b).is_le())
    }

    /// The ordering columns of a block, ready to be compared.
    pub(super) fn ranks<'a>(&self, columns: &'a [Cells]) -> Vec<Ranks<'a>> {
        self.by.iter().filter_map(|it| columns.get(*it)).map(Ranks::of).collect()
    }

    pub(super) fn place(&self, block: &Block, row: usize) -> Place {
        let cells = self.by.iter().filter_map(|it| block.columns.get(*it));
        let cell = |it: &Cells| match (it.number(row), it.word(row)) {
            (Some(number), _) => Cell::Number(number),
            (None, Some(word)) => Cell::Word(word.to_owned()),
            (None, None) => Cell::Missing,
        };
        Place(cells.map(cell).collect())
    }

    /// The first row of a sorted block, at or after `from`, that does not come before a place.
    pub(super) fn until(&self, block: &Block, from: usize, place: &Place) -> usize {
        let (mut low, mut high) = (from, block.len());
        while low < high {
            let middle = low.midpoint(high);
            if self.against(block, middle, place).is_lt() {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    fn against(&self, block: &Block, row: usize, place: &Place) -> Ordering {
        let cells = self.by.iter().filter_map(|it| block.columns.get(*it)).zip(&place.0);
        let compare = |(cells, cell): (&Cells, &Cell)| match (cells.number(row), cells.word(row)) {
            (Some(number), _) => match cell {
                Cell::Missing => Ordering::Greater,
                Cell::Number(other) => number.cmp(other),
                Cell::Word(_) => Ordering::Less,
            },
            (None, Some(word)) => match cell {
                Cell::Missing | Cell::Number(_) => Ordering::Greater,
                Cell::Word(other) => word.cmp(other),
            },
            (None, None) => Cell::Missing.cmp(cell),
        };
        cells.map(compare).find(|it| it.is_ne()).unwrap_or(Ordering::Equal)
    }
}

/// A column's cells as numbers that sort as the cells do; missing sorts first.
pub(super) enum Ranks<'a> {
    Numbers(&'a [Option<i64>]),
    Words { at: &'a [Option<u32>], ranks: Arc<Vec<i64>> },
}

pub(super) const MISSING: i64 = i64::MIN;

impl<'a> Ranks<'a> {
    pub(super) fn of(cells: &'a Cells) -> Self {
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

    pub(super) fn at(&self, row: u32) -> i64 {
        let row = usize::try_from(row).unwrap_or(usize::MAX);
        match self {
            Self::Numbers(cells) => cells.get(row).copied().flatten().unwrap_or(MISSING),
            Self::Words { at, ranks } => {
                let word = at.get(row).copied().flatten().and_then(|it| usize::try_from(it).ok());
                word.and_then(|it| ranks.get(it)).copied().unwrap_or(MISSING)
            }
        }
    }
}

pub(super) fn compare(ranks: &[Ranks<'_>], a: u32, b: u32) -> Ordering {
    let compare = |it: &Ranks<'_>| it.at(a).cmp(&it.at(b));
    ranks.iter().map(compare).find(|it| it.is_ne()).unwrap_or(Ordering::Equal)
}
