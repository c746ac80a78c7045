//! Giving and revoking.

use jiff::Timestamp;
use model::Entropy;
use store::{Store, StoreError, on_db};

use super::refusal::{may_revoke, reason, sound, within_ones_own};
use super::rows::{GrantRow, typed};
use super::{GrantError, GrantId, Refusal, Wanted, giver, in_force};
use crate::audit::{self, Actor, Entry};
use crate::id::AccountId;
use crate::organisations::Place;
use crate::purpose::Purpose;
use crate::roles::Roles;

/// Grants a role, and tells the audit log; what is refused is told too.
///
/// Links by which the account would get a new password end, since they were made for one that held less.
///
/// The program itself may give any role, so that a new centre has someone who can.
pub async fn give(
    store: &Store,
    roles: &Roles,
    by: Actor,
    wanted: &Wanted,
    entropy: &mut dyn Entropy,
    at: Timestamp,
) -> Result<GrantId, GrantError> {
    let id = GrantId::new(at, entropy);
    let entry =
        Entry::new(by, Purpose::SECURITY, "grant.give").at(&wanted.organisation).about("grant", id);
    let given = give_as(store, roles, by, wanted, id, &entry, at).await;
    if let Err(GrantError::Refused(_)) = &given {
        audit::record(store, &entry.refused(), at).await?;
    }
    given
}

async fn give_as(
    store: &Store,
    roles: &Roles,
    by: Actor,
    wanted: &Wanted,
    id: GrantId,
    entry: &Entry,
    at: Timestamp,
) -> Result<GrantId, GrantError> {
    let giving = || StoreError::doing("give a role");

    on_db!(store, pool => {
        let mut transaction = pool.begin_with(store.begin()).await.map_err(giving())?;
        give_in!(transaction, roles, by, wanted, id, at)?;
        audit::append!(transaction, entry, at).map_err(giving())?;
        transaction.commit().await.map_err(giving())?;
    });
    Ok(id)
}

/// The statements of [`give_in!`].
pub(crate) mod sql {
    pub(crate) const LOCK: &str = include_str!("lock.sql");
    pub(crate) const PLACE: &str = include_str!("place.sql");
    pub(crate) const OF_ACCOUNT: &str = include_str!("read_of_account.sql");
    pub(crate) const ADD: &str = include_str!("add.sql");
    pub(crate) const WITHDRAW_RESETS: &str = include_str!("withdraw_resets.sql");
}

/// Checks a grant and records it in a transaction, whose audit entry is still to be appended. A macro, as it is typed for
/// either database.
///
/// Nothing is written when it is refused, so that the transaction may go on without it.
macro_rules! give_in {
    ($transaction:expr, $roles:expr, $by:expr, $wanted:expr, $id:expr, $at:expr) => {
        async {
            use $crate::grants::sql;
            let giving = || store::StoreError::doing("give a role");

            let wanted: &$crate::grants::Wanted = $wanted;
            let by = $crate::grants::giver($by)?;
            sqlx::query(sql::LOCK).execute(&mut *$transaction).await.map_err(giving())?;
            let place: Option<(String, String)> = sqlx::query_as(sql::PLACE)
                .bind(wanted.organisation.as_str())
                .fetch_optional(&mut *$transaction)
                .await
                .map_err(giving())?;
            let of_account: Vec<$crate::grants::GrantRow> = sqlx::query_as(sql::OF_ACCOUNT)
                .bind(wanted.account.to_string())
                .fetch_all(&mut *$transaction)
                .await
                .map_err(giving())?;
            let own = match by {
                None => None,
                Some(by) => {
                    let own: Vec<$crate::grants::GrantRow> = sqlx::query_as(sql::OF_ACCOUNT)
                        .bind(by.to_string())
                        .fetch_all(&mut *$transaction)
                        .await
                        .map_err(giving())?;
                    Some((by, own))
                }
            };
            $crate::grants::check_giving($roles, wanted, place, of_account, own, $at)?;
            sqlx::query(sql::ADD)
                .bind($id.to_string())
                .bind(wanted.account.to_string())
                .bind(wanted.role.as_str())
                .bind(wanted.organisation.as_str())
                .bind(wanted.reach.as_str())
                .bind(wanted.purpose.as_str())
                .bind(wanted.valid_from.as_microsecond())
                .bind(wanted.valid_until.map(jiff::Timestamp::as_microsecond))
                .bind(by.map(|it| it.to_string()))
                .bind($at.as_microsecond())
                .bind(wanted.reason.trim())
                .execute(&mut *$transaction)
                .await
                .map_err(giving())?;
            // Whoever passes on a link for a new password could hold the new role by it.
            sqlx::query(sql::WITHDRAW_RESETS)
                .bind($at.as_microsecond())
                .bind(wanted.account.to_string())
                .execute(&mut *$transaction)
                .await
                .map_err(giving())?;
            Ok::<(), $crate::grants::GrantError>(())
        }
        .await
    };
}

