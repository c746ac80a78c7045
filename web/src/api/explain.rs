//! `/api/v1/explain`: why a figure is what it is.

use axum::extract::State;
use axum::response::Response;
use governance::explain;
use governance::explain::json::ExplanationObject;

use super::{Question, reply};
use crate::app::App;
use crate::extract::Query;
use crate::problem::{Kind, Problem};

/// Rows of each term at most.
const GREATEST: usize = 200;
const LIMIT: usize = 20;

pub(super) async fn show(
    State(app): State<App>,
    Query(question): Query<Question>,
) -> Result<Response, Problem> {
    let visit = reply::visit(&app, &question).await?;
    let published = &visit.published;
    let code = question.indicator.as_deref();
    let code = code.ok_or_else(|| Problem::new(Kind::NotAQuestion, "indicator="))?;
    if published.plan().indicator(code).is_none() {
        return Err(Problem::no_indicator(code));
    }
    let limit = match question.limit.as_deref() {
        None => LIMIT,
        Some(text) => text
            .parse()
            .ok()
            .filter(|it| *it <= GREATEST)
            .ok_or_else(|| Problem::new(Kind::NotAQuestion, &format!("limit={text}")))?,
    };
    let year = visit.year(question.year.as_deref())?;
    let org = visit.organisation(question.org.as_deref(), year)?;
    let found = explain::explain(published, app.lake(), code, &org.code, year, limit).await;
    let found = found.map_err(|it| Problem::ours(&it))?;
    let found = found.ok_or_else(|| Problem::new(Kind::NoEvidence, code))?;
    if question.wants_csv() {
        let name = format!("explain-{code}-{}-{year}", org.code);
        return Ok(reply::csv(&question, &name, &explain::csv(&found)));
    }
    reply::json(&ExplanationObject::of(published, &found))
}
