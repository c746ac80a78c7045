//! People of a part of the organisations, for whoever may read of them.

use jiff::Timestamp;
use model::OrgCode;
use store::{Store, StoreError};

use crate::id::{AccountId, PersonId};
use crate::personal::{self, Personal, Reading};
use crate::roles::{FieldMask, PersonalField};
use crate::rows;

/// An account and its person, as far as they may be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub account: AccountId,
    pub person: PersonId,
    /// `None` when it may not be seen.
    pub name: Option<String>,
    /// `None` when it may not be seen.
    pub login: Option<String>,
    pub home: OrgCode,
    pub opened_at: Timestamp,
    pub closed_at: Option<Timestamp>,
}

store::row! {
    #[derive(Clone)]
    struct Row {
        account: String,
        person: String,
        name: Option<String>,
        login: Option<String>,
        home: String,
        opened_at: i64,
        closed_at: Option<i64>,
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
        // Often a telephone number or a mail address.
        if !seen.shows(PersonalField::Contact) {
            self.login = None;
        }
    }
}

impl Row {
    fn typed(self) -> Result<Listed, StoreError> {
        Ok(Listed {
            account: rows::parsed("account", &self.account)?,
            person: rows::parsed("person", &self.person)?,
            name: self.name,
            login: self.login,
            home: rows::parsed("home", &self.home)?,
            opened_at: rows::instant("opened_at", self.opened_at)?,
            closed_at: rows::optional_instant("closed_at", self.closed_at)?,
        })
    }
}

/// Accounts whose home is within the reading's scope, by id; `after` to read on. The audit log is told.
///
/// `text`: those whose name or login name holds it. What may not be seen is not looked through, so that nobody finds it
/// out by asking.
pub async fn within(
    store: &Store,
    reading: &Reading,
    text: &str,
    after: Option<AccountId>,
    most: u32,
) -> Result<Vec<Listed>, StoreError> {
    let seen = reading.scope().fields();
    let is_searched = |field| i64::from(seen.shows(field));
    let found: Vec<Row> = personal::read!(
        store,
        reading,
        include_str!("within.sql"),
        [
            after.map(|it| it.to_string()).unwrap_or_default(),
            pattern(text),
            is_searched(PersonalField::Name),
            is_searched(PersonalField::Contact),
            i64::from(most)
        ]
    )?;
    found.into_iter().map(Row::typed).collect()
}

/// One account, when its home is within the reading's scope. The audit log is told.
pub async fn find(
    store: &Store,
    reading: &Reading,
    account: AccountId,
) -> Result<Option<Listed>, StoreError> {
    let found: Vec<Row> =
        personal::read!(store, reading, include_str!("of_account.sql"), [account.to_string()])?;
    found.into_iter().next().map(Row::typed).transpose()
}

/// A text as a pattern that finds it anywhere; `%`, `_` and `\` stand for themselves.
fn pattern(text: &str) -> String {
    let escaped = text.trim().to_lowercase().replace('\\', "\\\\");
    format!("%{}%", escaped.replace('%', "\\%").replace('_', "\\_"))
}
