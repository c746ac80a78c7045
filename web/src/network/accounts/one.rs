//! `/accounts/…`: one account of the own part, and what its administrator may do to it.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use network::grants::{self, Grant, Holdings};
use network::people::list::Listed;
use network::roles::Permission;
use network::sign_in::standing;
use network::{AccountId, sessions};
use serde::Deserialize;

use super::worded;
use crate::app::App;
use crate::extract::Path;
use crate::frame::Frame;
use crate::instant::Instant;
use crate::network::forms::Guarded;
use crate::network::link::Link;
use crate::network::powers::{administrator, needing};
use crate::network::sign_in::rendered;
use crate::network::start::home;
use crate::network::visitor::Visitor;
use crate::problem::Problem;
use crate::text::Text;

#[derive(Debug, Template)]
#[template(path = "network/one_account.html")]
struct OneAccountPage {
    t: Text,
    frame: Frame,
    csrf: String,
    id: String,
    name: String,
    login: String,
    home: String,
    opened: Instant,
    closed: Option<Instant>,
    password_set: Option<Instant>,
    has_second_factor: bool,
    sessions: usize,
    /// Role, organisation and purpose of what is held in the visitor's own part.
    held: Vec<(String, String, String)>,
    is_own: bool,
    may_manage: bool,
    may_end_sessions: bool,
    fault: Option<String>,
    /// The link that sets a new password: it is shown this once.
    link: Option<Link>,
}

#[derive(Debug, Default, Deserialize)]
pub(in crate::network) struct DeedForm {
    #[serde(default)]
    deed: String,
}

pub(in crate::network) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let held = needing(&app, &visitor, Permission::ReadAccounts).await?;
    page(&app, &visitor, &held, &id, None).await
}

pub(in crate::network) async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Guarded { form, .. }: Guarded<DeedForm>,
) -> Result<Response, Problem> {
    let held = needing(&app, &visitor, Permission::ReadAccounts).await?;
    let account: AccountId = id.parse().map_err(|_| Problem::not_found(&visitor.address.path))?;
    let (it, at, mut entropy) = (administrator(&app, &visitor, &held), app.now(), app.entropy());
    let done = match form.deed.as_str() {
        "close" => it.close(account, at).await.map(|()| None),
        "reopen" => it.reopen(account, at).await.map(|()| None),
        "end-sessions" => it.end_sessions(account, at).await.map(|()| None),
        "reset" => it.reset(account, false, at, &mut *entropy).await.map(Some),
        "reset-all" => it.reset(account, true, at, &mut *entropy).await.map(Some),
        _ => return page(&app, &visitor, &held, &id, None).await,
    };
    let t = Text::new(visitor.address.lang);
    match done {
        Ok(None) => Ok(Redirect::to(&t.href(&format!("/accounts/{account}"))).into_response()),
        Ok(Some(token)) => {
            let link = Link::of(&app, t, &token);
            page(&app, &visitor, &held, &id, Some(Ok(link))).await
        }
        Err(error) => {
            let fault = t.get(worded(error)?);
            page(&app, &visitor, &held, &id, Some(Err(fault))).await
        }
    }
}

/// The account's page; `done`: a link for its owner, or what stood against what was asked for.
async fn page(
    app: &App,
    visitor: &Visitor,
    held: &Holdings,
    id: &str,
    done: Option<Result<Link, String>>,
) -> Result<Response, Problem> {
    let ours = |it: store::StoreError| Problem::ours(&it);
    let not_found = || Problem::not_found(&visitor.address.path);
    let (t, at, roles) = (Text::new(visitor.address.lang), app.now(), &app.surroundings().roles);
    let account: AccountId = id.parse().map_err(|_| not_found())?;
    let found = administrator(app, visitor, held).find(account, at).await.map_err(ours)?;
    // Whether there is such an account elsewhere is nobody's business here.
    let Listed { name, login, home: at_home, opened_at, closed_at, .. } =
        found.ok_or_else(not_found)?;
    let standing = standing(app.store(), account).await.map_err(ours)?;
    let sessions = sessions::list(app.store(), account, at).await.map_err(ours)?;
    let seen = held.scope(roles, Permission::ReadGrants);
    let theirs = grants::held(app.store(), account, at).await.map_err(ours)?;
    let line = |it: &Grant| {
        let role = roles.get(&it.role);
        let purpose = roles.purpose(&it.purpose);
        (
            role.map_or_else(|| it.role.to_string(), |it| t.of(&it.title).to_owned()),
            home(app, t, &it.organisation),
            purpose.map_or_else(|| it.purpose.to_string(), |it| t.of(&it.title).to_owned()),
        )
    };
    let (link, fault) = match done {
        None => (None, None),
        Some(Ok(link)) => (Some(link), None),
        Some(Err(fault)) => (None, Some(fault)),
    };
    let hidden = || t.get("not-shown");
    let page = OneAccountPage {
        t,
        frame: visitor.frame(app),
        csrf: visitor.csrf.clone(),
        id: account.to_string(),
        name: name.unwrap_or_else(hidden),
        login: login.unwrap_or_else(hidden),
        home: home(app, t, &at_home),
        opened: app.instant(opened_at),
        closed: closed_at.map(|at| app.instant(at)),
        password_set: standing.password_set_at.map(|at| app.instant(at)),
        has_second_factor: standing.has_second_factor,
        sessions: sessions.len(),
        held: theirs.grants().iter().filter(|it| seen.holds(&it.path)).map(line).collect(),
        is_own: account == visitor.account.id,
        may_manage: held.may(roles, Permission::ManageAccounts),
        may_end_sessions: held.may(roles, Permission::EndSessions),
        fault,
        link,
    };
    let status =
        if page.fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    rendered(status, &page)
}
