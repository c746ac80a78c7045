//! One pass over a data file for all measures of its dataset.

mod accumulate;
pub(crate) mod bits;
mod chunks;
mod comparison;
mod groups;
mod predicate;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::buffer::BooleanBuffer;
use arrow::datatypes::{DataType, FieldRef, Schema, SchemaRef};
use model::dataset::Dataset;
use model::measure::{Aggregate, Measure};
use model::state::{State, StateColumn, StateKey, States};

use self::accumulate::Accumulator;
pub(crate) use self::chunks::Source;
use self::groups::Groups;
use self::predicate::{Answers, Leaves, Predicate};
use crate::LakeError;
use crate::expression::{Compiled, Expect, ExpressionError, Planner, evaluate};
use crate::schema::{file_schema, laid_out};
use crate::table::DataFile;

/// Rows evaluated at a time: a few columns of them stay in the processor's cache.
const BATCH: usize = 16_384;

/// All measures of a dataset, planned once and run over any of its files by any thread.
#[derive(Debug)]
pub(crate) struct Scan {
    dataset: Dataset,
    pub(crate) columns: Arc<[StateColumn]>,
    steps: Vec<Step>,
    leaves: Leaves,
    /// What is summed or told apart, with the measure's own words.
    numbers: Vec<(Compiled, String)>,
    /// The columns that are read, as they are read: organisation, dimensions, and what expressions name.
    schema: SchemaRef,
    organisation: String,
}

#[derive(Debug)]
struct Step {
    aggregate: Aggregate,
    filter: Option<Predicate>,
    /// A position among the numbers.
    of: Option<usize>,
}

impl Scan {
    /// Plans the measures of a dataset that was checked before.
    ///
    /// # Errors
    /// [`LakeError::Declaration`] when an expression is not sound all the same.
    pub(crate) fn of(dataset: &Dataset, measures: &[&Measure]) -> Result<Self, LakeError> {
        Self::plan(dataset, measures).map_err(|it| LakeError::Declaration {
            dataset: dataset.name.clone(),
            what: it.message,
            hint: it.hint,
        })
    }

    /// Plans the measures.
    ///
    /// # Errors
    /// When an expression of a measure is not sound; `plan check` reports the same with its place.
    fn plan(dataset: &Dataset, measures: &[&Measure]) -> Result<Self, ExpressionError> {
        let organisation =
            dataset.organisation_column().map(|it| it.name.clone()).unwrap_or_default();
        let schema = read_columns(dataset, &organisation, measures)?;
        let planner = Planner::over(Arc::clone(&schema));
        let mut leaves = Leaves::over(Arc::clone(&schema));
        let mut numbers: Vec<(Compiled, String)> = Vec::new();
        let (mut steps, mut columns) = (Vec::new(), Vec::new());
        for measure in measures {
            let mut step = Step { aggregate: measure.aggregate, filter: None, of: None };
            let mut scale = 0;
            for (sql, expect) in uses(measure) {
                if expect == Expect::Predicate {
                    step.filter = Some(leaves.take(&planner.compile(sql, expect)?, sql));
                    continue;
                }
                let compiled = planner.compile(sql, expect)?;
                scale = compiled.scale;
                let known = numbers.iter().position(|(_, it)| it == sql);
                step.of = Some(known.unwrap_or(numbers.len()));
                if known.is_none() {
                    numbers.push((compiled, sql.to_owned()));
                }
            }
            if measure.aggregate == Aggregate::SumOfSquares {
                scale *= 2;
            }
            columns.push(StateColumn {
                measure: measure.name.clone(),
                aggregate: measure.aggregate,
                scale,
            });
            steps.push(step);
        }
        let schema = narrowed(&schema, &leaves, &numbers);
        let (dataset, columns) = (dataset.clone(), columns.into());
        Ok(Self { dataset, columns, steps, leaves, numbers, schema, organisation })
    }

