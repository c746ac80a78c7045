//! All that was ever recorded about organisations.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use super::{
    ADMINISTRATIVE, Event, Known, Membership, OrgCode, Organisation, Recorded, Tree, holds,
};

mod cut;

/// Every version of every organisation and membership, and the events between them.
///
/// The order in which facts were handed in leaves no trace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    organisations: BTreeMap<OrgCode, Vec<Recorded<Arc<Organisation>>>>,
    memberships: BTreeMap<String, BTreeMap<OrgCode, Vec<Recorded<Membership>>>>,
    events: Vec<Recorded<Event>>,
}

impl History {
    pub fn new(
        organisations: Vec<Recorded<Organisation>>,
        memberships: Vec<Recorded<Membership>>,
        mut events: Vec<Recorded<Event>>,
    ) -> Self {
        let mut history = Self::default();
        for Recorded { what, recorded_at, superseded_at } in organisations {
            let versions = history.organisations.entry(what.code.clone()).or_default();
            versions.push(Recorded { what: Arc::new(what), recorded_at, superseded_at });
        }
        for it in memberships {
            let (hierarchy, child) = (it.what.hierarchy.clone(), it.what.child.clone());
            let children = history.memberships.entry(hierarchy).or_default();
            children.entry(child).or_default().push(it);
        }
        for versions in history.organisations.values_mut() {
            versions.sort_by(|a, b| {
                let begin = |it: &Recorded<Arc<Organisation>>| (it.what.valid_from, it.recorded_at);
                begin(a).cmp(&begin(b)).then_with(|| a.cmp(b))
            });
        }
        for versions in history.memberships.values_mut().flat_map(BTreeMap::values_mut) {
            versions.sort_by(|a, b| {
                let begin = |it: &Recorded<Membership>| (it.what.valid_from, it.recorded_at);
                begin(a).cmp(&begin(b)).then_with(|| a.cmp(b))
            });
        }
        events.sort();
        history.events = events;
        history
    }

    pub fn is_empty(&self) -> bool {
        self.organisations.is_empty()
    }

    /// Events known at an instant, by day.
    pub fn events(&self, known_at: Timestamp) -> impl Iterator<Item = &Event> {
        self.events.iter().filter(move |it| it.is_known(known_at)).map(|it| &it.what)
    }

    /// All hierarchies that any organisation was ever in, by name.
    pub fn hierarchies(&self) -> Vec<&str> {
        self.memberships.keys().map(String::as_str).collect()
    }

    /// Codes of all organisations ever recorded.
    pub fn codes(&self) -> impl Iterator<Item = &OrgCode> {
        self.organisations.keys()
    }

    /// The organisations that were there on a day, as known at an instant.
    pub fn on(&self, day: Date, known_at: Timestamp) -> Known {
        self.standing(day, known_at)
            .map(|(code, organisation)| (code.clone(), Arc::clone(organisation)))
            .collect()
    }

    /// A hierarchy as it stood on a day, as known at an instant.
    ///
    /// A hierarchy other than the administrative one refines it: what has no parent in the
    /// hierarchy keeps its administrative parent, so that every hierarchy adds up to the same whole.
    pub fn tree(&self, hierarchy: &str, day: Date, known_at: Timestamp) -> Tree {
        let mut tree = Tree::bare(self.on(day, known_at));
        for links in self.links(hierarchy) {
            for (child, versions) in links {
                let held = |it: &&Recorded<Membership>| {
                    it.is_known(known_at) && holds(it.what.valid_from, it.what.valid_to, day)
                };
                let Some(held) = versions.iter().rev().find(held) else { continue };
                let Some(child) = tree.position(child) else { continue };
                if let Some(parent) = tree.position(&held.what.parent) {
                    tree.put(child, parent);
                }
            }
        }
        tree.fill_children();
        tree
    }

    /// All versions of one organisation known at an instant, by the day they begin.
    pub fn versions(
        &self,
        code: &OrgCode,
        known_at: Timestamp,
    ) -> impl Iterator<Item = &Organisation> {
        self.records(code).iter().filter(move |it| it.is_known(known_at)).map(|it| &*it.what)
    }

    /// All that was ever recorded of one organisation, superseded or not, by the day it begins.
    pub fn records(&self, code: &OrgCode) -> &[Recorded<Arc<Organisation>>] {
        self.organisations.get(code).map_or(&[], Vec::as_slice)
    }

    /// All memberships of one organisation known at an instant, by hierarchy and the day they begin.
    pub fn memberships(
        &self,
        code: &OrgCode,
        known_at: Timestamp,
    ) -> impl Iterator<Item = &Membership> {
        self.memberships
            .values()
            .filter_map(move |children| children.get(code))
            .flatten()
            .filter(move |it| it.is_known(known_at))
            .map(|it| &it.what)
    }

    /// All memberships known at an instant, by hierarchy, child and the day they begin.
    pub fn all_memberships(&self, known_at: Timestamp) -> impl Iterator<Item = &Membership> {
        self.memberships
            .values()
            .flat_map(BTreeMap::values)
            .flatten()
            .filter(move |it| it.is_known(known_at))
            .map(|it| &it.what)
    }

    /// The days on which anything began or ended, as known at an instant: between two of them nothing changes.
    pub fn turning_days(&self, known_at: Timestamp) -> BTreeSet<Date> {
        let versions = self.organisations.values().flatten().filter(|it| it.is_known(known_at));
        let periods = versions.map(|it| (it.what.valid_from, it.what.valid_to));
        let memberships = self.all_memberships(known_at).map(|it| (it.valid_from, it.valid_to));
        periods.chain(memberships).flat_map(|(from, to)| std::iter::once(from).chain(to)).collect()
    }

    /// By code: the version of each organisation that holds on a day.
    fn standing(
        &self,
        day: Date,
        known_at: Timestamp,
    ) -> impl Iterator<Item = (&OrgCode, &Arc<Organisation>)> {
        self.organisations.iter().filter_map(move |(code, versions)| {
            let mut latest_first = versions.iter().rev();
            let version = latest_first.find(|it| {
                it.is_known(known_at) && holds(it.what.valid_from, it.what.valid_to, day)
            })?;
            Some((code, &version.what))
        })
    }

    /// The links of a hierarchy, then those of the administrative one as its ground.
    fn links(
        &self,
        hierarchy: &str,
    ) -> impl Iterator<Item = &BTreeMap<OrgCode, Vec<Recorded<Membership>>>> {
        let ground = (hierarchy != ADMINISTRATIVE).then_some(ADMINISTRATIVE);
        let names = std::iter::once(hierarchy).chain(ground);
        names.filter_map(|name| self.memberships.get(name))
    }
}
