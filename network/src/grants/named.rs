//! Grants with who holds them, as far as that may be seen.

use store::{Store, StoreError};

use super::rows::GrantRow;
use super::{Grant, GrantId};
use crate::personal::{self, Personal, Reading};
use crate::roles::{FieldMask, PersonalField};

/// A grant and its holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub grant: Grant,
    /// `None` when it may not be seen, or nobody holds the account any more.
    pub name: Option<String>,
}

store::row! {
    #[derive(Clone, Debug)]
    struct NamedRow {
        name: Option<String>,
        ..grant: GrantRow,
    }
}

impl Personal for NamedRow {
    fn path(&self) -> &str {
        &self.grant.path
    }

    fn account(&self) -> &str {
        &self.grant.account
    }

    fn mask(&mut self, seen: &FieldMask) {
        if !seen.shows(PersonalField::Name) {
            self.name = None;
        }
    }
}

/// Grants within the reading's scope with their holders, the latest first; `before` to read on. The audit log is told.
pub async fn named(
    store: &Store,
    reading: &Reading,
    before: Option<GrantId>,
    most: u32,
) -> Result<Vec<Named>, StoreError> {
    // After every id.
    let before = before.map_or_else(|| "g".to_owned(), |it| it.to_string());
    let rows: Vec<NamedRow> = personal::read!(
        store,
        reading,
        include_str!("named.sql"),
        [before.as_str(), i64::from(most)]
    )?;
    rows.into_iter().map(|it| Ok(Named { grant: it.grant.typed()?, name: it.name })).collect()
}
