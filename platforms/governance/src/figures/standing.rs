//! Standings: one indicator of one organisation in one year, against its target.

use model::figure::Figure;
use model::indicator::{Baseline, Definition, Indicator, Kind};
use model::target::{Judgement, PlanTarget};
use model::{Decimal, OrgCode, Year};

use super::Published;

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
        let series = self.series(&indicator.code, None, org);
        let target = indicator.target().filter(|_| self.binds(definition, org, year));
        let figure = series.iter().find(|it| it.year == year).cloned();
        // Where nothing is shown nothing is judged, not even as lacking data.
        let judged = target
            .filter(|_| figure.is_some())
            .map(|it| self.judge(indicator, it, &series, org, year));
        let path = target.and_then(|it| {
            let baseline = self.baseline(indicator, &series, org, year);
            it.target.path(baseline.as_ref(), year, indicator.decimals)
        });
        Some(Standing {
            indicator,
            definition,
            figure,
            target,
            judgement: judged,
            path,
            change: change(indicator, &series, year),
            alternatives: self.alternatives(indicator, definition, org, year),
            series,
        })
    }

    /// The judgement of one figure by the table's target, with its organisation's own series.
    pub(super) fn judgement(
        &self,
        indicator: &Indicator,
        definition: &Definition,
        figure: &Figure,
    ) -> Option<Judgement> {
        let target =
            indicator.target().filter(|_| self.binds(definition, &figure.org, figure.year))?;
        let series = self.series(&indicator.code, None, &figure.org);
        Some(self.judge(indicator, target, &series, &figure.org, figure.year))
    }

    /// Every definition and target besides the published definition with the table's target.
    fn alternatives<'a>(
        &'a self,
        indicator: &'a Indicator,
        published: &'a Definition,
        org: &OrgCode,
        year: Year,
    ) -> Vec<Alternative<'a>> {
        let mut found = Vec::new();
        for definition in &indicator.definitions {
            let goes_with =
                |it: &&PlanTarget| it.definition.unwrap_or(published.version) == definition.version;
            let series = self.series(&indicator.code, Some(definition.version), org);
            let figure = series.iter().find(|it| it.year == year).cloned();
            let binds = self.binds(definition, org, year);
            let others = indicator.targets.iter().skip(1).filter(goes_with).filter(|_| binds);
            let before = found.len();
            found.extend(others.map(|target| Alternative {
                definition,
                figure: figure.clone(),
                target: Some(target),
                judgement:
                    figure.is_some().then(|| self.judge(indicator, target, &series, org, year)),
            }));
            if found.len() == before && definition.version != published.version {
                found.push(Alternative { definition, figure, target: None, judgement: None });
            }
        }
        found
    }

    /// Whether the plan's targets can be held against an organisation's figures.
    ///
    /// They are set for the whole. A share or a mean below it is judged by the same number; a plain
    /// count is not, for a part need not reach the number set for all.
    fn binds(&self, definition: &Definition, org: &OrgCode, year: Year) -> bool {
        let whole = self.organisation(org, year).is_some_and(|it| self.is_whole(&it));
        whole || !matches!(definition.kind, Kind::Count)
    }

    fn judge(
        &self,
        indicator: &Indicator,
        target: &PlanTarget,
        series: &[Figure],
        org: &OrgCode,
        year: Year,
    ) -> Judgement {
        let values: Vec<(Year, Decimal)> =
            series.iter().filter_map(|it| Some((it.year, it.value?))).collect();
        let baseline = self.baseline(indicator, series, org, year);
        target.target.judge(&values, year, baseline.as_ref(), indicator.direction)
    }

    /// The plan's own baseline for the whole; for its parts, what they had in that year.
    fn baseline(
        &self,
        indicator: &Indicator,
        series: &[Figure],
        org: &OrgCode,
        year: Year,
    ) -> Option<Baseline> {
        if self.organisation(org, year).is_some_and(|it| self.is_whole(&it)) {
            return indicator.baseline.clone();
        }
        let first = indicator.baseline.as_ref()?.year;
        let value = series.iter().find(|it| it.year == first)?.value?;
        Some(Baseline { year: first, value, printed: value.to_string() })
    }
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
