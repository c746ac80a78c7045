//! What is asked of a provider, and how its answers are taken apart.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde::Deserialize;
use url::Url;
use url::form_urlencoded::{Serializer, byte_serialize};

use super::{OutsideError, Proven, Provider, UnderWay};
use crate::applications::is_of_this_machine;

/// A request to a provider, for whoever can send one.
#[derive(Clone, PartialEq, Eq)]
pub struct Ask {
    pub address: String,
    /// The header of that name.
    pub authorization: Option<String>,
    /// A form to post; without one it is only read.
    pub form: Option<String>,
}

/// Shows no secret.
impl std::fmt::Debug for Ask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ask").field("address", &self.address).finish_non_exhaustive()
    }
}

/// What a provider says of itself (OpenID Connect Discovery 1.0), as far as it is of use here.
#[derive(Clone, Debug, Deserialize)]
pub struct Description {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    #[serde(default)]
    userinfo_endpoint: Option<String>,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

/// What the browser brings back.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Answered {
    #[serde(default)]
    pub code: Option<String>,
    #[serde(default)]
    pub state: Option<String>,
    #[serde(default)]
    pub iss: Option<String>,
}

impl Description {
    /// # Errors
    /// [`OutsideError::Unfit`] when it is another provider's, or leads where others can read along.
    pub fn read(provider: &Provider, bytes: &[u8]) -> Result<Self, OutsideError> {
        let description: Self = serde_json::from_slice(bytes)
            .map_err(|_| OutsideError::Unfit("its description lacks something"))?;
        if description.issuer != provider.issuer {
            return Err(OutsideError::Unfit("its description is another provider's"));
        }
        let addresses = [
            &description.authorization_endpoint,
            &description.token_endpoint,
            &description.jwks_uri,
        ];
        let person = description.userinfo_endpoint.as_ref();
        if !addresses.into_iter().chain(person).all(|it| is_fit(it)) {
            return Err(OutsideError::Unfit("its description leads where others can read along"));
        }
        Ok(description)
    }

    /// # Errors
    /// [`OutsideError::Unfit`] unless the answer is of this sign-in and this provider, and has a code.
    pub fn code<'a>(
        &self,
        under_way: &UnderWay,
        answered: &'a Answered,
    ) -> Result<&'a str, OutsideError> {
        if !answered.state.as_deref().is_some_and(|it| under_way.has_state(it)) {
            return Err(OutsideError::Unfit("the answer is of another sign-in"));
        }
        let is_silent = answered.iss.is_none();
        let is_other = answered.iss.as_ref().is_some_and(|it| *it != self.issuer);
        if is_other || (is_silent && self.authorization_response_iss_parameter_supported) {
            return Err(OutsideError::Unfit("the answer is another provider's"));
        }
        answered.code.as_deref().ok_or(OutsideError::Unfit("it did not sign the person in"))
    }
}

fn is_fit(address: &str) -> bool {
    let Ok(url) = Url::parse(address) else {
        return false;
    };
    url.scheme() == "https" || (url.scheme() == "http" && is_of_this_machine(&url))
}

/// Asks a provider what it says of itself.
pub fn ask_description(provider: &Provider) -> Ask {
    let issuer = provider.issuer.trim_end_matches('/');
    let address = format!("{issuer}/.well-known/openid-configuration");
    Ask { address, authorization: None, form: None }
}

/// Asks a provider for its public keys.
pub fn ask_keys(description: &Description) -> Ask {
    Ask { address: description.jwks_uri.clone(), authorization: None, form: None }
}

/// Asks a provider what it calls the person, with the token that it gave; `None` when it gave none.
pub fn ask_person(description: &Description, proven: &Proven) -> Option<Ask> {
    let address = description.userinfo_endpoint.clone()?;
    let authorization = Some(format!("Bearer {}", proven.access_token.as_deref()?));
    Some(Ask { address, authorization, form: None })
}

/// Where a browser is sent to sign in; it comes back to `back`.
///
/// # Errors
/// [`OutsideError::Unfit`] when the address cannot be read.
pub fn address(
    provider: &Provider,
    description: &Description,
    under_way: &UnderWay,
    back: &str,
) -> Result<String, OutsideError> {
    let unfit = |_| OutsideError::Unfit("its address cannot be read");
    let mut url = Url::parse(&description.authorization_endpoint).map_err(unfit)?;
    url.query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("client_id", &provider.client)
        .append_pair("redirect_uri", back)
        .append_pair("scope", "openid profile")
        .append_pair("state", &under_way.state())
        .append_pair("nonce", &under_way.nonce())
        .append_pair("code_challenge", &challenge(&under_way.verifier()))
        .append_pair("code_challenge_method", "S256");
    Ok(url.into())
}

/// RFC 7636, section 4.2.
fn challenge(verifier: &str) -> String {
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, verifier.as_bytes());
    URL_SAFE_NO_PAD.encode(hash)
}

/// Asks for tokens with the code that the browser brought.
pub fn ask_tokens(
    provider: &Provider,
    description: &Description,
    under_way: &UnderWay,
    code: &str,
    back: &str,
) -> Ask {
    let mut form = Serializer::new(String::new());
    form.append_pair("grant_type", "authorization_code")
        .append_pair("code", code)
        .append_pair("redirect_uri", back)
        .append_pair("code_verifier", &under_way.verifier());
    let mut authorization = None;
    // Without a word about it the header is what a provider takes (Discovery 1.0, section 3).
    let ways = description.token_endpoint_auth_methods_supported.as_ref();
    let takes_header = ways.is_none_or(|it| it.iter().any(|it| it == "client_secret_basic"));
    match &provider.secret {
        Some(secret) if takes_header => {
            let encoded = |it: &str| byte_serialize(it.as_bytes()).collect::<String>();
            let pair = format!("{}:{}", encoded(&provider.client), encoded(secret));
            authorization = Some(format!("Basic {}", STANDARD.encode(pair)));
        }
        Some(secret) => {
            form.append_pair("client_id", &provider.client).append_pair("client_secret", secret);
        }
        None => {
            form.append_pair("client_id", &provider.client);
        }
    }
    let address = description.token_endpoint.clone();
    Ask { address, authorization, form: Some(form.finish()) }
}
