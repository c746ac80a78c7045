//! Which versions of everything make one release.

use std::collections::BTreeMap;

use jiff::Timestamp;

/// What was published together: definitions, facts and organisations, each in one version.
///
/// Immutable. Evaluated again, on any machine, it gives the same figures byte for byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// When it was recorded and what is in it, such as `20250901T080000-3f2a9c01`.
    pub id: String,
    /// Hash of the plan folder, see [`model::plan::Plan::version`].
    pub plan_version: String,
    /// Version of each dataset's table. A dataset that had no table yet is left out.
    pub tables: BTreeMap<String, u64>,
    /// Organisations are read as they were known at this instant.
    pub known_at: Timestamp,
    pub recorded_at: Timestamp,
}

impl Release {
    /// Whether both hold the same definitions, facts and organisations.
    pub fn is_same_as(&self, other: &Self) -> bool {
        self.plan_version == other.plan_version
            && self.tables == other.tables
            && self.known_at == other.known_at
    }
}
