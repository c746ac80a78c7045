use sqlx::migrate::MigrateError;

/// The registry failed. Nothing a client did, so nothing a client is told.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error(
        "the registry's address is none; write `sqlite:PATH` or `postgres://user@host/database`"
    )]
    // Not repeated here: an address may hold a password.
    Address,

    #[error(
        "the registry's schema does not fit this version of the program; \
         use the version that wrote it, or a later one"
    )]
    Schema(#[source] MigrateError),

    #[error("the registry could not {doing}")]
    Database {
        doing: &'static str,
        #[source]
        source: sqlx::Error,
    },

    #[error("the registry holds {value} for {column}, which is no count")]
    NotACount { column: &'static str, value: i64 },

    #[error(
        "a query of the registry does not say whose part it sees; \
         let it end in the two values of `scope.path >= $M AND scope.path < $N`"
    )]
    NoScope,

    #[error(
        "the registry's database sorts {first} after {second}, so that nobody's part could be told from another's; \
         make the database anew with the collation C"
    )]
    Order { first: &'static str, second: &'static str },

    #[error(
        "the registry's {table} hold rows already; take an empty database, or one that does not exist yet"
    )]
    Filled { table: String },

    #[error(
        "the rows are of schema {version}, which this version of the program does not know; \
         use the version that wrote them, or a later one"
    )]
    Later { version: i64 },

    /// A row that this program did not write.
    #[error("the registry holds a {column} that cannot be read: {reason}")]
    Unreadable { column: &'static str, reason: String },
}

impl StoreError {
    /// Names what was being done, so that the log says more than "database error".
    pub fn doing(doing: &'static str) -> impl FnOnce(sqlx::Error) -> Self {
        move |source| Self::Database { doing, source }
    }

    /// Names the column of a value that means nothing.
    pub fn unreadable<E: std::fmt::Display>(column: &'static str) -> impl FnOnce(E) -> Self {
        move |reason| Self::Unreadable { column, reason: reason.to_string() }
    }
}

/// Reads a count back: SQL knows no unsigned numbers.
pub fn count(column: &'static str, value: i64) -> Result<u32, StoreError> {
    u32::try_from(value).map_err(|_| StoreError::NotACount { column, value })
}
