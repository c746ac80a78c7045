//! How often a network may do something within a minute: fail to prove itself as an application, or send people to sign in
//! elsewhere. Whoever does it more often is made to wait.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

/// The while in which is counted.
const WHILE: SignedDuration = SignedDuration::from_secs(60);
/// Networks that are remembered at once; with more than that all are forgotten, so that memory is bounded.
const NETWORKS: usize = 10_000;

/// What was counted, by network, since when.
#[derive(Debug)]
pub(crate) struct Limits {
    most: u32,
    counted: Mutex<BTreeMap<String, (Timestamp, u32)>>,
}

impl Limits {
    /// So many times within the while.
    pub(crate) fn of(most: u32) -> Self {
        Self { most, counted: Mutex::default() }
    }

    /// Seconds that a network has to wait before it may try again.
    pub(in crate::network) fn wait(&self, network: &str, now: Timestamp) -> Option<i64> {
        let counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, number) = counted.get(network)?;
        let passed = now.duration_since(*since);
        (*number >= self.most && passed < WHILE).then(|| (WHILE - passed).as_secs() + 1)
    }

    pub(in crate::network) fn note(&self, network: &str, now: Timestamp) {
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        if counted.len() >= NETWORKS {
            counted.clear();
        }
        let (since, number) = counted.entry(network.to_owned()).or_insert((now, 0));
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
        let limits = Limits::of(30);
        for _ in 0..30 {
            assert_eq!(limits.wait("192.0.2.0/24", at(0)), None);
            limits.note("192.0.2.0/24", at(0));
        }
        assert_eq!(limits.wait("192.0.2.0/24", at(10)), Some(51));
        assert_eq!(limits.wait("198.51.100.0/24", at(10)), None);
        assert_eq!(limits.wait("192.0.2.0/24", at(60)), None);
    }
}
