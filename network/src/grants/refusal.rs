//! What keeps a grant from being given or revoked.

use jiff::{SignedDuration, Timestamp};
use model::OrgCode;

use super::{Grant, Holdings, Wanted};
use crate::id::AccountId;
use crate::organisations::Place;
use crate::roles::{Permission, Role, RoleCode, Roles};
use crate::scope::PathRange;

/// Why a grant is not given or not revoked, worded for whoever asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("only a signed-in account gives and revokes roles; sign in")]
    NotSignedIn,

    #[error("there is no role {role}; choose one of the list")]
    NoRole { role: RoleCode },

    #[error("there is no organisation {organisation}; choose one of your own part")]
    NoOrganisation { organisation: OrgCode },

    #[error("role {role} cannot be given at {organisation}; its levels are {levels}")]
    Level { role: RoleCode, organisation: OrgCode, levels: String },

    #[error("role {role} cannot be given with this reach; choose another")]
    Reach { role: RoleCode },

    #[error("role {role} cannot be given for this purpose; choose another")]
    Purpose { role: RoleCode },

    #[error("the grant would end before it begins or before now; name a later end")]
    Period,

    #[error("role {role} is given for {days} days at most; name an end by then")]
    TooLong { role: RoleCode, days: i64 },

    #[error("a grant needs a reason of 2 to 200 characters; write one")]
    Reason,

    #[error("you hold nothing that lets you give role {role} at {organisation}; ask who does")]
    NotYours { role: RoleCode, organisation: OrgCode },

    #[error("role {role} has {more} that you have not at {organisation}; ask who has it")]
    MoreThanYours { role: RoleCode, organisation: OrgCode, more: String },

    #[error("what lets you give role {role} ends before; name an end by then")]
    Outlasts { role: RoleCode },

    #[error("nobody appoints themselves; let another give role {role}")]
    Oneself { role: RoleCode },

    #[error(
        "the account holds role {held}, which excludes {role}; revoke that first, or choose another account"
    )]
    Excluded { role: RoleCode, held: RoleCode },

    #[error("there is no such grant, or it has ended; look at the list again")]
    NoGrant,
}

impl Wanted {
    /// What would be reached.
    fn range(&self, place: &Place) -> PathRange {
        PathRange::of(&place.path, self.reach)
    }
}

/// Holds what is wanted against the role itself and against what the account holds already.
pub(super) fn sound(
    roles: &Roles,
    wanted: &Wanted,
    place: &Place,
    of_account: &[Grant],
    at: Timestamp,
) -> Result<(), Refusal> {
    let role = known(roles, &wanted.role)?;
    let code = || role.code.clone();
    if !role.levels.contains(&place.level) {
        let organisation = wanted.organisation.clone();
        return Err(Refusal::Level { role: code(), organisation, levels: role.levels.join(", ") });
    }
    if !role.reaches.contains(&wanted.reach) {
        return Err(Refusal::Reach { role: code() });
    }
    if !role.purposes.contains(&wanted.purpose) {
        return Err(Refusal::Purpose { role: code() });
    }
    if wanted.valid_until.is_some_and(|it| it <= at || it <= wanted.valid_from) {
        return Err(Refusal::Period);
    }
    if let Some(days) = role.longest_days {
        let length = SignedDuration::from_hours(days.saturating_mul(24));
        let longest = wanted.valid_from.saturating_add(length).map_err(|_| Refusal::Period)?;
        if wanted.valid_until.is_none_or(|it| it > longest) {
            return Err(Refusal::TooLong { role: code(), days });
        }
    }
    reason(&wanted.reason)?;
    let ends_first = |held: &Grant| wanted.valid_until.is_some_and(|it| it <= held.valid_from);
    let meets = |held: &&Grant| {
        held.end().is_none_or(|it| wanted.valid_from < it && at < it) && !ends_first(held)
    };
    let excluded = |held: &&Grant| roles.exclude_each_other(&role.code, &held.role);
    match of_account.iter().filter(meets).find(excluded) {
        Some(held) => Err(Refusal::Excluded { role: code(), held: held.role.clone() }),
        None => Ok(()),
    }
}

