//! Totals: the states of a dataset, gathered per organisation and year for quick adding.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::measure::Aggregate;
use model::state::{State, StateColumn, States};
use model::{OrgCode, Year};

/// All states of one dataset, with the sums over dimensions kept ready.
#[derive(Debug, Default)]
pub(super) struct Totals {
    states: States,
    years: BTreeMap<Year, Arc<Vec<OrgTotal>>>,
}

/// What one organisation reported in one year, all dimensions together.
#[derive(Debug)]
pub(super) struct OrgTotal {
    pub(super) code: OrgCode,
    /// Rows behind it.
    pub(super) rows: u64,
    /// One per column of the states.
    pub(super) states: Vec<State>,
}

impl Totals {
    pub(super) fn new(states: States) -> Self {
        let mut years: BTreeMap<Year, Vec<OrgTotal>> = BTreeMap::new();
        let columns = states.columns();
        for (key, rows, values) in states.iter() {
            let orgs = years.entry(key.year).or_default();
            if orgs.last().is_none_or(|it| it.code != key.org) {
                let width = columns.len();
                let empty = vec![State::default(); width];
                orgs.push(OrgTotal { code: key.org.clone(), rows: 0, states: empty });
            }
            if let Some(total) = orgs.last_mut() {
                total.rows += rows;
                merge_into(&mut total.states, values, columns);
            }
        }
        let years = years.into_iter().map(|(year, orgs)| (year, Arc::new(orgs))).collect();
        Self { states, years }
    }

    /// The years any organisation reported.
    pub(super) fn years(&self) -> impl DoubleEndedIterator<Item = Year> {
        self.years.keys().copied()
    }

    /// Organisations that reported in a year, by code.
    pub(super) fn of_year(&self, year: Year) -> Arc<Vec<OrgTotal>> {
        self.years.get(&year).map(Arc::clone).unwrap_or_default()
    }

    pub(super) fn column(&self, measure: &str) -> Option<(usize, &StateColumn)> {
        let position = self.states.position(measure)?;
        Some((position, self.states.columns().get(position)?))
    }

    /// One measure of a year, for each organisation of [`Self::of_year`] in the same order.
    ///
    /// `wanted` holds, by position of a dimension, the values to take. Where `certain`, no state
    /// means that nothing was there to add, which is zero; otherwise a value may be missing.
    pub(super) fn values(
        &self,
        year: Year,
        column: usize,
        wanted: &[(usize, &[String])],
        certain: bool,
    ) -> Vec<State> {
        let orgs = self.of_year(year);
        let aggregate = self.states.columns().get(column).map(|it| it.aggregate);
        let Some(aggregate) = aggregate else {
            return vec![State::default(); orgs.len()];
        };
        let mut values: Vec<State> = if wanted.is_empty() {
            orgs.iter().map(|it| it.states.get(column).copied().unwrap_or_default()).collect()
        } else {
            self.chosen(year, column, aggregate, wanted, &orgs)
        };
        if certain && adds(aggregate) {
            for value in &mut values {
                value.0 = value.0.or(Some(0));
            }
        }
        values
    }

    /// The measure merged over the states whose dimensions have the wanted values.
    fn chosen(
        &self,
        year: Year,
        column: usize,
        aggregate: Aggregate,
        wanted: &[(usize, &[String])],
        orgs: &[OrgTotal],
    ) -> Vec<State> {
        let mut values = Vec::with_capacity(orgs.len());
        let mut states = self.states.of_year(year).peekable();
        for org in orgs {
            let (mut value, mut matched) = (State::default(), false);
            while let Some((key, _, found)) = states.next_if(|(key, _, _)| key.org == org.code) {
                let takes = |(position, list): &(usize, &[String])| {
                    let value = key.dimensions.get(*position).and_then(Option::as_ref);
                    value.is_some_and(|it| list.contains(it))
                };
                if wanted.iter().all(takes) {
                    matched = true;
                    let found = found.get(column).copied().unwrap_or_default();
                    value = value.merge(found, aggregate);
                }
            }
            // Nothing with these values was reported, so there is nothing to add.
            if !matched && adds(aggregate) {
                value = State(Some(0));
            }
            values.push(value);
        }
        values
    }
}

/// Whether merging adds, so that nothing is zero.
pub(super) const fn adds(aggregate: Aggregate) -> bool {
    match aggregate {
        Aggregate::Count | Aggregate::Sum | Aggregate::SumOfSquares | Aggregate::Distinct => true,
        Aggregate::Minimum | Aggregate::Maximum => false,
    }
}

fn merge_into(kept: &mut [State], new: &[State], columns: &[StateColumn]) {
    for ((kept, new), column) in kept.iter_mut().zip(new).zip(columns) {
        *kept = kept.merge(*new, column.aggregate);
    }
}
