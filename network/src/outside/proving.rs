//! Whether a provider says who somebody is (OpenID Connect Core 3.1.3.7).

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

use super::{OutsideError, Provider, UnderWay};
use crate::openid::jwt;
use crate::people::OutsideIdentity;
use crate::secret::same;
use crate::sessions::after;

/// How far the clock of a provider may be off.
const LEEWAY: SignedDuration = SignedDuration::from_secs(60);
/// Most characters of a subject (OpenID Connect Core 2).
const LONGEST_SUBJECT: usize = 255;
/// Most characters kept of what a provider says of somebody.
const LONGEST: usize = 100;

/// Who signed in at a provider.
#[derive(Clone, PartialEq, Eq)]
pub struct Proven {
    pub identity: OutsideIdentity,
    pub(super) access_token: Option<String>,
    /// What the provider calls the person. It helps whoever reviews a request, and proves nothing.
    pub(super) said_name: String,
    pub(super) said_login: String,
}

/// Shows nobody.
impl std::fmt::Debug for Proven {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Proven").finish_non_exhaustive()
    }
}

impl Proven {
    /// An identity of which nothing else is known.
    pub const fn of(identity: OutsideIdentity) -> Self {
        Self { identity, access_token: None, said_name: String::new(), said_login: String::new() }
    }

    /// With what the provider told of the person (OpenID Connect Core 5.3), unless it spoke of somebody else.
    #[must_use]
    pub fn told(mut self, said: &[u8]) -> Self {
        let said: Map<String, Value> = serde_json::from_slice(said).unwrap_or_default();
        let text = |name: &str| said.get(name).and_then(Value::as_str).unwrap_or_default();
        if text("sub") == self.identity.subject {
            self.said_name = shortened(text("name"));
            self.said_login = shortened(text("preferred_username"));
        }
        self
    }
}

fn shortened(text: &str) -> String {
    text.chars().filter(|it| !it.is_control()).take(LONGEST).collect()
}

/// Takes the answer of the token endpoint apart; `keys` is the provider's key set.
///
/// # Errors
/// [`OutsideError::Unfit`] unless the ID token is the provider's, for us, of now, and of this sign-in.
pub fn prove(
    provider: &Provider,
    under_way: &UnderWay,
    keys: &[u8],
    answer: &[u8],
    now: Timestamp,
) -> Result<Proven, OutsideError> {
    let answer: Map<String, Value> =
        serde_json::from_slice(answer).map_err(|_| OutsideError::Unfit("no tokens came"))?;
    let token = answer.get("id_token").and_then(Value::as_str);
    let token = token.ok_or(OutsideError::Unfit("no ID token came"))?;
    let keys = std::str::from_utf8(keys).map_err(|_| OutsideError::Unfit("no keys came"))?;
    let claims = jwt::signed_by(keys, token)
        .ok_or(OutsideError::Unfit("the ID token is not signed with its keys"))?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
    if text("iss") != provider.issuer {
        return Err(OutsideError::Unfit("the ID token is another provider's"));
    }
    if !is_for(&claims, &provider.client) {
        return Err(OutsideError::Unfit("the ID token is for somebody else"));
    }
    let seconds = |name: &str| claims.get(name).and_then(Value::as_i64);
    let instant = |name: &str| seconds(name).and_then(|it| Timestamp::from_second(it).ok());
    let holds = instant("exp").is_some_and(|it| now < after(it, LEEWAY));
    let is_made = instant("iat").is_some_and(|it| it <= after(now, LEEWAY));
    if !holds || !is_made {
        return Err(OutsideError::Unfit("the ID token is not of now"));
    }
    if !same(text("nonce"), &under_way.nonce()) {
        return Err(OutsideError::Unfit("the ID token is of another sign-in"));
    }
    let subject = text("sub");
    if subject.is_empty() || subject.chars().count() > LONGEST_SUBJECT {
        return Err(OutsideError::Unfit("the ID token names nobody"));
    }
    Ok(Proven {
        identity: OutsideIdentity { issuer: provider.issuer.clone(), subject: subject.to_owned() },
        access_token: answer.get("access_token").and_then(Value::as_str).map(str::to_owned),
        said_name: shortened(text("name")),
        said_login: shortened(text("preferred_username")),
    })
}

/// Whether a token is for a client: alone, or among others as the one it was given to.
fn is_for(claims: &Map<String, Value>, client: &str) -> bool {
    let given_to = claims.get("azp").and_then(Value::as_str);
    match claims.get("aud") {
        Some(Value::String(one)) => one == client && given_to.is_none_or(|it| it == client),
        Some(Value::Array(several)) => {
            let is_among = several.iter().any(|it| it.as_str() == Some(client));
            let alone = several.len() == 1 && given_to.is_none();
            is_among && (alone || given_to == Some(client))
        }
        _ => false,
    }
}
