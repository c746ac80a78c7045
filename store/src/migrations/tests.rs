//! Two versions of the program on one registry.

use super::*;
use crate::testing;

const ADD: &str = "INSERT INTO plan_versions (version, code, recorded_at) VALUES ($1, 'x', 0)";

async fn add(store: &Store, version: &str) {
    let added = on_db!(store, pool => {
        sqlx::query(ADD).bind(version).execute(pool).await.map(|_| ())
    });
    added.unwrap();
}

async fn versions(store: &Store) -> Vec<String> {
    const ALL: &str = "SELECT version FROM plan_versions ORDER BY version";

    on_db!(store, pool => sqlx::query_scalar(ALL).fetch_all(pool).await).unwrap()
}

/// What the program of a later version does to the schema, and how it calls that.
async fn later(store: &Store, says: &str, sql: &'static str) {
    let sql = AssertSqlSafe(sql).into_sql_str();
    let migration = Migration::new(
        99_990_101_000_000,
        says.to_owned().into(),
        MigrationType::Simple,
        sql,
        false,
    );
    let mut migrator = Migrator::with_migrations(vec![migration]);
    migrator.set_ignore_missing(true);
    carry_out(store, &migrator).await.unwrap();
}

#[tokio::test]
async fn what_the_version_of_before_wrote_is_there_and_it_goes_on_beside_the_new_one() {
    let before = FILES.iter().rev().nth(1).unwrap().0;
    let store = testing::empty().await;
    run_to(&store, before).await.unwrap();
    add(&store, "written before").await;
    run(&store).await.unwrap();
    add(&store, "written after").await;
    assert_eq!(versions(&store).await, ["written after", "written before"]);
}

#[tokio::test]
async fn the_version_of_before_begins_anew_on_a_schema_that_was_expanded() {
    let store = testing::open().await;
    add(&store, "written before").await;
    later(&store, "network more of a plan", "ALTER TABLE plan_versions ADD COLUMN more TEXT").await;
    run(&store).await.unwrap();
    add(&store, "written after").await;
    assert_eq!(versions(&store).await, ["written after", "written before"]);
}

#[tokio::test]
async fn a_schema_from_which_something_was_taken_is_left_alone() {
    let store = testing::open().await;
    later(&store, "network contract places", "DROP TABLE outside_choices").await;
    let error = run(&store).await.unwrap_err();
    assert!(matches!(error, StoreError::Schema(MigrateError::VersionMissing(_))), "{error:?}");
    assert!(error.to_string().contains("use the version that wrote it, or a later one"), "{error}");
}
