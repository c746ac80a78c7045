//! `/published`: what is decided and shown to everyone before it holds (公示), with how long one may object.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use casework::lists::{self, Published};
use casework::procedure::{Holder, Procedure};

use super::acting::rendered;
use super::fields::{Shown, listed};
use super::lines::Shelf;
use super::names;
use super::refusals::problem;
use super::situation::Situation;
use crate::app::App;
use crate::extract::Address;
use crate::frame::{Frame, Section};
use crate::instant::Instant;
use crate::problem::Problem;
use crate::text::Text;

#[derive(Debug, Template)]
#[template(path = "casework/published.html")]
struct PublishedPage {
    t: Text,
    frame: Frame,
    notices: Vec<Notice>,
}

/// One case while it is public.
#[derive(Debug)]
struct Notice {
    id: String,
    number: String,
    procedure: String,
    organisation: String,
    situation: Situation,
    since: Instant,
    until: Option<String>,
    shown: Vec<Shown>,
    /// Roles whose holders may object, where any may.
    objectors: Option<String>,
}

/// For everyone, signed in or not: it shows public fields only.
pub(super) async fn show(State(app): State<App>, address: Address) -> Result<Response, Problem> {
    let t = Text::new(address.lang);
    let found = lists::published(app.office()).await.map_err(|it| problem(&it))?;
    let (mut shelf, mut notices) = (Shelf::default(), Vec::with_capacity(found.len()));
    for case in found {
        let procedure = shelf.get(&app, &case.version).await?;
        notices.push(Notice::new(&app, t, &procedure, case));
    }
    let frame = Frame::new(address.lang, &address.path, Section::Published)
        .generated(app.generated().as_deref());
    rendered(StatusCode::OK, &PublishedPage { t, frame, notices })
}

impl Notice {
    fn new(app: &App, t: Text, procedure: &Procedure, case: Published) -> Self {
        let state = procedure.state(&case.state);
        let state = state.map_or_else(|| case.state.clone(), |it| t.of(&it.title).to_owned());
        Self {
            id: case.id.to_string(),
            number: case.number,
            procedure: t.of(&procedure.title).to_owned(),
            organisation: names::organisation(app, t, &case.organisation),
            situation: Situation::in_public(t, state),
            since: app.instant(case.since),
            until: case.until.map(|it| it.to_string()),
            shown: listed(app, t, procedure, &case.form, &[]),
            objectors: objectors(app, t, procedure),
        }
    }
}

/// The roles of the network whose holders may object, by their titles.
fn objectors(app: &App, t: Text, procedure: &Procedure) -> Option<String> {
    let grants: BTreeSet<&String> = procedure
        .roles
        .iter()
        .filter(|it| it.holder == Holder::Public)
        .flat_map(|it| &it.grants)
        .collect();
    let roles = app.surroundings().roles.iter();
    let titles: Vec<&str> = roles
        .filter(|it| grants.iter().any(|grant| *grant == it.code.as_str()))
        .map(|it| t.of(&it.title))
        .collect();
    (!titles.is_empty()).then(|| titles.join(if t.is_chinese() { "、" } else { ", " }))
}
