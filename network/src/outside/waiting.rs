//! Identities that wait to be linked, for whoever looks after accounts where their provider belongs.

use jiff::Timestamp;
use model::{Bilingual, OrgCode};
use store::{Store, StoreError};

use super::RequestId;
use crate::personal::{self, Personal, Reading};
use crate::roles::{FieldMask, PersonalField};
use crate::rows;

/// An identity that waits, as far as it may be seen.
#[derive(Clone, PartialEq, Eq)]
pub struct Waiting {
    pub id: RequestId,
    /// Name of the provider.
    pub provider: Bilingual,
    /// Where the provider belongs.
    pub organisation: OrgCode,
    /// What the provider calls the person; `None` when it may not be seen.
    pub said_name: Option<String>,
    /// `None` when it may not be seen.
    pub said_login: Option<String>,
    pub asked_at: Timestamp,
}

/// Shows nobody.
impl std::fmt::Debug for Waiting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Waiting").field("id", &self.id).finish_non_exhaustive()
    }
}

store::row! {
    #[derive(Clone)]
    struct Row {
        id: String,
        name_zh: String,
        name_en: String,
        said_name: Option<String>,
        said_login: Option<String>,
        asked_at: i64,
        organisation: String,
        path: String,
    }
}

impl Personal for Row {
    fn path(&self) -> &str {
        &self.path
    }

    /// Nobody's here yet.
    fn account(&self) -> &str {
        ""
    }

    fn mask(&mut self, seen: &FieldMask) {
        if !seen.shows(PersonalField::Name) {
            self.said_name = None;
        }
        if !seen.shows(PersonalField::Contact) {
            self.said_login = None;
        }
    }
}

impl Row {
    fn typed(self) -> Result<Waiting, StoreError> {
        Ok(Waiting {
            id: rows::parsed("id", &self.id)?,
            provider: Bilingual::new(self.name_zh, self.name_en),
            organisation: rows::parsed("organisation", &self.organisation)?,
            said_name: self.said_name,
            said_login: self.said_login,
            asked_at: rows::instant("asked_at", self.asked_at)?,
        })
    }
}

/// Identities that wait to be linked, of providers within the reading's scope, the earliest first. The audit log is told.
///
/// A provider that belongs nowhere in particular belongs to the whole.
pub async fn waiting(
    store: &Store,
    reading: &Reading,
    most: u32,
) -> Result<Vec<Waiting>, StoreError> {
    let rows: Vec<Row> =
        personal::read!(store, reading, include_str!("waiting.sql"), [i64::from(most)])?;
    rows.into_iter().map(Row::typed).collect()
}
