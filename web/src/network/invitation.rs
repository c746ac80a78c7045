//! `/invitations/…`: whoever follows the link chooses a password, and has an account.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use network::accounts::AccountError;
use network::invitations::{self, Invitation, InvitationError};
use network::passwords::{self, Password};
use network::secret::Token;
use serde::Deserialize;

use super::cookies::Cookie;
use super::forms::{Guarded, csrf_of};
use super::lines;
use super::sign_in::rendered;
use super::start::home;
use super::visitor::{Caller, MayBeVisitor, Visitor};
use crate::app::App;
use crate::extract::{Address, Path};
use crate::frame::{Frame, Section};
use crate::instant::Instant;
use crate::problem::Problem;
use crate::text::Text;

#[derive(Debug, Template)]
#[template(path = "network/invitation.html")]
struct InvitationPage {
    t: Text,
    frame: Frame,
    csrf: String,
    /// `None` when it is not open.
    invited: Option<InvitedLine>,
    asked: String,
    faults: Vec<String>,
    /// Who is signed in here, in words: the new account may be theirs too.
    signed_in: Option<String>,
}

/// Who is signed in, and what it means to say that the new account is theirs.
fn signed_in(t: Text, visitor: Option<&Visitor>) -> Option<String> {
    let account = &visitor?.account;
    let (name, login) = (account.name.as_str().to_owned(), account.login.as_str().to_owned());
    Some(t.fill("invitation-mine-about", &[("name", name), ("login", login)]))
}

#[derive(Debug)]
struct InvitedLine {
    token: String,
    name: String,
    login: String,
    home: String,
    expires: Instant,
    is_reset: bool,
}

#[derive(Debug, Deserialize)]
pub(super) struct AcceptForm {
    #[serde(default)]
    new: String,
    #[serde(default)]
    again: String,
    /// Whether whoever is signed in says that the account is theirs too.
    #[serde(default)]
    mine: String,
}

/// The open invitation of an address.
async fn open(app: &App, text: &str) -> Result<Option<(Token, Invitation)>, Problem> {
    let Ok(token) = text.parse() else { return Ok(None) };
    let found = invitations::find(app.store(), &token, app.now()).await;
    Ok(found.map_err(|it| Problem::ours(&it))?.map(|it| (token, it)))
}

pub(super) async fn show(
    State(app): State<App>,
    caller: Caller,
    MayBeVisitor(visitor): MayBeVisitor,
    address: Address,
    headers: axum::http::HeaderMap,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    let mut entropy = app.entropy();
    let device = caller.device.clone().unwrap_or_else(|| Token::new(&mut *entropy));
    let holder = Cookie::Session.read(&headers, caller.secure).unwrap_or_else(|| device.clone());
    let found = open(&app, &token).await?;
    let signed_in = signed_in(Text::new(address.lang), visitor.as_ref());
    let csrf = csrf_of(&holder);
    let page = page(&app, &address, csrf, found.as_ref(), signed_in, Vec::new())?;
    let cookie = AppendHeaders([Cookie::Device.set(&device, caller.secure)]);
    Ok((cookie, page).into_response())
}

fn page(
    app: &App,
    address: &Address,
    csrf: String,
    found: Option<&(Token, Invitation)>,
    signed_in: Option<String>,
    faults: Vec<String>,
) -> Result<Response, Problem> {
    let t = Text::new(address.lang);
    let line = |(token, it): &(Token, Invitation)| InvitedLine {
        token: token.reveal().to_owned(),
        name: it.invited.name.as_str().to_owned(),
        login: it.invited.login.as_str().to_owned(),
        home: home(app, t, &it.invited.organisation),
        expires: app.instant(it.expires_at),
        is_reset: it.invited.account.is_some(),
    };
    let status = match (found, faults.is_empty()) {
        (None, _) => StatusCode::NOT_FOUND,
        (Some(_), true) => StatusCode::OK,
        (Some(_), false) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let frame = Frame::new(address.lang, &address.path, Section::Desk)
        .generated(app.generated().as_deref());
    let asked = lines::asked(t, &app.surroundings().policy);
    let invited = found.map(line);
    let page = InvitationPage { t, frame, csrf, invited, asked, faults, signed_in };
    rendered(status, &page)
}

pub(super) async fn accept(
    State(app): State<App>,
    MayBeVisitor(visitor): MayBeVisitor,
    address: Address,
    headers: axum::http::HeaderMap,
    Path(token): Path<String>,
    Guarded { form, caller }: Guarded<AcceptForm>,
) -> Result<Response, Problem> {
    let t = Text::new(address.lang);
    let holder = Cookie::Session.read(&headers, caller.secure).or(caller.device);
    let csrf = holder.map(|it| csrf_of(&it)).unwrap_or_default();
    let signed_in = signed_in(t, visitor.as_ref());
    let found = open(&app, &token).await?;
    let Some((token, invitation)) = &found else {
        return page(&app, &address, csrf, None, None, Vec::new());
    };
    let (policy, cost) = (&app.surroundings().policy, app.surroundings().cost);
    let invited = &invitation.invited;
    let new = Password::new(form.new.clone());
    let context = [invited.login.as_str(), invited.name.as_str(), "haihe", "海河"];
    let mut faults = lines::flaws(t, &policy.flaws(&new, &context), policy);
    if form.new != form.again {
        faults.push(t.get("password-not-the-same"));
    }
    if !faults.is_empty() {
        return page(&app, &address, csrf, found.as_ref(), signed_in, faults);
    }
    let mut entropy = app.entropy();
    let phc = app.hashing(move || passwords::hash(&new, cost, &mut *entropy)).await?;
    let phc = phc.map_err(|it| Problem::ours(&it))?;
    let mut entropy = app.entropy();
    let (store, roles) = (app.store(), &app.surroundings().roles);
    let whose = visitor.filter(|_| !form.mine.is_empty()).map(|it| it.account.person);
    let (chosen, at) = ((phc.as_str(), policy), app.now());
    let accepted =
        invitations::accept_as(store, roles, whose, token, chosen, at, &mut *entropy).await;
    match accepted {
        Ok(_) if whose.is_some() => Ok(Redirect::to(&t.href("/account#accounts")).into_response()),
        Ok(_) => Ok(Redirect::to(&t.href("/sign-in")).into_response()),
        Err(InvitationError::NotOpen) => page(&app, &address, csrf, None, None, Vec::new()),
        Err(InvitationError::Account(AccountError::LoginTaken)) => {
            let faults = vec![t.get("invitation-login-taken")];
            page(&app, &address, csrf, found.as_ref(), signed_in, faults)
        }
        Err(error @ (InvitationError::Account(_) | InvitationError::Store(_))) => {
            Err(Problem::ours(&error))
        }
    }
}
