//! For the tests of the crates above.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a test that cannot set itself up should stop at once"
)]

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, fs, process};

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, Connection, Executor, SqlSafeStr};

use crate::address::Address;
use crate::{Store, migrations, on_db};

/// A store of the test's own: SQLite in memory, or a schema in the PostgreSQL that `HAIHE_TEST_DB` names.
pub async fn open() -> Store {
    match env::var("HAIHE_TEST_DB") {
        Err(_) => Store::open("sqlite::memory:").await.expect("a database in memory opens"),
        Ok(url) => open_schema(url.parse().expect("HAIHE_TEST_DB is an address")).await,
    }
}

/// The same before its first migration.
#[cfg(test)]
pub(crate) async fn empty() -> Store {
    match env::var("HAIHE_TEST_DB") {
        Err(_) => {
            let address: Address = "sqlite::memory:".parse().expect("an address");
            Store(address.connect().await.expect("a database in memory opens"))
        }
        Ok(url) => connect(url.parse().expect("HAIHE_TEST_DB is an address")).await,
    }
}

/// Where a program that a test starts keeps its registry: a schema in the PostgreSQL that `HAIHE_TEST_DB` names.
///
/// `None` without one: then the program makes a file beside its data.
pub fn address() -> Option<String> {
    let url = env::var("HAIHE_TEST_DB").ok()?;
    let options = url.parse().expect("HAIHE_TEST_DB is an address");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let schema = runtime.expect("a runtime starts").block_on(make_schema(&options));
    let joint = if url.contains('?') { '&' } else { '?' };
    Some(format!("{url}{joint}options[search_path]={schema}"))
}

async fn open_schema(options: PgConnectOptions) -> Store {
    let store = connect(options).await;
    migrations::run(&store).await.expect("the schema is brought up to date");
    store
}

async fn connect(options: PgConnectOptions) -> Store {
    let schema = make_schema(&options).await;
    let options = options.options([("search_path", schema.as_str())]);
    Store(Address::Postgres(Box::new(options)).connect().await.expect("the schema opens"))
}

async fn make_schema(options: &PgConnectOptions) -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);

    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    // Of the server's own process too: numbers of two machines or containers may be the same.
    let mut connection = PgConnection::connect_with(options).await.expect("the server answers");
    let server: i32 = sqlx::query_scalar("SELECT pg_backend_pid()")
        .fetch_one(&mut connection)
        .await
        .expect("the server answers");
    let schema = format!("test_{}_{server}_{number}", process::id());
    // One of the same name was left by a process that has ended.
    let sql = format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}");
    connection.execute(AssertSqlSafe(sql)).await.expect("the schema can be made");
    connection.close().await.expect("the connection closes");
    schema
}

/// Has the database prepare every `.sql` file under `folder`.
///
/// Stands in for the `query!` macros, which know one database at a time.
pub async fn check_sql_files(folder: impl AsRef<Path>) {
    let store = open().await;
    let files = sql_files(folder.as_ref());
    assert!(!files.is_empty(), "no .sql file under {}", folder.as_ref().display());
    let mut refused = Vec::new();
    for (path, sql) in files {
        let sql = AssertSqlSafe(sql).into_sql_str();
        let answer = on_db!(store, pool => pool.prepare(sql).await.map(|_| ()));
        if let Err(error) = answer {
            refused.push(format!("{path}: {error}"));
        }
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}

fn sql_files(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("the folder can be listed").path();
        if path.is_dir() {
            found.extend(sql_files(&path));
        } else if path.extension().is_some_and(|it| it == "sql") {
            let sql = fs::read_to_string(&path).expect("the file can be read");
            found.push((path.display().to_string(), sql));
        }
    }
    found.sort();
    found
}
