//! The ID token: who signed in, when and how (OpenID Connect Core 2).

use std::collections::BTreeSet;

use aws_lc_rs::digest;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde_json::{Map, Value};
use store::Store;

use super::family::Owner;
use crate::applications::Application;
use crate::openid::data::Claim;
use crate::openid::{
    Algorithm, ID_TOKEN_LIFETIME, OpenidError, Provider, jwt, later, people, pseudonyms,
};

/// What an ID token says beside who it is for.
#[derive(Debug)]
pub(super) struct Said<'a> {
    pub(super) owner: &'a Owner,
    /// As the application sent it; after a refresh there is none.
    pub(super) nonce: Option<&'a str>,
    pub(super) access_token: &'a str,
    pub(super) data: BTreeSet<Claim>,
}

pub(super) async fn make(
    store: &Store,
    provider: &Provider,
    application: &Application,
    said: &Said<'_>,
    now: Timestamp,
) -> Result<String, OpenidError> {
    let owner = said.owner;
    let mut claims = if said.data.is_empty() {
        Map::new()
    } else {
        people::claims(store, owner.account, &said.data, now).await?.unwrap_or_default()
    };
    let mut put = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    put("iss", Value::from(provider.issuer()));
    let subject = &application.registration.subject;
    put("sub", Value::from(pseudonyms::subject(provider, subject, owner.account)));
    put("aud", Value::from(application.code.as_str()));
    put("iat", jwt::seconds(now));
    put("exp", jwt::seconds(later(now, ID_TOKEN_LIFETIME)?));
    put("auth_time", jwt::seconds(owner.auth_time));
    put("acr", Value::from(owner.acr.as_str()));
    put("amr", owner.amr.split(' ').collect());
    put("sid", Value::from(pseudonyms::session(provider, application, owner.session)));
    put("at_hash", Value::from(half_hash(application.registration.algorithm, said.access_token)));
    if let Some(nonce) = said.nonce {
        put("nonce", Value::from(nonce));
    }
    jwt::sign(provider, application.registration.algorithm, "JWT", &claims, now)
}

/// The left half of the hash of an access token, by the hash that the signature uses (OpenID Connect Core 3.1.3.6).
fn half_hash(algorithm: Algorithm, token: &str) -> String {
    let hash = match algorithm {
        Algorithm::Es256 | Algorithm::Rs256 => &digest::SHA256,
        Algorithm::EdDsa => &digest::SHA512,
    };
    let hash = digest::digest(hash, token.as_bytes());
    let half = hash.as_ref().chunks(hash.as_ref().len() / 2).next();
    URL_SAFE_NO_PAD.encode(half.unwrap_or_default())
}
