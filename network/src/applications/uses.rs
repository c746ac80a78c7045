//! How often applications are used: sign-ins per day, and nobody's name.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use jiff::civil::Date;
use store::{Store, StoreError, count, on_db};

use super::{ApplicationCode, ApplicationsError};
use crate::batch::Batch;
use crate::rows;

/// What is recent, beside today.
const RECENT: SignedDuration = SignedDuration::from_hours(24 * 29);

/// Sign-ins to one application on one day of the city.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UseCount {
    pub application: ApplicationCode,
    pub on: Date,
    pub uses: u32,
}

/// With what counts a use.
pub(crate) fn and_use(batch: Batch, code: &ApplicationCode, on: Date) -> Batch {
    const COUNT_USE: &str = include_str!("count_use.sql");

    batch.and(COUNT_USE, [code.as_str().into(), on.to_string().into()])
}

/// Uses of every application since a day, the latest day first.
pub async fn uses(store: &Store, since: Date) -> Result<Vec<UseCount>, ApplicationsError> {
    const USES: &str = include_str!("uses_since.sql");

    let rows: Vec<(String, String, i64)> = on_db!(store, pool => {
        sqlx::query_as(USES).bind(since.to_string()).fetch_all(pool).await
    })
    .map_err(StoreError::doing("read the uses of applications"))?;
    let mut uses = Vec::with_capacity(rows.len());
    for (application, on, number) in rows {
        uses.push(UseCount {
            application: rows::parsed("application", &application)?,
            on: rows::parsed("used_on", &on)?,
            uses: count("uses", number)?,
        });
    }
    Ok(uses)
}

/// Uses of each application in the last 30 days, today among them.
pub async fn recent_uses(
    store: &Store,
    today: Date,
) -> Result<BTreeMap<ApplicationCode, u64>, ApplicationsError> {
    let since = today.saturating_sub(RECENT);
    let mut sums = BTreeMap::new();
    for UseCount { application, uses, .. } in uses(store, since).await? {
        *sums.entry(application).or_default() += u64::from(uses);
    }
    Ok(sums)
}
