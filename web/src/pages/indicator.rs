//! `/indicators/{code}`: one indicator, its series against the target, its places, its definitions.

use askama::Template;
use governance::figures::{Published, Standing};
use model::Year;
use model::figure::{Figure, Observation};
use model::indicator::Indicator;
use model::organisation::Organisation;
use model::target::PlanTarget;

use super::clause::{self, ClauseView};
use super::definition::{DefinitionView, TargetView};
use super::judged::Judged;
use super::places::Places;
use super::quantity::QuantityView;
use super::scoreboard::Tab;
use super::scoreboard_row::{Row, baseline, query};
use crate::charts::series::{Beside, Drawn, Goal, Observed, Paper, SeriesChart};
use crate::frame::{Frame, Section};
use crate::numbers;
use crate::problem::Problem;
use crate::text::Text;
use crate::visit::Visit;

/// What was asked of an indicator's page.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked {
    pub(crate) org: Option<String>,
    pub(crate) year: Option<String>,
    /// Year whose boundaries hold for all years.
    pub(crate) cut: Option<String>,
    /// All rows of a long ranking.
    pub(crate) all: bool,
}

/// One indicator, ready to be read.
#[derive(Debug, Template)]
#[template(path = "pages/indicator.html")]
pub(crate) struct IndicatorPage {
    t: Text,
    frame: Frame,
    group: String,
    place: String,
    place_href: String,
    /// Organisations above, from the whole.
    above: Vec<(String, String)>,
    year: Year,
    years: Vec<Tab>,
    row: Row,
    due: Option<Year>,
    finest: String,
    wide: SeriesChart,
    narrow: SeriesChart,
    cuts: Vec<Tab>,
    places: Option<Places>,
    below: Option<Places>,
    definitions: Vec<DefinitionView>,
    targets: Vec<TargetView>,
    history: Vec<YearRow>,
    stated: Vec<QuantityView>,
    clauses: Vec<(String, String)>,
    sentences: Vec<ClauseView>,
    source: String,
    version: u16,
    figures_csv: String,
}

/// One year in the table under the chart.
#[derive(Debug)]
struct YearRow {
    year: Year,
    value: String,
    ghost: String,
    numerator: String,
    denominator: String,
    coverage: String,
    observation: String,
    status: Judged,
    why: Option<String>,
}

impl IndicatorPage {
    pub(crate) fn new(visit: &Visit, code: &str, asked: &Asked) -> Result<Self, Problem> {
        let t = visit.t();
        let cut = asked.cut.as_deref().filter(|it| !it.is_empty());
        let cut = cut.map(|it| visit.year(Some(it))).transpose()?;
        let published = match cut {
            Some(cut) => visit.published.on_cut(cut),
            None => (*visit.published).clone(),
        };
        let indicator =
            published.plan().indicator(code).ok_or_else(|| Problem::no_indicator(code))?;
        let year = visit.year(asked.year.as_deref())?;
        let whole = visit.whole(year)?;
        let org = visit.organisation(asked.org.as_deref(), year)?;
        let standing =
            published.standing(code, &org.code, year).ok_or_else(|| Problem::no_indicator(code))?;
        let (org_code, root) = (org.code.as_str(), whole.code.as_str());
        let drawn = drawn(visit, &published, &standing, &org, year);
        let path = format!("/indicators/{code}{}", query(org_code, root, year));
        let level = visit.level_below(&org.level).unwrap_or(&org.level).to_owned();
        let csv =
            format!("/api/v1/figures?indicator={code}&level={level}&within={org_code}&year={year}");
        let mut frame = visit.frame(Section::Scoreboard).data(&csv);
        frame.description = format!("{} · {}", t.of(&indicator.name), t.of(&org.name));
        Ok(Self {
            t,
            group: group(t, &published, indicator),
            place: t.of(&org.name).to_owned(),
            place_href: t.href(&format!("/organisations/{org_code}")),
            above: above(t, &published, &org, code, root, year),
            year,
            years: years(t, &published, code, org_code, root, year),
            row: Row::new(t, &standing, org_code, root, year, 0),
            due: standing.target.and_then(|it| it.target.due()),
            finest: visit.level(&indicator.finest_level),
            wide: SeriesChart::new(&drawn, Paper::Wide),
            narrow: SeriesChart::new(&drawn, Paper::Narrow),
            cuts: cuts(t, &published, &path, cut),
            places: Places::peers(visit, &published, indicator, &org, year, asked.all),
            below: Places::below(visit, &published, indicator, &org, year, asked.all),
            definitions: DefinitionView::all(t, &published, &standing),
            targets: TargetView::all(t, &standing),
            history: history(t, &standing, org_code, root),
            stated: QuantityView::of_indicator(t, published.plan(), code),
            clauses: clause::links(t, &indicator.clauses),
            sentences: ClauseView::with_text(t, published.plan(), &indicator.clauses),
            source: t.of(&standing.definition.source).to_owned(),
            version: standing.definition.version,
            figures_csv: format!("{csv}&format=csv"),
            frame,
        })
    }
}

