//! Terms: summands of numerators and denominators, added up the tree.

use std::collections::BTreeSet;
use std::sync::Arc;

use model::dataset::Dataset;
use model::figure::Coverage;
use model::indicator::{Definition, OrgFilter, Term};
use model::measure::{Aggregate, Measure};
use model::organisation::{Organisation, Tree};
use model::state::{Part, State};
use model::{Decimal, Year};

use super::Frame;
use super::coverage;
use super::frame::{Spot, Years};
use super::shared::Shared;
use super::totals::adds;

/// Which part of a figure a term belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    Numerator,
    Denominator,
}

impl Side {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Numerator => "numerator",
            Self::Denominator => "denominator",
        }
    }
}

/// One term of a figure, with the states it was added up from.
#[derive(Clone, Debug)]
pub struct TermSum {
    pub side: Side,
    pub term: Term,
    pub dataset: String,
    /// Whether it is the only term of its side.
    pub is_alone: bool,
    /// Year of the facts; earlier than the figure's where the term looks back.
    pub year: Year,
    /// Sum over the organisation and all below it, times the term's factor.
    pub total: Option<Decimal>,
    /// Every organisation that contributes more than nothing, the largest first.
    pub contributions: Vec<Contribution>,
}

/// One organisation's state within a term.
#[derive(Clone, Debug)]
pub struct Contribution {
    pub org: Arc<Organisation>,
    /// Before the term's factor. `None` where it reported but the value is unknown, or is withheld.
    pub value: Option<Decimal>,
    /// Rows of the dataset that the organisation reported that year; `None` where withheld.
    pub rows: Option<u64>,
    /// Too few persons stand behind it, or its figure, for the public to see.
    pub withheld: bool,
}

/// What terms come to at one organisation shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Sum {
    Known(Decimal),
    /// Something that should be there is not.
    #[default]
    Unknown,
    /// Nothing is expected from here, and nothing came.
    Void,
}

impl Sum {
    pub(super) const fn known(self) -> Option<Decimal> {
        match self {
            Self::Known(value) => Some(value),
            Self::Unknown | Self::Void => None,
        }
    }

    fn plus(self, other: Self) -> Self {
        match (self, other) {
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Known(a), Self::Known(b)) => Self::Known(a + b),
            (Self::Known(a), Self::Void) | (Self::Void, Self::Known(a)) => Self::Known(a),
            (Self::Void, Self::Void) => Self::Void,
        }
    }
}

/// The terms of one side at every position shown.
#[derive(Debug)]
pub(super) struct Sums {
    pub(super) sums: Vec<Sum>,
    pub(super) coverage: Vec<Coverage>,
}

/// One position while a term is added up.
#[derive(Clone, Copy, Default)]
struct Slot {
    state: State,
    /// An organisation that meets the filter reported, whatever its state.
    matched: bool,
    /// Any organisation reported the dataset.
    reported: bool,
    coverage: Coverage,
}

/// The organisations a figure is made of.
#[derive(Debug)]
pub(super) struct Among<'a> {
    /// Whom the definition means.
    expected: &'a OrgFilter,
    /// Where every term is known, at or below these positions of the tree; `None` where that is not asked.
    known: Option<(Arc<Tree>, BTreeSet<usize>)>,
}

impl<'a> Among<'a> {
    /// The organisations that a definition takes in a year.
    pub(super) fn of(
        shared: &Shared,
        frame: &Arc<Frame>,
        tree: &Arc<Tree>,
        definition: &'a Definition,
        year: Year,
    ) -> Self {
        let both = || {
            let terms = definition.numerator.iter().chain(&definition.denominator);
            let known = terms.map(|it| known(shared, frame, tree, it, year));
            let both = known.reduce(|a, b| a.intersection(&b).copied().collect());
            (Arc::clone(tree), both.unwrap_or_default())
        };
        Self { expected: &definition.expected, known: definition.paired.then(both) }
    }

