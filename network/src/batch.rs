//! Statements of a transaction that need no answer from each other, run in one go.
//!
//! Each way to SQLite's thread and back costs more than most statements, so there they go together.

use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::Query;
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{AssertSqlSafe, FromRow, PgConnection, Postgres, Sqlite, SqliteConnection};

/// A value of a statement.
#[derive(Clone, Debug)]
pub enum Value {
    Text(String),
    Number(i64),
    /// No text.
    Missing,
    NoNumber,
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Option<String>> for Value {
    fn from(text: Option<String>) -> Self {
        text.map_or(Self::Missing, Self::Text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<Option<i64>> for Value {
    fn from(number: Option<i64>) -> Self {
        number.map_or(Self::NoNumber, Self::Number)
    }
}

impl From<jiff::Timestamp> for Value {
    fn from(at: jiff::Timestamp) -> Self {
        Self::Number(at.as_microsecond())
    }
}

/// Statements that are run one after another, each with its values.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    texts: Vec<&'static str>,
    values: Vec<Vec<Value>>,
}

impl Batch {
    /// With one statement more.
    #[must_use]
    pub fn and(mut self, sql: &'static str, values: impl IntoIterator<Item = Value>) -> Self {
        self.texts.push(sql);
        self.values.push(values.into_iter().collect());
        self
    }
}

/// A connection that takes statements together. Whatever one of them changed goes with the transaction when another fails.
pub trait TakeBatch: Send {
    /// Runs all; none of them answers with rows.
    fn run(&mut self, batch: Batch) -> impl Future<Output = Result<(), sqlx::Error>> + Send;

    /// Runs all, and gives the one row that the last of them answers with.
    fn ask<T>(&mut self, batch: Batch) -> impl Future<Output = Result<T, sqlx::Error>> + Send
    where
        T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin;
}

impl TakeBatch for SqliteConnection {
    async fn run(&mut self, batch: Batch) -> Result<(), sqlx::Error> {
        let sql = store::joined(&batch.texts);
        on_sqlite(sql, batch.values.into_iter().flatten()).execute(self).await?;
        Ok(())
    }

    async fn ask<T>(&mut self, batch: Batch) -> Result<T, sqlx::Error>
    where
        T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        let sql = store::joined(&batch.texts);
        // All rows: the driver stops at the first one it is asked for, and the statements after it are not run.
        let rows = on_sqlite(sql, batch.values.into_iter().flatten()).fetch_all(self).await?;
        T::from_row(rows.last().ok_or(sqlx::Error::RowNotFound)?)
    }
}

impl TakeBatch for PgConnection {
    async fn run(&mut self, batch: Batch) -> Result<(), sqlx::Error> {
        for (sql, values) in batch.texts.into_iter().zip(batch.values) {
            on_postgres(AssertSqlSafe(sql.to_owned()), values).execute(&mut *self).await?;
        }
        Ok(())
    }

    async fn ask<T>(&mut self, batch: Batch) -> Result<T, sqlx::Error>
    where
        T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        let mut answer = None;
        for (sql, values) in batch.texts.into_iter().zip(batch.values) {
            let query = on_postgres(AssertSqlSafe(sql.to_owned()), values);
            answer = query.fetch_optional(&mut *self).await?;
        }
        T::from_row(&answer.ok_or(sqlx::Error::RowNotFound)?)
    }
}

pub(crate) fn on_sqlite(
    sql: AssertSqlSafe<String>,
    values: impl IntoIterator<Item = Value>,
) -> Query<'static, Sqlite, SqliteArguments> {
    values.into_iter().fold(sqlx::query(sql), |query, value| match value {
        Value::Text(text) => query.bind(text),
        Value::Number(number) => query.bind(number),
        Value::Missing => query.bind(None::<String>),
        Value::NoNumber => query.bind(None::<i64>),
    })
}

pub(crate) fn on_postgres(
    sql: AssertSqlSafe<String>,
    values: impl IntoIterator<Item = Value>,
) -> Query<'static, Postgres, PgArguments> {
    values.into_iter().fold(sqlx::query(sql), |query, value| match value {
        Value::Text(text) => query.bind(text),
        Value::Number(number) => query.bind(number),
        Value::Missing => query.bind(None::<String>),
        Value::NoNumber => query.bind(None::<i64>),
    })
}

#[cfg(test)]
mod tests {
    use store::{on_db, testing};

    use super::*;

    const ADD: &str = "INSERT INTO people (id, name, recorded_at) VALUES ($1, $2, $3)";
    const COUNT: &str = "SELECT COUNT(*) FROM people WHERE recorded_at < $1";
    const NAME: &str = "UPDATE people SET name = $2 WHERE id = $1 RETURNING name, recorded_at";

    fn person(id: &str) -> [Value; 3] {
        [id.into(), "n".into(), 1.into()]
    }

    #[tokio::test]
    async fn statements_of_a_batch_are_run_in_turn_each_with_its_values() {
        let store = testing::open().await;
        on_db!(store, pool => {
            let mut transaction = pool.begin_with(store.begin()).await.unwrap();
            let batch = Batch::default().and(ADD, person("a")).and(ADD, person("b"));
            transaction.run(batch).await.unwrap();
            let batch = Batch::default()
                .and(ADD, person("c"))
                .and(NAME, ["c".into(), "m".into()]);
            let named: (String, i64) = transaction.ask(batch).await.unwrap();
            assert_eq!(named, ("m".to_owned(), 1));
            let batch = Batch::default().and(ADD, person("d")).and(COUNT, [2.into()]);
            let (found,): (i64,) = transaction.ask(batch).await.unwrap();
            assert_eq!(found, 4);
        });
    }

    #[tokio::test]
    async fn of_a_batch_that_fails_nothing_stays() {
        let store = testing::open().await;
        on_db!(store, pool => {
            let mut transaction = pool.begin_with(store.begin()).await.unwrap();
            let batch = Batch::default().and(ADD, person("a")).and(ADD, person("a"));
            transaction.run(batch).await.unwrap_err();
        });
        let found: i64 = on_db!(store, pool => {
            sqlx::query_scalar(COUNT).bind(2_i64).fetch_one(pool).await
        })
        .unwrap();
        assert_eq!(found, 0);
    }
}
