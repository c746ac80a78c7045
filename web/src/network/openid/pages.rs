//! What people see on their way to an application and back.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use network::applications::Application;
use network::openid::refusal::Stop;
use network::openid::{Claim, Request};

use crate::app::App;
use crate::extract::Address;
use crate::frame::{Frame, Section};
use crate::instant::Instant;
use crate::network::sign_in::rendered;
use crate::network::start::home;
use crate::network::visitor::Visitor;
use crate::problem::Problem;
use crate::text::{Lang, Text};

/// The application wants to see something of the person.
#[derive(Debug, Template)]
#[template(path = "network/openid/consent.html")]
struct ConsentPage {
    t: Text,
    frame: Frame,
    csrf: String,
    request: String,
    application: String,
    purpose: String,
    owner: String,
    host: String,
    /// Who is signed in.
    name: String,
    data: Vec<String>,
    offline: bool,
    holds_until: Instant,
}

/// The browser goes on to the application by itself, and a link stands there too.
#[derive(Debug, Template)]
#[template(path = "network/openid/onward.html")]
struct OnwardPage {
    t: Text,
    frame: Frame,
    href: String,
    host: String,
}

/// Why the browser stays here.
#[derive(Debug, Template)]
#[template(path = "network/openid/stop.html")]
struct StopPage {
    t: Text,
    frame: Frame,
    title: String,
    detail: String,
}

/// Whether the person wants to sign out here.
#[derive(Debug, Template)]
#[template(path = "network/openid/sign_out.html")]
struct SignOutPage {
    t: Text,
    frame: Frame,
    csrf: String,
    name: String,
    application: Option<String>,
    /// The request's query, to be looked at again.
    query: String,
}

/// The person is signed out.
#[derive(Debug, Template)]
#[template(path = "network/openid/signed_out.html")]
struct SignedOutPage {
    t: Text,
    frame: Frame,
}

fn frame(app: &App, address: &Address) -> Frame {
    // The query may hold what is nobody else's business, and says nothing in the other language.
    let path = address.path.split('?').next().unwrap_or_default();
    Frame::new(address.lang, path, Section::Desk).generated(app.generated().as_deref())
}

/// What is shown of a claim; those that only qualify another are not.
pub(in crate::network) fn shown(t: Text, claim: Claim) -> Option<String> {
    match claim {
        Claim::EmailVerified | Claim::PhoneNumberVerified | Claim::UpdatedAt => None,
        Claim::Name
        | Claim::FamilyName
        | Claim::GivenName
        | Claim::PreferredUsername
        | Claim::Locale
        | Claim::Email
        | Claim::PhoneNumber
        | Claim::Address
        | Claim::Organisation
        | Claim::Roles => Some(t.get(&format!("claim-{claim}"))),
    }
}

pub(super) fn consent(
    app: &App,
    visitor: &Visitor,
    request: &Request,
    token: &str,
) -> Result<Response, Problem> {
    let t = Text::new(visitor.address.lang);
    let Application { registration, expires_at, .. } = &request.application;
    let page = ConsentPage {
        t,
        frame: visitor.frame(app),
        csrf: visitor.csrf.clone(),
        request: token.to_owned(),
        application: t.of(&registration.name).to_owned(),
        purpose: t.of(&registration.purpose).to_owned(),
        owner: home(app, t, &registration.owner),
        host: host(request.redirect()),
        name: visitor.account.name.as_str().to_owned(),
        data: request.data.iter().filter_map(|it| shown(t, *it)).collect(),
        offline: request.is_offline(),
        holds_until: app.instant(*expires_at),
    };
    rendered(StatusCode::OK, &page)
}

pub(in crate::network) fn onward(
    app: &App,
    address: &Address,
    to: &str,
) -> Result<Response, Problem> {
    let page = OnwardPage {
        t: Text::new(address.lang),
        frame: frame(app, address),
        href: to.to_owned(),
        host: host(to),
    };
    rendered(StatusCode::OK, &page)
}

pub(super) fn stop(app: &App, address: &Address, stop: Stop) -> Result<Response, Problem> {
    let t = Text::new(address.lang);
    let key = format!("openid-stop-{}", stop.as_str());
    let page = StopPage {
        t,
        frame: frame(app, address),
        title: t.get(&key),
        detail: t.get(&format!("{key}-detail")),
    };
    rendered(StatusCode::BAD_REQUEST, &page)
}

pub(super) fn sign_out(
    app: &App,
    visitor: &Visitor,
    application: Option<&Application>,
    query: String,
) -> Result<Response, Problem> {
    let t = Text::new(visitor.address.lang);
    let page = SignOutPage {
        t,
        frame: frame(app, &visitor.address),
        csrf: visitor.csrf.clone(),
        name: visitor.account.name.as_str().to_owned(),
        application: application.map(|it| t.of(&it.registration.name).to_owned()),
        query,
    };
    rendered(StatusCode::OK, &page)
}

pub(super) fn signed_out(app: &App, address: &Address) -> Result<Response, Problem> {
    let page = SignedOutPage { t: Text::new(address.lang), frame: frame(app, address) };
    rendered(StatusCode::OK, &page)
}

/// The host of an address, so that a person sees where it leads.
fn host(address: &str) -> String {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.split(['/', '?']).next().unwrap_or_default().to_owned()
}

/// The first language of a request that there are pages in; Chinese when there is none.
pub(super) fn language(ui_locales: &[String]) -> Lang {
    let known = |it: &String| match it.split('-').next() {
        Some("zh") => Some(Lang::Zh),
        Some("en") => Some(Lang::En),
        _ => None,
    };
    ui_locales.iter().find_map(known).unwrap_or(Lang::Zh)
}

/// An address of ours in the language of a request.
pub(super) fn local(lang: Lang, path: &str) -> String {
    Text::new(lang).href(path)
}