fn drawn(
    visit: &Visit,
    published: &Published,
    standing: &Standing<'_>,
    org: &Organisation,
    year: Year,
) -> Drawn {
    let t = visit.t();
    let indicator = standing.indicator;
    let whole = published.is_whole(org);
    let baseline = baseline(indicator, &standing.series, whole);
    let decimals = indicator.decimals;
    let path = |target: &PlanTarget| {
        let first = baseline.as_ref().map_or(published.plan().first_year, |it| it.year);
        let last = target.target.due().unwrap_or(published.plan().last_year);
        let step = |year: Year| {
            Some((year, target.target.path(baseline.as_ref(), year, decimals.saturating_add(2))?))
        };
        first.through(last).filter_map(step).collect::<Vec<_>>()
    };
    let goal = standing.target.and_then(|it| {
        let label = format!("{} {}", t.get("target"), t.target(it));
        Some(Goal { year: it.target.due()?, value: it.target.value()?, label })
    });
    let other = |version: u16| {
        let figures = published.series(&indicator.code, Some(version), &org.code);
        Beside {
            label: t.with("indicator-version", "version", version),
            series: figures.iter().map(|it| (it.year, it.value)).collect(),
        }
    };
    let observed = |year: Year| {
        let figure = standing.series.iter().find(|it| it.year == year);
        Observed {
            year,
            value: figure.and_then(|it| it.value),
            partial: figure.is_some_and(|it| it.observation == Observation::Partial),
        }
    };
    let others =
        indicator.definitions.iter().filter(|it| it.version != standing.definition.version);
    Drawn {
        series: published.plan().years().map(observed).collect(),
        path: standing.target.map(path).unwrap_or_default(),
        goal,
        beside: others.map(|it| other(it.version)).collect(),
        decimals,
        label: t.fill(
            "indicator-chart",
            &[
                ("name", t.of(&indicator.name).to_owned()),
                ("place", t.of(&org.name).to_owned()),
                ("year", year.to_string()),
            ],
        ),
    }
}

fn group(t: Text, published: &Published, indicator: &Indicator) -> String {
    let group = published.plan().groups.iter().find(|it| it.code == indicator.group);
    group.map_or_else(String::new, |it| t.of(&it.name).to_owned())
}

fn above(
    t: Text,
    published: &Published,
    org: &Organisation,
    code: &str,
    root: &str,
    year: Year,
) -> Vec<(String, String)> {
    let tree = published.tree(year);
    let link = |it: &Organisation| {
        let query = query(it.code.as_str(), root, year);
        (t.of(&it.name).to_owned(), t.href(&format!("/indicators/{code}{query}")))
    };
    let mut above: Vec<_> = tree.path(&org.code).skip(1).map(link).collect();
    above.reverse();
    above
}

fn years(t: Text, published: &Published, code: &str, org: &str, root: &str, now: Year) -> Vec<Tab> {
    let tab = |year: Year| Tab {
        text: year.to_string(),
        href: t.href(&format!("/indicators/{code}{}", query(org, root, year))),
        current: year == now,
    };
    published.plan().years().map(tab).collect()
}

/// Boundaries as they were each year, and those of the first and the last year for all years.
fn cuts(t: Text, published: &Published, path: &str, now: Option<Year>) -> Vec<Tab> {
    let plan = published.plan();
    let as_was =
        Tab { text: t.get("indicator-cut-own"), href: t.href(path), current: now.is_none() };
    let ends = [plan.baseline_year.min(plan.first_year), plan.last_year];
    if ends.iter().all(|it| *it == plan.last_year) {
        return Vec::new();
    }
    let on = ends.into_iter().map(|year| Tab {
        text: t.with("indicator-cut", "year", year),
        href: t.href(&format!("{path}&cut={year}")),
        current: now == Some(year),
    });
    std::iter::once(as_was).chain(on).collect()
}

fn history(t: Text, standing: &Standing<'_>, org: &str, root: &str) -> Vec<YearRow> {
    let code = &standing.indicator.code;
    let width = usize::from(standing.indicator.decimals);
    let row = |it: &Figure| {
        let why = format!("/indicators/{code}/why{}", query(org, root, it.year));
        let value = t.figure(it.value);
        YearRow {
            year: it.year,
            ghost: numbers::ghost(&value, width),
            value,
            numerator: t.figure(it.numerator),
            denominator: t.figure(it.denominator),
            coverage: it.coverage.to_string(),
            observation: t.observation(it.observation),
            status: Judged::new(t, standing.judged(it.year)),
            why: it.value.map(|_| t.href(&why)),
        }
    };
    standing.series.iter().rev().map(row).collect()
}
