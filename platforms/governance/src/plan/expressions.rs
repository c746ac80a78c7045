//! SQL expressions of measures and row checks, held against the columns they read.

use std::collections::BTreeMap;

use lake::expression::{self, Expect};
use model::dataset::{ColumnKind, Dataset};
use model::measure::Aggregate;
use model::text::Place;

use super::fault::PlanError;
use super::measures::Written;

/// Longest expression that is looked at.
const MAX_LENGTH: usize = 4_000;

/// Every expression that does not fit its dataset.
pub(super) fn check(datasets: &BTreeMap<String, Dataset>, measures: &[Written]) -> Vec<PlanError> {
    let mut faults = Vec::new();
    for dataset in datasets.values() {
        for check in &dataset.checks {
            faults.extend(fault(dataset, &check.must, Expect::Predicate, &check.place));
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
            let found = fault(dataset, sql, expect, place);
            faults.extend(found.or_else(|| of_year(dataset, sql, expect, place)));
        }
    }
    faults
}

fn fault(dataset: &Dataset, sql: &str, expect: Expect, place: &Place) -> Option<PlanError> {
    if sql.len() > MAX_LENGTH {
        let what = format!("an expression of {} bytes", sql.len());
        return Some(PlanError::at(place, what, format!("keep it under {MAX_LENGTH}")));
    }
    let error = expression::check(dataset, sql, expect).err()?;
    Some(PlanError::at(place, error.message, error.hint))
}

/// A measure is taken year by year; it cannot ask which year it is in.
fn of_year(dataset: &Dataset, sql: &str, expect: Expect, place: &Place) -> Option<PlanError> {
    let checked = expression::check(dataset, sql, expect).ok()?;
    let years = dataset.columns.iter().filter(|it| it.kind == ColumnKind::Year);
    let year = years.map(|it| &it.name).find(|it| checked.columns.contains(it))?;
    let what = format!("a measure reads the year `{year}`");
    Some(PlanError::at(place, what, "remove it: measures are taken for every year by itself"))
}
