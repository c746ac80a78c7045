//! Appending to the log.

use jiff::Timestamp;
use model::Entropy;
use store::{Store, StoreError, on_db};

use super::Entry;
use super::canonical::hex;

/// The statements of [`super::append!`].
pub mod sql {
    pub const ADD_SALT: &str = include_str!("add_salt.sql");
    pub const READ_SALT: &str = include_str!("read_salt.sql");
    pub const SALT_OF_OWNER: &str = include_str!("salt_of_owner.sql");
    pub const ADD_PERSON: &str = include_str!("add_person.sql");
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
            let mut concerned: Vec<String> = Vec::new();
            match entry.whom() {
                $crate::audit::Whom::Nobody => {}
                $crate::audit::Whom::Person { person, salt } => {
                    sqlx::query(sql::ADD_SALT)
                        .bind(&person)
                        .bind(salt)
                        .execute(&mut *$transaction)
                        .await?;
                    let salt: String = sqlx::query_scalar(sql::READ_SALT)
                        .bind(&person)
                        .fetch_one(&mut *$transaction)
                        .await?;
                    concerned.push($crate::audit::reference(&person, &salt));
                }
                $crate::audit::Whom::Owners(accounts) => {
                    for account in accounts {
                        let found: Option<(String, String)> = sqlx::query_as(sql::SALT_OF_OWNER)
                            .bind(account)
                            .fetch_optional(&mut *$transaction)
                            .await?;
                        concerned.extend(found.map(|it| $crate::audit::reference(&it.0, &it.1)));
                    }
                    concerned.sort_unstable();
                    concerned.dedup();
                }
            }
            let (sequence, previous): (i64, String) =
                sqlx::query_as(sql::LOCK_HEAD).fetch_one(&mut *$transaction).await?;
            let written = entry.written(sequence, $at, previous, &concerned);
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
            for person in entry.beside(&concerned) {
                sqlx::query(sql::ADD_PERSON)
                    .bind(sequence)
                    .bind(person)
                    .execute(&mut *$transaction)
                    .await?;
            }
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

/// What a person's references are salted with.
pub(crate) fn salt(entropy: &mut dyn Entropy) -> String {
    let mut bytes = [0; 32];
    entropy.fill(&mut bytes);
    hex(&bytes)
}

/// Gives a salt to whoever has an account and none: those whose accounts an earlier version opened. How many they were.
pub async fn salt_owners(store: &Store, entropy: &mut dyn Entropy) -> Result<usize, StoreError> {
    const WITHOUT: &str = include_str!("owners_without_salt.sql");
    /// How many are salted in one transaction.
    const AT_ONCE: i64 = 1_000;
    let salting = || StoreError::doing("salt references of persons");

    let (mut salted, mut after) = (0, String::new());
    on_db!(store, pool => {
        loop {
            let mut transaction = pool.begin_with(store.begin()).await.map_err(salting())?;
            let persons: Vec<String> = sqlx::query_scalar(WITHOUT)
                .bind(&after)
                .bind(AT_ONCE)
                .fetch_all(&mut *transaction)
                .await
                .map_err(salting())?;
            let Some(last) = persons.last() else { return Ok(salted) };
            after.clone_from(last);
            for person in &persons {
                sqlx::query(sql::ADD_SALT)
                    .bind(person)
                    .bind(salt(entropy))
                    .execute(&mut *transaction)
                    .await
                    .map_err(salting())?;
            }
            transaction.commit().await.map_err(salting())?;
            salted += persons.len();
        }
    })
}
