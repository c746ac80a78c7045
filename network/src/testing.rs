//! For the tests of this crate and those above: a clock and chance that can be foretold.

use jiff::Timestamp;
use jiff::tz::Offset;
use model::Entropy;
use serde_json::{Map, Value};

use crate::openid::{Algorithm, OpenidError, Provider, jwt};

mod crowd;

pub use self::crowd::{crowd, login_of};

/// Chance that counts: never the same twice, and the same in every run.
#[derive(Clone, Debug, Default)]
pub struct Counting(u64);

impl Counting {
    /// Chance that counts from a number on.
    pub fn beginning_at(number: u64) -> Self {
        Self(number)
    }
}

impl Entropy for Counting {
    fn fill(&mut self, bytes: &mut [u8]) {
        for part in bytes.chunks_mut(8) {
            self.0 += 1;
            // Spread, so that every byte differs from one to the next.
            let spread = self.0.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes();
            for (byte, value) in part.iter_mut().zip(spread) {
                *byte = value;
            }
        }
    }
}

/// How far the clocks of a city of tests are from UTC.
pub const CLOCKS: Offset = Offset::constant(8);

/// The instant `seconds` after an arbitrary one.
///
/// # Panics
/// When there is no such instant.
#[expect(clippy::expect_used, reason = "a test that cannot set itself up should stop at once")]
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + seconds).expect("the instant is within the calendar")
}

/// Claims signed by a provider, whatever they say: what another house may send us.
///
/// # Errors
/// When the provider has no key for the algorithm.
pub fn signed(
    provider: &Provider,
    algorithm: Algorithm,
    claims: &Map<String, Value>,
    now: Timestamp,
) -> Result<String, OpenidError> {
    jwt::sign(provider, algorithm, "JWT", claims, now)
}