/// Whether a text says why.
pub(super) fn reason(text: &str) -> Result<(), Refusal> {
    let length = text.trim().chars().count();
    if (2..=200).contains(&length) && !text.chars().any(char::is_control) {
        Ok(())
    } else {
        Err(Refusal::Reason)
    }
}

/// Holds what is wanted against what the giver holds.
pub(super) fn within_ones_own(
    roles: &Roles,
    giver: AccountId,
    own: &Holdings,
    wanted: &Wanted,
    place: &Place,
) -> Result<(), Refusal> {
    let role = known(roles, &wanted.role)?;
    let range = wanted.range(place);
    let grants = by_which(roles, own, role, &range);
    if grants.is_empty() {
        let (role, organisation) = (role.code.clone(), wanted.organisation.clone());
        return Err(Refusal::NotYours { role, organisation });
    }
    let lasts = |it: &&Grant| match (it.valid_until, wanted.valid_until) {
        (None, _) => true,
        (Some(own), Some(wanted)) => wanted <= own,
        (Some(_), None) => false,
    };
    let Some(by) = grants.into_iter().find(lasts) else {
        return Err(Refusal::Outlasts { role: role.code.clone() });
    };
    let appointed = roles.get(&by.role).is_some_and(|it| it.appoints.contains(&role.code));
    if appointed {
        return match giver == wanted.account {
            true => Err(Refusal::Oneself { role: role.code.clone() }),
            false => Ok(()),
        };
    }
    let more = more_than_held(roles, own, role, &range);
    if more.is_empty() {
        return Ok(());
    }
    let (role, organisation) = (role.code.clone(), wanted.organisation.clone());
    Err(Refusal::MoreThanYours { role, organisation, more: more.join(", ") })
}

impl Holdings {
    /// Whether acting by another's grant would let whoever holds this do or see something more.
    ///
    /// A role that is in the file no more lets nobody do anything.
    pub(crate) fn would_gain_by(&self, roles: &Roles, grant: &Grant) -> bool {
        let role = roles.get(&grant.role);
        role.is_some_and(|it| !more_than_held(roles, self, it, &grant.range()).is_empty())
    }
}

/// Permissions and fields of a role that somebody has not in the whole of a range.
fn more_than_held(roles: &Roles, own: &Holdings, role: &Role, range: &PathRange) -> Vec<String> {
    let permissions = role
        .permissions
        .iter()
        .filter(|it| !own.scope(roles, **it).covers(range))
        .map(ToString::to_string);
    let reading = |field| {
        let shows = |it: &Permission| own.scope(roles, *it).shows(field, range);
        role.permissions.iter().any(shows)
    };
    let fields = role.fields.iter().filter(|it| !reading(*it)).map(|it| it.to_string());
    permissions.chain(fields).collect()
}

/// Whether somebody may revoke a grant: who could give it, or whoever holds it.
pub(super) fn may_revoke(
    roles: &Roles,
    revoker: AccountId,
    own: &Holdings,
    grant: &Grant,
) -> Result<(), Refusal> {
    if revoker == grant.account {
        return Ok(());
    }
    let refused =
        || Refusal::NotYours { role: grant.role.clone(), organisation: grant.organisation.clone() };
    // A role that is in the file no more can still be taken from its holder.
    let Some(role) = roles.get(&grant.role) else {
        let giving = own.scope(roles, Permission::GiveGrants);
        return if giving.covers(&grant.range()) { Ok(()) } else { Err(refused()) };
    };
    match by_which(roles, own, role, &grant.range()).is_empty() {
        true => Err(refused()),
        false => Ok(()),
    }
}

/// The grants by which a role may be given in a range.
fn by_which<'a>(
    roles: &Roles,
    own: &'a Holdings,
    role: &Role,
    range: &PathRange,
) -> Vec<&'a Grant> {
    let gives = |it: &&Grant| {
        let held = roles.get(&it.role);
        held.is_some_and(|it| it.may(Permission::GiveGrants) && it.gives(&role.code))
    };
    let covers = |it: &&Grant| it.range().covers(range);
    own.grants().iter().filter(gives).filter(covers).collect()
}

fn known<'a>(roles: &'a Roles, code: &RoleCode) -> Result<&'a Role, Refusal> {
    roles.get(code).ok_or_else(|| Refusal::NoRole { role: code.clone() })
}
