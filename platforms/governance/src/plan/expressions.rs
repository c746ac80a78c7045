//! SQL expressions of measures and row checks, held against the columns they read.

use std::collections::{BTreeMap, BTreeSet};

use lake::expression::{self, Checked, Expect};
use model::dataset::{ColumnKind, Dataset};
use model::measure::Aggregate;
use model::text::Place;

use super::PlanError;
use super::links;
use super::measures::Written;

/// Longest expression that is looked at.
const MAX_LENGTH: usize = 4_000;

/// Every expression that does not fit its dataset.
pub(super) fn check(datasets: &BTreeMap<String, Dataset>, measures: &[Written]) -> Vec<PlanError> {
    let mut faults = Vec::new();
    for dataset in datasets.values() {
        for it in &dataset.checks {
            match one(dataset, &it.must, Expect::Predicate, &it.place) {
                Ok(checked) => faults.extend(strange_words(dataset, &checked, &it.place)),
                Err(fault) => faults.push(fault),
            }
        }
    }
    for written in measures {
        let measure = &written.measure;
        let Some(dataset) = datasets.get(&measure.dataset) else { continue };
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
        for (sql, expect, place) in filter.into_iter().chain(of) {
            match one(dataset, sql, expect, place) {
                Ok(checked) => {
                    faults.extend(without_year(dataset, &checked.columns, place).err());
                    faults.extend(strange_words(dataset, &checked, place));
                }
                Err(fault) => faults.push(fault),
            }
        }
    }
    faults
}

fn one(dataset: &Dataset, sql: &str, expect: Expect, place: &Place) -> Result<Checked, PlanError> {
    if sql.len() > MAX_LENGTH {
        let what = format!("an expression of {} bytes", sql.len());
        return Err(PlanError::at(place, what, format!("keep it under {MAX_LENGTH}")));
    }
    let checked = expression::check(dataset, sql, expect);
    checked.map_err(|it| PlanError::at(place, it.message, it.hint))
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
