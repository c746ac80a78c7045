//! What persons ask about what is kept of them: `/account/requests` to ask, `/requests` to decide.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use network::accounts;
use network::audit::Actor;
use network::grants::{Authority, Holdings};
use network::personal::Reading;
use network::purpose::Purpose;
use network::retention::{self, Asked, Decision, Request, RequestError, RequestKind};
use network::roles::Permission;
use serde::Deserialize;

use super::confirmation;
use super::forms::Guarded;
use super::powers::needing;
use super::sign_in::rendered;
use super::start::home;
use super::visitor::Visitor;
use crate::app::App;
use crate::frame::Frame;
use crate::instant::Instant;
use crate::problem::{Kind, Problem};
use crate::text::Text;

/// How many requests a page shows.
const AT_ONCE: u32 = 100;

#[derive(Debug, Template)]
#[template(path = "network/own_requests.html")]
struct OwnRequestsPage {
    t: Text,
    frame: Frame,
    csrf: String,
    name: String,
    lines: Vec<Line>,
    fault: Option<String>,
    /// That a request is for all accounts of the person, when there is more than one.
    all: Option<String>,
}

#[derive(Debug, Template)]
#[template(path = "network/requests.html")]
struct RequestsPage {
    t: Text,
    frame: Frame,
    csrf: String,
    lines: Vec<AskedLine>,
    fault: Option<String>,
}

#[derive(Debug)]
struct Line {
    id: String,
    kind: String,
    home: String,
    asked: Instant,
    state: String,
    reason: Option<String>,
    is_held: bool,
    is_open: bool,
}

