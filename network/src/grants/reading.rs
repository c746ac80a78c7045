//! Who holds what.

use jiff::Timestamp;
use store::{Store, StoreError, on_db};

use super::rows::{GrantRow, typed};
use super::{Grant, GrantId, Holdings};
use crate::id::AccountId;
use crate::roles::RoleCode;
use crate::scope::{self, Scope};

/// What an account holds at an instant.
pub async fn held(
    store: &Store,
    account: AccountId,
    at: Timestamp,
) -> Result<Holdings, StoreError> {
    const HELD: &str = include_str!("read_of_account.sql");
    let rows: Vec<GrantRow> = on_db!(store, pool => {
        sqlx::query_as(HELD).bind(account.to_string()).fetch_all(pool).await
    })
    .map_err(StoreError::doing("read what an account holds"))?;
    Ok(Holdings::of(typed(rows)?.into_iter().filter(|it| it.holds(at)).collect()))
}

/// Somebody who holds a role somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    pub account: AccountId,
    /// Where the organisation stands that looks after the account.
    pub home: Option<String>,
}

/// Everybody who holds a role at an instant, wherever: for draws, which leave nobody out, and never for a list.
pub async fn holders(
    store: &Store,
    role: &RoleCode,
    at: Timestamp,
) -> Result<Vec<Holder>, StoreError> {
    const HOLDERS: &str = include_str!("holders.sql");
    let found: Vec<(String, Option<String>)> = on_db!(store, pool => {
        sqlx::query_as(HOLDERS).bind(role.as_str()).bind(at.as_microsecond()).fetch_all(pool).await
    })
    .map_err(StoreError::doing("read who holds a role"))?;
    let holder = |(account, home): (String, Option<String>)| {
        Ok(Holder { account: crate::rows::parsed("account", &account)?, home })
    };
    found.into_iter().map(holder).collect()
}

/// One grant, when it is within a scope.
pub async fn get(
    store: &Store,
    scope: &Scope,
    grant: GrantId,
) -> Result<Option<Grant>, StoreError> {
    const GET: &str = include_str!("get.sql");
    let sql = scope.sql(GET)?;
    let row: Option<GrantRow> = on_db!(store, pool => {
        let query = sqlx::query_as(sql).bind(grant.to_string());
        scope::within!(scope, query).fetch_optional(pool).await
    })
    .map_err(StoreError::doing("read a grant"))?;
    row.map(GrantRow::typed).transpose()
}

/// Grants at the organisations of a scope, those that ended too, the latest first; `before` to read on.
pub async fn within(
    store: &Store,
    scope: &Scope,
    before: Option<GrantId>,
    most: u32,
) -> Result<Vec<Grant>, StoreError> {
    const WITHIN: &str = include_str!("within.sql");
    // After every id.
    let before = before.map_or_else(|| "g".to_owned(), |it| it.to_string());
    let sql = scope.sql(WITHIN)?;
    let rows: Vec<GrantRow> = on_db!(store, pool => {
        let query = sqlx::query_as(sql).bind(before).bind(i64::from(most));
        scope::within!(scope, query).fetch_all(pool).await
    })
    .map_err(StoreError::doing("list grants"))?;
    typed(rows)
}
