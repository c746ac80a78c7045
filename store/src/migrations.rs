//! The history of the schema, from the first table to the last.

use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};

use crate::{Pool, Store, StoreError, on_db};

static MIGRATIONS: Migrator = sqlx::migrate!("../migrations");

/// How often to try again while another process brings the same schema up to date.
const TRIES: u32 = 40;

/// Brings the schema up to date.
pub(crate) async fn run(store: &Store) -> Result<(), StoreError> {
    let mut tries = 0;
    loop {
        let answer = on_db!(store, pool => MIGRATIONS.run(pool).await);
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
