//! Whether a token works, for the application that it was given to (RFC 7662).

use jiff::Timestamp;
use serde_json::{Map, Value};
use store::Store;

use super::bearer::{FIND_ACCESS_TOKEN, find};
use crate::openid::refusal::{Code, Denial};
use crate::openid::request::Parameters;
use crate::openid::{OpenidError, Provider, clients, jwt, pseudonyms};

pub(super) const FIND_REFRESH_TOKEN: &str = include_str!("find_refresh_token.sql");

/// A service with which an application may look at tokens that were given to others.
pub const INTROSPECTION: &str = "introspection";

/// The members of the reply.
pub async fn introspect(
    store: &Store,
    provider: &Provider,
    authorization: Option<&str>,
    given: &Parameters,
    now: Timestamp,
) -> Result<Result<Map<String, Value>, Denial>, OpenidError> {
    let asking = match clients::authenticate(store, provider, authorization, given, now).await? {
        Ok(application) => application,
        Err(denial) => return Ok(Err(denial)),
    };
    // Whoever keeps no secret could be anybody who tries tokens.
    if asking.registration.keys.is_none() && !asking.registration.authentication.has_secret() {
        return Ok(Err(Denial::new(
            Code::UnauthorizedClient,
            "an application that keeps no secret cannot look at tokens",
        )));
    }
    let Some(token) = given.get("token") else {
        return Ok(Err(Denial::new(Code::InvalidRequest, "token is missing")));
    };
    let access = find(store, FIND_ACCESS_TOKEN, token, now).await?;
    let is_access = access.is_some();
    let live = match access {
        Some(live) => Some(live),
        None => find(store, FIND_REFRESH_TOKEN, token, now).await?,
    };
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
    let everyones = asking.registration.services.contains(INTROSPECTION);
    let live = live.filter(|it| everyones || it.family.application == asking.code);
    let Some(live) = live else {
        put("active", Value::from(false));
        return Ok(Ok(members));
    };
    put("active", Value::from(true));
    put("client_id", Value::from(live.family.application.as_str()));
    put("iss", Value::from(provider.issuer()));
    put("scope", Value::from(live.scopes));
    put("iat", jwt::seconds(live.issued_at));
    put("exp", jwt::seconds(live.expires_at));
    if is_access {
        put("token_type", Value::from("Bearer"));
    }
    if let Some(owner) = &live.family.owner {
        // The pseudonym of whoever asks, which is not that of the application the token was given to.
        put(
            "sub",
            Value::from(pseudonyms::subject(provider, &asking.registration.subject, owner.account)),
        );
    }
    Ok(Ok(members))
}
