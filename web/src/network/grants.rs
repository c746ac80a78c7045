//! `/grants`: who holds what in the own part, giving and revoking.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use network::accounts;
use network::audit::Actor;
use network::grants::{self, Grant, GrantError, Holdings, Named, Refusal, Wanted};
use network::personal::Reading;
use network::purpose::Purpose;
use network::roles::{Permission, Reach, Role};
use serde::Deserialize;

use super::forms::Guarded;
use super::lines::Choice;
use super::powers::{administrator, needing};
use super::sign_in::rendered;
use super::start::home;
use super::visitor::Visitor;
use crate::app::App;
use crate::extract::Query;
use crate::frame::Frame;
use crate::instant::Instant;
use crate::problem::{Kind, Problem};
use crate::text::Text;

/// How many grants a page shows.
const AT_ONCE: u32 = 50;

#[derive(Debug, Template)]
#[template(path = "network/grants.html")]
struct GrantsPage {
    t: Text,
    frame: Frame,
    csrf: String,
    fault: Option<String>,
    lines: Vec<Line>,
    further: Option<String>,
    roles: Vec<Choice>,
    purposes: Vec<Choice>,
    form: GiveForm,
}

#[derive(Debug)]
struct Line {
    id: String,
    name: String,
    role: String,
    organisation: String,
    reach: String,
    purpose: String,
    reason: String,
    since: Instant,
    until: Option<Instant>,
    state: String,
    may_revoke: bool,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    before: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct GiveForm {
    #[serde(default)]
    login: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    organisation: String,
    #[serde(default)]
    reach: String,
    #[serde(default)]
    purpose: String,
    #[serde(default)]
    until: String,
    #[serde(default)]
    reason: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct RevokeForm {
    #[serde(default)]
    grant: String,
    #[serde(default)]
    reason: String,
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let held = needing(&app, &visitor, Permission::ReadGrants).await?;
    page(&app, &visitor, &held, &asked.before, None, GiveForm::default()).await
}

pub(super) async fn give(
    State(app): State<App>,
    visitor: Visitor,
    Guarded { form, .. }: Guarded<GiveForm>,
) -> Result<Response, Problem> {
    let held = needing(&app, &visitor, Permission::GiveGrants).await?;
    let t = Text::new(visitor.address.lang);
    let wanted = match wanted(&app, &visitor, &held, &form).await? {
        Ok(wanted) => wanted,
        Err(key) => {
            return page(&app, &visitor, &held, "", Some(t.get(key)), form).await;
        }
    };
    let (by, roles) = (Actor::Account(visitor.account.id), &app.surroundings().roles);
    let mut entropy = app.entropy();
    match grants::give(app.store(), roles, by, &wanted, &mut *entropy, app.now()).await {
        Ok(_) => Ok(back(t)),
        Err(GrantError::Refused(refusal)) => {
            let fault = worded(t, roles.get(&wanted.role), &refusal);
            page(&app, &visitor, &held, "", Some(fault), form).await
        }
        Err(GrantError::Store(error)) => Err(Problem::ours(&error)),
    }
}

pub(super) async fn revoke(
    State(app): State<App>,
    visitor: Visitor,
    Guarded { form, .. }: Guarded<RevokeForm>,
) -> Result<Response, Problem> {
    let held = needing(&app, &visitor, Permission::GiveGrants).await?;
    let t = Text::new(visitor.address.lang);
    let grant = form.grant.parse().map_err(|_| Problem::new(Kind::NotAQuestion, "grant"))?;
    let (by, roles) = (Actor::Account(visitor.account.id), &app.surroundings().roles);
    match grants::revoke(app.store(), roles, by, grant, &form.reason, app.now()).await {
        Ok(()) => Ok(back(t)),
        Err(GrantError::Refused(refusal)) => {
            let fault = worded(t, None, &refusal);
            page(&app, &visitor, &held, "", Some(fault), GiveForm::default()).await
        }
        Err(GrantError::Store(error)) => Err(Problem::ours(&error)),
    }
}

fn back(t: Text) -> Response {
    Redirect::to(&t.href("/grants")).into_response()
}

/// What a form asks for, or the key of what is wrong with it.
async fn wanted(
    app: &App,
    visitor: &Visitor,
    held: &Holdings,
    form: &GiveForm,
) -> Result<Result<Wanted, &'static str>, Problem> {
    let ours = |it: store::StoreError| Problem::ours(&it);
    let Ok(login) = form.login.parse() else { return Ok(Err("grant-no-account")) };
    let account = accounts::of_login(app.store(), &login).await.map_err(ours)?;
    let Some(account) = account else { return Ok(Err("grant-no-account")) };
    // Whether there is such an account elsewhere is nobody's business here.
    let seen = administrator(app, visitor, held).find(account.id, app.now()).await.map_err(ours)?;
    if seen.is_none() {
        return Ok(Err("grant-no-account"));
    }
    let (Ok(role), Some(reach), Ok(purpose)) =
        (form.role.parse(), Reach::parse(&form.reach), form.purpose.parse::<Purpose>())
    else {
        return Ok(Err("grant-not-chosen"));
    };
    let Ok(organisation) = form.organisation.trim().parse() else {
        return Ok(Err("grant-no-organisation"));
    };
    let until = match form.until.trim() {
        "" => None,
        text => match midnight_after(app, text) {
            Some(until) => Some(until),
            None => return Ok(Err("grant-not-a-day")),
        },
    };
    Ok(Ok(Wanted {
        account: account.id,
        role,
        organisation,
        reach,
        purpose,
        valid_from: app.now(),
        valid_until: until,
        reason: form.reason.clone(),
    }))
}

/// The end of a day, so that a grant holds all of its last day.
fn midnight_after(app: &App, day: &str) -> Option<Timestamp> {
    app.city_time().midnight_after(day.parse().ok()?)
}

async fn page(
    app: &App,
    visitor: &Visitor,
    held: &Holdings,
    before: &str,
    fault: Option<String>,
    mut form: GiveForm,
) -> Result<Response, Problem> {
    let (t, at, roles) = (Text::new(visitor.address.lang), app.now(), &app.surroundings().roles);
    let before = match before {
        "" => None,
        text => Some(text.parse().map_err(|_| Problem::new(Kind::NotAQuestion, "before"))?),
    };
    let reader = visitor.account.id;
    let scope = held.scope(roles, Permission::ReadGrants);
    let reading = Reading::of(scope, reader, Purpose::SECURITY, "grant.read", at);
    let named = grants::named(app.store(), &reading, before, AT_ONCE).await;
    let named = named.map_err(|it| Problem::ours(&it))?;
    let is_whole = usize::try_from(AT_ONCE).is_ok_and(|it| named.len() >= it);
    let further = named.last().filter(|_| is_whole).map(|it| it.grant.id.to_string());
    let giveable: Vec<&Role> = held.giveable(roles).collect();
    let lines = named.into_iter().map(|it| line(app, t, it, &giveable, at)).collect();
    let purposes: Vec<&Purpose> = giveable.iter().flat_map(|it| &it.purposes).collect();
    if form.organisation.is_empty() {
        form.organisation = visitor.account.home.as_str().to_owned();
    }
    let page = GrantsPage {
        t,
        frame: visitor.frame(app),
        csrf: visitor.csrf.clone(),
        lines,
        further,
        roles: Choice::of_roles(t, giveable.into_iter(), &form.role),
        purposes: roles
            .purposes()
            .filter(|it| purposes.contains(&&it.purpose))
            .map(|it| Choice {
                code: it.purpose.to_string(),
                title: t.of(&it.title).to_owned(),
                is_chosen: it.purpose.as_str() == form.purpose,
            })
            .collect(),
        form,
        fault,
    };
    let status =
        if page.fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    rendered(status, &page)
}

fn line(app: &App, t: Text, named: Named, giveable: &[&Role], at: Timestamp) -> Line {
    let roles = &app.surroundings().roles;
    let Named { grant, name } = named;
    let role = roles.get(&grant.role);
    let purpose = roles.purpose(&grant.purpose);
    Line {
        id: grant.id.to_string(),
        name: name.unwrap_or_else(|| t.get("not-shown")),
        role: role.map_or_else(|| grant.role.to_string(), |it| t.of(&it.title).to_owned()),
        organisation: home(app, t, &grant.organisation),
        reach: t.get(&format!("reach-{}", grant.reach.as_str())),
        purpose: purpose.map_or_else(|| grant.purpose.to_string(), |it| t.of(&it.title).to_owned()),
        since: app.instant(grant.valid_from),
        until: grant.end().map(|at| app.instant(at)),
        state: t.get(state(&grant, at)),
        may_revoke: !ended(&grant, at) && giveable.iter().any(|it| it.code == grant.role),
        reason: grant.reason,
    }
}

fn ended(grant: &Grant, at: Timestamp) -> bool {
    grant.end().is_some_and(|it| it <= at)
}

fn state(grant: &Grant, at: Timestamp) -> &'static str {
    if grant.revoked.is_some() {
        "grant-revoked"
    } else if ended(grant, at) {
        "grant-ended"
    } else if grant.holds(at) {
        "grant-holds"
    } else {
        "grant-not-yet"
    }
}

