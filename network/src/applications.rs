//! The register of applications: what each is for, who answers for it, what it may see, and whose people use it.
//!
//! **Invariant:** an application that is not in the register, or whose time is over, gets nothing.

use std::fmt;
use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};
use store::{Store, StoreError, on_db};

use crate::audit::Actor;
use crate::secret::{Token, same, sha256};

mod addresses;
mod changes;
mod part;
mod registration;
mod rows;
mod usable;
mod uses;

pub use self::addresses::is_of_this_machine;
pub use self::changes::{amend, end, register, renew_secret, review};
pub use self::part::{get, within};
pub use self::registration::{Authentication, Flaw, RULES, Registration, Subject};
use self::rows::ApplicationRow;
pub(crate) use self::rows::FoundRow;
pub use self::usable::usable;
pub(crate) use self::uses::and_use;
pub use self::uses::{UseCount, recent_uses, uses};

/// How long a registration holds at most before someone has to look at it again.
pub const REVIEW_EVERY: SignedDuration = SignedDuration::from_hours(24 * 366);

/// Why the register could not be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum ApplicationsError {
    #[error("there is no application {0} in the register")]
    Unknown(ApplicationCode),

    #[error("there is an application {0} already; choose another code")]
    Taken(ApplicationCode),

    #[error("the application cannot be registered like this: {}", listed(.0))]
    Flawed(Vec<Flaw>),

    #[error("application {0} has ended; register it anew")]
    Ended(ApplicationCode),

    #[error("application {0} proves itself without a secret")]
    NoSecret(ApplicationCode),

    #[error("there is no application {0} in your part, or it is for others to change")]
    NotYours(ApplicationCode),

    #[error(transparent)]
    Store(#[from] StoreError),
}

fn listed(flaws: &[Flaw]) -> String {
    let flaws: Vec<String> = flaws.iter().map(Flaw::to_string).collect();
    flaws.join("; ")
}

/// An application's code, which is its `client_id` too.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ApplicationCode(String);

/// A text that is no code of an application.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an application's code is 2 to 40 of a to z, 0 to 9 and hyphen, and begins with a letter")]
pub struct NoApplicationCode;

impl ApplicationCode {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ApplicationCode {
    type Err = NoApplicationCode;

    fn from_str(text: &str) -> Result<Self, NoApplicationCode> {
        let plain = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-';
        let begins = text.starts_with(|it: char| it.is_ascii_lowercase());
        if begins && (2..=40).contains(&text.len()) && text.chars().all(plain) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NoApplicationCode)
        }
    }
}

impl fmt::Display for ApplicationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An application as the register knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    pub code: ApplicationCode,
    pub registration: Registration,
    pub registered_at: Timestamp,
    /// When someone last looked whether all of this is still right.
    pub reviewed_at: Timestamp,
    pub expires_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    secret_hash: Option<String>,
}

impl Application {
    /// Whether it is in use at an instant.
    pub fn holds_at(&self, at: Timestamp) -> bool {
        self.ended_at.is_none() && at < self.expires_at
    }

    /// As the audit log names it, when it acts for itself.
    pub(crate) fn actor(&self) -> Actor {
        Actor::Application((&self.code).into())
    }

    /// Whether this is its secret.
    pub(crate) fn has_secret(&self, secret: &str) -> bool {
        self.secret_hash.as_ref().is_some_and(|it| same(it, &sha256(secret.as_bytes())))
    }
}

/// A new application, and the secret it proves itself with, which is shown this once.
#[derive(Debug)]
pub struct Registered {
    pub application: Application,
    pub secret: Option<Token>,
}

fn flawed_expiry(expires_at: Timestamp, now: Timestamp) -> Option<Flaw> {
    let latest = now.checked_add(REVIEW_EVERY).unwrap_or(Timestamp::MAX);
    let fits = now < expires_at && expires_at <= latest;
    (!fits).then(|| Flaw::new("expires_at", "expiry", &expires_at.to_string()))
}

/// The application of a code.
///
/// # Errors
/// [`ApplicationsError::Unknown`] when the register has none.
pub async fn read(store: &Store, code: &ApplicationCode) -> Result<Application, ApplicationsError> {
    find(store, code).await?.ok_or_else(|| ApplicationsError::Unknown(code.clone()))
}

/// The application of a code, in use or not.
pub async fn find(
    store: &Store,
    code: &ApplicationCode,
) -> Result<Option<Application>, ApplicationsError> {
    const FIND: &str = include_str!("applications/find_application.sql");

    let found: Option<FoundRow> = on_db!(store, pool => {
        sqlx::query_as(FIND).bind(code.as_str()).fetch_optional(pool).await
    })
    .map_err(StoreError::doing("read an application"))?;
    Ok(found.map(FoundRow::typed).transpose()?)
}

/// All applications, by code.
pub async fn list(store: &Store) -> Result<Vec<Application>, ApplicationsError> {
    const LIST: &str = include_str!("applications/list_applications.sql");
    const GRANTED: &str = include_str!("applications/list_organisations.sql");
    let listing = || StoreError::doing("list the applications");

    let (rows, granted): (Vec<ApplicationRow>, Vec<(String, String)>) = on_db!(store, pool => {
        let mut connection = pool.begin_with(store.begin_reading()).await.map_err(listing())?;
        let rows =
            sqlx::query_as(LIST).fetch_all(&mut *connection).await.map_err(listing())?;
        let granted =
            sqlx::query_as(GRANTED).fetch_all(&mut *connection).await.map_err(listing())?;
        (rows, granted)
    });
    let mut applications = Vec::with_capacity(rows.len());
    for row in rows {
        let mine = granted.iter().filter(|(code, _)| *code == row.code);
        let mine: Vec<String> = mine.map(|(_, organisation)| organisation.clone()).collect();
        applications.push(row.typed(&mine)?);
    }
    Ok(applications)
}

#[cfg(test)]
mod tests;
