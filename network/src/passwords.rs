//! Passwords: what a policy asks of one, and how it is kept: hashed by argon2id, never read back.

use std::fmt;

use jiff::Timestamp;
use store::{Store, StoreError, on_db};

use crate::audit;
use crate::id::{AccountId, SessionId};
use crate::rows;
use crate::sessions::own_entry;

mod hashing;
mod policy;
mod room;

pub use self::hashing::{Cost, HashError, Verdict, hash, verify, verify_nobody};
pub use self::policy::{Flaw, Policies, Policy, PolicyError};

/// A password as it was typed, to the last character. It shows itself to nobody.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

/// More bytes than a password of any policy has.
const MOST_BYTES: usize = 1024;

impl Password {
    /// The password of a form. One that is too long to be any is cut where no policy takes it any more.
    pub fn new(typed: String) -> Self {
        Self(
            typed.char_indices().take_while(|(at, _)| *at < MOST_BYTES).map(|(_, it)| it).collect(),
        )
    }

    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// What is kept of an account's password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// argon2id with its parameters and salt (a PHC string).
    pub phc: String,
    pub set_at: Timestamp,
}

/// What is kept of an account's password; `None` when it has none yet.
pub async fn kept(store: &Store, account: AccountId) -> Result<Option<Kept>, StoreError> {
    const SQL: &str = include_str!("passwords/kept.sql");

    let row: Option<(String, i64)> = on_db!(store, pool => {
        sqlx::query_as(SQL).bind(account.to_string()).fetch_optional(pool).await
    })
    .map_err(StoreError::doing("read how a password is kept"))?;
    let Some((phc, set_at)) = row else { return Ok(None) };
    Ok(Some(Kept { phc, set_at: rows::instant("set_at", set_at)? }))
}

/// The hashes of passwords that an account may not take again: the present one, and as many former ones as the
/// policy forbids.
pub async fn forbidden(
    store: &Store,
    account: AccountId,
    policy: &Policy,
) -> Result<Vec<String>, StoreError> {
    const SQL: &str = include_str!("passwords/former.sql");

    if policy.former_forbidden == 0 {
        return Ok(Vec::new());
    }
    let former: Vec<String> = on_db!(store, pool => {
        sqlx::query_scalar(SQL)
            .bind(account.to_string())
            .bind(i64::from(policy.former_forbidden))
            .fetch_all(pool)
            .await
    })
    .map_err(StoreError::doing("read former passwords"))?;
    Ok(former)
}

/// Sets a password in a transaction and ends the account's sessions but perhaps one. A macro, as it is typed for
/// either database.
macro_rules! set_password {
    ($transaction:expr, $account:expr, $phc:expr, $policy:expr, $but:expr, $at:expr) => {
        async {
            let account = $account.to_string();
            let at = $at.as_microsecond();
            if $policy.former_forbidden > 0 {
                sqlx::query(include_str!("passwords/remember.sql"))
                    .bind(&account)
                    .bind(at)
                    .bind($phc)
                    .execute(&mut *$transaction)
                    .await?;
            }
            // What no policy asks to be remembered is forgotten.
            sqlx::query(include_str!("passwords/forget_former.sql"))
                .bind(&account)
                .bind(i64::from($policy.former_forbidden))
                .execute(&mut *$transaction)
                .await?;
            sqlx::query(include_str!("passwords/set.sql"))
                .bind(&account)
                .bind($phc)
                .bind(at)
                .execute(&mut *$transaction)
                .await?;
            let because = $crate::sessions::Ending::PasswordChanged;
            $crate::sessions::end_sessions!($transaction, $account, because, $but, $at)?;
            Ok::<(), sqlx::Error>(())
        }
        .await
    };
}

/// Sets an account's password on behalf of its owner and ends its sessions but perhaps one, all or nothing.
pub async fn set(
    store: &Store,
    account: AccountId,
    phc: &str,
    policy: &Policy,
    but: Option<SessionId>,
    at: Timestamp,
) -> Result<(), StoreError> {
    let setting = || StoreError::doing("set a password");
    let entry = own_entry(account, "password.set");
    on_db!(store, pool => {
        let mut transaction = pool.begin_with(store.begin()).await.map_err(setting())?;
        set_password!(transaction, account, phc, policy, but, at).map_err(setting())?;
        audit::append!(transaction, entry, at).map_err(setting())?;
        transaction.commit().await.map_err(setting())?;
        Ok(())
    })
}

/// Keeps the same password hashed anew, because hashing costs more now than when it was set.
///
/// Changes nothing when the password was changed meanwhile.
pub async fn keep_anew(
    store: &Store,
    account: AccountId,
    old_phc: &str,
    new_phc: &str,
) -> Result<(), StoreError> {
    const SQL: &str = include_str!("passwords/keep_anew.sql");

    on_db!(store, pool => {
        sqlx::query(SQL)
            .bind(new_phc)
            .bind(account.to_string())
            .bind(old_phc)
            .execute(pool)
            .await
            .map(|_| ())
    })
    .map_err(StoreError::doing("hash a password anew"))
}

pub(crate) use set_password;

#[cfg(test)]
mod tests;
