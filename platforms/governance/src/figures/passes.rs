//! Passes: how many units of a level pass, by a fact about them or by conditions on their figures.

use std::sync::Arc;

use model::Decimal;
use model::figure::{Coverage, Observation};
use model::indicator::Condition;

use super::coverage::worse;
use super::evaluate::{Cell, Sheet, Task};
use super::terms::{self, Sum};

/// What is found of one unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Passes,
    Fails,
    /// A unit that has not passed, and has not reported either.
    Silent,
    /// Not judged, for a value is missing.
    Unknown,
    /// Nothing that could be judged.
    NoUnit,
}

/// Units that passed and units that were judged, under one organisation.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    passed: i64,
    judged: i64,
    reported: bool,
    unknown: bool,
}

impl Tally {
    fn take(&mut self, verdict: Verdict) {
        self.passed += i64::from(verdict == Verdict::Passes);
        match verdict {
            Verdict::Passes | Verdict::Fails => {
                self.judged += 1;
                self.reported = true;
            }
            Verdict::Silent => self.judged += 1,
            Verdict::Unknown => self.unknown = true,
            Verdict::NoUnit => {}
        }
    }
}

/// Units whose numerator is above zero, in percent of the units.
///
/// Where the definition has a denominator, only units with a denominator above zero are units.
pub(super) fn units(task: &Task<'_>, level: &str) -> Vec<Cell> {
    let width = task.tree.len();
    let among = terms::Among::of(task.shared, task.frame, &task.tree, task.definition, task.year);
    let side = |list| terms::sums(task.shared, task.frame, (list, &among), task.year, width);
    let numerator = side(&task.definition.numerator);
    let denominator = side(&task.definition.denominator);
    let asks = !task.definition.denominator.is_empty();
    let at = |sums: &[Sum], position: usize| sums.get(position).copied().unwrap_or_default();
    let judge = |position: usize| {
        match at(&denominator.sums, position) {
            Sum::Known(whole) if asks && whole <= Decimal::ZERO => return Verdict::NoUnit,
            Sum::Void if asks => return Verdict::NoUnit,
            Sum::Unknown if asks => return Verdict::Unknown,
            Sum::Known(_) | Sum::Void | Sum::Unknown => {}
        }
        match at(&numerator.sums, position) {
            Sum::Known(part) if part > Decimal::ZERO => Verdict::Passes,
            Sum::Known(_) => Verdict::Fails,
            Sum::Unknown | Sum::Void => Verdict::Silent,
        }
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
        let cells = sheets.iter().map(|(it, sheet)| Some((*it, sheet.cells.get(position)?)));
        let Some(cells) = cells.collect::<Option<Vec<_>>>() else {
            return Verdict::Unknown;
        };
        if cells.iter().any(|(_, it)| it.observation == Observation::NotApplicable) {
            return Verdict::NoUnit;
        }
        let values = cells.into_iter().map(|(it, cell)| Some((it, cell.value?)));
        match values.collect::<Option<Vec<_>>>() {
            None => Verdict::Unknown,
            Some(values) if passes(&values, need, others_reach) => Verdict::Passes,
            Some(_) => Verdict::Fails,
        }
    };
    let covered = |position: usize| {
        let of = |sheet: &Sheet| sheet.cells.get(position).map(|it| it.coverage);
        let all = sheets.iter().filter_map(|(_, it)| of(it));
        all.fold(Coverage::default(), worse)
    };
    tally(task, level, judge, (0..width).map(covered).collect())
}

/// Whether one unit passes: at least `need` conditions hold, and each other one reaches its share of its limit.
pub(crate) fn passes(
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
fn tally(
    task: &Task<'_>,
    level: &str,
    judge: impl Fn(usize) -> Verdict,
    coverage: Vec<Coverage>,
) -> Vec<Cell> {
    let mut tallies = vec![Tally::default(); task.tree.len()];
    for (position, node) in task.tree.iter().enumerate() {
        if node.organisation.level != level || node.is_carried {
            continue;
        }
        let verdict = judge(position);
        for above in task.tree.upward(position) {
            if let Some(tally) = tallies.get_mut(above) {
                tally.take(verdict);
            }
        }
    }
    let cell = |(tally, coverage): (Tally, Coverage)| {
        let (passed, judged) =
            (Decimal::from_integer(tally.passed), Decimal::from_integer(tally.judged));
        let factor = task.definition.kind.factor();
        match passed.ratio(judged, factor, task.indicator.decimals) {
            Some(value) if tally.reported => Cell::of(value, passed, Some(judged), coverage),
            None if !tally.unknown => Cell::empty(Observation::NotApplicable, coverage),
            Some(_) | None => Cell::empty(Observation::Missing, coverage),
        }
    };
    tallies.into_iter().zip(coverage).map(cell).collect()
}
