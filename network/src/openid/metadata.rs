//! What applications may read of the provider: its description and its public keys.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::Provider;
use super::data::{Claim, Scope};
use super::keys::Algorithm;
use crate::applications::Authentication;
use crate::sessions::Level;

/// The description at `/.well-known/openid-configuration` (OpenID Connect Discovery 1.0).
pub fn description(provider: &Provider) -> Value {
    let issuer = provider.issuer();
    let at = |name: &str| format!("{issuer}/openid/{name}");
    let algorithms = Algorithm::ALL.map(Algorithm::as_str);
    let proofs = Authentication::ALL.map(Authentication::as_str);
    // Tokens are looked at by those who can prove who they are.
    let secrets: Vec<&str> = proofs.into_iter().filter(|it| *it != "none").collect();
    let scopes: Vec<&str> = Scope::ALL.iter().map(|it| it.as_str()).collect();
    let ours = ["sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "sid"];
    let claims: Vec<&str> =
        ours.into_iter().chain(Claim::ALL.iter().map(|it| it.as_str())).collect();
    json!({
        "issuer": issuer,
        "authorization_endpoint": at("authorize"),
        "token_endpoint": at("token"),
        "userinfo_endpoint": at("userinfo"),
        "jwks_uri": at("jwks"),
        "revocation_endpoint": at("revoke"),
        "introspection_endpoint": at("introspect"),
        "end_session_endpoint": at("logout"),
        "scopes_supported": scopes,
        "claims_supported": claims,
        "claims_parameter_supported": true,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "subject_types_supported": ["pairwise", "public"],
        "id_token_signing_alg_values_supported": algorithms,
        "token_endpoint_auth_methods_supported": proofs,
        "token_endpoint_auth_signing_alg_values_supported": algorithms,
        "introspection_endpoint_auth_methods_supported": secrets,
        "revocation_endpoint_auth_methods_supported": proofs,
        "code_challenge_methods_supported": ["S256"],
        "acr_values_supported": [Level::OneFactor.as_str(), Level::TwoFactors.as_str()],
        "display_values_supported": ["page", "popup", "touch"],
        "ui_locales_supported": ["zh-CN", "en"],
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "authorization_response_iss_parameter_supported": true,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "require_request_uri_registration": false,
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": true,
    })
}

/// The public keys that are published at an instant: the next, the current ones, the retired.
pub fn public_keys(provider: &Provider, now: Timestamp) -> Value {
    json!({ "keys": provider.keyring().published(now) })
}
