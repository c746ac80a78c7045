//! Rows of the register, read and written.

use std::collections::BTreeSet;

use jiff::Timestamp;
use model::{Bilingual, OrgCode};
use store::StoreError;

use super::registration::{Registration, Subject};
use super::{Application, ApplicationCode};
use crate::connection::{Connection, Value};
use crate::openid::data::{known, listed};
use crate::rows::{instant, parsed};

store::row! {
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
}

store::row! {
    /// An application with the organisations it is granted to, separated by spaces: asked for with every token.
    #[derive(Debug)]
    pub(crate) struct FoundRow {
        granted: Option<String>,
        ..application: ApplicationRow,
    }
}

impl FoundRow {
    /// # Errors
    /// A row that this program did not write.
    pub(crate) fn typed(self) -> Result<Application, StoreError> {
        let granted = self.granted.unwrap_or_default();
        let granted: Vec<String> = granted.split_whitespace().map(str::to_owned).collect();
        self.application.typed(&granted)
    }
}

/// Makes those organisations the granted ones that the registration names.
pub(super) async fn grant(
    connection: &mut Connection,
    code: &ApplicationCode,
    said: &BTreeSet<OrgCode>,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    const WITHDRAW: &str = include_str!("withdraw_organisation.sql");
    const GRANT: &str = include_str!("grant_organisation.sql");

    let known = granted(connection, code).await?;
    let values = |organisation: &str| [code.as_str().into(), organisation.into(), now.into()];
    for organisation in known.iter().filter(|it| !said.iter().any(|said| said.as_str() == **it)) {
        connection.execute(WITHDRAW.to_owned(), values(organisation)).await?;
    }
    for organisation in said.iter().filter(|it| !known.iter().any(|known| known == it.as_str())) {
        connection.execute(GRANT.to_owned(), values(organisation.as_str())).await?;
    }
    Ok(())
}

/// Codes of the organisations whose people may use an application.
pub(super) async fn granted(
    connection: &mut Connection,
    code: &ApplicationCode,
) -> Result<Vec<String>, sqlx::Error> {
    const GRANTED: &str = include_str!("organisations_of.sql");
    let rows = connection.texts(GRANTED.to_owned(), [code.as_str().into()]).await?;
    Ok(rows.into_iter().flatten().collect())
}

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

    /// What is bound to add or change an application, the code first.
    pub(super) fn values(&self) -> Vec<Value> {
        vec![
            self.code.as_str().into(),
            self.name_zh.as_str().into(),
            self.name_en.as_str().into(),
            self.purpose_zh.as_str().into(),
            self.purpose_en.as_str().into(),
            self.owner_organisation.as_str().into(),
            self.owner_account.clone().into(),
            self.home.clone().into(),
            self.data.as_str().into(),
            self.services.as_str().into(),
            self.roles.as_str().into(),
            self.redirect_addresses.as_str().into(),
            self.logout_addresses.as_str().into(),
            self.notice_address.clone().into(),
            self.authentication.as_str().into(),
            self.client_keys.clone().into(),
            self.algorithm.as_str().into(),
            Value::Number(self.proof_required),
            self.sector.clone().into(),
            Value::Number(self.consent_asked),
            Value::Number(self.offline),
        ]
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
