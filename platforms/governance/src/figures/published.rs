//! Published: everything pages and commands ask of one release.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::figure::{Figure, Observation};
use model::indicator::{Definition, Indicator};
use model::organisation::{History, Node, Organisation, Tree};
use model::plan::Plan;
use model::state::States;
use model::{OrgCode, Year};

use super::disclosure::{self, LEAST_PERSONS};
use super::evaluate::{Cell, Sheet};
use super::frame::Frame;
use super::shared::Shared;
use super::terms::{self, Side, TermSum};
use super::totals::Totals;
use super::years::AllYears;
use crate::release::Release;

/// One release, ready to be asked. Cheap to clone; figures are evaluated when first asked for.
///
/// A new one is the public view on the administrative hierarchy; [`Self::in_full`],
/// [`Self::under_hierarchy`] and [`Self::on_cut`] give others over the same states.
#[derive(Clone, Debug)]
pub struct Published {
    pub(super) shared: Arc<Shared>,
    frame: Arc<Frame>,
    view: View,
}

/// Who looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// Figures of too few persons are withheld.
    Public,
    /// Nothing is withheld: for the holder of a scope, never for a public page or file.
    Full,
}

impl Published {
    /// A release from its parts; `states` by dataset.
    pub fn new(
        plan: Arc<Plan>,
        history: Arc<History>,
        states: BTreeMap<String, States>,
        release: Release,
    ) -> Self {
        let totals = |(name, it): (String, States)| {
            let totals = Arc::new(Totals::new(&plan, &name, &it));
            (name, totals)
        };
        let totals = states.into_iter().map(totals).collect();
        Self::of_totals(plan, history, totals, release, None)
    }

    /// The same, with the totals of `before` for the datasets that `totals` leaves out.
    pub(crate) fn of_totals(
        plan: Arc<Plan>,
        history: Arc<History>,
        mut totals: BTreeMap<String, Arc<Totals>>,
        release: Release,
        before: Option<&Self>,
    ) -> Self {
        for (name, kept) in before.into_iter().flat_map(|it| it.shared.all_totals()) {
            totals.entry(name.clone()).or_insert_with(|| Arc::clone(kept));
        }
        let shared = Shared::new(plan, history, totals, release, LEAST_PERSONS);
        Self { shared: Arc::new(shared), frame: Arc::default(), view: View::Public }
    }

    /// The same release with nothing withheld.
    #[must_use]
    pub fn in_full(&self) -> Self {
        Self { view: View::Full, ..self.clone() }
    }

    /// The same release rolled up along another hierarchy, such as school zones.
    #[must_use]
    pub fn under_hierarchy(&self, hierarchy: &str) -> Self {
        let frame = Frame { hierarchy: hierarchy.to_owned(), cut: self.frame.cut };
        Self { frame: Arc::new(frame), ..self.clone() }
    }

    /// The same release with the boundaries of the end of one year for all years.
    #[must_use]
    pub fn on_cut(&self, cut: Year) -> Self {
        let frame = Frame { hierarchy: self.frame.hierarchy.clone(), cut: Some(cut) };
        Self { frame: Arc::new(frame), ..self.clone() }
    }

    pub fn plan(&self) -> &Plan {
        self.shared.plan()
    }

    pub fn history(&self) -> &History {
        self.shared.history()
    }

    /// The same history, for a release that knows no more of organisations.
    pub(crate) fn known_history(&self) -> Arc<History> {
        self.shared.known_history()
    }

    pub fn release(&self) -> &Release {
        self.shared.release()
    }

    pub fn frame(&self) -> &Frame {
        &self.frame
    }

    pub const fn view(&self) -> View {
        self.view
    }

    /// Fewest persons a public figure below the city may stand for.
    pub fn least_persons(&self) -> u32 {
        self.shared.least_persons()
    }

    /// All years of the plan, the baseline's first.
    pub fn years(&self) -> Vec<Year> {
        self.plan().years().collect()
    }

