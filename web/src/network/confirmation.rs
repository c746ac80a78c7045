//! `/account/confirm`: proving again who one is, before factors are changed.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use jiff::SignedDuration;
use network::passwords::Password;
use network::sign_in::{Compared, SignInError};
use serde::Deserialize;

use super::cookies::Cookie;
use super::forms::Guarded;
use super::sign_in::{Failure, code_of, rendered};
use super::visitor::{Caller, Visitor, encoded, way_on};
use crate::app::App;
use crate::extract::Query;
use crate::frame::Frame;
use crate::problem::Problem;
use crate::text::Text;

/// How long ago somebody may have proved who they are, to change how they prove it.
const FRESH_FOR: SignedDuration = SignedDuration::from_mins(10);

#[derive(Debug, Template)]
#[template(path = "network/confirm.html")]
struct ConfirmPage {
    t: Text,
    frame: Frame,
    csrf: String,
    next: String,
    has_authenticator: bool,
    fault: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    next: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct ConfirmForm {
    #[serde(default)]
    password: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    next: String,
}

/// Where to prove it first, when that is too long ago.
pub(super) fn needed(app: &App, visitor: &Visitor) -> Option<Response> {
    if app.now().duration_since(visitor.session.authenticated_at) <= FRESH_FOR {
        return None;
    }
    let to = format!("/account/confirm?next={}", encoded("/account"));
    Some(Redirect::to(&Text::new(visitor.address.lang).href(&to)).into_response())
}

/// Compares the visitor's own password, counting like a sign-in; in words what was wrong with it.
pub(super) async fn compared(
    app: &App,
    visitor: &Visitor,
    caller: &Caller,
    password: String,
) -> Result<Result<(), String>, Problem> {
    let t = Text::new(visitor.address.lang);
    let proof = prove(app, visitor, caller, password).await;
    let checked = match proof {
        Ok(compared) => app
            .desk()
            .check_own(visitor.account.id, compared, app.now())
            .await
            .map_err(Failure::from),
        Err(failure) => Err(failure),
    };
    match checked {
        Ok(()) => Ok(Ok(())),
        Err(failure) => failure.fault(app, t).map(Err),
    }
}

async fn prove(
    app: &App,
    visitor: &Visitor,
    caller: &Caller,
    password: String,
) -> Result<Compared, Failure> {
    let (desk, login) = (app.desk(), visitor.account.login.as_str());
    let admitted = desk.admit(login, &caller.at_the_desk(), app.now()).await?;
    let (cost, password, mut entropy) = (desk.cost, Password::new(password), app.entropy());
    let compared = app.hashing(move || admitted.compare(&password, cost, &mut *entropy)).await;
    Ok(compared.map_err(Failure::Problem)??)
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    page(&app, &visitor, &asked.next, None).await
}

async fn page(
    app: &App,
    visitor: &Visitor,
    next: &str,
    fault: Option<String>,
) -> Result<Response, Problem> {
    let factors = app.desk().factors(visitor.account.id).await.map_err(|it| Problem::ours(&it))?;
    let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = ConfirmPage {
        t: Text::new(visitor.address.lang),
        frame: visitor.frame(app),
        csrf: visitor.csrf.clone(),
        next: way_on(next).to_owned(),
        has_authenticator: factors.authenticator,
        fault,
    };
    rendered(status, &page)
}

pub(super) async fn confirm(
    State(app): State<App>,
    visitor: Visitor,
    Guarded { form, caller }: Guarded<ConfirmForm>,
) -> Result<Response, Problem> {
    let t = Text::new(visitor.address.lang);
    let ConfirmForm { password, code, next } = form;
    let proved = async {
        let compared = prove(&app, &visitor, &caller, password).await?;
        let code = (!code.trim().is_empty()).then(|| code_of(&code));
        let (at, mut entropy) = (app.now(), app.entropy());
        let desk = app.desk();
        let token =
            desk.prove_again(&visitor.session, compared, code.as_ref(), at, &mut *entropy).await;
        Ok::<_, Failure>(token?)
    };
    match proved.await {
        Ok(token) => {
            let cookie = AppendHeaders([Cookie::Session.set(&token, caller.secure)]);
            Ok((cookie, Redirect::to(&t.href(way_on(&next)))).into_response())
        }
        Err(Failure::SignIn(SignInError::NotUnderWay)) => {
            Ok(Redirect::to(&t.href("/sign-in")).into_response())
        }
        Err(failure) => {
            let fault = failure.fault(&app, t)?;
            page(&app, &visitor, &next, Some(fault)).await
        }
    }
}
