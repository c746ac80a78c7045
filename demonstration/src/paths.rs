//! The way every indicator goes, year by year, and how far districts lie apart on it.

use anyhow::{Context, Result, ensure};
use model::Decimal;
use model::plan::Plan;

use super::settings::{PathSetting, Paths};

/// Values of one indicator for the city, from the baseline year on.
#[derive(Clone, Debug)]
pub(crate) struct Way {
    values: Vec<Option<Decimal>>,
    /// Hundredths of the unit between the middle and the ends.
    spread: i64,
}

impl Way {
    fn new(plan: &Plan, setting: &PathSetting) -> Result<Self> {
        let code = &setting.indicator;
        let indicator = plan
            .indicator(code)
            .with_context(|| format!("demo.toml names {code}, which the plan does not have"))?;
        let baseline = indicator.baseline.as_ref();
        let baseline = baseline.filter(|it| it.year == plan.baseline_year);
        let baseline =
            baseline.with_context(|| format!("{code} has no value in the baseline year"))?;
        let mut values = vec![Some(baseline.value)];
        for text in &setting.values {
            values.push(if text.is_empty() { None } else { Some(text.parse()?) });
        }
        let years = plan.years().count();
        ensure!(values.len() == years, "{code}: {} values for {years} years", values.len());
        Ok(Self { values, spread: setting.spread })
    }

    /// The value in a year; `None` where nothing is reported.
    pub(crate) fn at(&self, year: usize) -> Option<Decimal> {
        self.values.get(year).copied().flatten()
    }

    /// Hundredths of the unit between the middle and an end.
    pub(crate) const fn spread(&self) -> i64 {
        self.spread
    }

    /// How numerators of so many percent of `wholes` lie over units with these effects (per 1,000).
    pub(crate) fn weights(&self, percent: Decimal, wholes: &[u64], effects: &[i64]) -> Vec<u64> {
        let middle = i64::try_from(percent.units_at(2)).unwrap_or(0);
        let share = |effect: i64| (middle * 1000 + self.spread * effect).max(1);
        wholes
            .iter()
            .zip(effects)
            .map(|(whole, effect)| whole * u64::try_from(share(*effect)).unwrap_or(1) / 1000)
            .collect()
    }
}

/// The ways of all indicators.
#[derive(Clone, Debug)]
pub(crate) struct Ways {
    pub(crate) preschool_gross: Way,
    pub(crate) retention: Way,
    pub(crate) senior_gross: Way,
    pub(crate) higher_gross: Way,
    pub(crate) higher_per_100k: Way,
    pub(crate) working_age_years: Way,
    pub(crate) new_labour_years: Way,
    pub(crate) lifelong: Way,
    pub(crate) public_preschool: Way,
    pub(crate) inclusive_preschool: Way,
    pub(crate) zones: Way,
    pub(crate) large_classes: Way,
    pub(crate) rural_bachelor: Way,
    pub(crate) balanced: Way,
    pub(crate) fitness: Way,
    pub(crate) myopia: Way,
    pub(crate) wireless: Way,
    pub(crate) dual_teachers: Way,
    pub(crate) university_masters: Way,
    pub(crate) dual_supervisors: Way,
}

impl Ways {
    pub(crate) fn new(plan: &Plan, paths: &Paths) -> Result<Self> {
        let way = |it: &PathSetting| Way::new(plan, it);
        Ok(Self {
            preschool_gross: way(&paths.preschool_gross)?,
            retention: way(&paths.retention)?,
            senior_gross: way(&paths.senior_gross)?,
            higher_gross: way(&paths.higher_gross)?,
            higher_per_100k: way(&paths.higher_per_100k)?,
            working_age_years: way(&paths.working_age_years)?,
            new_labour_years: way(&paths.new_labour_years)?,
            lifelong: way(&paths.lifelong)?,
            public_preschool: way(&paths.public_preschool)?,
            inclusive_preschool: way(&paths.inclusive_preschool)?,
            zones: way(&paths.zones)?,
            large_classes: way(&paths.large_classes)?,
            rural_bachelor: way(&paths.rural_bachelor)?,
            balanced: way(&paths.balanced)?,
            fitness: way(&paths.fitness)?,
            myopia: way(&paths.myopia)?,
            wireless: way(&paths.wireless)?,
            dual_teachers: way(&paths.dual_teachers)?,
            university_masters: way(&paths.university_masters)?,
            dual_supervisors: way(&paths.dual_supervisors)?,
        })
    }
}
