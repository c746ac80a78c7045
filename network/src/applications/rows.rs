//! Rows of the register, read and written.

use std::collections::BTreeSet;

use model::{Bilingual, OrgCode};
use store::StoreError;

use super::registration::{Registration, Subject};
use super::{Application, ApplicationCode};
use crate::openid::data::{known, listed};
use crate::rows::{instant, parsed};

#[derive(Debug, Default)]
pub(super) struct ApplicationRow {
    pub(super) code: String,
    pub(super) name_zh: String,
    pub(super) name_en: String,
    pub(super) purpose_zh: String,
    pub(super) purpose_en: String,
    pub(super) owner_organisation: String,
    pub(super) owner_account: Option<String>,
    pub(super) home: Option<String>,
    pub(super) data: String,
    pub(super) services: String,
    pub(super) roles: String,
    pub(super) redirect_addresses: String,
    pub(super) logout_addresses: String,
    pub(super) notice_address: Option<String>,
    pub(super) authentication: String,
    pub(super) secret_hash: Option<String>,
    pub(super) client_keys: Option<String>,
    pub(super) algorithm: String,
    pub(super) proof_required: i64,
    pub(super) sector: Option<String>,
    pub(super) consent_asked: i64,
    pub(super) offline: i64,
    pub(super) registered_at: i64,
    pub(super) reviewed_at: i64,
    pub(super) expires_at: i64,
    pub(super) ended_at: Option<i64>,
}

store::row!(ApplicationRow {
    code,
    name_zh,
    name_en,
    purpose_zh,
    purpose_en,
    owner_organisation,
    owner_account,
    home,
    data,
    services,
    roles,
    redirect_addresses,
    logout_addresses,
    notice_address,
    authentication,
    secret_hash,
    client_keys,
    algorithm,
    proof_required,
    sector,
    consent_asked,
    offline,
    registered_at,
    reviewed_at,
    expires_at,
    ended_at
});

/// An application with the organisations it is granted to, separated by spaces: asked for with every token.
#[derive(Debug)]
pub(super) struct FoundRow {
    application: ApplicationRow,
    granted: Option<String>,
}

store::row!(FoundRow { granted, ..application });

impl FoundRow {
    pub(super) fn typed(self) -> Result<Application, StoreError> {
        let granted = self.granted.unwrap_or_default();
        let granted: Vec<String> = granted.split_whitespace().map(str::to_owned).collect();
        self.application.typed(&granted)
    }
}

/// Binds what a registration says, the code first. A macro, as it is typed for either database.
macro_rules! bind_registration {
    ($query:expr, $row:expr) => {
        $query
            .bind(&$row.code)
            .bind(&$row.name_zh)
            .bind(&$row.name_en)
            .bind(&$row.purpose_zh)
            .bind(&$row.purpose_en)
            .bind(&$row.owner_organisation)
            .bind(&$row.owner_account)
            .bind(&$row.home)
            .bind(&$row.data)
            .bind(&$row.services)
            .bind(&$row.roles)
            .bind(&$row.redirect_addresses)
            .bind(&$row.logout_addresses)
            .bind(&$row.notice_address)
            .bind(&$row.authentication)
            .bind(&$row.client_keys)
            .bind(&$row.algorithm)
            .bind($row.proof_required)
            .bind(&$row.sector)
            .bind($row.consent_asked)
            .bind($row.offline)
    };
}
pub(super) use bind_registration;

