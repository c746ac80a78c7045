//! Invitations that nobody has followed yet, for whoever looks after them.

use jiff::Timestamp;
use model::OrgCode;
use store::{Store, StoreError};

use crate::id::InvitationId;
use crate::personal::{self, Personal, Reading};
use crate::roles::{FieldMask, PersonalField};
use crate::rows;

/// An invitation that was neither followed nor withdrawn, as far as it may be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub id: InvitationId,
    /// `None` when it may not be seen.
    pub name: Option<String>,
    /// `None` when it may not be seen.
    pub login: Option<String>,
    pub organisation: OrgCode,
    /// Code of the role that comes with the account.
    pub role: Option<String>,
    /// Whether it lets the owner of an account set a new password.
    pub is_reset: bool,
    pub invited_at: Timestamp,
    pub expires_at: Timestamp,
}

store::row! {
    #[derive(Clone)]
    struct Row {
        id: String,
        account: String,
        login: Option<String>,
        name: Option<String>,
        organisation: String,
        role: Option<String>,
        invited_at: i64,
        expires_at: i64,
        path: String,
    }
}

impl Personal for Row {
    fn path(&self) -> &str {
        &self.path
    }

    fn account(&self) -> &str {
        &self.account
    }

    fn mask(&mut self, seen: &FieldMask) {
        if !seen.shows(PersonalField::Name) {
            self.name = None;
        }
        if !seen.shows(PersonalField::Contact) {
            self.login = None;
        }
    }
}

impl Row {
    fn typed(self) -> Result<Listed, StoreError> {
        Ok(Listed {
            id: rows::parsed("id", &self.id)?,
            name: self.name,
            login: self.login,
            organisation: rows::parsed("organisation", &self.organisation)?,
            role: self.role,
            is_reset: !self.account.is_empty(),
            invited_at: rows::instant("invited_at", self.invited_at)?,
            expires_at: rows::instant("expires_at", self.expires_at)?,
        })
    }
}

/// Invitations to organisations within the reading's scope, those that have run out too, the latest first; `before` to
/// read on. The audit log is told.
pub async fn within(
    store: &Store,
    reading: &Reading,
    before: Option<InvitationId>,
    most: u32,
) -> Result<Vec<Listed>, StoreError> {
    // After every id.
    let before = before.map_or_else(|| "g".to_owned(), |it| it.to_string());
    let found: Vec<Row> =
        personal::read!(store, reading, include_str!("within.sql"), [before, i64::from(most)])?;
    found.into_iter().map(Row::typed).collect()
}
