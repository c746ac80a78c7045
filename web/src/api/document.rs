//! The API's own description, and the list of releases.

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use governance::release::Release;
use serde::Serialize;

use super::reply;
use crate::app::App;
use crate::problem::Problem;

/// OpenAPI 3.1. A test holds every answer against it.
const DOCUMENT: &str = include_str!("openapi.json");

/// All releases, the earliest first.
#[derive(Debug, Serialize)]
struct ReleasesObject {
    releases: Vec<Line>,
}

#[derive(Debug, Serialize)]
struct Line {
    id: String,
    plan_version: String,
    recorded_at: String,
    known_at: String,
    tables: std::collections::BTreeMap<String, u64>,
    current: bool,
}

pub(super) async fn show() -> Response {
    let media_type = HeaderValue::from_static("application/json");
    ([(header::CONTENT_TYPE, media_type)], DOCUMENT).into_response()
}

pub(super) async fn releases(State(app): State<App>) -> Result<Response, Problem> {
    let current = app.release();
    let line = |it: Release| Line {
        current: current.as_deref() == Some(it.id.as_str()),
        id: it.id,
        plan_version: it.plan_version,
        recorded_at: it.recorded_at.to_string(),
        known_at: it.known_at.to_string(),
        tables: it.tables,
    };
    let releases = app.releases().await?.into_iter().map(line).collect();
    reply::json(&ReleasesObject { releases })
}
