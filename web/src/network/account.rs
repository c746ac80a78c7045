//! `/account`: the own sessions, password, second factors and passkeys.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use network::SessionId;
use network::passwords::{self, Flaw, Password, Verdict};
use network::sessions::{self, Ending};
use network::sign_in::Factors;
use network::{accounts, passkeys, totp};
use serde::Deserialize;

use super::confirmation;
use super::forms::Guarded;
use super::lines;
use super::sign_in::rendered;
use super::start::home;
use super::visitor::Visitor;
use crate::app::App;
use crate::frame::Frame;
use crate::instant::Instant;
use crate::problem::{Kind, Problem};
use crate::text::Text;

#[derive(Debug, Template)]
#[template(path = "network/account.html")]
struct AccountPage {
    t: Text,
    frame: Frame,
    csrf: String,
    name: String,
    login: String,
    home: String,
    sessions: Vec<SessionLine>,
    password_set: Option<Instant>,
    asked: String,
    faults: Vec<String>,
    factors: Factors,
    authenticator_since: Option<Instant>,
    passkeys: Vec<PasskeyLine>,
    /// What has to be done before anything else, in words.
    first: Option<String>,
    /// All accounts of the person, when there is more than this one.
    accounts: Vec<AccountLine>,
}

#[derive(Debug)]
struct AccountLine {
    login: String,
    home: String,
    opened: Instant,
    closed: Option<Instant>,
    is_own: bool,
}

#[derive(Debug)]
struct SessionLine {
    id: String,
    browser: String,
    network: String,
    opened: Instant,
    seen: Instant,
    is_own: bool,
}

#[derive(Debug)]
struct PasskeyLine {
    id: String,
    name: String,
    added: Instant,
    used: Option<Instant>,
}

pub(super) async fn show(State(app): State<App>, visitor: Visitor) -> Result<Response, Problem> {
    page(&app, &visitor, Vec::new()).await
}

/// The page, with what was wrong with a new password.
async fn page(app: &App, visitor: &Visitor, faults: Vec<String>) -> Result<Response, Problem> {
    let ours = |it: store::StoreError| Problem::ours(&it);
    let (t, store, account) = (Text::new(visitor.address.lang), app.store(), visitor.account.id);
    let session = |it: sessions::Session| SessionLine {
        id: it.id.to_string(),
        browser: lines::browser(&it.origin.agent),
        is_own: it.id == visitor.session.id,
        opened: app.instant(it.opened_at),
        seen: app.instant(it.seen_at),
        network: it.origin.network,
    };
    let passkey = |it: passkeys::Passkey| PasskeyLine {
        id: it.id,
        name: it.name,
        added: app.instant(it.added_at),
        used: it.used_at.map(|at| app.instant(at)),
    };
    let line = |it: accounts::Account| AccountLine {
        login: it.login.as_str().to_owned(),
        home: home(app, t, &it.home),
        opened: app.instant(it.opened_at),
        closed: it.closed_at.map(|at| app.instant(at)),
        is_own: it.id == account,
    };
    let all = accounts::of_person(store, visitor.account.person).await.map_err(ours)?;
    let accounts = if all.len() > 1 { all.into_iter().map(line).collect() } else { Vec::new() };
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let sessions = sessions::list(store, account, app.now()).await.map_err(ours)?;
    let kept = passwords::kept(store, account).await.map_err(ours)?;
    let page = AccountPage {
        t,
        frame: visitor.frame(app).script("passkey.js"),
        csrf: visitor.csrf.clone(),
        name: visitor.account.name.as_str().to_owned(),
        login: visitor.account.login.as_str().to_owned(),
        home: home(app, t, &visitor.account.home),
        sessions: sessions.into_iter().map(session).collect(),
        password_set: kept.map(|it| app.instant(it.set_at)),
        asked: lines::asked(t, &app.surroundings().policy),
        faults,
        factors: app.desk().factors(account).await.map_err(ours)?,
        authenticator_since: totp::since(store, account)
            .await
            .map_err(ours)?
            .map(|at| app.instant(at)),
        passkeys: passkeys::list(store, account)
            .await
            .map_err(ours)?
            .into_iter()
            .map(passkey)
            .collect(),
        first: visitor.first.map(|it| t.get(it.key())),
        accounts,
    };
    rendered(status, &page)
}

