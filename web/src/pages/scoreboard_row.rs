//! One indicator on the scoreboard, worded and drawn.

use governance::figures::{Alternative, Change, Standing, Trend};
use model::figure::{Figure, Observation};
use model::indicator::{Baseline, Indicator};
use model::{Decimal, Year};

use super::judged::Judged;
use crate::charts::bullet::{Bullet, Measured};
use crate::charts::spark::Spark;
use crate::numbers;
use crate::text::Text;

/// One row, ready to be read.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) code: String,
    pub(crate) number: u16,
    pub(crate) name: String,
    pub(crate) unit: String,
    pub(crate) binding: bool,
    pub(crate) href: String,
    /// Where the figure's evidence is; none without a figure.
    pub(crate) why: Option<String>,
    pub(crate) baseline: String,
    pub(crate) now: String,
    /// Unseen digits that keep the points of the column under each other.
    pub(crate) ghost: String,
    /// Said beside a figure that is not fully reported.
    pub(crate) observation: Option<String>,
    pub(crate) target: String,
    pub(crate) status: Judged,
    pub(crate) trend: Option<Moved>,
    pub(crate) distance: String,
    pub(crate) bullet: Bullet,
    pub(crate) spark: Spark,
    pub(crate) beside: Vec<Other>,
}

/// How a figure moved since the year before.
#[derive(Debug)]
pub(crate) struct Moved {
    pub(crate) by: String,
    pub(crate) word: String,
}

/// Another definition or target of the same indicator.
#[derive(Debug)]
pub(crate) struct Other {
    pub(crate) label: String,
    pub(crate) now: String,
    pub(crate) target: String,
    pub(crate) status: Judged,
    pub(crate) distance: String,
}

/// The query of a place and year on the pages of an indicator.
pub(crate) fn query(org: &str, root: &str, year: Year) -> String {
    if org == root { format!("?year={year}") } else { format!("?org={org}&year={year}") }
}

/// The plan's baseline for the whole; for its parts, what they had in that year.
pub(crate) fn baseline(
    indicator: &Indicator,
    series: &[Figure],
    is_whole: bool,
) -> Option<Baseline> {
    let stated = indicator.baseline.clone()?;
    if is_whole {
        return Some(stated);
    }
    let value = series.iter().find(|it| it.year == stated.year)?.value?;
    Some(Baseline { year: stated.year, value, printed: numbers::figure(value) })
}

impl Row {
    /// `digits` after the point are what the column of figures has room for.
    pub(crate) fn new(
        t: Text,
        standing: &Standing<'_>,
        org: &str,
        root: &str,
        year: Year,
        digits: usize,
    ) -> Self {
        let indicator = standing.indicator;
        let value = standing.figure.as_ref().and_then(|it| it.value);
        let status = Judged::new(t, standing.judgement);
        let target = standing.target.map_or_else(|| "–".to_owned(), |it| t.target(it));
        let query = query(org, root, year);
        let start = baseline(indicator, &standing.series, org == root);
        let stated = start.as_ref().map(|it| t.baseline(it));
        let stated = stated.unwrap_or_else(|| "–".to_owned());
        let now = t.figure(value);
        let label = t.fill(
            "bullet-label",
            &[
                ("baseline", stated.clone()),
                ("year", year.to_string()),
                ("now", now.clone()),
                ("target", target.clone()),
            ],
        );
        let bullet = Bullet::new(&Measured {
            baseline: start.filter(|_| standing.target.is_some()).map(|it| it.value),
            now: value,
            goal: standing.target.and_then(|it| it.target.value()),
            due: standing.path,
            better: indicator.direction,
            status: status.key,
            label,
        });
        Self {
            code: indicator.code.clone(),
            number: indicator.number,
            name: t.of(&indicator.name).to_owned(),
            unit: t.of(&indicator.unit).to_owned(),
            binding: indicator.binding,
            href: t.href(&format!("/indicators/{}{query}", indicator.code)),
            why: value.map(|_| t.href(&format!("/indicators/{}/why{query}", indicator.code))),
            baseline: stated,
            ghost: numbers::ghost(&now, digits),
            now,
            observation: standing
                .figure
                .as_ref()
                .filter(|it| is_told(it))
                .map(|it| t.observation(it.observation)),
            target,
            status,
            trend: standing.change.as_ref().map(|it| Moved::new(t, it)),
            distance: distance(t, standing.judgement.and_then(|it| it.distance)),
            bullet,
            spark: spark(t, standing, year),
            beside: standing.alternatives.iter().filter_map(|it| Other::new(t, it)).collect(),
        }
    }
}

/// Whether the standing of an observation says more than the status beside it.
fn is_told(figure: &Figure) -> bool {
    !matches!(figure.observation, Observation::Reported | Observation::Missing)
}

fn distance(t: Text, distance: Option<Decimal>) -> String {
    t.figure(distance)
}

fn spark(t: Text, standing: &Standing<'_>, now: Year) -> Spark {
    let series: Vec<_> = standing.series.iter().map(|it| (it.year, it.value)).collect();
    let first = series.first().map_or(now, |(year, _)| *year);
    let last = series.last().map_or(now, |(year, _)| *year);
    let label = t.fill("spark-label", &[("first", first.to_string()), ("last", last.to_string())]);
    Spark::new(&series, (first, last), now, label)
}

impl Moved {
    fn new(t: Text, change: &Change) -> Self {
        let key = match change.trend {
            Trend::Better => "trend-better",
            Trend::Same => "trend-same",
            Trend::Worse => "trend-worse",
        };
        Self { by: numbers::change(change.by), word: t.get(key) }
    }
}

impl Other {
    /// `None` for a definition that no target goes with: the indicator's own page shows those.
    fn new(t: Text, other: &Alternative<'_>) -> Option<Self> {
        let target = other.target?;
        let label = [t.of(&target.label), t.of(&other.definition.label)];
        let label: Vec<&str> = label.into_iter().filter(|it| !it.is_empty()).collect();
        Some(Self {
            label: label.join(" · "),
            now: t.figure(other.figure.as_ref().and_then(|it| it.value)),
            target: t.target(target),
            status: Judged::new(t, other.judgement),
            distance: distance(t, other.judgement.and_then(|it| it.distance)),
        })
    }
}