    fn takes(&self, dataset: &Dataset, spot: &Spot) -> bool {
        self.known.as_ref().is_none_or(|(tree, positions)| {
            reporting(tree, dataset, spot).is_some_and(|it| positions.contains(&it))
        })
    }
}

/// Where a term is known.
fn known(
    shared: &Shared,
    frame: &Arc<Frame>,
    tree: &Tree,
    term: &Term,
    year: Year,
) -> BTreeSet<usize> {
    let Some(source) = Source::find(shared, term, year) else { return BTreeSet::new() };
    let placement = shared.placement(frame, source.dataset, source.years);
    let spots = placement.spots.iter().zip(&source.values).filter(|(_, value)| value.0.is_some());
    spots.filter_map(|(spot, _)| reporting(tree, source.dataset, spot.as_ref()?)).collect()
}

/// Who should report for an organisation: for a campus its school.
fn reporting(tree: &Tree, dataset: &Dataset, spot: &Spot) -> Option<usize> {
    let level = dataset.expected.as_ref().map(|it| it.level.as_str());
    let is_of_level = |position: &&usize| {
        let node = tree.node(**position);
        node.is_some_and(|it| Some(it.organisation.level.as_str()) == level)
    };
    spot.above.iter().find(is_of_level).or(spot.above.first()).copied()
}

