//! `/`: the plan's indicators against their targets, for a place and a year.

use askama::Template;
use governance::figures::{GroupStandings, Scoreboard};
use model::Year;
use model::organisation::Organisation;
use model::plan::Plan;
use model::target::Status;

use super::scoreboard_row::Row;
use crate::frame::{Frame, Section};
use crate::problem::Problem;
use crate::text::Text;
use crate::visit::Visit;

/// Digits after the point that a column of figures has room for at least.
const DECIMALS: usize = 2;

/// The scoreboard, ready to be read.
#[derive(Debug, Template)]
#[template(path = "pages/scoreboard.html")]
pub(crate) struct ScoreboardPage {
    pub(crate) t: Text,
    pub(crate) frame: Frame,
    pub(crate) plan: String,
    pub(crate) place: String,
    pub(crate) year: Year,
    pub(crate) years: Vec<Tab>,
    /// The whole, and the title of the level below it.
    pub(crate) whole: String,
    pub(crate) place_level: String,
    pub(crate) places: Vec<Choice>,
    pub(crate) baseline_year: Year,
    pub(crate) last_year: Year,
    pub(crate) sentence: Sentence,
    pub(crate) groups: Vec<Group>,
    /// Groups beside the plan's own table.
    pub(crate) beside: Vec<Group>,
}

/// A year to turn to.
#[derive(Debug)]
pub(crate) struct Tab {
    pub(crate) text: String,
    pub(crate) href: String,
    pub(crate) current: bool,
}

/// A place to choose.
#[derive(Debug)]
pub(crate) struct Choice {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) chosen: bool,
}

/// A group of the plan's table.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) name: String,
    pub(crate) met: usize,
    /// How many are held against a target.
    pub(crate) judged: usize,
    pub(crate) rows: Vec<Row>,
}

/// How many indicators stand how: the sentence under the title.
#[derive(Debug)]
pub(crate) struct Sentence {
    pub(crate) opening: String,
    pub(crate) parts: Vec<(Status, String)>,
}

impl Sentence {
    /// Of the groups of the plan's own table.
    pub(crate) fn new(t: Text, board: &Scoreboard<'_>) -> Self {
        let total: usize = board.counts.values().sum();
        let opening = t.fill(
            "scoreboard-count",
            &[("year", board.year.to_string()), ("total", total.to_string())],
        );
        let parts = Status::ALL.into_iter().filter_map(|status| {
            let count = *board.counts.get(&status)?;
            let key = format!("tally-{}", status.as_str());
            (count > 0).then(|| (status, t.with(&key, "count", count)))
        });
        Self { opening, parts: parts.collect() }
    }
}

impl Group {
    pub(crate) fn new(
        t: Text,
        group: &GroupStandings<'_>,
        org: &str,
        root: &str,
        year: Year,
    ) -> Self {
        let digits = group.standings.iter().map(|it| usize::from(it.indicator.decimals)).max();
        let digits = digits.unwrap_or(0).max(DECIMALS);
        let judged = || group.standings.iter().filter_map(|it| it.judgement);
        Self {
            name: t.of(&group.group.name).to_owned(),
            met: judged().filter(|it| it.status == Status::Met).count(),
            judged: judged().count(),
            rows: group
                .standings
                .iter()
                .map(|it| Row::new(t, it, org, root, year, digits))
                .collect(),
        }
    }
}

impl Group {
    /// Rows that are held against a target.
    pub(crate) fn compared(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|it| it.status.mark.is_some())
    }
}

impl ScoreboardPage {
    /// For the place and year asked for.
    pub(crate) fn asked(
        visit: &Visit,
        year: Option<&str>,
        place: Option<&str>,
    ) -> Result<Self, Problem> {
        let published = &visit.published;
        let year = visit.year(year)?;
        let whole = visit.whole(year)?;
        let org = visit.organisation(place, year)?;
        let board = published.scoreboard(&org.code, year);
        let board = board.ok_or_else(|| Problem::no_organisation(org.code.as_str()))?;
        let data = format!("/api/v1/scoreboard?org={}&year={year}", org.code);
        let frame = visit.frame(Section::Scoreboard).data(&data);
        let tree = published.tree(year);
        let places = tree.children(&whole.code);
        let level = visit.level_below(&whole.level).map(|it| visit.level(it)).unwrap_or_default();
        Ok(Self::new(visit.t(), frame, published.plan(), &board, &whole, level, places))
    }

    /// `places` are the organisations one can turn to.
    fn new<'a>(
        t: Text,
        frame: Frame,
        plan: &Plan,
        board: &Scoreboard<'_>,
        whole: &Organisation,
        place_level: String,
        places: impl Iterator<Item = &'a Organisation>,
    ) -> Self {
        let (org, root) = (board.org.code.as_str(), whole.code.as_str());
        let query = |year: Year| {
            let mut query = format!("/?year={year}");
            if org != root {
                query.push_str(&format!("&district={org}"));
            }
            query
        };
        let tab = |year: Year| Tab {
            text: year.to_string(),
            href: t.href(&query(year)),
            current: year == board.year,
        };
        let choice = |it: &Organisation| Choice {
            code: it.code.to_string(),
            name: t.of(&it.name).to_owned(),
            chosen: it.code == board.org.code,
        };
        let groups = |table: bool| {
            let groups = board.groups.iter().filter(|it| it.is_table == table);
            groups.map(|it| Group::new(t, it, org, root, board.year)).collect()
        };
        Self {
            t,
            plan: t.of(&plan.name).to_owned(),
            place: t.of(&board.org.name).to_owned(),
            year: board.year,
            years: plan.years().map(tab).collect(),
            whole: t.of(&whole.name).to_owned(),
            place_level,
            places: places.map(choice).collect(),
            baseline_year: plan.baseline_year,
            last_year: plan.last_year,
            sentence: Sentence::new(t, board),
            groups: groups(true),
            beside: groups(false),
            frame,
        }
    }
}
