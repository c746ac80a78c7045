/// Reads rows of either database into a struct, column by column under the names of its fields.
///
/// `field as i64` reads the column as that type and turns it into the field's; `..field` reads the field from the columns
/// of the same row.
///
/// ```ignore
/// store::row!(Written { sequence, happened_at, actor });
/// ```
// A derive would do the same, and have the drivers of both databases compiled a second time for the macro.
#[macro_export]
macro_rules! row {
    ($name:ident { $($fields:tt)* }) => {
        $crate::row!(@of sqlx::sqlite::SqliteRow, $name { $($fields)* });
        $crate::row!(@of sqlx::postgres::PgRow, $name { $($fields)* });
    };
    (@of $row:ty, $name:ident {
        $($field:ident $(as $kept:ty)?),* $(, ..$whole:ident)? $(,)?
    }) => {
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
