//! People as applications may see them: who is signed in, and the claims about them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use store::{Store, StoreError, on_db};

use super::OpenidError;
use super::data::Claim;
use crate::id::{AccountId, SessionId};
use crate::sessions::{Level, Methods, Session};

/// Whoever is signed in in a browser.
#[derive(Clone, Debug)]
pub struct SignedIn {
    pub account: AccountId,
    pub session: SessionId,
    /// When the person last proved who it is.
    pub authenticated_at: Timestamp,
    pub methods: Methods,
    pub level: Level,
}

impl From<&Session> for SignedIn {
    fn from(session: &Session) -> Self {
        Self {
            account: session.account,
            session: session.id,
            authenticated_at: session.authenticated_at,
            methods: session.methods.clone(),
            level: session.level,
        }
    }
}

store::row! {
    /// What is known of a person, as the database gives it.
    #[derive(Debug)]
    pub(super) struct PersonRow {
        login: String,
        home: String,
        name: String,
        recorded_at: i64,
        family_name: Option<String>,
        given_name: Option<String>,
        locale: Option<String>,
        email: Option<String>,
        email_verified: Option<i64>,
        phone_number: Option<String>,
        phone_number_verified: Option<i64>,
        address: Option<String>,
        updated_at: Option<i64>,
        home_name_zh: Option<String>,
        home_name_en: Option<String>,
    }
}

/// What is known of the person of an account, of what is asked for. Nothing when the account is closed.
pub(super) async fn claims(
    store: &Store,
    account: AccountId,
    asked: &BTreeSet<Claim>,
    now: Timestamp,
) -> Result<Option<Map<String, Value>>, OpenidError> {
    const PERSON: &str = include_str!("people/read_person.sql");

    let person: Option<PersonRow> = on_db!(store, pool => {
        sqlx::query_as(PERSON).bind(account.to_string()).fetch_optional(pool).await
    })
    .map_err(StoreError::doing("read what an application may see"))?;
    match person {
        Some(person) => Ok(Some(claims_of(store, account, person, asked, now).await?)),
        None => Ok(None),
    }
}

/// Of what is known of a person, what is asked for.
///
/// A claim without a value is left out (OpenID Connect Core 5.3.2).
pub(super) async fn claims_of(
    store: &Store,
    account: AccountId,
    person: PersonRow,
    asked: &BTreeSet<Claim>,
    now: Timestamp,
) -> Result<Map<String, Value>, StoreError> {
    let mut known = person.claims();
    if asked.contains(&Claim::Roles) {
        known.insert(Claim::Roles, roles_claim(&held(store, account, now).await?));
    }
    let asked = asked.iter().filter_map(|it| Some((it.to_string(), known.remove(it)?)));
    Ok(asked.filter(|(_, value)| *value != Value::Null).collect())
}

/// Roles that an account has at an instant, and where.
async fn held(
    store: &Store,
    account: AccountId,
    now: Timestamp,
) -> Result<Vec<(String, String)>, StoreError> {
    const ROLES: &str = include_str!("people/read_roles.sql");

    on_db!(store, pool => {
        sqlx::query_as(ROLES)
            .bind(account.to_string())
            .bind(now.as_microsecond())
            .fetch_all(pool)
            .await
    })
    .map_err(StoreError::doing("read the roles of an account"))
}

/// Roles that an account has at an instant.
pub(crate) async fn roles(
    store: &Store,
    account: AccountId,
    now: Timestamp,
) -> Result<BTreeSet<String>, StoreError> {
    Ok(held(store, account, now).await?.into_iter().map(|(role, _)| role).collect())
}

fn roles_claim(roles: &[(String, String)]) -> Value {
    let roles = roles.iter();
    roles.map(|(role, at)| json!({ "role": role, "organisation": at })).collect()
}

impl PersonRow {
    fn claims(self) -> BTreeMap<Claim, Value> {
        let filled = |it: Option<String>| match it {
            Some(text) if !text.is_empty() => Value::from(text),
            Some(_) | None => Value::Null,
        };
        // Whether an address was verified says nothing without the address.
        let verified = |of: &Value, it: Option<i64>| {
            if of.is_null() { Value::Null } else { Value::from(it == Some(1)) }
        };
        let (email, phone) = (filled(self.email), filled(self.phone_number));
        let updated_at = self.updated_at.unwrap_or(self.recorded_at);
        let address = filled(self.address);
        let address = if address.is_null() { Value::Null } else { json!({ "formatted": address }) };
        let organisation = json!({
            "code": self.home,
            "name": self.home_name_zh,
            "name#en": self.home_name_en,
        });
        BTreeMap::from([
            (Claim::Name, Value::from(self.name)),
            (Claim::FamilyName, filled(self.family_name)),
            (Claim::GivenName, filled(self.given_name)),
            (Claim::PreferredUsername, Value::from(self.login)),
            (Claim::Locale, filled(self.locale)),
            (Claim::UpdatedAt, Value::from(updated_at.div_euclid(1_000_000))),
            (Claim::EmailVerified, verified(&email, self.email_verified)),
            (Claim::Email, email),
            (Claim::PhoneNumberVerified, verified(&phone, self.phone_number_verified)),
            (Claim::PhoneNumber, phone),
            (Claim::Address, address),
            (Claim::Organisation, organisation),
        ])
    }
}
