//! `/holds`: legal holds, which keep what is a person's from being deleted.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use network::accounts;
use network::grants::{Authority, Holdings};
use network::personal::Reading;
use network::purpose::Purpose;
use network::retention::{self, Held, HoldError};
use network::roles::Permission;
use serde::Deserialize;

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

/// How many holds a page shows.
const AT_ONCE: u32 = 200;

#[derive(Debug, Template)]
#[template(path = "network/holds.html")]
struct HoldsPage {
    t: Text,
    frame: Frame,
    csrf: String,
    lines: Vec<Line>,
    form: SetForm,
    fault: Option<String>,
}

#[derive(Debug)]
struct Line {
    id: String,
    name: String,
    home: String,
    reason: String,
    set: Instant,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct SetForm {
    #[serde(default)]
    login: String,
    #[serde(default)]
    reason: String,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct LiftForm {
    #[serde(default)]
    hold: String,
}

pub(super) async fn show(State(app): State<App>, visitor: Visitor) -> Result<Response, Problem> {
    let held = needing(&app, &visitor, Permission::SetHolds).await?;
    page(&app, &visitor, &held, SetForm::default(), None).await
}

pub(super) async fn set(
    State(app): State<App>,
    visitor: Visitor,
    Guarded { form, .. }: Guarded<SetForm>,
) -> Result<Response, Problem> {
    let held = needing(&app, &visitor, Permission::SetHolds).await?;
    let (t, at, mut entropy) = (Text::new(visitor.address.lang), app.now(), app.entropy());
    let account = match form.login.parse() {
        Ok(login) => accounts::of_login(app.store(), &login).await,
        Err(_) => Ok(None),
    };
    let by = Authority::of(visitor.account.id, &app.surroundings().roles);
    let done = match account.map_err(|it| Problem::ours(&it))? {
        Some(it) => retention::set(app.store(), by, it.id, &form.reason, at, &mut *entropy)
            .await
            .map(|_| ()),
        // Told like one that is elsewhere.
        None => Err(HoldError::NotYours),
    };
    match done {
        Ok(()) => Ok(Redirect::to(&t.href("/holds")).into_response()),
        Err(error) => {
            let fault = t.get(worded(&error)?);
            page(&app, &visitor, &held, form, Some(fault)).await
        }
    }
}

pub(super) async fn lift(
    State(app): State<App>,
    visitor: Visitor,
    Guarded { form, .. }: Guarded<LiftForm>,
) -> Result<Response, Problem> {
    let held = needing(&app, &visitor, Permission::SetHolds).await?;
    let t = Text::new(visitor.address.lang);
    let hold = form.hold.parse().map_err(|_| Problem::new(Kind::NotAQuestion, "hold"))?;
    let by = Authority::of(visitor.account.id, &app.surroundings().roles);
    match retention::lift(app.store(), by, hold, app.now()).await {
        Ok(()) => Ok(Redirect::to(&t.href("/holds")).into_response()),
        Err(error) => {
            let fault = t.get(worded(&error)?);
            page(&app, &visitor, &held, SetForm::default(), Some(fault)).await
        }
    }
}

/// Key of the words for what stands against it.
fn worded(error: &HoldError) -> Result<&'static str, Problem> {
    match error {
        HoldError::NotYours => Ok("grant-no-account"),
        HoldError::NoHold => Ok("holds-no-hold"),
        HoldError::Reason => Ok("grant-refused-reason"),
        HoldError::Store(_) => Err(Problem::ours(error)),
    }
}

async fn page(
    app: &App,
    visitor: &Visitor,
    held: &Holdings,
    form: SetForm,
    fault: Option<String>,
) -> Result<Response, Problem> {
    let (t, roles) = (Text::new(visitor.address.lang), &app.surroundings().roles);
    let (permission, reader) = (Permission::SetHolds, visitor.account.id);
    let purpose = held.purpose_of(roles, permission).cloned().unwrap_or(Purpose::SECURITY);
    let scope = held.scope(roles, permission);
    let reading = Reading::of(scope, reader, purpose, "hold.read", app.now());
    let found = retention::held(app.store(), &reading, AT_ONCE).await;
    let line = |it: Held| Line {
        id: it.id.to_string(),
        name: it.name.unwrap_or_else(|| t.get("not-shown")),
        home: home(app, t, &it.home),
        reason: it.reason,
        set: app.instant(it.set_at),
    };
    let page = HoldsPage {
        t,
        frame: visitor.frame(app),
        csrf: visitor.csrf.clone(),
        lines: found.map_err(|it| Problem::ours(&it))?.into_iter().map(line).collect(),
        form,
        fault,
    };
    let status =
        if page.fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    rendered(status, &page)
}
