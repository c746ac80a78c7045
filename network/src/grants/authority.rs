//! On whose authority something is changed.
//!
//! **Invariant:** what somebody holds is asked in the transaction that changes something by it, while nobody can give or
//! revoke. So a grant that ends a moment before is of no use any more.

use jiff::Timestamp;
use store::StoreError;

use super::rows::{GrantRow, typed};
use super::{Grant, Holdings};
use crate::audit::Actor;
use crate::id::AccountId;
use crate::roles::Roles;

/// Whoever changes something: the program itself, or an account by what it holds at that moment.
#[derive(Clone, Copy, Debug)]
pub struct Authority<'a> {
    /// `None`: the program itself, which may do all.
    holder: Option<(AccountId, &'a Roles)>,
}

impl<'a> Authority<'a> {
    /// The program itself, or whoever runs its commands.
    pub const PROGRAM: Authority<'static> = Authority { holder: None };

    /// An account, by the grants it holds.
    pub const fn of(account: AccountId, roles: &'a Roles) -> Self {
        Self { holder: Some((account, roles)) }
    }

    pub(crate) const fn holder(self) -> Option<(AccountId, &'a Roles)> {
        self.holder
    }

    /// As the audit log names it.
    pub const fn actor(self) -> Actor {
        match self.holder {
            Some((account, _)) => Actor::Account(account),
            None => Actor::System,
        }
    }
}

/// Reads an account's grants in a transaction; whoever gives or revokes waits until that has ended. A macro, as it is
/// typed for either database.
///
/// The first statement of the transaction that writes, always, so that no two wait for each other.
macro_rules! grants_in {
    ($transaction:expr, $account:expr) => {
        async {
            use $crate::grants::{GrantRow, sql};

            sqlx::query(sql::LOCK).execute(&mut *$transaction).await?;
            let rows: Vec<GrantRow> = sqlx::query_as(sql::OF_ACCOUNT)
                .bind($account.to_string())
                .fetch_all(&mut *$transaction)
                .await?;
            Ok::<_, sqlx::Error>(rows)
        }
        .await
    };
}

/// What is held by grants that were read in a transaction.
///
/// One that is revoked holds no more, whatever instant its revocation bears: it came first.
pub(crate) fn in_force(rows: Vec<GrantRow>, at: Timestamp) -> Result<Holdings, StoreError> {
    let holds = |it: &Grant| it.revoked.is_none() && it.holds(at);
    Ok(Holdings::of(typed(rows)?.into_iter().filter(holds).collect()))
}

pub(crate) use grants_in;
