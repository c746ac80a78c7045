use store::{Store, on_db, testing};

use crate::audit::{self, Actor, Entry, SignedDay, SigningKey, Verification, Written, verify};
use crate::id::{AccountId, PersonId};
use crate::purpose::Purpose;
use crate::testing::{Counting, at};

/// A log of the test's own.
pub(super) struct Log {
    pub(super) store: Store,
    pub(super) entropy: Counting,
    pub(super) account: AccountId,
    pub(super) person: PersonId,
}

impl Log {
    pub(super) async fn new() -> Self {
        let mut entropy = Counting::default();
        let account = AccountId::new(at(0), &mut entropy);
        let person = PersonId::new(at(0), &mut entropy);
        Self { store: testing::open().await, entropy, account, person }
    }

    /// One with this many entries, one every six hours: four a day.
    pub(super) async fn of(entries: i64) -> Self {
        let mut log = Self::new().await;
        for number in 0..entries {
            let entry = log.entry(number);
            audit::record(&log.store, &entry, at(number * 21_600)).await.unwrap();
        }
        log
    }

    /// Entries of every kind, in turn.
    pub(super) fn entry(&mut self, number: i64) -> Entry {
        let by = Entry::new(Actor::Account(self.account), Purpose::OPERATION, "case.open");
        match number % 4 {
            0 => by.at(&"120101".parse().unwrap()).rows(7),
            1 => by.about("case", number),
            2 => by.about_person(self.person, &mut self.entropy).refused(),
            _ => Entry::new(Actor::System, Purpose::SECURITY, "key.rotate"),
        }
    }

    pub(super) fn key(&mut self) -> SigningKey {
        SigningKey::new(&mut self.entropy).unwrap()
    }

    pub(super) async fn all(&self) -> Vec<Written> {
        let mut all = audit::entries(&self.store, &Default::default(), 10_000).await.unwrap();
        all.reverse();
        all
    }

    pub(super) async fn sign(&self, key: &SigningKey, seconds: i64) -> Vec<SignedDay> {
        audit::sign_finished(&self.store, key, at(seconds)).await.unwrap()
    }

    pub(super) async fn verification(&self) -> Verification {
        verify(&self.store, None, None).await.unwrap()
    }

    /// What is found first, in words.
    pub(super) async fn fault(&self) -> String {
        let fault = self.verification().await.fault;
        fault.map_or_else(|| "none".to_owned(), |it| it.to_string())
    }

    /// Changes the log as someone would who can change the database.
    pub(super) async fn change(&self, sql: &'static str) {
        let changed = on_db!(self.store, pool => {
            sqlx::query(sql).execute(pool).await.map(|it| it.rows_affected())
        });
        assert!(changed.unwrap() > 0, "{sql}");
    }

    /// Puts an entry into the place of the one with its number, or where there is none.
    pub(super) async fn put(&self, entry: &Written) {
        const REMOVE: &str = "DELETE FROM audit_entries WHERE sequence = $1";

        on_db!(self.store, pool => {
            sqlx::query(REMOVE).bind(entry.sequence).execute(pool).await.map(|_| ()).unwrap();
            sqlx::query(audit::sql::ADD_ENTRY)
                .bind(entry.sequence)
                .bind(entry.happened_at)
                .bind(&entry.actor_kind)
                .bind(&entry.actor)
                .bind(&entry.purpose)
                .bind(&entry.action)
                .bind(&entry.outcome)
                .bind(&entry.organisation)
                .bind(&entry.object_kind)
                .bind(&entry.object)
                .bind(entry.row_count)
                .bind(&entry.previous_hash)
                .bind(&entry.hash)
                .execute(pool).await.map(|_| ()).unwrap();
        });
    }
}
