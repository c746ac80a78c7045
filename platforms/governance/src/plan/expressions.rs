//! SQL expressions of measures and row checks, held against the columns they read.

use lake::expression::{self, Expect};
use model::dataset::Dataset;
use model::measure::Aggregate;
use std::collections::BTreeMap;

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
            one(dataset, &check.must, Expect::Predicate, &check.place, &mut faults);
        }
    }
    for written in measures {
        let measure = &written.measure;
        let Some(dataset) = datasets.get(&measure.dataset) else { continue };
        if let Some(filter) = &measure.filter {
            one(dataset, filter, Expect::Predicate, &written.filter, &mut faults);
        }
        let Some(of) = &measure.of else { continue };
        let is_column = dataset.column(of).is_some();
        if measure.aggregate != Aggregate::Distinct {
            one(dataset, of, Expect::Number, &written.of, &mut faults);
        } else if !is_column {
            let what = format!("`{}` is no column of `{}`", super::page::short(of), dataset.name);
            let hint = "count the different values of a column";
            faults.push(PlanError::at(&written.of, what, hint));
        }
    }
    faults
}

fn one(dataset: &Dataset, sql: &str, expect: Expect, place: &Place, faults: &mut Vec<PlanError>) {
    if sql.len() > MAX_LENGTH {
        let what = format!("an expression of {} bytes", sql.len());
        let hint = format!("keep it under {MAX_LENGTH}");
        faults.push(PlanError::at(place, what, hint));
    } else if let Err(error) = expression::check(dataset, sql, expect) {
        faults.push(PlanError::at(place, error.message, error.hint));
    }
}
