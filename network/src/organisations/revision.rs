//! The difference between what is known and what is said.

use std::collections::{BTreeMap, BTreeSet};

use model::organisation::{Event, Membership, Organisation};

use super::Recording;
use super::changes::Changes;
use super::rows::{EventKey, Rows};

/// What has to be written so that what is said becomes what is known.
#[derive(Debug, Default)]
pub(super) struct Revision<'a> {
    pub(super) old_versions: Vec<&'a Organisation>,
    pub(super) new_versions: Vec<&'a Organisation>,
    pub(super) old_memberships: Vec<&'a Membership>,
    pub(super) new_memberships: Vec<&'a Membership>,
    pub(super) old_events: Vec<EventKey>,
    pub(super) new_events: Vec<&'a Event>,
}

impl<'a> Revision<'a> {
    pub(super) fn new(known: &'a Rows, said: &'a Changes) -> Self {
        let mut revision = Self::default();

        let known_versions: BTreeSet<&Organisation> = known
            .versions
            .iter()
            .filter(|it| it.superseded_at.is_none() && said.versions.contains_key(&it.what.code))
            .map(|it| &it.what)
            .collect();
        let said_versions: BTreeSet<&Organisation> = said.versions.values().flatten().collect();
        revision.old_versions.extend(known_versions.difference(&said_versions));
        revision.new_versions.extend(said_versions.difference(&known_versions));

        let known_memberships: BTreeSet<&Membership> = known
            .memberships
            .iter()
            .filter(|it| it.superseded_at.is_none())
            .map(|it| &it.what)
            .filter(|it| said.memberships.contains_key(&(it.hierarchy.clone(), it.child.clone())))
            .collect();
        let said_memberships: BTreeSet<&Membership> = said.memberships.values().flatten().collect();
        revision.old_memberships.extend(known_memberships.difference(&said_memberships));
        revision.new_memberships.extend(said_memberships.difference(&known_memberships));

        revision.compare_events(known, said);
        revision
    }

    /// The same happening with another note takes the place of the one that is known.
    fn compare_events(&mut self, known: &'a Rows, said: &'a Changes) {
        let happening = |it: &Event| (it.on, it.kind, it.from.clone(), it.to.clone());
        let current = known.events.iter().filter(|(_, it)| it.superseded_at.is_none());
        let current: BTreeMap<_, _> =
            current.map(|(key, it)| (happening(&it.what), (*key, &it.what))).collect();
        for event in &said.events {
            match current.get(&happening(event)) {
                Some((_, known)) if *known == event => {}
                Some((key, _)) => {
                    self.old_events.push(*key);
                    self.new_events.push(event);
                }
                None => self.new_events.push(event),
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.summary().is_empty() && self.old_events.is_empty()
    }

    pub(super) fn summary(&self) -> Recording {
        Recording {
            added: self.new_versions.len() + self.new_memberships.len(),
            superseded: self.old_versions.len() + self.old_memberships.len(),
            events: self.new_events.len(),
        }
    }
}
