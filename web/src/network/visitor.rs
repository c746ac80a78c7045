//! Who asks: from where, on which device, signed in or not.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use network::accounts::Account;
use network::secret::Token;
use network::sessions::{self, Origin, Session, Visit};
use network::sign_in;

use super::cookies::Cookie;
use super::first::First;
use super::forms::csrf_of;
use crate::app::App;
use crate::extract::Address;
use crate::frame::{Frame, Section, SignedIn};
use crate::problem::{Kind, Problem};
use crate::text::Text;

/// From where and on which device somebody asks.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// Whether browsers reach the site over https.
    pub(crate) secure: bool,
    pub(crate) device: Option<Token>,
    pub(crate) step: Option<Token>,
    pub(crate) origin: Origin,
}

impl Caller {
    /// # Errors
    /// [`Kind::NotSecure`] over a connection that others can read.
    pub(crate) fn of(
        headers: &HeaderMap,
        extensions: &Extensions,
        app: &App,
    ) -> Result<Self, Problem> {
        let surroundings = app.surroundings();
        let text = |name| headers.get(name).and_then(|it| it.to_str().ok()).unwrap_or_default();
        let secure = surroundings.origin.starts_with("https://");
        if !secure && !is_this_machine(text(header::HOST)) {
            return Err(Problem::new(Kind::NotSecure, ""));
        }
        let socket = extensions.get::<ConnectInfo<SocketAddr>>().map(|it| it.0.ip());
        let forwarded = text(header::HeaderName::from_static("x-forwarded-for"));
        let forwarded = forwarded.rsplit(',').next().and_then(|it| it.trim().parse().ok());
        let address = if surroundings.behind_proxy { forwarded.or(socket) } else { socket };
        Ok(Self {
            secure,
            device: Cookie::Device.read(headers, secure),
            step: Cookie::Step.read(headers, secure),
            origin: Origin {
                network: address.map_or_else(String::new, network_of),
                agent: text(header::USER_AGENT).to_owned(),
            },
        })
    }

    pub(crate) fn at_the_desk(&self) -> sign_in::Caller {
        sign_in::Caller { origin: self.origin.clone(), device: self.device.clone() }
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        Self::of(&parts.headers, &parts.extensions, app)
    }
}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    pub(crate) session: Session,
    pub(crate) account: Account,
    pub(crate) csrf: String,
    pub(crate) address: Address,
    /// What they have to do before anything else.
    pub(crate) first: Option<First>,
}

impl Visitor {
    /// The frame of a page that only they see.
    pub(crate) fn frame(&self, app: &App) -> Frame {
        let name = self.account.name.as_str().to_owned();
        let signed_in = SignedIn { name, csrf: self.csrf.clone() };
        Frame::new(self.address.lang, &self.address.path, Section::Desk)
            .generated(app.generated().as_deref())
            .signed_in(Some(signed_in))
    }

    /// Themselves, unless they are to be led away from here to what they have to do first.
    fn unless_led(self) -> Result<Self, Stranger> {
        let path = self.address.path.split('?').next().unwrap_or_default();
        match self.first {
            Some(first) if !first.is_done_at(path) => {
                Err(Stranger::Led(Text::new(self.address.lang).href("/account")))
            }
            _ => Ok(self),
        }
    }

    async fn find(parts: &mut Parts, app: &App) -> Result<Option<Self>, Problem> {
        let caller = Caller::of(&parts.headers, &parts.extensions, app)?;
        let Some(token) = Cookie::Session.read(&parts.headers, caller.secure) else {
            return Ok(None);
        };
        let lifetimes = &app.surroundings().policy.lifetimes;
        let visit = sessions::visit(app.store(), &token, lifetimes, app.now()).await;
        let Some(visit) = visit.map_err(|it| Problem::ours(&it))? else { return Ok(None) };
        let first = First::of(app, &visit);
        let csrf = csrf_of(&token);
        let address = parts.uri.path_and_query().map_or("/", |it| it.as_str());
        let address = parts
            .extensions
            .get::<axum::extract::OriginalUri>()
            .and_then(|it| it.0.path_and_query())
            .map_or_else(|| Address::of(address), |it| Address::of(it.as_str()));
        let Visit { session, account, .. } = visit;
        Ok(Some(Self { session, account, csrf, address, first }))
    }
}

