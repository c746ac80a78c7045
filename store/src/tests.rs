use sqlx::AssertSqlSafe;

use crate::{ROWS_AT_ONCE, Store, StoreError, count, joined, scoped, testing, widened};

#[tokio::test]
async fn the_schema_after_all_migrations() {
    let store = Store::open("sqlite::memory:").await.unwrap();
    let texts: Vec<String> = on_db!(store, pool => {
        sqlx::query_scalar(
            "SELECT sql FROM sqlite_master \
             WHERE sql IS NOT NULL AND name NOT LIKE '_sqlx%' ORDER BY name",
        )
        .fetch_all(pool)
        .await
    })
    .unwrap();
    insta::assert_snapshot!(texts.join(";\n\n"));
}

/// The same names, types and gaps on both databases.
#[tokio::test]
async fn the_columns_of_every_table() {
    let store = testing::open().await;
    let sql = match store.pool() {
        crate::Pool::Sqlite(_) => {
            "SELECT m.name, c.name, c.type, c.\"notnull\" = 1 OR c.pk > 0 \
             FROM sqlite_master m JOIN pragma_table_info(m.name) c \
             WHERE m.type = 'table' AND m.name NOT LIKE '\\_sqlx%' ESCAPE '\\' \
             AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        }
        crate::Pool::Postgres(_) => {
            "SELECT table_name::TEXT, column_name::TEXT, upper(data_type::TEXT), is_nullable = 'NO' \
             FROM information_schema.columns c \
             JOIN information_schema.tables t USING (table_schema, table_name) \
             WHERE table_schema = current_schema() AND t.table_type = 'BASE TABLE' \
             AND table_name NOT LIKE '\\_sqlx%'"
        }
    };
    let mut columns: Vec<(String, String, String, bool)> =
        on_db!(store, pool => sqlx::query_as(sql).fetch_all(pool).await).unwrap();
    columns.sort();
    let lines: Vec<String> = columns
        .into_iter()
        .map(|(table, column, kind, filled)| {
            let gap = if filled { "" } else { ", may be missing" };
            format!("{table}.{column}: {kind}{gap}")
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[tokio::test]
async fn every_test_has_a_database_of_its_own() {
    const ADD: &str = "INSERT INTO plan_versions (version, code, recorded_at) VALUES ('1', 'x', 0)";

    let (one, other) = (testing::open().await, testing::open().await);
    on_db!(one, pool => sqlx::query(ADD).execute(pool).await.map(|_| ())).unwrap();
    let found: i64 = on_db!(other, pool => {
        sqlx::query_scalar("SELECT COUNT(*) FROM plan_versions").fetch_one(pool).await
    })
    .unwrap();
    assert_eq!(found, 0);
}

#[tokio::test]
async fn what_was_committed_is_there_when_the_file_is_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("a registry?x#y%20.db").display());
    let store = Store::open(&url).await.unwrap();
    on_db!(store, pool => {
        let mut transaction = pool.begin_with(store.begin()).await.unwrap();
        sqlx::query("INSERT INTO plan_versions (version, code, recorded_at) VALUES ($1, $2, $3)")
            .bind("1").bind("a-plan").bind(7_i64)
            .execute(&mut *transaction).await.unwrap();
        transaction.commit().await.unwrap();
    });
    drop(store);
    let store = Store::open(&url).await.unwrap();
    let code: String = on_db!(store, pool => {
        sqlx::query_scalar("SELECT code FROM plan_versions").fetch_one(pool).await
    })
    .unwrap();
    assert_eq!(code, "a-plan");
    store.close().await;
    assert!(folder.path().join("a registry?x#y%20.db").is_file());
}

#[tokio::test]
async fn a_file_is_written_ahead_and_fully_synced() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("registry.db").display());
    let crate::Pool::Sqlite(pool) = Store::open(&url).await.unwrap().pool().clone() else {
        panic!("a file is SQLite")
    };
    let mode: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&pool).await.unwrap();
    let synced: i64 = sqlx::query_scalar("PRAGMA synchronous").fetch_one(&pool).await.unwrap();
    let keys: i64 = sqlx::query_scalar("PRAGMA foreign_keys").fetch_one(&pool).await.unwrap();
    assert_eq!((mode.as_str(), synced, keys), ("wal", 2, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn several_may_open_a_new_file_at_once() {
    for _ in 0..12 {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("registry.db").display());
        let open = || {
            let url = url.clone();
            tokio::spawn(async move { Store::open(&url).await.map(|_| ()) })
        };
        for task in [open(), open(), open(), open()] {
            task.await.unwrap().unwrap();
        }
    }
}

/// With a plain `BEGIN`, the second of two that read and then write is told that the database is locked.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn writers_wait_for_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("registry.db").display());
    let store = Store::open(&url).await.unwrap();
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                on_db!(store, pool => {
                    let mut transaction = pool.begin_with(store.begin()).await?;
                    let held: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM plan_versions")
                        .fetch_one(&mut *transaction).await?;
                    sqlx::query("INSERT INTO plan_versions (version, code, recorded_at) VALUES ($1, $2, $3)")
                        .bind(held.to_string()).bind("a-plan").bind(held)
                        .execute(&mut *transaction).await?;
                    transaction.commit().await
                })
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    let held: i64 = on_db!(store, pool => {
        sqlx::query_scalar("SELECT COUNT(*) FROM plan_versions").fetch_one(pool).await
    })
    .unwrap();
    assert_eq!(held, 8);
}

