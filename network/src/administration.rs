//! Delegated administration: accounts of a part of the organisations, looked after by whoever holds that part.
//!
//! **Invariant:** an administrator sees and changes accounts of the own part only, and takes over nobody who holds a role
//! beyond it, nor by whose role more may be done or seen. What is refused is told to the audit log.
//!
//! **Invariant:** what an administrator holds is asked in the transaction of what is done by it.

use jiff::Timestamp;
use model::OrgCode;
use store::{Store, StoreError};

use crate::accounts::{AccountError, Login};
use crate::audit::{self, Actor, Entry};
use crate::connection::Connection;
use crate::grants::{Authority, Holdings};
use crate::id::AccountId;
use crate::invitations::InvitationError;
use crate::outside::OutsideError;
use crate::people::PersonName;
use crate::people::list::{self, Listed};
use crate::personal::Reading;
use crate::purpose::Purpose;
use crate::roles::{Permission, RoleCode, Roles};
use crate::scope::Scope;

mod deeds;
mod inviting;
mod linking;

/// Somebody who looks after accounts, and what they hold.
#[derive(Clone, Copy, Debug)]
pub struct Administrator<'a> {
    pub store: &'a Store,
    pub roles: &'a Roles,
    pub account: AccountId,
    /// For what is shown; what is done asks anew.
    pub held: &'a Holdings,
}

/// Who is to be invited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guest {
    pub login: Login,
    pub name: PersonName,
    /// Home of the account, and where the role holds.
    pub home: OrgCode,
    pub role: Option<RoleCode>,
}

/// Why something was not done to an account.
#[derive(Debug, thiserror::Error)]
pub enum AdministrationError {
    #[error("there is no such account in your part; look for it in your list")]
    NotYours,

    #[error("there is no such open invitation in your part; look at the list again")]
    NoInvitation,

    #[error("there is no such request in your part, or it is decided; look at the list again")]
    NoRequest,

    #[error("this organisation is not in your part; choose one that is")]
    NotYourOrganisation,

    #[error("you may not give this role; leave it out, or ask whoever may")]
    NotYoursToGive,

    #[error("the account holds a role beyond your part; ask whoever looks after that one")]
    HoldsMore,

    #[error("the account's role asks for a second factor; without one only the command resets it")]
    Unguarded,

    #[error("the account may do what you may not; without a second factor ask whoever may")]
    MayMore,

    #[error("this is your own account; change it on its own page")]
    Oneself,

    #[error("this outside identity belongs to somebody already; end that link first")]
    IdentityTaken,

    #[error(transparent)]
    Account(#[from] AccountError),

    #[error(transparent)]
    Store(#[from] StoreError),
}

impl AdministrationError {
    /// Whether it was asked for and not allowed, which the audit log is told.
    const fn is_refusal(&self) -> bool {
        match self {
            Self::NotYours
            | Self::NoInvitation
            | Self::NoRequest
            | Self::NotYourOrganisation
            | Self::NotYoursToGive
            | Self::HoldsMore
            | Self::Unguarded
            | Self::MayMore
            | Self::Account(AccountError::LoginTaken) => true,
            Self::Oneself | Self::IdentityTaken | Self::Account(_) | Self::Store(_) => false,
        }
    }
}

impl From<InvitationError> for AdministrationError {
    fn from(error: InvitationError) -> Self {
        match error {
            InvitationError::Account(error) => error.into(),
            InvitationError::Store(error) => error.into(),
            InvitationError::NotOpen => Self::NoInvitation,
        }
    }
}

impl From<OutsideError> for AdministrationError {
    fn from(error: OutsideError) -> Self {
        match error {
            OutsideError::IdentityTaken => Self::IdentityTaken,
            OutsideError::Store(error) => error.into(),
            OutsideError::NoRequest(_)
            | OutsideError::Unknown(_)
            | OutsideError::Taken(_)
            | OutsideError::Issuer(_)
            | OutsideError::Unfit(_)
            | OutsideError::Sealed(_) => Self::NoRequest,
        }
    }
}

impl Administrator<'_> {
    /// Accounts of the own part whose name or login name holds a text, by id; `after` to read on.
    pub async fn list(
        &self,
        text: &str,
        after: Option<AccountId>,
        most: u32,
        at: Timestamp,
    ) -> Result<Vec<Listed>, StoreError> {
        list::within(self.store, &self.reading("account.read", at), text, after, most).await
    }

    /// One account of the own part.
    pub async fn find(
        &self,
        account: AccountId,
        at: Timestamp,
    ) -> Result<Option<Listed>, StoreError> {
        list::find(self.store, &self.reading("account.read", at), account).await
    }

    const fn actor(&self) -> Actor {
        Actor::Account(self.account)
    }

    const fn authority(&self) -> Authority<'_> {
        Authority::of(self.account, self.roles)
    }

