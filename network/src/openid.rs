//! OpenID Provider: applications of the city sign people in with their account of this centre.
//!
//! OpenID Connect Core 1.0 with the code flow only, RFC 6749, 7009, 7636, 7662, 9207, RP-initiated and
//! back-channel logout.
//!
//! **Invariant:** no HTTP here. What a browser or an application sent comes in as names and values, and what it
//! is to be told goes out as a [`Refusal`], a [`Decision`] or the members of a reply.
//!
//! **Invariant:** of codes, tokens and secrets only hashes are kept, and nothing that was revoked, used or ended
//! works again.

use std::sync::{Arc, PoisonError, RwLock};

use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use model::Entropy;
use store::{Store, StoreError};

pub mod clients;
pub mod consents;
pub mod data;
pub mod decision;
pub(crate) mod jwt;
pub mod keys;
pub mod logout;
pub mod metadata;
pub mod people;
mod pseudonyms;
pub mod refusal;
mod relation;
pub mod request;
pub mod sweeping;
pub mod tokens;

pub use self::data::{Claim, NoClaim, NoScope, Scope};
pub use self::decision::{Decision, Reason, decide};
pub use self::keys::{Algorithm, NoAlgorithm};
pub use self::people::SignedIn;
pub use self::refusal::{Denial, Refusal};
pub use self::request::Request;
use crate::applications::ApplicationsError;
use crate::secret::{CentreKey, NotOurs};

/// How long a code can be exchanged. It takes one redirect; RFC 6749 allows ten minutes.
pub const CODE_LIFETIME: SignedDuration = SignedDuration::from_secs(120);
/// How long an access token works.
pub const TOKEN_LIFETIME: SignedDuration = SignedDuration::from_mins(10);
/// How long an ID token is worth something.
pub const ID_TOKEN_LIFETIME: SignedDuration = SignedDuration::from_mins(10);
/// How long tokens can be refreshed, however often they are.
pub const FAMILY_LIFETIME: SignedDuration = SignedDuration::from_hours(24 * 30);
/// How long a request waits for a person to sign in and to consent.
pub const REQUEST_LIFETIME: SignedDuration = SignedDuration::from_mins(30);

/// Why the provider could not do its part. Nothing that an application is told.
#[derive(Debug, thiserror::Error)]
pub enum OpenidError {
    #[error(
        "{0} is no address of a provider; write https://host, or http://127.0.0.1:port to try it out"
    )]
    Issuer(String),

    #[error("there is no key to sign with {algorithm}; keep the signing keys first")]
    NoKey { algorithm: Algorithm },

    #[error("a signing key could not be made")]
    Generation,

    #[error("a signing key could not be used")]
    Key(#[source] jsonwebtoken::errors::Error),

    #[error("a signing key could not be opened")]
    Sealed(#[from] NotOurs),

    #[error("an instant is out of the calendar")]
    Time(#[source] jiff::Error),

    #[error(transparent)]
    Applications(#[from] ApplicationsError),

    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The provider: its address, its secret and its keys.
#[derive(Debug)]
pub struct Provider {
    issuer: String,
    secret: CentreKey,
    keyring: RwLock<Arc<keys::Keyring>>,
    offset: Offset,
}

impl Provider {
    /// A provider at an address, with keys made where they are missing.
    ///
    /// # Errors
    /// [`OpenidError::Issuer`] unless the address is `https`, or `http` on this machine, without query or slash
    /// at its end.
    pub async fn open(
        store: &Store,
        issuer: &str,
        secret: CentreKey,
        entropy: &mut dyn Entropy,
        now: Timestamp,
    ) -> Result<Self, OpenidError> {
        if !is_issuer(issuer) {
            return Err(OpenidError::Issuer(issuer.to_owned()));
        }
        let keyring = keys::keep(store, &secret, entropy, now).await?;
        let keyring = RwLock::new(Arc::new(keyring));
        Ok(Self { issuer: issuer.to_owned(), secret, keyring, offset: Offset::UTC })
    }

    /// The provider of a place whose clocks are this far from UTC: sign-ins are counted by its days.
    #[must_use]
    pub fn in_days_of(self, offset: Offset) -> Self {
        Self { offset, ..self }
    }

    /// The day of an instant.
    pub(crate) fn day(&self, at: Timestamp) -> Date {
        self.offset.to_datetime(at).date()
    }

    /// Makes keys that are missing, and reads those that others made. To be called every minute.
    pub async fn renew_keys(
        &self,
        store: &Store,
        entropy: &mut dyn Entropy,
        now: Timestamp,
    ) -> Result<(), OpenidError> {
        let keyring = keys::keep(store, &self.secret, entropy, now).await?;
        *self.keyring.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keyring);
        Ok(())
    }

    /// The provider's name, which is its address.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    fn keyring(&self) -> Arc<keys::Keyring> {
        Arc::clone(&self.keyring.read().unwrap_or_else(PoisonError::into_inner))
    }
}

fn is_issuer(text: &str) -> bool {
    let Ok(url) = url::Url::parse(text) else {
        return false;
    };
    let plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    let here = url.scheme() == "http" && crate::applications::is_of_this_machine(&url);
    plain && !text.ends_with('/') && (url.scheme() == "https" || here)
}

/// The instant `after` another.
fn later(at: Timestamp, after: SignedDuration) -> Result<Timestamp, OpenidError> {
    at.checked_add(after).map_err(OpenidError::Time)
}

#[cfg(test)]
mod tests;
