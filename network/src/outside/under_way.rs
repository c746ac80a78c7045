//! Sign-ins that were sent to a provider and are to come back in the same browser.
//!
//! The browser keeps one secret, and all else follows from it: what goes through the provider says nothing about it.

use jiff::{SignedDuration, Timestamp};
use model::Entropy;
use store::{Store, StoreError, on_db};

use super::{OutsideError, Provider, ProviderCode};
use crate::rows;
use crate::secret::{Token, same};
use crate::sessions::after;

/// How long a person may take there.
const LIFETIME: SignedDuration = SignedDuration::from_mins(15);

/// A sign-in under way.
#[derive(Clone, Debug)]
pub struct UnderWay {
    /// For the browser alone.
    pub proof: Token,
    pub provider: ProviderCode,
    /// Where to go on to.
    pub next: String,
}

impl UnderWay {
    pub(super) fn state(&self) -> String {
        self.proof.derived("state")
    }

    pub(super) fn has_state(&self, text: &str) -> bool {
        same(&self.state(), text)
    }

    pub(super) fn nonce(&self) -> String {
        self.proof.derived("nonce")
    }

    /// 43 characters, as RFC 7636 asks for.
    pub(super) fn verifier(&self) -> String {
        self.proof.derived("verifier")
    }
}

/// Begins a sign-in, and forgets those that did not come back in time.
pub async fn begin(
    store: &Store,
    provider: &Provider,
    next: &str,
    entropy: &mut dyn Entropy,
    now: Timestamp,
) -> Result<UnderWay, OutsideError> {
    const BEGIN: &str = include_str!("begin_sign_in.sql");
    const SWEEP: &str = include_str!("sweep_sign_ins.sql");
    let beginning = || StoreError::doing("begin a sign-in elsewhere");

    let (provider, next) = (provider.code.clone(), next.to_owned());
    let under_way = UnderWay { proof: Token::new(entropy), provider, next };
    on_db!(store, pool => {
        let mut transaction = pool.begin_with(store.begin()).await.map_err(beginning())?;
        sqlx::query(SWEEP)
            .bind(now.as_microsecond())
            .execute(&mut *transaction)
            .await
            .map_err(beginning())?;
        sqlx::query(BEGIN)
            .bind(under_way.proof.hash())
            .bind(under_way.provider.as_str())
            .bind(&under_way.next)
            .bind(now.as_microsecond())
            .bind(after(now, LIFETIME).as_microsecond())
            .execute(&mut *transaction)
            .await
            .map_err(beginning())?;
        transaction.commit().await.map_err(beginning())?;
    });
    Ok(under_way)
}

/// The sign-in that a browser comes back from, once; `None` when there is none, or not any more.
pub async fn take(
    store: &Store,
    proof: &Token,
    now: Timestamp,
) -> Result<Option<UnderWay>, OutsideError> {
    const TAKE: &str = include_str!("take_sign_in.sql");

    let row: Option<(String, String)> = on_db!(store, pool => {
        sqlx::query_as(TAKE)
            .bind(proof.hash())
            .bind(now.as_microsecond())
            .fetch_optional(pool)
            .await
    })
    .map_err(StoreError::doing("take a sign-in elsewhere"))?;
    let Some((provider, next)) = row else { return Ok(None) };
    let provider = rows::parsed("provider", &provider)?;
    Ok(Some(UnderWay { proof: proof.clone(), provider, next }))
}
