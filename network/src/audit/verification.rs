//! Whether the log is as it was written.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use store::{Store, StoreError, on_db};

use super::Written;
use super::canonical::{Hash, NO_HASH, hex, unhex_hash};
use super::days::SignedDay;
use super::keys::{KeyRow, PublicKey, vouching};
use super::merkle::Tree;

/// How many entries are read at once.
const AT_ONCE: i64 = 2_000;

/// What was found of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// How many entries were looked at, up to the fault if there is one.
    pub entries: i64,
    /// How many signed days were found to be as they were signed.
    pub days: usize,
    /// Entries that no signature covers yet.
    pub unsigned: i64,
    /// When the first of them happened.
    pub unsigned_since: Option<Timestamp>,
    /// The first fault.
    pub fault: Option<Fault>,
}

/// The first place where the log is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub kind: FaultKind,
    /// The entry; of a signed day, its first one.
    pub sequence: i64,
}

/// What is wrong there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The entry is not the one that was written.
    Altered,
    /// The entry is gone.
    Missing,
    /// The entry was never written by the program.
    Inserted,
    /// The entries fit each other, and are not those that were signed.
    Resigned { day: String },
    /// The day's signature is not of its key, or the key is not one of the centre's.
    Signature { day: String },
    /// The signed days before this one are gone, or stand otherwise.
    Days { day: String },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entry = self.sequence;
        match &self.kind {
            FaultKind::Altered => write!(f, "entry {entry} is not the one that was written"),
            FaultKind::Missing => write!(f, "entry {entry} is missing"),
            FaultKind::Inserted => write!(f, "entry {entry} was put in"),
            FaultKind::Resigned { day } => {
                write!(f, "the entries of {day}, from {entry} on, are not those that were signed")
            }
            FaultKind::Signature { day } => {
                write!(f, "the signature of {day}, from entry {entry} on, is not the centre's")
            }
            FaultKind::Days { day } => {
                write!(f, "what was signed before {day} does not lead to its first entry {entry}")
            }
        }
    }
}

/// Goes through the log and stops at the first fault.
///
/// With `since`, it begins with the signed day in which that instant is, and takes what was signed before it as given.
/// `trusted` is the key the centre signs with now; without it, keys are taken as they stand in the registry, so that
/// whoever can change all of the registry could sign anew.
pub async fn verify(
    store: &Store,
    trusted: Option<&PublicKey>,
    since: Option<Timestamp>,
) -> Result<Verification, StoreError> {
    const HEAD: &str = include_str!("read_head.sql");
    const DAYS: &str = include_str!("read_days.sql");
    const KEYS: &str = include_str!("read_keys.sql");
    const START: &str = include_str!("first_since.sql");
    const ENTRIES: &str = include_str!("read_from.sql");
    const PERSONS: &str = include_str!("read_persons.sql");
    let verifying = || StoreError::doing("verify the audit log");

    on_db!(store, pool => {
        // All of it as it stands at one instant, while others go on writing.
        let mut reading = pool.begin_with(store.begin_reading()).await.map_err(verifying())?;
        let (entries, hash): (i64, String) =
            sqlx::query_as(HEAD).fetch_one(&mut *reading).await.map_err(verifying())?;
        let days: Vec<SignedDay> =
            sqlx::query_as(DAYS).fetch_all(&mut *reading).await.map_err(verifying())?;
        let keys: Vec<KeyRow> =
            sqlx::query_as(KEYS).fetch_all(&mut *reading).await.map_err(verifying())?;
        let start = match since {
            None => 0,
            Some(since) => sqlx::query_scalar::<_, Option<i64>>(START)
                .bind(since.as_microsecond())
                .fetch_one(&mut *reading).await.map_err(verifying())?
                .unwrap_or(entries),
        };
        let keys = believed(&keys, trusted);
        let mut walk = Walk::new(days, &keys, start, entries);
        let mut next = walk.begin();
        loop {
            let batch: Vec<Written> = sqlx::query_as(ENTRIES)
                .bind(next).bind(AT_ONCE)
                .fetch_all(&mut *reading).await.map_err(verifying())?;
            let Some(last) = batch.last() else { break };
            let until = last.sequence.saturating_add(1);
            let beside: Vec<(i64, String)> = sqlx::query_as(PERSONS)
                .bind(next).bind(until)
                .fetch_all(&mut *reading).await.map_err(verifying())?;
            next = until;
            let mut concerned: BTreeMap<i64, Vec<String>> = BTreeMap::new();
            for (sequence, object) in beside {
                concerned.entry(sequence).or_default().push(object);
            }
            let concerned = |it: &Written| concerned.get(&it.sequence).map_or(&[][..], Vec::as_slice);
            if batch.iter().any(|it| walk.take(it, concerned(it)).is_some()) {
                break;
            }
        }
        Ok(walk.end(&hash))
    })
}

