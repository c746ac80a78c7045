//! Several statements in one text.

use std::fmt::Write;

use sqlx::AssertSqlSafe;

/// Statements in one text, one after another, whose values are bound in turn.
///
/// SQLite takes them in one way to its thread and back. PostgreSQL takes one statement with values at a time.
pub fn joined(statements: &[&str]) -> AssertSqlSafe<String> {
    let mut sql = String::with_capacity(statements.iter().map(|it| it.len() + 8).sum());
    let mut before = 0;
    for statement in statements {
        let mut parts = statement.trim_end().split('$');
        sql.push_str(parts.next().unwrap_or_default());
        let mut own = 0;
        for part in parts {
            let digits = part.find(|it: char| !it.is_ascii_digit()).unwrap_or(part.len());
            let (number, rest) = part.split_at(digits);
            let number: usize = number.parse().unwrap_or_default();
            own = own.max(number);
            // Writing to a string cannot fail.
            let _ = write!(sql, "${}{rest}", before + number);
        }
        sql.push_str(";\n");
        before += own;
    }
    AssertSqlSafe(sql)
}
