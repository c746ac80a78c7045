//! Who acts in cases: the account that is signed in, with what it holds at this instant.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use casework::Actor;
use network::grants;
use network::purpose::Purpose;
use network::roles::Permission;

use crate::app::App;
use crate::frame::{Frame, Section};
use crate::network::visitor::Visitor;
use crate::problem::Problem;

/// The visitor as somebody who acts: every request asks the registry anew for what is held.
pub(super) async fn actor(app: &App, visitor: &Visitor) -> Result<Actor, Problem> {
    let (account, roles) = (&visitor.account, &app.surroundings().roles);
    let held = grants::held(app.store(), account.id, app.now()).await;
    let held = held.map_err(|it| Problem::ours(&it))?;
    let home = network::path_of(app.store(), &account.home).await;
    let home = home.map_err(|it| Problem::ours(&it))?;
    let scope = held.scope(roles, Permission::ReadCases);
    // What cases are read for is what a role that handles them was given for, whatever else is held.
    let handling = [Permission::ReadCases, Permission::ActOnCases, Permission::BeginCases];
    let purpose = handling.into_iter().find_map(|it| held.purpose_of(roles, it));
    // Whoever handles none has no cases but the own.
    let purpose = purpose.cloned().unwrap_or(Purpose::OWN);
    Ok(Actor::new(account.id, home, &held, purpose, scope))
}

/// The frame of a page of cases.
pub(super) fn frame(app: &App, visitor: &Visitor) -> Frame {
    visitor.frame(app).within(Section::Cases).script("cases.js")
}

/// A page as an answer.
pub(super) fn rendered(status: StatusCode, page: &impl Template) -> Result<Response, Problem> {
    let html = page.render().map_err(|it| Problem::ours(&it))?;
    Ok((status, Html(html)).into_response())
}
