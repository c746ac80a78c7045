//! Answers as OneRoster wants them, errors too.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use haihe_oneroster::{Collection, Minor, OneRosterError, Query};
use network::rosters::{Page, RosterFault};
use network::service_tokens::{Client, Interface};
use serde_json::{Map, Value};
use store::StoreError;

use crate::app::App;
use crate::network::bearer;
use crate::problem::Problem;

const TOTAL: HeaderName = HeaderName::from_static("x-total-count");

/// One object, under the name that JSON has for one of its collection.
pub(super) fn one(collection: Collection, object: Value) -> Response {
    let named = Map::from_iter([(collection.item_name().to_owned(), object)]);
    json(StatusCode::OK, &Value::Object(named))
}

/// A list, with how many there are in all and where its other parts are.
pub(super) fn list(collection: Collection, page: Page, query: &Query, address: &str) -> Response {
    let links: Vec<String> = query
        .pages(page.total)
        .into_iter()
        .map(|(relation, limit, offset)| {
            format!("<{}>; rel=\"{relation}\"", with_window(address, limit, offset))
        })
        .collect();
    let named = Map::from_iter([(collection.list_name().to_owned(), Value::Array(page.objects))]);
    let mut response = json(StatusCode::OK, &Value::Object(named));
    let headers = response.headers_mut();
    headers.insert(TOTAL, page.total.into());
    if let Ok(links) = HeaderValue::from_str(&links.join(", ")) {
        headers.insert(header::LINK, links);
    }
    response
}

/// The same address, of another part of the list.
fn with_window(address: &str, limit: u32, offset: u64) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let kept = query
        .split('&')
        .filter(|it| !it.is_empty() && !it.starts_with("limit=") && !it.starts_with("offset="));
    let mut parameters: Vec<String> = kept.map(str::to_owned).collect();
    parameters.push(format!("limit={limit}"));
    parameters.push(format!("offset={offset}"));
    format!("{path}?{}", parameters.join("&"))
}

fn json(status: StatusCode, body: &Value) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (status, headers, body.to_string()).into_response()
}

/// An error on its way to the client.
#[derive(Debug)]
pub(super) struct Refusal(StatusCode, OneRosterError);

impl From<OneRosterError> for Refusal {
    fn from(error: OneRosterError) -> Self {
        let status = StatusCode::from_u16(error.minor.status()).unwrap_or(StatusCode::BAD_REQUEST);
        Self(status, error)
    }
}

impl From<StoreError> for Refusal {
    /// Our fault: the log gets every cause, the client gets none.
    fn from(error: StoreError) -> Self {
        Problem::ours(&error);
        let description = "the request could not be carried out; try again later";
        OneRosterError::new(Minor::InternalServerError, description).into()
    }
}

impl From<RosterFault> for Refusal {
    fn from(fault: RosterFault) -> Self {
        match fault {
            RosterFault::Client(error) => error.into(),
            RosterFault::Store(error) => error.into(),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = json(self.0, &self.1.json());
        if self.0 == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static("Bearer");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// The system that asks. Without a token that opens rosters nothing is answered.
#[derive(Debug)]
pub(super) struct Reader(pub(super) Client);

impl FromRequestParts<App> for Reader {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let client = bearer::client(app, &parts.headers, Interface::Rosters).await?;
        client.map(Self).ok_or_else(|| {
            let description =
                "a token that opens this interface is needed; ask the data centre for one";
            OneRosterError::new(Minor::Unauthorised, description).into()
        })
    }
}

pub(super) async fn read_only() -> Refusal {
    let description = "rosters can only be read here";
    Refusal(StatusCode::METHOD_NOT_ALLOWED, OneRosterError::new(Minor::Forbidden, description))
}

pub(super) async fn nowhere() -> Refusal {
    OneRosterError::new(Minor::UnknownObject, "there is nothing at this address").into()
}
