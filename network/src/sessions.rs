//! Sessions: who is signed in, from when, by what, until when. Their owner sees and ends them one by one.
//!
//! **Invariant:** a token is kept as its hash only, is new whenever its owner proves who he is, and is worth nothing
//! once the session has ended, was left idle, has run out, or belongs to a closed account.

use jiff::{SignedDuration, Timestamp};
use model::Entropy;
use store::{Store, StoreError, on_db};

use crate::audit::{self, Actor, Entry};
use crate::connection::Connection;
use crate::id::{AccountId, SessionId};
use crate::purpose::Purpose;
use crate::rows;
use crate::secret::Token;

mod methods;

pub use self::methods::{Level, Method, Methods, NotMethods};

/// How long a session may last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    /// Without being used.
    pub idle: SignedDuration,
    /// Altogether.
    pub absolute: SignedDuration,
}

/// How often a session is written down as seen at most: reading pages should not be writing.
const SEEN_EVERY: SignedDuration = SignedDuration::from_secs(60);

/// Most characters kept of what a browser says of itself.
const LONGEST_AGENT: usize = 200;

/// Where a request comes from, as its owner will recognise it in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The network's prefix, not the whole address.
    pub network: String,
    /// What the browser says of itself.
    pub agent: String,
}

/// A session that is under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub account: AccountId,
    pub methods: Methods,
    pub level: Level,
    pub origin: Origin,
    pub opened_at: Timestamp,
    /// When its owner last proved who he is.
    pub authenticated_at: Timestamp,
    pub seen_at: Timestamp,
    pub idle_until: Timestamp,
    pub expires_at: Timestamp,
}

/// Why a session was ended before its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    SignedOut,
    EndedByOwner,
    EndedByAdministrator(AccountId),
    AccountClosed,
    PasswordChanged,
    FactorsReset,
}

impl Ending {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::EndedByOwner => "ended_by_owner",
            Self::EndedByAdministrator(_) => "ended_by_administrator",
            Self::AccountClosed => "account_closed",
            Self::PasswordChanged => "password_changed",
            Self::FactorsReset => "factors_reset",
        }
    }

    /// What the audit log is told of sessions that are ended by themselves.
    pub(crate) fn entry(self, owner: AccountId) -> Entry {
        let (by, action) = match self {
            Self::SignedOut => (owner, "session.sign-out"),
            Self::EndedByOwner | Self::PasswordChanged | Self::FactorsReset => {
                (owner, "session.end")
            }
            Self::EndedByAdministrator(by) => (by, "session.end"),
            Self::AccountClosed => {
                return Entry::new(Actor::System, Purpose::SECURITY, "session.end")
                    .about_owner(owner);
            }
        };
        Entry::new(Actor::Account(by), Purpose::SECURITY, action).about_owner(owner)
    }
}

/// `id, account, methods, level, network, agent, opened_at, authenticated_at, seen_at, idle_until, expires_at`
type Row = (String, String, String, i64, String, String, i64, i64, i64, i64, i64);

