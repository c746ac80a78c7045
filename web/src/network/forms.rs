//! Forms that change something: taken only from a page of this site.

use axum::Form;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, HeaderName, header};
use network::secret::{Token, same};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::cookies::Cookie;
use super::visitor::Caller;
use crate::app::App;
use crate::problem::{Kind, Problem};

/// Where a browser says that a request comes from, when it does not name an origin.
const FETCHED_FROM: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Most bytes of a form: none of ours has more.
const MOST_BYTES: usize = 128 << 10;

/// A form that came from a page of this site: its `Origin` is ours, and it brings a secret that follows from a cookie
/// that no other site can read.
///
/// Every handler of a `POST` takes one; a guard reads the source for it.
#[derive(Debug)]
pub(crate) struct Guarded<T> {
    pub(crate) form: T,
    pub(crate) caller: Caller,
}

#[derive(Deserialize)]
struct Carried<T> {
    #[serde(default)]
    csrf: String,
    #[serde(flatten)]
    form: T,
}

impl<T: DeserializeOwned> FromRequest<App> for Guarded<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Self::Rejection> {
        let caller = Caller::of(request.headers(), request.extensions(), app)?;
        let is_from_here = is_from_here(request.headers(), &app.surroundings().origin);
        let secure = caller.secure;
        let expected = csrf(request.headers(), secure);
        let (parts, body) = request.into_parts();
        let body = axum::body::to_bytes(body, MOST_BYTES).await;
        let body = body.map_err(|_| Problem::new(Kind::NotAQuestion, "form"))?;
        let request = Request::from_parts(parts, axum::body::Body::from(body));
        let Form(carried) = Form::<Carried<T>>::from_request(request, app)
            .await
            .map_err(|it| Problem::new(Kind::NotAQuestion, &it.body_text()))?;
        if !is_from_here || !expected.is_some_and(|it| same(&it, &carried.csrf)) {
            return Err(Problem::new(Kind::NotFromHere, ""));
        }
        Ok(Self { form: carried.form, caller })
    }
}

/// What a form of a page must bring: of the session, or before there is one, of the device.
pub(crate) fn csrf(headers: &HeaderMap, secure: bool) -> Option<String> {
    let session = Cookie::Session.read(headers, secure);
    session.or_else(|| Cookie::Device.read(headers, secure)).map(|it| csrf_of(&it))
}

/// What forms of pages bring that are shown to whoever has this token.
pub(crate) fn csrf_of(token: &Token) -> String {
    token.derived("form")
}

/// Whether a request was sent by a page of this site, as far as its browser says.
pub(crate) fn is_from_here(headers: &HeaderMap, origin: &str) -> bool {
    let text = |name| headers.get(name).and_then(|it| it.to_str().ok());
    match (text(header::ORIGIN), text(header::HOST)) {
        // The host that the browser asked is ours too: over a tunnel, or by another name of this machine.
        (Some(from), Some(host)) => {
            from == origin || from.split_once("://").is_some_and(|(_, it)| it == host)
        }
        (Some(from), None) => from == origin,
        (None, _) => headers.get(FETCHED_FROM).is_none_or(|it| it == "same-origin" || it == "none"),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn from_here(lines: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.insert(*name, HeaderValue::from_static(value));
        }
        is_from_here(&headers, "https://haihe.example")
    }

    #[test]
    fn asvs_3_5_1_a_form_of_another_site_is_not_from_here() {
        let host = ("host", "haihe.example");
        assert!(from_here(&[host, ("origin", "https://haihe.example")]));
        assert!(from_here(&[("host", "localhost:81"), ("origin", "http://localhost:81")]));
        assert!(from_here(&[host]));
        assert!(from_here(&[host, ("sec-fetch-site", "same-origin")]));
        for origin in ["https://evil.example", "null", "https://haihe.example.evil", ""] {
            assert!(!from_here(&[host, ("origin", origin)]), "{origin}");
        }
        assert!(!from_here(&[host, ("sec-fetch-site", "cross-site")]));
    }
}