/// Adds up all terms of one side over all `width` positions shown.
pub(super) fn sums(
    shared: &Shared,
    frame: &Arc<Frame>,
    (terms, among): (&[Term], &Among<'_>),
    year: Year,
    width: usize,
) -> Sums {
    let mut total =
        Sums { sums: vec![Sum::Void; width], coverage: vec![Coverage::default(); width] };
    for term in terms {
        let (values, covered) = term_sums(shared, frame, (term, among), year, width);
        for (kept, new) in total.sums.iter_mut().zip(values) {
            *kept = kept.plus(new);
        }
        for (kept, new) in total.coverage.iter_mut().zip(covered) {
            *kept = coverage::worse(*kept, new);
        }
    }
    total
}

fn term_sums(
    shared: &Shared,
    frame: &Arc<Frame>,
    (term, among): (&Term, &Among<'_>),
    year: Year,
    width: usize,
) -> (Vec<Sum>, Vec<Coverage>) {
    let unknown = || (vec![Sum::Unknown; width], vec![Coverage::default(); width]);
    let Some(source) = Source::find(shared, term, year) else {
        return unknown();
    };
    let placement = shared.placement(frame, source.dataset, source.years);
    let mut slots = vec![Slot::default(); width];
    for (spot, value) in placement.spots.iter().zip(&source.values) {
        let Some(spot) = spot.as_ref().filter(|it| among.takes(source.dataset, it)) else {
            continue;
        };
        let takes = takes(&term.organisations, &spot.organisation);
        for position in &spot.above {
            let Some(slot) = slots.get_mut(*position) else { continue };
            slot.reported = true;
            if takes {
                slot.matched = true;
                slot.state = slot.state.merge(*value, source.aggregate);
            }
        }
    }
    for (spot, reported) in &placement.expected {
        let meant = takes(among.expected, &spot.organisation);
        if meant && takes(&term.organisations, &spot.organisation) {
            for position in &spot.above {
                let Some(slot) = slots.get_mut(*position) else { continue };
                slot.coverage.expected += 1;
                slot.coverage.reported += u32::from(*reported);
            }
        }
    }
    let sum = |slot: &Slot| match slot.state.0 {
        Some(units) => Sum::Known(Decimal::new(units, source.scale).times(term.times)),
        None if slot.matched => Sum::Unknown,
        None if slot.reported && adds(source.aggregate) => Sum::Known(Decimal::ZERO),
        // A register that nobody owes, such as that of school zones: who is not in it is not in it.
        None if !source.expects && !source.totals.is_empty() && adds(source.aggregate) => {
            Sum::Known(Decimal::ZERO)
        }
        None if source.expects && slot.coverage.expected == 0 => Sum::Void,
        None => Sum::Unknown,
    };
    (slots.iter().map(sum).collect(), slots.iter().map(|it| it.coverage).collect())
}

/// The states behind a term at one organisation and below.
pub(super) fn contributions(
    shared: &Shared,
    frame: &Arc<Frame>,
    (side, terms, term): (Side, &[Term], &Term),
    among: &Among<'_>,
    year: Year,
    position: usize,
) -> Option<TermSum> {
    let source = Source::find(shared, term, year)?;
    let placement = shared.placement(frame, source.dataset, source.years);
    let orgs = source.totals;
    let mut contributions: Vec<Contribution> = placement
        .spots
        .iter()
        .zip(&source.values)
        .zip(orgs.iter())
        .filter_map(|((spot, value), org)| Some((spot.as_ref()?, value, org.count)))
        .filter(|(spot, _, _)| spot.above.contains(&position))
        .filter(|(spot, _, _)| takes(&term.organisations, &spot.organisation))
        .filter(|(spot, _, _)| among.takes(source.dataset, spot))
        .map(|(spot, value, rows)| Contribution {
            org: Arc::clone(&spot.organisation),
            value: value.0.map(|units| Decimal::new(units, source.scale)),
            rows: Some(rows),
            withheld: false,
        })
        .collect();
    contributions.sort_by(|a, b| b.value.cmp(&a.value).then_with(|| a.org.code.cmp(&b.org.code)));
    let width = position + 1;
    let (sums, _) = term_sums(shared, frame, (term, among), year, width);
    Some(TermSum {
        side,
        term: term.clone(),
        dataset: source.dataset.name.clone(),
        is_alone: terms.len() == 1,
        year: source.years.facts,
        total: sums.get(position).and_then(|it| it.known()),
        contributions,
    })
}

/// Where a term's numbers are, and how they are kept.
struct Source<'a> {
    dataset: &'a Dataset,
    years: Years,
    aggregate: Aggregate,
    scale: u8,
    /// Whether the dataset says who should report it.
    expects: bool,
    /// A row for each organisation that reported.
    totals: Part<'a>,
    values: Vec<State>,
}

impl<'a> Source<'a> {
    /// `None` where the plan has no such measure, or no states of it are there.
    fn find(shared: &'a Shared, term: &Term, year: Year) -> Option<Self> {
        let measure = shared.plan().measure(&term.measure)?;
        let dataset = shared.plan().datasets.get(&measure.dataset)?;
        let facts = year.before(term.years_before)?;
        let totals = shared.totals(&dataset.name)?;
        let (column, kept) = totals.column(&measure.name)?;
        let mut wanted: Vec<(usize, &[String])> = Vec::new();
        for (dimension, values) in &term.dimensions {
            let position = dataset.dimensions.iter().position(|it| it == dimension)?;
            wanted.push((position, values));
        }
        Some(Self {
            dataset,
            years: Years { facts, figure: year },
            aggregate: kept.aggregate,
            scale: kept.scale,
            expects: dataset.expected.is_some(),
            totals: totals.of_year(facts),
            values: totals.values(facts, column, &wanted, is_certain(dataset, measure)),
        })
    }
}

/// Whether a measure's number can never be missing from a row: it counts, or it reads required columns only.
fn is_certain(dataset: &Dataset, measure: &Measure) -> bool {
    let Some(of) = &measure.of else { return true };
    let mut words = of.split(|it: char| !it.is_alphanumeric() && it != '_');
    matches!(measure.aggregate, Aggregate::Count | Aggregate::Distinct)
        || words.all(|word| dataset.column(word).is_none_or(|it| it.required))
}

/// Whether a filter takes an organisation as it was in the year of the facts.
pub(super) fn takes(filter: &OrgFilter, organisation: &Organisation) -> bool {
    let one_of = |list: &[String], value: &String| list.is_empty() || list.contains(value);
    one_of(&filter.kinds, &organisation.kind)
        && one_of(&filter.founders, &organisation.founder)
        && one_of(&filter.area_classes, &organisation.area_class)
        && (filter.stages.is_empty()
            || organisation.stages.iter().any(|it| filter.stages.contains(it)))
}
