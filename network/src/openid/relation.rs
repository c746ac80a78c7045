//! What somebody has to do with an application: whether they may use it, and what they agreed that it sees.

use std::collections::BTreeSet;

use jiff::Timestamp;
use store::{Store, StoreError, on_db};

use super::OpenidError;
use super::consents::{self, Consent};
use crate::applications::{Application, ApplicationCode, FoundRow};
use crate::id::AccountId;

/// What an account has to do with an application, at the instant at which both were read.
#[derive(Clone, Debug)]
pub(super) struct Relation {
    pub(super) account: AccountId,
    /// Whether the application is granted to the organisation that the account is at home in, or to one above it.
    is_granted: bool,
    /// Roles that the account has.
    roles: BTreeSet<String>,
    pub(super) consent: Option<Consent>,
}

impl Relation {
    /// Whether the application is granted to the person's organisation and is for one of its roles.
    pub(super) fn may_use(&self, application: &Application) -> bool {
        let wanted = &application.registration.roles;
        self.is_granted && (wanted.is_empty() || !self.roles.is_disjoint(wanted))
    }
}

store::row! {
    #[derive(Debug)]
    struct RelatedRow {
        consent_given_at: Option<i64>,
        consent_data: Option<String>,
        consent_offline: Option<i64>,
        reaching: i64,
        held_roles: Option<String>,
        ..application: FoundRow,
    }
}

/// The application of a code, in use or not, and what an account has to do with it.
pub(super) async fn find(
    store: &Store,
    code: &ApplicationCode,
    account: AccountId,
    now: Timestamp,
) -> Result<Option<(Application, Relation)>, OpenidError> {
    const FIND: &str = include_str!("relation/find_related.sql");

    let row: Option<RelatedRow> = on_db!(store, pool => {
        sqlx::query_as(FIND)
            .bind(code.as_str())
            .bind(account.to_string())
            .bind(now.as_microsecond())
            .fetch_optional(pool)
            .await
    })
    .map_err(StoreError::doing("read an application and who may use it"))?;
    let Some(row) = row else { return Ok(None) };
    let consent = match (row.consent_given_at, row.consent_data, row.consent_offline) {
        (Some(given_at), Some(data), Some(offline)) => {
            Some(consents::typed((code.to_string(), given_at, data, offline))?)
        }
        _ => None,
    };
    let roles = row.held_roles.unwrap_or_default();
    let relation = Relation {
        account,
        is_granted: row.reaching > 0,
        roles: roles.split_whitespace().map(str::to_owned).collect(),
        consent,
    };
    Ok(Some((row.application.typed()?, relation)))
}