/// The keys that the one in use vouches for, itself first; or all of them when none is trusted.
fn believed(keys: &[KeyRow], trusted: Option<&PublicKey>) -> BTreeMap<String, PublicKey> {
    let by_id: BTreeMap<&str, &KeyRow> = keys.iter().map(|it| (it.0.as_str(), it)).collect();
    let read = |row: &KeyRow| PublicKey::from_hex(&row.1).filter(|it| it.id() == row.0);
    let Some(trusted) = trusted else {
        return keys.iter().filter_map(|it| Some((it.0.clone(), read(it)?))).collect();
    };
    let mut believed = BTreeMap::new();
    let mut key = trusted.clone();
    while !believed.contains_key(&key.id()) {
        believed.insert(key.id(), key.clone());
        let Some((_, _, _, Some(before), Some(vouched))) = by_id.get(key.id().as_str()) else {
            break;
        };
        let before = by_id.get(before.as_str()).and_then(|it| read(it));
        match before.filter(|it| key.has_signed(&vouching(it, &key), vouched)) {
            Some(before) => key = before,
            None => break,
        }
    }
    believed
}

/// How far the log was gone through.
struct Walk<'a> {
    days: std::vec::IntoIter<SignedDay>,
    /// The signed day that the next entry is of.
    day: Option<SignedDay>,
    keys: &'a BTreeMap<String, PublicKey>,
    tree: Tree,
    begin: i64,
    /// How many entries the head knows of.
    entries: i64,
    /// The first entry that no sound day was seen to hold.
    unsigned: i64,
    /// When the first entry after the last signed day happened.
    unsigned_since: Option<i64>,
    /// The number and the hash that the next entry continues.
    next: i64,
    previous: Option<String>,
    /// An entry that does not continue the one before it: one of the two is not as it was written.
    suspect: Option<String>,
    root: Option<String>,
    sound_days: usize,
    fault: Option<Fault>,
}

impl<'a> Walk<'a> {
    /// Begins with the signed day that `start` is in, or with the first unsigned entry.
    fn new(
        days: Vec<SignedDay>,
        keys: &'a BTreeMap<String, PublicKey>,
        start: i64,
        entries: i64,
    ) -> Self {
        let skipped = days.iter().take_while(|it| it.end() <= start).count();
        let begin = match skipped.checked_sub(1).and_then(|it| days.get(it)) {
            Some(last) => last.end(),
            None => 0,
        };
        let root = skipped.checked_sub(1).and_then(|it| days.get(it)).map(|it| it.root.clone());
        let mut days = days.into_iter();
        for _ in 0..skipped {
            days.next();
        }
        let mut walk = Self {
            day: days.next(),
            days,
            keys,
            tree: Tree::default(),
            begin,
            entries,
            unsigned: begin,
            unsigned_since: None,
            next: begin,
            previous: (begin == 0).then(|| NO_HASH.to_owned()),
            suspect: None,
            root: Some(root.unwrap_or_else(|| NO_HASH.to_owned())),
            sound_days: 0,
            fault: None,
        };
        walk.check_day();
        walk
    }

