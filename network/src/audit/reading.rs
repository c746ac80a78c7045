//! Reading the log: for the auditor, and for the person whom entries concern.

use jiff::Timestamp;
use store::{Store, StoreError, on_db};

use super::entry::{Outcome, Written, reference};
use super::sql;
use crate::id::PersonId;
use crate::scope::{self, Scope};

/// Which entries are asked for. All of them, unless it says otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    pub since: Option<Timestamp>,
    /// The first instant that is not asked for any more.
    pub until: Option<Timestamp>,
    /// Id of an account or an application.
    pub actor: Option<String>,
    pub action: Option<String>,
    pub outcome: Option<Outcome>,
    /// Id of a thing, or a person's [reference](reference_of).
    pub object: Option<String>,
    /// Entries before this one, to read on.
    pub before: Option<i64>,
}

/// The latest entries that are asked for, the latest first: for the program itself, never for a request.
pub async fn entries(store: &Store, asked: &Asked, most: u32) -> Result<Vec<Written>, StoreError> {
    within(store, &Scope::everything(), asked, most).await
}

/// The latest entries of a scope that are asked for, the latest first.
///
/// An entry that names no organisation, or one that is no more, is seen by whoever sees [the whole](is_whole) only.
pub async fn within(
    store: &Store,
    scope: &Scope,
    asked: &Asked,
    most: u32,
) -> Result<Vec<Written>, StoreError> {
    const ENTRIES: &str = include_str!("read_asked.sql");
    let microseconds = |it: Option<Timestamp>| it.map(Timestamp::as_microsecond);
    let whole = i64::from(is_whole(store, scope).await?);
    let sql = scope.sql(ENTRIES)?;
    on_db!(store, pool => {
        let query = sqlx::query_as(sql)
            .bind(asked.before.unwrap_or(i64::MAX))
            .bind(microseconds(asked.since).unwrap_or(i64::MIN))
            .bind(microseconds(asked.until).unwrap_or(i64::MAX))
            .bind(&asked.actor)
            .bind(&asked.action)
            .bind(asked.outcome.map(Outcome::as_str))
            .bind(&asked.object)
            .bind(i64::from(most))
            .bind(whole);
        scope::within!(scope, query).fetch_all(pool).await
    })
    .map_err(StoreError::doing("read the audit log"))
}

/// Whether a scope sees every organisation. One with none above it and none below it does not count: it was recorded
/// without its place, and the log must not go dark for that.
pub async fn is_whole(store: &Store, scope: &Scope) -> Result<bool, StoreError> {
    const BEYOND: &str = include_str!("count_beyond.sql");

    if scope.is_empty() {
        return Ok(false);
    }
    let sql = scope.sql(BEYOND)?;
    let beyond: i64 =
        on_db!(store, pool => scope::within!(scope, sqlx::query_scalar(sql)).fetch_one(pool).await)
            .map_err(StoreError::doing("look for organisations beyond a part"))?;
    Ok(beyond == 0)
}

/// The latest entries that concern a person, alone or among others, the latest first; `before` to read on.
pub async fn concerning(
    store: &Store,
    person: PersonId,
    before: Option<i64>,
    most: u32,
) -> Result<Vec<Written>, StoreError> {
    const CONCERNING: &str = include_str!("read_concerning.sql");

    let Some(object) = reference_of(store, person).await? else { return Ok(Vec::new()) };
    on_db!(store, pool => {
        sqlx::query_as(CONCERNING)
            .bind(before.unwrap_or(i64::MAX))
            .bind(&object)
            .bind(i64::from(most))
            .fetch_all(pool)
            .await
    })
    .map_err(StoreError::doing("read the audit log"))
}

/// What stands for a person in the log; `None` when no entry concerned it, or its salt is gone.
pub async fn reference_of(store: &Store, person: PersonId) -> Result<Option<String>, StoreError> {
    let salt: Option<String> = on_db!(store, pool => {
        sqlx::query_scalar(sql::READ_SALT).bind(person.to_string()).fetch_optional(pool).await
    })
    .map_err(StoreError::doing("look for a person in the audit log"))?;
    Ok(salt.map(|it| reference(&person.to_string(), &it)))
}
