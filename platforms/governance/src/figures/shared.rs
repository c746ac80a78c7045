//! What all views of one release share: definitions, organisations, states, and what was evaluated.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use model::Year;
use model::dataset::Dataset;
use model::indicator::{Definition, Indicator};
use model::organisation::{History, Tree};
use model::plan::Plan;
use model::year::MonthDay;

use super::Frame;
use super::evaluate::{self, Sheet, Task};
use super::frame::{Counted, Placement, Years};
use super::totals::Totals;
use crate::release::Release;

/// One release in memory. Nothing in it changes; what is evaluated is kept.
#[derive(Debug)]
pub(super) struct Shared {
    plan: Arc<Plan>,
    history: Arc<History>,
    release: Release,
    totals: BTreeMap<String, Arc<Totals>>,
    least_persons: u32,
    shown: Kept<(Arc<Frame>, Year), Tree>,
    counted: Kept<(Arc<Frame>, MonthDay, Years), Counted>,
    placements: Kept<(Arc<Frame>, String, Years), Placement>,
    /// By frame, position of the indicator in the plan, version and year.
    sheets: Kept<(Arc<Frame>, usize, u16, Year), Sheet>,
}

impl Shared {
    pub(super) fn new(
        plan: Arc<Plan>,
        history: Arc<History>,
        totals: BTreeMap<String, Arc<Totals>>,
        release: Release,
        least_persons: u32,
    ) -> Self {
        Self {
            plan,
            history,
            release,
            totals,
            least_persons,
            shown: Kept::default(),
            counted: Kept::default(),
            placements: Kept::default(),
            sheets: Kept::default(),
        }
    }

    pub(super) fn plan(&self) -> &Plan {
        &self.plan
    }

    pub(super) fn history(&self) -> &History {
        &self.history
    }

    pub(super) fn known_history(&self) -> Arc<History> {
        Arc::clone(&self.history)
    }

    pub(super) const fn release(&self) -> &Release {
        &self.release
    }

    pub(super) const fn least_persons(&self) -> u32 {
        self.least_persons
    }

    pub(super) fn totals(&self, dataset: &str) -> Option<&Totals> {
        self.totals.get(dataset).map(|it| &**it)
    }

    /// The totals of every dataset, by name.
    pub(super) const fn all_totals(&self) -> &BTreeMap<String, Arc<Totals>> {
        &self.totals
    }

    /// An indicator and its position in the plan.
    pub(super) fn indicator(&self, code: &str) -> Option<(usize, &Indicator)> {
        self.plan.indicators.iter().enumerate().find(|(_, it)| it.code == code)
    }

    /// The organisations shown for a year.
    pub(super) fn shown(&self, frame: &Arc<Frame>, year: Year) -> Arc<Tree> {
        let key = (Arc::clone(frame), year);
        self.shown.get(key, || frame.shown(&self.history, year, self.release.known_at))
    }

    /// Where the reports of a dataset belong.
    pub(super) fn placement(
        &self,
        frame: &Arc<Frame>,
        dataset: &Dataset,
        years: Years,
    ) -> Arc<Placement> {
        let key = (Arc::clone(frame), dataset.name.clone(), years);
        self.placements.get(key, || {
            let day = dataset.reference;
            let shown = self.shown(frame, years.figure);
            let counted = self.counted.get((Arc::clone(frame), day, years), || {
                frame.counted(&self.history, &shown, (day, years), self.release.known_at)
            });
            let orgs = self.totals(&dataset.name).map(|it| it.of_year(years.facts));
            Placement::new(dataset, orgs.as_ref(), &counted, &shown)
        })
    }

    /// The figures of one definition and year for all organisations shown.
    ///
    /// `trail` names the indicators being evaluated above this one.
    pub(super) fn sheet(
        &self,
        frame: &Arc<Frame>,
        (place, indicator): (usize, &Indicator),
        definition: &Definition,
        year: Year,
        trail: &[&str],
    ) -> Arc<Sheet> {
        self.sheets.get((Arc::clone(frame), place, definition.version, year), || {
            let tree = self.shown(frame, year);
            evaluate::sheet(&Task { shared: self, frame, indicator, definition, year, tree, trail })
        })
    }
}

/// Results that are made once and kept.
#[derive(Debug)]
struct Kept<K, V>(Mutex<BTreeMap<K, Arc<V>>>);

impl<K, V> Default for Kept<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Ord, V> Kept<K, V> {
    /// What is kept under a key, made first where it is not there.
    ///
    /// The lock is not held while making, which may ask for other keys; two at once make the same.
    fn get(&self, key: K, make: impl FnOnce() -> V) -> Arc<V> {
        if let Some(kept) = self.lock().get(&key) {
            return Arc::clone(kept);
        }
        let made = Arc::new(make());
        Arc::clone(self.lock().entry(key).or_insert(made))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<K, Arc<V>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
