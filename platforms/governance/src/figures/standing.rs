//! Standings: one indicator of one organisation in one year, against its target.

use model::figure::Figure;
use model::indicator::{Definition, Indicator};
use model::target::{Judgement, PlanTarget};
use model::{Decimal, OrgCode, Year};

use super::Published;
use super::years::{baseline, binds, judge};

/// Where an indicator stands for an organisation in a year.
#[derive(Clone, Debug)]
pub struct Standing<'a> {
    pub indicator: &'a Indicator,
    /// The published definition.
    pub definition: &'a Definition,
    /// `None` below the indicator's finest level, or where the organisation was not there.
    pub figure: Option<Figure>,
    /// One figure for each year in which the organisation was there, by year.
    pub series: Vec<Figure>,
    /// The target of the plan's table, where it binds this organisation.
    pub target: Option<&'a PlanTarget>,
    /// `None` when there is no figure to judge, or no target to judge by.
    pub judgement: Option<Judgement>,
    /// Where the straight path to the target stands this year.
    pub path: Option<Decimal>,
    /// From the year before to this one.
    pub change: Option<Change>,
    /// Every other definition and target of the plan, side by side with the published one.
    pub alternatives: Vec<Alternative<'a>>,
    whole: bool,
}

impl Standing<'_> {
    /// Where the figure of any year of the series stands against the same target.
    ///
    /// `None` when there is no figure to judge, or no target to judge by.
    pub fn judged(&self, year: Year) -> Option<Judgement> {
        let target = self.target?;
        // Where nothing is shown nothing is judged, not even as lacking data.
        self.series.iter().find(|it| it.year == year)?;
        Some(judge(self.indicator, &target.target, &values(&self.series), self.whole, year))
    }
}

/// Another definition, or another target, of the same indicator.
#[derive(Clone, Debug)]
pub struct Alternative<'a> {
    pub definition: &'a Definition,
    pub figure: Option<Figure>,
    /// `None` for a definition that no target goes with.
    pub target: Option<&'a PlanTarget>,
    pub judgement: Option<Judgement>,
}

/// How a figure moved since the year before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// This year's value less the last one's, in the indicator's unit.
    pub by: Decimal,
    pub trend: Trend,
}

/// Whether a change is for the better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trend {
    Better,
    Same,
    Worse,
}

impl Trend {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Better => "better",
            Self::Same => "same",
            Self::Worse => "worse",
        }
    }
}

impl Published {
    /// Where an indicator stands for an organisation in a year.
    ///
    /// `None` when there is no such indicator or it has no published definition.
    pub fn standing(&self, indicator: &str, org: &OrgCode, year: Year) -> Option<Standing<'_>> {
        let indicator = self.plan().indicator(indicator)?;
        let definition = indicator.definition()?;
        let whole = self.organisation(org, year).is_some_and(|it| self.is_whole(&it));
        let series = self.series(&indicator.code, None, org);
        let values = values(&series);
        let target = indicator.target().filter(|_| binds(definition, whole));
        let figure = series.iter().find(|it| it.year == year).cloned();
        let path = target.and_then(|it| {
            let baseline = baseline(indicator, &values, whole);
            it.target.path(baseline.as_ref(), year, indicator.decimals)
        });
        let mut standing = Standing {
            indicator,
            definition,
            figure,
            target,
            judgement: None,
            path,
            change: change(indicator, &series, year),
            alternatives: self.alternatives(indicator, definition, org, whole, year),
            series,
            whole,
        };
        standing.judgement = standing.judged(year);
        Some(standing)
    }

    /// Every definition and target besides the published definition with the table's target.
    fn alternatives<'a>(
        &'a self,
        indicator: &'a Indicator,
        published: &'a Definition,
        org: &OrgCode,
        whole: bool,
        year: Year,
    ) -> Vec<Alternative<'a>> {
        let mut found = Vec::new();
        for definition in &indicator.definitions {
            let goes_with =
                |it: &&PlanTarget| it.definition.unwrap_or(published.version) == definition.version;
            let binds = binds(definition, whole);
            let mut others =
                indicator.targets.iter().skip(1).filter(goes_with).filter(|_| binds).peekable();
            // What stands above them all needs no second look.
            if definition.version == published.version && others.peek().is_none() {
                continue;
            }
            let series = self.series(&indicator.code, Some(definition.version), org);
            let figure = series.iter().find(|it| it.year == year).cloned();
            let values = values(&series);
            let before = found.len();
            found.extend(
                others.map(|target| Alternative {
                    definition,
                    figure: figure.clone(),
                    target: Some(target),
                    judgement: figure
                        .is_some()
                        .then(|| judge(indicator, &target.target, &values, whole, year)),
                }),
            );
            if found.len() == before && definition.version != published.version {
                found.push(Alternative { definition, figure, target: None, judgement: None });
            }
        }
        found
    }
}

fn values(series: &[Figure]) -> Vec<(Year, Decimal)> {
    series.iter().filter_map(|it| Some((it.year, it.value?))).collect()
}

fn change(indicator: &Indicator, series: &[Figure], year: Year) -> Option<Change> {
    let value = |year: Year| series.iter().find(|it| it.year == year)?.value;
    let (now, before) = (value(year)?, value(year.before(1)?)?);
    let by = now - before;
    let trend = if by.is_zero() {
        Trend::Same
    } else if indicator.direction.is_at_least(now, before) {
        Trend::Better
    } else {
        Trend::Worse
    };
    Some(Change { by, trend })
}
