//! Answers as RFC 7644 wants them, errors too.

use axum::extract::{FromRequestParts, OriginalUri};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use haihe_scim::ScimError;
use network::scim::{Kept, ScimFault, Version};
use network::service_tokens::{Client, Interface};
use serde_json::Value;
use store::StoreError;

use crate::app::App;
use crate::network::bearer;
use crate::problem::Problem;

/// JSON of a media type of its own, never kept by anyone on the way.
pub(super) fn json(status: StatusCode, body: &Value) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/scim+json")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (status, headers, body.to_string()).into_response()
}

/// A resource with its version, and where it is when it is new.
pub(super) fn resource(status: StatusCode, kept: &Kept, body: &Value) -> Response {
    let mut response = json(status, body);
    let location = kept.resource.text("meta", Some("location")).unwrap_or_default();
    let headers = response.headers_mut();
    if let Ok(tag) = HeaderValue::from_str(&kept.version.to_string()) {
        headers.insert(header::ETAG, tag);
    }
    if let Ok(location) = HeaderValue::from_str(location) {
        headers.insert(header::LOCATION, location);
    }
    response
}

/// The client has this version already.
pub(super) fn unchanged(version: Version) -> Response {
    let mut response = StatusCode::NOT_MODIFIED.into_response();
    if let Ok(tag) = HeaderValue::from_str(&version.to_string()) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// An error on its way to the client.
#[derive(Debug)]
pub(super) struct Refusal(pub(super) ScimError);

impl Refusal {
    pub(super) fn new(status: u16, detail: &str) -> Self {
        Self(ScimError::new(status, detail))
    }
}

impl From<ScimError> for Refusal {
    fn from(error: ScimError) -> Self {
        Self(error)
    }
}

impl From<StoreError> for Refusal {
    /// Our fault: the log gets every cause, the client gets none.
    fn from(error: StoreError) -> Self {
        Problem::ours(&error);
        Self::new(500, "the request could not be carried out; try again later")
    }
}

impl From<ScimFault> for Refusal {
    fn from(fault: ScimFault) -> Self {
        match fault {
            ScimFault::Client(error) => Self(error),
            ScimFault::Store(error) => error.into(),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::BAD_REQUEST);
        let mut response = json(status, &self.0.json());
        if status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static("Bearer");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// The system that asks. Without a token that opens SCIM nothing is answered.
#[derive(Debug)]
pub(super) struct Provisioner(pub(super) Client);

impl FromRequestParts<App> for Provisioner {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let client = bearer::client(app, &parts.headers, Interface::Scim).await?;
        client.map(Self).ok_or_else(|| {
            Refusal::new(
                401,
                "a token that opens this interface is needed; ask the data centre for one",
            )
        })
    }
}

pub(super) async fn no_method() -> Refusal {
    Refusal::new(405, "this address cannot be asked like that")
}

pub(super) async fn nowhere(OriginalUri(uri): OriginalUri) -> Refusal {
    let path: String = uri.path().chars().take(80).collect();
    Refusal::new(404, &format!("there is nothing at {path}"))
}
