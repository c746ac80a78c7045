//! `/api/v1/indicators`: what the plan measures, and one indicator with all its definitions.

use axum::extract::State;
use axum::response::Response;
use governance::figures::json::{
    DefinitionObject, IndicatorObject, ReleaseObject, StandingObject, TargetObject,
};
use serde::Serialize;

use super::{Question, reply};
use crate::app::App;
use crate::extract::{Path, Query};
use crate::problem::Problem;

/// All indicators of the plan.
#[derive(Debug, Serialize)]
struct IndicatorsObject {
    release: ReleaseObject,
    indicators: Vec<IndicatorObject>,
}

/// One indicator: what it is, and where it stands for an organisation in a year.
#[derive(Debug, Serialize)]
struct OneObject {
    release: ReleaseObject,
    indicator: IndicatorObject,
    definitions: Vec<DefinitionObject>,
    targets: Vec<TargetObject>,
    organisation: String,
    year: u16,
    standing: StandingObject,
}

pub(super) async fn list(
    State(app): State<App>,
    Query(question): Query<Question>,
) -> Result<Response, Problem> {
    reply::of(&app, question, |visit, _| {
        let published = &visit.published;
        reply::json(&IndicatorsObject {
            release: ReleaseObject::of(published),
            indicators: published.plan().indicators.iter().map(IndicatorObject::of).collect(),
        })
    })
    .await
}

pub(super) async fn show(
    State(app): State<App>,
    Path(code): Path<String>,
    Query(question): Query<Question>,
) -> Result<Response, Problem> {
    reply::of(&app, question, move |visit, question| {
        let published = &visit.published;
        let year = visit.year(question.year.as_deref())?;
        let org = visit.organisation(question.org.as_deref(), year)?;
        let standing = published.standing(&code, &org.code, year);
        let standing = standing.ok_or_else(|| Problem::no_indicator(&code))?;
        let indicator = standing.indicator;
        reply::json(&OneObject {
            release: ReleaseObject::of(published),
            indicator: IndicatorObject::of(indicator),
            definitions: indicator.definitions.iter().map(DefinitionObject::of).collect(),
            targets: indicator.targets.iter().map(TargetObject::of).collect(),
            organisation: org.code.to_string(),
            year: year.number(),
            standing: StandingObject::of(&standing),
        })
    })
    .await
}
