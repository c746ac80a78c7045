//! Indicators: what the plan measures, in one or more versioned definitions.

use crate::exact::Decimal;
use crate::target::{Direction, PlanTarget};
use crate::text::{Bilingual, Place};
use crate::year::Year;

/// One indicator of a plan.
#[derive(Clone, Debug)]
pub struct Indicator {
    /// Unique in a plan, such as `IND-01`.
    pub code: String,
    /// Place in the plan's table, from 1.
    pub number: u16,
    /// Code of its group.
    pub group: String,
    pub name: Bilingual,
    pub unit: Bilingual,
    /// Digits after the point that are published.
    pub decimals: u8,
    pub binding: bool,
    pub direction: Direction,
    /// Lowest level that figures are shown for, such as `district`.
    pub finest_level: String,
    pub clauses: Vec<String>,
    pub baseline: Option<Baseline>,
    /// The first is the one of the plan's table; others stand beside it where the plan says two things.
    pub targets: Vec<PlanTarget>,
    /// Every definition that ever held or holds, by version. The first is the published one unless
    /// `published` names another.
    pub definitions: Vec<Definition>,
    /// Version of the definition that is published.
    pub published: u16,
    pub place: Place,
}

impl Indicator {
    /// The definition that is published.
    pub fn definition(&self) -> Option<&Definition> {
        self.version(self.published)
    }

    pub fn version(&self, version: u16) -> Option<&Definition> {
        self.definitions.iter().find(|it| it.version == version)
    }

    /// The target of the plan's own table.
    pub fn target(&self) -> Option<&PlanTarget> {
        self.targets.first()
    }
}

/// Where an indicator stood when the plan began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Baseline {
    pub year: Year,
    pub value: Decimal,
    /// As the document prints it.
    pub printed: String,
}

/// One way of computing an indicator.
#[derive(Clone, Debug)]
pub struct Definition {
    pub version: u16,
    pub label: Bilingual,
    pub kind: Kind,
    pub numerator: Vec<Term>,
    pub denominator: Vec<Term>,
    /// Takes organisations of which both sides are known only: a school that reported its pupils and not its rooms
    /// would count as one without rooms.
    pub paired: bool,
    /// Whom it means of those that owe its datasets: others are not expected to report for it.
    pub expected: OrgFilter,
    /// Standard or document, and clause, the formula is taken from.
    pub source: Bilingual,
    pub note: Bilingual,
    pub place: Place,
}

/// How a figure comes from its numerator and denominator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Numerator of denominator, in percent. City value = sum / sum, never a mean of districts.
    Share,
    /// Numerator / denominator.
    Ratio,
    /// Numerator per so many of the denominator.
    Rate { per: i64 },
    /// Sum / count; the same arithmetic as a ratio, worded for readers.
    Mean,
    /// The numerator itself.
    Count,
    /// Share of a cohort that is still there, corrected for transfers; terms look years back.
    Cohort,
    /// Variation coefficient S / X of numerator / denominator between the units of a level.
    ///
    /// Weighted: X = Σx/ΣP, S = √Σ(Pᵢ/P)(Xᵢ−X)². Plain: population standard deviation of the
    /// ratios over their mean. Units whose denominator is below `least` are left out of both.
    Dispersion { level: String, weighted: bool, least: Decimal },
    /// Units of a level that pass, in percent of the units.
    Units { level: String },
    /// Units of a level of which at least `need` of the conditions hold, in percent of those judged.
    ///
    /// With `others_reach`, each failed condition must still reach that share of its limit.
    PassCount {
        level: String,
        conditions: Vec<Condition>,
        need: usize,
        others_reach: Option<Decimal>,
    },
    /// Weighted mean of other indicators of the same organisation.
    Composite { parts: Vec<Part> },
}

impl Kind {
    /// What the quotient is multiplied by.
    pub const fn factor(&self) -> i64 {
        match self {
            Self::Share | Self::Cohort | Self::Units { .. } | Self::PassCount { .. } => 100,
            Self::Rate { per } => *per,
            Self::Ratio
            | Self::Mean
            | Self::Count
            | Self::Dispersion { .. }
            | Self::Composite { .. } => 1,
        }
    }

    /// The word used in plan folders.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Share => "share",
            Self::Ratio => "ratio",
            Self::Rate { .. } => "rate",
            Self::Mean => "mean",
            Self::Count => "count",
            Self::Cohort => "cohort",
            Self::Dispersion { .. } => "dispersion",
            Self::Units { .. } => "units",
            Self::PassCount { .. } => "pass_count",
            Self::Composite { .. } => "composite",
        }
    }
}

/// A condition on another indicator's figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    pub indicator: String,
    /// The figure must be at least this (or at most, when lower is better).
    pub limit: Decimal,
    pub at_most: bool,
}

/// One part of a composite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub indicator: String,
    pub weight: Decimal,
}

/// One summand of a numerator or denominator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    pub measure: String,
    pub times: i64,
    /// Takes the measure of that many years before.
    pub years_before: u16,
    /// Takes the measures of organisations that meet this only.
    pub organisations: OrgFilter,
    /// Takes the states with these values of a dimension only: (dimension, values).
    pub dimensions: Vec<(String, Vec<String>)>,
}

/// Which organisations count, by what they were in the year of the measure. Empty lists ask nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrgFilter {
    pub kinds: Vec<String>,
    pub founders: Vec<String>,
    pub stages: Vec<String>,
    pub area_classes: Vec<String>,
}

impl OrgFilter {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