/// A refusal in the language of the page.
fn worded(t: Text, role: Option<&Role>, refusal: &Refusal) -> String {
    let role = role.map_or_else(String::new, |it| t.of(&it.title).to_owned());
    let (key, more) = match refusal {
        Refusal::NotSignedIn => ("grant-refused-not-signed-in", String::new()),
        Refusal::NoRole { .. } => ("grant-not-chosen", String::new()),
        Refusal::NoOrganisation { .. } => ("grant-no-organisation", String::new()),
        Refusal::Level { .. } => ("grant-refused-level", String::new()),
        Refusal::Reach { .. } => ("grant-refused-reach", String::new()),
        Refusal::Purpose { .. } => ("grant-refused-purpose", String::new()),
        Refusal::Period => ("grant-refused-period", String::new()),
        Refusal::TooLong { days, .. } => ("grant-refused-too-long", days.to_string()),
        Refusal::Reason => ("grant-refused-reason", String::new()),
        Refusal::NotYours { .. } => ("grant-refused-not-yours", String::new()),
        Refusal::MoreThanYours { .. } => ("grant-refused-more", String::new()),
        Refusal::Outlasts { .. } => ("grant-refused-outlasts", String::new()),
        Refusal::Oneself { .. } => ("grant-refused-oneself", String::new()),
        Refusal::Excluded { .. } => ("grant-refused-excluded", String::new()),
        Refusal::NoGrant => ("grant-refused-no-grant", String::new()),
    };
    t.fill(key, &[("role", role), ("more", more)])
}