const ADD: &str = "INSERT INTO plan_versions (version, code, recorded_at) VALUES ($1, 'x', 0)";
const COUNT: &str = "SELECT COUNT(*) FROM plan_versions";

/// A store in a file, with its folder.
async fn in_a_file() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("registry.db").display());
    let store = Store::open(&url).await.unwrap();
    (folder, store)
}

async fn count_of(store: &Store) -> i64 {
    on_db!(store, pool => sqlx::query_scalar(COUNT).fetch_one(pool).await).unwrap()
}

#[tokio::test]
async fn who_reads_does_not_wait_for_who_writes() {
    let (_folder, store) = in_a_file().await;
    on_db!(store, pool => {
        let mut transaction = pool.begin_with(store.begin()).await.unwrap();
        sqlx::query(ADD).bind("1").execute(&mut *transaction).await.unwrap();
        assert_eq!(count_of(&store).await, 0);
        transaction.commit().await.unwrap();
    });
    assert_eq!(count_of(&store).await, 1);
}

#[tokio::test]
async fn a_transaction_that_is_left_is_rolled_back_before_the_next_one_begins() {
    let (_folder, file) = in_a_file().await;
    for store in [file, testing::open().await] {
        for left in 0..3 {
            on_db!(store, pool => {
                let mut transaction = pool.begin_with(store.begin()).await.unwrap();
                sqlx::query(ADD).bind("1").execute(&mut *transaction).await.unwrap();
                if left == 1 {
                    transaction.rollback().await.unwrap();
                }
            });
            assert_eq!(count_of(&store).await, 0);
        }
        on_db!(store, pool => sqlx::query(ADD).bind("1").execute(pool).await.map(|_| ())).unwrap();
        assert_eq!(count_of(&store).await, 1);
    }
}

/// A request whose client has gone ends wherever it is just then.
#[tokio::test]
async fn what_is_broken_off_leaves_nothing_behind() {
    let (_folder, store) = in_a_file().await;
    let crate::Pool::Sqlite(embedded) = store.pool() else { panic!("a file is SQLite") };
    for turns in 0..40_u32 {
        let write = async {
            let mut transaction = embedded.begin_with(store.begin()).await.unwrap();
            sqlx::query(ADD).bind("1").execute(&mut *transaction).await.unwrap();
            std::future::pending::<()>().await;
        };
        let turn = async {
            for _ in 0..turns {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! { () = write => {}, () = turn => {} }
    }
    assert_eq!(count_of(&store).await, 0);
    sqlx::query(ADD).bind("1").execute(embedded).await.unwrap();
    assert_eq!(count_of(&store).await, 1);
}

#[tokio::test]
async fn a_statement_that_fails_leaves_its_connection_fit() {
    let (_folder, file) = in_a_file().await;
    for store in [file, testing::open().await] {
        let add = || async {
            on_db!(store, pool => sqlx::query(ADD).bind("1").execute(pool).await.map(|_| ()))
        };
        add().await.unwrap();
        for _ in 0..10 {
            assert!(matches!(add().await, Err(sqlx::Error::Database(_))));
        }
        assert_eq!(count_of(&store).await, 1);
    }
}

#[tokio::test]
async fn a_store_that_is_closed_gives_nothing_more() {
    let (_folder, store) = in_a_file().await;
    count_of(&store).await;
    store.close().await;
    store.close().await;
    let answer: Result<i64, _> =
        on_db!(store, pool => sqlx::query_scalar(COUNT).fetch_one(pool).await);
    assert!(matches!(answer, Err(sqlx::Error::PoolClosed)));
}

#[test]
fn joined_statements_number_their_values_through() {
    let AssertSqlSafe(sql) =
        joined(&["UPDATE t SET a = $2 WHERE b = $1\n", "SELECT 1", "SELECT $1, $1"]);
    assert_eq!(sql, "UPDATE t SET a = $2 WHERE b = $1;\nSELECT 1;\nSELECT $3, $3;\n");
}

#[tokio::test]
async fn a_transaction_that_is_left_holds_up_no_other_process() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("registry.db").display());
    let store = Store::open(&url).await.unwrap();
    on_db!(store, pool => drop(pool.begin_with(store.begin()).await.unwrap()));
    // While it writes, nothing runs here.
    let other = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.unwrap().block_on(async {
            let store = Store::open(&url).await.unwrap();
            on_db!(store, pool => {
                sqlx::query("INSERT INTO plan_versions (version, code, recorded_at) VALUES ('1', 'x', 0)")
                    .execute(pool).await.map(|_| ())
            })
        })
    });
    other.join().unwrap().unwrap();
}

