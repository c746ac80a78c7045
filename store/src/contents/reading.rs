//! Reads everything, part by part, as it was when the reading began.

use sqlx::query::Query;
use sqlx::{
    AssertSqlSafe, ColumnIndex, Database, Decode, Encode, Postgres, Row, Transaction, Type,
};

use super::tables::{Kind, Table, listed, tables};
use super::{Part, Value};
use crate::{EmbeddedTransaction, Pool, Store, StoreError};

/// Most rows of a part.
///
/// Parts are cut by their number from the beginning, so that a table that only grows gives the same parts again.
pub const ROWS_OF_A_PART: usize = 4_096;

/// A reading of a registry that was begun.
#[derive(Debug)]
pub struct Reading {
    transaction: Reader,
    /// Tables still to be read, the next one last.
    tables: Vec<Table>,
    /// Key of the row that was read last in the table under way.
    after: Option<Vec<Value>>,
}

#[derive(Debug)]
enum Reader {
    Sqlite(EmbeddedTransaction),
    Postgres(Transaction<'static, Postgres>),
}

impl Reading {
    /// Begins to read: nothing that is written later is seen.
    pub async fn begin(store: &Store) -> Result<Self, StoreError> {
        let mut tables = tables(store).await?;
        tables.reverse();
        let failed = StoreError::doing("be read");
        let transaction = match store.pool() {
            Pool::Sqlite(pool) => {
                Reader::Sqlite(pool.begin_with(store.begin_reading()).await.map_err(failed)?)
            }
            Pool::Postgres(pool) => {
                Reader::Postgres(pool.begin_with(store.begin_reading()).await.map_err(failed)?)
            }
        };
        Ok(Self { transaction, tables, after: None })
    }

    /// The next rows; `None` when all were read. Tables without rows give no part.
    pub async fn next(&mut self) -> Result<Option<Part>, StoreError> {
        while let Some(table) = self.tables.last() {
            let sql = statement(table, self.after.is_some());
            let after = self.after.as_deref().unwrap_or_default();
            let rows = match &mut self.transaction {
                Reader::Sqlite(it) => {
                    let query = bound(sqlx::query(AssertSqlSafe(sql)), after);
                    let rows = query.fetch_all(&mut **it).await;
                    rows.map(|it| values(table, &it))
                }
                Reader::Postgres(it) => {
                    let query = bound(sqlx::query(AssertSqlSafe(sql)), after);
                    let rows = query.fetch_all(&mut **it).await;
                    rows.map(|it| values(table, &it))
                }
            };
            let rows = rows.and_then(|it| it).map_err(StoreError::doing("be read"))?;
            let part = Part {
                table: table.name.clone(),
                columns: table.names().map(str::to_owned).collect(),
                rows,
            };
            self.after = last_key(table, &part);
            if part.rows.len() < ROWS_OF_A_PART {
                self.tables.pop();
                self.after = None;
            }
            if !part.rows.is_empty() {
                return Ok(Some(part));
            }
        }
        Ok(None)
    }
}

/// Reads a part: its first one, or the one after a key.
fn statement(table: &Table, goes_on: bool) -> String {
    let (columns, name) = (listed(table.names()), listed([table.name.as_str()]));
    let key = listed(table.key.iter().map(String::as_str));
    let mut sql = format!("SELECT {columns} FROM {name}");
    if goes_on {
        let places: Vec<String> = (1..=table.key.len()).map(|it| format!("${it}")).collect();
        sql.push_str(&format!(" WHERE ({key}) > ({})", places.join(", ")));
    }
    sql.push_str(&format!(" ORDER BY {key} LIMIT {ROWS_OF_A_PART}"));
    sql
}

fn bound<'q, D>(
    mut query: Query<'q, D, D::Arguments>,
    key: &'q [Value],
) -> Query<'q, D, D::Arguments>
where
    D: Database,
    i64: Encode<'q, D> + Type<D>,
    &'q str: Encode<'q, D> + Type<D>,
{
    for value in key {
        query = match value {
            Value::Number(number) => query.bind(*number),
            Value::Text(text) => query.bind(text.as_str()),
            // No part of a key is missing; a row of such a key would be read again and again, so that nothing follows it.
            Value::Missing => query.bind(""),
        };
    }
    query
}

fn values<'r, R>(table: &Table, rows: &'r [R]) -> Result<Vec<Vec<Value>>, sqlx::Error>
where
    R: Row,
    usize: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
{
    let value = |row: &'r R, position: usize, kind: Kind| {
        Ok(match kind {
            Kind::Number => row.try_get::<Option<i64>, _>(position)?.map(Value::Number),
            Kind::Text => row.try_get::<Option<String>, _>(position)?.map(Value::Text),
        }
        .unwrap_or(Value::Missing))
    };
    rows.iter()
        .map(|row| {
            let columns = table.columns.iter().enumerate();
            columns.map(|(position, (_, kind))| value(row, position, *kind)).collect()
        })
        .collect()
}

fn last_key(table: &Table, part: &Part) -> Option<Vec<Value>> {
    let row = part.rows.last()?;
    let of = |column: &String| {
        let position = part.columns.iter().position(|it| it == column)?;
        row.get(position).cloned()
    };
    table.key.iter().map(of).collect()
}