    /// The last year of the plan that at least half as many datasets report as the best reported
    /// one; the first year when none is reported.
    pub fn latest_year(&self) -> Year {
        let reporting = |year: Year| {
            self.shared
                .all_totals()
                .values()
                .filter(|it| it.years().any(|reported| reported == year))
                .count()
        };
        let most = self.plan().years().map(reporting).max().unwrap_or_default();
        let years = self.plan().years().filter(|it| most > 0 && reporting(*it) * 2 >= most);
        years.max().unwrap_or(self.plan().first_year)
    }

    /// The organisations of a year as they stood on its 31 December.
    pub fn tree(&self, year: Year) -> Arc<Tree> {
        self.shared.shown(&self.frame, year)
    }

    /// An organisation as it was in a year.
    pub fn organisation(&self, code: &OrgCode, year: Year) -> Option<Arc<Organisation>> {
        let tree = self.tree(year);
        let position = tree.position(code)?;
        tree.node(position).map(|it| Arc::clone(&it.organisation))
    }

    /// The whole: the organisation of the plan's first level.
    pub fn whole(&self, year: Year) -> Option<Arc<Organisation>> {
        let tree = self.tree(year);
        let whole = tree.iter().find(|it| self.is_whole(&it.organisation))?;
        Some(Arc::clone(&whole.organisation))
    }

    /// Whether an organisation is of the plan's first level.
    pub fn is_whole(&self, organisation: &Organisation) -> bool {
        self.plan().levels.first().is_some_and(|it| it.code == organisation.level)
    }

    /// Whether an indicator has figures for organisations of a level.
    ///
    /// Levels that the plan does not put below its finest one, such as school zones, have them.
    pub fn is_shown_at(&self, indicator: &Indicator, level: &str) -> bool {
        let plan = self.plan();
        match (plan.depth(level), plan.depth(&indicator.finest_level)) {
            (Some(depth), Some(finest)) => depth <= finest,
            (None, _) | (_, None) => true,
        }
    }

    /// One figure by a definition's version, or by the published one.
    ///
    /// `None` when there is no such indicator, version or organisation in that year, or the
    /// organisation stands below the indicator's finest level.
    pub fn figure(
        &self,
        indicator: &str,
        version: Option<u16>,
        org: &OrgCode,
        year: Year,
    ) -> Option<Figure> {
        let (place, indicator) = self.shared.indicator(indicator)?;
        let definition = version_of(indicator, version)?;
        let sheet = self.sheet(place, indicator, definition, year);
        let position = sheet.tree.position(org)?;
        let cell = self.shown_cell(indicator, &sheet, position)?;
        Some(cell.named(indicator, definition, org, year))
    }

    /// One indicator of every organisation of a level, by code.
    pub fn figures(
        &self,
        indicator: &str,
        version: Option<u16>,
        level: &str,
        year: Year,
    ) -> Vec<(Arc<Organisation>, Figure)> {
        self.figures_within(indicator, version, level, None, year)
    }

    /// As [`Self::figures`], of an organisation and those below it only, if one is named.
    pub(super) fn figures_within(
        &self,
        indicator: &str,
        version: Option<u16>,
        level: &str,
        within: Option<&OrgCode>,
        year: Year,
    ) -> Vec<(Arc<Organisation>, Figure)> {
        let found = self.shared.indicator(indicator);
        let found = found.and_then(|(place, it)| Some((place, it, version_of(it, version)?)));
        let Some((place, indicator, definition)) = found else {
            return Vec::new();
        };
        let sheet = self.sheet(place, indicator, definition, year);
        let above = match within.map(|it| sheet.tree.position(it)) {
            Some(None) => return Vec::new(),
            Some(above) => above,
            None => None,
        };
        let of_level = |(position, node): (usize, &Node)| {
            if node.organisation.level != level || node.is_carried {
                return None;
            }
            // Looked at before anything is evaluated.
            if above.is_some_and(|above| sheet.tree.upward(position).all(|it| it != above)) {
                return None;
            }
            let cell = self.shown_cell(indicator, &sheet, position)?;
            let figure = cell.named(indicator, definition, &node.organisation.code, year);
            Some((Arc::clone(&node.organisation), figure))
        };
        sheet.tree.iter().enumerate().filter_map(of_level).collect()
    }

