//! What a request asks for, with a [`Problem`] for an answer when it does not parse.

#![expect(clippy::disallowed_types, reason = "these are the wrappers the lint points at")]

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{FromRequestParts, OriginalUri};
use axum::http::request::Parts;

use crate::problem::{Kind, Problem};
use crate::text::Lang;

/// [`axum::extract::Path`], answering with a [`Problem`].
#[derive(Debug, FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(Problem))]
pub(crate) struct Path<T>(pub(crate) T);

/// [`axum::extract::Query`], answering with a [`Problem`].
#[derive(Debug, FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(Problem))]
pub(crate) struct Query<T>(pub(crate) T);

impl From<PathRejection> for Problem {
    fn from(rejection: PathRejection) -> Self {
        Self::new(Kind::NotAQuestion, &rejection.body_text())
    }
}

impl From<QueryRejection> for Problem {
    fn from(rejection: QueryRejection) -> Self {
        let text = rejection.body_text();
        no_parameter(&text).unwrap_or_else(|| Self::new(Kind::NotAQuestion, &text))
    }
}

/// The parameter that an address does not take, out of the words of the rejection: they name it, and end in a list of those
/// that the address takes.
fn no_parameter(rejection: &str) -> Option<Problem> {
    let (before, list) = rejection.rsplit_once("`, expected one of ")?;
    let (_, name) = before.split_once("unknown field `")?;
    let known: Vec<&str> = list.split(", ").map(|it| it.trim_matches('`')).collect();
    Some(Problem::instead(Kind::NoParameter, name, &known))
}

/// The language of a request and its path with the query, without the language's prefix.
#[derive(Clone, Debug)]
pub(crate) struct Address {
    pub(crate) lang: Lang,
    pub(crate) path: String,
}

impl Address {
    pub(crate) fn of(path_and_query: &str) -> Self {
        let (path, query) = match path_and_query.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (path_and_query, None),
        };
        let (lang, path) = Lang::of_path(path);
        let path = query.map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
        Self { lang, path }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Address {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let OriginalUri(uri) = OriginalUri::from_request_parts(parts, state).await?;
        Ok(Self::of(uri.path_and_query().map_or("/", |it| it.as_str())))
    }
}
