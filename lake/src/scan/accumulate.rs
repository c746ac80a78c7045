//! Exact accumulation of one measure over runs of rows.

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, PrimitiveArray};
use arrow::buffer::BooleanBuffer;
use arrow::datatypes::{ArrowPrimitiveType, Decimal128Type, Int32Type, Int64Type};
use model::measure::Aggregate;
use model::state::State;

use super::Run;

/// One measure's state per group while a file is read.
#[derive(Debug)]
pub(super) struct Accumulator {
    aggregate: Aggregate,
    states: Vec<Option<i128>>,
    /// For distinct values: (group, value), sorted out at the end.
    seen: Vec<(u32, i64)>,
}

impl Accumulator {
    pub(super) fn new(aggregate: Aggregate) -> Self {
        Self { aggregate, states: Vec::new(), seen: Vec::new() }
    }

    /// Adds a batch. A row counts where the mask is true and, but for a plain count, where the
    /// number is there.
    pub(super) fn add(
        &mut self,
        runs: &[Run],
        groups: usize,
        mask: Option<&BooleanArray>,
        numbers: Option<&ArrayRef>,
    ) {
        self.states.resize(groups, None);
        // Unknown is not true.
        let mask: Option<BooleanBuffer> = mask.map(|it| match it.nulls() {
            Some(valid) => it.values() & valid.inner(),
            None => it.values().clone(),
        });
        if self.aggregate == Aggregate::Count {
            self.count(runs, mask.as_ref());
            return;
        }
        let Some(numbers) = numbers else { return };
        if let Some(array) = numbers.as_primitive_opt::<Int64Type>() {
            self.numbers(runs, mask.as_ref(), array, i128::from);
        } else if let Some(array) = numbers.as_primitive_opt::<Int32Type>() {
            self.numbers(runs, mask.as_ref(), array, i128::from);
        } else if let Some(array) = numbers.as_primitive_opt::<Decimal128Type>() {
            self.numbers(runs, mask.as_ref(), array, |it| it);
        }
    }

    fn count(&mut self, runs: &[Run], mask: Option<&BooleanBuffer>) {
        for (group, first, length) in runs {
            let counted = mask.map_or(*length, |it| it.slice(*first, *length).count_set_bits());
            if let Some(state) = self.states.get_mut(*group) {
                *state = Some(state.unwrap_or(0) + i128::try_from(counted).unwrap_or(0));
            }
        }
    }

    fn numbers<T: ArrowPrimitiveType>(
        &mut self,
        runs: &[Run],
        mask: Option<&BooleanBuffer>,
        array: &PrimitiveArray<T>,
        widen: impl Fn(T::Native) -> i128,
    ) {
        let aggregate = self.aggregate;
        let values = array.values();
        for (group, first, length) in runs {
            let Some(state) = self.states.get_mut(*group) else { continue };
            let Some(run) = values.get(*first..first + length) else { continue };
            for (offset, value) in run.iter().enumerate() {
                let row = first + offset;
                if mask.is_some_and(|it| !it.value(row)) || array.is_null(row) {
                    continue;
                }
                let value = widen(*value);
                let add = match aggregate {
                    Aggregate::SumOfSquares => value * value,
                    Aggregate::Distinct => {
                        let seen = (u32::try_from(*group), i64::try_from(value));
                        if let (Ok(group), Ok(value)) = seen {
                            self.seen.push((group, value));
                        }
                        continue;
                    }
                    Aggregate::Count | Aggregate::Sum | Aggregate::Minimum | Aggregate::Maximum => {
                        value
                    }
                };
                *state = State(*state).merge(State(Some(add)), aggregate).0;
            }
        }
    }

    pub(super) fn finish(mut self, groups: usize) -> Vec<State> {
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
