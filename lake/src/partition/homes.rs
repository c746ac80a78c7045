//! Homes of new rows: to find which rows of the table have their keys, and which of them have each other's.

use model::block::Block;
use model::dataset::Dataset;

use super::keys::{keys, organisations};

/// Where a new row of a year is at home. Holds 48 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Home {
    /// A hash of the row's key.
    pub key: u128,
    /// The row in its source.
    pub row: u64,
    /// The number of its area among those of the year.
    pub area: u32,
    /// A hash of its organisation's code.
    pub organisation: u64,
}

/// A row whose key another organisation had in an earlier row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Again {
    pub area: u32,
    pub row: u64,
    pub key: u128,
    pub first_row: u64,
}

impl Home {
    /// The homes of some rows, in their order.
    pub fn each(dataset: &Dataset, area: u32, block: &Block) -> Vec<Self> {
        let organisations = organisations(dataset, &block.columns, block.len());
        let keys = keys(dataset, block).into_iter().zip(&block.rows).zip(organisations);
        keys.map(|((key, row), organisation)| Self { key, row: *row, area, organisation }).collect()
    }

    /// Takes out the rows whose key another organisation has in an earlier row, and tells them.
    ///
    /// Rows with the key of their own organisation stay: merging them finds them.
    pub fn again(homes: &mut Vec<Self>) -> Vec<Again> {
        let mut found = Vec::new();
        homes.sort_unstable();
        let mut home: Option<Self> = None;
        homes.retain(|it| match home {
            Some(first) if first.key == it.key => {
                let is_home = first.area == it.area && first.organisation == it.organisation;
                if !is_home {
                    let Self { key, row, area, .. } = *it;
                    found.push(Again { area, row, key, first_row: first.row });
                }
                is_home
            }
            Some(_) | None => {
                home = Some(*it);
                true
            }
        });
        found
    }
}

/// Homes that are asked for by millions of keys, few of which they have.
#[derive(Debug)]
pub struct Homes {
    sorted: Vec<Home>,
    /// Their keys as 64 bits each, sorted.
    short: Vec<u64>,
    /// A bit for every place that a key of theirs falls on: nearly all others are told apart here.
    marks: Vec<u64>,
}

/// Places for each home, so that of a hundred foreign keys six look like one of theirs.
const PLACES: usize = 16;

impl Homes {
    pub fn of(mut homes: Vec<Home>) -> Self {
        homes.sort_unstable();
        let mut short: Vec<u64> = homes.iter().map(|it| folded(it.key)).collect();
        short.sort_unstable();
        let words = (homes.len() * PLACES).div_ceil(64).next_power_of_two();
        let mut marks = vec![0; words];
        for key in &short {
            let (word, bit) = place(*key, words);
            if let Some(word) = marks.get_mut(word) {
                *word |= bit;
            }
        }
        Self { sorted: homes, short, marks }
    }

    /// The homes with a key, in the order of their rows.
    pub fn with(&self, key: u128) -> &[Home] {
        if !self.may_have(folded(key)) {
            return &[];
        }
        let from = self.sorted.partition_point(|it| it.key < key);
        let rest = self.sorted.get(from..).unwrap_or_default();
        let many = rest.partition_point(|it| it.key == key);
        rest.get(..many).unwrap_or_default()
    }

    /// Whether a key of theirs has these 64 bits.
    pub(super) fn may_have(&self, short: u64) -> bool {
        let (word, bit) = place(short, self.marks.len());
        self.marks.get(word).is_some_and(|it| it & bit != 0)
            && self.short.binary_search(&short).is_ok()
    }
}

/// A key in 64 bits.
pub(super) fn folded(key: u128) -> u64 {
    let half = |it: u128| u64::try_from(it & u128::from(u64::MAX)).unwrap_or_default();
    half(key) ^ half(key >> 64)
}

/// Where a key falls on, among so many words of 64 bits.
fn place(short: u64, words: usize) -> (usize, u64) {
    // By the golden ratio: the lower bits of a hash know the lower bits of its bytes only.
    const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
    let spread = short.wrapping_mul(SPREAD) >> 26;
    let word = usize::try_from(spread >> 6).unwrap_or_default() & words.saturating_sub(1);
    (word, 1 << (spread & 63))
}
