//! What applications are told: members of an object, or why not.

use axum::Json;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use network::openid::Denial;
use network::openid::refusal::Code;
use network::openid::request::Parameters;
use serde_json::json;

/// Most bytes of a body: no request of an application has more.
pub(super) const MOST_BYTES: usize = 64 << 10;

/// The form that an application sent.
pub(super) fn form(headers: &HeaderMap, body: &str) -> Result<Parameters, Denial> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok());
    let kind = kind.and_then(|it| it.split(';').next()).unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") || body.len() > MOST_BYTES {
        return Err(Denial {
            code: Code::InvalidRequest,
            description: "the body must be a form (application/x-www-form-urlencoded)",
        });
    }
    Ok(Parameters::parse(body))
}

/// A header's text.
pub(super) fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name).and_then(|it| it.to_str().ok())
}

/// An error of the token endpoint and its like (RFC 6749, section 5.2).
pub(super) fn denied(denial: &Denial, headers: &HeaderMap) -> Response {
    let unproven = denial.code == Code::InvalidClient;
    let status = if unproven { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST };
    let body = json!({
        "error": denial.code.as_str(),
        "error_description": denial.description,
    });
    // Only whoever tried it this way is told to.
    let asked = unproven && headers.contains_key(header::AUTHORIZATION);
    let challenge = asked.then_some((
        header::WWW_AUTHENTICATE,
        HeaderValue::from_static("Basic realm=\"haihe\", charset=\"UTF-8\""),
    ));
    (status, AppendHeaders(challenge), Json(body)).into_response()
}

/// An error of an address that takes access tokens (RFC 6750, section 3).
pub(super) fn unauthorized(denial: Option<&Denial>) -> Response {
    let (status, challenge) = match denial {
        // Nothing was shown, so nothing is said of it.
        None => (StatusCode::UNAUTHORIZED, "Bearer realm=\"haihe\"".to_owned()),
        Some(denial) => {
            let status = if denial.code == Code::InsufficientScope {
                StatusCode::FORBIDDEN
            } else if denial.code == Code::InvalidRequest {
                StatusCode::BAD_REQUEST
            } else {
                StatusCode::UNAUTHORIZED
            };
            let (code, description) = (denial.code.as_str(), denial.description);
            let challenge = format!(
                "Bearer realm=\"haihe\", error=\"{code}\", error_description=\"{description}\""
            );
            (status, challenge)
        }
    };
    let challenge = HeaderValue::from_str(&challenge).ok();
    let challenge = challenge.map(|it| (header::WWW_AUTHENTICATE, it));
    let body = match denial {
        Some(denial) => json!({
            "error": denial.code.as_str(),
            "error_description": denial.description,
        }),
        None => json!({}),
    };
    (status, AppendHeaders(challenge), Json(body)).into_response()
}