/// Makes those organisations the granted ones that the registration names. A macro, as it is typed for either database.
macro_rules! grant {
    ($transaction:expr, $code:expr, $registration:expr, $at:expr) => {
        async {
            let known: Vec<String> =
                sqlx::query_scalar(include_str!("applications/organisations_of.sql"))
                    .bind($code.as_str())
                    .fetch_all(&mut *$transaction)
                    .await?;
            let said = &$registration.organisations;
            for organisation in &known {
                if !said.iter().any(|it| it.as_str() == organisation) {
                    sqlx::query(include_str!("applications/withdraw_organisation.sql"))
                        .bind($code.as_str())
                        .bind(organisation)
                        .bind($at)
                        .execute(&mut *$transaction)
                        .await?;
                }
            }
            for organisation in said {
                if !known.iter().any(|it| it == organisation.as_str()) {
                    sqlx::query(include_str!("applications/grant_organisation.sql"))
                        .bind($code.as_str())
                        .bind(organisation.as_str())
                        .bind($at)
                        .execute(&mut *$transaction)
                        .await?;
                }
            }
            Ok::<(), sqlx::Error>(())
        }
        .await
    };
}
pub(super) use grant;

impl ApplicationRow {
    /// What is bound to add or change an application; the rest is left empty.
    pub(super) fn of(code: &ApplicationCode, said: &Registration) -> Self {
        Self {
            code: code.to_string(),
            name_zh: said.name.zh.clone(),
            name_en: said.name.en.clone(),
            purpose_zh: said.purpose.zh.clone(),
            purpose_en: said.purpose.en.clone(),
            owner_organisation: said.owner.to_string(),
            owner_account: said.owner_account.map(|it| it.to_string()),
            home: said.home.clone(),
            data: listed(&said.data),
            services: listed(&said.services),
            roles: listed(&said.roles),
            redirect_addresses: listed(&said.redirects),
            logout_addresses: listed(&said.logout_redirects),
            notice_address: said.notices.clone(),
            authentication: said.authentication.as_str().to_owned(),
            client_keys: said.keys.clone(),
            algorithm: said.algorithm.as_str().to_owned(),
            proof_required: i64::from(said.proof_required),
            sector: match &said.subject {
                Subject::Pairwise { sector } => Some(sector.clone()),
                Subject::Public => None,
            },
            consent_asked: i64::from(said.consent_asked),
            offline: i64::from(said.offline),
            ..Self::default()
        }
    }

    /// # Errors
    /// A row that this program did not write.
    pub(super) fn typed(self, organisations: &[String]) -> Result<Application, StoreError> {
        let organisations: Result<BTreeSet<OrgCode>, StoreError> =
            organisations.iter().map(|it| parsed("organisation", it)).collect();
        let registration = Registration {
            name: Bilingual { zh: self.name_zh, en: self.name_en },
            purpose: Bilingual { zh: self.purpose_zh, en: self.purpose_en },
            owner: parsed("owner_organisation", &self.owner_organisation)?,
            owner_account: self.owner_account.map(|it| parsed("owner_account", &it)).transpose()?,
            home: self.home,
            data: known(&self.data),
            services: words(&self.services).collect(),
            roles: words(&self.roles).collect(),
            organisations: organisations?,
            redirects: words(&self.redirect_addresses).collect(),
            logout_redirects: words(&self.logout_addresses).collect(),
            notices: self.notice_address,
            authentication: parsed("authentication", &self.authentication)?,
            keys: self.client_keys,
            algorithm: parsed("algorithm", &self.algorithm)?,
            proof_required: self.proof_required != 0,
            subject: match self.sector {
                Some(sector) => Subject::Pairwise { sector },
                None => Subject::Public,
            },
            consent_asked: self.consent_asked != 0,
            offline: self.offline != 0,
        };
        Ok(Application {
            code: parsed("code", &self.code)?,
            registration,
            registered_at: instant("registered_at", self.registered_at)?,
            reviewed_at: instant("reviewed_at", self.reviewed_at)?,
            expires_at: instant("expires_at", self.expires_at)?,
            ended_at: self.ended_at.map(|it| instant("ended_at", it)).transpose()?,
            secret_hash: self.secret_hash,
        })
    }
}

fn words(list: &str) -> impl Iterator<Item = String> {
    list.split(' ').filter(|it| !it.is_empty()).map(str::to_owned)
}
