//! `/account/access`: who looked at what is kept of oneself, and why they may.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use network::{accounts, audit};
use serde::Deserialize;

use super::powers::held;
use super::sign_in::rendered;
use super::visitor::Visitor;
use crate::app::App;
use crate::extract::Query;
use crate::frame::Frame;
use crate::problem::Problem;
use crate::text::Text;

/// How many entries the page shows.
const AT_ONCE: u32 = 100;

#[derive(Debug, Template)]
#[template(path = "network/access.html")]
struct AccessPage {
    t: Text,
    frame: Frame,
    lines: Vec<super::audit::EntryLine>,
    further: Option<String>,
    /// Role, organisation and purpose of what one holds oneself.
    held: Vec<(String, String, String)>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct AccessAsked {
    before: Option<i64>,
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<AccessAsked>,
) -> Result<Response, Problem> {
    let ours = |it: store::StoreError| Problem::ours(&it);
    let (t, roles) = (Text::new(visitor.address.lang), &app.surroundings().roles);
    let person = visitor.account.person;
    let entries =
        audit::concerning(app.store(), person, asked.before, AT_ONCE).await.map_err(ours)?;
    let is_whole = usize::try_from(AT_ONCE).is_ok_and(|it| entries.len() >= it);
    let further = entries.last().filter(|_| is_whole);
    let further = further.map(|it| t.href(&format!("/account/access?before={}", it.sequence)));
    let names = super::audit::names(&app, t, &entries).await?;
    let mut lines = Vec::with_capacity(entries.len());
    let mut readers: BTreeMap<String, String> = BTreeMap::new();
    for it in &entries {
        let mut line = super::audit::line(&app, t, it, &names).map_err(ours)?;
        if let Some(actor) = &it.actor
            && it.actor_kind == "account"
        {
            if !readers.contains_key(actor) {
                readers.insert(actor.clone(), reader(&app, t, &visitor, actor).await?);
            }
            line.actor = readers.get(actor).cloned().unwrap_or_default();
        }
        line.action = super::audit::in_words(t, &it.action);
        lines.push(line);
    }
    let own = held(&app, &visitor).await?;
    let held = own.grants().iter().map(|it| {
        let role = roles.get(&it.role);
        let purpose = roles.purpose(&it.purpose);
        (
            role.map_or_else(|| it.role.to_string(), |it| t.of(&it.title).to_owned()),
            super::start::home(&app, t, &it.organisation),
            purpose.map_or_else(|| it.purpose.to_string(), |it| t.of(&it.title).to_owned()),
        )
    });
    let page = AccessPage { t, frame: visitor.frame(&app), lines, further, held: held.collect() };
    rendered(StatusCode::OK, &page)
}

/// Who somebody is to the person whom it concerns: oneself, or of which organisation.
async fn reader(app: &App, t: Text, visitor: &Visitor, actor: &str) -> Result<String, Problem> {
    let unknown = || t.get("actor-account");
    let Ok(account) = actor.parse() else { return Ok(unknown()) };
    if account == visitor.account.id {
        return Ok(t.get("access-yourself"));
    }
    let found = accounts::find(app.store(), account).await.map_err(|it| Problem::ours(&it))?;
    Ok(found.map_or_else(unknown, |it| super::start::home(app, t, &it.home)))
}
