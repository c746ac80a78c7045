//! `/invitations`: invitations to the own part that nobody has followed yet.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use network::grants::Holdings;
use network::invitations::Listed;
use network::roles::Permission;
use serde::Deserialize;

use super::accounts::worded;
use super::forms::Guarded;
use super::link::Link;
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

/// How many invitations a page shows.
const AT_ONCE: u32 = 50;

#[derive(Debug, Template)]
#[template(path = "network/invitations.html")]
struct InvitationsPage {
    t: Text,
    frame: Frame,
    csrf: String,
    lines: Vec<Line>,
    further: Option<String>,
    may_manage: bool,
    fault: Option<String>,
    /// The link of a renewed invitation: it is shown this once.
    link: Option<Link>,
}

#[derive(Debug)]
struct Line {
    id: String,
    name: String,
    login: String,
    organisation: String,
    /// What it leads to: a new account with a role, or a new password.
    leads_to: String,
    invited: Instant,
    expires: Instant,
    state: String,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    before: String,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct DeedForm {
    #[serde(default)]
    invitation: String,
    #[serde(default)]
    deed: String,
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let held = needing(&app, &visitor, Permission::ReadAccounts).await?;
    page(&app, &visitor, &held, &asked.before, None).await
}

pub(super) async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Guarded { form, .. }: Guarded<DeedForm>,
) -> Result<Response, Problem> {
    let held = needing(&app, &visitor, Permission::ManageAccounts).await?;
    let wrong = |name: &str| Problem::new(Kind::NotAQuestion, name);
    let invitation = form.invitation.parse().map_err(|_| wrong("invitation"))?;
    let (it, at, mut entropy) = (administrator(&app, &visitor, &held), app.now(), app.entropy());
    let done = match form.deed.as_str() {
        "withdraw" => it.withdraw_invitation(invitation, at).await.map(|()| None),
        "renew" => it.renew_invitation(invitation, at, &mut *entropy).await.map(Some),
        _ => return Err(wrong("deed")),
    };
    let t = Text::new(visitor.address.lang);
    match done {
        Ok(None) => Ok(Redirect::to(&t.href("/invitations")).into_response()),
        Ok(Some(token)) => {
            let link = Link::of(&app, t, &token);
            page(&app, &visitor, &held, "", Some(Ok(link))).await
        }
        Err(error) => {
            let fault = t.get(worded(error)?);
            page(&app, &visitor, &held, "", Some(Err(fault))).await
        }
    }
}

/// The list; `done`: the new link of an invitation, or what stood against what was asked for.
async fn page(
    app: &App,
    visitor: &Visitor,
    held: &Holdings,
    before: &str,
    done: Option<Result<Link, String>>,
) -> Result<Response, Problem> {
    let (t, at, roles) = (Text::new(visitor.address.lang), app.now(), &app.surroundings().roles);
    let before = match before {
        "" => None,
        text => Some(text.parse().map_err(|_| Problem::new(Kind::NotAQuestion, "before"))?),
    };
    let listed = administrator(app, visitor, held).invitations(before, AT_ONCE, at).await;
    let listed = listed.map_err(|it| Problem::ours(&it))?;
    let is_whole = usize::try_from(AT_ONCE).is_ok_and(|it| listed.len() >= it);
    let further = listed.last().filter(|_| is_whole).map(|it| it.id);
    let (link, fault) = match done {
        None => (None, None),
        Some(Ok(link)) => (Some(link), None),
        Some(Err(fault)) => (None, Some(fault)),
    };
    let page = InvitationsPage {
        t,
        frame: visitor.frame(app),
        csrf: visitor.csrf.clone(),
        lines: listed.into_iter().map(|it| line(app, t, it, at)).collect(),
        further: further.map(|it| t.href(&format!("/invitations?before={it}"))),
        may_manage: held.may(roles, Permission::ManageAccounts),
        fault,
        link,
    };
    let status =
        if page.fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    rendered(status, &page)
}

fn line(app: &App, t: Text, it: Listed, at: Timestamp) -> Line {
    let hidden = || t.get("not-shown");
    let role = it.role.as_deref().and_then(|it| it.parse().ok());
    let role = role.and_then(|it| app.surroundings().roles.get(&it));
    let leads_to = match (it.is_reset, role) {
        (true, _) => t.get("invitations-reset"),
        (false, None) => t.get("invitations-account"),
        (false, Some(role)) => t.with("invitations-role", "role", t.of(&role.title)),
    };
    let state = if it.expires_at <= at { "invitations-run-out" } else { "invitations-open" };
    Line {
        id: it.id.to_string(),
        name: it.name.unwrap_or_else(hidden),
        login: it.login.unwrap_or_else(hidden),
        organisation: home(app, t, &it.organisation),
        leads_to,
        invited: app.instant(it.invited_at),
        expires: app.instant(it.expires_at),
        state: t.get(state),
    }
}
