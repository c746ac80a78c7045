//! `/openid/logout`: an application sends a person here to sign out (RP-Initiated Logout 1.0).

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use network::openid::logout::{self, Logout};
use network::openid::request::Parameters;
use network::sessions::{self, Ending};
use serde::Deserialize;

use super::pages::{self, language, local};
use super::reply::form;
use crate::app::App;
use crate::extract::Address;
use crate::network::cookies::Cookie;
use crate::network::forms::Guarded;
use crate::network::visitor::{Caller, MayBeVisitor, Visitor};
use crate::problem::Problem;

#[derive(Debug, Deserialize)]
pub(super) struct SignOutForm {
    #[serde(default)]
    query: String,
}

pub(super) async fn begin(
    State(app): State<App>,
    caller: Caller,
    MayBeVisitor(visitor): MayBeVisitor,
    address: Address,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    ask(&app, &caller, visitor, address, query.unwrap_or_default()).await
}

/// The same from a form of the application's. A browser sends no cookie of ours with another site's form, so it is led
/// to ask again, where the session is known.
pub(super) async fn begin_posted(_caller: Caller, headers: HeaderMap, body: String) -> Redirect {
    let is_query = |it: &String| it.bytes().all(|it| it.is_ascii_graphic());
    let query = Some(body).filter(|it| form(&headers, it).is_ok() && is_query(it));
    Redirect::to(&format!("/openid/logout?{}", query.unwrap_or_default()))
}

async fn ask(
    app: &App,
    caller: &Caller,
    visitor: Option<Visitor>,
    mut address: Address,
    query: String,
) -> Result<Response, Problem> {
    let given = Parameters::parse(&query);
    if let Some(locales) = given.get("ui_locales") {
        let locales: Vec<String> = locales.split(' ').map(str::to_owned).collect();
        address.lang = language(&locales);
    }
    let logout = read(app, visitor.as_ref(), &given).await?;
    match visitor {
        // Without a token of this very session it could be any site that sends a person here.
        Some(mut visitor) if !logout.is_of_session => {
            visitor.address.lang = address.lang;
            pages::sign_out(app, &visitor, logout.application.as_ref(), query)
        }
        Some(visitor) => {
            end(app, &visitor).await?;
            let cookie = AppendHeaders([Cookie::Session.clear(caller.secure)]);
            let answer = match &logout.redirect {
                Some(to) => Redirect::to(to).into_response(),
                None => pages::signed_out(app, &address)?,
            };
            Ok((cookie, answer).into_response())
        }
        None => match &logout.redirect {
            Some(to) => Ok(Redirect::to(to).into_response()),
            None => pages::signed_out(app, &address),
        },
    }
}

async fn read(app: &App, visitor: Option<&Visitor>, given: &Parameters) -> Result<Logout, Problem> {
    let session = visitor.map(|it| it.session.id);
    let provider = app.provider().await?;
    let logout = logout::read(app.store(), provider, given, session, app.now()).await;
    logout.map_err(|it| Problem::ours(&it))
}

async fn end(app: &App, visitor: &Visitor) -> Result<(), Problem> {
    let session = &visitor.session;
    sessions::end(app.store(), session.account, session.id, Ending::SignedOut, app.now())
        .await
        .map(|_| ())
        .map_err(|it| Problem::ours(&it))
}

/// The person wants to.
pub(super) async fn sign_out(
    State(app): State<App>,
    MayBeVisitor(visitor): MayBeVisitor,
    address: Address,
    Guarded { form, caller }: Guarded<SignOutForm>,
) -> Result<Response, Problem> {
    let logout = read(&app, visitor.as_ref(), &Parameters::parse(&form.query)).await?;
    if let Some(visitor) = &visitor {
        end(&app, visitor).await?;
    }
    let cookie = AppendHeaders([Cookie::Session.clear(caller.secure)]);
    let answer = match &logout.redirect {
        Some(to) => pages::onward(&app, &address, to)?,
        None => Redirect::to(&local(address.lang, "/sign-in")).into_response(),
    };
    Ok((cookie, answer).into_response())
}
