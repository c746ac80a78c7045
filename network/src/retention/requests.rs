//! What a person asks about what is kept: asked for, decided, carried out.

use jiff::Timestamp;
use model::{Entropy, OrgCode};
use store::{Store, StoreError, on_db};

use crate::audit::{self, Actor, Entry};
use crate::connection::Connection;
use crate::grants::Authority;
use crate::id::PersonId;
use crate::people::PersonName;
use crate::purpose::Purpose;
use crate::roles::Permission;
use crate::rows;
use crate::scope::{self, Scope};

crate::id! {
    /// A person's request.
    RequestId
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestKind {
    CorrectName(PersonName),
    /// Everything that is kept of the person.
    Delete,
}

impl RequestKind {
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::CorrectName(_) => "correct_name",
            Self::Delete => "delete",
        }
    }
}

/// How it was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    Granted,
    Refused,
}

impl Decision {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Refused => "refused",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Granted, Self::Refused].into_iter().find(|it| it.as_str() == text)
    }
}

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub id: RequestId,
    pub kind: String,
    /// Where it is decided.
    pub home: OrgCode,
    pub asked_at: Timestamp,
    pub decision: Option<Decision>,
    /// Why it was decided so.
    pub reason: Option<String>,
    pub ended_at: Option<Timestamp>,
    /// Whether a legal hold keeps it from being carried out: nothing is deleted, and what is wrong is put right.
    pub is_held: bool,
}

/// Why a request was not taken or decided.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    #[error("the person has asked for this already; the request is still open")]
    Open,

    #[error("there is no such request to decide, or it was decided; look at the list again")]
    NotOpen,

    #[error("nobody decides their own request; leave it to another")]
    Oneself,

    #[error("a decision needs a reason of 2 to 200 characters; write one")]
    Reason,

    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Takes a person's request. `home`: the organisation that looks after the person's account.
