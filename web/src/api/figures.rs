//! `/api/v1/figures`: one indicator of every organisation of a level.

use std::collections::BTreeSet;

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
    let object = FiguresObject::of(published, code, level, &years);
    let mut object = object.ok_or_else(|| Problem::no_indicator(code))?;
    if object.rows.is_empty() {
        let levels = published.levels_with(code, &years);
        return Err(Problem::instead(Kind::NoLevel, level, &levels));
    }
    if let Some(within) = question.within.as_deref() {
        let inside = inside(visit, within, &years)?;
        object.rows.retain(|it| inside.contains(&(it.figure.year, it.code.clone())));
    }
    Ok(object)
}

/// Every organisation that was `within` or below it, by year.
fn inside(visit: &Visit, within: &str, years: &[Year]) -> Result<BTreeSet<(u16, String)>, Problem> {
    let within: OrgCode = within.parse().map_err(|_| Problem::no_organisation(within))?;
    let mut inside = BTreeSet::new();
    for year in years {
        let tree = visit.published.tree(*year);
        let codes = tree.iter().map(|it| &it.organisation.code);
        let found = codes.filter(|it| tree.is_within(it, &within));
        inside.extend(found.map(|it| (year.number(), it.to_string())));
    }
    if inside.is_empty() { Err(Problem::no_organisation(within.as_str())) } else { Ok(inside) }
}

fn table_of(visit: &Visit, question: &Question) -> Result<Response, Problem> {
    let object = object(visit, question)?;
    let year = question.year.as_deref().map(|it| format!("-{it}")).unwrap_or_default();
    let name = format!("{}-{}{year}", object.indicator.code, object.level);
    Ok(reply::csv(question, &name, &table::figures(&object)))
}
