//! What is over is swept away: nothing of it can be used any more, and it says who used what.

use jiff::{SignedDuration, Timestamp};
use store::{Store, StoreError, on_db};

use super::{OpenidError, REQUEST_LIFETIME, later};

/// How long what is over stays, so that a code or token that is brought again is known.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// Forgets what has been over for a day; how many rows there were.
pub async fn sweep(store: &Store, now: Timestamp) -> Result<u64, OpenidError> {
    const OLD: [&str; 5] = [
        include_str!("sweeping/sweep_codes.sql"),
        include_str!("sweeping/sweep_access_tokens.sql"),
        include_str!("sweeping/sweep_refresh_tokens.sql"),
        include_str!("sweeping/sweep_families.sql"),
        include_str!("sweeping/sweep_assertions.sql"),
    ];
    const REQUESTS: &str = include_str!("sweeping/sweep_requests.sql");
    let sweeping = || StoreError::doing("sweep away what is over");

    let over = later(now, -KEPT)?.as_microsecond();
    let waiting = later(now, -REQUEST_LIFETIME)?.as_microsecond();
    let mut swept = 0;
    on_db!(store, pool => {
        let mut transaction = pool.begin_with(store.begin()).await.map_err(sweeping())?;
        let statements = OLD.map(|sql| (sql, over)).into_iter().chain([(REQUESTS, waiting)]);
        for (sql, before) in statements {
            swept += sqlx::query(sql)
                .bind(before)
                .execute(&mut *transaction)
                .await
                .map_err(sweeping())?
                .rows_affected();
        }
        transaction.commit().await.map_err(sweeping())?;
    });
    Ok(swept)
}
