//! Blocks: rows of a dataset, column by column, between a source and the lake.

use std::sync::Arc;

/// Rows of one dataset. Columns stand in the dataset's order and have the same length.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    pub columns: Vec<Cells>,
    /// Row of each in its source, as a spreadsheet counts; for findings.
    pub rows: Vec<u64>,
}

/// The cells of one column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cells {
    /// Whole numbers; decimals in units of their column's scale; flags as 0 and 1; dates as days
    /// since 1970-01-01; persons as keyed hashes; years as written.
    Numbers(Vec<Option<i64>>),
    /// Codes and texts, as positions in a list of words.
    Words { at: Vec<Option<u32>>, words: Arc<Vec<String>> },
}

impl Cells {
    pub fn len(&self) -> usize {
        match self {
            Self::Numbers(cells) => cells.len(),
            Self::Words { at, .. } => at.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number in a row; `None` when missing or a word.
    pub fn number(&self, row: usize) -> Option<i64> {
        match self {
            Self::Numbers(cells) => cells.get(row).copied().flatten(),
            Self::Words { .. } => None,
        }
    }

    /// The word in a row; `None` when missing or a number.
    pub fn word(&self, row: usize) -> Option<&str> {
        match self {
            Self::Numbers(_) => None,
            Self::Words { at, words } => {
                let position = usize::try_from(at.get(row).copied().flatten()?).ok()?;
                words.get(position).map(String::as_str)
            }
        }
    }

    /// The cells of the rows that `keep` holds, in their order.
    pub fn keep(&self, keep: &[bool]) -> Self {
        fn kept<T: Copy>(cells: &[T], keep: &[bool]) -> Vec<T> {
            cells.iter().zip(keep).filter(|(_, keep)| **keep).map(|(cell, _)| *cell).collect()
        }
        match self {
            Self::Numbers(cells) => Self::Numbers(kept(cells, keep)),
            Self::Words { at, words } => {
                Self::Words { at: kept(at, keep), words: Arc::clone(words) }
            }
        }
    }
}

impl Block {
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The rows that `keep` holds, in their order.
    #[must_use]
    pub fn keep(&self, keep: &[bool]) -> Self {
        let rows = self.rows.iter().zip(keep).filter(|(_, keep)| **keep).map(|(row, _)| *row);
        Self {
            rows: rows.collect(),
            columns: self.columns.iter().map(|it| it.keep(keep)).collect(),
        }
    }
}
