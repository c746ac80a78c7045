//! The history of the schema, from the first table to the last.
//!
//! Two versions of the program run side by side while servers are brought up to date one after another. A migration
//! *expands* the schema, so that the program of before can go on and begin anew on it, unless its name has the word
//! `contract`: that takes away what only the program of before still used.

#[cfg(test)]
mod tests;

use std::sync::LazyLock;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, SqlSafeStr};

use crate::{Pool, Store, StoreError, on_db};

/// Version, what it says, and SQL of each file in `migrations/`.
const FILES: &[(i64, &str, &str)] = &include!(concat!(env!("OUT_DIR"), "/migrations.rs"));

static MIGRATIONS: LazyLock<Migrator> = LazyLock::new(|| {
    let mut all = up_to(i64::MAX);
    // What a later version did is looked at by itself.
    all.set_ignore_missing(true);
    all
});

/// The word in the name of a migration after which an earlier version of the program has no place any more.
const CONTRACT: &str = "contract";

/// All migrations up to a version.
fn up_to(version: i64) -> Migrator {
    let migration = |(version, says, sql): &(i64, &'static str, &'static str)| {
        let sql = AssertSqlSafe(*sql).into_sql_str();
        Migration::new(*version, (*says).into(), MigrationType::Simple, sql, false)
    };
    let files = FILES.iter().filter(|(it, ..)| *it <= version);
    Migrator::with_migrations(files.map(migration).collect())
}

/// The version of the schema that [`run`] brings about.
pub(crate) fn latest() -> i64 {
    FILES.iter().map(|(version, ..)| *version).max().unwrap_or_default()
}

/// Whether the schema ever had this version.
pub(crate) fn is_known(version: i64) -> bool {
    FILES.iter().any(|(it, ..)| *it == version)
}

/// How often to try again while another process brings the same schema up to date.
const TRIES: u32 = 40;

/// Brings the schema up to date, and leaves what a later version of the program has added.
///
/// # Errors
/// [`StoreError::Schema`] when a later version has taken something away.
pub(crate) async fn run(store: &Store) -> Result<(), StoreError> {
    const CARRIED_OUT: &str = include_str!("migrations/carried_out.sql");

    carry_out(store, &MIGRATIONS).await?;
    let all: Vec<(i64, String)> =
        on_db!(store, pool => sqlx::query_as(CARRIED_OUT).fetch_all(pool).await)
            .map_err(StoreError::doing("read the history of its schema"))?;
    let is_in_the_way = |(version, says): &&(i64, String)| {
        !is_known(*version) && says.split(' ').any(|it| it == CONTRACT)
    };
    match all.iter().find(is_in_the_way) {
        Some((version, _)) => Err(StoreError::Schema(MigrateError::VersionMissing(*version))),
        None => Ok(()),
    }
}

/// Brings the schema of a new registry to what it was at a version.
pub(crate) async fn run_to(store: &Store, version: i64) -> Result<(), StoreError> {
    carry_out(store, &up_to(version)).await
}

async fn carry_out(store: &Store, migrator: &Migrator) -> Result<(), StoreError> {
    let mut tries = 0;
    loop {
        let answer = match store.pool() {
            Pool::Sqlite(embedded) => match embedded.writer().await {
                Ok(mut writer) => migrator.run_direct(None, &mut *writer, false).await,
                Err(error) => Err(MigrateError::Execute(error)),
            },
            Pool::Postgres(pool) => migrator.run(pool).await,
        };
        let Err(error) = answer else { return Ok(()) };
        tries += 1;
        // PostgreSQL lets one migrate at a time; on SQLite two may meet, and the later one looks again.
        let met = matches!(store.pool(), Pool::Sqlite(_)) && is_of_the_database(&error);
        if !met || tries == TRIES {
            return Err(StoreError::Schema(error));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn is_of_the_database(error: &MigrateError) -> bool {
    let (MigrateError::Execute(source) | MigrateError::ExecuteMigration(source, _)) = error else {
        return false;
    };
    source.as_database_error().is_some()
}
