//! Answers of the API: made away from the serving threads, as JSON or as CSV.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::Question;
use crate::app::App;
use crate::extract::Address;
use crate::problem::Problem;
use crate::routes;
use crate::text::Lang;
use crate::visit::Visit;

/// Spreadsheet programs of some makers read UTF-8 only behind this mark.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Makes an answer from a visit.
pub(super) async fn of(
    app: &App,
    question: Question,
    make: impl FnOnce(&Visit, &Question) -> Result<Response, Problem> + Send + 'static,
) -> Result<Response, Problem> {
    let visit = visit(app, &question).await?;
    app.making(move || make(&visit, &question)).await?
}

/// The release asked about.
pub(super) async fn visit(app: &App, question: &Question) -> Result<Visit, Problem> {
    let address = Address { lang: Lang::En, path: String::new() };
    let visit = routes::visit(app, address, question.as_of.as_deref()).await?;
    visit.ok_or_else(Problem::nothing_published)
}

pub(super) fn json(object: &impl Serialize) -> Result<Response, Problem> {
    let body = serde_json::to_string(object).map_err(|it| Problem::ours(&it))?;
    let media_type = HeaderValue::from_static("application/json");
    Ok(([(header::CONTENT_TYPE, media_type)], body).into_response())
}

/// A table for spreadsheets. The mark at its head is left out with `bom=0`.
pub(super) fn csv(question: &Question, name: &str, table: &str) -> Response {
    let is_bare = question.bom.as_deref() == Some("0");
    let body = if is_bare { table.to_owned() } else { format!("{BYTE_ORDER_MARK}{table}") };
    let media_type = HeaderValue::from_static("text/csv; charset=utf-8; header=present");
    let mut response = ([(header::CONTENT_TYPE, media_type)], body).into_response();
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}.csv\""));
    if let Ok(disposition) = disposition {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}
