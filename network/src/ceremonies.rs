//! Ceremonies: proofs under way, each with what was asked of the browser. None lives longer than ten minutes.

use jiff::{SignedDuration, Timestamp};
use model::Entropy;
use store::{Store, StoreError, on_db};

use crate::id::AccountId;
use crate::rows;
use crate::secret::Token;
use crate::sessions::{Methods, after};

/// How long a proof may be under way.
const LIFETIME: SignedDuration = SignedDuration::from_mins(10);

/// What is being proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The password was right; a second factor is still to be shown.
    SecondStep,
    PasskeySignIn,
    PasskeyAddition,
}

impl Kind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::SecondStep => "second_step",
            Self::PasskeySignIn => "passkey_sign_in",
            Self::PasskeyAddition => "passkey_addition",
        }
    }
}

/// A proof under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ceremony {
    /// Whose; a sign-in by passkey does not know that yet.
    pub account: Option<AccountId>,
    /// What was proved so far.
    pub methods: Methods,
    /// What the browser has to sign; empty where nothing is signed.
    pub challenge: String,
}

/// Begins a ceremony. Whoever brings its token goes on with it.
pub async fn begin(
    store: &Store,
    kind: Kind,
    ceremony: &Ceremony,
    at: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Token, StoreError> {
    const SQL: &str = include_str!("ceremonies/begin.sql");

    let token = Token::new(entropy);
    on_db!(store, pool => {
        sqlx::query(SQL)
            .bind(token.hash())
            .bind(kind.as_str())
            .bind(ceremony.account.map(|it| it.to_string()))
            .bind(ceremony.methods.to_string())
            .bind(&ceremony.challenge)
            .bind(at.as_microsecond())
            .bind(after(at, LIFETIME).as_microsecond())
            .execute(pool)
            .await
            .map(|_| ())
    })
    .map_err(StoreError::doing("begin a ceremony"))?;
    Ok(token)
}

/// The ceremony of a token, which goes on; `None` when it is over.
pub async fn find(
    store: &Store,
    kind: Kind,
    token: &Token,
    at: Timestamp,
) -> Result<Option<Ceremony>, StoreError> {
    const SQL: &str = include_str!("ceremonies/find.sql");

    let row: Option<(Option<String>, String, String)> = on_db!(store, pool => {
        sqlx::query_as(SQL)
            .bind(token.hash())
            .bind(kind.as_str())
            .bind(at.as_microsecond())
            .fetch_optional(pool)
            .await
    })
    .map_err(StoreError::doing("read a ceremony"))?;
    row.map(typed).transpose()
}

/// The ceremony of a token, which is over with this; `None` when it was over before.
pub async fn take(
    store: &Store,
    kind: Kind,
    token: &Token,
    at: Timestamp,
) -> Result<Option<Ceremony>, StoreError> {
    const SQL: &str = include_str!("ceremonies/take.sql");

    let row: Option<(Option<String>, String, String)> = on_db!(store, pool => {
        sqlx::query_as(SQL)
            .bind(token.hash())
            .bind(kind.as_str())
            .bind(at.as_microsecond())
            .fetch_optional(pool)
            .await
    })
    .map_err(StoreError::doing("end a ceremony"))?;
    row.map(typed).transpose()
}

/// Forgets ceremonies that ran out before an instant.
pub async fn forget(store: &Store, before: Timestamp) -> Result<(), StoreError> {
    const SQL: &str = include_str!("ceremonies/forget.sql");

    on_db!(store, pool => {
        sqlx::query(SQL).bind(before.as_microsecond()).execute(pool).await.map(|_| ())
    })
    .map_err(StoreError::doing("forget ceremonies"))
}

fn typed(row: (Option<String>, String, String)) -> Result<Ceremony, StoreError> {
    let (account, methods, challenge) = row;
    Ok(Ceremony {
        account: account.map(|it| rows::parsed("account", &it)).transpose()?,
        methods: rows::parsed("methods", &methods)?,
        challenge,
    })
}
