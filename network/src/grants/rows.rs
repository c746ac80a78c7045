//! The registry's rows of grants.

use jiff::Timestamp;
use store::StoreError;

use super::{Grant, Revocation};
use crate::id::AccountId;
use crate::roles::Reach;

store::row! {
    /// As the database gives it.
    #[derive(Clone, Debug)]
    pub(crate) struct GrantRow {
        id: String,
        pub(super) account: String,
        role: String,
        organisation: String,
        reach: String,
        purpose: String,
        valid_from: i64,
        valid_until: Option<i64>,
        granted_by: Option<String>,
        granted_at: i64,
        reason: String,
        revoked_by: Option<String>,
        revoked_at: Option<i64>,
        revoked_for: Option<String>,
        pub(super) path: String,
    }
}

impl GrantRow {
    /// # Errors
    /// A row that this program did not write.
    pub(super) fn typed(self) -> Result<Grant, StoreError> {
        let reach = Reach::parse(&self.reach).ok_or(self.reach);
        let revoked = match (self.revoked_at, self.revoked_for) {
            (Some(at), Some(reason)) => Some(Revocation {
                by: account("revoked_by", self.revoked_by)?,
                at: instant("revoked_at", at)?,
                reason,
            }),
            (Some(_) | None, _) => None,
        };
        Ok(Grant {
            id: self.id.parse().map_err(StoreError::unreadable("id"))?,
            account: self.account.parse().map_err(StoreError::unreadable("account"))?,
            role: self.role.parse().map_err(StoreError::unreadable("role"))?,
            organisation: self
                .organisation
                .parse()
                .map_err(StoreError::unreadable("organisation"))?,
            reach: reach.map_err(StoreError::unreadable("reach"))?,
            purpose: self.purpose.parse().map_err(StoreError::unreadable("purpose"))?,
            valid_from: instant("valid_from", self.valid_from)?,
            valid_until: self.valid_until.map(|it| instant("valid_until", it)).transpose()?,
            granted_by: account("granted_by", self.granted_by)?,
            granted_at: instant("granted_at", self.granted_at)?,
            reason: self.reason,
            revoked,
            path: self.path,
        })
    }
}

/// All rows, typed.
pub(super) fn typed(rows: Vec<GrantRow>) -> Result<Vec<Grant>, StoreError> {
    rows.into_iter().map(GrantRow::typed).collect()
}

fn account(column: &'static str, id: Option<String>) -> Result<Option<AccountId>, StoreError> {
    id.map(|it| it.parse().map_err(StoreError::unreadable(column))).transpose()
}

fn instant(column: &'static str, microseconds: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(microseconds).map_err(StoreError::unreadable(column))
}