    /// One indicator of an organisation over all years in which it was there.
    pub fn series(&self, indicator: &str, version: Option<u16>, org: &OrgCode) -> Vec<Figure> {
        let found = self.shared.indicator(indicator);
        let found = found.and_then(|it| Some((it, version_of(it.1, version)?)));
        found.map_or_else(Vec::new, |(it, definition)| {
            AllYears::new(self, it, definition).figures(org)
        })
    }

    /// The same on the boundaries of the end of `cut` in every year.
    pub fn series_on_cut(&self, indicator: &str, org: &OrgCode, cut: Year) -> Vec<Figure> {
        self.on_cut(cut).series(indicator, None, org)
    }

    /// The terms of a figure with every organisation that contributes more than nothing.
    ///
    /// Empty for indicators made of other indicators. The public view withholds here what it
    /// withholds of the figures.
    pub fn terms(
        &self,
        indicator: &str,
        version: Option<u16>,
        org: &OrgCode,
        year: Year,
    ) -> Vec<TermSum> {
        let Some((place, indicator)) = self.shared.indicator(indicator) else {
            return Vec::new();
        };
        let definition = version_of(indicator, version);
        let position = self.tree(year).position(org);
        let (Some(definition), Some(position)) = (definition, position) else {
            return Vec::new();
        };
        let sheet = self.sheet(place, indicator, definition, year);
        let side = |side, terms| move |term| (side, terms, term);
        let above = definition.numerator.as_slice();
        let below = definition.denominator.as_slice();
        let among = terms::Among::of(&self.shared, &self.frame, &sheet.tree, definition, year);
        let numerator = above.iter().map(side(Side::Numerator, above));
        let denominator = below.iter().map(side(Side::Denominator, below));
        numerator
            .chain(denominator)
            .filter_map(|it| {
                terms::contributions(&self.shared, &self.frame, it, &among, year, position)
            })
            .map(|mut sum| {
                if self.view == View::Public {
                    let least = self.least_persons();
                    disclosure::redact(self.plan(), &mut sum, &sheet, position, least);
                }
                // Only now: a withheld one must not be told from one that adds nothing.
                sum.contributions.retain(|it| it.value.is_none_or(|it| !it.is_zero()));
                sum
            })
            .collect()
    }

    pub(super) fn sheet(
        &self,
        place: usize,
        indicator: &Indicator,
        definition: &Definition,
        year: Year,
    ) -> Arc<Sheet> {
        self.shared.sheet(&self.frame, (place, indicator), definition, year, &[])
    }

    /// What may be seen of an organisation, by its position. `None` below the indicator's finest level.
    pub(super) fn shown_cell(
        &self,
        indicator: &Indicator,
        sheet: &Sheet,
        position: usize,
    ) -> Option<Cell> {
        let organisation = &sheet.tree.node(position)?.organisation;
        if !self.is_shown_at(indicator, &organisation.level) {
            return None;
        }
        let cell = sheet.cells.get(position)?;
        let withheld = sheet.withheld.get(position).copied().unwrap_or(false);
        if withheld && self.view == View::Public {
            return Some(Cell::empty(Observation::Suppressed, cell.coverage));
        }
        Some(cell)
    }
}

/// A definition by version; the published one when none is named.
pub(super) fn version_of(indicator: &Indicator, version: Option<u16>) -> Option<&Definition> {
    match version {
        Some(version) => indicator.version(version),
        None => indicator.definition(),
    }
}
