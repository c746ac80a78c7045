//! Evaluation: one definition in one year, for all organisations shown, in one pass.

use std::sync::Arc;

use model::figure::{Coverage, Figure, Observation};
use model::indicator::{Definition, Indicator, Kind, Part};
use model::organisation::Tree;
use model::{Decimal, OrgCode, Year};

use super::cells::Cells;
use super::coverage::{observation, worse};
use super::shared::Shared;
use super::terms::Sum;
use super::{Frame, disclosure, dispersion, passes, quotient, terms};

/// The figures of one definition and year, by position in the tree shown.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) tree: Arc<Tree>,
    pub(super) cells: Cells,
    /// Which of them the public may not see.
    pub(super) withheld: Vec<bool>,
}

/// A figure without its names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) value: Option<Decimal>,
    pub(super) numerator: Option<Decimal>,
    pub(super) denominator: Option<Decimal>,
    pub(super) coverage: Coverage,
    pub(super) observation: Observation,
}

impl Cell {
    /// A cell without a value.
    pub(super) const fn empty(observation: Observation, coverage: Coverage) -> Self {
        Self { value: None, numerator: None, denominator: None, coverage, observation }
    }

    /// A cell with a value, reported or partial after its coverage.
    pub(super) fn of(
        value: Decimal,
        numerator: Decimal,
        denominator: Option<Decimal>,
        coverage: Coverage,
    ) -> Self {
        Self {
            value: Some(value),
            numerator: Some(numerator),
            denominator,
            coverage,
            observation: observation(coverage),
        }
    }

    /// The figure of an organisation in a year.
    pub(super) fn named(
        self,
        indicator: &Indicator,
        definition: &Definition,
        org: &OrgCode,
        year: Year,
    ) -> Figure {
        Figure {
            indicator: indicator.code.clone(),
            version: definition.version,
            org: org.clone(),
            year,
            value: self.value,
            numerator: self.numerator,
            denominator: self.denominator,
            coverage: self.coverage,
            observation: self.observation,
        }
    }
}

/// What is evaluated, and on what.
pub(super) struct Task<'a> {
    pub(super) shared: &'a Shared,
    pub(super) frame: &'a Arc<Frame>,
    pub(super) indicator: &'a Indicator,
    pub(super) definition: &'a Definition,
    pub(super) year: Year,
    pub(super) tree: Arc<Tree>,
    /// Indicators that are being evaluated above this one; one of them again is a circle.
    pub(super) trail: &'a [&'a str],
}

impl Task<'_> {
    /// The published figures of another indicator that this one is made of.
    ///
    /// `None` where there is no such indicator, or it leads back to this one.
    pub(super) fn other(&self, indicator: &str) -> Option<Arc<Sheet>> {
        let mut trail = self.trail.to_vec();
        trail.push(&self.indicator.code);
        if trail.contains(&indicator) {
            return None;
        }
        let (place, other) = self.shared.indicator(indicator)?;
        let definition = other.definition()?;
        Some(self.shared.sheet(self.frame, (place, other), definition, self.year, &trail))
    }

    /// The same figures along the administrative hierarchy of the year itself; `None` when these are they.
    pub(super) fn plainly(&self) -> Option<Arc<Sheet>> {
        let plain = Arc::new(Frame::default());
        if *self.frame == plain {
            return None;
        }
        let (place, indicator) = self.shared.indicator(&self.indicator.code)?;
        let what = (place, indicator);
        Some(self.shared.sheet(&plain, what, self.definition, self.year, self.trail))
    }
}

/// Evaluates a definition for all organisations shown.
pub(super) fn sheet(task: &Task<'_>) -> Sheet {
    let mut withheld = Vec::new();
    let cells = match &task.definition.kind {
        Kind::Share | Kind::Ratio | Kind::Rate { .. } | Kind::Mean | Kind::Count | Kind::Cohort => {
            let cells = quotients(task);
            withheld = disclosure::withheld(task, &cells);
            cells
        }
        Kind::Dispersion { level, weighted, least } => {
            dispersion::cells(task, level, *weighted, *least)
        }
        Kind::Units { level } => passes::units(task, level),
        Kind::PassCount { level, conditions, need, others_reach } => {
            passes::pass_count(task, level, conditions, *need, *others_reach)
        }
        Kind::Composite { parts } => {
            let (cells, hidden) = composite(task, parts);
            withheld = hidden;
            cells
        }
    };
    withheld.resize(cells.len(), false);
    Sheet { tree: Arc::clone(&task.tree), cells: Cells::from(cells.as_slice()), withheld }
}

fn quotients(task: &Task<'_>) -> Vec<Cell> {
    let width = task.tree.len();
    let among = terms::Among::of(task.shared, task.frame, &task.tree, task.definition, task.year);
    let side = |list| terms::sums(task.shared, task.frame, (list, &among), task.year, width);
    let numerator = side(&task.definition.numerator);
    let denominator = side(&task.definition.denominator);
    let coverage = numerator.coverage.iter().zip(&denominator.coverage).map(|(a, b)| worse(*a, *b));
    let parts = numerator.sums.iter().zip(&denominator.sums).zip(coverage);
    let (kind, decimals) = (&task.definition.kind, task.indicator.decimals);
    let means_some = !task.definition.expected.is_empty();
    let cell = |((part, whole), covered): ((&Sum, &Sum), Coverage)| {
        if means_some && quotient::is_of_nobody(kind, *part, *whole) {
            return Cell::empty(Observation::NotApplicable, covered);
        }
        quotient::cell(kind, decimals, *part, *whole, covered)
    };
    parts.map(cell).collect()
}

/// Weighted means of other indicators of the same organisation, and which of them to withhold.
fn composite(task: &Task<'_>, parts: &[Part]) -> (Vec<Cell>, Vec<bool>) {
    let sheets: Vec<_> = parts.iter().map(|it| (it.weight, task.other(&it.indicator))).collect();
    let whole: Decimal = parts.iter().map(|it| it.weight).sum();
    let cell = |position: usize| {
        let (mut sum, mut coverage, mut complete) =
            (Decimal::ZERO, Coverage::default(), !sheets.is_empty());
        for (weight, sheet) in &sheets {
            let part = sheet.as_ref().and_then(|it| it.cells.get(position));
            coverage = worse(coverage, part.map(|it| it.coverage).unwrap_or_default());
            match part.and_then(|it| it.value) {
                Some(value) => sum = sum + value.product(*weight),
                None => complete = false,
            }
        }
        if !complete {
            return Cell::empty(Observation::Missing, coverage);
        }
        match sum.ratio(whole, 1, task.indicator.decimals) {
            Some(value) => Cell::of(value, sum, Some(whole), coverage),
            None => Cell::empty(Observation::NotApplicable, coverage),
        }
    };
    let is_withheld = |position: usize| {
        let hidden = |it: &Arc<Sheet>| it.withheld.get(position).copied().unwrap_or(false);
        sheets.iter().filter_map(|(_, it)| it.as_ref()).any(hidden)
    };
    let width = task.tree.len();
    ((0..width).map(cell).collect(), (0..width).map(is_withheld).collect())
}
