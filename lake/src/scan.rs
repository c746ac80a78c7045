//! One pass over a data file for all measures of its dataset.

mod accumulate;

use std::collections::BTreeMap;
use std::fs::File;
use std::sync::Arc;

use arrow::array::{Array, AsArray, DictionaryArray, RecordBatch};
use arrow::datatypes::{Int32Type, Schema, SchemaRef};
use model::OrgCode;
use model::dataset::Dataset;
use model::measure::{Aggregate, Measure};
use model::state::{State, StateColumn, StateKey, States};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use self::accumulate::Accumulator;
use crate::LakeError;
use crate::expression::{Compiled, Expect, ExpressionError, Planner, evaluate, evaluate_mask};
use crate::schema::file_schema;
use crate::table::{DataFile, Table};

/// Rows evaluated at a time: a few columns of them stay in the processor's cache.
const BATCH: usize = 16_384;

/// All measures of a dataset, planned once and run over any of its files.
#[derive(Debug)]
pub(crate) struct Scan {
    dataset: Dataset,
    pub(crate) columns: Vec<StateColumn>,
    steps: Vec<Step>,
    /// The columns that are read: organisation, dimensions, and what expressions name.
    schema: SchemaRef,
    organisation: String,
}

#[derive(Debug)]
struct Step {
    aggregate: Aggregate,
    filter: Option<(usize, String)>,
    of: Option<(usize, String)>,
}

/// The planned expressions of a scan: each thread has its own evaluation, all share the plan.
#[derive(Debug, Default)]
struct Expressions {
    planned: Vec<Compiled>,
    positions: BTreeMap<(String, bool), usize>,
}

