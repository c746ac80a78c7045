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
    const SALTS_OF_OWNERS: &str = include_str!("salts_of_owners.sql");
    const ADD_PERSON: &str = include_str!("add_person.sql");
    pub const LOCK_HEAD: &str = include_str!("lock_head.sql");
    pub const ADD_ENTRY: &str = include_str!("add_entry.sql");
    pub const MOVE_HEAD: &str = include_str!("move_head.sql");

    /// Most persons of one statement.
    pub const PERSONS_AT_ONCE: usize = store::ROWS_AT_ONCE;

    /// Looks for the owners of so many accounts, and their salts.
    pub fn salts_of_owners(number: usize) -> sqlx::AssertSqlSafe<String> {
        let places: Vec<String> = (1..=number).map(|it| format!("${it}")).collect();
        let places = format!("({})", places.join(", "));
        sqlx::AssertSqlSafe(SALTS_OF_OWNERS.replace("($1)", &places))
    }

    /// Adds so many persons.
    pub fn add_persons(number: usize) -> sqlx::AssertSqlSafe<String> {
        store::widened(ADD_PERSON, number)
    }
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
        $crate::audit::append!($transaction, $entry, $at, after $crate::batch::Batch::default())
    };
    // What else the transaction writes last goes with it, before the entry.
    ($transaction:expr, $entry:expr, $at:expr, after $batch:expr) => {
        async {
            use $crate::audit::sql;
            use $crate::batch::{Batch, TakeBatch};

            let batch: Batch = $batch;
            let entry: &$crate::audit::Entry = &$entry;
            let mut concerned: Vec<String> = Vec::new();
            match entry.whom() {
                $crate::audit::Whom::Nobody => {}
                $crate::audit::Whom::Person { person, salt } => {
                    let known = Batch::default()
                        .and(sql::ADD_SALT, [person.as_str().into(), salt.into()])
                        .and(sql::READ_SALT, [person.as_str().into()]);
                    let (salt,): (String,) = TakeBatch::ask(&mut *$transaction, known).await?;
                    concerned.push($crate::audit::reference(&person, &salt));
                }
                $crate::audit::Whom::Owners(accounts) => {
                    for accounts in accounts.chunks(sql::PERSONS_AT_ONCE) {
                        let mut query = sqlx::query_as(sql::salts_of_owners(accounts.len()));
                        for account in accounts {
                            query = query.bind(account);
                        }
                        let found: Vec<(String, String)> =
                            query.fetch_all(&mut *$transaction).await?;
                        let found = found.iter();
                        concerned.extend(found.map(|it| $crate::audit::reference(&it.0, &it.1)));
                    }
                    concerned.sort_unstable();
                    concerned.dedup();
                }
            }
            let batch = batch.and(sql::LOCK_HEAD, []);
            let (sequence, previous): (i64, String) =
                TakeBatch::ask(&mut *$transaction, batch).await?;
            let written = entry.written(sequence, $at, previous, &concerned);
            let hash = written.hash.clone();
            let batch = Batch::default()
                .and(sql::ADD_ENTRY, written.values())
                .and(sql::MOVE_HEAD, [hash.into()]);
            TakeBatch::run(&mut *$transaction, batch).await?;
            for persons in entry.beside(&concerned).chunks(sql::PERSONS_AT_ONCE) {
                let mut query = sqlx::query(sql::add_persons(persons.len()));
                for person in persons {
                    query = query.bind(sequence).bind(person);
                }
                query.execute(&mut *$transaction).await?;
            }
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
