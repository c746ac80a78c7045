//! Appending to the log.

use jiff::Timestamp;
use store::{Store, StoreError, on_db};

use super::Entry;

/// The statements of [`super::append!`].
pub mod sql {
    pub const ADD_SALT: &str = include_str!("add_salt.sql");
    pub const READ_SALT: &str = include_str!("read_salt.sql");
    pub const LOCK_HEAD: &str = include_str!("lock_head.sql");
    pub const ADD_ENTRY: &str = include_str!("add_entry.sql");
    pub const MOVE_HEAD: &str = include_str!("move_head.sql");
}

/// Appends an [`Entry`] in a transaction, and gives its number. A macro, as it is typed for either database.
///
/// ```text
/// audit::append!(transaction, entry, at).map_err(StoreError::doing("…"))?;
/// transaction.commit().await…
/// ```
///
/// The last statement before the commit, always: writers wait here for each other until the commit, and whoever waited
/// for another row after this one could wait for ever.
#[macro_export]
macro_rules! append_to_audit {
    ($transaction:expr, $entry:expr, $at:expr) => {
        async {
            use $crate::audit::sql;

            let entry: &$crate::audit::Entry = &$entry;
            let salt: Option<String> = match entry.person() {
                None => None,
                Some((person, salt)) => {
                    sqlx::query(sql::ADD_SALT)
                        .bind(&person)
                        .bind(salt)
                        .execute(&mut *$transaction)
                        .await?;
                    let salt = sqlx::query_scalar(sql::READ_SALT).bind(person);
                    Some(salt.fetch_one(&mut *$transaction).await?)
                }
            };
            let (sequence, previous): (i64, String) =
                sqlx::query_as(sql::LOCK_HEAD).fetch_one(&mut *$transaction).await?;
            let written = entry.written(sequence, $at, previous, salt.as_deref());
            sqlx::query(sql::ADD_ENTRY)
                .bind(written.sequence)
                .bind(written.happened_at)
                .bind(written.actor_kind)
                .bind(written.actor)
                .bind(written.purpose)
                .bind(written.action)
                .bind(written.outcome)
                .bind(written.organisation)
                .bind(written.object_kind)
                .bind(written.object)
                .bind(written.row_count)
                .bind(written.previous_hash)
                .bind(&written.hash)
                .execute(&mut *$transaction)
                .await?;
            sqlx::query(sql::MOVE_HEAD).bind(written.hash).execute(&mut *$transaction).await?;
            Ok::<i64, sqlx::Error>(sequence)
        }
        .await
    };
}

/// Appends one entry by itself: for what changes nothing else, such as a refusal.
pub async fn record(store: &Store, entry: &Entry, at: Timestamp) -> Result<(), StoreError> {
    let appending = || StoreError::doing("append to the audit log");
    on_db!(store, pool => {
        let mut transaction = pool.begin_with(store.begin()).await.map_err(appending())?;
        super::append!(transaction, entry, at).map_err(appending())?;
        transaction.commit().await.map_err(appending())
    })
}
