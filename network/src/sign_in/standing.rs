//! How an account proves who its owner is, as far as that may be demanded otherwise.

use jiff::Timestamp;
use store::{Store, StoreError, on_db};

use crate::id::AccountId;
use crate::rows;

/// When an account's password was set, and whether there is more than it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// `None` when it has no password.
    pub password_set_at: Option<Timestamp>,
    /// An authenticator or a passkey.
    pub has_second_factor: bool,
}

/// How an account stands.
pub async fn standing(store: &Store, account: AccountId) -> Result<Standing, StoreError> {
    const SQL: &str = include_str!("standing.sql");

    let (set_at, factors): (Option<i64>, i64) = on_db!(store, pool => {
        sqlx::query_as(SQL).bind(account.to_string()).fetch_one(pool).await
    })
    .map_err(StoreError::doing("read how an account stands"))?;
    Ok(Standing {
        password_set_at: rows::optional_instant("set_at", set_at)?,
        has_second_factor: factors > 0,
    })
}
