//! Coverage: units that reported, of units that should have, for a figure made of several parts.

use std::cmp::Ordering;

use model::figure::{Coverage, Observation};

/// The less complete of two: a figure is covered as well as its worst part.
///
/// Where nothing is expected there is nothing to compare; of two equal shares the larger count stands.
pub(super) fn worse(a: Coverage, b: Coverage) -> Coverage {
    if a.expected == 0 {
        return b;
    }
    if b.expected == 0 {
        return a;
    }
    let share_of_a = u64::from(a.reported) * u64::from(b.expected);
    let share_of_b = u64::from(b.reported) * u64::from(a.expected);
    match share_of_a.cmp(&share_of_b) {
        Ordering::Less => a,
        Ordering::Greater => b,
        Ordering::Equal if a.expected >= b.expected => a,
        Ordering::Equal => b,
    }
}

/// How an observation with a value stands, after its coverage.
pub(super) fn observation(coverage: Coverage) -> Observation {
    if coverage.is_complete() { Observation::Reported } else { Observation::Partial }
}
