//! Rankings: one indicator of all organisations of a level, best first.

use std::sync::Arc;

use model::figure::Figure;
use model::indicator::{Definition, Indicator};
use model::organisation::Organisation;
use model::target::{Direction, Judgement};
use model::{OrgCode, Year};

use super::Published;
use super::years::AllYears;

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
        let mut rows = self.judged(indicator, level, within, year)?;
        let indicator = self.plan().indicator(indicator)?;
        let definition = indicator.definition()?;
        // A sort keeps equal ones as they were: by code.
        rows.sort_by(|a, b| match (a.figure.value, b.figure.value) {
            (Some(left), Some(right)) => match indicator.direction {
                Direction::Up => right.cmp(&left),
                Direction::Down => left.cmp(&right),
            },
            (left, right) => right.is_some().cmp(&left.is_some()),
        });
        give_places(&mut rows);
        Some(Ranking { indicator, definition, year, level: level.to_owned(), rows })
    }

    /// The same by code, without places.
    pub(super) fn judged(
        &self,
        indicator: &str,
        level: &str,
        within: Option<&OrgCode>,
        year: Year,
    ) -> Option<Vec<Rank>> {
        let (place, indicator) = self.shared.indicator(indicator)?;
        let definition = indicator.definition()?;
        let mut years =
            indicator.target().map(|_| AllYears::new(self, (place, indicator), definition));
        let mut rank = |(org, figure): (Arc<Organisation>, Figure)| {
            let judgement = years.as_mut().and_then(|it| it.judgement(&org, year));
            Rank { place: None, org, figure, judgement }
        };
        let found = self.figures_within(&indicator.code, None, level, within, year);
        Some(found.into_iter().map(&mut rank).collect())
    }
}

/// Places from 1, of rows with the best first; equal values share one, and without a value there is none.
fn give_places(rows: &mut [Rank]) {
    let mut before = None;
    for (position, rank) in (1..).zip(rows) {
        let value = rank.figure.value;
        let shared = before.filter(|(it, _)| *it == value).map(|(_, place)| place);
        let place = shared.unwrap_or(position);
        before = Some((value, place));
        rank.place = value.map(|_| place);
    }
}
