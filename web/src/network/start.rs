//! `/start`: what somebody finds after signing in.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use network::applications::{self, Application, ApplicationsError, Registration};
use network::grants::{self, Grant};
use network::passwords;
use network::roles::Permission;

use super::sign_in::rendered;
use super::visitor::Visitor;
use crate::app::App;
use crate::casework::inbox::{self, Waiting};
use crate::frame::Frame;
use crate::instant::Instant;
use crate::problem::Problem;
use crate::text::Text;

#[derive(Debug, Template)]
#[template(path = "network/start.html")]
struct StartPage {
    t: Text,
    frame: Frame,
    name: String,
    login: String,
    home: String,
    signed_in: Instant,
    roles: Vec<RoleLine>,
    tasks: Waiting,
    /// Where to go with what is held: path, key of the title, key of what is there.
    desks: Vec<(&'static str, &'static str, &'static str)>,
    /// What should be done about the own account.
    notice: Option<String>,
    tiles: Vec<Tile>,
}

/// An application that somebody may use.
#[derive(Debug)]
struct Tile {
    name: String,
    purpose: String,
    href: String,
    /// How often people signed in to it in the last 30 days.
    uses: Option<String>,
}

/// A role that somebody holds.
#[derive(Debug)]
struct RoleLine {
    title: String,
    about: String,
    place: String,
    until: Option<Instant>,
}

/// Pages for those who hold a permission.
const DESKS: [(Permission, (&str, &str, &str)); 8] = [
    (Permission::ReadAccounts, ("/accounts", "accounts", "accounts-about")),
    (Permission::ReadAccounts, ("/invitations", "invitations", "invitations-about")),
    (Permission::ManageAccounts, ("/identities", "identities", "identities-about")),
    (Permission::ReadGrants, ("/grants", "grants", "grants-about")),
    (Permission::ReadApplications, ("/applications", "applications", "applications-about")),
    (Permission::DecideRequests, ("/requests", "requests", "requests-about")),
    (Permission::SetHolds, ("/holds", "holds", "holds-about")),
    (Permission::ReadAudit, ("/audit", "audit", "audit-about")),
];

pub(super) async fn show(State(app): State<App>, visitor: Visitor) -> Result<Response, Problem> {
    let t = Text::new(visitor.address.lang);
    let factors = app.desk().factors(visitor.account.id).await.map_err(|it| Problem::ours(&it))?;
    let kept = passwords::kept(app.store(), visitor.account.id).await;
    let kept = kept.map_err(|it| Problem::ours(&it))?;
    let has_run_out =
        kept.is_some_and(|it| app.surroundings().policy.has_run_out(it.set_at, app.now()));
    let notice = if has_run_out {
        Some(t.get("start-password-ran-out"))
    } else {
        (!factors.any()).then(|| t.get("start-no-second-factor"))
    };
    let held = grants::held(app.store(), visitor.account.id, app.now()).await;
    let held = held.map_err(|it| Problem::ours(&it))?;
    let line = |it: &Grant| {
        let role = app.surroundings().roles.get(&it.role)?;
        Some(RoleLine {
            title: t.of(&role.title).to_owned(),
            about: t.of(&role.about).to_owned(),
            place: home(&app, t, &it.organisation),
            until: it.end().map(|at| app.instant(at)),
        })
    };
    let tiles = tiles(&app, t, &visitor).await.map_err(|it| Problem::ours(&it))?;
    let tasks = inbox::waiting(&app, &visitor).await?;
    let may = |it: &Permission| held.may(&app.surroundings().roles, *it);
    let desks = DESKS.iter().filter(|it| may(&it.0)).map(|it| it.1);
    let page = StartPage {
        tasks,
        desks: desks.collect(),
        roles: held.grants().iter().filter_map(line).collect(),
        t,
        frame: visitor.frame(&app),
        name: visitor.account.name.as_str().to_owned(),
        login: visitor.account.login.as_str().to_owned(),
        home: home(&app, t, &visitor.account.home),
        signed_in: app.instant(visitor.session.authenticated_at),
        notice,
        tiles,
    };
    rendered(StatusCode::OK, &page)
}

/// The applications that somebody may use and that have a page of their own.
async fn tiles(app: &App, t: Text, visitor: &Visitor) -> Result<Vec<Tile>, ApplicationsError> {
    let uses = applications::recent_uses(app.store(), app.today()).await?;
    let usable = applications::usable(app.store(), visitor.account.id, app.now()).await?;
    let tile = |it: Application| {
        let uses = uses.get(&it.code);
        let Registration { name, purpose, home, .. } = it.registration;
        Some(Tile {
            name: t.of(&name).to_owned(),
            purpose: t.of(&purpose).to_owned(),
            href: home?,
            uses: uses.map(|it| {
                t.count("start-application-uses", usize::try_from(*it).unwrap_or(usize::MAX))
            }),
        })
    };
    Ok(usable.into_iter().filter_map(tile).collect())
}

/// Name of the organisation that looks after an account, as the release in force knows it; its code before that.
pub(crate) fn home(app: &App, t: Text, code: &model::OrgCode) -> String {
    let published = app.current();
    let named = published.and_then(|it| it.organisation(code, it.latest_year()));
    named.map_or_else(|| code.as_str().to_owned(), |it| t.of(&it.name).to_owned())
}
