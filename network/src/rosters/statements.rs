//! Statements for a kind of object, made of the fixed names of its table and columns.

use super::kept::{Home, Kept};

/// `$1, $2, …`, so many from one on.
fn places(from: usize, count: usize) -> String {
    let places: Vec<String> = (from..from + count).map(|it| format!("${it}")).collect();
    places.join(", ")
}

/// All columns that an import writes, in the order of [`super::intake`]'s values.
fn written<T: Kept>() -> Vec<&'static str> {
    let mut columns = vec!["sourced_id", "source", "status", "modified_at"];
    if T::IS_PERSON {
        columns.push("person");
    }
    if T::HOME != Home::Nowhere {
        columns.push("organisation");
    }
    columns.extend(T::KEPT.iter().map(|(_, column)| *column));
    columns
}

/// Writes objects that are new or changed.
pub(super) fn upsert<T: Kept>(rows: usize) -> String {
    let columns = written::<T>();
    let width = columns.len();
    let values: Vec<String> =
        (0..rows).map(|row| format!("({})", places(row * width + 1, width))).collect();
    // Whose it is, and who it is, stays.
    let stays = |it: &&str| matches!(*it, "sourced_id" | "source" | "person");
    let changes: Vec<String> =
        columns.iter().filter(|it| !stays(it)).map(|it| format!("{it} = excluded.{it}")).collect();
    format!(
        "INSERT INTO {} ({}) VALUES {} ON CONFLICT (sourced_id) DO UPDATE SET {}",
        T::TABLE,
        columns.join(", "),
        values.join(", "),
        changes.join(", ")
    )
}

/// Reads objects of ids: id, source, status, person or nothing, organisation or nothing, and what is kept of the file.
pub(super) fn of_ids<T: Kept>(ids: usize) -> String {
    let person = if T::IS_PERSON { "person" } else { "''" };
    let organisation = if T::HOME == Home::Nowhere { "''" } else { "organisation" };
    let columns: Vec<&str> = T::KEPT.iter().map(|(_, column)| *column).collect();
    format!(
        "SELECT sourced_id, source, status, {person}, {organisation}, {} FROM {} WHERE sourced_id IN ({})",
        columns.join(", "),
        T::TABLE,
        places(1, ids)
    )
}

/// Which of the ids are of objects in use, and the organisation of each, where it has one.
pub(super) fn in_use(table: &str, has_organisation: bool, ids: usize) -> String {
    let organisation = if has_organisation { "organisation" } else { "''" };
    format!(
        "SELECT sourced_id, {organisation} FROM {table} WHERE status = 'active' AND sourced_id IN ({})",
        places(1, ids)
    )
}

/// Which of the ids have been merged into others, and into which.
pub(super) fn merged(ids: usize) -> String {
    let ids = places(2, ids);
    format!("SELECT old_id, new_id FROM roster_aliases WHERE kind = $1 AND old_id IN ({ids})")
}

/// Marks ids as come by; those that are marked already are not counted.
pub(super) fn mark(ids: usize) -> String {
    let values: Vec<String> =
        (0..ids).map(|it| format!("(${}, ${})", 2 * it + 1, 2 * it + 2)).collect();
    format!(
        "INSERT INTO roster_marks (kind, sourced_id) VALUES {} ON CONFLICT DO NOTHING",
        values.join(", ")
    )
}

/// Which of the ids are marked.
pub(super) fn marked(ids: usize) -> String {
    format!(
        "SELECT sourced_id FROM roster_marks WHERE kind = $1 AND sourced_id IN ({})",
        places(2, ids)
    )
}

/// Takes out of use what a source has no more.
pub(super) fn remove_unmarked(table: &str) -> String {
    format!(
        "UPDATE {table} SET status = 'tobedeleted', modified_at = $1 \
         WHERE source = $2 AND status = 'active' AND NOT EXISTS ( \
         SELECT 1 FROM roster_marks WHERE kind = $3 AND roster_marks.sourced_id = {table}.sourced_id)"
    )
}

/// How many objects in use refer to one that is not.
pub(super) fn count_orphans(table: &str, column: &str, to: &str) -> String {
    format!(
        "SELECT CAST(COUNT(*) AS TEXT) FROM {table} WHERE status = 'active' AND {column} <> '' AND NOT EXISTS ( \
         SELECT 1 FROM {to} found WHERE found.sourced_id = {table}.{column} AND found.status = 'active')"
    )
}
