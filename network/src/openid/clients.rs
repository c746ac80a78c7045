//! Who asks at the token endpoint: applications prove themselves (OpenID Connect Core 9).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use store::{Store, StoreError, on_db};

use super::refusal::{Code, Denial};
use super::request::Parameters;
use super::{OpenidError, Provider, jwt};
use crate::applications::{self, Application, ApplicationCode, Authentication};
use crate::secret::sha256;

/// Longest time that an assertion may be good for.
const LONGEST_ASSERTION: SignedDuration = SignedDuration::from_mins(10);
/// How far the clock of an application may be off.
const LEEWAY: SignedDuration = SignedDuration::from_secs(60);

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

const UNPROVEN: Denial =
    Denial::new(Code::InvalidClient, "the application is unknown or did not prove itself");

/// How an application introduces itself in a request.
#[derive(Debug)]
struct Introduction {
    code: String,
    proof: Proof,
}

#[derive(Debug)]
enum Proof {
    Header(String),
    Body(String),
    Assertion(String),
    None,
}

/// The application that sent a request, in the way that it registered and in no other.
///
/// `authorization` is the header of that name.
pub async fn authenticate(
    store: &Store,
    provider: &Provider,
    authorization: Option<&str>,
    given: &Parameters,
    now: Timestamp,
) -> Result<Result<Application, Denial>, OpenidError> {
    if given.has_any_twice() {
        return Ok(Err(Denial::new(Code::InvalidRequest, "a parameter is given twice")));
    }
    let introduction = match introduced(authorization, given) {
        Ok(introduction) => introduction,
        Err(denial) => return Ok(Err(denial)),
    };
    let Ok(code) = introduction.code.parse::<ApplicationCode>() else {
        return Ok(Err(UNPROVEN));
    };
    let Some(application) = applications::find(store, &code).await? else {
        return Ok(Err(UNPROVEN));
    };
    let way = application.registration.authentication;
    let proven = match (&introduction.proof, way) {
        (Proof::Header(secret), Authentication::SecretInHeader)
        | (Proof::Body(secret), Authentication::SecretInBody) => application.has_secret(secret),
        (Proof::Assertion(assertion), Authentication::SignedAssertion) => {
            is_asserted(store, provider, &application, assertion, now).await?
        }
        (Proof::None, Authentication::None) => true,
        _ => false,
    };
    Ok(if proven && application.holds_at(now) { Ok(application) } else { Err(UNPROVEN) })
}

fn introduced(authorization: Option<&str>, given: &Parameters) -> Result<Introduction, Denial> {
    let named = given.get("client_id").map(str::to_owned);
    let secret = given.get("client_secret");
    let assertion = given.get("client_assertion");
    let ways = [authorization.is_some(), secret.is_some(), assertion.is_some()];
    if ways.into_iter().filter(|it| *it).count() > 1 {
        return Err(Denial::new(
            Code::InvalidRequest,
            "an application proves itself in one way at a time",
        ));
    }
    let introduction = if let Some(header) = authorization {
        let (code, secret) = basic(header).ok_or(UNPROVEN)?;
        Introduction { code, proof: Proof::Header(secret) }
    } else if let Some(assertion) = assertion {
        if given.get("client_assertion_type") != Some(ASSERTION_TYPE) {
            return Err(UNPROVEN);
        }
        let code = asserted_code(assertion).ok_or(UNPROVEN)?;
        Introduction { code, proof: Proof::Assertion(assertion.to_owned()) }
    } else {
        let code = named.clone().ok_or(UNPROVEN)?;
        let proof = secret.map_or(Proof::None, |it| Proof::Body(it.to_owned()));
        Introduction { code, proof }
    };
    if named.is_some_and(|it| it != introduction.code) {
        return Err(UNPROVEN);
    }
    Ok(introduction)
}

/// Name and secret of an `Authorization: Basic` header, both form-encoded first (RFC 6749, section 2.3.1).
fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (code, secret) = decoded.split_once(':')?;
    Some((form_decoded(code)?, form_decoded(secret)?))
}

fn form_decoded(text: &str) -> Option<String> {
    if text.contains(['&', '=']) {
        return Some(text.to_owned());
    }
    let (name, _) = url::form_urlencoded::parse(text.as_bytes()).next()?;
    Some(name.into_owned())
}

/// Whom an assertion is about, before anyone has looked whether it is right.
fn asserted_code(assertion: &str) -> Option<String> {
    let claims: jwt::Claims = jwt::unverified(assertion)?;
    claims.get("sub")?.as_str().map(str::to_owned)
}

/// Whether an assertion is the application's own, for us, of now, and used for the first time (RFC 7523).
async fn is_asserted(
    store: &Store,
    provider: &Provider,
    application: &Application,
    assertion: &str,
    now: Timestamp,
) -> Result<bool, OpenidError> {
    const TAKE: &str = include_str!("clients/take_assertion.sql");

    let keys = application.registration.keys.as_deref().unwrap_or_default();
    let Some(claims) = jwt::signed_by(keys, assertion) else {
        return Ok(false);
    };
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let code = Some(application.code.as_str());
    let token_endpoint = format!("{}/openid/token", provider.issuer());
    let for_us =
        |it: &Value| it.as_str().is_some_and(|it| it == provider.issuer() || it == token_endpoint);
    let audience = match claims.get("aud") {
        Some(Value::Array(several)) => several.iter().any(for_us),
        Some(one) => for_us(one),
        None => false,
    };
    let expires_at = claims.get("exp").and_then(Value::as_i64);
    let Some(expires_at) = expires_at.and_then(|it| Timestamp::from_second(it).ok()) else {
        return Ok(false);
    };
    let in_time = now < super::later(expires_at, LEEWAY)?
        && expires_at <= super::later(now, LONGEST_ASSERTION + LEEWAY)?;
    let Some(id) = text("jti").filter(|it| !it.is_empty()) else {
        return Ok(false);
    };
    if text("iss") != code || text("sub") != code || !audience || !in_time {
        return Ok(false);
    }
    let hash = sha256(format!("{} {id}", application.code).as_bytes());
    let kept_until = super::later(expires_at, LEEWAY)?;
    let taken = on_db!(store, pool => {
        sqlx::query(TAKE)
            .bind(&hash)
            .bind(kept_until.as_microsecond())
            .execute(pool)
            .await
            .map(|it| it.rows_affected())
    })
    .map_err(StoreError::doing("take an application's assertion"))?;
    Ok(taken == 1)
}