    /// The states of one file, whose bytes are at `source`; `path` is where that is said to be when it fails.
    pub(crate) fn run(
        &self,
        file: &DataFile,
        source: Source,
        path: &Path,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<States, LakeError> {
        let mut groups = Groups::default();
        let mut accumulators: Vec<Accumulator> =
            self.steps.iter().map(|it| Accumulator::new(it.aggregate)).collect();
        for reader in
            chunks::readers(source, &self.schema, BATCH).map_err(LakeError::parquet(path))?
        {
            for batch in reader.map_err(LakeError::parquet(path))? {
                let batch = batch.and_then(|it| laid_out(&it, &self.schema));
                let batch = batch.map_err(LakeError::arrow(&self.dataset.name))?;
                self.add(&batch, &mut groups, &mut accumulators)?;
                progress(u64::try_from(batch.num_rows()).unwrap_or_default());
            }
        }
        Ok(self.collect(file, groups, accumulators))
    }

    fn add(
        &self,
        batch: &RecordBatch,
        groups: &mut Groups,
        accumulators: &mut [Accumulator],
    ) -> Result<(), LakeError> {
        let assigned = groups.assign(batch, &self.organisation, &self.dataset.dimensions);
        let mut answers = Answers::of(&self.leaves, batch);
        let mut numbers: Vec<Option<ArrayRef>> = vec![None; self.numbers.len()];
        for (step, accumulator) in self.steps.iter().zip(accumulators) {
            let mask: Option<BooleanBuffer> =
                step.filter.as_ref().map(|it| answers.mask(it)).transpose()?;
            let number = match step.of {
                Some(position) => self.number(position, &mut numbers, batch)?,
                None => None,
            };
            accumulator.add(&assigned, groups.len(), mask.as_ref(), number.as_ref());
        }
        Ok(())
    }

    /// A number of every row, evaluated for the first measure that asks for it.
    fn number(
        &self,
        position: usize,
        known: &mut [Option<ArrayRef>],
        batch: &RecordBatch,
    ) -> Result<Option<ArrayRef>, LakeError> {
        let (Some((compiled, sql)), Some(slot)) =
            (self.numbers.get(position), known.get_mut(position))
        else {
            return Ok(None);
        };
        if slot.is_none() {
            let evaluated = evaluate(&compiled.expression, batch);
            *slot = Some(evaluated.map_err(LakeError::expression(sql))?);
        }
        Ok(slot.clone())
    }

    fn collect(&self, file: &DataFile, groups: Groups, accumulators: Vec<Accumulator>) -> States {
        let count = groups.len();
        let finished: Vec<Vec<State>> =
            accumulators.into_iter().map(|it| it.finish(count)).collect();
        let rows = groups.into_named().filter_map(|((org, dimensions), group, rows)| {
            let key = StateKey { year: file.year, org: org.parse().ok()?, dimensions };
            let state = move |it: &Vec<State>| it.get(group).copied().unwrap_or_default();
            Some((key, rows, finished.iter().map(state)))
        });
        States::of(Arc::clone(&self.columns), rows)
    }
}

/// Organisation, dimensions, and what the measures' expressions name.
fn read_columns(
    dataset: &Dataset,
    organisation: &str,
    measures: &[&Measure],
) -> Result<SchemaRef, ExpressionError> {
    let whole = Planner::over(file_schema(dataset));
    let mut names = vec![organisation.to_owned()];
    names.extend(dataset.dimensions.iter().cloned());
    for measure in measures {
        for (sql, expect) in uses(measure) {
            names.extend(whole.compile(sql, expect)?.columns);
        }
    }
    let all = file_schema(dataset);
    let fields = all.fields().iter().filter(|it| names.contains(it.name()));
    Ok(Arc::new(Schema::new(fields.map(Arc::clone).collect::<Vec<_>>())))
}

/// Decimals that are compared in 64 bits and asked nothing else stay in those, as they lie in the files.
fn narrowed(schema: &Schema, leaves: &Leaves, numbers: &[(Compiled, String)]) -> SchemaRef {
    let declared: BTreeSet<usize> = leaves.declared().collect();
    let is_number = |name: &String| numbers.iter().any(|(it, _)| it.columns.contains(name));
    let narrow = |(position, field): (usize, &FieldRef)| {
        let DataType::Decimal128(digits, scale) = field.data_type() else {
            return Arc::clone(field);
        };
        if declared.contains(&position) || is_number(field.name()) {
            return Arc::clone(field);
        }
        let kind = DataType::Decimal64(*digits, *scale);
        Arc::new(field.as_ref().clone().with_data_type(kind))
    };
    Arc::new(Schema::new(schema.fields().iter().enumerate().map(narrow).collect::<Vec<_>>()))
}

fn uses(measure: &Measure) -> impl Iterator<Item = (&str, Expect)> {
    let is_distinct = measure.aggregate == Aggregate::Distinct;
    let expect = if is_distinct { Expect::Value } else { Expect::Number };
    let filter = measure.filter.as_deref().map(|it| (it, Expect::Predicate));
    let of = measure.of.as_deref().map(|it| (it, expect));
    filter.into_iter().chain(of)
}
