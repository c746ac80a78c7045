//! All tokens that one code led to.

use std::collections::BTreeSet;

use jiff::Timestamp;
use store::StoreError;

use crate::applications::ApplicationCode;
use crate::id::{AccountId, SessionId};
use crate::openid::data::{Claim, Scope, known};
use crate::rows;

/// A family as it is kept, with what decides whether it still holds.
#[derive(Debug)]
pub(super) struct FamilyRow {
    pub(super) application: String,
    pub(super) account: Option<String>,
    pub(super) session: Option<String>,
    pub(super) scopes: String,
    pub(super) data: String,
    pub(super) auth_time: Option<i64>,
    pub(super) acr: String,
    pub(super) amr: String,
    pub(super) expires_at: i64,
    pub(super) revoked_at: Option<i64>,
    pub(super) account_closed_at: Option<i64>,
    pub(super) session_ended_at: Option<i64>,
}

store::row!(FamilyRow {
    application,
    account,
    session,
    scopes,
    data,
    auth_time,
    acr,
    amr,
    expires_at,
    revoked_at,
    account_closed_at,
    session_ended_at
});

/// A family that holds.
#[derive(Debug)]
pub(super) struct Family {
    pub(super) application: ApplicationCode,
    pub(super) owner: Option<Owner>,
    /// Words: of a person those that are known here, of a service its own.
    pub(super) scopes: String,
    pub(super) data: BTreeSet<Claim>,
    pub(super) expires_at: Timestamp,
}

/// The person who stands behind a family.
#[derive(Clone, Debug)]
pub(super) struct Owner {
    pub(super) account: AccountId,
    pub(super) session: SessionId,
    pub(super) auth_time: Timestamp,
    pub(super) acr: String,
    pub(super) amr: String,
}

impl FamilyRow {
    /// `None` when it was revoked, is over, or ended with its session or account.
    pub(super) fn holding(self, now: Timestamp) -> Result<Option<Family>, StoreError> {
        let offline = known::<Scope>(&self.scopes).contains(&Scope::OfflineAccess);
        let expires_at = rows::instant("expires_at", self.expires_at)?;
        let over = self.revoked_at.is_some()
            || self.account_closed_at.is_some()
            || (self.session_ended_at.is_some() && !offline)
            || expires_at <= now;
        if over {
            return Ok(None);
        }
        let owner = match (&self.account, &self.session, self.auth_time) {
            (Some(account), Some(session), Some(auth_time)) => Some(Owner {
                account: rows::parsed("account", account)?,
                session: rows::parsed("session", session)?,
                auth_time: rows::instant("auth_time", auth_time)?,
                acr: self.acr,
                amr: self.amr,
            }),
            _ => None,
        };
        Ok(Some(Family {
            application: rows::parsed("application", &self.application)?,
            owner,
            data: known(&self.data),
            scopes: self.scopes,
            expires_at,
        }))
    }
}

/// Adds a family in a transaction. A macro, as it is typed for either database.
macro_rules! add_family {
    ($transaction:expr, $id:expr, $application:expr, $owner:expr, $scopes:expr, $data:expr, $now:expr, $until:expr) => {{
        let owner: Option<&$crate::openid::tokens::family::Owner> = $owner;
        sqlx::query($crate::openid::tokens::family::ADD)
            .bind($id.to_string())
            .bind($application.as_str())
            .bind(owner.map(|it| it.account.to_string()))
            .bind(owner.map(|it| it.session.to_string()))
            .bind($scopes)
            .bind($data)
            .bind(owner.map(|it| it.auth_time.as_microsecond()))
            .bind(owner.map(|it| it.acr.clone()).unwrap_or_default())
            .bind(owner.map(|it| it.amr.clone()).unwrap_or_default())
            .bind($now.as_microsecond())
            .bind($until.as_microsecond())
            .execute(&mut *$transaction)
            .await
            .map(|_| ())
    }};
}
pub(super) use add_family;

/// Adds an access token in a transaction. A macro, as it is typed for either database.
macro_rules! add_access_token {
    ($transaction:expr, $token:expr, $family:expr, $scopes:expr, $now:expr, $until:expr) => {
        sqlx::query($crate::openid::tokens::family::ADD_ACCESS_TOKEN)
            .bind($token.hash())
            .bind($family.to_string())
            .bind($scopes)
            .bind($now.as_microsecond())
            .bind($until.as_microsecond())
            .execute(&mut *$transaction)
            .await
            .map(|_| ())
    };
}
pub(super) use add_access_token;

/// Adds a refresh token in a transaction. A macro, as it is typed for either database.
macro_rules! add_refresh_token {
    ($transaction:expr, $token:expr, $family:expr, $now:expr) => {
        sqlx::query($crate::openid::tokens::family::ADD_REFRESH_TOKEN)
            .bind($token.hash())
            .bind($family.to_string())
            .bind($now.as_microsecond())
            .execute(&mut *$transaction)
            .await
            .map(|_| ())
    };
}
pub(super) use add_refresh_token;

/// Ends a family in a transaction. A macro, as it is typed for either database.
macro_rules! revoke_family {
    ($transaction:expr, $family:expr, $because:literal, $now:expr) => {
        sqlx::query($crate::openid::tokens::family::REVOKE)
            .bind($family.to_string())
            .bind($now.as_microsecond())
            .bind($because)
            .execute(&mut *$transaction)
            .await
            .map(|_| ())
    };
}
pub(super) use revoke_family;

pub(super) const ADD: &str = include_str!("add_family.sql");
pub(super) const ADD_ACCESS_TOKEN: &str = include_str!("add_access_token.sql");
pub(super) const ADD_REFRESH_TOKEN: &str = include_str!("add_refresh_token.sql");
pub(super) const REVOKE: &str = include_str!("revoke_family.sql");
