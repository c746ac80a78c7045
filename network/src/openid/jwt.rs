//! Signed tokens: what we sign for applications, and what comes back.

use jiff::Timestamp;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{DecodingKey, Header, Validation};
use serde_json::{Map, Value};

use super::keys::{Algorithm, Keyring};
use super::{OpenidError, Provider};

/// What a token says.
pub(crate) type Claims = Map<String, Value>;

/// Largest token that is looked at.
const LARGEST: usize = 8 * 1024;

/// Signs claims with the current key.
pub(crate) fn sign(
    provider: &Provider,
    algorithm: Algorithm,
    kind: &str,
    claims: &Claims,
    now: Timestamp,
) -> Result<String, OpenidError> {
    let keyring = provider.keyring();
    let key = keyring.current(algorithm, now).ok_or(OpenidError::NoKey { algorithm })?;
    let mut header = Header::new(algorithm.of_jwt());
    header.kid = Some(key.id.clone());
    header.typ = Some(kind.to_owned());
    jsonwebtoken::encode(&header, claims, &key.private).map_err(OpenidError::Key)
}

/// The claims of an ID token of ours, expired or not; `None` when it is none.
pub(super) fn recognised(provider: &Provider, token: &str, now: Timestamp) -> Option<Claims> {
    if token.len() > LARGEST {
        return None;
    }
    let header = jsonwebtoken::decode_header(token).ok()?;
    let keyring: &Keyring = &provider.keyring();
    let key = keyring.key(header.kid.as_deref()?, now)?;
    let mut rules = rules(&[key.algorithm.of_jwt()]);
    rules.set_issuer(&[provider.issuer()]);
    let token = jsonwebtoken::decode::<Claims>(token, &key.public, &rules).ok()?;
    Some(token.claims)
}

/// The claims of a token that somebody else signed with one of these keys; `None` when it was not.
pub(crate) fn signed_by(keys: &str, token: &str) -> Option<Claims> {
    if token.len() > LARGEST {
        return None;
    }
    let keys: JwkSet = serde_json::from_str(keys).ok()?;
    let header = jsonwebtoken::decode_header(token).ok()?;
    let allowed = Algorithm::ALL.map(Algorithm::of_jwt);
    if !allowed.contains(&header.alg) {
        return None;
    }
    let named = |it: &&jsonwebtoken::jwk::Jwk| match &header.kid {
        Some(id) => it.common.key_id.as_ref() == Some(id),
        None => true,
    };
    keys.keys.iter().filter(named).find_map(|key| {
        let key = DecodingKey::from_jwk(key).ok()?;
        let token = jsonwebtoken::decode::<Claims>(token, &key, &rules(&[header.alg])).ok()?;
        Some(token.claims)
    })
}

/// Only the signature is the library's to judge: time is an argument here, and not one of its clock.
fn rules(algorithms: &[jsonwebtoken::Algorithm]) -> Validation {
    let mut rules = Validation::new(jsonwebtoken::Algorithm::ES256);
    rules.algorithms = algorithms.to_vec();
    rules.validate_exp = false;
    rules.validate_aud = false;
    rules.required_spec_claims.clear();
    rules
}

/// Seconds since 1970, as tokens have it.
pub(super) fn seconds(at: Timestamp) -> Value {
    Value::from(at.as_second())
}

/// What a token says, before anyone has looked at its signature.
pub(super) fn unverified(token: &str) -> Option<Claims> {
    if token.len() > LARGEST {
        return None;
    }
    jsonwebtoken::dangerous::insecure_decode_claims(token).ok()
}
