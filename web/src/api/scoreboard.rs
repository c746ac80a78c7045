//! `/api/v1/scoreboard`: all indicators of an organisation in a year.

use axum::extract::State;
use axum::response::Response;
use governance::figures::csv as table;
use governance::figures::json::ScoreboardObject;

use super::{Question, reply};
use crate::app::App;
use crate::extract::Query;
use crate::problem::Problem;
use crate::visit::Visit;

pub(super) async fn show(
    State(app): State<App>,
    Query(question): Query<Question>,
) -> Result<Response, Problem> {
    reply::of(&app, question, |visit, question| {
        if question.wants_csv() {
            table_of(visit, question)
        } else {
            reply::json(&object(visit, question)?)
        }
    })
    .await
}

pub(super) async fn csv(
    State(app): State<App>,
    Query(question): Query<Question>,
) -> Result<Response, Problem> {
    reply::of(&app, question, table_of).await
}

fn object(visit: &Visit, question: &Question) -> Result<ScoreboardObject, Problem> {
    let year = visit.year(question.year.as_deref())?;
    let org = visit.organisation(question.org.as_deref(), year)?;
    let board = visit.published.scoreboard(&org.code, year);
    let board = board.ok_or_else(|| Problem::no_organisation(org.code.as_str()))?;
    Ok(ScoreboardObject::of(&visit.published, &board))
}

fn table_of(visit: &Visit, question: &Question) -> Result<Response, Problem> {
    let object = object(visit, question)?;
    let name = format!("scoreboard-{}-{}", object.organisation.code, object.year);
    Ok(reply::csv(question, &name, &table::scoreboard(&object)))
}