pub async fn ask(
    store: &Store,
    by: Actor,
    person: PersonId,
    kind: &RequestKind,
    home: &OrgCode,
    at: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<RequestId, RequestError> {
    const OPEN: &str = include_str!("count_open.sql");
    const ASK: &str = include_str!("ask.sql");
    let asking = || StoreError::doing("take a person's request");

    let id = RequestId::new(at, entropy);
    let entry = Entry::new(by, Purpose::OWN, "request.ask").at(home).about_person(person, entropy);
    let value = match kind {
        RequestKind::CorrectName(name) => Some(name.as_str()),
        RequestKind::Delete => None,
    };
    on_db!(store, pool => {
        let mut transaction = pool.begin_with(store.begin()).await.map_err(asking())?;
        // One person's requests wait for each other here.
        sqlx::query(include_str!("hold_person.sql")).bind(person.to_string())
            .execute(&mut *transaction).await.map_err(asking())?;
        let open: i64 = sqlx::query_scalar(OPEN)
            .bind(person.to_string())
            .bind(kind.as_str())
            .fetch_one(&mut *transaction).await.map_err(asking())?;
        if open > 0 {
            return Err(RequestError::Open);
        }
        sqlx::query(ASK)
            .bind(id.to_string())
            .bind(person.to_string())
            .bind(kind.as_str())
            .bind(value)
            .bind(home.as_str())
            .bind(by.id().unwrap_or_else(|| by.kind().to_owned()))
            .bind(at.as_microsecond())
            .execute(&mut *transaction).await.map_err(asking())?;
        audit::append!(transaction, entry, at).map_err(asking())?;
        transaction.commit().await.map_err(asking())?;
    });
    Ok(id)
}

/// Decides a request of the own part. Nobody decides their own.
pub async fn decide(
    store: &Store,
    by: Authority<'_>,
    request: RequestId,
    decision: Decision,
    why: &str,
    at: Timestamp,
) -> Result<(), RequestError> {
    let entry = Entry::new(by.actor(), Purpose::SECURITY, "request.decide");
    let entry = entry.about("request", request);
    let decided = decide_as(store, by, request, decision, why, &entry, at).await;
    if let Err(RequestError::NotOpen | RequestError::Oneself) = decided {
        audit::record(store, &entry.refused(), at).await?;
    }
    decided
}

async fn decide_as(
    store: &Store,
    by: Authority<'_>,
    request: RequestId,
    decision: Decision,
    why: &str,
    entry: &Entry,
    at: Timestamp,
) -> Result<(), RequestError> {
    const READ: &str = include_str!("read_undecided.sql");
    const OWN: &str = include_str!("is_own.sql");
    const DECIDE: &str = include_str!("decide.sql");
    let deciding = || StoreError::doing("decide a person's request");

    let why = sound_reason(why).ok_or(RequestError::Reason)?;
    let mut connection = Connection::begin(store).await.map_err(deciding())?;
    let scope = connection.scope(by, Permission::DecideRequests, at).await?;
    let person = connection.within(&scope, READ, [request.to_string().into()]).await?;
    let person = person.into_iter().flatten().next().ok_or(RequestError::NotOpen)?;
    let decider = by.actor().id();
    let values = [decider.clone().into(), person.into()];
    let own = connection.texts(OWN.to_owned(), values).await.map_err(deciding())?;
    if !own.is_empty() {
        return Err(RequestError::Oneself);
    }
    let values = [
        request.to_string().into(),
        decision.as_str().into(),
        decider.into(),
        at.into(),
        why.into(),
    ];
    if connection.execute(DECIDE.to_owned(), values).await.map_err(deciding())? == 0 {
        return Err(RequestError::NotOpen);
    }
    connection.append(entry, at).await.map_err(deciding())?;
    connection.commit().await.map_err(deciding())?;
    Ok(())
}

/// A reason without the spaces around it, when it is one.
pub(super) fn sound_reason(why: &str) -> Option<&str> {
    let why = why.trim();
    let fits = (2..=200).contains(&why.chars().count()) && !why.chars().any(char::is_control);
    fits.then_some(why)
}

/// `id, kind, home, asked_at, decision, decided_for, ended_at, holds`
pub(super) type Row =
    (String, String, String, i64, Option<String>, Option<String>, Option<i64>, i64);

/// A person's own requests, the latest first.
pub async fn of_person(store: &Store, person: PersonId) -> Result<Vec<Request>, StoreError> {
    const OF_PERSON: &str = include_str!("requests_of_person.sql");
    let rows: Vec<Row> = on_db!(store, pool => {
        sqlx::query_as(OF_PERSON).bind(person.to_string()).fetch_all(pool).await
    })
    .map_err(StoreError::doing("read a person's requests"))?;
    rows.into_iter().map(typed).collect()
}

/// Requests within a scope that are not decided or not carried out yet, the earliest first.
pub async fn open(store: &Store, scope: &Scope, most: u32) -> Result<Vec<Request>, StoreError> {
    const OPEN: &str = include_str!("open_requests.sql");
    let sql = scope.sql(OPEN)?;
    let rows: Vec<Row> = on_db!(store, pool => {
        let query = sqlx::query_as(sql).bind(i64::from(most));
        scope::within!(scope, query).fetch_all(pool).await
    })
    .map_err(StoreError::doing("list persons' requests"))?;
    rows.into_iter().map(typed).collect()
}

pub(super) fn typed(row: Row) -> Result<Request, StoreError> {
    let (id, kind, home, asked_at, decision, reason, ended_at, holds) = row;
    let decision = decision.map(|it| Decision::parse(&it).ok_or(it)).transpose();
    let is_held = holds > 0 && kind == RequestKind::Delete.as_str() && ended_at.is_none();
    Ok(Request {
        id: rows::parsed("id", &id)?,
        kind,
        home: rows::parsed("home", &home)?,
        asked_at: rows::instant("asked_at", asked_at)?,
        decision: decision.map_err(StoreError::unreadable("decision"))?,
        reason,
        ended_at: rows::optional_instant("ended_at", ended_at)?,
        is_held,
    })
}