#[tokio::test]
async fn an_address_that_is_none_is_refused_without_repeating_it() {
    for url in
        ["", "mysql://me:secret@host/x", "registry.db", "sqlite:", "postgres://me:secret@:x/"]
    {
        let error = Store::open(url).await.unwrap_err();
        assert!(matches!(error, StoreError::Address), "{url}: {error:?}");
        assert!(!format!("{error} {error:?}").contains("secret"));
    }
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("none/registry.db").display());
    let error = Store::open(&url).await.unwrap_err();
    assert_eq!(error.to_string(), "the registry could not connect to its database");
}

#[tokio::test]
async fn many_rows_go_in_with_one_statement() {
    const ONE: &str =
        "INSERT INTO plan_versions (version, code, recorded_at)\nVALUES ($1, $2, $3)\n";

    let store = testing::open().await;
    on_db!(store, pool => {
        let mut query = sqlx::query(widened(ONE, ROWS_AT_ONCE));
        for row in 0..ROWS_AT_ONCE {
            query = query.bind(row.to_string()).bind("a-plan").bind(1_i64);
        }
        query.execute(pool).await.map(|_| ())
    })
    .unwrap();
    let found: i64 = on_db!(store, pool => {
        sqlx::query_scalar("SELECT COUNT(DISTINCT version) FROM plan_versions").fetch_one(pool).await
    })
    .unwrap();
    assert_eq!(usize::try_from(found).unwrap(), ROWS_AT_ONCE);
}

#[test]
fn a_widened_text_numbers_its_values_through() {
    let AssertSqlSafe(sql) = widened("INSERT INTO t (a, b) VALUES ($1, $2)", 3);
    assert_eq!(sql, "INSERT INTO t (a, b) VALUES ($1, $2), ($3, $4), ($5, $6)");
    let AssertSqlSafe(sql) = widened("SELECT $1", 3);
    assert_eq!(sql, "SELECT $1");
}

#[test]
fn a_negative_count_is_no_count() {
    assert_eq!(count("pupils", 3).unwrap(), 3);
    let error = count("pupils", -1).unwrap_err();
    assert_eq!(error.to_string(), "the registry holds -1 for pupils, which is no count");
}

/// What a scoped text becomes.
fn seen(text: &str, ranges: usize) -> String {
    scoped(text, ranges).unwrap().0
}

#[test]
fn a_scoped_text_sees_each_of_the_ranges() {
    const ONE: &str =
        "SELECT a FROM t WHERE b = $1 AND scope.path >= $2 AND scope.path < $3 LIMIT 5";

    assert_eq!(
        seen(ONE, 1),
        "SELECT a FROM t WHERE b = $1 AND (scope.path >= $2 AND scope.path < $3) LIMIT 5"
    );
    assert_eq!(
        seen(ONE, 3),
        "SELECT a FROM t WHERE b = $1 AND ((scope.path >= $2 AND scope.path < $3) OR \
         ((scope.path >= $4 AND scope.path < $5) OR (scope.path >= $6 AND scope.path < $7))) LIMIT 5"
    );
    let lines = "WHERE\n    scope.path >= $1\n    AND scope.path < $2\n";
    assert_eq!(seen(lines, 1), "WHERE\n    (scope.path >= $1 AND scope.path < $2)\n");
    let twice =
        "scope.path >= $1 AND scope.path < $2 OR x AND scope.path >= $1 AND scope.path < $2";
    assert_eq!(seen(twice, 0), "1 = 0 OR x AND 1 = 0");
}

#[test]
fn a_text_of_no_range_sees_nothing() {
    assert_eq!(seen("WHERE scope.path >= $1 AND scope.path < $2", 0), "WHERE 1 = 0");
}

#[test]
fn a_text_without_a_scope_is_no_query() {
    for text in [
        "SELECT 1",
        "WHERE scope.path >= $1",
        "WHERE scope.path >= $1 AND scope.path <= $2",
        "WHERE scope.path >= $1 AND scope.path < $3",
        "WHERE scope.path >= $1 AND scope.path < $2 AND a = $3",
        "WHERE scope.path >= $1 AND scope.path < $2 OR scope.path >= $3 AND scope.path < $4",
        "WHERE scope.path >= $2 AND scope.path < $1",
    ] {
        assert!(matches!(scoped(text, 1), Err(StoreError::NoScope)), "{text}");
    }
}

#[tokio::test]
async fn thousands_of_ranges_are_one_query() {
    const COUNT: &str = "SELECT COUNT(*) FROM organisation_paths scope \
                         WHERE scope.path >= $1 AND scope.path < $2";

    let store = testing::open().await;
    on_db!(store, pool => {
        sqlx::query("INSERT INTO organisation_paths (code, path, level) VALUES ('1', '/2999/1/', '')")
            .execute(pool).await.map(|_| ())
    })
    .unwrap();
    let found: i64 = on_db!(store, pool => {
        let mut query = sqlx::query_scalar(scoped(COUNT, 3_000).unwrap());
        for number in 0..3_000 {
            query = query.bind(format!("/{number}/")).bind(format!("/{number}0"));
        }
        query.fetch_one(pool).await
    })
    .unwrap();
    assert_eq!(found, 1);
}
