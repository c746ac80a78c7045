//! Whose part of the register an application is.
//!
//! Whoever looks after the register of a part (`applications.manage`) changes every application there. Whoever registers
//! applications (`applications.register`) changes the own ones, and decides neither that people are not asked, nor which
//! services of ours one may use for itself, nor that it knows people by what others know them by.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use model::OrgCode;
use store::{Store, StoreError, on_db};

use super::registration::{Flaw, Registration, Subject};
use super::{Application, ApplicationCode, ApplicationsError, list, rows};
use crate::connection::Connection;
use crate::grants::Authority;
use crate::id::AccountId;
use crate::roles::Permission;
use crate::scope::{self, Scope};

/// Applications that organisations of a scope answer for, by code.
pub async fn within(store: &Store, scope: &Scope) -> Result<Vec<Application>, ApplicationsError> {
    const WITHIN: &str = include_str!("list_within.sql");

    let sql = scope.sql(WITHIN)?;
    let codes: Vec<String> =
        on_db!(store, pool => scope::within!(scope, sqlx::query_scalar(sql)).fetch_all(pool).await)
            .map_err(StoreError::doing("list the applications of a part"))?;
    let mut applications = list(store).await?;
    applications.retain(|it| codes.iter().any(|code| code == it.code.as_str()));
    Ok(applications)
}

/// One application, when an organisation of a scope answers for it.
pub async fn get(
    store: &Store,
    scope: &Scope,
    code: &ApplicationCode,
) -> Result<Option<Application>, ApplicationsError> {
    Ok(within(store, scope).await?.into_iter().find(|it| it.code == *code))
}

/// An application as it stands while it is changed.
pub(super) struct Standing {
    /// Where the organisation stands that answers for it; empty when it stands nowhere.
    path: String,
    owner_account: Option<String>,
    services: String,
    is_consent_asked: bool,
    sector: String,
    pub(super) is_ended: bool,
    /// Organisations whose people may use it.
    organisations: BTreeSet<String>,
}

impl Standing {
    /// `None` when the register has none.
    pub(super) async fn of(
        connection: &mut Connection,
        code: &ApplicationCode,
    ) -> Result<Option<Self>, sqlx::Error> {
        const STANDING: &str = include_str!("standing.sql");

        let found = connection.texts(STANDING.to_owned(), [code.as_str().into()]).await?;
        let found = found.into_iter().next().and_then(|it| <[String; 6]>::try_from(it).ok());
        let Some([path, owner, services, consent, sector, ended]) = found else { return Ok(None) };
        Ok(Some(Self {
            path,
            owner_account: (!owner.is_empty()).then_some(owner),
            services,
            is_consent_asked: consent != "0",
            sector,
            is_ended: !ended.is_empty(),
            organisations: rows::granted(connection, code).await?.into_iter().collect(),
        }))
    }
}

/// What of the register somebody may change.
pub(super) struct Part {
    /// `None`: the program itself, which may change all.
    account: Option<AccountId>,
    manages: Scope,
    registers: Scope,
}

impl Part {
    pub(super) async fn of(
        connection: &mut Connection,
        by: Authority<'_>,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let Some((account, roles)) = by.holder() else {
            let (manages, registers) = (Scope::everything(), Scope::everything());
            return Ok(Self { account: None, manages, registers });
        };
        let held = connection.held(account, now).await?;
        let manages = held.scope(roles, Permission::ManageApplications);
        let registers = held.scope(roles, Permission::RegisterApplications);
        Ok(Self { account: Some(account), manages, registers })
    }

    pub(super) fn may_change(&self, it: &Standing) -> bool {
        let Some(account) = self.account else { return true };
        let is_own = it.owner_account == Some(account.to_string());
        self.manages.holds(&it.path) || (is_own && self.registers.holds(&it.path))
    }

    fn holds(&self, path: &str) -> bool {
        self.manages.holds(path) || self.registers.holds(path)
    }

    /// Organisations that an application is granted to and that are not of this part: they stay as they are.
    pub(super) async fn elsewhere(
        &self,
        connection: &mut Connection,
        it: &Standing,
    ) -> Result<BTreeSet<OrgCode>, StoreError> {
        if self.account.is_none() {
            return Ok(BTreeSet::new());
        }
        let paths = paths(connection, it.organisations.iter().map(String::as_str)).await?;
        let is_elsewhere =
            |code: &&String| !paths.get(code.as_str()).is_some_and(|it| self.holds(it));
        it.organisations
            .iter()
            .filter(is_elsewhere)
            .map(|it| crate::rows::parsed("organisation", it))
            .collect()
    }

    /// What of a registration is not for this part to say; `before`: as it stands, when it is changed.
    pub(super) async fn flaws(
        &self,
        connection: &mut Connection,
        code: &ApplicationCode,
        said: &Registration,
        before: Option<&Standing>,
    ) -> Result<Vec<Flaw>, StoreError> {
        let Some(account) = self.account else { return Ok(Vec::new()) };
        let mut flaws = Vec::new();
        let named = said.organisations.iter().map(OrgCode::as_str);
        let paths = paths(connection, named.chain([said.owner.as_str()])).await?;
        let owner = paths.get(said.owner.as_str());
        if !owner.is_some_and(|it| self.holds(it)) {
            flaws.push(Flaw::new("owner", "part", said.owner.as_str()));
        }
        for organisation in said.organisations.iter().map(OrgCode::as_str) {
            let was = before.is_some_and(|it| it.organisations.contains(organisation));
            if !was && !paths.get(organisation).is_some_and(|it| self.holds(it)) {
                flaws.push(Flaw::new("organisations", "part", organisation));
            }
        }
        if owner.is_some_and(|it| self.manages.holds(it)) {
            return Ok(flaws);
        }
        let services = crate::openid::data::listed(&said.services);
        let sector = match &said.subject {
            Subject::Pairwise { sector } => sector.as_str(),
            Subject::Public => "",
        };
        let own = [
            ("owner_account", said.owner_account == Some(account)),
            ("services", services == before.map_or("", |it| it.services.as_str())),
            ("consent_asked", said.consent_asked == before.is_none_or(|it| it.is_consent_asked)),
            ("sector", sector == before.map_or(code.as_str(), |it| it.sector.as_str())),
        ];
        let wrong = own.into_iter().filter(|it| !it.1);
        flaws.extend(wrong.map(|(field, _)| Flaw::new(field, "manager", "")));
        Ok(flaws)
    }
}

/// Where organisations stand, by code; those that stand nowhere are missing.
async fn paths<'a>(
    connection: &mut Connection,
    codes: impl Iterator<Item = &'a str>,
) -> Result<BTreeMap<String, String>, StoreError> {
    const PATH: &str = include_str!("../service_tokens/path.sql");

    let mut paths = BTreeMap::new();
    for code in codes.collect::<BTreeSet<&str>>() {
        let found = connection.texts(PATH.to_owned(), [code.into()]).await;
        let found = found.map_err(StoreError::doing("read where an organisation stands"))?;
        if let Some(path) = found.into_iter().flatten().next() {
            paths.insert(code.to_owned(), path);
        }
    }
    Ok(paths)
}
