use super::{Part, ROWS_OF_A_PART, Reading, Value, Writing};
use crate::{Store, StoreError, on_db, testing};

async fn everything(store: &Store) -> Vec<Part> {
    let mut reading = Reading::begin(store).await.unwrap();
    let mut parts = Vec::new();
    while let Some(part) = reading.next().await.unwrap() {
        parts.push(part);
    }
    parts
}

async fn run(store: &Store, sql: &'static str) {
    on_db!(store, pool => sqlx::raw_sql(sql).execute(pool).await.map(|_| ())).unwrap();
}

/// An empty registry: a file of its own, or a schema in the PostgreSQL of the tests.
fn empty(folder: &std::path::Path) -> String {
    let address = std::thread::spawn(testing::address).join().unwrap();
    address.unwrap_or_else(|| format!("sqlite:{}", folder.join("taken.db").display()))
}

const PEOPLE: &str = "
    INSERT INTO people (id, name, recorded_at) VALUES ('p1', '某甲', -1), ('p2', '某乙', 9223372036854775807);
    INSERT INTO accounts (id, person, login, home, opened_at, closed_at)
    VALUES ('a1', 'p1', 'one', '12', 0, NULL), ('a2', 'p2', 'two', '12', 0, 5);
    INSERT INTO audit_keys (id, public_key, since, predecessor, vouched)
    VALUES ('b', '', 0, NULL, NULL), ('a', '', 1, 'b', '');
    INSERT INTO leases (name, holder, until) VALUES ('cases', 'somebody', 1);
";

#[tokio::test]
async fn all_rows_of_one_registry_are_all_rows_of_another() {
    let folder = tempfile::tempdir().unwrap();
    let store = testing::open().await;
    run(&store, PEOPLE).await;
    let parts = everything(&store).await;
    // Accounts come before the people they name, and a key before the one it follows.
    let mut writing = Writing::begin(&empty(folder.path()), Store::schema()).await.unwrap();
    for part in &parts {
        writing.take(part).await.unwrap();
    }
    let taken = writing.finish().await.unwrap();
    assert_eq!(everything(&taken).await, parts);
    let people = parts.iter().find(|it| it.table == "people").unwrap();
    assert!(parts.iter().all(|it| it.table != "leases"), "a lease is of a process");
    assert!(people.rows.iter().flatten().any(|it| *it == Value::Number(i64::MAX)));
    assert!(parts.iter().flat_map(|it| it.rows.iter().flatten()).any(|it| *it == Value::Missing));
}

#[tokio::test]
async fn a_table_that_grows_gives_the_same_parts_again_and_a_new_one() {
    let store = testing::open().await;
    let add = |from: usize, to: usize| {
        let rows: Vec<String> =
            (from..to).map(|it| format!("('{it:08}', 'a-plan', {it})")).collect();
        sqlx::AssertSqlSafe(format!(
            "INSERT INTO plan_versions (version, code, recorded_at) VALUES {}",
            rows.join(", ")
        ))
    };
    on_db!(store, pool => sqlx::query(add(0, ROWS_OF_A_PART)).execute(pool).await.map(|_| ()))
        .unwrap();
    let of_plans = |parts: Vec<Part>| -> Vec<Part> {
        parts.into_iter().filter(|it| it.table == "plan_versions").collect()
    };
    let before = of_plans(everything(&store).await);
    on_db!(store, pool => {
        sqlx::query(add(ROWS_OF_A_PART, ROWS_OF_A_PART + 3)).execute(pool).await.map(|_| ())
    })
    .unwrap();
    let after = of_plans(everything(&store).await);
    assert_eq!(after.iter().map(|it| it.rows.len()).collect::<Vec<_>>(), [ROWS_OF_A_PART, 3]);
    assert_eq!(after.first(), before.first());
}

#[tokio::test]
async fn a_row_that_names_what_is_not_there_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = testing::open().await;
    run(&store, PEOPLE).await;
    let url = empty(folder.path());
    let mut writing = Writing::begin(&url, Store::schema()).await.unwrap();
    for part in everything(&store).await.iter().filter(|it| it.table != "people") {
        writing.take(part).await.unwrap();
    }
    writing.finish().await.unwrap_err();
    // It can be begun anew.
    let writing = Writing::begin(&url, Store::schema()).await.unwrap();
    let untouched = everything(&writing.finish().await.unwrap()).await;
    assert!(untouched.iter().all(|it| it.table != "accounts"), "{untouched:?}");
}

#[tokio::test]
async fn a_registry_that_holds_rows_takes_none() {
    let folder = tempfile::tempdir().unwrap();
    let url = empty(folder.path());
    let store = Store::open(&url).await.unwrap();
    run(&store, PEOPLE).await;
    let error = Writing::begin(&url, Store::schema()).await.unwrap_err();
    assert!(matches!(&error, StoreError::Filled { table } if table == "accounts"), "{error:?}");
}

#[tokio::test]
async fn rows_of_another_schema_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let url = empty(folder.path());
    let error = Writing::begin(&url, Store::schema() + 1).await.unwrap_err();
    assert!(matches!(error, StoreError::Later { .. }), "{error:?}");
    let mut writing = Writing::begin(&url, Store::schema()).await.unwrap();
    let part = |table: &str, column: &str| Part {
        table: table.to_owned(),
        columns: vec![column.to_owned()],
        rows: vec![vec![Value::Number(1)]],
    };
    for (table, column) in [("nothing", "id"), ("people", "nothing")] {
        let error = writing.take(&part(table, column)).await.unwrap_err();
        assert!(error.to_string().contains("nothing"), "{error}");
    }
}

#[tokio::test]
async fn rows_of_an_earlier_schema_are_brought_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    // Before accounts there were organisations and releases.
    let mut writing = Writing::begin(&empty(folder.path()), 20_261_123_150_100).await.unwrap();
    let part = Part {
        table: "plan_versions".to_owned(),
        columns: ["version", "code", "recorded_at"].map(str::to_owned).to_vec(),
        rows: vec![vec![
            Value::Text("1".to_owned()),
            Value::Text("x".to_owned()),
            Value::Number(3),
        ]],
    };
    writing.take(&part).await.unwrap();
    let store = writing.finish().await.unwrap();
    assert!(everything(&store).await.contains(&part));
    run(&store, PEOPLE).await;
}
