//! `/identities`: outside identities that wait to be linked to somebody of the own part.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use network::accounts;
use network::grants::Holdings;
use network::outside::Waiting;
use network::roles::Permission;
use serde::Deserialize;

use super::accounts::worded;
use super::forms::Guarded;
use super::powers::{administrator, needing};
use super::sign_in::rendered;
use super::start::home;
use super::visitor::Visitor;
use crate::app::App;
use crate::frame::Frame;
use crate::instant::Instant;
use crate::problem::{Kind, Problem};
use crate::text::Text;

/// How many identities a page shows.
const AT_ONCE: u32 = 100;

#[derive(Debug, Template)]
#[template(path = "network/identities.html")]
struct IdentitiesPage {
    t: Text,
    frame: Frame,
    csrf: String,
    lines: Vec<Line>,
    fault: Option<String>,
}

#[derive(Debug)]
struct Line {
    id: String,
    provider: String,
    organisation: String,
    name: String,
    login: String,
    asked: Instant,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct DeedForm {
    #[serde(default)]
    request: String,
    #[serde(default)]
    deed: String,
    #[serde(default)]
    login: String,
}

pub(super) async fn show(State(app): State<App>, visitor: Visitor) -> Result<Response, Problem> {
    let held = needing(&app, &visitor, Permission::ManageAccounts).await?;
    page(&app, &visitor, &held, None).await
}

pub(super) async fn decide(
    State(app): State<App>,
    visitor: Visitor,
    Guarded { form, .. }: Guarded<DeedForm>,
) -> Result<Response, Problem> {
    let held = needing(&app, &visitor, Permission::ManageAccounts).await?;
    let t = Text::new(visitor.address.lang);
    let wrong = |name: &str| Problem::new(Kind::NotAQuestion, name);
    let request = form.request.parse().map_err(|_| wrong("request"))?;
    let (it, at) = (administrator(&app, &visitor, &held), app.now());
    let done = match form.deed.as_str() {
        "refuse" => it.refuse(request, at).await,
        "link" => {
            let account = match form.login.parse() {
                Ok(login) => accounts::of_login(app.store(), &login).await,
                Err(_) => Ok(None),
            };
            match account.map_err(|it| Problem::ours(&it))? {
                Some(account) => it.link(request, account.id, at).await,
                // Told like one that is elsewhere.
                None => Err(network::administration::AdministrationError::NotYours),
            }
        }
        _ => return Err(wrong("deed")),
    };
    match done {
        Ok(()) => Ok(Redirect::to(&t.href("/identities")).into_response()),
        Err(error) => {
            let fault = t.get(worded(error)?);
            page(&app, &visitor, &held, Some(fault)).await
        }
    }
}

async fn page(
    app: &App,
    visitor: &Visitor,
    held: &Holdings,
    fault: Option<String>,
) -> Result<Response, Problem> {
    let t = Text::new(visitor.address.lang);
    let waiting = administrator(app, visitor, held).identities(AT_ONCE, app.now()).await;
    let waiting = waiting.map_err(|it| Problem::ours(&it))?;
    let hidden = || t.get("not-shown");
    let line = |it: Waiting| Line {
        id: it.id.to_string(),
        provider: t.of(&it.provider).to_owned(),
        organisation: home(app, t, &it.organisation),
        name: it.said_name.unwrap_or_else(hidden),
        login: it.said_login.unwrap_or_else(hidden),
        asked: app.instant(it.asked_at),
    };
    let page = IdentitiesPage {
        t,
        frame: visitor.frame(app),
        csrf: visitor.csrf.clone(),
        lines: waiting.into_iter().map(line).collect(),
        fault,
    };
    let status =
        if page.fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    rendered(status, &page)
}
