//! People, and who they are elsewhere.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use model::Entropy;
use store::{Store, StoreError, on_db};

use crate::id::PersonId;
use crate::rows;

pub mod list;

/// Most characters of a name.
const LONGEST_NAME: usize = 100;

/// A person's name as it is shown.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PersonName(String);

/// A text that is no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a name has 1 to {LONGEST_NAME} characters on one line")]
pub struct NotAName;

impl PersonName {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PersonName {
    type Err = NotAName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let length = text.chars().count();
        if length == 0 || length > LONGEST_NAME || text.chars().any(char::is_control) {
            return Err(NotAName);
        }
        Ok(Self(text.to_owned()))
    }
}

/// Shows nobody: a name must not get into a log by way of a debug line.
impl fmt::Debug for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonName(…)")
    }
}

/// A person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub id: PersonId,
    pub name: PersonName,
    pub recorded_at: Timestamp,
}

/// Who somebody is at an outside provider of identities: the pair is the identity, never a name or an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutsideIdentity {
    pub issuer: String,
    pub subject: String,
}

/// Why a person could not be linked.
#[derive(Debug, thiserror::Error)]
pub enum PersonError {
    #[error("nobody has this id")]
    NoPerson,

    #[error("this outside identity belongs to somebody already; end that link first")]
    IdentityTaken,

    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Records a person in a transaction. A macro, as it is typed for either database.
macro_rules! record_person {
    ($transaction:expr, $name:expr, $at:expr, $entropy:expr) => {{
        let id = $crate::id::PersonId::new($at, $entropy);
        sqlx::query(include_str!("people/record.sql"))
            .bind(id.to_string())
            .bind($name.as_str())
            .bind($at.as_microsecond())
            .execute(&mut *$transaction)
            .await
            .map(|_| id)
    }};
}

/// Records a person who has no account yet.
pub async fn record(
    store: &Store,
    name: &PersonName,
    at: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<PersonId, StoreError> {
    let recording = || StoreError::doing("record a person");
    on_db!(store, pool => {
        let mut transaction = pool.begin_with(store.begin()).await.map_err(recording())?;
        let id = record_person!(transaction, name, at, entropy).map_err(recording())?;
        transaction.commit().await.map_err(recording())?;
        Ok(id)
    })
}

/// The person of an id.
pub async fn find(store: &Store, id: PersonId) -> Result<Option<Person>, StoreError> {
    const SQL: &str = include_str!("people/find.sql");

    let row: Option<(String, i64)> = on_db!(store, pool => {
        sqlx::query_as(SQL).bind(id.to_string()).fetch_optional(pool).await
    })
    .map_err(StoreError::doing("read a person"))?;
    let Some((name, recorded_at)) = row else { return Ok(None) };
    let name = rows::parsed("name", &name)?;
    Ok(Some(Person { id, name, recorded_at: rows::instant("recorded_at", recorded_at)? }))
}

pub(crate) const LINK: &str = include_str!("people/link.sql");

/// Links a person to an identity elsewhere, by somebody who has looked at both.
///
/// # Errors
/// [`PersonError::IdentityTaken`] when the identity is linked to another person; the same link again changes nothing.
pub async fn link(
    store: &Store,
    person: PersonId,
    identity: &OutsideIdentity,
    linked_by: &str,
    at: Timestamp,
) -> Result<(), PersonError> {
    const WHOSE: &str = include_str!("people/whose.sql");
    let linking = || StoreError::doing("link an outside identity");

    if find(store, person).await?.is_none() {
        return Err(PersonError::NoPerson);
    }
    let whose: Option<String> = on_db!(store, pool => {
        let mut transaction = pool.begin_with(store.begin()).await.map_err(linking())?;
        sqlx::query(LINK)
            .bind(&identity.issuer)
            .bind(&identity.subject)
            .bind(person.to_string())
            .bind(at.as_microsecond())
            .bind(linked_by)
            .execute(&mut *transaction)
            .await
            .map_err(linking())?;
        let whose = sqlx::query_scalar(WHOSE)
            .bind(&identity.issuer)
            .bind(&identity.subject)
            .fetch_optional(&mut *transaction)
            .await
            .map_err(linking())?;
        transaction.commit().await.map_err(linking())?;
        whose
    });
    if whose == Some(person.to_string()) { Ok(()) } else { Err(PersonError::IdentityTaken) }
}

/// Whose an outside identity is.
pub async fn whose(
    store: &Store,
    identity: &OutsideIdentity,
) -> Result<Option<PersonId>, StoreError> {
    const SQL: &str = include_str!("people/whose.sql");

    let person: Option<String> = on_db!(store, pool => {
        sqlx::query_scalar(SQL)
            .bind(&identity.issuer)
            .bind(&identity.subject)
            .fetch_optional(pool)
            .await
    })
    .map_err(StoreError::doing("read an outside identity"))?;
    person.map(|it| rows::parsed("person", &it)).transpose()
}

/// Ends a link.
pub async fn unlink(store: &Store, identity: &OutsideIdentity) -> Result<(), StoreError> {
    const SQL: &str = include_str!("people/unlink.sql");

    on_db!(store, pool => {
        sqlx::query(SQL)
            .bind(&identity.issuer)
            .bind(&identity.subject)
            .execute(pool)
            .await
            .map(|_| ())
    })
    .map_err(StoreError::doing("end a link to an outside identity"))
}

pub(crate) use record_person;

#[cfg(test)]
mod tests;
