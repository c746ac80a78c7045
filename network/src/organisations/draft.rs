//! What is known, laid out to be worked on.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use model::OrgCode;
use model::organisation::{Event, History, Membership, Organisation, holds};

use super::changes::{Changes, Period, recorded};

/// A hierarchy and a child in it.
pub(super) type Place = (String, OrgCode);

/// What is known of organisations at one instant, with changes laid over it and a note of what they touched.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    versions: BTreeMap<OrgCode, Vec<Organisation>>,
    memberships: BTreeMap<Place, Vec<Membership>>,
    touched_versions: BTreeSet<OrgCode>,
    touched_memberships: BTreeSet<Place>,
}

impl Draft {
    pub(super) fn of(known: &History, known_at: Timestamp) -> Self {
        let mut draft = Self::default();
        for code in known.codes() {
            let versions: Vec<_> = known.versions(code, known_at).cloned().collect();
            if !versions.is_empty() {
                draft.versions.insert(code.clone(), versions);
            }
        }
        for it in known.all_memberships(known_at) {
            let place = (it.hierarchy.clone(), it.child.clone());
            draft.memberships.entry(place).or_default().push(it.clone());
        }
        draft
    }

    /// Puts what `changes` say of each organisation they name in the place of what was there.
    pub(super) fn take_in(&mut self, changes: &Changes) {
        for (code, versions) in &changes.versions {
            self.versions.insert(code.clone(), versions.clone());
            self.touched_versions.insert(code.clone());
        }
        for (place, memberships) in &changes.memberships {
            self.memberships.insert(place.clone(), memberships.clone());
            self.touched_memberships.insert(place.clone());
        }
    }

    /// All that was touched, said in full.
    pub(super) fn changes(&self, events: Vec<Event>) -> Changes {
        let versions = self.touched_versions.iter();
        let versions = versions.map(|it| (it.clone(), self.versions_of(it).to_vec())).collect();
        let places = self.touched_memberships.iter();
        let memberships = places
            .map(|it| (it.clone(), self.memberships.get(it).cloned().unwrap_or_default()))
            .collect();
        Changes { versions, memberships, events }
    }

    pub(super) fn into_history<'a>(
        self,
        events: impl Iterator<Item = &'a Event>,
        known_at: Timestamp,
    ) -> History {
        let events: BTreeSet<&Event> = events.collect();
        History::new(
            self.versions.values().flatten().map(|it| recorded(it, known_at)).collect(),
            self.memberships.values().flatten().map(|it| recorded(it, known_at)).collect(),
            events.into_iter().map(|it| recorded(it, known_at)).collect(),
        )
    }

    pub(super) fn versions_of(&self, code: &OrgCode) -> &[Organisation] {
        self.versions.get(code).map_or(&[], Vec::as_slice)
    }

    pub(super) fn stands_on(&self, code: &OrgCode, day: Date) -> bool {
        self.versions_of(code).iter().any(|it| holds(it.valid_from, it.valid_to, day))
    }

    /// The parent of a child in a hierarchy on a day.
    pub(super) fn parent_on(&self, place: &Place, day: Date) -> Option<&OrgCode> {
        let memberships = self.memberships.get(place)?;
        memberships.iter().find(|it| holds(it.valid_from, it.valid_to, day)).map(|it| &it.parent)
    }

    /// The hierarchies that a child is in, ever.
    pub(super) fn places_of(&self, child: &OrgCode) -> Vec<Place> {
        self.memberships.keys().filter(|(_, it)| it == child).cloned().collect()
    }

    /// The children of a parent on a day, in every hierarchy, as far as they stand on it.
    pub(super) fn children_on(&self, parent: &OrgCode, day: Date) -> Vec<Place> {
        let all = self.memberships.keys();
        all.filter(|it| self.parent_on(it, day) == Some(parent) && self.stands_on(&it.1, day))
            .cloned()
            .collect()
    }

    /// Ends an organisation, and its memberships, on the day before `day`.
    pub(super) fn end(&mut self, code: &OrgCode, day: Date) {
        if let Some(versions) = self.versions.get_mut(code) {
            cut(versions, day);
            self.touched_versions.insert(code.clone());
        }
        for place in self.places_of(code) {
            if let Some(memberships) = self.memberships.get_mut(&place) {
                cut(memberships, day);
                self.touched_memberships.insert(place);
            }
        }
    }

    /// From `day` on, what was under its parent of that day is under another, for as long as it was.
    pub(super) fn put_under(&mut self, place: &Place, parent: &OrgCode, day: Date) {
        let Some(memberships) = self.memberships.get_mut(place) else { return };
        let mut changed = Vec::with_capacity(memberships.len() + 1);
        for it in memberships.drain(..) {
            if !holds(it.valid_from, it.valid_to, day) {
                changed.push(it);
                continue;
            }
            changed.push(Membership { parent: parent.clone(), valid_from: day, ..it.clone() });
            if it.valid_from < day {
                changed.push(Membership { valid_to: Some(day), ..it });
            }
        }
        changed.sort_by_key(|it| it.valid_from);
        *memberships = changed;
        self.touched_memberships.insert(place.clone());
    }
}

/// Keeps of each period what lies before a day.
fn cut<T: Period>(periods: &mut Vec<T>, day: Date) {
    periods.retain(|it| it.valid_from() < day);
    for it in periods {
        if it.valid_to().is_none_or(|to| day < to) {
            it.set_valid_to(Some(day));
        }
    }
}
