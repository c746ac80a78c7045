//! Whoever comes with a session, with all that every page asks of them, read at once.

use std::collections::BTreeSet;

use jiff::Timestamp;
use store::{Store, StoreError, on_db};

use super::{Lifetimes, Session, row, touched};
use crate::accounts::Account;
use crate::roles::{RoleCode, Roles};
use crate::rows;
use crate::secret::Token;
use crate::sign_in::Standing;

/// Somebody who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    pub session: Session,
    pub account: Account,
    pub standing: Standing,
    /// Held at that instant, wherever.
    pub roles: BTreeSet<RoleCode>,
}

impl Visit {
    /// Whether one of the roles asks for a second factor.
    pub fn needs_second_factor(&self, roles: &Roles) -> bool {
        self.roles.iter().any(|it| roles.get(it).is_some_and(|it| it.second_factor))
    }
}

store::row! {
    #[derive(Debug)]
    struct VisitRow {
        person: String,
        name: String,
        login: String,
        home: String,
        account_opened_at: i64,
        password_set_at: Option<i64>,
        factors: i64,
        roles: Option<String>,
        ..session: row::SessionRow,
    }
}

impl VisitRow {
    fn typed(self) -> Result<Visit, StoreError> {
        let session = self.session.typed()?;
        let roles = self.roles.unwrap_or_default();
        Ok(Visit {
            account: Account {
                id: session.account,
                person: rows::parsed("person", &self.person)?,
                name: rows::parsed("name", &self.name)?,
                login: rows::parsed("login", &self.login)?,
                home: rows::parsed("home", &self.home)?,
                opened_at: rows::instant("opened_at", self.account_opened_at)?,
                closed_at: None,
            },
            standing: Standing {
                password_set_at: rows::optional_instant("set_at", self.password_set_at)?,
                has_second_factor: self.factors > 0,
            },
            roles: roles
                .split_whitespace()
                .map(|it| rows::parsed("role", it))
                .collect::<Result<_, _>>()?,
            session,
        })
    }
}

/// Whoever brings a token, whose session counts as used now; `None` when the token is worth nothing any more.
pub async fn visit(
    store: &Store,
    token: &Token,
    lifetimes: &Lifetimes,
    at: Timestamp,
) -> Result<Option<Visit>, StoreError> {
    const VISIT: &str = include_str!("visit.sql");

    let row: Option<VisitRow> = on_db!(store, pool => {
        sqlx::query_as(VISIT)
            .bind(token.hash())
            .bind(at.as_microsecond())
            .fetch_optional(pool)
            .await
    })
    .map_err(StoreError::doing("read who comes with a session"))?;
    let Some(row) = row else { return Ok(None) };
    let mut visit = row.typed()?;
    visit.session = touched(store, visit.session, lifetimes, at).await?;
    Ok(Some(visit))
}
