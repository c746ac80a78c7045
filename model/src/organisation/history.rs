//! All that was ever recorded about organisations.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Event, Known, Membership, OrgCode, Organisation, Tree};

/// Every version of every organisation and membership, and the events between them.
#[derive(Clone, Debug, Default)]
pub struct History {
    organisations: BTreeMap<OrgCode, Vec<Arc<Organisation>>>,
    memberships: BTreeMap<OrgCode, Vec<Membership>>,
    events: Vec<Event>,
}

/// Whether a record was the current one at an instant.
fn known(recorded: Timestamp, superseded: Option<Timestamp>, at: Timestamp) -> bool {
    recorded <= at && superseded.is_none_or(|it| at < it)
}

/// Whether a period holds on a day.
fn holds(from: Date, to: Option<Date>, on: Date) -> bool {
    from <= on && to.is_none_or(|it| on < it)
}

impl History {
    pub fn new(
        organisations: Vec<Organisation>,
        memberships: Vec<Membership>,
        mut events: Vec<Event>,
    ) -> Self {
        let mut history = Self::default();
        for it in organisations {
            history.organisations.entry(it.code.clone()).or_default().push(Arc::new(it));
        }
        for it in memberships {
            history.memberships.entry(it.child.clone()).or_default().push(it);
        }
        for versions in history.organisations.values_mut() {
            versions.sort_by_key(|it| (it.valid_from, it.recorded_at));
        }
        for versions in history.memberships.values_mut() {
            versions.sort_by_key(|it| (it.valid_from, it.recorded_at));
        }
        events.sort_by_key(|it| (it.on, it.recorded_at));
        history.events = events;
        history
    }

    pub fn is_empty(&self) -> bool {
        self.organisations.is_empty()
    }

    /// Events known at an instant, by day.
    pub fn events(&self, known_at: Timestamp) -> impl Iterator<Item = &Event> {
        self.events.iter().filter(move |it| it.recorded_at <= known_at)
    }

    /// All hierarchies that any organisation was ever in, by name.
    pub fn hierarchies(&self) -> Vec<&str> {
        let mut names: Vec<&str> =
            self.memberships.values().flatten().map(|it| it.hierarchy.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The organisations that were there on a day, as known at an instant.
    pub fn on(&self, day: Date, known_at: Timestamp) -> Known {
        let version = |versions: &Vec<Arc<Organisation>>| {
            versions
                .iter()
                .rev()
                .find(|it| {
                    known(it.recorded_at, it.superseded_at, known_at)
                        && holds(it.valid_from, it.valid_to, day)
                })
                .map(Arc::clone)
        };
        self.organisations
            .iter()
            .filter_map(|(code, versions)| Some((code.clone(), version(versions)?)))
            .collect()
    }

    /// A hierarchy as it stood on a day, as known at an instant.
    pub fn tree(&self, hierarchy: &str, day: Date, known_at: Timestamp) -> Tree {
        let parents = self.parents(hierarchy, known_at, |from, to| holds(from, to, day));
        Tree::new(self.on(day, known_at), &parents)
    }

    /// The organisations of one day under the hierarchy of another: a series on the old or new cut.
    ///
    /// An organisation that had no parent on the day of the cut keeps the parent whose time is
    /// nearest to it: one opened later its first parent, one closed before its last.
    pub fn tree_on_cut(
        &self,
        hierarchy: &str,
        day: Date,
        cut: Date,
        known_at: Timestamp,
    ) -> Tree {
        let mut organisations = self.on(day, known_at);
        for (code, organisation) in self.on(cut, known_at) {
            // Districts of the cut stand even where the year did not know them.
            if organisation.kind.is_empty() {
                organisations.entry(code).or_insert(organisation);
            }
        }
        let distance = |from: Date, to: Option<Date>| {
            if holds(from, to, cut) {
                0
            } else if cut < from {
                days(cut, from)
            } else {
                to.map_or(0, |it| days(it, cut) + 1)
            }
        };
        let mut parents = BTreeMap::new();
        for (child, versions) in &self.memberships {
            let nearest = versions
                .iter()
                .filter(|it| it.hierarchy == hierarchy)
                .filter(|it| known(it.recorded_at, it.superseded_at, known_at))
                .min_by_key(|it| distance(it.valid_from, it.valid_to));
            if let Some(nearest) = nearest {
                parents.insert(child.clone(), nearest.parent.clone());
            }
        }
        Tree::new(organisations, &parents)
    }

    /// All versions of one organisation known at an instant, by the day they begin.
    pub fn versions(
        &self,
        code: &OrgCode,
        known_at: Timestamp,
    ) -> impl Iterator<Item = &Organisation> {
        self.organisations
            .get(code)
            .into_iter()
            .flatten()
            .filter(move |it| known(it.recorded_at, it.superseded_at, known_at))
            .map(|it| &**it)
    }

    /// All memberships of one organisation known at an instant.
    pub fn memberships(
        &self,
        code: &OrgCode,
        known_at: Timestamp,
    ) -> impl Iterator<Item = &Membership> {
        self.memberships
            .get(code)
            .into_iter()
            .flatten()
            .filter(move |it| known(it.recorded_at, it.superseded_at, known_at))
    }

    fn parents(
        &self,
        hierarchy: &str,
        known_at: Timestamp,
        held: impl Fn(Date, Option<Date>) -> bool,
    ) -> BTreeMap<OrgCode, OrgCode> {
        self.memberships
            .iter()
            .filter_map(|(child, versions)| {
                let version = versions.iter().rev().find(|it| {
                    it.hierarchy == hierarchy
                        && known(it.recorded_at, it.superseded_at, known_at)
                        && held(it.valid_from, it.valid_to)
                })?;
                Some((child.clone(), version.parent.clone()))
            })
            .collect()
    }
}

fn days(from: Date, to: Date) -> i32 {
    from.until(to).map_or(i32::MAX, |span| span.get_days())
}
