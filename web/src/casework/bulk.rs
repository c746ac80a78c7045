//! One step in many cases, each decided by itself: what is refused in one keeps no other from it.

use axum::extract::State;
use axum::response::Response;
use casework::Actor;
use casework::cases::{self, Asked, CaseId};

use super::acting::actor;
use super::filled::Filled;
use super::list::{self, Bulk, page};
use super::page::case_id;
use super::refusals::{problem, refused, words};
use crate::app::App;
use crate::network::uploads::GuardedParts;
use crate::network::visitor::Visitor;
use crate::problem::{Kind, Problem};
use crate::text::Text;

/// Most cases at once.
const MOST: usize = 200;

pub(super) async fn take(
    State(app): State<App>,
    visitor: Visitor,
    GuardedParts { filled, .. }: GuardedParts,
) -> Result<Response, Problem> {
    let actor = actor(&app, &visitor).await?;
    let t = Text::new(visitor.address.lang);
    let step = filled.one("step").to_owned();
    let mut bulk = Bulk { step: String::new(), done: 0, refused: Vec::new() };
    for text in filled.all("case").iter().take(MOST) {
        match one(&app, t, &actor, case_id(text)?, &step, &filled).await? {
            (title, Ok(())) => {
                bulk.done += 1;
                bulk.step = title;
            }
            (title, Err((number, why))) => {
                bulk.step = title;
                bulk.refused.push((number, why));
            }
        }
    }
    let asked = list::Asked {
        procedure: filled.one("procedure").to_owned(),
        state: filled.one("state").to_owned(),
        org: filled.one("org").to_owned(),
        q: filled.one("q").to_owned(),
        only: filled.one("only").to_owned(),
        ..list::Asked::default()
    };
    page(&app, &visitor, &actor, asked, Some(bulk)).await
}

/// Title of the step; number of the case with the reason where it was not taken.
type Taken = (String, Result<(), (String, String)>);

async fn one(
    app: &App,
    t: Text,
    actor: &Actor,
    id: CaseId,
    step: &str,
    filled: &Filled,
) -> Result<Taken, Problem> {
    let (office, at) = (app.office(), app.now());
    let open = cases::get(office, actor, id, at).await.map_err(|it| problem(&it))?;
    let transition = list::many(&open.procedure, actor).find(|it| it.name == step);
    let Some(transition) = transition else {
        return Err(Problem::new(Kind::NotAQuestion, "step"));
    };
    let title = t.of(&transition.title).to_owned();
    let asked = Asked {
        step: step.to_owned(),
        revision: open.case.revision,
        note: filled.one("note").replace("\r\n", "\n"),
        ..Asked::default()
    };
    let mut entropy = app.entropy();
    match cases::step(office, actor, id, &asked, at, &mut *entropy).await {
        Ok(_) => Ok((title, Ok(()))),
        Err(error) => {
            let why = words(t, &open.procedure, &refused(error)?);
            Ok((title, Err((open.case.number, why))))
        }
    }
}
