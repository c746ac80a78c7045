//! Requests with who asked, for whoever decides them.

use store::{Store, StoreError, count};

use super::requests::{Request, Row, typed};
use crate::personal::{self, Personal, Reading};
use crate::roles::{FieldMask, PersonalField};

/// A request that is not carried out yet, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub request: Request,
    /// `None` when it may not be seen.
    pub name: Option<String>,
    /// What the name is to become; `None` when it may not be seen, or nothing is to be corrected.
    pub corrected: Option<String>,
    /// How many accounts the person has; what is decided is for all of them.
    pub accounts: u32,
}

store::row! {
    #[derive(Clone)]
    struct AskedRow {
        id: String,
        account: String,
        name: Option<String>,
        value: Option<String>,
        kind: String,
        home: String,
        asked_at: i64,
        decision: Option<String>,
        decided_for: Option<String>,
        ended_at: Option<i64>,
        holds: i64,
        accounts: i64,
        path: String,
    }
}

impl Personal for AskedRow {
    fn path(&self) -> &str {
        &self.path
    }

    fn account(&self) -> &str {
        &self.account
    }

    fn mask(&mut self, seen: &FieldMask) {
        if !seen.shows(PersonalField::Name) {
            (self.name, self.value) = (None, None);
        }
    }
}

/// Requests within the reading's scope that are not carried out yet, the earliest first. The audit log is told.
pub async fn to_decide(
    store: &Store,
    reading: &Reading,
    most: u32,
) -> Result<Vec<Asked>, StoreError> {
    let rows: Vec<AskedRow> =
        personal::read!(store, reading, include_str!("requests_to_decide.sql"), [i64::from(most)])?;
    let asked = |it: AskedRow| {
        let row: Row = (
            it.id,
            it.kind,
            it.home,
            it.asked_at,
            it.decision,
            it.decided_for,
            it.ended_at,
            it.holds,
        );
        let accounts = count("accounts", it.accounts)?;
        Ok(Asked { request: typed(row)?, name: it.name, corrected: it.value, accounts })
    };
    rows.into_iter().map(asked).collect()
}