/// Why somebody gets no page: who is not signed in is led to the sign-in and back, and who has something else to do first
/// is led to it.
#[derive(Debug)]
pub(crate) enum Stranger {
    SignIn(String),
    Led(String),
    Problem(Problem),
}

impl From<Problem> for Stranger {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl IntoResponse for Stranger {
    fn into_response(self) -> Response {
        match self {
            Self::SignIn(to) | Self::Led(to) => Redirect::to(&to).into_response(),
            Self::Problem(problem) => problem.into_response(),
        }
    }
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Stranger;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        if let Some(visitor) = Self::find(parts, app).await? {
            return visitor.unless_led();
        }
        let Ok(address) = Address::from_request_parts(parts, app).await;
        let back =
            if parts.method == axum::http::Method::GET { address.path } else { String::new() };
        let prefix = address.lang.prefix();
        Err(Stranger::SignIn(format!("{prefix}/sign-in?next={}", encoded(&back))))
    }
}

/// Somebody who may be signed in.
#[derive(Clone, Debug)]
pub(crate) struct MayBeVisitor(pub(crate) Option<Visitor>);

impl FromRequestParts<App> for MayBeVisitor {
    type Rejection = Stranger;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        match Visitor::find(parts, app).await? {
            Some(visitor) => visitor.unless_led().map(|it| Self(Some(it))),
            None => Ok(Self(None)),
        }
    }
}

/// A path of this site to go on to, without the language's prefix; anything else is the start page.
pub(crate) fn way_on(next: &str) -> &str {
    let is_here = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains(['\\', '\r', '\n', '\t'])
        && !next.starts_with("/sign-");
    if is_here { next } else { "/start" }
}

/// A text as part of a query.
pub(crate) fn encoded(text: &str) -> String {
    use std::fmt::Write;

    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

/// Whether a `Host` names the machine that the browser runs on.
pub(super) fn is_this_machine(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|it| it.is_ascii_digit()) => name,
        _ => host,
    };
    name == "localhost"
        || name
            .trim_start_matches('[')
            .trim_end_matches(']')
            .parse::<IpAddr>()
            .is_ok_and(|it| it.is_loopback())
}

/// The network an address belongs to: a street's, not a house's.
fn network_of(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(it) => {
            let [a, b, c, _] = it.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(it) => {
            let [a, b, c, ..] = it.segments();
            format!("{a:x}:{b:x}:{c:x}::/48")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asvs_3_7_2_nobody_is_led_away_from_this_site() {
        for next in ["/account", "/indicators/IND-01?year=2025"] {
            assert_eq!(way_on(next), next);
        }
        let away = [
            "",
            "//evil.example",
            "https://evil.example",
            "/\\evil",
            "evil",
            "/\r\nx",
            "/sign-out",
        ];
        for next in away {
            assert_eq!(way_on(next), "/start", "{next}");
        }
    }

    #[test]
    fn a_machine_is_known_by_its_own_names_only() {
        for host in
            ["localhost", "localhost:8080", "127.0.0.1:80", "127.9.9.9", "[::1]:80", "[::1]"]
        {
            assert!(is_this_machine(host), "{host}");
        }
        for host in ["", "haihe.example", "192.0.2.1:80", "localhost.evil.example", "10.0.0.1"] {
            assert!(!is_this_machine(host), "{host}");
        }
    }

    #[test]
    fn a_network_is_the_prefix_of_an_address() {
        let network = |text: &str| network_of(text.parse().unwrap());
        assert_eq!(network("192.0.2.77"), "192.0.2.0/24");
        assert_eq!(network("::ffff:192.0.2.77"), "192.0.2.0/24");
        assert_eq!(network("2001:db8:1:2::3"), "2001:db8:1::/48");
    }
}
