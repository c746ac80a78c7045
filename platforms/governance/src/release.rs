//! Releases: what was published together stays published.
//!
//! A release names one version of the definitions, of every table and of what was known of
//! organisations. Its row in the registry is the commit point: before it nothing is published,
//! after it everything is, for tables keep every version they name.

mod load;
mod versions;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use lake::{Lake, LakeError};
use model::plan::Plan;
use network::NetworkError;
use store::{Store, StoreError, on_db};

pub use self::load::Progress;
pub use self::versions::Release;

/// Why something could not be published, or what was published not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReleaseError {
    #[error(
        "release {release} was published with version {published} of the plan, and this is version {given}; \
         give the plan folder as it was then"
    )]
    OtherPlan { release: String, published: String, given: String },

    #[error("the evaluation was stopped before it was done")]
    Stopped,

    #[error(transparent)]
    Lake(#[from] LakeError),

    #[error(transparent)]
    Network(#[from] NetworkError),

    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What publishing did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    pub release: Release,
    /// False when nothing had changed since the latest release, which is then given back.
    pub is_new: bool,
}

/// Publishes the plan, the newest version of every table and what is known of organisations by `now`.
pub async fn publish(
    store: &Store,
    lake: &Lake,
    plan: &Plan,
    now: Timestamp,
) -> Result<Publication, ReleaseError> {
    // To the digit that the registry keeps: what is given back here is what is read again later.
    let now = instant("recorded_at", now.as_microsecond())?;
    // Whatever is recorded from here on is recorded later than `now`, so what was known stays known.
    network::settle(store, now).await?;
    let known_at = last_knowledge(store, now).await?;
    let mut tables = BTreeMap::new();
    for (name, dataset) in &plan.datasets {
        tables.insert(name.clone(), lake.newest_version(dataset).await?);
    }
    let before = latest(store).await?;
    let recorded_at = before.as_ref().map_or(now, |it| now.max(after(it.recorded_at)));
    let plan_version = plan.version.clone();
    let mut release = Release { id: String::new(), plan_version, tables, known_at, recorded_at };
    if let Some(before) = before.filter(|it| it.is_same_as(&release)) {
        return Ok(Publication { release: before, is_new: false });
    }
    release.id = release.name();
    record(store, plan, &release).await?;
    Ok(Publication { release, is_new: true })
}

/// The latest release; `None` before the first.
pub async fn latest(store: &Store) -> Result<Option<Release>, ReleaseError> {
    as_of(store, Timestamp::MAX).await
}

/// The release that was in force at an instant; `None` before the first.
pub async fn as_of(store: &Store, at: Timestamp) -> Result<Option<Release>, ReleaseError> {
    const SQL: &str = include_str!("release/as_of.sql");

    let row: Option<Row> = on_db!(store, pool => {
        sqlx::query_as(SQL).bind(at.as_microsecond()).fetch_optional(pool).await
    })
    .map_err(StoreError::doing("read a release"))?;
    Ok(row.map(typed).transpose()?)
}

/// All releases, the earliest first.
pub async fn list(store: &Store) -> Result<Vec<Release>, ReleaseError> {
    const SQL: &str = include_str!("release/list.sql");

    let rows: Vec<Row> = on_db!(store, pool => sqlx::query_as(SQL).fetch_all(pool).await)
        .map_err(StoreError::doing("list the releases"))?;
    Ok(rows.into_iter().map(typed).collect::<Result<_, _>>()?)
}

/// The last instant, up to `now`, at which anything was recorded of organisations.
async fn last_knowledge(store: &Store, now: Timestamp) -> Result<Timestamp, StoreError> {
    const SQL: &str = include_str!("release/last_knowledge.sql");

    let last: Option<i64> = on_db!(store, pool => {
        sqlx::query_scalar(SQL).bind(now.as_microsecond()).fetch_one(pool).await
    })
    .map_err(StoreError::doing("read when organisations were last recorded"))?;
    instant("recorded_at", last.unwrap_or_default())
}

/// Writes a release and the plan version it names, both or neither.
async fn record(store: &Store, plan: &Plan, release: &Release) -> Result<(), StoreError> {
    const PLAN: &str = include_str!("release/record_plan.sql");
    const RELEASE: &str = include_str!("release/record.sql");

    let tables =
        serde_json::to_string(&release.tables).map_err(StoreError::unreadable("tables"))?;
    on_db!(store, pool => {
        async {
            let mut transaction = pool.begin_with(store.begin()).await?;
            sqlx::query(PLAN)
                .bind(&plan.version)
                .bind(&plan.code)
                .bind(release.recorded_at.as_microsecond())
                .execute(&mut *transaction)
                .await?;
            sqlx::query(RELEASE)
                .bind(&release.id)
                .bind(release.recorded_at.as_microsecond())
                .bind(&release.plan_version)
                .bind(release.known_at.as_microsecond())
                .bind(&tables)
                .execute(&mut *transaction)
                .await?;
            transaction.commit().await
        }
        .await
    })
    .map_err(StoreError::doing("record a release"))
}

/// `id`, `recorded_at`, `plan_version`, `known_at`, `tables`.
type Row = (String, i64, String, i64, String);

fn typed((id, recorded_at, plan_version, known_at, tables): Row) -> Result<Release, StoreError> {
    Ok(Release {
        id,
        plan_version,
        tables: serde_json::from_str(&tables).map_err(StoreError::unreadable("tables"))?,
        known_at: instant("known_at", known_at)?,
        recorded_at: instant("recorded_at", recorded_at)?,
    })
}

fn instant(column: &'static str, microseconds: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(microseconds).map_err(StoreError::unreadable(column))
}

/// One microsecond later: two releases are never of one instant.
fn after(instant: Timestamp) -> Timestamp {
    instant.checked_add(SignedDuration::from_micros(1)).unwrap_or(instant)
}

#[cfg(test)]
pub(crate) mod tests;
