//! A transaction on either database, for statements that are made at run time of texts only.

use jiff::Timestamp;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{AssertSqlSafe, Postgres, Row, Sqlite, Transaction};
use store::{Pool, Store};

use crate::audit::{self, Entry};

/// A value of a statement.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Text(String),
    Number(i64),
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

/// Texts of one row.
pub(crate) type Texts = Vec<String>;

/// A transaction. It is rolled back when it is dropped.
#[derive(Debug)]
pub(crate) enum Connection {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Connection {
    /// Begins a transaction that writes.
    pub(crate) async fn begin(store: &Store) -> Result<Self, sqlx::Error> {
        match store.pool() {
            Pool::Sqlite(pool) => pool.begin_with(store.begin()).await.map(Self::Sqlite),
            Pool::Postgres(pool) => pool.begin_with(store.begin()).await.map(Self::Postgres),
        }
    }

    /// Runs a statement, and gives how many rows it changed.
    pub(crate) async fn execute(
        &mut self,
        sql: String,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<u64, sqlx::Error> {
        match self {
            Self::Sqlite(connection) => {
                let query = on_sqlite(sql, values);
                query.execute(&mut **connection).await.map(|it| it.rows_affected())
            }
            Self::Postgres(connection) => {
                let query = on_postgres(sql, values);
                query.execute(&mut **connection).await.map(|it| it.rows_affected())
            }
        }
    }

    /// Runs a query whose columns are all texts.
    pub(crate) async fn texts(
        &mut self,
        sql: String,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<Vec<Texts>, sqlx::Error> {
        match self {
            Self::Sqlite(connection) => {
                let rows = on_sqlite(sql, values).fetch_all(&mut **connection).await?;
                let texts = |row: &SqliteRow| (0..row.len()).map(|it| row.try_get(it)).collect();
                rows.iter().map(texts).collect()
            }
            Self::Postgres(connection) => {
                let rows = on_postgres(sql, values).fetch_all(&mut **connection).await?;
                let texts = |row: &PgRow| (0..row.len()).map(|it| row.try_get(it)).collect();
                rows.iter().map(texts).collect()
            }
        }
    }

    /// Appends to the audit log; the last statement before the commit.
    pub(crate) async fn append(&mut self, entry: &Entry, at: Timestamp) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(connection) => audit::append!(*connection, entry, at)?,
            Self::Postgres(connection) => audit::append!(*connection, entry, at)?,
        };
        Ok(())
    }

    pub(crate) async fn commit(self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(connection) => connection.commit().await,
            Self::Postgres(connection) => connection.commit().await,
        }
    }

    pub(crate) async fn roll_back(self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(connection) => connection.rollback().await,
            Self::Postgres(connection) => connection.rollback().await,
        }
    }
}

fn on_sqlite(
    sql: String,
    values: impl IntoIterator<Item = Value>,
) -> sqlx::query::Query<'static, Sqlite, SqliteArguments> {
    let query = sqlx::query(AssertSqlSafe(sql));
    values.into_iter().fold(query, |query, value| match value {
        Value::Text(text) => query.bind(text),
        Value::Number(number) => query.bind(number),
    })
}

fn on_postgres(
    sql: String,
    values: impl IntoIterator<Item = Value>,
) -> sqlx::query::Query<'static, Postgres, PgArguments> {
    let query = sqlx::query(AssertSqlSafe(sql));
    values.into_iter().fold(query, |query, value| match value {
        Value::Text(text) => query.bind(text),
        Value::Number(number) => query.bind(number),
    })
}
