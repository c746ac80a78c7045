//! The API: the same figures as the pages, as JSON and CSV, and records as other systems bring them.

mod document;
mod explain;
mod figures;
mod indicators;
mod organisations;
mod plan;
mod records;
mod reply;
mod scoreboard;

use axum::Router;
use axum::routing::get;
use serde::Deserialize;

use crate::app::App;

/// Every address of the API.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/api/openapi.json", get(document::show))
        .route("/api/v1/scoreboard", get(scoreboard::show))
        .route("/api/v1/scoreboard.csv", get(scoreboard::csv))
        .route("/api/v1/indicators", get(indicators::list))
        .route("/api/v1/indicators/{code}", get(indicators::show))
        .route("/api/v1/figures", get(figures::list))
        .route("/api/v1/figures.csv", get(figures::csv))
        .route("/api/v1/organisations", get(organisations::list))
        .route("/api/v1/organisations/{code}", get(organisations::show))
        .route("/api/v1/plan", get(plan::show))
        .route("/api/v1/plan.csv", get(plan::csv))
        .route("/api/v1/explain", get(explain::show))
        .route("/api/v1/releases", get(document::releases))
        .route(
            "/api/v1/records/{dataset}",
            get(records::form).post(records::take).fallback(records::no_method),
        )
}

/// What the API may be asked; a slip in a name must not be taken for no question at all.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Question {
    indicator: Option<String>,
    level: Option<String>,
    year: Option<String>,
    within: Option<String>,
    org: Option<String>,
    as_of: Option<String>,
    q: Option<String>,
    after: Option<String>,
    limit: Option<String>,
    format: Option<String>,
    bom: Option<String>,
}

impl Question {
    fn wants_csv(&self) -> bool {
        self.format.as_deref() == Some("csv")
    }
}
