//! Figures: an indicator evaluated for one organisation and year, with what it was made of.

use std::fmt;

use crate::exact::Decimal;
use crate::organisation::OrgCode;
use crate::year::Year;

/// One figure. It always carries its parts: a share without its whole is not shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    pub indicator: String,
    /// Version of the definition.
    pub version: u16,
    pub org: OrgCode,
    pub year: Year,
    /// Rounded as published; `None` when it cannot be told.
    pub value: Option<Decimal>,
    pub numerator: Option<Decimal>,
    pub denominator: Option<Decimal>,
    pub coverage: Coverage,
    pub observation: Observation,
}

/// Units that reported, of units that should have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    pub reported: u32,
    pub expected: u32,
}

impl Coverage {
    /// Under 95 % a figure is marked partial. Nothing expected is nothing missing.
    pub fn is_complete(self) -> bool {
        u64::from(self.reported) * 100 >= u64::from(self.expected) * 95
    }
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.reported, self.expected)
    }
}

/// Standing of an observation, after the UIS qualifiers (reported, partial, nil, not applicable).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Observation {
    /// All or nearly all expected units reported.
    Reported,
    /// Under 95 % of the expected units reported.
    Partial,
    /// No unit reported, or a part is missing.
    Missing,
    /// The whole is zero: there is nothing to take a share of.
    NotApplicable,
    /// Known, and withheld because too few persons stand behind it.
    Suppressed,
}

impl Observation {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reported => "reported",
            Self::Partial => "partial",
            Self::Missing => "missing",
            Self::NotApplicable => "not_applicable",
            Self::Suppressed => "suppressed",
        }
    }
}
