//! States: what measures leave behind, per organisation and year; exact and mergeable in any order.

use std::collections::BTreeMap;

use crate::exact::Decimal;
use crate::measure::Aggregate;
use crate::organisation::OrgCode;
use crate::year::Year;

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

/// All states of one dataset.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct States {
    columns: Vec<StateColumn>,
    /// Rows behind each key, then one state per column.
    rows: BTreeMap<StateKey, (u64, Vec<State>)>,
}

impl States {
    pub fn new(columns: Vec<StateColumn>) -> Self {
        Self { columns, rows: BTreeMap::new() }
    }

    pub fn columns(&self) -> &[StateColumn] {
        &self.columns
    }

    pub fn position(&self, measure: &str) -> Option<usize> {
        self.columns.iter().position(|it| it.measure == measure)
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Merges the states of `count` more rows under `key`; `states` follow [`Self::columns`].
    pub fn add(&mut self, key: StateKey, count: u64, states: &[State]) {
        let width = self.columns.len();
        let (rows, kept) =
            self.rows.entry(key).or_insert_with(|| (0, vec![State::default(); width]));
        *rows += count;
        for ((kept, new), column) in kept.iter_mut().zip(states).zip(&self.columns) {
            *kept = kept.merge(*new, column.aggregate);
        }
    }

    /// Merges all of `other`, which has the same columns.
    pub fn merge(&mut self, other: Self) {
        for (key, (count, states)) in other.rows {
            self.add(key, count, &states);
        }
    }

    /// Key, rows behind it, and states, by year, then organisation, then dimensions.
    pub fn iter(&self) -> impl Iterator<Item = (&StateKey, u64, &[State])> {
        self.rows.iter().map(|(key, (count, states))| (key, *count, states.as_slice()))
    }

    /// The same for one year only.
    pub fn of_year(&self, year: Year) -> impl Iterator<Item = (&StateKey, u64, &[State])> {
        let first = StateKey { year, org: OrgCode::least(), dimensions: Vec::new() };
        self.rows
            .range(first..)
            .take_while(move |(key, _)| key.year == year)
            .map(|(key, (count, states))| (key, *count, states.as_slice()))
    }

    /// The number a state stands for.
    pub fn value(&self, column: usize, state: State) -> Option<Decimal> {
        let scale = self.columns.get(column)?.scale;
        state.0.map(|units| Decimal::new(units, scale))
    }
}
