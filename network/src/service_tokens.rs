//! Tokens of other systems: each opens one interface, for one organisation and all that stands below it.

use std::collections::BTreeSet;
use std::fmt;

use jiff::Timestamp;
use model::{Entropy, OrgCode};
use store::{Store, StoreError, on_db};

use crate::audit::{Actor, Entry};
use crate::connection::{Connection, Value};
use crate::purpose::Purpose;
use crate::roles::{PersonalField, Reach};
use crate::rows;
use crate::scope::{PathRange, Scope};
use crate::secret::Token;

crate::id! {
    /// A token of another system.
    ServiceTokenId
}

/// What a token opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Interface {
    /// Provisioning of accounts.
    Scim,
    /// Reading of rosters.
    Rosters,
    /// Bringing of records.
    Records,
}

impl Interface {
    pub const ALL: [Self; 3] = [Self::Scim, Self::Rosters, Self::Records];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Scim => "scim",
            Self::Rosters => "rosters",
            Self::Records => "records",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == text)
    }
}

impl fmt::Display for Interface {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Another system, by its token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    pub id: ServiceTokenId,
    /// Where what it makes is at home.
    pub home: OrgCode,
    pub scope: Scope,
    /// Datasets whose records it may bring.
    pub datasets: BTreeSet<String>,
}

impl Client {
    /// As the audit log names the system.
    pub fn actor(&self) -> Actor {
        Actor::Application(self.id.0.into())
    }
}

/// Why a token could not be issued.
#[derive(Debug, thiserror::Error)]
pub enum ServiceTokenError {
    #[error("there is no organisation {0} now; look for its code once more")]
    NoOrganisation(OrgCode),

    #[error("a token must end after it is issued")]
    EndsBefore,

    #[error("a token of records names the datasets that it opens, and no other token names any")]
    Datasets,

    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is asked for when a token is issued.
#[derive(Clone, Copy, Debug)]
pub struct Issue<'a> {
    pub interface: Interface,
    /// What people call the system.
    pub name: &'a str,
    pub organisation: &'a OrgCode,
    /// Names of the datasets that a token of records opens.
    pub datasets: &'a BTreeSet<String>,
    pub expires_at: Timestamp,
}

/// Issues a token, which is shown this once.
///
/// # Errors
/// [`ServiceTokenError::NoOrganisation`] when the organisation stands nowhere in the administrative hierarchy now;
/// [`ServiceTokenError::Datasets`] when a token of records would open none.
pub async fn issue(
    store: &Store,
    issue: Issue<'_>,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(ServiceTokenId, Token), ServiceTokenError> {
    const ADD: &str = include_str!("service_tokens/add.sql");
    const ADD_OF_RECORDS: &str = include_str!("service_tokens/add_of_records.sql");
    const OPEN_DATASET: &str = include_str!("service_tokens/open_dataset.sql");

    if (issue.interface == Interface::Records) == issue.datasets.is_empty() {
        return Err(ServiceTokenError::Datasets);
    }
    if issue.expires_at <= now {
        return Err(ServiceTokenError::EndsBefore);
    }
    if path(store, issue.organisation).await?.is_none() {
        return Err(ServiceTokenError::NoOrganisation(issue.organisation.clone()));
    }
    let id = ServiceTokenId::new(now, entropy);
    let token = Token::new(entropy);
    let issuing = || StoreError::doing("issue a token");
    let entry = Entry::new(Actor::System, Purpose::OPERATION, "service_token.issue");
    let entry = entry.at(issue.organisation).about("service_token", id);
    let mut connection = Connection::begin(store).await.map_err(issuing())?;
    let (add, interface) = match issue.interface {
        Interface::Records => (ADD_OF_RECORDS, None),
        it @ (Interface::Scim | Interface::Rosters) => (ADD, Some(it.as_str().into())),
    };
    let named = [Value::Text(id.to_string()), Value::Text(token.hash()), issue.name.into()];
    let lasting = [
        issue.organisation.as_str().into(),
        Value::Number(now.as_microsecond()),
        Value::Number(issue.expires_at.as_microsecond()),
    ];
    let values = named.into_iter().chain(interface).chain(lasting);
    connection.execute(add.to_owned(), values).await.map_err(issuing())?;
    for dataset in issue.datasets {
        let values = [Value::Text(id.to_string()), dataset.as_str().into()];
        connection.execute(OPEN_DATASET.to_owned(), values).await.map_err(issuing())?;
    }
    connection.append(&entry, now).await.map_err(issuing())?;
    connection.commit().await.map_err(issuing())?;
    Ok((id, token))
}