#[derive(Debug)]
struct AskedLine {
    request: Line,
    name: String,
    corrected: Option<String>,
    /// That the decision is for all accounts of the person, when there is more than one.
    all: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct AskForm {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    name: String,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct DecideForm {
    #[serde(default)]
    request: String,
    #[serde(default)]
    decision: String,
    #[serde(default)]
    reason: String,
}

pub(super) async fn show_own(
    State(app): State<App>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    own_page(&app, &visitor, None).await
}

pub(super) async fn ask(
    State(app): State<App>,
    visitor: Visitor,
    Guarded { form, .. }: Guarded<AskForm>,
) -> Result<Response, Problem> {
    if let Some(first) = confirmation::needed(&app, &visitor) {
        return Ok(first);
    }
    let t = Text::new(visitor.address.lang);
    let kind = match form.kind.as_str() {
        "delete" => RequestKind::Delete,
        "correct_name" => match form.name.parse() {
            Ok(name) => RequestKind::CorrectName(name),
            Err(_) => return own_page(&app, &visitor, Some(t.get("accounts-no-name"))).await,
        },
        _ => return Err(Problem::new(Kind::NotAQuestion, "kind")),
    };
    let (account, mut entropy) = (&visitor.account, app.entropy());
    let (by, at) = (Actor::Account(account.id), app.now());
    let (person, home) = (account.person, &account.home);
    let asked = retention::ask(app.store(), by, person, &kind, home, at, &mut *entropy).await;
    match asked {
        Ok(_) => Ok(Redirect::to(&t.href("/account/requests")).into_response()),
        Err(error) => own_page(&app, &visitor, Some(t.get(worded(&error)?))).await,
    }
}

pub(super) async fn show(State(app): State<App>, visitor: Visitor) -> Result<Response, Problem> {
    let held = needing(&app, &visitor, Permission::DecideRequests).await?;
    page(&app, &visitor, &held, None).await
}

pub(super) async fn decide(
    State(app): State<App>,
    visitor: Visitor,
    Guarded { form, .. }: Guarded<DecideForm>,
) -> Result<Response, Problem> {
    let held = needing(&app, &visitor, Permission::DecideRequests).await?;
    let t = Text::new(visitor.address.lang);
    let wrong = |name: &str| Problem::new(Kind::NotAQuestion, name);
    let request = form.request.parse().map_err(|_| wrong("request"))?;
    let decision = Decision::parse(&form.decision).ok_or_else(|| wrong("decision"))?;
    let by = Authority::of(visitor.account.id, &app.surroundings().roles);
    let (reason, at) = (form.reason.as_str(), app.now());
    let decided = retention::decide(app.store(), by, request, decision, reason, at).await;
    match decided {
        Ok(()) => Ok(Redirect::to(&t.href("/requests")).into_response()),
        Err(error) => page(&app, &visitor, &held, Some(t.get(worded(&error)?))).await,
    }
}

/// Key of the words for what stands against it.
fn worded(error: &RequestError) -> Result<&'static str, Problem> {
    match error {
        RequestError::Open => Ok("requests-open-already"),
        RequestError::NotOpen => Ok("requests-not-open"),
        RequestError::Oneself => Ok("requests-oneself"),
        RequestError::Reason => Ok("grant-refused-reason"),
        RequestError::Store(_) => Err(Problem::ours(error)),
    }
}

async fn own_page(
    app: &App,
    visitor: &Visitor,
    fault: Option<String>,
) -> Result<Response, Problem> {
    let t = Text::new(visitor.address.lang);
    let requests = retention::requests_of(app.store(), visitor.account.person).await;
    let requests = requests.map_err(|it| Problem::ours(&it))?;
    let accounts = accounts::of_person(app.store(), visitor.account.person).await;
    let accounts = accounts.map_err(|it| Problem::ours(&it))?.len();
    let page = OwnRequestsPage {
        all: (accounts > 1).then(|| t.with("requests-own-all", "count", accounts)),
        t,
        frame: visitor.frame(app),
        csrf: visitor.csrf.clone(),
        name: visitor.account.name.as_str().to_owned(),
        lines: requests.into_iter().map(|it| line(app, t, it)).collect(),
        fault,
    };
    let status =
        if page.fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    rendered(status, &page)
}

async fn page(
    app: &App,
    visitor: &Visitor,
    held: &Holdings,
    fault: Option<String>,
) -> Result<Response, Problem> {
    let (t, roles) = (Text::new(visitor.address.lang), &app.surroundings().roles);
    let (permission, reader) = (Permission::DecideRequests, visitor.account.id);
    let purpose = held.purpose_of(roles, permission).cloned().unwrap_or(Purpose::SECURITY);
    let scope = held.scope(roles, permission);
    let reading = Reading::of(scope, reader, purpose, "request.read", app.now());
    let asked = retention::to_decide(app.store(), &reading, AT_ONCE).await;
    let asked = asked.map_err(|it| Problem::ours(&it))?;
    let asked_line = |it: Asked| AskedLine {
        request: line(app, t, it.request),
        name: it.name.unwrap_or_else(|| t.get("not-shown")),
        corrected: it.corrected,
        all: (it.accounts > 1).then(|| t.with("requests-all-accounts", "count", it.accounts)),
    };
    let page = RequestsPage {
        t,
        frame: visitor.frame(app),
        csrf: visitor.csrf.clone(),
        lines: asked.into_iter().map(asked_line).collect(),
        fault,
    };
    let status =
        if page.fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    rendered(status, &page)
}

fn line(app: &App, t: Text, it: Request) -> Line {
    let state = match (it.decision, it.ended_at) {
        (None, _) => "request-open",
        (Some(Decision::Refused), _) => "request-refused",
        (Some(Decision::Granted), None) => "request-granted",
        (Some(Decision::Granted), Some(_)) => "request-done",
    };
    Line {
        id: it.id.to_string(),
        kind: t.get(&format!("request-{}", it.kind.replace('_', "-"))),
        home: home(app, t, &it.home),
        asked: app.instant(it.asked_at),
        state: t.get(state),
        reason: it.reason,
        is_held: it.is_held,
        is_open: it.decision.is_none(),
    }
}
