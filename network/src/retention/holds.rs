//! Legal holds: what is a person's must stay, by law or for proceedings.

use std::collections::BTreeSet;

use jiff::Timestamp;
use model::{Entropy, OrgCode};
use store::{Store, StoreError, on_db};

use super::requests::sound_reason;
use crate::audit::{self, Entry};
use crate::connection::Connection;
use crate::grants::Authority;
use crate::id::{AccountId, PersonId};
use crate::personal::{self, Personal, Reading};
use crate::purpose::Purpose;
use crate::roles::{FieldMask, Permission, PersonalField};
use crate::rows;

crate::id! {
    /// A legal hold.
    HoldId
}

/// A legal hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    pub id: HoldId,
    pub person: PersonId,
    /// The law or the proceedings.
    pub reason: String,
    pub set_at: Timestamp,
    pub lifted_at: Option<Timestamp>,
}

/// A hold that is not lifted, and whom it keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    pub id: HoldId,
    /// `None` when it may not be seen.
    pub name: Option<String>,
    /// Home of the person's account.
    pub home: OrgCode,
    pub reason: String,
    pub set_at: Timestamp,
}

/// Why a hold was not set or lifted.
#[derive(Debug, thiserror::Error)]
pub enum HoldError {
    #[error("there is no such account in your part; look for it in your list")]
    NotYours,

    #[error("there is no such hold in your part, or it is lifted; look at the list again")]
    NoHold,

    #[error("a hold needs a reason of 2 to 200 characters: the law, or the proceedings; write one")]
    Reason,

    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Sets a hold on all that is a person's, whom an account of the own part belongs to.
pub async fn set(
    store: &Store,
    by: Authority<'_>,
    account: AccountId,
    reason: &str,
    at: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<HoldId, HoldError> {
    let id = HoldId::new(at, entropy);
    let entry = Entry::new(by.actor(), Purpose::SECURITY, "hold.set").about_owner(account);
    let set = set_as(store, by, account, reason, id, &entry, at).await;
    if let Err(HoldError::NotYours) = set {
        audit::record(store, &entry.refused(), at).await?;
    }
    set
}

async fn set_as(
    store: &Store,
    by: Authority<'_>,
    account: AccountId,
    reason: &str,
    id: HoldId,
    entry: &Entry,
    at: Timestamp,
) -> Result<HoldId, HoldError> {
    const PERSON: &str = include_str!("person_within.sql");
    const SET: &str = include_str!("set_hold.sql");
    let setting = || StoreError::doing("set a legal hold");

    let reason = sound_reason(reason).ok_or(HoldError::Reason)?;
    let mut connection = Connection::begin(store).await.map_err(setting())?;
    let scope = connection.scope(by, Permission::SetHolds, at).await?;
    let person = connection.within(&scope, PERSON, [account.to_string().into()]).await?;
    let person = person.into_iter().flatten().next().ok_or(HoldError::NotYours)?;
    let values =
        [id.to_string().into(), person.into(), reason.into(), by.actor().id().into(), at.into()];
    connection.execute(SET.to_owned(), values).await.map_err(setting())?;
    connection.append(entry, at).await.map_err(setting())?;
    connection.commit().await.map_err(setting())?;
    Ok(id)
}

/// Lifts a hold on a person of the own part.
pub async fn lift(
    store: &Store,
    by: Authority<'_>,
    hold: HoldId,
    at: Timestamp,
) -> Result<(), HoldError> {
    let entry = Entry::new(by.actor(), Purpose::SECURITY, "hold.lift").about("hold", hold);
    let lifted = lift_as(store, by, hold, &entry, at).await;
    if let Err(HoldError::NoHold) = lifted {
        audit::record(store, &entry.refused(), at).await?;
    }
    lifted
}

async fn lift_as(
    store: &Store,
    by: Authority<'_>,
    hold: HoldId,
    entry: &Entry,
    at: Timestamp,
) -> Result<(), HoldError> {
    const WITHIN: &str = include_str!("hold_within.sql");
    const LIFT: &str = include_str!("lift_hold.sql");
    let lifting = || StoreError::doing("lift a legal hold");

    let mut connection = Connection::begin(store).await.map_err(lifting())?;
    let scope = connection.scope(by, Permission::SetHolds, at).await?;
    if connection.within(&scope, WITHIN, [hold.to_string().into()]).await?.is_empty() {
        return Err(HoldError::NoHold);
    }
    let values = [hold.to_string().into(), by.actor().id().into(), at.into()];
    if connection.execute(LIFT.to_owned(), values).await.map_err(lifting())? == 0 {
        return Err(HoldError::NoHold);
    }
    connection.append(entry, at).await.map_err(lifting())?;
    connection.commit().await.map_err(lifting())?;
    Ok(())
}

/// A person's holds, those that were lifted too.
pub async fn of_person(store: &Store, person: PersonId) -> Result<Vec<Hold>, StoreError> {
    const HOLDS: &str = include_str!("read_holds.sql");
    let found: Vec<(String, String, i64, Option<i64>)> = on_db!(store, pool => {
        sqlx::query_as(HOLDS).bind(person.to_string()).fetch_all(pool).await
    })
    .map_err(StoreError::doing("read legal holds"))?;
    let typed = |(id, reason, set_at, lifted_at): (String, String, i64, Option<i64>)| {
        Ok(Hold {
            id: rows::parsed("id", &id)?,
            person,
            reason,
            set_at: rows::instant("set_at", set_at)?,
            lifted_at: rows::optional_instant("lifted_at", lifted_at)?,
        })
    };
    found.into_iter().map(typed).collect()
}

store::row! {
    #[derive(Clone)]
    struct HeldRow {
        id: String,
        account: String,
        name: Option<String>,
        home: String,
        reason: String,
        set_at: i64,
        path: String,
    }
}

impl Personal for HeldRow {
    fn path(&self) -> &str {
        &self.path
    }

    fn account(&self) -> &str {
        &self.account
    }

    fn mask(&mut self, seen: &FieldMask) {
        if !seen.shows(PersonalField::Name) {
            self.name = None;
        }
    }
}

/// Holds that are not lifted, on persons with an account within the reading's scope, the earliest first. The audit log is
/// told.
pub async fn held(store: &Store, reading: &Reading, most: u32) -> Result<Vec<Held>, StoreError> {
    let rows: Vec<HeldRow> =
        personal::read!(store, reading, include_str!("holds_within.sql"), [i64::from(most)])?;
    // One who has two accounts there is kept by the same hold.
    let mut known = BTreeSet::new();
    let held = |it: HeldRow| {
        Ok(Held {
            id: rows::parsed("id", &it.id)?,
            name: it.name,
            home: rows::parsed("home", &it.home)?,
            reason: it.reason,
            set_at: rows::instant("set_at", it.set_at)?,
        })
    };
    rows.into_iter().filter(|it| known.insert(it.id.clone())).map(held).collect()
}