/// Ends a token at once; whether there was one.
pub async fn end(store: &Store, id: ServiceTokenId, now: Timestamp) -> Result<bool, StoreError> {
    const END: [&str; 2] =
        [include_str!("service_tokens/end.sql"), include_str!("service_tokens/end_of_records.sql")];

    let ending = || StoreError::doing("end a token");
    let entry = Entry::new(Actor::System, Purpose::OPERATION, "service_token.end");
    let mut connection = Connection::begin(store).await.map_err(ending())?;
    let mut ended = 0;
    for end in END {
        let values = [Value::Number(now.as_microsecond()), Value::Text(id.to_string())];
        ended += connection.execute(end.to_owned(), values).await.map_err(ending())?;
    }
    if ended == 0 {
        return Ok(false);
    }
    let entry = entry.about("service_token", id);
    connection.append(&entry, now).await.map_err(ending())?;
    connection.commit().await.map_err(ending())?;
    Ok(true)
}

/// Whose a token is; `None` when it opens nothing, whatever the reason.
pub async fn client(
    store: &Store,
    token: &Token,
    interface: Interface,
    now: Timestamp,
) -> Result<Option<Client>, StoreError> {
    const FIND: &str = include_str!("service_tokens/find.sql");

    let row: Option<(String, String)> = on_db!(store, pool => {
        sqlx::query_as(FIND)
            .bind(token.hash())
            .bind(interface.as_str())
            .bind(now.as_microsecond())
            .fetch_optional(pool)
            .await
    })
    .map_err(StoreError::doing("read a token"))?;
    let Some((id, home)) = row else { return Ok(None) };
    let home: OrgCode = rows::parsed("organisation", &home)?;
    let Some(path) = path(store, &home).await? else { return Ok(None) };
    let range = PathRange::of(&path, Reach::Subtree);
    let scope = Scope::of([(range, PersonalField::ALL.iter().copied().collect())]);
    let datasets = match interface {
        Interface::Records => datasets(store, &id).await?,
        Interface::Scim | Interface::Rosters => BTreeSet::new(),
    };
    Ok(Some(Client { id: rows::parsed("id", &id)?, home, scope, datasets }))
}

async fn datasets(store: &Store, token: &str) -> Result<BTreeSet<String>, StoreError> {
    const SQL: &str = include_str!("service_tokens/datasets.sql");

    let found: Vec<String> =
        on_db!(store, pool => sqlx::query_scalar(SQL).bind(token).fetch_all(pool).await)
            .map_err(StoreError::doing("read what a token opens"))?;
    Ok(found.into_iter().collect())
}

/// Whether a token that opened something a moment ago still does.
pub async fn is_open(
    store: &Store,
    id: ServiceTokenId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    const IS_OPEN: &str = include_str!("service_tokens/is_open.sql");

    let open: i64 = on_db!(store, pool => {
        sqlx::query_scalar(IS_OPEN)
            .bind(id.to_string())
            .bind(now.as_microsecond())
            .fetch_one(pool)
            .await
    })
    .map_err(StoreError::doing("read whether a token is open"))?;
    Ok(open > 0)
}

/// What people call the system that a token was issued for; `None` when there is no such token.
pub async fn name(store: &Store, id: ServiceTokenId) -> Result<Option<String>, StoreError> {
    const NAME: &str = include_str!("service_tokens/name.sql");

    on_db!(store, pool => sqlx::query_scalar(NAME).bind(id.to_string()).fetch_optional(pool).await)
        .map_err(StoreError::doing("read what a system is called"))
}

/// Where an organisation stands now.
async fn path(store: &Store, code: &OrgCode) -> Result<Option<String>, StoreError> {
    const SQL: &str = include_str!("service_tokens/path.sql");

    on_db!(store, pool => sqlx::query_scalar(SQL).bind(code.as_str()).fetch_optional(pool).await)
        .map_err(StoreError::doing("read where an organisation stands"))
}
