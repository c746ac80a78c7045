//! Small multiples: every organisation's series in one fixed order and on one scale.

use askama::Template;
use model::{Decimal, Year};

use super::scale::{Px, Scale, extent};
use super::spark::runs;
use crate::numbers;

const WIDTH: f64 = 148.0;
const HEIGHT: f64 = 64.0;

/// One organisation's series.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) href: String,
    pub(crate) series: Vec<(Year, Option<Decimal>)>,
}

/// One small drawing.
#[derive(Debug)]
pub(crate) struct Small {
    pub(crate) name: String,
    pub(crate) href: String,
    /// The last value, as published.
    pub(crate) last: String,
    lines: Vec<String>,
    whole: Vec<String>,
    goal: Option<Px>,
    end: Option<(Px, Px)>,
}

/// All small drawings.
#[derive(Debug, Template)]
#[template(path = "charts/multiples.html")]
pub(crate) struct Multiples {
    smalls: Vec<Small>,
    width: f64,
    height: f64,
}

impl Multiples {
    /// The series of the `whole` runs behind each of its `members`; `goal` is a line across all.
    pub(crate) fn new(
        members: &[Member],
        whole: &[(Year, Option<Decimal>)],
        goal: Option<Decimal>,
    ) -> Self {
        let all = members.iter().flat_map(|it| it.series.iter()).chain(whole);
        let years = extent(all.clone().map(|(year, _)| f64::from(year.number())));
        let values = all.filter_map(|(_, value)| *value).chain(goal).map(Decimal::to_f64);
        let (first, last) = years.unwrap_or((0.0, 1.0));
        let (low, high) = extent(values).unwrap_or((0.0, 1.0));
        let x = Scale::new(first, last, 3.0, WIDTH - 5.0);
        let y = Scale::new(low, high, HEIGHT - 5.0, 5.0);
        let place =
            |year: Year, value: Decimal| (x.at(f64::from(year.number())), y.at(value.to_f64()));
        let goal = goal.map(|it| y.at(it.to_f64()));
        let smalls = members.iter().map(|it| {
            let shown = |value: Option<(Year, Decimal)>| {
                value.map_or_else(|| "–".to_owned(), |(_, it)| numbers::figure(it))
            };
            let known = || it.series.iter().filter_map(|(year, value)| Some((*year, (*value)?)));
            Small {
                name: it.name.clone(),
                href: it.href.clone(),
                last: shown(known().next_back()),
                lines: runs(&it.series, place),
                whole: runs(whole, place),
                goal,
                end: known().next_back().map(|(year, value)| place(year, value)),
            }
        });
        Self { smalls: smalls.collect(), width: WIDTH, height: HEIGHT }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.smalls.is_empty()
    }
}
