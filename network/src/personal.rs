//! The one door to personal rows: who reads says what for, sees what may be seen, and the audit log is told.
//!
//! **Invariant:** no row about a person leaves the registry for a reader without an entry in the audit log, in the same
//! transaction; the entry holds how many rows they were and whose, as salted hashes; never what was in them.

use jiff::Timestamp;
use model::OrgCode;

use crate::audit::{Actor, Entry};
use crate::grants::Holdings;
use crate::id::AccountId;
use crate::purpose::Purpose;
pub use crate::read_personal_rows as read;
use crate::roles::{FieldMask, Permission, Roles};
use crate::scope::Scope;

/// A row about a person.
pub trait Personal {
    /// Where the organisation stands that the row belongs to.
    fn path(&self) -> &str;

    /// Whose it is: the id of an account.
    fn account(&self) -> &str;

    /// Takes out what may not be seen.
    fn mask(&mut self, seen: &FieldMask);
}

/// Somebody's reading of personal rows.
#[derive(Clone, Debug)]
pub struct Reading {
    pub(crate) scope: Scope,
    actor: Actor,
    purpose: Purpose,
    action: &'static str,
    organisation: Option<OrgCode>,
    at: Timestamp,
}

impl Reading {
    /// What an account reads by a permission that it holds for a purpose.
    ///
    /// `action` is a noun and `read`, such as `person.read`.
    pub fn new(
        roles: &Roles,
        holdings: &Holdings,
        account: AccountId,
        permission: Permission,
        purpose: Purpose,
        action: &'static str,
        at: Timestamp,
    ) -> Self {
        let scope = holdings.scope_for(roles, permission, &purpose);
        Self { scope, actor: Actor::Account(account), purpose, action, organisation: None, at }
    }

    /// What an account reads in a scope that it was given for another purpose than reading, such as giving roles.
    pub const fn of(
        scope: Scope,
        account: AccountId,
        purpose: Purpose,
        action: &'static str,
        at: Timestamp,
    ) -> Self {
        Self { scope, actor: Actor::Account(account), purpose, action, organisation: None, at }
    }

    /// What the program itself reads, for whoever runs its commands.
    pub fn of_program(action: &'static str, at: Timestamp) -> Self {
        let (scope, actor, purpose) = (Scope::everything(), Actor::System, Purpose::OPERATION);
        Self { scope, actor, purpose, action, organisation: None, at }
    }

    /// Names the organisation whose rows are read.
    #[must_use]
    pub fn at(mut self, organisation: &OrgCode) -> Self {
        self.organisation = Some(organisation.clone());
        self
    }

    pub const fn scope(&self) -> &Scope {
        &self.scope
    }

    pub const fn instant(&self) -> Timestamp {
        self.at
    }

    /// What the audit log is told: how many rows, and whose. For [`read!`].
    pub fn entry<T: Personal>(&self, rows: &[T]) -> Entry {
        let count = u64::try_from(rows.len()).unwrap_or(u64::MAX);
        let entry = Entry::new(self.actor, self.purpose.clone(), self.action)
            .about_owners(rows.iter().map(|it| it.account().to_owned()))
            .rows(count);
        match &self.organisation {
            Some(organisation) => entry.at(organisation),
            None => entry,
        }
    }

    /// Takes out of every row what may not be seen there. For [`read!`].
    pub fn masked<T: Personal>(&self, mut rows: Vec<T>) -> Vec<T> {
        for row in &mut rows {
            let seen = self.scope.fields_at(row.path());
            row.mask(&seen);
        }
        rows
    }
}

/// Reads rows about persons: a scoped query, its values, then the audit entry, in one transaction.
///
/// ```text
/// let people: Vec<Row> = personal::read!(store, reading, include_str!("people/within.sql"), [q, limit])?;
/// ```
#[macro_export]
macro_rules! read_personal_rows {
    ($store:expr, $reading:expr, $sql:expr, [$($value:expr),* $(,)?]) => {
        async {
            let reading: &$crate::personal::Reading = $reading;
            let failed = || store::StoreError::doing("read what is kept of persons");
            let scope = reading.scope();
            let sql = scope.sql($sql)?;
            store::on_db!($store, pool => {
                let mut transaction =
                    pool.begin_with($store.begin()).await.map_err(failed())?;
                let query = sqlx::query_as(sql)$(.bind($value))*;
                let rows = $crate::scope::within!(scope, query)
                    .fetch_all(&mut *transaction).await.map_err(failed())?;
                let entry = reading.entry(&rows);
                $crate::audit::append!(transaction, entry, reading.instant()).map_err(failed())?;
                transaction.commit().await.map_err(failed())?;
                Ok::<_, store::StoreError>(reading.masked(rows))
            })
        }
        .await
    };
}

#[cfg(test)]
mod tests;
