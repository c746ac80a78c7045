//! Many rows in one statement: a row at a time costs a round trip each.

use std::fmt::Write;

use sqlx::AssertSqlSafe;

/// Most rows of one statement.
///
/// Few round trips for PostgreSQL; and SQLite finds the name of each value by going through all of them, so that a
/// statement of ten times as many rows takes ten times as long for each row.
pub const ROWS_AT_ONCE: usize = 40;

/// An insert of one row, `… VALUES ($1, $2, …)`, widened to `rows` rows whose values are bound in turn.
///
/// A text without `VALUES` is given back as it is.
pub fn widened(one_row: &str, rows: usize) -> AssertSqlSafe<String> {
    let Some((head, values)) = one_row.split_once("VALUES") else {
        return AssertSqlSafe(one_row.to_owned());
    };
    let width = values.matches('$').count();
    let mut sql = format!("{head}VALUES");
    for row in 0..rows {
        let mut separator = if row == 0 { " (" } else { ", (" };
        for column in 1..=width {
            // Writing to a string cannot fail.
            let _ = write!(sql, "{separator}${}", row * width + column);
            separator = ", ";
        }
        sql.push(')');
    }
    AssertSqlSafe(sql)
}