    fn begin(&self) -> i64 {
        self.begin
    }

    /// Looks at the next entry and those who stand beside it; gives the fault when there is one.
    fn take(&mut self, entry: &Written, concerned: &[String]) -> Option<&Fault> {
        if self.fault.is_some() {
            return self.fault.as_ref();
        }
        if entry.sequence >= self.entries && self.suspect.is_none() && self.next >= self.entries {
            return self.found(FaultKind::Inserted, entry.sequence);
        }
        if let Some(hash) = self.suspect.take() {
            // If this entry continues the suspect one, that is as it was written, and the one before it is not.
            let back = if entry.previous_hash == hash { 2 } else { 1 };
            return self.found(FaultKind::Altered, self.next.saturating_sub(back));
        }
        if entry.sequence != self.next {
            return self.found(FaultKind::Missing, self.next);
        }
        let hash = entry.computed_hash();
        if hash != entry.hash || !entry.is_of(concerned) {
            return self.found(FaultKind::Altered, entry.sequence);
        }
        self.next = self.next.saturating_add(1);
        if self.day.is_none() {
            self.unsigned_since.get_or_insert(entry.happened_at);
        }
        if self.previous.as_ref().is_some_and(|it| *it != entry.previous_hash) {
            if entry.sequence == 0 {
                return self.found(FaultKind::Altered, 0);
            }
            self.suspect = Some(hash);
            return None;
        }
        if let Some(leaf) = unhex_hash(&hash) {
            self.add_leaf(leaf);
        }
        self.previous = Some(hash);
        self.fault.as_ref()
    }

    /// The first fault stands, whatever is found after it.
    fn found(&mut self, kind: FaultKind, sequence: i64) -> Option<&Fault> {
        self.fault.get_or_insert(Fault { kind, sequence });
        self.fault.as_ref()
    }

    fn add_leaf(&mut self, leaf: Hash) {
        let Some(day) = &self.day else { return };
        self.tree.push(leaf);
        if self.next < day.end() {
            return;
        }
        let (name, first, root) = (day.day.clone(), day.first_entry, day.root.clone());
        if hex(&self.tree.root()) != root {
            self.found(FaultKind::Resigned { day: name }, first);
            return;
        }
        self.sound_days += 1;
        self.unsigned = self.next;
        self.tree = Tree::default();
        self.root = Some(root);
        self.day = self.days.next();
        self.check_day();
    }

    /// Whether the day that begins now is where it should be, and signed by the centre.
    fn check_day(&mut self) {
        let Some(day) = self.day.clone() else { return };
        let continues = self.root.as_ref().is_some_and(|it| *it == day.previous_root);
        if day.first_entry != self.next || day.entries < 1 || !continues {
            self.found(FaultKind::Days { day: day.day }, day.first_entry);
            return;
        }
        let key = self.keys.get(&day.signing_key);
        if !key.is_some_and(|it| it.has_signed(&day.statement(), &day.signature)) {
            self.found(FaultKind::Signature { day: day.day }, day.first_entry);
        }
    }

    /// Compares the end with what the head says.
    fn end(mut self, hash: &str) -> Verification {
        if let Some(suspect) = self.suspect.take() {
            let back = if suspect == hash { 2 } else { 1 };
            self.found(FaultKind::Altered, self.next.saturating_sub(back));
        } else if self.next < self.entries {
            self.found(FaultKind::Missing, self.next);
        } else if self.previous.as_ref().is_some_and(|it| it != hash) {
            self.found(FaultKind::Altered, self.next.saturating_sub(1));
        } else if let Some(day) = self.day.clone() {
            // It would end after the last entry.
            self.found(FaultKind::Days { day: day.day }, day.first_entry);
        }
        Verification {
            entries: self.next.saturating_sub(self.begin),
            days: self.sound_days,
            unsigned: self.next.saturating_sub(self.unsigned),
            unsigned_since: self.unsigned_since.and_then(|it| Timestamp::from_microsecond(it).ok()),
            fault: self.fault,
        }
    }
}