impl Scan {
    /// Plans the measures.
    ///
    /// # Errors
    /// When an expression of a measure is not sound; `plan check` reports the same with its place.
    pub(crate) fn plan(
        dataset: &Dataset,
        measures: &[&Measure],
    ) -> Result<(Self, Vec<Compiled>), ExpressionError> {
        let whole = Planner::over(file_schema(dataset));
        let organisation =
            dataset.organisation_column().map(|it| it.name.clone()).unwrap_or_default();
        let mut names = vec![organisation.clone()];
        names.extend(dataset.dimensions.iter().cloned());
        for measure in measures {
            for (sql, expect) in uses(measure) {
                names.extend(whole.compile(sql, expect)?.columns);
            }
        }
        let fields: Vec<_> = file_schema(dataset)
            .fields()
            .iter()
            .filter(|it| names.contains(it.name()))
            .map(Arc::clone)
            .collect();
        let schema: SchemaRef = Arc::new(Schema::new(fields));
        let planner = Planner::over(Arc::clone(&schema));
        let mut expressions = Expressions::default();
        let mut steps = Vec::new();
        let mut columns = Vec::new();
        for measure in measures {
            let mut step = Step { aggregate: measure.aggregate, filter: None, of: None };
            let mut scale = 0;
            for (sql, expect) in uses(measure) {
                let is_filter = expect == Expect::Predicate;
                let position = expressions.plan(&planner, sql, expect)?;
                let used = Some((position, sql.to_owned()));
                if is_filter {
                    step.filter = used;
                } else {
                    scale = expressions.planned.get(position).map_or(0, |it| it.scale);
                    step.of = used;
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
        let scan = Self { dataset: dataset.clone(), columns, steps, schema, organisation };
        Ok((scan, expressions.planned))
    }

    /// The states of one file.
    pub(crate) fn run(
        &self,
        planned: &[Compiled],
        table: &Table,
        file: &DataFile,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<States, LakeError> {
        let path = table.folder.join(&file.path);
        let opened = File::open(&path).map_err(LakeError::file("open", &path))?;
        let builder =
            ParquetRecordBatchReaderBuilder::try_new(opened).map_err(LakeError::parquet(&path))?;
        let names = self.schema.fields().iter().map(|it| it.name().as_str());
        let mask = ProjectionMask::columns(builder.parquet_schema(), names);
        let reader = builder
            .with_projection(mask)
            .with_batch_size(BATCH)
            .build()
            .map_err(LakeError::parquet(&path))?;
        let mut groups = Groups::default();
        let mut accumulators: Vec<Accumulator> =
            self.steps.iter().map(|it| Accumulator::new(it.aggregate)).collect();
        for batch in reader {
            let batch = batch.map_err(LakeError::arrow(&self.dataset.name))?;
            self.add(planned, &batch, &mut groups, &mut accumulators)?;
            progress(u64::try_from(batch.num_rows()).unwrap_or_default());
        }
        Ok(self.collect(file, groups, accumulators))
    }

    fn add(
        &self,
        planned: &[Compiled],
        batch: &RecordBatch,
        groups: &mut Groups,
        accumulators: &mut [Accumulator],
    ) -> Result<(), LakeError> {
        let runs = groups.runs(batch, &self.organisation, &self.dataset.dimensions);
        let mut evaluated: Vec<Option<expression_value::Value>> = vec![None; planned.len()];
        for (step, accumulator) in self.steps.iter().zip(accumulators) {
            for (used, is_filter) in [(&step.filter, true), (&step.of, false)] {
                let Some((position, sql)) = used else { continue };
                let (Some(slot), Some(compiled)) =
                    (evaluated.get_mut(*position), planned.get(*position))
                else {
                    continue;
                };
                if slot.is_none() {
                    let value = if is_filter {
                        evaluate_mask(compiled, batch).map(expression_value::Value::Mask)
                    } else {
                        evaluate(compiled, batch).map(expression_value::Value::Numbers)
                    };
                    *slot = Some(value.map_err(LakeError::expression(sql))?);
                }
            }
            let of = |used: &Option<(usize, String)>| {
                used.as_ref().and_then(|(position, _)| evaluated.get(*position)?.as_ref())
            };
            let mask = of(&step.filter).and_then(expression_value::Value::mask);
            let numbers = of(&step.of).and_then(expression_value::Value::numbers);
            accumulator.add(&runs, groups.len(), mask, numbers);
        }
        Ok(())
    }

    fn collect(&self, file: &DataFile, groups: Groups, accumulators: Vec<Accumulator>) -> States {
        let finished: Vec<Vec<State>> =
            accumulators.into_iter().map(|it| it.finish(groups.len())).collect();
        let mut states = States::new(self.columns.clone());
        for ((name, position), rows) in groups.named.into_iter().zip(groups.rows_by_name) {
            let (org, dimensions) = name;
            let Ok(org) = org.parse::<OrgCode>() else { continue };
            let row: Vec<State> =
                finished.iter().map(|it| it.get(position).copied().unwrap_or_default()).collect();
            states.add(StateKey { year: file.year, org, dimensions }, rows, &row);
        }
        states
    }
}

impl Expressions {
    fn plan(
        &mut self,
        planner: &Planner,
        sql: &str,
        expect: Expect,
    ) -> Result<usize, ExpressionError> {
        let name = (sql.to_owned(), expect == Expect::Predicate);
        if let Some(position) = self.positions.get(&name) {
            return Ok(*position);
        }
        let position = self.planned.len();
        self.planned.push(planner.compile(sql, expect)?);
        self.positions.insert(name, position);
        Ok(position)
    }
}

fn uses(measure: &Measure) -> impl Iterator<Item = (&str, Expect)> {
    let is_distinct = measure.aggregate == Aggregate::Distinct;
    let expect = if is_distinct { Expect::Value } else { Expect::Number };
    let filter = measure.filter.as_deref().map(|it| (it, Expect::Predicate));
    let of = measure.of.as_deref().map(|it| (it, expect));
    filter.into_iter().chain(of)
}

mod expression_value {
    use arrow::array::{ArrayRef, BooleanArray};

    /// What an expression yielded for a batch.
    #[derive(Clone, Debug)]
    pub(super) enum Value {
        Mask(BooleanArray),
        Numbers(ArrayRef),
    }

    impl Value {
        pub(super) fn mask(&self) -> Option<&BooleanArray> {
            match self {
                Self::Mask(mask) => Some(mask),
                Self::Numbers(_) => None,
            }
        }

        pub(super) fn numbers(&self) -> Option<&ArrayRef> {
            match self {
                Self::Numbers(numbers) => Some(numbers),
                Self::Mask(_) => None,
            }
        }
    }
}

/// A stretch of rows of one group: (group, first row, rows).
pub(crate) type Run = (usize, usize, usize);

/// Which organisation and dimension values have been met, and how often.
#[derive(Debug, Default)]
struct Groups {
    named: BTreeMap<(String, Vec<Option<String>>), usize>,
    counts: Vec<u64>,
    rows_by_name: Vec<u64>,
}

impl Groups {
    fn len(&self) -> usize {
        self.counts.len()
    }

    /// Cuts a batch into stretches of one group. Rows without an organisation are left out.
    fn runs(&mut self, batch: &RecordBatch, organisation: &str, dimensions: &[String]) -> Vec<Run> {
        let words = |name: &str| -> Option<DictionaryArray<Int32Type>> {
            batch.column_by_name(name)?.as_dictionary_opt::<Int32Type>().cloned()
        };
        let Some(org) = words(organisation) else { return Vec::new() };
        let dimensions: Vec<Option<DictionaryArray<Int32Type>>> =
            dimensions.iter().map(|it| words(it)).collect();
        let key = |column: &DictionaryArray<Int32Type>, row: usize| {
            if column.is_null(row) { -1 } else { column.keys().value(row) }
        };
        let mut known: BTreeMap<Vec<i32>, usize> = BTreeMap::new();
        let mut runs: Vec<Run> = Vec::new();
        let mut before: Vec<i32> = Vec::new();
        let mut current: Vec<i32> = Vec::new();
        for row in 0..batch.num_rows() {
            current.clear();
            current.push(key(&org, row));
            current.extend(dimensions.iter().map(|it| it.as_ref().map_or(-1, |it| key(it, row))));
            if current == before
                && let Some((_, _, length)) = runs.last_mut()
            {
                *length += 1;
                continue;
            }
            before.clone_from(&current);
            let group = match known.get(&current) {
                Some(group) => *group,
                None => {
                    let word = |column: &DictionaryArray<Int32Type>| word_at(column, row);
                    let Some(name) = word(&org) else {
                        before.clear();
                        continue;
                    };
                    let values = dimensions.iter().map(|it| it.as_ref().and_then(word)).collect();
                    let next = self.counts.len();
                    let group = *self.named.entry((name, values)).or_insert(next);
                    if group == next {
                        self.counts.push(0);
                    }
                    known.insert(current.clone(), group);
                    group
                }
            };
            runs.push((group, row, 1));
        }
        for (group, _, length) in &runs {
            if let Some(count) = self.counts.get_mut(*group) {
                *count += u64::try_from(*length).unwrap_or_default();
            }
        }
        self.rows_by_name = self
            .named
            .values()
            .map(|it| self.counts.get(*it).copied().unwrap_or_default())
            .collect();
        runs
    }
}

fn word_at(column: &DictionaryArray<Int32Type>, row: usize) -> Option<String> {
    if column.is_null(row) {
        return None;
    }
    let key = usize::try_from(column.keys().value(row)).ok()?;
    let values = column.values().as_string_opt::<i32>()?;
    (key < values.len()).then(|| values.value(key).to_owned())
}
