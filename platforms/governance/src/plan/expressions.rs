//! SQL expressions of measures and row checks, held against the columns they read.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::resume_unwind;

use lake::expression::{Checked, Expect, Planner};
use model::dataset::{ColumnKind, Dataset};
use model::measure::Aggregate;
use model::text::Place;

use super::PlanError;
use super::links;
use super::measures::Written;

/// Longest expression that is looked at.
const MAX_LENGTH: usize = 4_000;

/// An expression where it is used.
struct Use<'a> {
    dataset: &'a Dataset,
    sql: &'a str,
    expect: Expect,
    place: &'a Place,
    is_of_measure: bool,
}

/// Every expression that does not fit its dataset.
///
/// To plan them is most of what reading a plan takes, so all cores do it.
pub(super) fn check(datasets: &BTreeMap<String, Dataset>, measures: &[Written]) -> Vec<PlanError> {
    let of_datasets = datasets.values().flat_map(of_dataset);
    let of_measures =
        measures.iter().filter_map(|it| Some((datasets.get(&it.measure.dataset)?, it)));
    let of_measures = of_measures.flat_map(|(dataset, written)| of_measure(dataset, written));
    let uses: Vec<Use<'_>> = of_datasets.chain(of_measures).collect();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|threads| {
        let parts = uses.chunks(uses.len().div_ceil(cores).max(1));
        let parts: Vec<_> = parts.map(|part| threads.spawn(|| faults(part))).collect();
        let faults = parts.into_iter().map(|it| it.join().unwrap_or_else(|it| resume_unwind(it)));
        faults.flatten().collect()
    })
}

fn of_dataset(dataset: &Dataset) -> impl Iterator<Item = Use<'_>> {
    dataset.checks.iter().map(move |it| Use {
        dataset,
        sql: &it.must,
        expect: Expect::Predicate,
        place: &it.place,
        is_of_measure: false,
    })
}

fn of_measure<'a>(dataset: &'a Dataset, written: &'a Written) -> impl Iterator<Item = Use<'a>> {
    let measure = &written.measure;
    let expect = match measure.aggregate {
        Aggregate::Distinct => Expect::Value,
        Aggregate::Count
        | Aggregate::Sum
        | Aggregate::SumOfSquares
        | Aggregate::Minimum
        | Aggregate::Maximum => Expect::Number,
    };
    let filter = measure.filter.as_deref().map(|it| (it, Expect::Predicate, &written.filter));
    let of = measure.of.as_deref().map(|it| (it, expect, &written.of));
    filter.into_iter().chain(of).map(move |(sql, expect, place)| Use {
        dataset,
        sql,
        expect,
        place,
        is_of_measure: true,
    })
}

/// Of some of the expressions, in their order.
fn faults(uses: &[Use<'_>]) -> Vec<PlanError> {
    let mut planners: BTreeMap<&str, Planner> = BTreeMap::new();
    let mut faults = Vec::new();
    for it in uses {
        let planner = planners.entry(&it.dataset.name).or_insert_with(|| Planner::new(it.dataset));
        match one(planner, it) {
            Ok(checked) => {
                if it.is_of_measure {
                    faults.extend(without_year(it.dataset, &checked.columns, it.place).err());
                }
                faults.extend(strange_words(it.dataset, &checked, it.place));
            }
            Err(fault) => faults.push(fault),
        }
    }
    faults
}

fn one(planner: &Planner, Use { sql, expect, place, .. }: &Use<'_>) -> Result<Checked, PlanError> {
    if sql.len() > MAX_LENGTH {
        let what = format!("an expression of {} bytes", sql.len());
        return Err(PlanError::at(place, what, format!("keep it under {MAX_LENGTH}")));
    }
    planner.check(sql, *expect).map_err(|it| PlanError::at(place, it.message, it.hint))
}

/// A comparison with a word that is no code of its column is never true: most likely a slip.
fn strange_words(dataset: &Dataset, checked: &Checked, place: &Place) -> Vec<PlanError> {
    let strange = checked.compared.iter().filter_map(|(name, word)| {
        let ColumnKind::Code { items } = &dataset.column(name)?.kind else { return None };
        let codes: BTreeSet<String> = items.iter().map(|it| it.code.clone()).collect();
        let what = format!("`{}` is no code of `{name}`", declarations::short(word));
        (!codes.contains(word)).then(|| PlanError::at(place, what, links::hint(word, &codes)))
    });
    strange.collect()
}

/// A measure is taken year by year; it cannot ask which year it is in.
fn without_year(dataset: &Dataset, reads: &[String], place: &Place) -> Result<(), PlanError> {
    let mut years = dataset.columns.iter().filter(|it| it.kind == ColumnKind::Year);
    let Some(year) = years.find(|it| reads.contains(&it.name)) else { return Ok(()) };
    let what = format!("a measure reads the year `{}`", year.name);
    let hint = "remove it: measures are taken for every year by itself";
    Err(PlanError::at(place, what, hint))
}
