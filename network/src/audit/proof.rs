//! Proofs that an entry is among those a day's root was signed over.

use store::{Store, StoreError, on_db};

use super::canonical::{Hash, unhex_hash};
use super::days::{SignedDay, days};
use super::keys::PublicKey;
use super::{Written, merkle};

/// What shows to someone without the log that an entry was in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    pub entry: Written,
    pub day: SignedDay,
    /// What the entry's hash is to be joined with, in turn, to come to the day's root.
    pub path: Vec<Hash>,
}

impl Proof {
    /// Whether the entry is one of the day that the holder of `key` signed.
    pub fn holds(&self, key: &PublicKey) -> bool {
        let place = self.entry.sequence.checked_sub(self.day.first_entry);
        let place = place.and_then(|it| u64::try_from(it).ok());
        let entries = u64::try_from(self.day.entries).ok();
        let (Some(place), Some(entries)) = (place, entries) else { return false };
        let Some(leaf) = unhex_hash(&self.entry.computed_hash()) else { return false };
        let root = merkle::climbed(leaf, place, entries, &self.path);
        root.is_some()
            && root == unhex_hash(&self.day.root)
            && self.day.signing_key == key.id()
            && key.has_signed(&self.day.statement(), &self.day.signature)
    }
}

/// The proof of an entry; `None` when there is no such entry, or its day is not signed yet.
pub async fn prove(store: &Store, sequence: i64) -> Result<Option<Proof>, StoreError> {
    const ENTRY: &str = include_str!("read_from.sql");
    const HASHES: &str = include_str!("read_hashes.sql");
    let proving = || StoreError::doing("prove an entry of the audit log");

    let days = days(store).await?;
    let Some(day) = days.into_iter().find(|it| it.first_entry <= sequence && sequence < it.end())
    else {
        return Ok(None);
    };
    let (entry, hashes): (Option<Written>, Vec<(i64, String)>) = on_db!(store, pool => {
        let entry = sqlx::query_as(ENTRY).bind(sequence).bind(1_i64).fetch_optional(pool).await;
        let last = day.end().saturating_sub(1);
        let hashes = sqlx::query_as(HASHES).bind(day.first_entry).bind(last).bind(day.entries);
        (entry.map_err(proving())?, hashes.fetch_all(pool).await.map_err(proving())?)
    });
    let Some(entry) = entry.filter(|it| it.sequence == sequence) else { return Ok(None) };
    let leaves: Option<Vec<Hash>> = hashes.iter().map(|(_, it)| unhex_hash(it)).collect();
    let leaves = leaves.ok_or("no hash").map_err(StoreError::unreadable("hash"))?;
    let place = usize::try_from(sequence - day.first_entry).unwrap_or(usize::MAX);
    let path = merkle::path(&leaves, place);
    Ok(Some(Proof { entry, day, path }))
}
