//! `/cases/{id}/draft`: what the page's script keeps while somebody writes; the answer is when, by the city's clocks.

use axum::extract::State;
use casework::cases;

use super::acting::actor;
use super::page::case_id;
use super::refusals::problem;
use crate::app::App;
use crate::extract::Path;
use crate::network::uploads::GuardedParts;
use crate::network::visitor::Visitor;
use crate::problem::{Kind, Problem};

pub(super) async fn save(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    GuardedParts { filled, .. }: GuardedParts,
) -> Result<String, Problem> {
    let id = case_id(&id)?;
    let actor = actor(&app, &visitor).await?;
    let procedure = cases::procedure_of(app.office(), id).await.map_err(|it| problem(&it))?;
    let procedure = procedure.ok_or_else(|| Problem::new(Kind::NoCase, ""))?;
    let form = filled.unfinished(&app, &procedure);
    let at = app.now();
    let kept = cases::save_draft(app.office(), &actor, id, &form, at).await;
    kept.map_err(|it| problem(&it))?;
    Ok(app.instant(at).shown)
}
