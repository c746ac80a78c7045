/// A struct that is read from rows of either database, column by column under the names of its fields.
///
/// `field: Type as i64` reads the column as that type and turns it into the field's; `..field: Type` at the end reads the
/// field from the columns of the same row.
///
/// ```ignore
/// store::row! {
///     #[derive(Debug)]
///     struct Written {
///         sequence: i64,
///         happened_at: i64,
///         actor: Option<String>,
///     }
/// }
/// ```
// A derive would do the same, and have the drivers of both databases compiled a second time for the macro.
#[macro_export]
macro_rules! row {
    (
        $(#[$about:meta])*
        $seen:vis struct $name:ident {
            $($(#[$field_about:meta])* $field_seen:vis $field:ident: $type:ty $(as $kept:ty)?,)*
            $(..$whole_seen:vis $whole:ident: $whole_type:ty,)?
        }
    ) => {
        $(#[$about])*
        $seen struct $name {
            $($(#[$field_about])* $field_seen $field: $type,)*
            $($whole_seen $whole: $whole_type,)?
        }

        $crate::row!(@of sqlx::sqlite::SqliteRow, $name [$($field $(as $kept)?),*] $($whole)?);
        $crate::row!(@of sqlx::postgres::PgRow, $name [$($field $(as $kept)?),*] $($whole)?);
    };
    (@of $row:ty, $name:ident [$($field:ident $(as $kept:ty)?),*] $($whole:ident)?) => {
        impl sqlx::FromRow<'_, $row> for $name {
            fn from_row(row: &$row) -> Result<Self, sqlx::Error> {
                Ok(Self {
                    $($field: $crate::row!(@column row, $field $(as $kept)?),)*
                    $($whole: sqlx::FromRow::from_row(row)?,)?
                })
            }
        }
    };
    (@column $row:ident, $field:ident) => {
        sqlx::Row::try_get($row, stringify!($field))?
    };
    (@column $row:ident, $field:ident as $kept:ty) => {
        sqlx::Row::try_get::<$kept, _>($row, stringify!($field))?.into()
    };
}
