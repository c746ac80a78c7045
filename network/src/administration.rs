//! Delegated administration: accounts of a part of the organisations, looked after by whoever holds that part.
//!
//! **Invariant:** an administrator sees and changes accounts of the own part only, and takes over nobody who holds a role
//! beyond it. What is refused is told to the audit log.

use jiff::Timestamp;
use model::{Entropy, OrgCode};
use store::{Store, StoreError, on_db};

use crate::accounts::{self, AccountError, Login};
use crate::audit::{self, Actor, Entry};
use crate::grants::{self, Holdings};
use crate::id::AccountId;
use crate::invitations::{self, InvitationError, Invited};
use crate::people::PersonName;
use crate::people::list::{self, Listed};
use crate::personal::Reading;
use crate::purpose::Purpose;
use crate::roles::{Permission, RoleCode, Roles};
use crate::scope::{self, Scope};
use crate::secret::Token;
use crate::sessions::{self, Ending};
use crate::sign_in::{self, standing};

/// Somebody who looks after accounts, and what they hold.
#[derive(Clone, Copy, Debug)]
pub struct Administrator<'a> {
    pub store: &'a Store,
    pub roles: &'a Roles,
    pub account: AccountId,
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

    #[error("this organisation is not in your part; choose one that is")]
    NotYourOrganisation,

    #[error("you may not give this role; leave it out, or ask whoever may")]
    NotYoursToGive,

    #[error("the account holds a role beyond your part; ask whoever looks after that one")]
    HoldsMore,

    #[error("the account's role asks for a second factor; without one only the command resets it")]
    Unguarded,

    #[error("this is your own account; change it on its own page")]
    Oneself,

    #[error(transparent)]
    Account(#[from] AccountError),

    #[error(transparent)]
    Store(#[from] StoreError),
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
        list::within(self.store, &self.reading(at), text, after, most).await
    }

    /// One account of the own part.
    pub async fn find(
        &self,
        account: AccountId,
        at: Timestamp,
    ) -> Result<Option<Listed>, StoreError> {
        list::find(self.store, &self.reading(at), account).await
    }

    /// Invites somebody to open an account in the own part, with a role that is one's own to give.
    ///
    /// # Errors
    /// [`AccountError::LoginTaken`], also when somebody elsewhere is invited by that login name.
    pub async fn invite(
        &self,
        guest: &Guest,
        at: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Result<Token, AdministrationError> {
        let refused = match self.refusal_of(guest, at).await? {
            None => None,
            Some(refusal) => {
                let entry = self.entry("invitation.add").at(&guest.home);
                audit::record(self.store, &entry.refused(), at).await?;
                Some(refusal)
            }
        };
        if let Some(refusal) = refused {
            return Err(refusal);
        }
        let invited = Invited {
            login: guest.login.clone(),
            name: guest.name.clone(),
            organisation: guest.home.clone(),
            role: guest.role.as_ref().map(ToString::to_string),
            account: None,
            invited_by: self.account.to_string(),
        };
        let invited = invitations::invite(self.store, &invited, at, entropy).await;
        invited.map(|it| it.1).map_err(of_invitation)
    }

    /// Closes an account of the own part.
    pub async fn close(
        &self,
        account: AccountId,
        at: Timestamp,
    ) -> Result<(), AdministrationError> {
        self.own(Permission::ManageAccounts, "account.close", account, at).await?;
        Ok(accounts::close(self.store, self.actor(), account, at).await?)
    }

    /// Opens a closed account of the own part again.
    pub async fn reopen(
        &self,
        account: AccountId,
        at: Timestamp,
    ) -> Result<(), AdministrationError> {
        self.own(Permission::ManageAccounts, "account.reopen", account, at).await?;
        Ok(accounts::reopen(self.store, self.actor(), account, at).await?)
    }

    /// Ends all sessions of an account of the own part.
    pub async fn end_sessions(
        &self,
        account: AccountId,
        at: Timestamp,
    ) -> Result<(), AdministrationError> {
        self.own(Permission::EndSessions, "session.end", account, at).await?;
        let ending = Ending::EndedByAdministrator(self.account);
        sessions::end_all(self.store, account, ending, None, at).await?;
        Ok(())
    }

    /// Lets the owner of an account of the own part set a new password, and takes lost second factors away if that is
    /// asked for.
    ///
    /// Whoever passes the link on could use it. So it is given for nobody who holds a role beyond the own part, and where
    /// a role asks for a second factor, not without one that stays.
    pub async fn reset(
        &self,
        account: AccountId,
        with_factors: bool,
        at: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Result<Token, AdministrationError> {
        let scope = self.own(Permission::ManageAccounts, "password.reset", account, at).await?;
        let held = grants::held(self.store, account, at).await?;
        let refusal = if held.grants().iter().any(|it| !scope.covers(&it.range())) {
            Some(AdministrationError::HoldsMore)
        } else if held.needs_second_factor(self.roles)
            && (with_factors || !standing(self.store, account).await?.has_second_factor)
        {
            Some(AdministrationError::Unguarded)
        } else {
            None
        };
        if let Some(refusal) = refusal {
            let entry = self.entry("password.reset").about_owner(account);
            audit::record(self.store, &entry.refused(), at).await?;
            return Err(refusal);
        }
        if with_factors {
            sign_in::reset_factors(self.store, self.actor(), account, at).await?;
        }
        let by = self.account.to_string();
        let invited = invitations::invite_to_reset(self.store, account, &by, at, entropy).await;
        invited.map(|it| it.1).map_err(of_invitation)
    }

    const fn actor(&self) -> Actor {
        Actor::Account(self.account)
    }

    const fn entry(&self, action: &'static str) -> Entry {
        Entry::new(self.actor(), Purpose::OPERATION, action)
    }

    fn reading(&self, at: Timestamp) -> Reading {
        let scope = self.held.scope(self.roles, Permission::ReadAccounts);
        Reading::of(scope, self.account, Purpose::OPERATION, "account.read", at)
    }

    /// Where a permission is held, when the account is another's and at home there.
    async fn own(
        &self,
        permission: Permission,
        action: &'static str,
        account: AccountId,
        at: Timestamp,
    ) -> Result<Scope, AdministrationError> {
        const OWN: &str = include_str!("administration/own.sql");

        if account == self.account {
            return Err(AdministrationError::Oneself);
        }
        let scope = self.held.scope(self.roles, permission);
        let sql = scope.sql(OWN)?;
        let found: Option<String> = on_db!(self.store, pool => {
            let query = sqlx::query_scalar(sql).bind(account.to_string());
            scope::within!(scope, query).fetch_optional(pool).await
        })
        .map_err(StoreError::doing("look for an account of a part"))?;
        if found.is_some() {
            return Ok(scope);
        }
        let entry = self.entry(action).about_owner(account);
        audit::record(self.store, &entry.refused(), at).await?;
        Err(AdministrationError::NotYours)
    }

    /// What stands against inviting somebody.
    async fn refusal_of(
        &self,
        guest: &Guest,
        at: Timestamp,
    ) -> Result<Option<AdministrationError>, StoreError> {
        const PLACE: &str = include_str!("administration/place_within.sql");
        const ELSEWHERE: &str = include_str!("administration/invited_elsewhere.sql");

        let scope = self.held.scope(self.roles, Permission::ManageAccounts);
        let (place, elsewhere) = (scope.sql(PLACE)?, scope.sql(ELSEWHERE)?);
        let found: Option<String> = on_db!(self.store, pool => {
            let query = sqlx::query_scalar(place).bind(guest.home.as_str());
            scope::within!(scope, query).fetch_optional(pool).await
        })
        .map_err(StoreError::doing("look for an organisation of a part"))?;
        if found.is_none() {
            return Ok(Some(AdministrationError::NotYourOrganisation));
        }
        if let Some(role) = &guest.role
            && self.held.giveable(self.roles).all(|it| it.code != *role)
        {
            return Ok(Some(AdministrationError::NotYoursToGive));
        }
        let elsewhere: i64 = on_db!(self.store, pool => {
            let query = sqlx::query_scalar(elsewhere)
                .bind(guest.login.as_str())
                .bind(at.as_microsecond());
            scope::within!(scope, query).fetch_one(pool).await
        })
        .map_err(StoreError::doing("look for invitations"))?;
        Ok((elsewhere > 0).then(|| AccountError::LoginTaken.into()))
    }
}

fn of_invitation(error: InvitationError) -> AdministrationError {
    match error {
        InvitationError::Account(error) => error.into(),
        InvitationError::Store(error) => error.into(),
        // Of one that was just made.
        InvitationError::NotOpen => AccountError::NoAccount.into(),
    }
}

#[cfg(test)]
mod tests;
