//! All tokens that one code led to.

use std::collections::BTreeSet;

use jiff::Timestamp;
use store::StoreError;

use crate::applications::ApplicationCode;
use crate::batch::Batch;
use crate::id::{AccountId, Id, SessionId};
use crate::openid::data::{Claim, Scope, known};
use crate::rows;
use crate::secret::Token;

store::row! {
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
}

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

/// A family that begins.
#[derive(Debug)]
pub(super) struct NewFamily<'a> {
    pub(super) id: Id,
    pub(super) application: &'a ApplicationCode,
    pub(super) owner: Option<&'a Owner>,
    pub(super) scopes: &'a str,
    pub(super) data: &'a str,
    pub(super) until: Timestamp,
}

impl NewFamily<'_> {
    /// What adds it.
    pub(super) fn added_to(&self, batch: Batch, now: Timestamp) -> Batch {
        const ADD: &str = include_str!("add_family.sql");

        let owner = self.owner;
        batch.and(
            ADD,
            [
                self.id.to_string().into(),
                self.application.as_str().into(),
                owner.map(|it| it.account.to_string()).into(),
                owner.map(|it| it.session.to_string()).into(),
                self.scopes.into(),
                self.data.into(),
                owner.map(|it| it.auth_time.as_microsecond()).into(),
                owner.map(|it| it.acr.as_str()).unwrap_or_default().into(),
                owner.map(|it| it.amr.as_str()).unwrap_or_default().into(),
                now.into(),
                self.until.into(),
            ],
        )
    }
}

/// An access token of a family.
#[derive(Debug)]
pub(super) struct NewToken<'a> {
    pub(super) token: &'a Token,
    pub(super) family: &'a str,
    pub(super) scopes: &'a str,
    pub(super) until: Timestamp,
}

impl NewToken<'_> {
    /// What adds it.
    pub(super) fn added_to(&self, batch: Batch, now: Timestamp) -> Batch {
        const ADD: &str = include_str!("add_access_token.sql");

        let (hash, family, scopes) = (self.token.hash(), self.family, self.scopes);
        batch.and(ADD, [hash.into(), family.into(), scopes.into(), now.into(), self.until.into()])
    }
}

/// With what adds a refresh token of a family.
pub(super) fn and_refresh_token(
    batch: Batch,
    token: &Token,
    family: &str,
    now: Timestamp,
) -> Batch {
    const ADD: &str = include_str!("add_refresh_token.sql");

    batch.and(ADD, [token.hash().into(), family.into(), now.into()])
}

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

pub(super) const REVOKE: &str = include_str!("revoke_family.sql");
