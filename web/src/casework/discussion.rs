//! `/cases/{id}/comments`: what the parties of a case say to each other.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use casework::cases;
use serde::Deserialize;

use super::acting::actor;
use super::page::{Said, case_id, page};
use super::refusals::{refused, words};
use crate::app::App;
use crate::extract::Path;
use crate::network::forms::Guarded;
use crate::network::visitor::Visitor;
use crate::problem::{Kind, Problem};
use crate::text::Text;

#[derive(Debug, Deserialize)]
pub(super) struct CommentForm {
    #[serde(default)]
    body: String,
}

pub(super) async fn say(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Guarded { form, .. }: Guarded<CommentForm>,
) -> Result<Response, Problem> {
    let id = case_id(&id)?;
    let actor = actor(&app, &visitor).await?;
    let (t, at, mut entropy) = (Text::new(visitor.address.lang), app.now(), app.entropy());
    let body = form.body.replace("\r\n", "\n");
    match cases::comment(app.office(), &actor, id, &body, at, &mut *entropy).await {
        Ok(()) => Ok(Redirect::to(&t.href(&format!("/cases/{id}#discussion"))).into_response()),
        Err(error) => {
            let refusal = refused(error)?;
            let procedure = cases::procedure_of(app.office(), id).await;
            let procedure = procedure.map_err(|it| super::refusals::problem(&it))?;
            let procedure = procedure.ok_or_else(|| Problem::new(Kind::NoCase, ""))?;
            let message = Some(words(t, &procedure, &refusal));
            page(&app, &visitor, &actor, id, Said { message, ..Said::default() }).await
        }
    }
}
