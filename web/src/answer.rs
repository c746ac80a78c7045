//! Around every answer: problems worded for who asked, answers kept until the next release, headers.

mod kept;

use askama::Template;
use axum::body::Body;
use axum::extract::{OriginalUri, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};

pub(crate) use self::kept::Kept;
use self::kept::{Answer, Key};
use crate::app::App;
use crate::assets;
use crate::extract::Address;
use crate::network::cookies;
use crate::pages::standing_alone::ProblemPage;
use crate::problem::Problem;
use crate::text::{Lang, Text};

/// Largest answer that is kept; a longer one is made anew each time.
const LARGEST: usize = 4 << 20;

const HEADERS: [(HeaderName, &str); 6] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
         connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=()",
    ),
];

/// Puts the headers of a guarded site on every answer.
pub(crate) async fn guarded(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Words a problem for who asked: a page for a browser, `application/problem+json` for a program.
pub(crate) async fn worded(State(app): State<App>, request: Request, next: Next) -> Response {
    let address = request
        .extensions()
        .get::<OriginalUri>()
        .map_or_else(|| request.uri().clone(), |OriginalUri(uri)| uri.clone());
    let address = Address::of(address.path_and_query().map_or("/", |it| it.as_str()));
    let (accepts_page, chinese) = (accepts_page(request.headers()), reads_chinese(&request));
    let response = next.run(request).await;
    let Some(problem) = response.extensions().get::<Problem>() else {
        return response;
    };
    let allow = response.headers().get(header::ALLOW).cloned();
    let mut worded = if accepts_page {
        let page =
            ProblemPage::new(address.lang, &address.path, app.generated().as_deref(), problem);
        let page = page.render();
        let page = page.unwrap_or_else(|_| problem.title(Text::new(address.lang)));
        (problem.kind.status(), Html(page)).into_response()
    } else {
        let lang = if chinese { Lang::Zh } else { Lang::En };
        problem.json(Text::new(lang))
    };
    let headers = worded.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static("accept, accept-language"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(allow) = allow {
        headers.insert(header::ALLOW, allow);
    }
    if worded.status() == StatusCode::UNAUTHORIZED {
        worded.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    worded
}

fn accepts_page(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|it| it.to_str().ok());
    accept.is_some_and(|it| it.contains("text/html"))
}

fn reads_chinese(request: &Request) -> bool {
    let language = request.headers().get(header::ACCEPT_LANGUAGE);
    language.and_then(|it| it.to_str().ok()).is_some_and(|it| it.trim_start().starts_with("zh"))
}

/// Pages about persons: no browser and no proxy keeps them.
pub(crate) async fn private(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Answers from what is kept of this release, and tells a browser that has the same that it has it.
pub(crate) async fn kept(State(app): State<App>, request: Request, next: Next) -> Response {
    // What somebody sees who is signed in is for nobody else.
    let is_public = !cookies::is_signed_in(request.headers());
    if !matches!(*request.method(), Method::GET | Method::HEAD) || !is_public {
        return next.run(request).await;
    }
    let edition = app.edition();
    // Weak, for the same page goes out plain and compressed.
    let etag = format!("W/\"{edition}-{}\"", *assets::VERSION);
    let key = Key::new(&request, &edition);
    let has_same = request
        .headers()
        .get(header::IF_NONE_MATCH)
        .is_some_and(|it| it.to_str().is_ok_and(|it| it.split(',').any(|it| it.trim() == etag)));
    if let Some(answer) = app.kept().get(&key) {
        return if has_same { unchanged(&etag) } else { answer.response() };
    }
    let is_head = request.method() == Method::HEAD;
    let response = next.run(request).await;
    let is_private =
        response.headers().get(header::CACHE_CONTROL).is_some_and(|it| it == "no-store");
    if response.status() != StatusCode::OK || is_head || is_private {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(body) = axum::body::to_bytes(body, usize::MAX).await else {
        return Problem::new(crate::problem::Kind::Internal, "").into_response();
    };
    if !parts.headers.contains_key(header::CACHE_CONTROL) {
        let headers = &mut parts.headers;
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if let Ok(etag) = HeaderValue::from_str(&etag) {
            headers.insert(header::ETAG, etag);
        }
    }
    // A release that came meanwhile makes this answer an old one.
    if body.len() <= LARGEST && app.edition() == edition {
        let answer = Answer { headers: parts.headers.clone(), body: body.clone() };
        app.kept().keep(key, answer);
    }
    if has_same { unchanged(&etag) } else { Response::from_parts(parts, Body::from(body)) }
}

fn unchanged(etag: &str) -> Response {
    let mut response = StatusCode::NOT_MODIFIED.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(etag) = HeaderValue::from_str(etag) {
        headers.insert(header::ETAG, etag);
    }
    response
}