/// The page again, after something was done.
pub(super) fn back(visitor: &Visitor) -> Response {
    Redirect::to(&Text::new(visitor.address.lang).href("/account")).into_response()
}

#[derive(Debug, Deserialize)]
pub(super) struct SessionForm {
    /// The session to be ended; all but this one without it.
    #[serde(default)]
    session: String,
}

pub(super) async fn end_sessions(
    State(app): State<App>,
    visitor: Visitor,
    Guarded { form, .. }: Guarded<SessionForm>,
) -> Result<Response, Problem> {
    let (store, account, at) = (app.store(), visitor.account.id, app.now());
    let ours = |it: store::StoreError| Problem::ours(&it);
    if form.session.is_empty() {
        let own = Some(visitor.session.id);
        sessions::end_all(store, account, Ending::EndedByOwner, own, at).await.map_err(ours)?;
    } else {
        let session: Result<SessionId, _> = form.session.parse();
        let session = session.map_err(|_| Problem::new(Kind::NotAQuestion, "session"))?;
        sessions::end(store, account, session, Ending::EndedByOwner, at).await.map_err(ours)?;
    }
    Ok(back(&visitor))
}

#[derive(Debug, Deserialize)]
pub(super) struct NewPasswordForm {
    #[serde(default)]
    old: String,
    #[serde(default)]
    new: String,
    #[serde(default)]
    again: String,
}

pub(super) async fn password(
    State(app): State<App>,
    visitor: Visitor,
    Guarded { form, caller }: Guarded<NewPasswordForm>,
) -> Result<Response, Problem> {
    if let Some(first) = confirmation::needed(&app, &visitor) {
        return Ok(first);
    }
    let t = Text::new(visitor.address.lang);
    let old = confirmation::compared(&app, &visitor, &caller, form.old).await?;
    let mut faults: Vec<String> = old.err().into_iter().collect();
    if form.new != form.again {
        faults.push(t.get("password-not-the-same"));
    }
    let new = Password::new(form.new);
    faults.extend(unfit(&app, &visitor, &new).await?);
    if !faults.is_empty() {
        return page(&app, &visitor, faults).await;
    }
    let (cost, mut entropy) = (app.surroundings().cost, app.entropy());
    let phc = app.hashing(move || passwords::hash(&new, cost, &mut *entropy)).await?;
    let phc = phc.map_err(|it| Problem::ours(&it))?;
    let (policy, own) = (&app.surroundings().policy, Some(visitor.session.id));
    passwords::set(app.store(), visitor.account.id, &phc, policy, own, app.now())
        .await
        .map_err(|it| Problem::ours(&it))?;
    Ok(back(&visitor))
}

/// What keeps an account's owner from taking a new password.
async fn unfit(app: &App, visitor: &Visitor, new: &Password) -> Result<Vec<String>, Problem> {
    let (policy, cost) = (&app.surroundings().policy, app.surroundings().cost);
    let account = &visitor.account;
    let mut flaws =
        policy.flaws(new, &[account.login.as_str(), account.name.as_str(), "haihe", "海河"]);
    let former = passwords::forbidden(app.store(), account.id, policy).await;
    let former = former.map_err(|it| Problem::ours(&it))?;
    if !former.is_empty() && flaws.is_empty() {
        let new = new.clone();
        let used = app.hashing(move || {
            former
                .iter()
                .any(|it| passwords::verify(&new, it, cost).is_ok_and(|it| it != Verdict::Wrong))
        });
        if used.await? {
            flaws.push(Flaw::UsedBefore);
        }
    }
    Ok(lines::flaws(Text::new(visitor.address.lang), &flaws, policy))
}
