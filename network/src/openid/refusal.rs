//! What is answered when something is not given: to a person, or to an application.

use std::fmt;

use url::Url;

/// Why an application does not get what it asked for, in the words of the standards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    // At the authorisation endpoint.
    AccessDenied,
    ConsentRequired,
    InvalidScope,
    LoginRequired,
    RegistrationNotSupported,
    RequestNotSupported,
    RequestUriNotSupported,
    UnmetAuthenticationRequirements,
    UnsupportedResponseType,
    // At the token endpoint.
    InvalidClient,
    InvalidGrant,
    UnauthorizedClient,
    UnsupportedGrantType,
    // At both.
    InvalidRequest,
    // With an access token.
    InvalidToken,
    InsufficientScope,
}

impl Code {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccessDenied => "access_denied",
            Self::ConsentRequired => "consent_required",
            Self::InvalidScope => "invalid_scope",
            Self::LoginRequired => "login_required",
            Self::RegistrationNotSupported => "registration_not_supported",
            Self::RequestNotSupported => "request_not_supported",
            Self::RequestUriNotSupported => "request_uri_not_supported",
            Self::UnmetAuthenticationRequirements => "unmet_authentication_requirements",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::InvalidRequest => "invalid_request",
            Self::InvalidToken => "invalid_token",
            Self::InsufficientScope => "insufficient_scope",
        }
    }
}

/// A code and what its developer should know; nothing that a person sent is repeated in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {description}", code.as_str())]
pub struct Denial {
    pub code: Code,
    pub description: &'static str,
}

impl Denial {
    pub(crate) const fn new(code: Code, description: &'static str) -> Self {
        Self { code, description }
    }
}

/// Why a request is answered on a page of ours: the browser must not be sent to an address nobody vouches for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stop {
    /// `client_id` is missing, or names no application in use.
    NoApplication,
    /// `redirect_uri` is missing, or is none that the application registered.
    NoRedirect,
    /// A parameter is there twice, so that nobody can say what was asked.
    Twice,
    /// A request that waits for a person has waited too long, or was answered.
    Gone,
}

impl Stop {
    pub const ALL: [Self; 4] = [Self::NoApplication, Self::NoRedirect, Self::Twice, Self::Gone];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoApplication => "no-application",
            Self::NoRedirect => "no-redirect",
            Self::Twice => "twice",
            Self::Gone => "gone",
        }
    }
}

/// How a request at the authorisation endpoint is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    Page(Stop),
    /// The browser goes back to the application with the denial in this address.
    Redirect {
        address: String,
        denial: Denial,
    },
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Page(stop) => f.write_str(stop.as_str()),
            Self::Redirect { denial, .. } => denial.fmt(f),
        }
    }
}

/// A registered address with an answer added to its query. What it had before stays.
pub(super) fn answered(address: &str, answer: &[(&str, &str)]) -> String {
    // A registered address was parsed before it was registered.
    let Ok(mut url) = Url::parse(address) else {
        return address.to_owned();
    };
    url.query_pairs_mut().extend_pairs(answer);
    url.into()
}
