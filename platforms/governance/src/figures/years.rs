//! One definition in all years of the plan: its sheets, opened once for many organisations.

use std::sync::Arc;

use model::figure::Figure;
use model::indicator::{Baseline, Definition, Indicator, Kind};
use model::organisation::Organisation;
use model::target::{Judgement, Target};
use model::{Decimal, OrgCode, Year};

use super::Published;
use super::evaluate::{Cell, Sheet};

/// The sheets of one definition, by year; opened when an organisation is first asked for.
///
/// Quickest when organisations are asked for in the order of their codes: each is looked for first behind the one before
/// it, and found there in every year in which nothing opened or closed between the two.
#[derive(Debug)]
pub(super) struct AllYears<'a> {
    published: &'a Published,
    place: usize,
    indicator: &'a Indicator,
    definition: &'a Definition,
    sheets: Vec<OneYear>,
}

#[derive(Debug)]
struct OneYear {
    year: Year,
    sheet: Arc<Sheet>,
    /// Where the next organisation is likely to stand.
    next: usize,
}

impl<'a> AllYears<'a> {
    /// `place` is the indicator's position in the plan.
    pub(super) const fn new(
        published: &'a Published,
        (place, indicator): (usize, &'a Indicator),
        definition: &'a Definition,
    ) -> Self {
        Self { published, place, indicator, definition, sheets: Vec::new() }
    }

    /// One figure for each year in which the organisation was there, by year.
    pub(super) fn figures(&mut self, org: &OrgCode) -> Vec<Figure> {
        let (indicator, definition) = (self.indicator, self.definition);
        let figure = |(year, cell): (Year, Cell)| cell.named(indicator, definition, org, year);
        self.cells(org).map(figure).collect()
    }

    /// The judgement of an organisation's figure in a year, with its own series.
    ///
    /// `None` where no target of the plan's table binds it, or where there is no figure that year.
    pub(super) fn judgement(&mut self, org: &Organisation, year: Year) -> Option<Judgement> {
        let whole = self.published.is_whole(org);
        let indicator = self.indicator;
        let target = indicator.target().filter(|_| binds(self.definition, whole))?;
        let cells: Vec<(Year, Cell)> = self.cells(&org.code).collect();
        if cells.iter().all(|(it, _)| *it != year) {
            return None;
        }
        let values: Vec<_> =
            cells.iter().filter_map(|(year, cell)| Some((*year, cell.value?))).collect();
        Some(judge(indicator, &target.target, &values, whole, year))
    }

    fn cells(&mut self, org: &OrgCode) -> impl Iterator<Item = (Year, Cell)> {
        let (published, indicator) = (self.published, self.indicator);
        if self.sheets.is_empty() {
            let open = |year| {
                let sheet = published.sheet(self.place, indicator, self.definition, year);
                OneYear { year, sheet, next: 0 }
            };
            self.sheets = published.plan().years().map(open).collect();
        }
        self.sheets.iter_mut().filter_map(move |it| {
            let position = it.sheet.tree.position_near(org, it.next)?;
            it.next = position + 1;
            Some((it.year, published.shown_cell(indicator, &it.sheet, position)?))
        })
    }
}

/// Whether the plan's targets can be held against figures of an organisation.
///
/// They are set for the whole. A share or a mean below it is judged by the same number; a plain
/// count is not, for a part need not reach the number set for all.
pub(super) const fn binds(definition: &Definition, whole: bool) -> bool {
    whole || !matches!(definition.kind, Kind::Count)
}

/// One year of a series against a target.
pub(super) fn judge(
    indicator: &Indicator,
    target: &Target,
    values: &[(Year, Decimal)],
    whole: bool,
    year: Year,
) -> Judgement {
    let baseline = baseline(indicator, values, whole);
    target.judge(values, year, baseline.as_ref(), indicator.direction)
}

/// The plan's own baseline for the whole; for its parts, what they had in that year, which nothing prints.
pub(super) fn baseline(
    indicator: &Indicator,
    values: &[(Year, Decimal)],
    whole: bool,
) -> Option<Baseline> {
    let stated = indicator.baseline.as_ref()?;
    if whole {
        return Some(stated.clone());
    }
    let (year, value) = *values.iter().find(|(year, _)| *year == stated.year)?;
    Some(Baseline { year, value, printed: String::new() })
}
