//! `/accounts`: accounts of the own part, and inviting to it.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use network::accounts::{AccountError, Login};
use network::administration::{AdministrationError, Guest};
use network::grants::Holdings;
use network::people::PersonName;
use network::people::list::Listed;
use network::roles::Permission;
use serde::Deserialize;

use super::forms::Guarded;
use super::lines::Choice;
use super::link::Link;
use super::powers::{administrator, needing};
use super::sign_in::rendered;
use super::start::home;
use super::visitor::{Visitor, encoded};
use crate::app::App;
use crate::extract::Query;
use crate::frame::Frame;
use crate::instant::Instant;
use crate::problem::{Kind, Problem};
use crate::text::Text;

pub(super) mod one;

/// How many accounts a page shows.
const AT_ONCE: u32 = 50;

#[derive(Debug, Template)]
#[template(path = "network/accounts.html")]
struct AccountsPage {
    t: Text,
    frame: Frame,
    csrf: String,
    search: String,
    lines: Vec<Line>,
    further: Option<String>,
    may_invite: bool,
    roles: Vec<Choice>,
    form: InviteForm,
    fault: Option<String>,
    /// The link of an invitation that was just made: it is shown this once.
    link: Option<Link>,
}

#[derive(Debug)]
struct Line {
    href: String,
    name: String,
    login: String,
    home: String,
    opened: Instant,
    closed: Option<Instant>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    search: String,
    #[serde(default)]
    after: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct InviteForm {
    #[serde(default)]
    login: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    home: String,
    #[serde(default)]
    role: String,
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let held = needing(&app, &visitor, Permission::ReadAccounts).await?;
    page(&app, &visitor, &held, asked, InviteForm::default(), None).await
}

pub(super) async fn invite(
    State(app): State<App>,
    visitor: Visitor,
    Guarded { form, .. }: Guarded<InviteForm>,
) -> Result<Response, Problem> {
    let held = needing(&app, &visitor, Permission::ManageAccounts).await?;
    let (t, asked) = (Text::new(visitor.address.lang), Asked::default());
    let guest = match guest(&form) {
        Ok(guest) => guest,
        Err(key) => {
            return page(&app, &visitor, &held, asked, form, Some(Err(t.get(key)))).await;
        }
    };
    let mut entropy = app.entropy();
    let invited = administrator(&app, &visitor, &held);
    match invited.invite(&guest, app.now(), &mut *entropy).await {
        Ok(token) => {
            let link = Link::of(&app, t, &token);
            page(&app, &visitor, &held, asked, InviteForm::default(), Some(Ok(link))).await
        }
        Err(error) => {
            let fault = t.get(worded(error)?);
            page(&app, &visitor, &held, asked, form, Some(Err(fault))).await
        }
    }
}

/// Who is to be invited, or the key of what is wrong with the form.
fn guest(form: &InviteForm) -> Result<Guest, &'static str> {
    let login: Login = form.login.parse().map_err(|_| "accounts-no-login")?;
    let name: PersonName = form.name.parse().map_err(|_| "accounts-no-name")?;
    let home = form.home.trim().parse().map_err(|_| "grant-no-organisation")?;
    let role = match form.role.as_str() {
        "" => None,
        role => Some(role.parse().map_err(|_| "grant-not-chosen")?),
    };
    Ok(Guest { login, name, home, role })
}

/// Key of the words for what stands against something.
pub(super) fn worded(error: AdministrationError) -> Result<&'static str, Problem> {
    Ok(match error {
        AdministrationError::NotYours | AdministrationError::Account(AccountError::NoAccount) => {
            "accounts-not-yours"
        }
        AdministrationError::NotYourOrganisation => "grant-no-organisation",
        AdministrationError::NotYoursToGive => "accounts-not-yours-to-give",
        AdministrationError::HoldsMore => "accounts-holds-more",
        AdministrationError::Unguarded => "accounts-unguarded",
        AdministrationError::MayMore => "accounts-may-more",
        AdministrationError::Oneself => "accounts-oneself",
        AdministrationError::NoInvitation => "invitations-no-invitation",
        AdministrationError::NoRequest => "identities-no-request",
        AdministrationError::IdentityTaken => "identities-taken",
        AdministrationError::Account(AccountError::LoginTaken) => "accounts-login-taken",
        AdministrationError::Account(AccountError::Store(error))
        | AdministrationError::Store(error) => return Err(Problem::ours(&error)),
    })
}

/// The list; `done`: the link of a new invitation, or what stood against it.
async fn page(
    app: &App,
    visitor: &Visitor,
    held: &Holdings,
    asked: Asked,
    mut form: InviteForm,
    done: Option<Result<Link, String>>,
) -> Result<Response, Problem> {
    let (t, roles) = (Text::new(visitor.address.lang), &app.surroundings().roles);
    let after = match asked.after.as_str() {
        "" => None,
        text => Some(text.parse().map_err(|_| Problem::new(Kind::NotAQuestion, "after"))?),
    };
    let listing = administrator(app, visitor, held);
    let listed = listing.list(&asked.search, after, AT_ONCE, app.now()).await;
    let listed = listed.map_err(|it| Problem::ours(&it))?;
    let is_whole = usize::try_from(AT_ONCE).is_ok_and(|it| listed.len() >= it);
    let last = listed.last().filter(|_| is_whole).map(|it| it.account);
    if form.home.is_empty() {
        form.home = visitor.account.home.as_str().to_owned();
    }
    let (link, fault) = match done {
        None => (None, None),
        Some(Ok(link)) => (Some(link), None),
        Some(Err(fault)) => (None, Some(fault)),
    };
    let page = AccountsPage {
        t,
        frame: visitor.frame(app),
        csrf: visitor.csrf.clone(),
        further: last
            .map(|it| t.href(&format!("/accounts?search={}&after={it}", encoded(&asked.search)))),
        search: asked.search,
        lines: listed.into_iter().map(|it| line(app, t, it)).collect(),
        may_invite: held.may(roles, Permission::ManageAccounts),
        roles: Choice::of_roles(t, held.giveable(roles), &form.role),
        form,
        fault,
        link,
    };
    let status =
        if page.fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    rendered(status, &page)
}

fn line(app: &App, t: Text, it: Listed) -> Line {
    let hidden = || t.get("not-shown");
    Line {
        href: t.href(&format!("/accounts/{}", it.account)),
        name: it.name.unwrap_or_else(hidden),
        login: it.login.unwrap_or_else(hidden),
        home: home(app, t, &it.home),
        opened: app.instant(it.opened_at),
        closed: it.closed_at.map(|at| app.instant(at)),
    }
}
