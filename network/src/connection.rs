//! A transaction on either database, for what is the same on both: statements of texts and numbers, the audit log, and what
//! somebody holds at that moment.

use jiff::Timestamp;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Postgres, Row, Transaction};
use store::{EmbeddedTransaction, Pool, Store, StoreError};

use crate::audit::{self, Entry};
pub(crate) use crate::batch::Value;
use crate::batch::{on_postgres, on_sqlite};
use crate::grants::{self, Authority, Holdings};
use crate::id::AccountId;
use crate::roles::Permission;
use crate::scope::Scope;

/// Texts of one row.
pub(crate) type Texts = Vec<String>;

/// A transaction. It is rolled back when it is dropped.
#[derive(Debug)]
pub(crate) enum Connection {
    Sqlite(EmbeddedTransaction),
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
                let query = on_sqlite(AssertSqlSafe(sql), values);
                query.execute(&mut **connection).await.map(|it| it.rows_affected())
            }
            Self::Postgres(connection) => {
                let query = on_postgres(AssertSqlSafe(sql), values);
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
                let rows =
                    on_sqlite(AssertSqlSafe(sql), values).fetch_all(&mut **connection).await?;
                let texts = |row: &SqliteRow| (0..row.len()).map(|it| row.try_get(it)).collect();
                rows.iter().map(texts).collect()
            }
            Self::Postgres(connection) => {
                let rows =
                    on_postgres(AssertSqlSafe(sql), values).fetch_all(&mut **connection).await?;
                let texts = |row: &PgRow| (0..row.len()).map(|it| row.try_get(it)).collect();
                rows.iter().map(texts).collect()
            }
        }
    }

    /// Runs a query of a scope whose columns are all texts; its ranges are bound after its values.
    pub(crate) async fn within(
        &mut self,
        scope: &Scope,
        sql: &str,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<Vec<Texts>, StoreError> {
        let sql = scope.sql(sql)?.0;
        let ends = scope.ranges().iter().flat_map(|it| [it.from().into(), it.until().into()]);
        let values: Vec<Value> = values.into_iter().chain(ends).collect();
        let read = self.texts(sql, values).await;
        read.map_err(StoreError::doing("look for something of a part"))
    }

    /// What an account holds; nobody gives or revokes until the transaction has ended.
    pub(crate) async fn held(
        &mut self,
        account: AccountId,
        at: Timestamp,
    ) -> Result<Holdings, StoreError> {
        let rows = match self {
            Self::Sqlite(connection) => grants::grants_in!(*connection, account),
            Self::Postgres(connection) => grants::grants_in!(*connection, account),
        };
        grants::in_force(rows.map_err(StoreError::doing("read what an account holds"))?, at)
    }

    /// Where somebody who changes something holds a permission.
    pub(crate) async fn scope(
        &mut self,
        authority: Authority<'_>,
        permission: Permission,
        at: Timestamp,
    ) -> Result<Scope, StoreError> {
        match authority.holder() {
            None => Ok(Scope::everything()),
            Some((account, roles)) => Ok(self.held(account, at).await?.scope(roles, permission)),
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