    const fn entry(&self, action: &'static str) -> Entry {
        Entry::new(self.actor(), Purpose::OPERATION, action)
    }

    fn reading(&self, action: &'static str, at: Timestamp) -> Reading {
        let scope = self.held.scope(self.roles, Permission::ReadAccounts);
        Reading::of(scope, self.account, Purpose::OPERATION, action, at)
    }

    /// Tells the audit log of what was refused.
    async fn told<T>(
        &self,
        done: Result<T, AdministrationError>,
        entry: Entry,
        at: Timestamp,
    ) -> Result<T, AdministrationError> {
        if done.as_ref().is_err_and(AdministrationError::is_refusal) {
            audit::record(self.store, &entry.refused(), at).await?;
        }
        done
    }

    /// Where a permission is held, when an account is another's and at home there.
    async fn own(
        &self,
        connection: &mut Connection,
        permission: Permission,
        account: AccountId,
        at: Timestamp,
    ) -> Result<Scope, AdministrationError> {
        const OWN: &str = include_str!("administration/own.sql");

        if account == self.account {
            return Err(AdministrationError::Oneself);
        }
        let scope = connection.scope(self.authority(), permission, at).await?;
        let found = connection.within(&scope, OWN, [account.to_string().into()]).await?;
        if found.is_empty() { Err(AdministrationError::NotYours) } else { Ok(scope) }
    }

    /// What stands against giving somebody else a way into an account of the own part.
    ///
    /// Whoever passes it on could use it. So it is given for nobody who holds a role beyond the own part; and where a role
    /// asks for a second factor, or lets its holder do or see what the administrator may not, not without one that stays.
    async fn untaken(
        &self,
        connection: &mut Connection,
        scope: &Scope,
        account: AccountId,
        factors_stay: bool,
        at: Timestamp,
    ) -> Result<(), AdministrationError> {
        let held = connection.held(account, at).await?;
        if held.grants().iter().any(|it| !scope.covers(&it.range())) {
            return Err(AdministrationError::HoldsMore);
        }
        let guarded = factors_stay && has_factors(connection, account).await?;
        if guarded {
            return Ok(());
        }
        if held.needs_second_factor(self.roles) {
            return Err(AdministrationError::Unguarded);
        }
        let own = connection.held(self.account, at).await?;
        match held.grants().iter().any(|it| own.would_gain_by(self.roles, it)) {
            true => Err(AdministrationError::MayMore),
            false => Ok(()),
        }
    }
}

/// Whether an account has a second factor.
async fn has_factors(
    connection: &mut Connection,
    account: AccountId,
) -> Result<bool, AdministrationError> {
    const FACTORS: &str = include_str!("administration/factors.sql");

    let factors = connection.texts(FACTORS.to_owned(), [account.to_string().into()]).await;
    Ok(!factors.map_err(StoreError::doing("look for second factors"))?.is_empty())
}

#[cfg(test)]
mod tests;
