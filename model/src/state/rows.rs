//! Rows of states by columns, and how they come into the order of their keys.

use std::cmp::Ordering;

use super::{Places, State, StateColumn};
use crate::measure::Aggregate;
use crate::numbers::Numbers;
use crate::year::Year;

/// States by columns: all lists are of one length.
///
/// Organisations and values of dimensions stand in lists of words, and the rows have their places there.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    pub years: Vec<Year>,
    pub organisations: Vec<u32>,
    /// One list a dimension: one more than the place of the value, 0 where the row had none.
    pub dimensions: Vec<Vec<u32>>,
    /// Rows of facts behind each.
    pub counts: Vec<u64>,
    /// One list a measure.
    pub numbers: Vec<Numbers>,
}

impl Rows {
    /// None yet, with room for so many.
    pub(super) fn with_room(rows: usize, dimensions: usize, measures: usize) -> Self {
        Self {
            years: Vec::with_capacity(rows),
            organisations: Vec::with_capacity(rows),
            dimensions: (0..dimensions).map(|_| Vec::with_capacity(rows)).collect(),
            counts: Vec::with_capacity(rows),
            numbers: (0..measures).map(|_| Numbers::with_room(rows)).collect(),
        }
    }

    pub const fn len(&self) -> usize {
        self.years.len()
    }

    pub const fn is_empty(&self) -> bool {
        self.years.is_empty()
    }

    pub(super) fn is_even(&self) -> bool {
        let rows = self.len();
        self.organisations.len() == rows
            && self.dimensions.iter().all(|it| it.len() == rows)
            && self.counts.len() == rows
            && self.numbers.iter().all(|it| it.len() == rows)
    }

    /// Puts the words elsewhere.
    pub(super) fn put(&mut self, places: &Places) {
        self.organisations.iter_mut().for_each(|it| *it = places.organisation(*it));
        self.dimensions.iter_mut().flatten().for_each(|it| *it = places.value(*it));
    }

    /// Adds rows behind these, with their words put elsewhere.
    pub(super) fn append(&mut self, mut other: Self, places: &Places) {
        let rows = self.len() + other.len();
        other.put(places);
        self.years.extend(other.years);
        self.organisations.extend(other.organisations);
        let mut named = other.dimensions.into_iter();
        for dimension in &mut self.dimensions {
            dimension.extend(named.next().unwrap_or_default());
            dimension.resize(rows, 0);
        }
        self.counts.extend(other.counts);
        self.numbers.iter_mut().zip(&other.numbers).for_each(|(it, more)| it.append(more));
    }

    /// By year, then organisation, then dimensions; what is of one key is merged.
    pub(super) fn sorted(self, columns: &[StateColumn]) -> Self {
        let key = self.key(0..self.dimensions.len());
        if (1..self.len()).all(|it| key.compare(it - 1, it).is_lt()) {
            return self;
        }
        let order = key.order();
        // One after the other, so that no more than one is there twice.
        let dimensions = self.dimensions.into_iter().map(|it| order.firsts(&it));
        let numbers = self.numbers.into_iter().zip(columns);
        Self {
            years: order.firsts(&self.years),
            organisations: order.firsts(&self.organisations),
            dimensions: dimensions.collect(),
            counts: order.added_up(&self.counts),
            numbers: numbers.map(|(it, column)| order.merged(&it, column.aggregate)).collect(),
        }
    }

    /// The same measures of fewer dimensions, or some of them: merged over all other dimensions.
    pub(super) fn along(&self, dimensions: &[usize], measures: &[(usize, Aggregate)]) -> Self {
        let key = self.key(dimensions.iter().copied());
        let order = key.order();
        let numbers = measures.iter().filter_map(|(measure, aggregate)| {
            Some(order.merged(self.numbers.get(*measure)?, *aggregate))
        });
        Self {
            years: order.firsts(&self.years),
            organisations: order.firsts(&self.organisations),
            dimensions: key.dimensions.iter().map(|it| order.firsts(it)).collect(),
            counts: order.added_up(&self.counts),
            numbers: numbers.collect(),
        }
    }

    fn key(&self, dimensions: impl Iterator<Item = usize>) -> Key<'_> {
        Key {
            years: &self.years,
            organisations: &self.organisations,
            dimensions: dimensions
                .filter_map(|it| self.dimensions.get(it))
                .map(Vec::as_slice)
                .collect(),
        }
    }
}

/// What rows are told apart by.
struct Key<'a> {
    years: &'a [Year],
    organisations: &'a [u32],
    dimensions: Vec<&'a [u32]>,
}

impl Key<'_> {
    fn compare(&self, a: usize, b: usize) -> Ordering {
        let years = self.years.get(a).cmp(&self.years.get(b));
        let organisations = || self.organisations.get(a).cmp(&self.organisations.get(b));
        let dimensions = || self.dimensions.iter().map(|it| it.get(a).cmp(&it.get(b)));
        years
            .then_with(organisations)
            .then_with(|| dimensions().find(|it| it.is_ne()).unwrap_or(Ordering::Equal))
    }

    /// Stretches that are in order already are merged, not sorted.
    fn order(&self) -> Order {
        let mut rows: Vec<usize> = (0..self.years.len()).collect();
        rows.sort_by(|a, b| self.compare(*a, *b));
        let mut before = None;
        let is_first = |row: &usize| {
            before.replace(*row).is_none_or(|before| self.compare(before, *row).is_ne())
        };
        let is_first = rows.iter().map(is_first).collect();
        Order { rows, is_first }
    }
}

/// Rows in the order of their keys.
struct Order {
    rows: Vec<usize>,
    /// Whether a row is the first of its key.
    is_first: Vec<bool>,
}

impl Order {
    fn each(&self) -> impl Iterator<Item = (usize, bool)> {
        self.rows.iter().copied().zip(self.is_first.iter().copied())
    }

    fn firsts<T: Copy>(&self, list: &[T]) -> Vec<T> {
        let firsts = self.each().filter(|(_, is_first)| *is_first);
        firsts.filter_map(|(row, _)| list.get(row).copied()).collect()
    }

    fn added_up(&self, counts: &[u64]) -> Vec<u64> {
        let mut sums: Vec<u64> = Vec::new();
        for (row, is_first) in self.each() {
            let count = counts.get(row).copied().unwrap_or_default();
            match sums.last_mut() {
                Some(sum) if !is_first => *sum += count,
                Some(_) | None => sums.push(count),
            }
        }
        sums
    }

    fn merged(&self, numbers: &Numbers, aggregate: Aggregate) -> Numbers {
        let mut merged = Numbers::default();
        let mut open: Option<State> = None;
        for (row, is_first) in self.each() {
            let state = State(numbers.at(row));
            match open.replace(state) {
                Some(before) if is_first => merged.push(before.0),
                Some(before) => open = Some(before.merge(state, aggregate)),
                None => {}
            }
        }
        merged.extend(open.map(|it| it.0));
        merged
    }
}
