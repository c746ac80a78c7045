//! Frames: which hierarchy, and whose boundaries.

use std::sync::Arc;

use model::dataset::Dataset;
use model::organisation::{ADMINISTRATIVE, History, Known, Node, Organisation, Tree};
use model::state::Part;
use model::year::MonthDay;
use model::{OrgCode, Year};

use jiff::Timestamp;

/// How organisations are put under each other when figures are rolled up.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Frame {
    /// `administrative`, or another hierarchy of the city.
    pub hierarchy: String,
    /// The boundaries of the end of this year for all years; of each year itself when `None`.
    pub cut: Option<Year>,
}

impl Default for Frame {
    fn default() -> Self {
        Self { hierarchy: ADMINISTRATIVE.to_owned(), cut: None }
    }
}

impl Frame {
    /// The organisations that figures of a year are shown for: as they stood on 31 December.
    pub(super) fn shown(&self, history: &History, year: Year, known_at: Timestamp) -> Tree {
        let day = year.on(MonthDay::YEAR_END);
        match self.cut {
            None => history.tree(&self.hierarchy, day, known_at),
            Some(cut) => {
                let cut = cut.on(MonthDay::YEAR_END);
                history.tree_on_cut(&self.hierarchy, day, cut, known_at)
            }
        }
    }

    /// The organisations as they were when the facts of a dataset were true.
    ///
    /// What is taken from an earlier year than the figure's, such as a cohort's first grade, is put
    /// on the figure's own boundaries: both parts of a figure speak of one territory.
    pub(super) fn counted(
        &self,
        history: &History,
        shown: &Tree,
        (day, of): (MonthDay, Years),
        known_at: Timestamp,
    ) -> Counted {
        let on = of.facts.on(day);
        let cut = match self.cut {
            None if of.facts == of.figure => {
                return Counted::new(&history.tree(&self.hierarchy, on, known_at), None, shown);
            }
            None => of.figure.on(day),
            Some(cut) => cut.on(MonthDay::YEAR_END),
        };
        let tree = history.tree_on_cut(&self.hierarchy, on, cut, known_at);
        // Before the first organisation on record, those of the cut are taken to have been there.
        let there = Some(history.on(on, known_at)).filter(|it| !it.is_empty());
        Counted::new(&tree, there.as_ref(), shown)
    }
}

/// The organisations that facts are counted under.
#[derive(Debug)]
pub(super) struct Counted {
    /// By code, with whether it was really there on the day: there are those of another day too.
    spots: Vec<(Arc<Spot>, bool)>,
}

impl Counted {
    fn new(counted: &Tree, there: Option<&Known>, shown: &Tree) -> Self {
        let codes = organisations(counted).map(|it| &it.code);
        let to_shown: Vec<Option<usize>> = positions(organisations(shown), codes).collect();
        let spot = |(position, node): (usize, &Node)| {
            let up = counted.upward(position);
            let above = up.filter_map(|it| to_shown.get(it).copied().flatten()).collect();
            let organisation = Arc::clone(&node.organisation);
            let is_there = there.is_none_or(|it| it.contains_key(&organisation.code));
            (Arc::new(Spot { organisation, above }), is_there)
        };
        Self { spots: counted.iter().enumerate().map(spot).collect() }
    }
}

/// The year of a figure and the year of the facts it takes; equal but for terms that look back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Years {
    pub(super) facts: Year,
    pub(super) figure: Year,
}

/// Where the reports of one dataset and year belong among the organisations shown.
#[derive(Debug)]
pub(super) struct Placement {
    /// One per reporting organisation, in the order of the totals. `None`: known nowhere.
    pub(super) spots: Vec<Option<Arc<Spot>>>,
    /// Organisations that should have reported.
    pub(super) expected: Vec<(Arc<Spot>, Reported)>,
}

/// Whether an expected organisation did report.
pub(super) type Reported = bool;

/// An organisation as it was then, and the positions now shown that hold it.
#[derive(Debug)]
pub(super) struct Spot {
    pub(super) organisation: Arc<Organisation>,
    /// Positions in the tree shown, itself first where it is still there, then upwards.
    pub(super) above: Box<[usize]>,
}

impl Placement {
    pub(super) fn new(
        dataset: &Dataset,
        orgs: Option<&Part<'_>>,
        counted: &Counted,
        shown: &Tree,
    ) -> Self {
        let shown_spot = |code: &OrgCode| {
            let position = shown.position(code)?;
            let organisation = Arc::clone(&shown.node(position)?.organisation);
            Some(Arc::new(Spot { organisation, above: shown.upward(position).collect() }))
        };
        let codes = || orgs.into_iter().flat_map(Part::iter).map(|it| it.org);
        let organisations = counted.spots.iter().map(|(it, _)| &*it.organisation);
        let places: Vec<Option<usize>> = positions(organisations, codes()).collect();
        let mut reported = vec![false; counted.spots.len()];
        let spot = |(place, code): (&Option<usize>, &OrgCode)| {
            match place.and_then(|it| Some((counted.spots.get(it)?, reported.get_mut(it)?))) {
                Some(((spot, _), reported)) => {
                    *reported = true;
                    Some(Arc::clone(spot))
                }
                // Older than the organisations' own records: it stands where it stands now.
                None => shown_spot(code),
            }
        };
        let spots = places.iter().zip(codes()).map(spot).collect();
        let Some(expected) = &dataset.expected else {
            return Self { spots, expected: Vec::new() };
        };
        let is_expected = |it: &Organisation| {
            it.level == expected.level
                && (expected.kinds.is_empty() || expected.kinds.contains(&it.kind))
                && (expected.stages.is_empty()
                    || it.stages.iter().any(|stage| expected.stages.contains(stage)))
        };
        let expected = counted
            .spots
            .iter()
            .zip(reported)
            .filter(|((it, is_there), _)| *is_there && is_expected(&it.organisation))
            .map(|((it, _), reported)| (Arc::clone(it), reported))
            .collect();
        Self { spots, expected }
    }
}

fn organisations(tree: &Tree) -> impl Iterator<Item = &Organisation> {
    tree.iter().map(|it| &*it.organisation)
}

/// Where codes stand among organisations; both are in order.
fn positions<'a>(
    organisations: impl Iterator<Item = &'a Organisation>,
    codes: impl Iterator<Item = &'a OrgCode>,
) -> impl Iterator<Item = Option<usize>> {
    let mut organisations = organisations.enumerate().peekable();
    codes.map(move |code| {
        while organisations.next_if(|(_, it)| it.code < *code).is_some() {}
        organisations.peek().filter(|(_, it)| it.code == *code).map(|(position, _)| *position)
    })
}
