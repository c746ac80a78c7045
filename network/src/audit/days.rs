//! Finished days and their signatures.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use store::{Store, StoreError, on_db};

use super::canonical::{NO_HASH, hex, netstrings, unhex_hash};
use super::keys::{KeyRow, SigningKey, in_use, vouching};
use super::merkle::Tree;

/// How many hashes are read at once.
const AT_ONCE: i64 = 10_000;

store::row! {
    /// A finished day.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct SignedDay {
        /// Such as `2026-11-26`; days are counted in UTC.
        pub day: String,
        pub first_entry: i64,
        pub entries: i64,
        pub root: String,
        /// The root of the day before it, or zeros.
        pub previous_root: String,
        /// Id of the key.
        pub signing_key: String,
        pub signature: String,
        pub signed_at: i64,
    }
}

impl SignedDay {
    /// The first entry after the day.
    pub const fn end(&self) -> i64 {
        self.first_entry.saturating_add(self.entries)
    }

    /// The bytes that are signed.
    pub(super) fn statement(&self) -> Vec<u8> {
        let (first, entries) = (self.first_entry.to_string(), self.entries.to_string());
        netstrings([
            Some("haihe-audit-day-1"),
            Some(self.day.as_str()),
            Some(first.as_str()),
            Some(entries.as_str()),
            Some(&self.root),
            Some(&self.previous_root),
            Some(&self.signing_key),
        ])
    }
}

/// All signed days, the earliest first.
pub async fn days(store: &Store) -> Result<Vec<SignedDay>, StoreError> {
    const DAYS: &str = include_str!("read_days.sql");
    on_db!(store, pool => sqlx::query_as(DAYS).fetch_all(pool).await)
        .map_err(StoreError::doing("read the signed days"))
}

/// Signs every day that is finished at an instant and not signed yet, and gives those it signed.
///
/// Entries of days without a signature of their own, such as one that a clock put too late, are signed with the day
/// after. A key that was not used before vouches for the one it takes the place of.
pub async fn sign_finished(
    store: &Store,
    key: &SigningKey,
    at: Timestamp,
) -> Result<Vec<SignedDay>, StoreError> {
    let mut signed = Vec::new();
    while let Some(day) = sign_next(store, key, at).await? {
        signed.push(day);
    }
    Ok(signed)
}

/// Signs the earliest finished day that is not signed.
async fn sign_next(
    store: &Store,
    key: &SigningKey,
    at: Timestamp,
) -> Result<Option<SignedDay>, StoreError> {
    const LAST: &str = include_str!("last_day.sql");
    const FIRST: &str = include_str!("entry_time.sql");
    const END: &str = include_str!("last_before.sql");
    const HASHES: &str = include_str!("read_hashes.sql");
    const KEYS: &str = include_str!("read_keys.sql");
    const ADD_KEY: &str = include_str!("add_key.sql");
    const ADD_DAY: &str = include_str!("add_day.sql");
    let signing = || StoreError::doing("sign a day of the audit log");

    on_db!(store, pool => {
        // One signs at a time: it waits where those who write wait.
        let mut transaction = pool.begin_with(store.begin()).await.map_err(signing())?;
        sqlx::query(include_str!("hold_head.sql"))
            .execute(&mut *transaction).await.map_err(signing())?;
        let last: Option<SignedDay> =
            sqlx::query_as(LAST).fetch_optional(&mut *transaction).await.map_err(signing())?;
        let first = last.as_ref().map_or(0, SignedDay::end);
        let began: Option<i64> = sqlx::query_scalar(FIRST).bind(first)
            .fetch_optional(&mut *transaction).await.map_err(signing())?;
        let Some(day) = next_day(last.as_ref(), began, at)? else { return Ok(None) };
        let until = midnight_after(day)?;
        let end: Option<i64> = sqlx::query_scalar(END).bind(first).bind(until.as_microsecond())
            .fetch_one(&mut *transaction).await.map_err(signing())?;
        let Some(end) = end else { return Ok(None) };

        let mut tree = Tree::default();
        let mut next = first;
        while next <= end {
            let hashes: Vec<(i64, String)> = sqlx::query_as(HASHES)
                .bind(next).bind(end).bind(AT_ONCE)
                .fetch_all(&mut *transaction).await.map_err(signing())?;
            let Some((last, _)) = hashes.last() else { break };
            next = last.saturating_add(1);
            for (_, text) in &hashes {
                let hash = unhex_hash(text).ok_or("no hash");
                tree.push(hash.map_err(StoreError::unreadable("hash"))?);
            }
        }

        let keys: Vec<KeyRow> =
            sqlx::query_as(KEYS).fetch_all(&mut *transaction).await.map_err(signing())?;
        let id = key.public().id();
        if keys.iter().all(|it| it.0 != id) {
            let before = in_use(&keys).and_then(|it| super::PublicKey::from_hex(&it.1));
            let vouched = before.as_ref().map(|it| key.sign(&vouching(it, key.public())));
            sqlx::query(ADD_KEY)
                .bind(&id)
                .bind(key.public().as_hex())
                .bind(at.as_microsecond())
                .bind(before.map(|it| it.id()))
                .bind(vouched)
                .execute(&mut *transaction).await.map_err(signing())?;
        }
        let mut signed = SignedDay {
            day: day.to_string(),
            first_entry: first,
            entries: end - first + 1,
            root: hex(&tree.root()),
            previous_root: last.map_or_else(|| NO_HASH.to_owned(), |it| it.root),
            signing_key: id,
            signature: String::new(),
            signed_at: at.as_microsecond(),
        };
        signed.signature = key.sign(&signed.statement());
        sqlx::query(ADD_DAY)
            .bind(&signed.day)
            .bind(signed.first_entry)
            .bind(signed.entries)
            .bind(&signed.root)
            .bind(&signed.previous_root)
            .bind(&signed.signing_key)
            .bind(&signed.signature)
            .bind(signed.signed_at)
            .execute(&mut *transaction).await.map_err(signing())?;
        transaction.commit().await.map_err(signing())?;
        Ok(Some(signed))
    })
}

/// The day to sign next: the one the first unsigned entry is of, if it is finished and later than the last.
fn next_day(
    last: Option<&SignedDay>,
    began: Option<i64>,
    at: Timestamp,
) -> Result<Option<Date>, StoreError> {
    let Some(began) = began else { return Ok(None) };
    let began =
        Timestamp::from_microsecond(began).map_err(StoreError::unreadable("happened_at"))?;
    let yesterday = TimeZone::UTC.to_datetime(at).date().saturating_sub(1.day());
    let mut day = TimeZone::UTC.to_datetime(began).date();
    if let Some(last) = last {
        let last: Date = last.day.parse().map_err(StoreError::unreadable("day"))?;
        if last >= yesterday {
            return Ok(None);
        }
        day = day.max(last.saturating_add(1.day()));
    }
    // An entry that a wrong clock put into the future must not keep those after it from being signed.
    Ok(Some(day.min(yesterday)))
}

fn midnight_after(day: Date) -> Result<Timestamp, StoreError> {
    let next = day.saturating_add(1.day()).to_datetime(jiff::civil::Time::midnight());
    TimeZone::UTC.to_timestamp(next).map_err(StoreError::unreadable("day"))
}
