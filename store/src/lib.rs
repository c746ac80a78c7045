//! The registry: SQL on SQLite by default, on PostgreSQL to scale.
//!
//! **Invariant:** one SQL text runs on both. The tests prepare every text on both.
//!
//! **Invariant:** what was committed is on the disk. A process that is killed, or a machine that loses its
//! power, loses nothing that was acknowledged.

mod address;
mod bulk;
pub mod contents;
mod embedded;
mod error;
mod joined;
pub mod leases;
mod migrations;
mod row;
mod scoped;
pub mod testing;

use sqlx::PgPool;

use self::address::Address;
pub use self::bulk::{ROWS_AT_ONCE, widened};
use self::embedded::BEGIN_WRITING;
pub use self::embedded::{Embedded, EmbeddedTransaction};
pub use self::error::{StoreError, count};
pub use self::joined::joined;
pub use self::scoped::scoped;

/// Runs one query on whichever database is behind the store.
#[macro_export]
macro_rules! on_db {
    ($store:expr, $pool:ident => $query:expr) => {
        match $store.pool() {
            $crate::Pool::Sqlite($pool) => $query,
            $crate::Pool::Postgres($pool) => $query,
        }
    };
}

/// The registry's database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store(Pool);

/// Connections to one of the two databases.
#[derive(Clone, Debug)]
pub enum Pool {
    Sqlite(Embedded),
    Postgres(PgPool),
}

impl Store {
    /// Opens `sqlite:PATH`, `sqlite::memory:` or `postgres://…`, and brings its schema up to date.
    ///
    /// The path is taken as it is written, without escapes. A file that is not there is made; its folder is not.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let store = Self(url.parse::<Address>()?.connect().await?);
        migrations::run(&store).await?;
        Ok(store)
    }

    /// The version of the schema of every registry that is open.
    pub fn schema() -> i64 {
        migrations::latest()
    }

    pub fn pool(&self) -> &Pool {
        &self.0
    }

    /// How a transaction that writes begins: SQLite takes the lock at once, so that it never has to give up half-way.
    ///
    /// For `pool.begin_with(store.begin())`.
    pub const fn begin(&self) -> &'static str {
        match self.0 {
            Pool::Sqlite(_) => BEGIN_WRITING,
            Pool::Postgres(_) => "BEGIN",
        }
    }

    /// How a transaction that only reads begins: all it reads was there at the same instant.
    pub const fn begin_reading(&self) -> &'static str {
        match self.0 {
            Pool::Sqlite(_) => "BEGIN",
            Pool::Postgres(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY",
        }
    }

    /// Waits for all connections to be given back and closes them.
    pub async fn close(&self) {
        on_db!(self, pool => pool.close().await);
    }
}

#[cfg(test)]
mod tests;
