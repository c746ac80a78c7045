//! Places beside each other: ranked, on the plan's map, and as small multiples.

use governance::figures::{Published, Rank};
use model::Year;
use model::figure::Observation;
use model::indicator::Indicator;
use model::organisation::Organisation;
use model::target::Status;

use super::judged::Judged;
use super::scoreboard_row::query;
use crate::charts::dot::{Dot, DotScale};
use crate::charts::multiples::{Member, Multiples};
use crate::charts::tiles::{Placed, TileMap};
use crate::numbers;
use crate::text::Text;
use crate::visit::Visit;

/// Rows of a ranking that are shown before the reader asks for all.
const SHOWN: usize = 60;
/// More members than this are no longer small multiples but a wall of lines.
const MULTIPLES: usize = 24;

/// All organisations of a level within one.
#[derive(Debug)]
pub(crate) struct Places {
    pub(crate) title: String,
    pub(crate) rows: Vec<PlaceRow>,
    /// How many there are in all.
    pub(crate) total: usize,
    /// How many of them meet the target; `None` where none is held against it.
    pub(crate) met: Option<usize>,
    /// Where all rows are, when not all are shown.
    pub(crate) all: Option<String>,
    pub(crate) map: TileMap,
    pub(crate) multiples: Multiples,
    pub(crate) csv: String,
    pub(crate) low: String,
    pub(crate) high: String,
}

/// One place in a ranking.
#[derive(Debug)]
pub(crate) struct PlaceRow {
    pub(crate) place: String,
    pub(crate) name: String,
    pub(crate) href: String,
    pub(crate) value: String,
    pub(crate) ghost: String,
    pub(crate) dot: Dot,
    pub(crate) status: Judged,
    pub(crate) observation: Option<String>,
    pub(crate) chosen: bool,
}

impl Places {
    /// The organisations of the next level within `org`. `None` where the indicator has none.
    pub(crate) fn below(
        visit: &Visit,
        published: &Published,
        indicator: &Indicator,
        org: &Organisation,
        year: Year,
        all: bool,
    ) -> Option<Self> {
        let level = visit.level_below(&org.level)?;
        Self::new(visit, published, indicator, level, org, org, year, all)
    }

    /// The organisations beside `org`, under the same parent. `None` for the whole.
    pub(crate) fn peers(
        visit: &Visit,
        published: &Published,
        indicator: &Indicator,
        org: &Organisation,
        year: Year,
        all: bool,
    ) -> Option<Self> {
        let tree = published.tree(year);
        let parent = tree.parent(&org.code)?;
        Self::new(visit, published, indicator, &org.level, parent, org, year, all)
    }

    #[expect(clippy::too_many_arguments, reason = "two public ways in name them all")]
    fn new(
        visit: &Visit,
        published: &Published,
        indicator: &Indicator,
        level: &str,
        within: &Organisation,
        chosen: &Organisation,
        year: Year,
        all: bool,
    ) -> Option<Self> {
        if !published.is_shown_at(indicator, level) {
            return None;
        }
        let t = visit.t();
        let ranking = published.ranking(&indicator.code, level, Some(&within.code), year)?;
        let inside: Vec<&Rank> =
            ranking.rows.iter().filter(|it| it.org.code != within.code).collect();
        let rows: Vec<&Rank> = inside.iter().copied().filter(|it| counts(it)).collect();
        if rows.is_empty() {
            return None;
        }
        let root = visit.whole(year).ok()?;
        let root = root.code.as_str();
        let goal = indicator.target().filter(|_| rows.iter().any(|it| it.judgement.is_some()));
        let goal = goal.and_then(|it| it.target.value());
        let scale = DotScale::new(rows.iter().filter_map(|it| it.figure.value), goal);
        let width = usize::from(indicator.decimals);
        let row = |it: &&Rank| PlaceRow::new(t, it, scale, indicator, root, chosen, year, width);
        let shown = if all { rows.len() } else { SHOWN };
        let here = query(chosen.code.as_str(), root, year);
        let values = rows.iter().filter_map(|it| it.figure.value);
        let (low, high) = (values.clone().min(), values.max());
        let placed = tiles(t, published, &inside, indicator, root, chosen, year);
        Some(Self {
            title: t.fill(
                "indicator-places",
                &[
                    ("place", t.of(&within.name).to_owned()),
                    ("level", visit.level(level).to_lowercase()),
                ],
            ),
            total: rows.len(),
            met: goal.map(|_| rows.iter().filter(|it| meets(it)).count()),
            all: (rows.len() > shown)
                .then(|| t.href(&format!("/indicators/{}{here}&rows=all", indicator.code))),
            map: TileMap::new(&placed, t.get("indicator-map")),
            multiples: multiples(t, published, &rows, indicator, within, root, year, goal),
            csv: format!(
                "/api/v1/figures?indicator={}&level={level}&within={}&year={year}&format=csv",
                indicator.code, within.code
            ),
            low: t.figure(low),
            high: t.figure(high),
            rows: rows.iter().take(shown).map(row).collect(),
        })
    }
}