/// Whether a grant may be given. `own`: who gives it and what they hold; `None` for the program itself.
pub(crate) fn check_giving(
    roles: &Roles,
    wanted: &Wanted,
    place: Option<(String, String)>,
    of_account: Vec<GrantRow>,
    own: Option<(AccountId, Vec<GrantRow>)>,
    at: Timestamp,
) -> Result<(), GrantError> {
    let Some((path, level)) = place else {
        let organisation = wanted.organisation.clone();
        return Err(Refusal::NoOrganisation { organisation }.into());
    };
    let place = Place { path, level };
    if let Some((by, own)) = own {
        let own = in_force(own, at)?;
        within_ones_own(roles, by, &own, wanted, &place)?;
    }
    Ok(sound(roles, wanted, &place, &typed(of_account)?, at)?)
}

/// Ends a grant at once, and tells the audit log; what is refused is told too.
///
/// Whoever could give it may, and whoever holds it may lay it down.
pub async fn revoke(
    store: &Store,
    roles: &Roles,
    by: Actor,
    grant: GrantId,
    why: &str,
    at: Timestamp,
) -> Result<(), GrantError> {
    let entry = Entry::new(by, Purpose::SECURITY, "grant.revoke").about("grant", grant);
    let revoked = revoke_as(store, roles, by, grant, why, &entry, at).await;
    if let Err(GrantError::Refused(_)) = &revoked {
        audit::record(store, &entry.refused(), at).await?;
    }
    revoked
}

async fn revoke_as(
    store: &Store,
    roles: &Roles,
    by: Actor,
    grant: GrantId,
    why: &str,
    entry: &Entry,
    at: Timestamp,
) -> Result<(), GrantError> {
    const LOCK: &str = include_str!("lock.sql");
    const READ: &str = include_str!("read.sql");
    const OF_ACCOUNT: &str = include_str!("read_of_account.sql");
    const END: &str = include_str!("end.sql");
    let revoking = || StoreError::doing("revoke a role");

    let by = giver(by)?;
    reason(why)?;
    on_db!(store, pool => {
        let mut transaction = pool.begin_with(store.begin()).await.map_err(revoking())?;
        sqlx::query(LOCK).execute(&mut *transaction).await.map_err(revoking())?;
        let row: Option<GrantRow> = sqlx::query_as(READ).bind(grant.to_string())
            .fetch_optional(&mut *transaction).await.map_err(revoking())?;
        let held = row.map(GrantRow::typed).transpose()?.ok_or(Refusal::NoGrant)?;
        if held.end().is_some_and(|it| it <= at) {
            return Err(Refusal::NoGrant.into());
        }
        if let Some(by) = by {
            let own: Vec<GrantRow> = sqlx::query_as(OF_ACCOUNT).bind(by.to_string())
                .fetch_all(&mut *transaction).await.map_err(revoking())?;
            let own = in_force(own, at)?;
            may_revoke(roles, by, &own, &held)?;
        }
        sqlx::query(END)
            .bind(grant.to_string())
            .bind(by.map(|it| it.to_string()))
            .bind(at.as_microsecond())
            .bind(why.trim())
            .execute(&mut *transaction).await.map_err(revoking())?;
        let entry = entry.clone().at(&held.organisation);
        audit::append!(transaction, entry, at).map_err(revoking())?;
        transaction.commit().await.map_err(revoking())?;
    });
    Ok(())
}

pub(crate) use give_in;
