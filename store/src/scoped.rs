//! Queries that see only a part of the organisations.

use sqlx::AssertSqlSafe;

use crate::StoreError;

/// A query whose text holds one range of paths, widened to `ranges` of them.
///
/// The text joins `organisation_paths` under the name `scope` and says, wherever it must be told,
/// `scope.path >= $M AND scope.path < $N`. `$M` and `$N` are its last two values, so that those of further ranges follow
/// them. Of no range at all, nothing is seen.
///
/// # Errors
/// [`StoreError::NoScope`] for a text that does not say so: it would show everything.
pub fn scoped(text: &str, ranges: usize) -> Result<AssertSqlSafe<String>, StoreError> {
    let mut sql = String::with_capacity(text.len() + 48 * ranges);
    let mut rest = text;
    let mut last = None;
    while let Some((head, from, until, tail)) = split(rest) {
        let follows = from.checked_add(1) == Some(until);
        if !follows || last.is_some_and(|it| it != until) {
            return Err(StoreError::NoScope);
        }
        last = Some(until);
        sql.push_str(head);
        sql.push_str(&any_of(from, ranges));
        rest = tail;
    }
    sql.push_str(rest);
    match last {
        Some(last) if highest(text) == Some(last) => Ok(AssertSqlSafe(sql)),
        Some(_) | None => Err(StoreError::NoScope),
    }
}

/// The text before the next range, the numbers of its values, and the text after it.
fn split(text: &str) -> Option<(&str, usize, usize, &str)> {
    let (head, rest) = text.split_once("scope.path >= $")?;
    let (from, rest) = number(rest)?;
    let rest = rest.trim_start().strip_prefix("AND")?.trim_start();
    let (until, rest) = number(rest.strip_prefix("scope.path < $")?)?;
    Some((head, from, until, rest))
}

fn number(text: &str) -> Option<(usize, &str)> {
    let end = text.find(|it: char| !it.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    Some((digits.parse().ok()?, rest))
}

/// The number of a text's last value.
fn highest(text: &str) -> Option<usize> {
    text.split('$').skip(1).filter_map(|it| Some(number(it)?.0)).max()
}

/// Balanced, as a database takes expressions only so deep.
fn any_of(first: usize, ranges: usize) -> String {
    match ranges {
        0 => "1 = 0".to_owned(),
        1 => format!("(scope.path >= ${first} AND scope.path < ${})", first + 1),
        _ => {
            let half = ranges / 2;
            let rest = any_of(first + 2 * half, ranges - half);
            format!("({} OR {rest})", any_of(first, half))
        }
    }
}
