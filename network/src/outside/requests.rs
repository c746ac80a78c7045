//! Identities that came and are linked to nobody: somebody here looks at each, and links it to a person or not.

use jiff::{SignedDuration, Timestamp};
use model::Entropy;
use store::{Store, StoreError, on_db};

use super::{OutsideError, Proven, Provider, ProviderCode};
use crate::audit::{Actor, Entry};
use crate::connection::Connection;
use crate::id::PersonId;
use crate::purpose::Purpose;
use crate::sessions::after;
use crate::{people, rows};

crate::id! {
    /// A request to be linked.
    RequestId
}

/// How long a request waits to be looked at.
const WAITS: SignedDuration = SignedDuration::from_hours(24 * 30);

/// An identity that waits for somebody to look at it.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    pub id: RequestId,
    pub provider: ProviderCode,
    /// What the provider calls the person.
    pub said_name: String,
    pub said_login: String,
    pub asked_at: Timestamp,
}

/// Shows nobody.
impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Request").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Has an identity that opens nothing wait for somebody to look at it. Those that nobody looked at are forgotten.
pub async fn wait(
    store: &Store,
    provider: &Provider,
    proven: &Proven,
    entropy: &mut dyn Entropy,
    now: Timestamp,
) -> Result<(), OutsideError> {
    const SWEEP: &str = include_str!("sweep_requests.sql");
    const WAIT: &str = include_str!("add_request.sql");
    let waiting = || StoreError::doing("record who signed in elsewhere");

    let (identity, id) = (&proven.identity, RequestId::new(now, entropy));
    on_db!(store, pool => {
        let mut transaction = pool.begin_with(store.begin()).await.map_err(waiting())?;
        sqlx::query(SWEEP)
            .bind(after(now, -WAITS).as_microsecond())
            .execute(&mut *transaction)
            .await
            .map_err(waiting())?;
        sqlx::query(WAIT)
            .bind(id.to_string())
            .bind(provider.code.as_str())
            .bind(&identity.issuer)
            .bind(&identity.subject)
            .bind(&proven.said_name)
            .bind(&proven.said_login)
            .bind(now.as_microsecond())
            .execute(&mut *transaction)
            .await
            .map_err(waiting())?;
        transaction.commit().await.map_err(waiting())?;
    });
    Ok(())
}

/// Requests that nobody has decided, the earliest first.
pub async fn open_requests(store: &Store) -> Result<Vec<Request>, OutsideError> {
    const LIST: &str = include_str!("open_requests.sql");

    let rows: Vec<(String, String, String, String, i64)> =
        on_db!(store, pool => sqlx::query_as(LIST).fetch_all(pool).await)
            .map_err(StoreError::doing("list the requests of outside identities"))?;
    let mut requests = Vec::with_capacity(rows.len());
    for (id, provider, said_name, said_login, asked_at) in rows {
        requests.push(Request {
            id: rows::parsed("id", &id)?,
            provider: rows::parsed("provider", &provider)?,
            said_name,
            said_login,
            asked_at: rows::instant("asked_at", asked_at)?,
        });
    }
    Ok(requests)
}

/// Links the identity of a request to a person, on behalf of whoever runs the program's commands.
///
/// # Errors
/// [`OutsideError::NoRequest`] or [`OutsideError::IdentityTaken`].
pub async fn link(
    store: &Store,
    request: RequestId,
    person: PersonId,
    actor: Actor,
    entropy: &mut dyn Entropy,
    now: Timestamp,
) -> Result<(), OutsideError> {
    let linking = || StoreError::doing("link an outside identity");

    let entry = Entry::new(actor, Purpose::SECURITY, "identity.link").about_person(person, entropy);
    let mut connection = Connection::begin(store).await.map_err(linking())?;
    link_in(&mut connection, request, person, actor, now).await?;
    connection.append(&entry, now).await.map_err(linking())?;
    connection.commit().await.map_err(linking())?;
    Ok(())
}

/// Links the identity of a request to a person in a transaction, whose audit entry is still to be appended.
pub(crate) async fn link_in(
    connection: &mut Connection,
    request: RequestId,
    person: PersonId,
    actor: Actor,
    now: Timestamp,
) -> Result<(), OutsideError> {
    const TAKE: &str = include_str!("take_request.sql");
    let linking = || StoreError::doing("link an outside identity");

    let taken = connection.texts(TAKE.to_owned(), [request.to_string().into()]).await;
    let taken = taken.map_err(linking())?.into_iter().next();
    let taken = taken.and_then(|it| <[String; 2]>::try_from(it).ok());
    let [issuer, subject] = taken.ok_or(OutsideError::NoRequest(request))?;
    let by = actor.id().unwrap_or_else(|| actor.kind().to_owned());
    let values = [issuer.into(), subject.into(), person.to_string().into(), now.into(), by.into()];
    if connection.execute(people::LINK.to_owned(), values).await.map_err(linking())? == 0 {
        return Err(OutsideError::IdentityTaken);
    }
    Ok(())
}

/// Decides that the identity of a request is linked to nobody. It does not ask again.
///
/// # Errors
/// [`OutsideError::NoRequest`].
pub async fn refuse(
    store: &Store,
    request: RequestId,
    actor: Actor,
    now: Timestamp,
) -> Result<(), OutsideError> {
    let refusing = || StoreError::doing("refuse an outside identity");
    let mut connection = Connection::begin(store).await.map_err(refusing())?;
    refuse_in(&mut connection, request, actor, now).await?;
    connection.commit().await.map_err(refusing())?;
    Ok(())
}

/// The same in a transaction, with its entry in the audit log.
pub(crate) async fn refuse_in(
    connection: &mut Connection,
    request: RequestId,
    actor: Actor,
    now: Timestamp,
) -> Result<(), OutsideError> {
    const REFUSE: &str = include_str!("refuse_request.sql");
    let refusing = || StoreError::doing("refuse an outside identity");

    let values = [request.to_string().into(), now.into()];
    if connection.execute(REFUSE.to_owned(), values).await.map_err(refusing())? == 0 {
        return Err(OutsideError::NoRequest(request));
    }
    let entry = Entry::new(actor, Purpose::SECURITY, "identity.refuse").about("request", request);
    connection.append(&entry, now).await.map_err(refusing())?;
    Ok(())
}
