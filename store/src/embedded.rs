//! SQLite as it is used here: one connection that writes, several that read.
//!
//! Every connection of the driver has a thread of its own, and the way there and back costs more than most statements. The
//! driver's own pool goes it twice more for each statement, to ask the connection whether it is alive when it is lent and
//! when it comes back. Here it is asked after it was left in the middle of something, and never else.
//!
//! One writer at a time is what SQLite allows anyhow. That all write on the same connection has them wait for each other in
//! the order in which they came, without a connection that others could read with, and keeps the pages it has read: of a
//! connection beside which another one writes they are worth nothing.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use futures::stream::{self, BoxStream, StreamExt, TryStreamExt};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteQueryResult, SqliteRow, SqliteStatement, SqliteTypeInfo,
};
use sqlx::{
    ConnectOptions, Connection, Either, Execute, Executor, SqlStr, Sqlite, SqliteConnection,
};
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How a transaction begins that writes.
pub(crate) const BEGIN_WRITING: &str = "BEGIN IMMEDIATE";

/// A database in a file or in memory. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Embedded {
    reading: Arc<Connections>,
    writing: Arc<Connections>,
}

impl Embedded {
    /// A file, which is made when it is not there, with so many connections that read.
    pub(crate) async fn file(
        options: SqliteConnectOptions,
        readers: usize,
        patience: Duration,
    ) -> Result<Self, sqlx::Error> {
        let writing = Connections::new(options.clone(), 1, patience);
        let reading = Connections::new(options, readers, patience);
        // A file that cannot be opened is told of now.
        writing.lend().await?.give_back();
        Ok(Self { reading, writing })
    }

    /// A database in memory: each connection would be one of its own, so there is one.
    pub(crate) async fn memory(
        options: SqliteConnectOptions,
        patience: Duration,
    ) -> Result<Self, sqlx::Error> {
        let only = Connections::new(options, 1, patience);
        only.lend().await?.give_back();
        Ok(Self { reading: Arc::clone(&only), writing: only })
    }

    /// The connection that writes.
    pub(crate) async fn writer(&self) -> Result<Lent, sqlx::Error> {
        self.writing.lend().await
    }

    /// Begins a transaction with a statement of [`crate::Store::begin`] or [`crate::Store::begin_reading`].
    pub async fn begin_with(
        &self,
        statement: &'static str,
    ) -> Result<EmbeddedTransaction, sqlx::Error> {
        let of = if statement == BEGIN_WRITING { &self.writing } else { &self.reading };
        let mut lent = of.lend().await?;
        // Whatever becomes of it, from here on it is rolled back unless it is committed.
        sqlx::query(statement).execute(&mut *lent).await?;
        Ok(EmbeddedTransaction(lent))
    }

    /// Waits for all connections to be given back and closes them.
    pub async fn close(&self) {
        self.reading.close().await;
        self.writing.close().await;
    }

    /// A connection for a statement: what begins with `SELECT` reads.
    async fn lend_for(&self, sql: &SqlStr) -> Result<Lent, sqlx::Error> {
        let of = if only_reads(sql) { &self.reading } else { &self.writing };
        of.lend().await
    }
}

fn only_reads(sql: &SqlStr) -> bool {
    sql.as_str().split_whitespace().next() == Some("SELECT")
}

/// Connections that are alike, each lent to one at a time.
struct Connections {
    options: SqliteConnectOptions,
    places: Arc<Semaphore>,
    number: usize,
    patience: Duration,
    idle: Mutex<Vec<SqliteConnection>>,
}

impl fmt::Debug for Connections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connections").field("number", &self.number).finish_non_exhaustive()
    }
}

impl Connections {
    fn new(options: SqliteConnectOptions, number: usize, patience: Duration) -> Arc<Self> {
        let (places, idle) = (Arc::new(Semaphore::new(number)), Mutex::default());
        Arc::new(Self { options, places, number, patience, idle })
    }

    async fn lend(self: &Arc<Self>) -> Result<Lent, sqlx::Error> {
        let place = Arc::clone(&self.places).acquire_owned();
        let place = tokio::time::timeout(self.patience, place).await;
        let place = place.map_err(|_| sqlx::Error::PoolTimedOut)?;
        let place = place.map_err(|_| sqlx::Error::PoolClosed)?;
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => self.options.connect().await?,
        };
        Ok(Lent { connection: Some(connection), place: Some(place), home: Arc::clone(self) })
    }

    fn take_back(&self, connection: SqliteConnection) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
    }

    async fn close(&self) {
        let all = u32::try_from(self.number).unwrap_or(u32::MAX);
        // It was closed before when there is no place any more.
        let Ok(places) = self.places.acquire_many(all).await else { return };
        self.places.close();
        drop(places);
        let idle = std::mem::take(&mut *self.idle.lock().unwrap_or_else(PoisonError::into_inner));
        for connection in idle {
            // Nobody is left to whom it would matter that it could not be closed in order.
            let _closed = connection.close().await;
        }
    }
}

