//! States: what measures leave behind, per organisation and year; exact and mergeable in any order.

mod part;
mod rows;
#[cfg(test)]
mod tests;
mod words;

use std::sync::Arc;

use crate::exact::Decimal;
use crate::measure::Aggregate;
use crate::organisation::OrgCode;
use crate::year::Year;

pub use self::part::{Part, Row};
pub use self::rows::Rows;
pub use self::words::{Places, Words};

use self::words::{Met, in_order, position};

/// One measure's state: nothing seen yet, or an exact number in the measure's own scale.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct State(pub Option<i128>);

impl State {
    /// The state of all rows of both.
    pub fn merge(self, other: Self, aggregate: Aggregate) -> Self {
        let (Some(a), Some(b)) = (self.0, other.0) else {
            return Self(self.0.or(other.0));
        };
        Self(Some(match aggregate {
            Aggregate::Count | Aggregate::Sum | Aggregate::SumOfSquares | Aggregate::Distinct => {
                a + b
            }
            Aggregate::Minimum => a.min(b),
            Aggregate::Maximum => a.max(b),
        }))
    }
}

/// A measure as its states are kept: name, way of merging, digits after the point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateColumn {
    pub measure: String,
    pub aggregate: Aggregate,
    pub scale: u8,
}

/// Whose state, of which year, and with which values of the dataset's dimensions.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StateKey {
    pub year: Year,
    pub org: OrgCode,
    /// One per dimension of the dataset, in its order; `None` where the row had no value.
    pub dimensions: Vec<Option<String>>,
}

/// All states of one dataset, by year, then organisation, then dimensions.
///
/// They are kept by columns, in a few bytes each, and never changed: others are made of them.
#[derive(Clone, Debug, Default)]
pub struct States {
    columns: Arc<[StateColumn]>,
    words: Arc<Words>,
    rows: Rows,
}

impl States {
    /// None yet.
    pub fn new(columns: impl Into<Arc<[StateColumn]>>) -> Self {
        let columns = columns.into();
        let rows = Rows::with_room(0, 0, columns.len());
        Self { columns, words: Arc::default(), rows }
    }

    /// The states of keys in any order, each with the rows of facts behind it and one state a column; those of one key
    /// are merged.
    pub fn of<S: IntoIterator<Item = State>>(
        columns: impl Into<Arc<[StateColumn]>>,
        all: impl IntoIterator<Item = (StateKey, u64, S)>,
    ) -> Self {
        let Self { columns, mut rows, .. } = Self::new(columns);
        let (mut organisations, mut values) = (Met::default(), Met::default());
        let mut place = |value: String| values.turn(value.as_str(), || Arc::from(&*value)) + 1;
        for (key, count, states) in all {
            let met = rows.len();
            rows.years.push(key.year);
            rows.organisations.push(organisations.turn(&key.org, || key.org.clone()));
            if rows.dimensions.len() < key.dimensions.len() {
                rows.dimensions.resize(key.dimensions.len(), vec![0; met]);
            }
            let mut named = key.dimensions.into_iter();
            for dimension in &mut rows.dimensions {
                dimension.push(named.next().flatten().map_or(0, &mut place));
            }
            rows.counts.push(count);
            let mut states = states.into_iter();
            rows.numbers.iter_mut().for_each(|it| it.push(states.next().and_then(|it| it.0)));
        }
        let (words, places) = in_order(organisations, values);
        rows.put(&places);
        Self { rows: rows.sorted(&columns), columns, words: Arc::new(words) }
    }

    /// States by columns; `None` where the lists are not of one length, or name what is not there.
    pub fn of_rows(columns: Arc<[StateColumn]>, words: Arc<Words>, rows: Rows) -> Option<Self> {
        let is_of = |list: &[u32], end: usize| {
            list.iter().max().is_none_or(|it| position(*it).is_some_and(|it| it < end))
        };
        let is_sound = rows.is_even()
            && rows.numbers.len() == columns.len()
            && is_of(&rows.organisations, words.organisations().len())
            && rows.dimensions.iter().all(|it| is_of(it, words.values().len() + 1));
        is_sound.then(|| Self { rows: rows.sorted(&columns), columns, words })
    }

    /// All states of the parts, which have the same columns; those of one key are merged.
    ///
    /// The order of the parts makes no difference.
    pub fn merged(columns: impl Into<Arc<[StateColumn]>>, parts: Vec<Self>) -> Self {
        let columns = columns.into();
        let mut lists: Vec<&Arc<Words>> = parts.iter().map(|it| &it.words).collect();
        lists.dedup_by(|a, b| Arc::ptr_eq(a, b));
        let words = Words::united(lists.into_iter().map(|it| &**it));
        let length = parts.iter().map(Self::len).sum();
        let dimensions = parts.iter().map(|it| it.rows.dimensions.len()).max().unwrap_or_default();
        let mut rows = Rows::with_room(length, dimensions, columns.len());
        let mut before: (Arc<Words>, Places) = Default::default();
        for part in parts {
            // Parts of one pack share their words.
            if !Arc::ptr_eq(&before.0, &part.words) {
                before = (Arc::clone(&part.words), part.words.places_in(&words));
            }
            rows.append(part.rows, &before.1);
        }
        Self { rows: rows.sorted(&columns), columns, words: Arc::new(words) }
    }

    /// Some measures, by some dimensions and all others together.
    #[must_use]
    pub fn along(&self, dimensions: &[usize], measures: &[usize]) -> Self {
        let kept = measures.iter().filter_map(|it| Some((*it, self.columns.get(*it)?)));
        let aggregates: Vec<_> = kept.clone().map(|(at, it)| (at, it.aggregate)).collect();
        Self {
            columns: kept.map(|(_, it)| it.clone()).collect(),
            words: Arc::clone(&self.words),
            rows: self.rows.along(dimensions, &aggregates),
        }
    }

    pub fn columns(&self) -> &[StateColumn] {
        &self.columns
    }

    pub fn words(&self) -> &Words {
        &self.words
    }

    pub const fn rows(&self) -> &Rows {
        &self.rows
    }

    pub fn position(&self, measure: &str) -> Option<usize> {
        self.columns.iter().position(|it| it.measure == measure)
    }

    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub const fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn iter(&self) -> impl Iterator<Item = Row<'_>> {
        Part::of(self, 0..self.len()).iter()
    }

    /// The years that anything is of.
    pub fn years(&self) -> impl Iterator<Item = Year> {
        self.rows.years.chunk_by(Year::eq).filter_map(|it| it.first().copied())
    }

    pub fn of_year(&self, year: Year) -> Part<'_> {
        let years = &self.rows.years;
        Part::of(
            self,
            years.partition_point(|it| *it < year)..years.partition_point(|it| *it <= year),
        )
    }

    /// The number a state stands for.
    pub fn value(&self, column: usize, state: State) -> Option<Decimal> {
        let scale = self.columns.get(column)?.scale;
        state.0.map(|units| Decimal::new(units, scale))
    }
}

impl PartialEq for States {
    fn eq(&self, other: &Self) -> bool {
        self.columns == other.columns && self.iter().eq(other.iter())
    }
}
