//! What is known of organisations, kept in memory from one request to the next.

use std::sync::{Arc, Mutex, PoisonError};

use model::organisation::History;
use store::{Store, StoreError, on_db};

use super::NetworkError;

/// All that was ever recorded about organisations, read again only when something was recorded since.
#[derive(Debug, Default)]
pub struct KeptHistory(Mutex<Option<(i64, Arc<History>)>>);

impl KeptHistory {
    /// As [`super::history`] tells it now.
    pub async fn get(&self, store: &Store) -> Result<Arc<History>, NetworkError> {
        const SETTLED: &str = include_str!("settled.sql");

        // Before the rows: whatever is recorded in between moves it on, and is looked for the next time.
        let settled: i64 = on_db!(store, pool => sqlx::query_scalar(SETTLED).fetch_one(pool).await)
            .map_err(StoreError::doing("read up to when organisations are settled"))?;
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, history)) = kept.filter(|it| it.0 == settled) {
            return Ok(history);
        }
        let history = Arc::new(super::history(store).await?);
        let kept = Some((settled, Arc::clone(&history)));
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = kept;
        Ok(history)
    }
}
