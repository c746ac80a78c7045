//! Which applications somebody may use: the tiles of a start page.

use jiff::Timestamp;
use store::{Store, StoreError, on_db};

use super::{Application, ApplicationsError, list};
use crate::id::AccountId;

/// Applications in use that have a page of their own and that an account may use, by code.
pub async fn usable(
    store: &Store,
    account: AccountId,
    now: Timestamp,
) -> Result<Vec<Application>, ApplicationsError> {
    const GRANTED: &str = include_str!("list_grants_for.sql");
    let roles = crate::openid::people::roles(store, account, now).await?;

    let granted: Vec<String> = on_db!(store, pool => {
        sqlx::query_scalar(GRANTED).bind(account.to_string()).fetch_all(pool).await
    })
    .map_err(StoreError::doing("read which applications somebody may use"))?;
    let mut applications = list(store).await?;
    applications.retain(|it| {
        let wanted = &it.registration.roles;
        it.holds_at(now)
            && it.registration.home.is_some()
            && granted.iter().any(|code| code == it.code.as_str())
            && (wanted.is_empty() || !roles.is_disjoint(wanted))
    });
    Ok(applications)
}
