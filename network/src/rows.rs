//! What the registry keeps, read back into types.

use std::fmt::Display;
use std::str::FromStr;

use jiff::Timestamp;
use store::StoreError;

/// Reads an instant back.
pub(crate) fn instant(column: &'static str, microseconds: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(microseconds).map_err(StoreError::unreadable(column))
}

/// Reads an instant back that may be missing.
pub(crate) fn optional_instant(
    column: &'static str,
    microseconds: Option<i64>,
) -> Result<Option<Timestamp>, StoreError> {
    microseconds.map(|it| instant(column, it)).transpose()
}

/// Reads a value back that is kept as a text.
pub(crate) fn parsed<T: FromStr<Err: Display>>(
    column: &'static str,
    text: &str,
) -> Result<T, StoreError> {
    text.parse().map_err(StoreError::unreadable(column))
}
