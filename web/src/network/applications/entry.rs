//! `/applications/…`: one application of the register, and what may be done with it.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::SignedDuration;
use network::applications::{self, Application, ApplicationCode, ApplicationsError, UseCount};
use network::grants::{Authority, Holdings};
use network::roles::Permission;

use super::form::{Filled, FormView};
use super::{next_review, state, worded};
use crate::app::App;
use crate::extract::Path;
use crate::frame::Frame;
use crate::instant::Instant;
use crate::network::forms::Guarded;
use crate::network::openid::shown;
use crate::network::powers::needing;
use crate::network::sign_in::rendered;
use crate::network::start::home;
use crate::network::visitor::Visitor;
use crate::problem::{Kind, Problem};
use crate::text::Text;

/// Of how many days, beside today, the page shows each one's sign-ins.
const DAYS: SignedDuration = SignedDuration::from_hours(24 * 13);

#[derive(Debug, Template)]
#[template(path = "network/application.html")]
struct ApplicationPage {
    t: Text,
    frame: Frame,
    csrf: String,
    code: String,
    name: String,
    purpose: String,
    owner: String,
    data: Vec<String>,
    services: Vec<String>,
    /// Titles of the roles that may use it; all when there is none.
    roles: Vec<String>,
    organisations: Vec<String>,
    registered: Instant,
    reviewed: Instant,
    until: Instant,
    state: String,
    is_ended: bool,
    has_secret: bool,
    /// Day and sign-ins, the latest day first.
    uses: Vec<(String, u32)>,
    may_change: bool,
    form: FormView,
    faults: Vec<String>,
    /// A new secret: it is shown this once.
    secret: Option<String>,
}

pub(in crate::network) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> Result<Response, Problem> {
    let held = needing(&app, &visitor, Permission::ReadApplications).await?;
    let found = find(&app, &visitor, &held, &code).await?;
    page(&app, &visitor, &held, found, None, Vec::new(), None).await
}

pub(in crate::network) async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Path(code): Path<String>,
    Guarded { form, .. }: Guarded<Filled>,
) -> Result<Response, Problem> {
    let held = needing(&app, &visitor, Permission::RegisterApplications).await?;
    let found = find(&app, &visitor, &held, &code).await?;
    let (t, store, at) = (Text::new(visitor.address.lang), app.store(), app.now());
    let by = Authority::of(visitor.account.id, &app.surroundings().roles);
    let code = found.code.clone();
    let (done, secret) = match form.text("deed") {
        "change" => {
            let before = &found.registration;
            let registration = match form.registration(t, &visitor, &code, Some(before)) {
                Ok(registration) => registration,
                Err(faults) => {
                    return page(&app, &visitor, &held, found, Some(form), faults, None).await;
                }
            };
            (applications::amend(store, &code, by, &registration, at).await, None)
        }
        "review" => (applications::review(store, &code, by, next_review(at), at).await, None),
        "end" => (applications::end(store, &code, by, at).await, None),
        "secret" => {
            let mut entropy = app.entropy();
            match applications::renew_secret(store, &code, by, &mut *entropy, at).await {
                Ok(secret) => (Ok(found.clone()), Some(secret.reveal().to_owned())),
                Err(error) => (Err(error), None),
            }
        }
        _ => return Err(Problem::new(Kind::NotAQuestion, "deed")),
    };
    match (done, secret) {
        (Ok(it), Some(secret)) => {
            page(&app, &visitor, &held, it, None, Vec::new(), Some(secret)).await
        }
        (Ok(_), None) => {
            Ok(Redirect::to(&t.href(&format!("/applications/{code}"))).into_response())
        }
        (Err(error), _) => {
            let is_change = matches!(error, ApplicationsError::Flawed(_));
            let faults = worded(t, error)?;
            let form = is_change.then_some(form);
            page(&app, &visitor, &held, found, form, faults, None).await
        }
    }
}

/// An application of the own part; whether there is one elsewhere is nobody's business here.
async fn find(
    app: &App,
    visitor: &Visitor,
    held: &Holdings,
    code: &str,
) -> Result<Application, Problem> {
    let not_found = || Problem::not_found(&visitor.address.path);
    let code: ApplicationCode = code.parse().map_err(|_| not_found())?;
    let scope = held.scope(&app.surroundings().roles, Permission::ReadApplications);
    let found = applications::get(app.store(), &scope, &code).await;
    found.map_err(|it| Problem::ours(&it))?.ok_or_else(not_found)
}

/// The application's page; `filled`: a form that is to be corrected.
async fn page(
    app: &App,
    visitor: &Visitor,
    held: &Holdings,
    it: Application,
    filled: Option<Filled>,
    faults: Vec<String>,
    secret: Option<String>,
) -> Result<Response, Problem> {
    let (t, at, roles) = (Text::new(visitor.address.lang), app.now(), &app.surroundings().roles);
    let since = app.today().saturating_sub(DAYS);
    let uses = applications::uses(app.store(), since).await.map_err(|it| Problem::ours(&it))?;
    let uses = uses.into_iter().filter(|use_| use_.application == it.code);
    let may_manage = held.may(roles, Permission::ManageApplications);
    let is_own = it.registration.owner_account == Some(visitor.account.id);
    let said = &it.registration;
    let title = |code: &String| {
        let role = code.parse().ok().and_then(|it| roles.get(&it));
        role.map_or_else(|| code.clone(), |it| t.of(&it.title).to_owned())
    };
    let page = ApplicationPage {
        t,
        frame: visitor.frame(app),
        csrf: visitor.csrf.clone(),
        code: it.code.to_string(),
        name: t.of(&said.name).to_owned(),
        purpose: t.of(&said.purpose).to_owned(),
        owner: home(app, t, &said.owner),
        data: said.data.iter().filter_map(|it| shown(t, *it)).collect(),
        services: said.services.iter().cloned().collect(),
        roles: said.roles.iter().map(title).collect(),
        organisations: said.organisations.iter().map(|it| home(app, t, it)).collect(),
        registered: app.instant(it.registered_at),
        reviewed: app.instant(it.reviewed_at),
        until: app.instant(it.ended_at.unwrap_or(it.expires_at)),
        state: t.get(state(&it, at)),
        is_ended: it.ended_at.is_some(),
        has_secret: said.authentication.has_secret(),
        uses: uses.map(|UseCount { on, uses, .. }| (on.to_string(), uses)).collect(),
        may_change: may_manage || (is_own && held.may(roles, Permission::RegisterApplications)),
        form: FormView::new(t, roles, filled.unwrap_or_else(|| Filled::of(said)), may_manage),
        faults,
        secret,
    };
    let status =
        if page.faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    rendered(status, &page)
}
