//! Organisations in time: what was true then, and what was known then.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::text::Bilingual;

mod history;
mod tree;

pub use self::history::History;
pub use self::tree::{Node, Tree};

/// Code of an organisation: a 10-digit school code, a six-digit division code (GB/T 2260), or
/// whatever a city uses. Cheap to clone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrgCode(Arc<str>);

/// The text cannot be a code of an organisation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no code of an organisation: 1 to 32 letters, digits, `-`, `_` or `.`")]
pub struct OrgCodeError(pub String);

impl OrgCode {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Sorts before every code.
    pub fn least() -> Self {
        Self(Arc::from(""))
    }
}

impl FromStr for OrgCode {
    type Err = OrgCodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = |it: char| it.is_alphanumeric() || matches!(it, '-' | '_' | '.');
        let sound = !text.is_empty() && text.chars().count() <= 32 && text.chars().all(plain);
        // A code becomes part of an address and of a file's path.
        if sound && !text.starts_with('.') {
            Ok(Self(Arc::from(text)))
        } else {
            Err(OrgCodeError(text.chars().take(40).collect()))
        }
    }
}

impl fmt::Display for OrgCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for OrgCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", &*self.0)
    }
}

/// What an organisation was from one day to another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Organisation {
    pub code: OrgCode,
    pub name: Bilingual,
    /// Level in the plan's own words, such as `city`, `district`, `school`.
    pub level: String,
    /// Kind, such as `kindergarten`, `primary`, `nine_year`, `vocational`, `university`; empty above schools.
    pub kind: String,
    /// Founder type, such as `education_department` or `private`; empty where unknown.
    pub founder: String,
    /// Stages taught, such as `primary` and `junior`.
    pub stages: Vec<String>,
    /// `urban`, `town` or `rural`; empty where unknown.
    pub area_class: String,
    pub valid_from: Date,
    /// First day it no longer held.
    pub valid_to: Option<Date>,
}

/// A child of a parent in one hierarchy, from one day to another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Membership {
    /// `administrative`, or another hierarchy of the city, such as `school-zone` or `functional-area`.
    pub hierarchy: String,
    pub child: OrgCode,
    pub parent: OrgCode,
    pub valid_from: Date,
    /// First day it no longer held.
    pub valid_to: Option<Date>,
}

/// Something with the time of knowledge: since when it was recorded, and until when it was believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Recorded<T> {
    pub what: T,
    pub recorded_at: Timestamp,
    /// When a later record took this one's place.
    pub superseded_at: Option<Timestamp>,
}

impl<T> Recorded<T> {
    /// Recorded at an instant and believed ever since.
    pub const fn new(what: T, recorded_at: Timestamp) -> Self {
        Self { what, recorded_at, superseded_at: None }
    }

    /// Whether this was what one knew at an instant.
    pub fn is_known(&self, at: Timestamp) -> bool {
        self.recorded_at <= at && self.superseded_at.is_none_or(|it| at < it)
    }
}

/// Whether a period that begins on `from` and ends before `to` holds on a day.
pub fn holds(from: Date, to: Option<Date>, on: Date) -> bool {
    from <= on && to.is_none_or(|it| on < it)
}

/// The hierarchy every city has: city, district, school.
pub const ADMINISTRATIVE: &str = "administrative";

/// Something that happened to organisations.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Event {
    pub on: Date,
    pub kind: EventKind,
    pub from: Vec<OrgCode>,
    pub to: Vec<OrgCode>,
    pub note: Bilingual,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EventKind {
    /// `from` went into `to`, which may be one of them.
    Merger,
    /// `from` became several `to`.
    Split,
    /// `from` moved: `to` holds the old and the new parent.
    Move,
    /// A boundary was redrawn: `from` holds the giving and the receiving district, `to` what changed parent.
    BoundaryChange,
    /// `to` opened.
    Opening,
    /// `from` closed.
    Closure,
    /// `from` bears a new name.
    Rename,
}

impl EventKind {
    pub const ALL: [Self; 7] = [
        Self::Merger,
        Self::Split,
        Self::Move,
        Self::BoundaryChange,
        Self::Opening,
        Self::Closure,
        Self::Rename,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Merger => "merger",
            Self::Split => "split",
            Self::Move => "move",
            Self::BoundaryChange => "boundary_change",
            Self::Opening => "opening",
            Self::Closure => "closure",
            Self::Rename => "rename",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == text)
    }
}

/// Which organisations a row may name, by the year's reference date.
pub type Known = BTreeMap<OrgCode, Arc<Organisation>>;

#[cfg(test)]
mod tests;