/// A connection that is lent. Unless it is given back by whoever knows that nothing is under way on it, that is made sure
/// of before the next one gets it.
pub(crate) struct Lent {
    /// Missing once it was given back.
    connection: Option<SqliteConnection>,
    place: Option<OwnedSemaphorePermit>,
    home: Arc<Connections>,
}

impl Lent {
    fn give_back(mut self) {
        if let Some(connection) = self.connection.take() {
            self.home.take_back(connection);
        }
    }

    /// Gives it back after a statement, unless it failed for another reason than the database's own.
    fn give_back_after<T>(self, answer: &Result<T, sqlx::Error>) {
        if matches!(answer, Ok(_) | Err(sqlx::Error::Database(_))) {
            self.give_back();
        }
    }
}

impl fmt::Debug for Lent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lent").finish_non_exhaustive()
    }
}

#[expect(
    clippy::expect_used,
    reason = "it is missing when it was given back, which takes the value"
)]
impl Deref for Lent {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        self.connection.as_ref().expect("the connection is lent")
    }
}

#[expect(
    clippy::expect_used,
    reason = "it is missing when it was given back, which takes the value"
)]
impl DerefMut for Lent {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        self.connection.as_mut().expect("the connection is lent")
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take() else { return };
        let (home, place) = (Arc::clone(&self.home), self.place.take());
        // Where nothing can be waited for it is closed, and SQLite rolls back by itself.
        let Ok(runtime) = Handle::try_current() else { return };
        let mut mending = Box::pin(async move {
            if is_mended(&mut connection).await {
                home.take_back(connection);
            }
            drop(place);
        });
        // Begun at once: another process may be waiting for the lock while nothing runs here.
        if (&mut mending).now_or_never().is_none() {
            runtime.spawn(mending);
        }
    }
}

/// Rolls back what is under way, if anything is; whether the connection can be lent again.
async fn is_mended(connection: &mut SqliteConnection) -> bool {
    match sqlx::query("ROLLBACK").execute(connection).await {
        Ok(_) => true,
        Err(sqlx::Error::Database(error)) => error.message().contains("no transaction is active"),
        // Its thread has ended.
        Err(_) => false,
    }
}

/// A transaction. It is rolled back when it is dropped.
#[derive(Debug)]
pub struct EmbeddedTransaction(Lent);

impl EmbeddedTransaction {
    pub async fn commit(mut self) -> Result<(), sqlx::Error> {
        sqlx::query("COMMIT").execute(&mut *self.0).await?;
        self.0.give_back();
        Ok(())
    }

    pub async fn rollback(mut self) -> Result<(), sqlx::Error> {
        sqlx::query("ROLLBACK").execute(&mut *self.0).await?;
        self.0.give_back();
        Ok(())
    }
}

impl Deref for EmbeddedTransaction {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.0
    }
}

impl DerefMut for EmbeddedTransaction {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.0
    }
}

/// What a statement answers, piece by piece.
type Piece = Either<SqliteQueryResult, SqliteRow>;

/// One statement by itself.
impl<'p> Executor<'p> for &'_ Embedded {
    type Database = Sqlite;

    fn fetch_many<'e, 'q: 'e, E>(self, mut query: E) -> BoxStream<'e, Result<Piece, sqlx::Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Sqlite>,
    {
        let (embedded, arguments) = (self.clone(), query.take_arguments());
        let sql = query.sql();
        let all = async move {
            let arguments = arguments.map_err(sqlx::Error::Encode)?;
            let mut lent = embedded.lend_for(&sql).await?;
            let all: Result<Vec<Piece>, _> = lent.fetch_many((sql, arguments)).try_collect().await;
            lent.give_back_after(&all);
            all.map(|it| stream::iter(it.into_iter().map(Ok)))
        };
        stream::once(all).try_flatten().boxed()
    }

    fn fetch_optional<'e, 'q: 'e, E>(
        self,
        mut query: E,
    ) -> BoxFuture<'e, Result<Option<SqliteRow>, sqlx::Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Sqlite>,
    {
        let (embedded, arguments) = (self.clone(), query.take_arguments());
        let sql = query.sql();
        Box::pin(async move {
            let arguments = arguments.map_err(sqlx::Error::Encode)?;
            if !only_reads(&sql) {
                // To its end: before that nothing is committed, and nobody would be told that it could not be.
                let all: Vec<Piece> = embedded.fetch_many((sql, arguments)).try_collect().await?;
                return Ok(all.into_iter().find_map(Either::right));
            }
            let mut lent = embedded.lend_for(&sql).await?;
            let row = lent.fetch_optional((sql, arguments)).await;
            lent.give_back_after(&row);
            row
        })
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [SqliteTypeInfo],
    ) -> BoxFuture<'e, Result<SqliteStatement, sqlx::Error>>
    where
        'p: 'e,
    {
        let embedded = self.clone();
        Box::pin(async move {
            let mut lent = embedded.lend_for(&sql).await?;
            let statement = lent.prepare_with(sql, parameters).await;
            lent.give_back_after(&statement);
            statement
        })
    }
}
