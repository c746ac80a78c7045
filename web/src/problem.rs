//! Problems (RFC 9457): what a client sees of an error, as JSON or as a page.

use std::error::Error;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::text::Text;

/// The closed list of problems; each has an address under `/problems/` and words in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    NotFound,
    NoIndicator,
    NoOrganisation,
    NoClause,
    NotAYear,
    NotAnInstant,
    NotAQuestion,
    NoParameter,
    NoLevel,
    NoEvidence,
    NothingPublished,
    OtherPlan,
    ReadOnly,
    NotFromHere,
    NotSecure,
    NoCase,
    NoProcedure,
    NotForYou,
    CaseRefused,
    TooLarge,
    NotAllowed,
    NoToken,
    NoDataset,
    NoMethod,
    BrokenOff,
    FileTooLarge,
    NotFinished,
    Internal,
}

impl Kind {
    #[cfg(test)]
    pub(crate) const ALL: [Self; 28] = [
        Self::NotFound,
        Self::NoIndicator,
        Self::NoOrganisation,
        Self::NoClause,
        Self::NotAYear,
        Self::NotAnInstant,
        Self::NotAQuestion,
        Self::NoParameter,
        Self::NoLevel,
        Self::NoEvidence,
        Self::NothingPublished,
        Self::OtherPlan,
        Self::ReadOnly,
        Self::NotFromHere,
        Self::NotSecure,
        Self::NoCase,
        Self::NoProcedure,
        Self::NotForYou,
        Self::CaseRefused,
        Self::TooLarge,
        Self::NotAllowed,
        Self::NoToken,
        Self::NoDataset,
        Self::NoMethod,
        Self::BrokenOff,
        Self::FileTooLarge,
        Self::NotFinished,
        Self::Internal,
    ];

    pub(crate) const fn slug(self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::NoIndicator => "no-indicator",
            Self::NoOrganisation => "no-organisation",
            Self::NoClause => "no-clause",
            Self::NotAYear => "not-a-year",
            Self::NotAnInstant => "not-an-instant",
            Self::NotAQuestion => "not-a-question",
            Self::NoParameter => "no-parameter",
            Self::NoLevel => "no-level",
            Self::NoEvidence => "no-evidence",
            Self::NothingPublished => "nothing-published",
            Self::OtherPlan => "other-plan",
            Self::ReadOnly => "read-only",
            Self::NotFromHere => "not-from-here",
            Self::NotSecure => "not-secure",
            Self::NoCase => "no-case",
            Self::NoProcedure => "no-procedure",
            Self::NotForYou => "not-for-you",
            Self::CaseRefused => "case-refused",
            Self::TooLarge => "too-large",
            Self::NotAllowed => "not-allowed",
            Self::NoToken => "no-token",
            Self::NoDataset => "no-dataset",
            Self::NoMethod => "no-method",
            Self::BrokenOff => "broken-off",
            Self::FileTooLarge => "file-too-large",
            Self::NotFinished => "not-finished",
            Self::Internal => "internal",
        }
    }

    pub(crate) const fn status(self) -> StatusCode {
        match self {
            Self::NotFound
            | Self::NoIndicator
            | Self::NoOrganisation
            | Self::NoClause
            | Self::NoLevel
            | Self::NoEvidence
            | Self::NoCase
            | Self::NoProcedure
            | Self::NoDataset => StatusCode::NOT_FOUND,
            Self::NotAYear
            | Self::NotAnInstant
            | Self::NotAQuestion
            | Self::NoParameter
            | Self::BrokenOff => StatusCode::BAD_REQUEST,
            Self::NoToken => StatusCode::UNAUTHORIZED,
            Self::NothingPublished => StatusCode::SERVICE_UNAVAILABLE,
            Self::OtherPlan | Self::CaseRefused => StatusCode::CONFLICT,
            Self::ReadOnly | Self::NoMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge | Self::FileTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::NotFromHere | Self::NotSecure | Self::NotForYou | Self::NotAllowed => {
                StatusCode::FORBIDDEN
            }
            Self::NotFinished | Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// A problem and what it is about, such as the code that nobody has.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    pub(crate) kind: Kind,
    /// What was asked for, cut short; empty when there is nothing to repeat.
    pub(crate) about: String,
    /// What there is instead; empty where that is no list.
    pub(crate) known: String,
}

/// The members of RFC 9457.
#[derive(Debug, Serialize)]
struct Object {
    #[serde(rename = "type")]
    kind: String,
    title: String,
    status: u16,
    detail: String,
}

impl Problem {
    pub(crate) fn new(kind: Kind, about: &str) -> Self {
        Self { kind, about: about.chars().take(80).collect(), known: String::new() }
    }

    /// A problem with what could have been asked for instead.
    pub(crate) fn instead(kind: Kind, about: &str, known: &[&str]) -> Self {
        Self { known: known.join(", "), ..Self::new(kind, about) }
    }

    pub(crate) fn not_found(path: &str) -> Self {
        Self::new(Kind::NotFound, path)
    }

    pub(crate) fn no_indicator(code: &str) -> Self {
        Self::new(Kind::NoIndicator, code)
    }

    pub(crate) fn no_organisation(code: &str) -> Self {
        Self::new(Kind::NoOrganisation, code)
    }

    pub(crate) fn nothing_published() -> Self {
        Self::new(Kind::NothingPublished, "")
    }

    pub(crate) fn not_a_year(text: &str) -> Self {
        Self::new(Kind::NotAYear, text)
    }

    /// Our fault: the log gets every cause, the client gets none.
    pub(crate) fn ours(error: &dyn Error) -> Self {
        tracing::error!(error = %chain(error), "a request failed");
        Self::new(Kind::Internal, "")
    }

    pub(crate) fn title(&self, t: Text) -> String {
        t.get(&format!("problem-{}", self.kind.slug()))
    }

    /// What happened, what is safe, what to do next.
    pub(crate) fn detail(&self, t: Text) -> String {
        let key = format!("problem-{}-detail", self.kind.slug());
        t.fill(&key, &[("about", self.about.clone()), ("known", self.known.clone())])
    }

    /// The answer for a program.
    pub(crate) fn json(&self, t: Text) -> Response {
        let body = Object {
            kind: format!("/problems/{}", self.kind.slug()),
            title: self.title(t),
            status: self.kind.status().as_u16(),
            detail: self.detail(t),
        };
        let body = serde_json::to_string(&body).unwrap_or_default();
        let media_type = HeaderValue::from_static("application/problem+json");
        (self.kind.status(), [(header::CONTENT_TYPE, media_type)], body).into_response()
    }
}

impl IntoResponse for Problem {
    /// Leaves the wording to [`crate::answer::worded`], which knows who asked.
    fn into_response(self) -> Response {
        let mut response = self.kind.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// The error and every cause below it, on one line.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        line = format!("{line}: {error}");
        cause = error.source();
    }
    line
}