/// Opens a session for whoever has just proved who he is, and tells the audit log. The token is for him alone.
pub async fn open(
    store: &Store,
    account: AccountId,
    methods: Methods,
    origin: &Origin,
    lifetimes: &Lifetimes,
    at: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(SessionId, Token), StoreError> {
    const SQL: &str = include_str!("sessions/open.sql");

    let (id, token) = (SessionId::new(at, entropy), Token::new(entropy));
    let agent: String =
        origin.agent.chars().filter(|it| !it.is_control()).take(LONGEST_AGENT).collect();
    let opening = || StoreError::doing("open a session");
    let entry = own_entry(account, "session.open");
    on_db!(store, pool => {
        let mut transaction = pool.begin_with(store.begin()).await.map_err(opening())?;
        sqlx::query(SQL)
            .bind(id.to_string())
            .bind(token.hash())
            .bind(account.to_string())
            .bind(methods.to_string())
            .bind(methods.level().number())
            .bind(&origin.network)
            .bind(&agent)
            .bind(at.as_microsecond())
            .bind(after(at, lifetimes.idle).as_microsecond())
            .bind(after(at, lifetimes.absolute).as_microsecond())
            .execute(&mut *transaction)
            .await
            .map_err(opening())?;
        audit::append!(transaction, entry, at).map_err(opening())?;
        transaction.commit().await.map_err(opening())?;
    });
    Ok((id, token))
}

/// The session of a token, which counts as used now; `None` when it is worth nothing any more.
pub async fn of_token(
    store: &Store,
    token: &Token,
    lifetimes: &Lifetimes,
    at: Timestamp,
) -> Result<Option<Session>, StoreError> {
    const FIND: &str = include_str!("sessions/of_token.sql");
    const TOUCH: &str = include_str!("sessions/touch.sql");

    let row: Option<Row> = on_db!(store, pool => {
        sqlx::query_as(FIND)
            .bind(token.hash())
            .bind(at.as_microsecond())
            .fetch_optional(pool)
            .await
    })
    .map_err(StoreError::doing("read a session"))?;
    let Some(row) = row else { return Ok(None) };
    let mut session = typed(row)?;
    if at.duration_since(session.seen_at) >= SEEN_EVERY {
        session.seen_at = at;
        session.idle_until = after(at, lifetimes.idle);
        on_db!(store, pool => {
            sqlx::query(TOUCH)
                .bind(at.as_microsecond())
                .bind(session.idle_until.as_microsecond())
                .bind(session.id.to_string())
                .execute(pool)
                .await
                .map(|_| ())
        })
        .map_err(StoreError::doing("note that a session is used"))?;
    }
    Ok(Some(session))
}

/// Gives a session a new token, as its owner has just proved again who he is; the old token is worth nothing.
///
/// `None` when the session has ended meanwhile.
pub async fn renew(
    store: &Store,
    account: AccountId,
    session: SessionId,
    methods: Methods,
    at: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Option<Token>, StoreError> {
    const SQL: &str = include_str!("sessions/renew.sql");
    let renewing = || StoreError::doing("renew a session");

    let token = Token::new(entropy);
    let entry = own_entry(account, "session.prove");
    on_db!(store, pool => {
        let mut transaction = pool.begin_with(store.begin()).await.map_err(renewing())?;
        let done = sqlx::query(SQL)
            .bind(token.hash())
            .bind(methods.to_string())
            .bind(methods.level().number())
            .bind(at.as_microsecond())
            .bind(session.to_string())
            .execute(&mut *transaction)
            .await
            .map_err(renewing())?;
        if done.rows_affected() == 0 {
            return Ok(None);
        }
        audit::append!(transaction, entry, at).map_err(renewing())?;
        transaction.commit().await.map_err(renewing())?;
    });
    Ok(Some(token))
}

/// The sessions of an account that are under way, the latest used first.
pub async fn list(
    store: &Store,
    account: AccountId,
    at: Timestamp,
) -> Result<Vec<Session>, StoreError> {
    const SQL: &str = include_str!("sessions/list.sql");

    let rows: Vec<Row> = on_db!(store, pool => {
        sqlx::query_as(SQL)
            .bind(account.to_string())
            .bind(at.as_microsecond())
            .fetch_all(pool)
            .await
    })
    .map_err(StoreError::doing("list sessions"))?;
    rows.into_iter().map(typed).collect()
}

/// Ends a session of an account; whether there was one to end.
///
/// The account is asked for too, so that nobody can end another's session by its id.
pub async fn end(
    store: &Store,
    account: AccountId,
    session: SessionId,
    because: Ending,
    at: Timestamp,
) -> Result<bool, StoreError> {
    const SQL: &str = include_str!("sessions/end.sql");
    let ending = || StoreError::doing("end a session");

    on_db!(store, pool => {
        let mut transaction = pool.begin_with(store.begin()).await.map_err(ending())?;
        let done = sqlx::query(SQL)
            .bind(at.as_microsecond())
            .bind(because.as_str())
            .bind(session.to_string())
            .bind(account.to_string())
            .execute(&mut *transaction)
            .await
            .map_err(ending())?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        let entry = because.entry(account).rows(1);
        audit::append!(transaction, entry, at).map_err(ending())?;
        transaction.commit().await.map_err(ending())?;
    });
    Ok(true)
}

/// The statement of [`end_sessions!`].
pub(crate) const END_ALL: &str = include_str!("sessions/end_all.sql");

/// Ends all sessions of an account but perhaps one, in a transaction. A macro, as it is typed for either database.
macro_rules! end_sessions {
    ($transaction:expr, $account:expr, $because:expr, $but:expr, $at:expr) => {{
        let but: Option<$crate::id::SessionId> = $but;
        sqlx::query($crate::sessions::END_ALL)
            .bind($at.as_microsecond())
            .bind($because.as_str())
            .bind($account.to_string())
            .bind(but.map(|it| it.to_string()).unwrap_or_default())
            .execute(&mut *$transaction)
            .await
            .map(|it| it.rows_affected())
    }};
}

/// Ends all sessions of an account but perhaps one; how many there were.
pub async fn end_all(
    store: &Store,
    account: AccountId,
    because: Ending,
    but: Option<SessionId>,
    at: Timestamp,
) -> Result<u64, StoreError> {
    let ending = || StoreError::doing("end the sessions of an account");
    on_db!(store, pool => {
        let mut transaction = pool.begin_with(store.begin()).await.map_err(ending())?;
        let ended = end_sessions!(transaction, account, because, but, at).map_err(ending())?;
        if ended > 0 {
            let entry = because.entry(account).rows(ended);
            audit::append!(transaction, entry, at).map_err(ending())?;
        }
        transaction.commit().await.map_err(ending())?;
        Ok(ended)
    })
}

/// Ends all sessions of an account in a transaction; how many there were.
pub(crate) async fn end_all_in(
    connection: &mut Connection,
    account: AccountId,
    because: Ending,
    at: Timestamp,
) -> Result<u64, sqlx::Error> {
    let values = [at.into(), because.as_str().into(), account.to_string().into(), "".into()];
    connection.execute(END_ALL.to_owned(), values).await
}

/// Forgets sessions that ended, or ran out, before an instant; how many there were.
pub async fn forget(store: &Store, before: Timestamp) -> Result<u64, StoreError> {
    const SQL: &str = include_str!("sessions/forget.sql");

    on_db!(store, pool => {
        sqlx::query(SQL)
            .bind(before.as_microsecond())
            .execute(pool)
            .await
            .map(|it| it.rows_affected())
    })
    .map_err(StoreError::doing("forget sessions that have ended"))
}

/// What the audit log is told of what somebody did to the own account.
pub(crate) fn own_entry(account: AccountId, action: &'static str) -> Entry {
    Entry::new(Actor::Account(account), Purpose::SECURITY, action).about_owner(account)
}

/// The instant after a while; the last there is when the calendar ends before.
pub(crate) fn after(at: Timestamp, while_: SignedDuration) -> Timestamp {
    at.saturating_add(while_).unwrap_or(Timestamp::MAX)
}

fn typed(row: Row) -> Result<Session, StoreError> {
    let (id, account, methods, level, network, agent, opened, authenticated, seen, idle, expires) =
        row;
    Ok(Session {
        id: rows::parsed("id", &id)?,
        account: rows::parsed("account", &account)?,
        methods: rows::parsed("methods", &methods)?,
        level: Level::of_number(level).ok_or(level).map_err(StoreError::unreadable("level"))?,
        origin: Origin { network, agent },
        opened_at: rows::instant("opened_at", opened)?,
        authenticated_at: rows::instant("authenticated_at", authenticated)?,
        seen_at: rows::instant("seen_at", seen)?,
        idle_until: rows::instant("idle_until", idle)?,
        expires_at: rows::instant("expires_at", expires)?,
    })
}

pub(crate) use end_sessions;

#[cfg(test)]
mod tests;
