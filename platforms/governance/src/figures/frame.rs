//! Frames: which hierarchy, and whose boundaries.

use std::sync::Arc;

use model::Year;
use model::dataset::Dataset;
use model::organisation::{ADMINISTRATIVE, History, Known, Organisation, Tree};
use model::year::MonthDay;

use jiff::Timestamp;

use super::totals::OrgTotal;

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
        day: MonthDay,
        of: Years,
        known_at: Timestamp,
    ) -> Counted {
        let on = of.facts.on(day);
        let cut = match self.cut {
            None if of.facts == of.figure => {
                return Counted { tree: history.tree(&self.hierarchy, on, known_at), there: None };
            }
            None => of.figure.on(day),
            Some(cut) => cut.on(MonthDay::YEAR_END),
        };
        let tree = history.tree_on_cut(&self.hierarchy, on, cut, known_at);
        // Before the first organisation on record, those of the cut are taken to have been there.
        let there = Some(history.on(on, known_at)).filter(|it| !it.is_empty());
        Counted { tree, there }
    }
}

/// The organisations that facts are counted under.
#[derive(Debug)]
pub(super) struct Counted {
    tree: Tree,
    /// Those that were really there on the day, where the tree has those of another day too.
    there: Option<Known>,
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
    pub(super) spots: Vec<Option<Spot>>,
    /// Organisations that should have reported.
    pub(super) expected: Vec<(Spot, Reported)>,
}

/// Whether an expected organisation did report.
pub(super) type Reported = bool;

/// An organisation as it was then, and the positions now shown that hold it.
#[derive(Clone, Debug)]
pub(super) struct Spot {
    pub(super) organisation: Arc<Organisation>,
    /// Positions in the tree shown, itself first where it is still there, then upwards.
    pub(super) above: Box<[usize]>,
}

impl Placement {
    pub(super) fn new(
        dataset: &Dataset,
        orgs: &[OrgTotal],
        counted: &Counted,
        shown: &Tree,
    ) -> Self {
        let Counted { tree: counted, there } = counted;
        let to_shown: Vec<Option<usize>> =
            counted.iter().map(|it| shown.position(&it.organisation.code)).collect();
        let spot = |position: usize| {
            let up = counted.upward(position);
            let above = up.filter_map(|it| to_shown.get(it).copied().flatten()).collect();
            let organisation = Arc::clone(&counted.node(position)?.organisation);
            Some(Spot { organisation, above })
        };
        let shown_spot = |position: usize| {
            let organisation = Arc::clone(&shown.node(position)?.organisation);
            Some(Spot { organisation, above: shown.upward(position).collect() })
        };
        let spots = orgs
            .iter()
            .map(|it| match counted.position(&it.code) {
                Some(position) => spot(position),
                // Older than the organisations' own records: it stands where it stands now.
                None => shown.position(&it.code).and_then(shown_spot),
            })
            .collect();
        let Some(expected) = &dataset.expected else {
            return Self { spots, expected: Vec::new() };
        };
        let is_expected = |it: &Organisation| {
            it.level == expected.level
                && there.as_ref().is_none_or(|there| there.contains_key(&it.code))
                && (expected.kinds.is_empty() || expected.kinds.contains(&it.kind))
                && (expected.stages.is_empty()
                    || it.stages.iter().any(|stage| expected.stages.contains(stage)))
        };
        let reported =
            |it: &Organisation| orgs.binary_search_by(|total| total.code.cmp(&it.code)).is_ok();
        let expected = counted
            .iter()
            .enumerate()
            .filter(|(_, node)| is_expected(&node.organisation))
            .filter_map(|(position, node)| Some((spot(position)?, reported(&node.organisation))))
            .collect();
        Self { spots, expected }
    }
}
