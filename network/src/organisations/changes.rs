//! What is to be recorded.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use model::OrgCode;
use model::organisation::{Event, History, Membership, Organisation, Recorded};

use super::NetworkError;
use super::draft::Draft;

/// What is said of organisations: for each one named, all of it.
///
/// An organisation with a version here has these versions and no others; a child with a membership here is, in that
/// hierarchy, in these memberships and no others. Organisations, and children in a hierarchy, that are not named stay
/// as they are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    pub(super) versions: BTreeMap<OrgCode, Vec<Organisation>>,
    pub(super) memberships: BTreeMap<(String, OrgCode), Vec<Membership>>,
    pub(super) events: Vec<Event>,
}

impl Changes {
    /// Says the same in one go.
    pub fn of(
        versions: impl IntoIterator<Item = Organisation>,
        memberships: impl IntoIterator<Item = Membership>,
        events: impl IntoIterator<Item = Event>,
    ) -> Self {
        let mut changes = Self::default();
        versions.into_iter().for_each(|it| changes.add_version(it));
        memberships.into_iter().for_each(|it| changes.add_membership(it));
        events.into_iter().for_each(|it| changes.add_event(it));
        changes
    }

    pub fn add_version(&mut self, version: Organisation) {
        self.versions.entry(version.code.clone()).or_default().push(version);
    }

    pub fn add_membership(&mut self, membership: Membership) {
        let key = (membership.hierarchy.clone(), membership.child.clone());
        self.memberships.entry(key).or_default().push(membership);
    }

    /// Says that a child is in a hierarchy only as far as memberships are added for it.
    pub fn name_child(&mut self, hierarchy: &str, child: &OrgCode) {
        self.memberships.entry((hierarchy.to_owned(), child.clone())).or_default();
    }

    pub fn add_event(&mut self, event: Event) {
        self.events.push(event);
    }

    pub fn is_empty(&self) -> bool {
        self.versions.is_empty() && self.memberships.is_empty() && self.events.is_empty()
    }

    /// What would be known after these changes: to look at it before recording it.
    pub fn preview(&self, known: &History, known_at: Timestamp) -> History {
        let mut draft = Draft::of(known, known_at);
        draft.take_in(self);
        draft.into_history(known.events(known_at).chain(&self.events), known_at)
    }

    /// The same in the one way it is kept: by the day it begins, and periods that meet and say the same joined.
    pub(super) fn canonical(&self) -> Result<Self, NetworkError> {
        let mut canonical = Self::default();
        for (code, versions) in &self.versions {
            let joined = joined(versions, code)?;
            if let Some(on) = overlap(&joined) {
                return Err(NetworkError::TwoVersions { code: code.clone(), on });
            }
            canonical.versions.insert(code.clone(), joined);
        }
        for (key, memberships) in &self.memberships {
            let (hierarchy, child) = key;
            let joined = joined(memberships, child)?;
            if let Some(on) = overlap(&joined) {
                let (hierarchy, child) = (hierarchy.clone(), child.clone());
                return Err(NetworkError::TwoParents { hierarchy, child, on });
            }
            if joined.iter().any(|it| it.parent == *child) {
                return Err(NetworkError::OwnParent { code: child.clone() });
            }
            canonical.memberships.insert(key.clone(), joined);
        }
        canonical.events.clone_from(&self.events);
        canonical.events.sort();
        canonical.events.dedup();
        Ok(canonical)
    }
}

/// Something that holds from one day to another.
pub(super) trait Period: Clone + Ord {
    fn valid_from(&self) -> Date;
    fn valid_to(&self) -> Option<Date>;
    fn set_valid_from(&mut self, day: Date);
    fn set_valid_to(&mut self, day: Option<Date>);

    /// Whether both say the same, each of its own time.
    fn says_the_same(&self, other: &Self) -> bool {
        let mut other = other.clone();
        other.set_valid_from(self.valid_from());
        other.set_valid_to(self.valid_to());
        *self == other
    }
}

macro_rules! period {
    ($type:ty) => {
        impl Period for $type {
            fn valid_from(&self) -> Date {
                self.valid_from
            }

            fn valid_to(&self) -> Option<Date> {
                self.valid_to
            }

            fn set_valid_from(&mut self, day: Date) {
                self.valid_from = day;
            }

            fn set_valid_to(&mut self, day: Option<Date>) {
                self.valid_to = day;
            }
        }
    };
}

period!(Organisation);
period!(Membership);

fn joined<T: Period>(periods: &[T], code: &OrgCode) -> Result<Vec<T>, NetworkError> {
    if let Some(it) =
        periods.iter().find(|it| it.valid_to().is_some_and(|to| to <= it.valid_from()))
    {
        return Err(NetworkError::EmptyPeriod { code: code.clone(), on: it.valid_from() });
    }
    let mut sorted = periods.to_vec();
    sorted.sort_by(|a, b| a.valid_from().cmp(&b.valid_from()).then_with(|| a.cmp(b)));
    sorted.dedup();
    let mut joined: Vec<T> = Vec::with_capacity(sorted.len());
    for it in sorted {
        match joined.last_mut() {
            Some(last) if last.valid_to() == Some(it.valid_from()) && last.says_the_same(&it) => {
                last.set_valid_to(it.valid_to());
            }
            _ => joined.push(it),
        }
    }
    Ok(joined)
}

/// The first day on which two of them hold; they stand by the day they begin.
fn overlap<T: Period>(periods: &[T]) -> Option<Date> {
    let mut pairs = periods.iter().zip(periods.iter().skip(1));
    let found = pairs.find(|(one, next)| one.valid_to().is_none_or(|to| next.valid_from() < to));
    found.map(|(_, next)| next.valid_from())
}

/// Wraps each in the instant it is known from.
pub(super) fn recorded<T: Clone>(what: &T, at: Timestamp) -> Recorded<T> {
    Recorded::new(what.clone(), at)
}
