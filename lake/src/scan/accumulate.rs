//! Exact accumulation of one measure over runs of rows.

use arrow::array::{Array, ArrayRef, AsArray, PrimitiveArray};
use arrow::buffer::BooleanBuffer;
use arrow::datatypes::{ArrowPrimitiveType, Decimal128Type, Int32Type, Int64Type};
use model::measure::Aggregate;
use model::state::State;

use super::groups::{Assigned, position};

/// One measure's state per group while a file is read.
#[derive(Debug)]
pub(super) struct Accumulator {
    aggregate: Aggregate,
    states: Vec<Option<i128>>,
    /// For counts: rows of each group.
    counts: Vec<u64>,
    /// For distinct values: (group, value), sorted out at the end.
    seen: Vec<(u32, i64)>,
}

impl Accumulator {
    pub(super) fn new(aggregate: Aggregate) -> Self {
        Self { aggregate, states: Vec::new(), counts: Vec::new(), seen: Vec::new() }
    }

    /// Adds a batch. A row counts where the mask is set and, but for a plain count, where the
    /// number is there.
    pub(super) fn add(
        &mut self,
        assigned: &Assigned,
        groups: usize,
        mask: Option<&BooleanBuffer>,
        numbers: Option<&ArrayRef>,
    ) {
        if self.aggregate == Aggregate::Count {
            self.counts.resize(groups, 0);
            self.count(assigned, mask);
            return;
        }
        self.states.resize(groups, None);
        let Some(numbers) = numbers else { return };
        if let Some(array) = numbers.as_primitive_opt::<Int64Type>() {
            self.numbers(assigned, mask, array, i128::from);
        } else if let Some(array) = numbers.as_primitive_opt::<Int32Type>() {
            self.numbers(assigned, mask, array, i128::from);
        } else if let Some(array) = numbers.as_primitive_opt::<Decimal128Type>() {
            self.numbers(assigned, mask, array, |it| it);
        }
    }

    /// By stretches where they are long, else by rows: each is the quicker one then.
    fn count(&mut self, assigned: &Assigned, mask: Option<&BooleanBuffer>) {
        let mut add = |group: usize, rows: usize| {
            if let Some(count) = self.counts.get_mut(group) {
                *count += u64::try_from(rows).unwrap_or_default();
            }
        };
        match (mask, assigned) {
            (None, assigned) => assigned.each(add),
            (Some(mask), Assigned::Stretches(runs)) => {
                for (group, first, length) in runs {
                    add(*group, mask.slice(*first, *length).count_set_bits());
                }
            }
            (Some(mask), Assigned::Rows(groups)) => {
                for row in mask.set_indices() {
                    if let Some(group) = groups.get(row) {
                        add(position(*group), 1);
                    }
                }
            }
        }
    }

    fn numbers<T: ArrowPrimitiveType>(
        &mut self,
        assigned: &Assigned,
        mask: Option<&BooleanBuffer>,
        array: &PrimitiveArray<T>,
        widen: impl Fn(T::Native) -> i128,
    ) {
        let values = array.values();
        let mut add = |group: usize, row: usize| {
            if mask.is_some_and(|it| !it.value(row)) || array.is_null(row) {
                return;
            }
            if let Some(value) = values.get(row) {
                self.number(group, widen(*value));
            }
        };
        match assigned {
            Assigned::Stretches(runs) => {
                for (group, first, length) in runs {
                    (*first..first + length).for_each(|row| add(*group, row));
                }
            }
            Assigned::Rows(groups) => {
                groups.iter().enumerate().for_each(|(row, group)| add(position(*group), row));
            }
        }
    }

    /// Adds what one row says; one of no group is left out.
    fn number(&mut self, group: usize, value: i128) {
        let Some(state) = self.states.get_mut(group) else { return };
        let add = match self.aggregate {
            Aggregate::SumOfSquares => value * value,
            Aggregate::Distinct => {
                if let (Ok(group), Ok(value)) = (u32::try_from(group), i64::try_from(value)) {
                    self.seen.push((group, value));
                }
                return;
            }
            Aggregate::Count | Aggregate::Sum | Aggregate::Minimum | Aggregate::Maximum => value,
        };
        *state = State(*state).merge(State(Some(add)), self.aggregate).0;
    }

    pub(super) fn finish(mut self, groups: usize) -> Vec<State> {
        if self.aggregate == Aggregate::Count {
            // Every group has rows, so that a count is always known.
            self.counts.resize(groups, 0);
            return self.counts.into_iter().map(|it| State(Some(i128::from(it)))).collect();
        }
        self.states.resize(groups, None);
        self.seen.sort_unstable();
        self.seen.dedup();
        if self.aggregate == Aggregate::Distinct {
            self.states.fill(Some(0));
        }
        for (group, _) in &self.seen {
            let position = usize::try_from(*group).unwrap_or(usize::MAX);
            if let Some(state) = self.states.get_mut(position) {
                *state = Some(state.unwrap_or(0) + 1);
            }
        }
        self.states.into_iter().map(State).collect()
    }
}
