//! The tables that a registry has: columns, their types, and the key their rows are read by.

use crate::{Pool, Store, StoreError, on_db};

const OF_SQLITE: &str = "SELECT m.name, c.name, upper(c.type), c.pk \
     FROM sqlite_master m JOIN pragma_table_info(m.name) c \
     WHERE m.type = 'table' AND m.name NOT LIKE '\\_sqlx%' ESCAPE '\\' \
     AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY m.name, c.cid";

// The catalogue of the standard is slow where a database has many schemas.
const OF_POSTGRES: &str = "SELECT c.relname::TEXT, a.attname::TEXT, upper(format_type(a.atttypid, NULL)), \
     coalesce(array_position(string_to_array(i.indkey::TEXT, ' '), a.attnum::TEXT), 0)::BIGINT \
     FROM pg_class c \
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
     LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary \
     WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' \
     AND c.relname NOT LIKE '\\_sqlx%' ORDER BY c.relname, a.attnum";

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Number,
    Text,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<(String, Kind)>,
    /// Columns of the primary key in its order.
    pub(super) key: Vec<String>,
}

impl Table {
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|(name, _)| name.as_str())
    }

    pub(super) fn kind(&self, column: &str) -> Option<Kind> {
        self.columns.iter().find(|(name, _)| name == column).map(|(_, kind)| *kind)
    }
}

/// Rows that are of processes and not of the registry: in another database nobody of them is there.
const OF_PROCESSES: &str = "leases";

/// All tables by their names.
pub(super) async fn tables(store: &Store) -> Result<Vec<Table>, StoreError> {
    let sql = match store.pool() {
        Pool::Sqlite(_) => OF_SQLITE,
        Pool::Postgres(_) => OF_POSTGRES,
    };
    let columns: Vec<(String, String, String, i64)> =
        on_db!(store, pool => sqlx::query_as(sql).fetch_all(pool).await)
            .map_err(StoreError::doing("list its tables"))?;
    let mut tables: Vec<Table> = Vec::new();
    let mut keys: Vec<Vec<(i64, String)>> = Vec::new();
    for (table, column, kind, place) in columns.into_iter().filter(|it| it.0 != OF_PROCESSES) {
        if tables.last().is_none_or(|it| it.name != table) {
            tables.push(Table { name: table, columns: Vec::new(), key: Vec::new() });
            keys.push(Vec::new());
        }
        let kind = match kind.as_str() {
            "TEXT" => Kind::Text,
            "BIGINT" => Kind::Number,
            _ => return Err(unknown(&column, &kind)),
        };
        if let (Some(table), Some(key)) = (tables.last_mut(), keys.last_mut()) {
            if place > 0 {
                key.push((place, column.clone()));
            }
            table.columns.push((column, kind));
        }
    }
    for (table, mut key) in tables.iter_mut().zip(keys) {
        key.sort();
        table.key = key.into_iter().map(|(_, column)| column).collect();
        if table.key.is_empty() {
            return Err(unknown(&table.name, "no primary key"));
        }
    }
    // Databases sort names differently.
    tables.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(tables)
}

/// A schema that this program did not make.
fn unknown(place: &str, found: &str) -> StoreError {
    StoreError::Unreadable { column: "table", reason: format!("{place}: {found}") }
}

/// A name as it stands in a statement.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Names as they stand in a statement.
pub(super) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(quoted).collect::<Vec<_>>().join(", ")
}
