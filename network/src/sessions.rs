//! Sessions: who is signed in, from when, by what, until when. Their owner sees and ends them one by one.
//!
//! **Invariant:** a token is kept as its hash only, is new whenever its owner proves who he is, and is worth nothing
//! once the session has ended, was left idle, has run out, or belongs to a closed account.

use jiff::{SignedDuration, Timestamp};
use model::Entropy;
use store::{Store, StoreError, on_db};

use crate::audit::{self, Actor, Entry};
use crate::batch::Batch;
use crate::connection::Connection;
use crate::id::{AccountId, SessionId};
use crate::purpose::Purpose;
use crate::secret::Token;

mod methods;
mod row;
mod visit;

pub use self::methods::{Level, Method, Methods, NotMethods};
use self::row::SessionRow;
pub use self::visit::{Visit, visit};

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
    let opening = Opening::new(account, methods, origin, lifetimes, at, entropy);
    let batch = opening.added_to(Batch::default());
    opening.made(store, batch).await
}

/// A session that is about to be opened.
pub(crate) struct Opening<'a> {
    id: SessionId,
    token: Token,
    account: AccountId,
    methods: Methods,
    origin: &'a Origin,
    lifetimes: &'a Lifetimes,
    at: Timestamp,
}

impl<'a> Opening<'a> {
    pub(crate) fn new(
        account: AccountId,
        methods: Methods,
        origin: &'a Origin,
        lifetimes: &'a Lifetimes,
        at: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Self {
        let (id, token) = (SessionId::new(at, entropy), Token::new(entropy));
        Self { id, token, account, methods, origin, lifetimes, at }
    }

    /// What opens it.
    pub(crate) fn added_to(&self, batch: Batch) -> Batch {
        const OPEN: &str = include_str!("sessions/open.sql");

        let (origin, lifetimes, at) = (self.origin, self.lifetimes, self.at);
        let agent: String =
            origin.agent.chars().filter(|it| !it.is_control()).take(LONGEST_AGENT).collect();
        batch.and(
            OPEN,
            [
                self.id.to_string().into(),
                self.token.hash().into(),
                self.account.to_string().into(),
                self.methods.to_string().into(),
                self.methods.level().number().into(),
                origin.network.as_str().into(),
                agent.into(),
                at.into(),
                after(at, lifetimes.idle).into(),
                after(at, lifetimes.absolute).into(),
            ],
        )
    }

    /// Opens it with all that a batch says, and tells the audit log.
    pub(crate) async fn made(
        self,
        store: &Store,
        batch: Batch,
    ) -> Result<(SessionId, Token), StoreError> {
        let opening = || StoreError::doing("open a session");
        let (entry, at) = (own_entry(self.account, "session.open"), self.at);
        on_db!(store, pool => {
            let mut transaction = pool.begin_with(store.begin()).await.map_err(opening())?;
            audit::append!(transaction, entry, at, after batch).map_err(opening())?;
            transaction.commit().await.map_err(opening())?;
        });
        Ok((self.id, self.token))
    }
}

/// Notes that a session is used, if that was not noted a moment ago.
async fn touched(
    store: &Store,
    mut session: Session,
    lifetimes: &Lifetimes,
    at: Timestamp,
) -> Result<Session, StoreError> {
    const TOUCH: &str = include_str!("sessions/touch.sql");

    if at.duration_since(session.seen_at) < SEEN_EVERY {
        return Ok(session);
    }
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
    Ok(session)
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

    let rows: Vec<SessionRow> = on_db!(store, pool => {
        sqlx::query_as(SQL)
            .bind(account.to_string())
            .bind(at.as_microsecond())
            .fetch_all(pool)
            .await
    })
    .map_err(StoreError::doing("list sessions"))?;
    rows.into_iter().map(SessionRow::typed).collect()
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

pub(crate) use end_sessions;

#[cfg(test)]
mod tests;
