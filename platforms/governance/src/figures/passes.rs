//! Passes: how many units of a level pass, by a fact about them or by conditions on their figures.

use std::sync::Arc;

use model::Decimal;
use model::figure::{Coverage, Observation};
use model::indicator::Condition;

use super::coverage::worse;
use super::evaluate::{Cell, Sheet, Task};
use super::terms::{self, Sum};

/// Units that passed and units that were judged, under one organisation.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    passed: i64,
    judged: i64,
    /// Some unit reported what is asked.
    heard: bool,
}

/// Units whose numerator is above zero, in percent of the units.
///
/// Where the definition has a denominator, only units with a denominator above zero are units.
pub(super) fn units(task: &Task<'_>, level: &str) -> Vec<Cell> {
    let width = task.tree.len();
    let side = |list| terms::sums(task.shared, task.frame, list, task.year, width);
    let numerator = side(&task.definition.numerator);
    let denominator = side(&task.definition.denominator);
    let asks = !task.definition.denominator.is_empty();
    let at = |sums: &[Sum], position: usize| sums.get(position).and_then(|it| it.known());
    let judge = |position: usize| {
        let part = at(&numerator.sums, position);
        let counts = !asks || at(&denominator.sums, position).is_some_and(|it| it > Decimal::ZERO);
        counts.then(|| (part.is_some_and(|it| it > Decimal::ZERO), part.is_some()))
    };
    let coverage = numerator.coverage.iter().zip(&denominator.coverage);
    let coverage = coverage.map(|(a, b)| worse(*a, *b)).collect();
    tally(task, level, judge, coverage)
}

/// Units of which enough conditions hold, in percent of those judged.
///
/// A unit is judged when every condition has a value, rounded as published (standards §1.1: compare
/// the rounded value with the limit).
pub(super) fn pass_count(
    task: &Task<'_>,
    level: &str,
    conditions: &[Condition],
    need: usize,
    others_reach: Option<Decimal>,
) -> Vec<Cell> {
    let sheets: Option<Vec<(&Condition, Arc<Sheet>)>> =
        conditions.iter().map(|it| Some((it, task.other(&it.indicator)?))).collect();
    let width = task.tree.len();
    let Some(sheets) = sheets.filter(|it| !it.is_empty()) else {
        return vec![Cell::empty(Observation::Missing, Coverage::default()); width];
    };
    let judge = |position: usize| {
        let values: Option<Vec<(&Condition, Decimal)>> = sheets
            .iter()
            .map(|(condition, sheet)| Some((*condition, sheet.cells.get(position)?.value?)))
            .collect();
        values.map(|it| (passes(&it, need, others_reach), true))
    };
    let covered = |position: usize| {
        let of = |sheet: &Sheet| sheet.cells.get(position).map(|it| it.coverage);
        let all = sheets.iter().filter_map(|(_, it)| of(it));
        all.fold(Coverage::default(), worse)
    };
    tally(task, level, judge, (0..width).map(covered).collect())
}

/// Whether one unit passes: at least `need` conditions hold, and each other one reaches its share of its limit.
pub(super) fn passes(
    values: &[(&Condition, Decimal)],
    need: usize,
    others_reach: Option<Decimal>,
) -> bool {
    let holds = |limit: Decimal, value: Decimal, at_most: bool| {
        if at_most { value <= limit } else { value >= limit }
    };
    let failed: Vec<_> =
        values.iter().filter(|(it, value)| !holds(it.limit, *value, it.at_most)).collect();
    let reaches = |it: &Condition, value: Decimal, share: Decimal| {
        if it.at_most { value.product(share) <= it.limit } else { value >= it.limit.product(share) }
    };
    values.len() - failed.len() >= need
        && others_reach
            .is_none_or(|share| failed.iter().all(|(it, value)| reaches(it, *value, share)))
}

/// Adds up the verdicts of all units under each organisation; a unit stands for itself too.
///
/// `judge` gives, for a unit that counts, whether it passed and whether it reported.
fn tally(
    task: &Task<'_>,
    level: &str,
    judge: impl Fn(usize) -> Option<(bool, bool)>,
    coverage: Vec<Coverage>,
) -> Vec<Cell> {
    let mut tallies = vec![Tally::default(); task.tree.len()];
    for (position, node) in task.tree.iter().enumerate() {
        if node.organisation.level != level || node.is_carried {
            continue;
        }
        let Some((passed, heard)) = judge(position) else { continue };
        for above in task.tree.upward(position) {
            if let Some(tally) = tallies.get_mut(above) {
                tally.passed += i64::from(passed);
                tally.judged += 1;
                tally.heard |= heard;
            }
        }
    }
    let cell = |(tally, coverage): (Tally, Coverage)| {
        let (passed, judged) =
            (Decimal::from_integer(tally.passed), Decimal::from_integer(tally.judged));
        let factor = task.definition.kind.factor();
        match passed.ratio(judged, factor, task.indicator.decimals) {
            Some(value) if tally.heard => Cell::of(value, passed, Some(judged), coverage),
            Some(_) => Cell::empty(Observation::Missing, coverage),
            None if coverage.expected > coverage.reported => {
                Cell::empty(Observation::Missing, coverage)
            }
            None => Cell::empty(Observation::NotApplicable, coverage),
        }
    };
    tallies.into_iter().zip(coverage).map(cell).collect()
}
