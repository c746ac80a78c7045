//! What the service can do, and what its resources are like. Anyone may read it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use haihe_scim::schema::Schema;
use haihe_scim::{Kind, Service, list_response};
use network::scim::{Groups, MOST_RESULTS, Users};
use serde_json::Value;

use super::answer::{Refusal, json};
use super::resources::base;
use crate::app::App;
use crate::extract::{Path, Query};

const SERVICE: Service<'_> = Service {
    most_results: MOST_RESULTS,
    changes_passwords: false,
    has_etags: true,
    documentation: None,
};

const KINDS: [Kind; 2] = [Users::KIND, Groups::KIND];

/// A filter, which these addresses do not have (RFC 7644, section 4).
#[derive(Debug, serde::Deserialize)]
pub(super) struct Filtered {
    filter: Option<String>,
}

pub(super) async fn service(State(app): State<App>) -> Response {
    json(StatusCode::OK, &SERVICE.json(&base(&app)))
}

pub(super) async fn kinds(
    State(app): State<App>,
    Query(filtered): Query<Filtered>,
) -> Result<Response, Refusal> {
    let base = base(&app);
    listed(&filtered, KINDS.iter().map(|it| it.json(&base)).collect())
}

pub(super) async fn kind(
    State(app): State<App>,
    Path(name): Path<String>,
) -> Result<Response, Refusal> {
    let found = KINDS.iter().find(|it| it.name == name);
    found
        .map(|it| json(StatusCode::OK, &it.json(&base(&app))))
        .ok_or_else(|| Refusal::new(404, "there is no such type of resource"))
}

pub(super) async fn schemas(
    State(app): State<App>,
    Query(filtered): Query<Filtered>,
) -> Result<Response, Refusal> {
    let base = base(&app);
    listed(&filtered, all().map(|it| shown(it, &base)).collect())
}

pub(super) async fn schema(
    State(app): State<App>,
    Path(urn): Path<String>,
) -> Result<Response, Refusal> {
    let found = all().find(|it| it.id.eq_ignore_ascii_case(&urn));
    found
        .map(|it| json(StatusCode::OK, &shown(it, &base(&app))))
        .ok_or_else(|| Refusal::new(404, "there is no such schema"))
}

fn all() -> impl Iterator<Item = &'static Schema> {
    KINDS.into_iter().flat_map(|it| std::iter::once(it.schema).chain(it.extensions.iter().copied()))
}

fn shown(schema: &Schema, base: &str) -> Value {
    schema.json(&format!("{base}/Schemas/{}", schema.id))
}

fn listed(filtered: &Filtered, resources: Vec<Value>) -> Result<Response, Refusal> {
    if filtered.filter.is_some() {
        return Err(Refusal::new(403, "this list cannot be filtered"));
    }
    let total = u64::try_from(resources.len()).unwrap_or(u64::MAX);
    Ok(json(StatusCode::OK, &list_response(total, 1, resources)))
}
