//! Totals: the states of a dataset, merged as far as the plan lets them be.

use std::collections::BTreeSet;

use model::indicator::Term;
use model::measure::Aggregate;
use model::plan::Plan;
use model::state::{Part, Row, State, StateColumn, States};
use model::{OrgCode, Year};

/// What the terms of a plan can ask of a dataset.
#[derive(Debug, Default)]
pub(crate) struct Totals {
    /// What each organisation reported, all dimensions together.
    whole: States,
    /// The same of each value of the dimensions that terms choose by, for the measures chosen so.
    chosen: States,
    /// Positions of those dimensions in the dataset.
    dimensions: Vec<usize>,
}

impl Totals {
    pub(crate) fn new(plan: &Plan, dataset: &str, states: &States) -> Self {
        let names = plan.datasets.get(dataset).map(|it| it.dimensions.as_slice());
        let names = names.unwrap_or_default();
        let (mut dimensions, mut measures) = (BTreeSet::new(), BTreeSet::new());
        for term in terms(plan).filter(|it| !it.dimensions.is_empty()) {
            if let Some(measure) = states.position(&term.measure) {
                measures.insert(measure);
                let position = |(name, _): &(String, _)| names.iter().position(|it| it == name);
                dimensions.extend(term.dimensions.iter().filter_map(position));
            }
        }
        let dimensions: Vec<usize> = dimensions.into_iter().collect();
        let measures: Vec<usize> = measures.into_iter().collect();
        let all: Vec<usize> = (0..states.columns().len()).collect();
        let chosen = if measures.is_empty() {
            States::default()
        } else {
            states.along(&dimensions, &measures)
        };
        Self { whole: states.along(&[], &all), chosen, dimensions }
    }

    /// The years any organisation reported.
    pub(super) fn years(&self) -> impl Iterator<Item = Year> {
        self.whole.years()
    }

    /// Organisations that reported in a year, by code, with one row each.
    pub(super) fn of_year(&self, year: Year) -> Part<'_> {
        self.whole.of_year(year)
    }

    pub(super) fn column(&self, measure: &str) -> Option<(usize, &StateColumn)> {
        let position = self.whole.position(measure)?;
        Some((position, self.whole.columns().get(position)?))
    }

    /// One measure of a year, for each organisation of [`Self::of_year`] in the same order.
    ///
    /// `wanted` holds, by position of a dimension, the values to take. Where `certain`, no state
    /// means that nothing was there to add, which is zero; otherwise a value may be missing.
    pub(super) fn values(
        &self,
        year: Year,
        column: usize,
        wanted: &[(usize, &[String])],
        certain: bool,
    ) -> Vec<State> {
        let orgs = self.of_year(year);
        let Some(kept) = self.whole.columns().get(column) else {
            return vec![State::default(); orgs.len()];
        };
        let mut values: Vec<State> = if wanted.is_empty() {
            orgs.column(column).collect()
        } else {
            self.chosen(year, kept, wanted, &orgs)
        };
        if certain && adds(kept.aggregate) {
            for value in &mut values {
                value.0 = value.0.or(Some(0));
            }
        }
        values
    }

    /// The measure merged over the states whose dimensions have the wanted values.
    fn chosen(
        &self,
        year: Year,
        kept: &StateColumn,
        wanted: &[(usize, &[String])],
        orgs: &Part<'_>,
    ) -> Vec<State> {
        let here = |(dimension, values): &(usize, _)| {
            Some((self.dimensions.iter().position(|it| it == dimension)?, *values))
        };
        let wanted: Option<Vec<(usize, &[String])>> = wanted.iter().map(here).collect();
        let (Some(wanted), Some(column)) = (wanted, self.chosen.position(&kept.measure)) else {
            return vec![State::default(); orgs.len()];
        };
        let takes = |row: &Row<'_>| {
            wanted.iter().all(|(dimension, values)| {
                row.dimension(*dimension).is_some_and(|it| values.iter().any(|value| value == it))
            })
        };
        let mut states = self.chosen.of_year(year).iter().peekable();
        let mut value_of = |org: &OrgCode| {
            let (mut value, mut matched) = (State::default(), false);
            while let Some(row) = states.next_if(|it| it.org == org) {
                if takes(&row) {
                    matched = true;
                    value = value.merge(row.state(column), kept.aggregate);
                }
            }
            // Nothing with these values was reported, so there is nothing to add.
            if !matched && adds(kept.aggregate) { State(Some(0)) } else { value }
        };
        orgs.iter().map(|it| value_of(it.org)).collect()
    }
}

/// All terms of all definitions, published or not.
fn terms(plan: &Plan) -> impl Iterator<Item = &Term> {
    let definitions = plan.indicators.iter().flat_map(|it| &it.definitions);
    definitions.flat_map(|it| it.numerator.iter().chain(&it.denominator))
}

/// Whether merging adds, so that nothing is zero.
pub(super) const fn adds(aggregate: Aggregate) -> bool {
    match aggregate {
        Aggregate::Count | Aggregate::Sum | Aggregate::SumOfSquares | Aggregate::Distinct => true,
        Aggregate::Minimum | Aggregate::Maximum => false,
    }
}
