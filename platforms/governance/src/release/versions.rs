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
    /// Version of each dataset's table. A dataset that the plan did not have then is left out.
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

    /// The name of a release with these versions at this instant.
    pub(super) fn name(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.plan_version.as_bytes());
        for (dataset, version) in &self.tables {
            hasher.update(dataset.as_bytes());
            hasher.update(&version.to_le_bytes());
        }
        hasher.update(&self.known_at.as_microsecond().to_le_bytes());
        hasher.update(&self.recorded_at.as_microsecond().to_le_bytes());
        let content: String = hasher.finalize().to_hex().chars().take(8).collect();
        format!("{}-{content}", self.recorded_at.strftime("%Y%m%dT%H%M%S"))
    }
}
