//! Parts that somebody has in a case by name: reviewers hand in, others are given a role or lose it.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use casework::Actor;
use casework::cases::{self, Candidate, CaseError, CaseId, Refusal, Standing};
use casework::procedure::Role;
use network::{AccountId, accounts};
use serde::Deserialize;

use super::acting::actor;
use super::page::{Said, case_id, page};
use super::refusals::{problem, refused, words};
use crate::app::App;
use crate::extract::Path;
use crate::network::forms::Guarded;
use crate::network::visitor::Visitor;
use crate::problem::{Kind, Problem};
use crate::text::Text;

#[derive(Debug, Deserialize)]
pub(super) struct ReviewForm {
    #[serde(default)]
    score: String,
    #[serde(default)]
    opinion: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct RoleForm {
    role: String,
    /// Who gets it.
    #[serde(default)]
    to: String,
    /// Who loses it.
    #[serde(default)]
    from: String,
}

pub(super) async fn review(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Guarded { form, .. }: Guarded<ReviewForm>,
) -> Result<Response, Problem> {
    let id = case_id(&id)?;
    let actor = actor(&app, &visitor).await?;
    // A score that is no number is above every highest one.
    let score = form.score.trim().parse().unwrap_or(u32::MAX);
    let (at, mut entropy) = (app.now(), app.entropy());
    let opinion = form.opinion.replace("\r\n", "\n");
    let answer = cases::review(app.office(), &actor, id, score, &opinion, at, &mut *entropy).await;
    told(&app, &visitor, &actor, id, answer, "#reviews").await
}

pub(super) async fn give(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Guarded { form, .. }: Guarded<RoleForm>,
) -> Result<Response, Problem> {
    let id = case_id(&id)?;
    let actor = actor(&app, &visitor).await?;
    let (office, at, mut entropy) = (app.office(), app.now(), app.entropy());
    let named = |text: &str| -> Result<AccountId, Problem> {
        text.parse().map_err(|_| Problem::new(Kind::NotAQuestion, "account"))
    };
    let answer = if form.from.is_empty() {
        match candidate(&app, id, &form.role, named(&form.to)?).await? {
            Some(to) => cases::assign(office, &actor, id, &form.role, &to, at, &mut *entropy).await,
            None => Err(Refusal::NotAllowed(form.role).into()),
        }
    } else {
        let from = named(&form.from)?;
        cases::unassign(office, &actor, id, &form.role, from, at, &mut *entropy).await
    };
    told(&app, &visitor, &actor, id, answer, "#parts").await
}

/// Somebody who may be given a role: whoever holds one of its grants, and nobody else.
async fn candidate(
    app: &App,
    id: CaseId,
    role: &str,
    account: AccountId,
) -> Result<Option<Candidate>, Problem> {
    let procedure = cases::procedure_of(app.office(), id).await.map_err(|it| problem(&it))?;
    let procedure = procedure.ok_or_else(|| Problem::new(Kind::NoCase, ""))?;
    let Some(role) = procedure.role(role) else { return Ok(None) };
    let able = open_candidates(app, role).await?;
    Ok(able.into_iter().find(|it| it.account == account))
}

/// All who may be given a role, and whose accounts are open.
pub(super) async fn open_candidates(app: &App, role: &Role) -> Result<Vec<Candidate>, Problem> {
    let able = cases::candidates(app.office(), role, app.now()).await;
    let able = able.map_err(|it| Problem::ours(&it))?;
    let mut open = Vec::with_capacity(able.len());
    for candidate in able {
        let account = accounts::find(app.store(), candidate.account).await;
        let account = account.map_err(|it| Problem::ours(&it))?;
        if account.is_some_and(|it| it.closed_at.is_none()) {
            open.push(candidate);
        }
    }
    Ok(open)
}

/// Back to the case, or its page with what was refused.
async fn told(
    app: &App,
    visitor: &Visitor,
    actor: &Actor,
    id: CaseId,
    answer: Result<Standing, CaseError>,
    place: &str,
) -> Result<Response, Problem> {
    let t = Text::new(visitor.address.lang);
    let refusal = match answer {
        Ok(_) => {
            return Ok(Redirect::to(&t.href(&format!("/cases/{id}{place}"))).into_response());
        }
        Err(error) => refused(error)?,
    };
    let procedure = cases::procedure_of(app.office(), id).await.map_err(|it| problem(&it))?;
    let procedure = procedure.ok_or_else(|| Problem::new(Kind::NoCase, ""))?;
    let message = Some(words(t, &procedure, &refusal));
    page(app, visitor, actor, id, Said { message, ..Said::default() }).await
}
