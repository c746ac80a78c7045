//! Organisations: versions, memberships in several hierarchies, and the events between them.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use model::OrgCode;
use model::organisation::History;
use sqlx::Executor;
use store::{Store, StoreError, on_db};

mod apply;
mod changes;
mod check;
mod draft;
mod events;
mod export;
mod kept;
mod list;
mod paths;
mod revision;
mod rows;
mod sheet;
mod writing;

pub use self::changes::Changes;
pub use self::events::{EventList, read_events};
pub use self::export::export;
pub use self::kept::KeptHistory;
pub use self::list::{COLUMNS as LIST_COLUMNS, OrganisationList, read_list};
pub(crate) use self::paths::Place;
use self::paths::Places;
pub use self::paths::{check_order, path_of};
use self::revision::Revision;

/// Why organisations could not be recorded or read.
#[derive(Debug, thiserror::Error)]
pub enum NetworkError {
    #[error(
        "what is known of organisations is settled up to {settled_at}, so nothing can be recorded at {recorded_at}; \
         record it with a later time, and check the clock of this machine"
    )]
    Settled { settled_at: Timestamp, recorded_at: Timestamp },

    #[error("two versions of organisation {code} hold on {on}")]
    TwoVersions { code: OrgCode, on: Date },

    #[error("organisation {child} has two parents in hierarchy {hierarchy} on {on}")]
    TwoParents { hierarchy: String, child: OrgCode, on: Date },

    #[error("organisation {code} has a period that ends before it begins on {on}")]
    EmptyPeriod { code: OrgCode, on: Date },

    #[error("organisation {code} is given as its own parent")]
    OwnParent { code: OrgCode },

    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Something read from a row of a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listed<T> {
    /// As a spreadsheet counts: the header is row 1.
    pub row: u64,
    pub what: T,
}

/// What recording changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recording {
    /// Versions and memberships that are known now and were not before.
    pub added: usize,
    /// Versions and memberships that were known before and are not now.
    pub superseded: usize,
    /// Events recorded.
    pub events: usize,
}

impl Recording {
    /// Whether all of it was known already.
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }
}

/// All that was ever recorded about organisations.
pub async fn history(store: &Store) -> Result<History, NetworkError> {
    let reading = || StoreError::doing("read the organisations");
    let rows = on_db!(store, pool => {
        let mut connection = pool.begin_with(store.begin_reading()).await.map_err(reading())?;
        rows::read!(connection).map_err(reading())?
    });
    Ok(rows.typed()?.into_history())
}

/// Records what `changes` say of the organisations they name, as known from `recorded_at` on.
///
/// What they do not name stays as it is known; saying the same again changes nothing. All of it is recorded or
/// nothing. Instants are kept in microseconds. Paths are those of the city's day, by how far its clocks are from UTC.
///
/// # Errors
/// [`NetworkError::Settled`] when something was recorded, or [settled](settle), at `recorded_at` or later.
pub async fn record(
    store: &Store,
    changes: &Changes,
    recorded_at: Timestamp,
    offset: Offset,
) -> Result<Recording, NetworkError> {
    const LOCK: &str = include_str!("organisations/lock.sql");
    const SETTLE: &str = include_str!("organisations/settle.sql");
    let recording = || StoreError::doing("record the organisations");

    let changes = changes.canonical()?;
    let at = recorded_at.as_microsecond();
    on_db!(store, pool => {
        let mut transaction = pool.begin_with(store.begin()).await.map_err(recording())?;
        let settled_at: i64 =
            sqlx::query_scalar(LOCK).fetch_one(&mut *transaction).await.map_err(recording())?;
        let known = rows::read!(transaction).map_err(recording())?.typed()?;
        let revision = Revision::new(&known, &changes);
        if revision.is_empty() {
            return Ok(Recording::default());
        }
        if at <= settled_at {
            let settled_at = rows::instant("settled_at", settled_at)?;
            return Err(NetworkError::Settled { settled_at, recorded_at });
        }
        let summary = revision.summary();
        writing::write_down!(transaction, revision, at).map_err(recording())?;
        sqlx::query(SETTLE).bind(at).execute(&mut *transaction).await.map_err(recording())?;
        let history = changes.preview(&known.into_history(), recorded_at);
        let places = Places::at(&history, recorded_at, offset);
        paths::keep!(transaction, places).map_err(recording())?;
        transaction.commit().await.map_err(recording())?;
        Ok(summary)
    })
}

/// Waits for whoever is recording, and sees to it that nothing is recorded at or before `at` from now on.
///
/// To be called before what was known at `at` is published: a later reader then finds the same.
pub async fn settle(store: &Store, at: Timestamp) -> Result<(), NetworkError> {
    const SETTLE: &str = include_str!("organisations/settle.sql");

    on_db!(store, pool => {
        pool.execute(sqlx::query(SETTLE).bind(at.as_microsecond())).await.map(|_| ())
    })
    .map_err(StoreError::doing("settle what is known of organisations"))?;
    Ok(())
}

/// Whether the paths of organisations may be due for [`refresh_paths`], wherever on earth the city is.
///
/// For whoever would have to find out first how far its clocks are from UTC.
pub async fn may_paths_be_due(store: &Store, at: Timestamp) -> Result<bool, NetworkError> {
    are_paths_due(store, EARLIEST_CLOCKS.to_datetime(at).date()).await
}

/// No clocks are further ahead of UTC.
const EARLIEST_CLOCKS: Offset = Offset::constant(14);

/// Whether there are no paths, or they are those of another day than this one.
async fn are_paths_due(store: &Store, today: Date) -> Result<bool, NetworkError> {
    const DAYS: &str = include_str!("organisations/paths/read_days.sql");

    let days: Option<(String, Option<String>)> =
        on_db!(store, pool => sqlx::query_as(DAYS).fetch_optional(pool).await)
            .map_err(StoreError::doing("read of which day the paths of organisations are"))?;
    // Days are written so that they sort as they follow each other.
    Ok(days.is_none_or(|(_, turns_on)| turns_on.is_some_and(|it| it <= today.to_string())))
}

/// Makes the paths of all organisations anew when there are none, or when they are those of another day of the city.
///
/// To be called when a centre is opened, and at least once a day after that. Says whether anything was to be done.
pub async fn refresh_paths(
    store: &Store,
    at: Timestamp,
    offset: Offset,
) -> Result<bool, NetworkError> {
    const LOCK: &str = include_str!("organisations/lock.sql");
    let refreshing = || StoreError::doing("make the paths of organisations");

    if !are_paths_due(store, offset.to_datetime(at).date()).await? {
        return Ok(false);
    }
    on_db!(store, pool => {
        let mut transaction = pool.begin_with(store.begin()).await.map_err(refreshing())?;
        let _: i64 = sqlx::query_scalar(LOCK).fetch_one(&mut *transaction).await.map_err(refreshing())?;
        let known = rows::read!(transaction).map_err(refreshing())?.typed()?;
        let places = Places::at(&known.into_history(), at, offset);
        paths::keep!(transaction, places).map_err(refreshing())?;
        transaction.commit().await.map_err(refreshing())?;
    });
    Ok(true)
}

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
