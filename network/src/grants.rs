//! Grants: a role at an organisation, alone or with all below it, for a purpose, until an instant, with a reason.
//!
//! **Invariant:** nobody gives more than they have, nor where they have it not, nor for longer; and what they may only
//! appoint they can never hold.
//!
//! **Invariant:** what is granted or revoked holds at once: every request asks the registry for what is held.

use jiff::Timestamp;
use model::OrgCode;
use store::StoreError;

use crate::audit::Actor;
use crate::id::AccountId;
use crate::purpose::Purpose;
use crate::roles::{Permission, Reach, Role, RoleCode, Roles};
use crate::scope::{PathRange, Scope};

mod authority;
mod giving;
mod named;
mod reading;
mod refusal;
mod rows;

pub use self::authority::Authority;
pub(crate) use self::authority::{grants_in, in_force};
pub(crate) use self::giving::{check_giving, give_in, sql};
pub use self::giving::{give, revoke};
pub use self::named::{Named, named};
pub use self::reading::{Holder, get, held, holders, within};
pub use self::refusal::Refusal;
pub(crate) use self::rows::GrantRow;

crate::id! {
    /// A grant.
    GrantId
}

/// Why a grant could not be given, revoked or read.
#[derive(Debug, thiserror::Error)]
pub enum GrantError {
    #[error(transparent)]
    Refused(#[from] Refusal),

    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is to be granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub account: AccountId,
    pub role: RoleCode,
    pub organisation: OrgCode,
    pub reach: Reach,
    pub purpose: Purpose,
    pub valid_from: Timestamp,
    /// The first instant at which it does not hold any more.
    pub valid_until: Option<Timestamp>,
    pub reason: String,
}

/// A grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    pub id: GrantId,
    pub account: AccountId,
    pub role: RoleCode,
    pub organisation: OrgCode,
    pub reach: Reach,
    pub purpose: Purpose,
    pub valid_from: Timestamp,
    pub valid_until: Option<Timestamp>,
    /// Who gave it; `None` for the program itself.
    pub granted_by: Option<AccountId>,
    pub granted_at: Timestamp,
    pub reason: String,
    pub revoked: Option<Revocation>,
    /// Where the organisation stands.
    pub path: String,
}

/// How a grant ended before its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// Who revoked it; `None` for the program itself.
    pub by: Option<AccountId>,
    pub at: Timestamp,
    pub reason: String,
}

impl Grant {
    /// Whether it holds at an instant.
    pub fn holds(&self, at: Timestamp) -> bool {
        self.valid_from <= at && self.end().is_none_or(|it| at < it)
    }

    /// The first instant at which it does not hold any more.
    pub fn end(&self) -> Option<Timestamp> {
        let revoked = self.revoked.as_ref().map(|it| it.at);
        self.valid_until.into_iter().chain(revoked).min()
    }

    /// What it reaches.
    pub fn range(&self) -> PathRange {
        PathRange::of(&self.path, self.reach)
    }
}

/// All that an account holds at one instant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holdings {
    grants: Vec<Grant>,
}

impl Holdings {
    /// Of grants that all hold.
    pub(crate) fn of(grants: Vec<Grant>) -> Self {
        Self { grants }
    }

    pub fn is_empty(&self) -> bool {
        self.grants.is_empty()
    }

    pub fn grants(&self) -> &[Grant] {
        &self.grants
    }

    /// Whether a permission is held anywhere.
    pub fn may(&self, roles: &Roles, permission: Permission) -> bool {
        self.grants.iter().any(|it| roles.get(&it.role).is_some_and(|it| it.may(permission)))
    }

    /// The purpose that a permission is held for; of several, the one that was granted first.
    pub fn purpose_of(&self, roles: &Roles, permission: Permission) -> Option<&Purpose> {
        let may = |it: &&Grant| roles.get(&it.role).is_some_and(|it| it.may(permission));
        self.grants.iter().find(may).map(|it| &it.purpose)
    }

    /// Whether one of the roles asks for a second factor.
    pub fn needs_second_factor(&self, roles: &Roles) -> bool {
        self.grants.iter().any(|it| roles.get(&it.role).is_some_and(|it| it.second_factor))
    }

    /// The roles that may be given by what is held, as the file lists them.
    pub fn giveable<'a>(&'a self, roles: &'a Roles) -> impl Iterator<Item = &'a Role> {
        roles.iter().filter(|role| {
            let held = self.grants.iter().filter_map(|it| roles.get(&it.role));
            held.into_iter().any(|it| it.may(Permission::GiveGrants) && it.gives(&role.code))
        })
    }

    /// Where a permission is held, and what may be seen there.
    pub fn scope(&self, roles: &Roles, permission: Permission) -> Scope {
        self.scope_of(roles, permission, |_| true)
    }

    /// Where a permission is held for a purpose, and what may be seen there.
    pub fn scope_for(&self, roles: &Roles, permission: Permission, purpose: &Purpose) -> Scope {
        self.scope_of(roles, permission, |it| it.purpose == *purpose)
    }

    fn scope_of(
        &self,
        roles: &Roles,
        permission: Permission,
        counts: impl Fn(&Grant) -> bool,
    ) -> Scope {
        let parts = self.grants.iter().filter(|it| counts(it)).filter_map(|it| {
            let role = roles.get(&it.role).filter(|it| it.may(permission))?;
            Some((it.range(), role.fields.clone()))
        });
        Scope::of(parts)
    }
}

/// Who gives or revokes: an account by what it holds, or the program itself.
pub(crate) fn giver(actor: Actor) -> Result<Option<AccountId>, Refusal> {
    match actor {
        Actor::System => Ok(None),
        Actor::Account(id) => Ok(Some(id)),
        Actor::Application(_) | Actor::Nobody => Err(Refusal::NotSignedIn),
    }
}

#[cfg(test)]
mod tests;
