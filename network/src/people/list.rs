//! People of a part of the organisations, for whoever may read of them.

use store::{Store, StoreError};

use crate::personal::{self, Personal, Reading};
use crate::roles::{FieldMask, PersonalField};

/// An account and its person, as far as they may be seen.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Listed {
    /// Id of the account.
    pub account: String,
    /// `None` when it may not be seen.
    pub name: Option<String>,
    /// `None` when it may not be seen.
    pub login: Option<String>,
    pub home: String,
    pub is_closed: i64,
    path: String,
}

impl Personal for Listed {
    fn path(&self) -> &str {
        &self.path
    }

    fn mask(&mut self, seen: &FieldMask) {
        if !seen.shows(PersonalField::Name) {
            self.name = None;
        }
        // Often a telephone number or a mail address.
        if !seen.shows(PersonalField::Contact) {
            self.login = None;
        }
    }
}

/// Accounts whose home is within the reading's scope, by id; `after` to read on. The audit log is told.
pub async fn within(
    store: &Store,
    reading: &Reading,
    after: Option<&str>,
    most: u32,
) -> Result<Vec<Listed>, StoreError> {
    personal::read!(
        store,
        reading,
        include_str!("within.sql"),
        [after.unwrap_or_default(), i64::from(most)]
    )
}
