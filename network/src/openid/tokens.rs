//! Tokens: a code becomes some, some become others, and all of a family end together.

use std::collections::BTreeSet;

use jiff::Timestamp;
use model::Entropy;
use serde_json::{Map, Value};
use store::Store;

use super::data::Scope;
use super::refusal::{Code, Denial};
use super::request::Parameters;
use super::{OpenidError, Provider, clients};
use crate::applications::Application;
use crate::audit::Entry;
use crate::id::AccountId;
use crate::purpose::Purpose;

mod bearer;
mod exchange;
mod family;
mod id_token;
mod introspection;
mod refresh;
mod revocation;
mod service;
mod userinfo;

pub use self::bearer::{Bearer, bearer};
pub use self::introspection::{INTROSPECTION, introspect};
pub use self::revocation::revoke;
pub use self::userinfo::userinfo;

/// What an application gets.
#[derive(Clone, PartialEq, Eq)]
pub struct Tokens {
    pub access_token: String,
    pub refresh_token: Option<String>,
    pub id_token: Option<String>,
    pub scope: String,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tokens").field("scope", &self.scope).finish_non_exhaustive()
    }
}

impl Tokens {
    /// The members of the reply (RFC 6749, section 5.1).
    pub fn members(&self) -> Map<String, Value> {
        let mut members = Map::new();
        let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
        put("access_token", Value::from(self.access_token.as_str()));
        put("token_type", Value::from("Bearer"));
        put("expires_in", Value::from(super::TOKEN_LIFETIME.as_secs()));
        put("scope", Value::from(self.scope.as_str()));
        if let Some(token) = &self.refresh_token {
            put("refresh_token", Value::from(token.as_str()));
        }
        if let Some(token) = &self.id_token {
            put("id_token", Value::from(token.as_str()));
        }
        members
    }
}

/// What the token endpoint answers.
pub type Granted = Result<Tokens, Denial>;

/// Answers a request at the token endpoint. `authorization` is the header of that name.
pub async fn grant(
    store: &Store,
    provider: &Provider,
    authorization: Option<&str>,
    given: &Parameters,
    entropy: &mut dyn Entropy,
    now: Timestamp,
) -> Result<Granted, OpenidError> {
    let application =
        match clients::authenticate(store, provider, authorization, given, now).await? {
            Ok(application) => application,
            Err(denial) => return Ok(Err(denial)),
        };
    match given.get("grant_type") {
        Some("authorization_code") => {
            exchange::exchange(store, provider, &application, given, entropy, now).await
        }
        Some("refresh_token") => {
            refresh::refresh(store, provider, &application, given, entropy, now).await
        }
        Some("client_credentials") => {
            service::grant(store, &application, given, entropy, now).await
        }
        Some(_) => Ok(Err(Denial::new(
            Code::UnsupportedGrantType,
            "grant_type must be authorization_code, refresh_token or client_credentials",
        ))),
        None => Ok(Err(Denial::new(Code::InvalidRequest, "grant_type is missing"))),
    }
}

/// Of the scopes that tokens have, those that are asked for; all of them when none is.
fn narrowed(has: &BTreeSet<Scope>, given: &Parameters) -> Result<BTreeSet<Scope>, Denial> {
    let Some(asked) = given.get("scope") else {
        return Ok(has.clone());
    };
    let mut scopes = BTreeSet::new();
    for word in asked.split(' ').filter(|it| !it.is_empty()) {
        match word.parse() {
            Ok(scope) if has.contains(&scope) => scopes.insert(scope),
            _ => return Err(Denial::new(Code::InvalidScope, "scope asks for more than was given")),
        };
    }
    Ok(scopes)
}

/// That an application may read what a person agreed to, until the token ends that it gets with this entry.
///
/// It stands in the log before anything can be read, and the person is told of it; reads with one token, which is good
/// for minutes, are not told one by one.
fn given_to_read(application: &Application, owner: AccountId) -> Entry {
    Entry::new(application.actor(), Purpose::OWN, "claims.give").about_owner(owner)
}
