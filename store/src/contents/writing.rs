//! Takes everything into an empty registry.

use sqlx::query::Query;
use sqlx::{AssertSqlSafe, Database, Encode, Postgres, Transaction, Type};

use super::tables::{Kind, Table, listed, tables};
use super::{Part, Value};
use crate::address::Address;
use crate::{
    EmbeddedTransaction, Pool, ROWS_AT_ONCE, Store, StoreError, migrations, on_db, widened,
};

/// Foreign keys of PostgreSQL, each with its table.
const FOREIGN_KEYS: &str = "SELECT conrelid::regclass::TEXT, conname::TEXT FROM pg_constraint \
     WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY 1, 2";

/// A registry that is being filled. Nothing is there before [`finish`](Self::finish).
#[derive(Debug)]
pub struct Writing {
    store: Store,
    transaction: Writer,
    tables: Vec<Table>,
}

#[derive(Debug)]
enum Writer {
    Sqlite(EmbeddedTransaction),
    Postgres(Transaction<'static, Postgres>),
}

impl Writing {
    /// Begins with the schema of a version, such as a backup names.
    ///
    /// # Errors
    /// [`StoreError::Filled`] when the registry holds rows; [`StoreError::Later`] when this program does not know the
    /// version.
    pub async fn begin(url: &str, version: i64) -> Result<Self, StoreError> {
        if !migrations::is_known(version) {
            return Err(StoreError::Later { version });
        }
        let store = Store(url.parse::<Address>()?.connect().await?);
        migrations::run_to(&store, version).await?;
        let tables = tables(&store).await?;
        // A schema brings rows of its own: those that a new registry of this version has are no rows of anybody.
        let new = Store(Address::Memory.connect().await?);
        migrations::run_to(&new, version).await?;
        for table in &tables {
            if rows(&store, table).await? > rows(&new, table).await? {
                return Err(StoreError::Filled { table: table.name.clone() });
            }
        }
        let failed = StoreError::doing("be filled");
        let transaction = match store.pool() {
            Pool::Sqlite(pool) => {
                Writer::Sqlite(pool.begin_with(store.begin()).await.map_err(failed)?)
            }
            Pool::Postgres(pool) => {
                Writer::Postgres(pool.begin_with(store.begin()).await.map_err(failed)?)
            }
        };
        let mut writing = Self { store, transaction, tables };
        // Rows come table by table, each perhaps before what it names.
        match &writing.transaction {
            Writer::Sqlite(_) => writing.execute("PRAGMA defer_foreign_keys = ON").await?,
            Writer::Postgres(_) => writing.alter("DEFERRABLE INITIALLY DEFERRED").await?,
        }
        for sql in writing
            .tables
            .iter()
            .map(|it| format!("DELETE FROM {}", listed([it.name.as_str()])))
            .collect::<Vec<_>>()
        {
            writing.execute(&sql).await?;
        }
        Ok(writing)
    }

    /// Takes the rows of a part.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] when the schema has no such table or column.
    pub async fn take(&mut self, part: &Part) -> Result<(), StoreError> {
        let strange = |name: &str| StoreError::Unreadable {
            column: "table",
            reason: format!("there is no {name}"),
        };
        let Some(table) = self.tables.iter().find(|it| it.name == part.table) else {
            return Err(strange(&part.table));
        };
        let kinds: Result<Vec<Kind>, StoreError> = part
            .columns
            .iter()
            .map(|it| table.kind(it).ok_or_else(|| strange(&format!("{}.{it}", part.table))))
            .collect();
        let kinds = kinds?;
        let places: Vec<String> = (1..=kinds.len()).map(|it| format!("${it}")).collect();
        let one = format!(
            "INSERT INTO {} ({}) VALUES ({})",
            listed([table.name.as_str()]),
            listed(part.columns.iter().map(String::as_str)),
            places.join(", ")
        );
        for rows in part.rows.chunks(ROWS_AT_ONCE) {
            if rows.iter().any(|it| it.len() != kinds.len()) {
                return Err(strange(&format!("row of {} values in {}", kinds.len(), part.table)));
            }
            let sql = widened(&one, rows.len());
            let done = match &mut self.transaction {
                Writer::Sqlite(it) => {
                    bound(sqlx::query(sql), &kinds, rows).execute(&mut **it).await.map(|_| ())
                }
                Writer::Postgres(it) => {
                    bound(sqlx::query(sql), &kinds, rows).execute(&mut **it).await.map(|_| ())
                }
            };
            done.map_err(StoreError::doing("be filled"))?;
        }
        Ok(())
    }

    /// Puts everything in force and brings the schema up to date.
    pub async fn finish(mut self) -> Result<Store, StoreError> {
        if matches!(self.transaction, Writer::Postgres(_)) {
            self.execute("SET CONSTRAINTS ALL IMMEDIATE").await?;
            self.alter("NOT DEFERRABLE").await?;
        }
        let done = match self.transaction {
            Writer::Sqlite(it) => it.commit().await,
            Writer::Postgres(it) => it.commit().await,
        };
        done.map_err(StoreError::doing("be filled"))?;
        migrations::run(&self.store).await?;
        Ok(self.store)
    }

    /// Says when PostgreSQL checks foreign keys.
    async fn alter(&mut self, when: &str) -> Result<(), StoreError> {
        let keys: Vec<(String, String)> = match &mut self.transaction {
            Writer::Sqlite(_) => Vec::new(),
            Writer::Postgres(it) => sqlx::query_as(FOREIGN_KEYS)
                .fetch_all(&mut **it)
                .await
                .map_err(StoreError::doing("list its keys"))?,
        };
        for (table, key) in keys {
            let sql =
                format!("ALTER TABLE {table} ALTER CONSTRAINT {} {when}", listed([key.as_str()]));
            self.execute(&sql).await?;
        }
        Ok(())
    }

    async fn execute(&mut self, sql: &str) -> Result<(), StoreError> {
        let sql = AssertSqlSafe(sql.to_owned());
        let done = match &mut self.transaction {
            Writer::Sqlite(it) => sqlx::query(sql).execute(&mut **it).await.map(|_| ()),
            Writer::Postgres(it) => sqlx::query(sql).execute(&mut **it).await.map(|_| ()),
        };
        done.map_err(StoreError::doing("be filled"))
    }
}

async fn rows(store: &Store, table: &Table) -> Result<i64, StoreError> {
    let sql = AssertSqlSafe(format!("SELECT COUNT(*) FROM {}", listed([table.name.as_str()])));
    on_db!(store, pool => sqlx::query_scalar(sql).fetch_one(pool).await)
        .map_err(StoreError::doing("count its rows"))
}

fn bound<'q, D>(
    mut query: Query<'q, D, D::Arguments>,
    kinds: &[Kind],
    rows: &'q [Vec<Value>],
) -> Query<'q, D, D::Arguments>
where
    D: Database,
    Option<i64>: Encode<'q, D> + Type<D>,
    Option<&'q str>: Encode<'q, D> + Type<D>,
    i64: Encode<'q, D> + Type<D>,
    &'q str: Encode<'q, D> + Type<D>,
{
    for (kind, value) in rows.iter().flat_map(|row| kinds.iter().zip(row)) {
        query = match (kind, value) {
            // A gap has the type of its column.
            (Kind::Number, Value::Missing) => query.bind(None::<i64>),
            (Kind::Text, Value::Missing) => query.bind(None::<&str>),
            (_, Value::Number(number)) => query.bind(*number),
            (_, Value::Text(text)) => query.bind(text.as_str()),
        };
    }
    query
}
