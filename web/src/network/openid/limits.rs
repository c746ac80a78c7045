//! How often applications may fail to prove themselves: whoever tries secrets is made to wait.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

/// Failures of one network within the while.
const FAILURES: u32 = 30;
const WHILE: SignedDuration = SignedDuration::from_secs(60);
/// Networks that are remembered at once; with more than that all are forgotten, so that memory is bounded.
const NETWORKS: usize = 10_000;

/// Failures by network, since when.
#[derive(Debug, Default)]
pub(crate) struct Limits(Mutex<BTreeMap<String, (Timestamp, u32)>>);

impl Limits {
    /// Seconds that a network has to wait before it may try again.
    pub(super) fn wait(&self, network: &str, now: Timestamp) -> Option<i64> {
        let failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, number) = failures.get(network)?;
        let passed = now.duration_since(*since);
        (*number >= FAILURES && passed < WHILE).then(|| (WHILE - passed).as_secs() + 1)
    }

    pub(super) fn note_failure(&self, network: &str, now: Timestamp) {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.len() >= NETWORKS {
            failures.clear();
        }
        let (since, number) = failures.entry(network.to_owned()).or_insert((now, 0));
        if now.duration_since(*since) >= WHILE {
            (*since, *number) = (now, 0);
        }
        *number = number.saturating_add(1);
    }
}

#[cfg(test)]
mod tests {
    use network::testing::at;

    use super::*;

    #[test]
    fn asvs_2_4_1_whoever_tries_secrets_waits_and_nobody_else() {
        let limits = Limits::default();
        for _ in 0..FAILURES {
            assert_eq!(limits.wait("192.0.2.0/24", at(0)), None);
            limits.note_failure("192.0.2.0/24", at(0));
        }
        assert_eq!(limits.wait("192.0.2.0/24", at(10)), Some(51));
        assert_eq!(limits.wait("198.51.100.0/24", at(10)), None);
        assert_eq!(limits.wait("192.0.2.0/24", at(60)), None);
    }
}
