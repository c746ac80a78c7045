//! Two ids that turned out to be one.

use haihe_oneroster::File;
use jiff::Timestamp;
use store::{Store, StoreError};

use super::{kept, statements};
use crate::audit::{Actor, Entry};
use crate::connection::{Connection, Value};
use crate::purpose::Purpose;

/// Why two ids could not be merged.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    #[error("an id cannot be merged into itself")]
    Same,

    #[error("there is no such object in use; look for its id once more")]
    NotInUse,

    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Columns that hold the id of a user, or of a class.
const HOLDING: [(File, &str, &str); 5] = [
    (File::Users, "roster_roles", "roster_user"),
    (File::Users, "roster_enrollments", "roster_user"),
    (File::Classes, "roster_enrollments", "class"),
    (File::Courses, "roster_classes", "course"),
    (File::AcademicSessions, "roster_academic_sessions", "parent"),
];

/// Merges one object into another: what referred to it refers to the other, and its id leads there for good.
///
/// # Errors
/// [`MergeError::NotInUse`] when either is not there.
pub async fn merge(
    store: &Store,
    file: File,
    old: &str,
    new: &str,
    reason: &str,
    at: Timestamp,
) -> Result<(), MergeError> {
    const ADD: &str = include_str!("add_alias.sql");
    const FOLLOW: &str = include_str!("follow_alias.sql");
    let merging = || StoreError::doing("merge two objects of a roster");

    if old == new {
        return Err(MergeError::Same);
    }
    let mut connection = Connection::begin(store).await.map_err(merging())?;
    let sql = statements::in_use(kept::table(file), false, 2);
    let in_use = connection.texts(sql, [old.into(), new.into()]).await.map_err(merging())?;
    if in_use.len() != 2 {
        return Err(MergeError::NotInUse);
    }
    let instant = Value::Number(at.as_microsecond());
    for (_, table, column) in HOLDING.iter().filter(|it| it.0 == file) {
        let sql = format!("UPDATE {table} SET {column} = $1, modified_at = $2 WHERE {column} = $3");
        let values = [new.into(), instant.clone(), old.into()];
        connection.execute(sql, values).await.map_err(merging())?;
    }
    let sql = format!(
        "UPDATE {} SET status = 'tobedeleted', modified_at = $1 WHERE sourced_id = $2",
        kept::table(file)
    );
    connection.execute(sql, [instant.clone(), old.into()]).await.map_err(merging())?;
    // Ids that led to the old one lead on to the new: nobody has to follow twice.
    let values = [new.into(), file.name().into(), old.into()];
    connection.execute(FOLLOW.to_owned(), values).await.map_err(merging())?;
    let values = [file.name().into(), old.into(), new.into(), instant, reason.into()];
    connection.execute(ADD.to_owned(), values).await.map_err(merging())?;
    let entry = Entry::new(Actor::System, Purpose::OPERATION, "roster.merge");
    connection.append(&entry, at).await.map_err(merging())?;
    connection.commit().await.map_err(merging())?;
    Ok(())
}
