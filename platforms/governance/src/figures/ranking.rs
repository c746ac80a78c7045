//! Rankings: one indicator of all organisations of a level, best first.

use std::sync::Arc;

use model::figure::Figure;
use model::indicator::{Definition, Indicator};
use model::organisation::Organisation;
use model::target::{Direction, Judgement};
use model::{OrgCode, Year};

use super::Published;

/// One indicator of all organisations of a level in one year.
#[derive(Clone, Debug)]
pub struct Ranking<'a> {
    pub indicator: &'a Indicator,
    pub definition: &'a Definition,
    pub year: Year,
    pub level: String,
    /// Best first by the indicator's direction, equal ones by code; those without a value last.
    pub rows: Vec<Rank>,
}

/// One organisation in a ranking.
#[derive(Clone, Debug)]
pub struct Rank {
    /// From 1; equal values share a place. `None` without a value.
    pub place: Option<u32>,
    pub org: Arc<Organisation>,
    pub figure: Figure,
    pub judgement: Option<Judgement>,
}

impl Published {
    /// The levels at which an indicator has figures in one of the years, as the plan lists them.
    pub fn levels_with(&self, indicator: &str, years: &[Year]) -> Vec<&str> {
        let plan = self.plan();
        let levels = plan.levels.iter().chain(&plan.side_levels).map(|it| it.code.as_str());
        let has_figures = |level: &&str| {
            years.iter().any(|year| !self.figures(indicator, None, level, *year).is_empty())
        };
        levels.filter(has_figures).collect()
    }

    /// One indicator of all organisations of a level, or of those within one organisation.
    ///
    /// `None` when there is no such indicator.
    pub fn ranking(
        &self,
        indicator: &str,
        level: &str,
        within: Option<&OrgCode>,
        year: Year,
    ) -> Option<Ranking<'_>> {
        let indicator = self.plan().indicator(indicator)?;
        let definition = indicator.definition()?;
        let mut found = self.figures_within(&indicator.code, None, level, within, year);
        found.sort_by(|(a, left), (b, right)| {
            let by_value = match (left.value, right.value) {
                (Some(left), Some(right)) => match indicator.direction {
                    Direction::Up => right.cmp(&left),
                    Direction::Down => left.cmp(&right),
                },
                (left, right) => right.is_some().cmp(&left.is_some()),
            };
            by_value.then_with(|| a.code.cmp(&b.code))
        });
        let mut rows: Vec<Rank> = Vec::with_capacity(found.len());
        for (position, (org, figure)) in (1..).zip(found) {
            let shared = rows.last().filter(|it| it.figure.value == figure.value);
            let place = match shared {
                Some(before) => before.place,
                None => Some(position),
            };
            let place = figure.value.and(place);
            let judgement = self.judgement(indicator, definition, &figure);
            rows.push(Rank { place, org, figure, judgement });
        }
        Some(Ranking { indicator, definition, year, level: level.to_owned(), rows })
    }
}
