//! `/applications`: the register of applications of the own part, and registering one.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::{SignedDuration, Timestamp};
use network::applications::{self, Application, ApplicationsError};
use network::grants::{Authority, Holdings};
use network::roles::Permission;

use self::form::{Filled, FormView};
use super::forms::Guarded;
use super::powers::needing;
use super::sign_in::rendered;
use super::start::home;
use super::visitor::Visitor;
use crate::app::App;
use crate::frame::Frame;
use crate::instant::Instant;
use crate::problem::Problem;
use crate::text::Text;

pub(super) mod entry;
mod form;

/// How long a registration holds until somebody has to look at it again.
const REVIEWED_FOR: SignedDuration = SignedDuration::from_hours(24 * 365);

#[derive(Debug, Template)]
#[template(path = "network/applications.html")]
struct ApplicationsPage {
    t: Text,
    frame: Frame,
    csrf: String,
    lines: Vec<Line>,
    may_register: bool,
    form: FormView,
    faults: Vec<String>,
    /// Code and secret of an application that was just registered: the secret is shown this once.
    registered: Option<Registered>,
}

#[derive(Debug)]
struct Registered {
    code: String,
    href: String,
    secret: Option<String>,
}

#[derive(Debug)]
struct Line {
    href: String,
    name: String,
    code: String,
    owner: String,
    purpose: String,
    uses: u64,
    until: Instant,
    state: String,
}

pub(super) async fn show(State(app): State<App>, visitor: Visitor) -> Result<Response, Problem> {
    let held = needing(&app, &visitor, Permission::ReadApplications).await?;
    page(&app, &visitor, &held, Filled::new(&visitor), Vec::new(), None).await
}

pub(super) async fn register(
    State(app): State<App>,
    visitor: Visitor,
    Guarded { form, .. }: Guarded<Filled>,
) -> Result<Response, Problem> {
    let held = needing(&app, &visitor, Permission::RegisterApplications).await?;
    let t = Text::new(visitor.address.lang);
    let said =
        form.code(t).and_then(|code| Ok((form.registration(t, &visitor, &code, None)?, code)));
    let (registration, code) = match said {
        Ok(said) => said,
        Err(faults) => return page(&app, &visitor, &held, form, faults, None).await,
    };
    let by = Authority::of(visitor.account.id, &app.surroundings().roles);
    let (store, at, mut entropy) = (app.store(), app.now(), app.entropy());
    let until = next_review(at);
    let entropy = &mut *entropy;
    match applications::register(store, &code, by, &registration, until, entropy, at).await {
        Ok(it) => {
            let registered = Registered {
                href: t.href(&format!("/applications/{code}")),
                code: code.to_string(),
                secret: it.secret.map(|it| it.reveal().to_owned()),
            };
            let empty = Filled::new(&visitor);
            page(&app, &visitor, &held, empty, Vec::new(), Some(registered)).await
        }
        Err(error) => {
            let faults = worded(t, error)?;
            page(&app, &visitor, &held, form, faults, None).await
        }
    }
}

/// When somebody has to look at a registration again.
fn next_review(at: Timestamp) -> Timestamp {
    at.saturating_add(REVIEWED_FOR).unwrap_or(Timestamp::MAX)
}

/// What stands against a change, in words.
fn worded(t: Text, error: ApplicationsError) -> Result<Vec<String>, Problem> {
    let key = match error {
        ApplicationsError::Flawed(flaws) => {
            return Ok(flaws.iter().map(|it| form::worded(t, it.field, it.rule)).collect());
        }
        ApplicationsError::Taken(_) => "applications-taken",
        ApplicationsError::Ended(_) => "applications-ended",
        ApplicationsError::NoSecret(_) => "applications-no-secret",
        ApplicationsError::NotYours(_) | ApplicationsError::Unknown(_) => "applications-not-yours",
        ApplicationsError::Store(_) => return Err(Problem::ours(&error)),
    };
    Ok(vec![t.get(key)])
}

/// Key of the state of an application.
fn state(it: &Application, at: Timestamp) -> &'static str {
    if it.ended_at.is_some() {
        "applications-is-ended"
    } else if it.holds_at(at) {
        "applications-in-use"
    } else {
        "applications-run-out"
    }
}

async fn page(
    app: &App,
    visitor: &Visitor,
    held: &Holdings,
    filled: Filled,
    faults: Vec<String>,
    registered: Option<Registered>,
) -> Result<Response, Problem> {
    let ours = |it: ApplicationsError| Problem::ours(&it);
    let (t, at, roles) = (Text::new(visitor.address.lang), app.now(), &app.surroundings().roles);
    let scope = held.scope(roles, Permission::ReadApplications);
    let found = applications::within(app.store(), &scope).await.map_err(ours)?;
    let uses = applications::recent_uses(app.store(), app.today()).await.map_err(ours)?;
    let line = |it: Application| Line {
        href: t.href(&format!("/applications/{}", it.code)),
        uses: uses.get(&it.code).copied().unwrap_or_default(),
        until: app.instant(it.ended_at.unwrap_or(it.expires_at)),
        state: t.get(state(&it, at)),
        name: t.of(&it.registration.name).to_owned(),
        owner: home(app, t, &it.registration.owner),
        purpose: t.of(&it.registration.purpose).to_owned(),
        code: it.code.to_string(),
    };
    let may_manage = held.may(roles, Permission::ManageApplications);
    let page = ApplicationsPage {
        t,
        frame: visitor.frame(app),
        csrf: visitor.csrf.clone(),
        lines: found.into_iter().map(line).collect(),
        may_register: held.may(roles, Permission::RegisterApplications),
        form: FormView::new(t, roles, filled, may_manage),
        faults,
        registered,
    };
    let status =
        if page.faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    rendered(status, &page)
}