impl PlaceRow {
    #[expect(clippy::too_many_arguments, reason = "one row of one table")]
    fn new(
        t: Text,
        rank: &Rank,
        scale: DotScale,
        indicator: &Indicator,
        root: &str,
        chosen: &Organisation,
        year: Year,
        width: usize,
    ) -> Self {
        let status = Judged::new(t, rank.judgement);
        let query = query(rank.org.code.as_str(), root, year);
        let value = t.figure(rank.figure.value);
        Self {
            place: rank.place.map_or_else(String::new, |it| it.to_string()),
            name: t.of(&rank.org.name).to_owned(),
            href: t.href(&format!("/indicators/{}{query}", indicator.code)),
            ghost: numbers::ghost(&value, width),
            value,
            dot: scale.dot(rank.figure.value, status.key),
            status,
            observation: Some(rank.figure.observation)
                .filter(|it| !matches!(it, Observation::Reported | Observation::Missing))
                .map(|it| t.observation(it)),
            chosen: rank.org.code == chosen.code,
        }
    }
}

/// Whether the indicator is about an organisation at all: a fitness test is not about a kindergarten.
fn counts(rank: &Rank) -> bool {
    rank.figure.value.is_some() || rank.figure.coverage.expected > 0
}

fn meets(rank: &Rank) -> bool {
    rank.judgement.is_some_and(|it| it.status == Status::Met)
}

fn tiles(
    t: Text,
    published: &Published,
    rows: &[&Rank],
    indicator: &Indicator,
    root: &str,
    chosen: &Organisation,
    year: Year,
) -> Vec<Placed> {
    let placed = published.plan().map.iter().filter_map(|tile| {
        let rank = rows.iter().find(|it| it.org.code.as_str() == tile.organisation)?;
        let query = query(&tile.organisation, root, year);
        Some(Placed {
            row: tile.row,
            column: tile.column,
            label: t.of(&tile.label).to_owned(),
            value: rank.figure.value,
            status: rank.judgement.map(|it| it.status).filter(|_| counts(rank)),
            href: t.href(&format!("/indicators/{}{query}", indicator.code)),
            chosen: rank.org.code == chosen.code,
        })
    });
    placed.collect()
}

#[expect(clippy::too_many_arguments, reason = "one drawing of one page")]
fn multiples(
    t: Text,
    published: &Published,
    rows: &[&Rank],
    indicator: &Indicator,
    within: &Organisation,
    root: &str,
    year: Year,
    goal: Option<model::Decimal>,
) -> Multiples {
    // One year is no series.
    if rows.len() > MULTIPLES || published.years().len() < 2 {
        return Multiples::new(&[], &[], None);
    }
    let series = |code: &model::OrgCode| -> Vec<_> {
        let figures = published.series(&indicator.code, None, code);
        figures.into_iter().map(|it| (it.year, it.value)).collect()
    };
    // One fixed order on every page: the codes'.
    let mut ordered: Vec<&&Rank> = rows.iter().collect();
    ordered.sort_by(|a, b| a.org.code.cmp(&b.org.code));
    let member = |it: &&Rank| Member {
        name: t.of(&it.org.name).to_owned(),
        href: t.href(&format!(
            "/indicators/{}{}",
            indicator.code,
            query(it.org.code.as_str(), root, year)
        )),
        series: series(&it.org.code),
    };
    let members: Vec<Member> = ordered.into_iter().map(member).collect();
    // A count of the whole dwarfs those of its parts: only shares and means are drawn behind them.
    let whole = indicator.definition().is_none_or(|it| it.kind != model::indicator::Kind::Count);
    let behind = if whole { series(&within.code) } else { Vec::new() };
    Multiples::new(&members, &behind, goal)
}
