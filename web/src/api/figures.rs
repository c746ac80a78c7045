//! `/api/v1/figures`: one indicator of every organisation of a level.

use axum::extract::State;
use axum::response::Response;
use governance::figures::csv as table;
use governance::figures::json::FiguresObject;
use model::{OrgCode, Year};

use super::{Question, reply};
use crate::app::App;
use crate::extract::Query;
use crate::problem::{Kind, Problem};
use crate::visit::Visit;

pub(super) async fn list(
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

/// Without a year, all years of the plan; without a level, that of the whole.
fn object(visit: &Visit, question: &Question) -> Result<FiguresObject, Problem> {
    let published = &visit.published;
    let code = question.indicator.as_deref();
    let code = code.ok_or_else(|| Problem::new(Kind::NotAQuestion, "indicator="))?;
    let first = published.plan().levels.first().map(|it| it.code.as_str());
    let level = question.level.as_deref().or(first).unwrap_or_default();
    let years = match question.year.as_deref() {
        Some(year) => vec![visit.year(Some(year))?],
        None => published.years(),
    };
    let within = question.within.as_deref();
    let within = within.map(|it| known(visit, it, &years)).transpose();
    let named = within.as_ref().ok().and_then(Option::as_ref);
    let object = FiguresObject::of(published, code, level, named, &years);
    let object = object.ok_or_else(|| Problem::no_indicator(code))?;
    if object.rows.is_empty() || within.is_err() {
        let levels = published.levels_with(code, &years);
        if !levels.contains(&level) {
            return Err(Problem::instead(Kind::NoLevel, level, &levels));
        }
    }
    within.map(|_| object)
}

/// An organisation that was there in one of the years.
fn known(visit: &Visit, code: &str, years: &[Year]) -> Result<OrgCode, Problem> {
    let known: OrgCode = code.parse().map_err(|_| Problem::no_organisation(code))?;
    let is_there = |year: &Year| visit.published.tree(*year).position(&known).is_some();
    if years.iter().any(is_there) { Ok(known) } else { Err(Problem::no_organisation(code)) }
}

fn table_of(visit: &Visit, question: &Question) -> Result<Response, Problem> {
    let object = object(visit, question)?;
    let year = question.year.as_deref().map(|it| format!("-{it}")).unwrap_or_default();
    let name = format!("{}-{}{year}", object.indicator.code, object.level);
    Ok(reply::csv(question, &name, &table::figures(&object)))
}
