//! Where the database is, and how to connect to it.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use sqlx::Connection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};

use crate::embedded::Embedded;
use crate::{Pool, StoreError};

/// How long a writer waits for the one before it.
const PATIENCE: Duration = Duration::from_secs(30);

/// Connections to SQLite that read, beside the one that writes.
const READERS: usize = 5;

/// How long it is until a file that another is making is tried again, and how often.
const PAUSE: Duration = Duration::from_millis(10);
const ATTEMPTS: u32 = 3_000;

/// Connections to PostgreSQL, which is shared with others.
const CONNECTIONS: u32 = 6;

/// After so long without use a connection to PostgreSQL is asked whether it is alive before it is used again.
const IDLE: Duration = Duration::from_secs(5);

/// Where a registry's database is.
#[derive(Clone, Debug)]
pub(crate) enum Address {
    Memory,
    File(PathBuf),
    Postgres(Box<PgConnectOptions>),
}

impl FromStr for Address {
    type Err = StoreError;

    fn from_str(url: &str) -> Result<Self, Self::Err> {
        if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            let options = url.parse().map_err(|_| StoreError::Address)?;
            return Ok(Self::Postgres(Box::new(options)));
        }
        match url.strip_prefix("sqlite:") {
            Some(":memory:") => Ok(Self::Memory),
            Some(path) => {
                let path = path.strip_prefix("//").unwrap_or(path);
                if path.is_empty() || path.contains('\0') {
                    return Err(StoreError::Address);
                }
                // SQLite would take a name that begins with `file:` for an address of its own kind.
                Ok(Self::File(if path.starts_with("file:") {
                    PathBuf::from(".").join(path)
                } else {
                    PathBuf::from(path)
                }))
            }
            None => Err(StoreError::Address),
        }
    }
}

impl Address {
    pub(crate) async fn connect(self) -> Result<Pool, StoreError> {
        let pool = match self {
            Self::Memory => {
                let options = SqliteConnectOptions::new().in_memory(true).foreign_keys(true);
                Embedded::memory(options, PATIENCE).await.map(Pool::Sqlite)
            }
            Self::File(path) => {
                let options = SqliteConnectOptions::new()
                    .filename(path)
                    .create_if_missing(true)
                    .foreign_keys(true)
                    .busy_timeout(PATIENCE)
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Full);
                opened(options).await.map(Pool::Sqlite)
            }
            Self::Postgres(options) => {
                let pool = PgPoolOptions::new()
                    .max_connections(CONNECTIONS)
                    .test_before_acquire(false)
                    .before_acquire(|connection, metadata| {
                        Box::pin(async move {
                            if metadata.idle_for < IDLE {
                                return Ok(true);
                            }
                            connection.ping().await.map(|()| true)
                        })
                    });
                pool.connect_with(*options).await.map(Pool::Postgres)
            }
        };
        pool.map_err(StoreError::doing("connect to its database"))
    }
}

/// Opens a file. Whoever makes it is alone with it until its journal is turned on; others are not made to wait for that, as
/// they are for every other lock, but sent away.
async fn opened(options: SqliteConnectOptions) -> Result<Embedded, sqlx::Error> {
    let mut attempt = 1;
    loop {
        match Embedded::file(options.clone(), READERS, PATIENCE).await {
            Err(error) if is_busy(&error) && attempt < ATTEMPTS => {
                attempt += 1;
                tokio::time::sleep(PAUSE).await;
            }
            opened => return opened,
        }
    }
}

/// SQLITE_BUSY, and SQLITE_BUSY_RECOVERY.
fn is_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.is_some_and(|it| it == "5" || it == "261")
}
