//! Carrying out what periods and decisions say.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use store::{Store, StoreError, on_db};

use super::erasure;
use super::file::{DataClass, Rules};
use crate::audit::{self, Actor, Entry};
use crate::purpose::Purpose;

/// Classes whose rows go by their age alone; each statement's one value is the instant before which they go.
const BY_AGE: [(DataClass, &str); 5] = [
    (DataClass::Sessions, include_str!("expire/sessions.sql")),
    (DataClass::KnownDevices, include_str!("expire/known_devices.sql")),
    (DataClass::SignInFailures, include_str!("expire/sign_in_failures.sql")),
    (DataClass::Invitations, include_str!("expire/invitations.sql")),
    (DataClass::Requests, include_str!("expire/requests.sql")),
];

/// What was carried out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Carried {
    /// Rows that were taken away because of their age.
    pub aged: BTreeMap<DataClass, u64>,
    /// Persons that were taken away: all their accounts were closed long enough.
    pub persons: u64,
    /// Requests of persons that were carried out.
    pub requests: u64,
    /// Requests that a legal hold keeps from being carried out.
    pub held: u64,
}

/// Whether what is found is done, or only counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Earnest {
    Done,
    Foreseen,
}

/// Carries out every granted request, then takes away what is older than its period. The audit log is told of each.
pub async fn run(store: &Store, rules: &Rules, at: Timestamp) -> Result<Carried, StoreError> {
    carry(store, rules, Earnest::Done, at).await
}

/// What [`run`] would do at an instant. Nothing is changed.
pub async fn foresee(store: &Store, rules: &Rules, at: Timestamp) -> Result<Carried, StoreError> {
    carry(store, rules, Earnest::Foreseen, at).await
}

async fn carry(
    store: &Store,
    rules: &Rules,
    earnest: Earnest,
    at: Timestamp,
) -> Result<Carried, StoreError> {
    let mut carried = Carried::default();
    for (id, person, value, holds) in granted(store).await? {
        if holds > 0 {
            carried.held += 1;
            continue;
        }
        if earnest == Earnest::Done {
            carry_out(store, &id, &person, value.as_deref(), at).await?;
        }
        carried.requests += 1;
    }
    for (class, sql) in BY_AGE {
        let Some(before) = cutoff(rules, class, at) else { continue };
        let rows = expire(store, class, sql, before, earnest, at).await?;
        if rows > 0 {
            carried.aged.insert(class, rows);
        }
    }
    if let Some(before) = cutoff(rules, DataClass::ClosedAccounts, at) {
        for person in closed(store, before).await? {
            if earnest == Earnest::Done {
                erase(store, &person, at).await?;
            }
            carried.persons += 1;
        }
    }
    Ok(carried)
}

/// The instant before which a class goes; `None` when it stays.
fn cutoff(rules: &Rules, class: DataClass, at: Timestamp) -> Option<Timestamp> {
    let days = rules.get(class)?.days?;
    at.checked_sub(SignedDuration::from_hours(days.checked_mul(24)?)).ok()
}

/// `id, person, value, holds`
type Granted = (String, String, Option<String>, i64);

async fn granted(store: &Store) -> Result<Vec<Granted>, StoreError> {
    const GRANTED: &str = include_str!("granted_requests.sql");
    on_db!(store, pool => sqlx::query_as(GRANTED).fetch_all(pool).await)
        .map_err(StoreError::doing("read what persons were granted"))
}

/// Persons all of whose accounts were closed before an instant, and whom no hold keeps.
async fn closed(store: &Store, before: Timestamp) -> Result<Vec<String>, StoreError> {
    const CLOSED: &str = include_str!("closed_persons.sql");
    on_db!(store, pool => {
        sqlx::query_scalar(CLOSED).bind(before.as_microsecond()).fetch_all(pool).await
    })
    .map_err(StoreError::doing("read whose accounts are closed"))
}

/// Puts in what was corrected, or takes the person away when nothing was to be put in.
async fn carry_out(
    store: &Store,
    request: &str,
    person: &str,
    value: Option<&str>,
    at: Timestamp,
) -> Result<(), StoreError> {
    const CORRECT: &str = include_str!("correct_name.sql");
    const END: &str = include_str!("end_request.sql");
    let carrying = || StoreError::doing("carry out a person's request");

    let entry =
        Entry::new(Actor::System, Purpose::OWN, "request.carry-out").about("request", request);
    on_db!(store, pool => {
        let mut transaction = pool.begin_with(store.begin()).await.map_err(carrying())?;
        let ended = sqlx::query(END).bind(request).bind(at.as_microsecond())
            .execute(&mut *transaction).await.map_err(carrying())?
            .rows_affected();
        if ended == 0 {
            // Another process was faster, or a hold came between.
            return Ok(());
        }
        match value {
            Some(name) => {
                sqlx::query(CORRECT).bind(person).bind(name)
                    .execute(&mut *transaction).await.map_err(carrying())?;
            }
            None => erasure::erase!(transaction, person).map_err(carrying())?,
        }
        audit::append!(transaction, entry, at).map_err(carrying())?;
        transaction.commit().await.map_err(carrying())
    })
}

async fn erase(store: &Store, person: &str, at: Timestamp) -> Result<(), StoreError> {
    let erasing = || StoreError::doing("take away a person whose accounts are closed");
    let entry = Entry::new(Actor::System, Purpose::OPERATION, "person.expire");
    on_db!(store, pool => {
        let mut transaction = pool.begin_with(store.begin()).await.map_err(erasing())?;
        erasure::erase!(transaction, person).map_err(erasing())?;
        audit::append!(transaction, entry, at).map_err(erasing())?;
        transaction.commit().await.map_err(erasing())
    })
}

async fn expire(
    store: &Store,
    class: DataClass,
    sql: &'static str,
    before: Timestamp,
    earnest: Earnest,
    at: Timestamp,
) -> Result<u64, StoreError> {
    let expiring = || StoreError::doing("take away what is older than its period");
    on_db!(store, pool => {
        let mut transaction = pool.begin_with(store.begin()).await.map_err(expiring())?;
        let rows = sqlx::query(sql).bind(before.as_microsecond())
            .execute(&mut *transaction).await.map_err(expiring())?
            .rows_affected();
        if earnest == Earnest::Foreseen {
            transaction.rollback().await.map_err(expiring())?;
            return Ok(rows);
        }
        if rows > 0 {
            let entry = Entry::new(Actor::System, Purpose::OPERATION, "data.expire")
                .about("data_class", class)
                .rows(rows);
            audit::append!(transaction, entry, at).map_err(expiring())?;
        }
        transaction.commit().await.map_err(expiring())?;
        Ok(rows)
    })
}
