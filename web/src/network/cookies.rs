//! The three cookies: who is signed in, on which device, and how far a sign-in has come.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use network::secret::Token;

/// A cookie of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cookie {
    Session,
    Device,
    /// A sign-in that waits for its second factor.
    Step,
}

/// How long a device is remembered: as long as browsers keep a cookie.
const DEVICE_SECONDS: u32 = 400 * 86_400;

impl Cookie {
    const fn name(self) -> &'static str {
        match self {
            Self::Session => "haihe-session",
            Self::Device => "haihe-device",
            Self::Step => "haihe-step",
        }
    }

    /// With `__Host-` a browser takes it over https from this very host only.
    fn full_name(self, secure: bool) -> String {
        if secure { format!("__Host-{}", self.name()) } else { self.name().to_owned() }
    }

    /// The token in a request's cookie.
    pub(crate) fn read(self, headers: &HeaderMap, secure: bool) -> Option<Token> {
        value(headers, &self.full_name(secure))?.parse().ok()
    }

    pub(crate) fn set(self, token: &Token, secure: bool) -> (HeaderName, HeaderValue) {
        let age = match self {
            Self::Device => format!("; Max-Age={DEVICE_SECONDS}"),
            Self::Session | Self::Step => String::new(),
        };
        self.header(token.reveal(), &age, secure)
    }

    pub(crate) fn clear(self, secure: bool) -> (HeaderName, HeaderValue) {
        self.header("", "; Max-Age=0", secure)
    }

    fn header(self, value: &str, age: &str, secure: bool) -> (HeaderName, HeaderValue) {
        let name = self.full_name(secure);
        let secure = if secure { "; Secure" } else { "" };
        let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}");
        let value = HeaderValue::from_str(&text);
        // Tokens are base64url, so there is always a header.
        (header::SET_COOKIE, value.unwrap_or_else(|_| HeaderValue::from_static("")))
    }
}

/// Whether a request brings the cookie of a session, good or not.
pub(crate) fn is_signed_in(headers: &HeaderMap) -> bool {
    [true, false].into_iter().any(|it| value(headers, &Cookie::Session.full_name(it)).is_some())
}

fn value<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|it| it.to_str().ok());
    let mut pairs = lines.flat_map(|it| it.split(';')).filter_map(|it| it.trim().split_once('='));
    pairs.find(|(found, _)| *found == name).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(cookie: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_static(cookie))])
    }

    #[test]
    fn asvs_3_3_1_a_cookie_over_https_is_for_this_host_only() {
        let token: Token = "A".repeat(43).parse().unwrap();
        let (_, value) = Cookie::Session.set(&token, true);
        let text = value.to_str().unwrap();
        assert!(text.starts_with("__Host-haihe-session=AAA"), "{text}");
        assert!(text.ends_with("; Path=/; HttpOnly; SameSite=Lax; Secure"), "{text}");
        let (_, value) = Cookie::Device.set(&token, false);
        let text = value.to_str().unwrap();
        assert!(text.starts_with("haihe-device=") && !text.contains("Secure"), "{text}");
    }

    #[test]
    fn a_cookie_is_read_by_its_whole_name() {
        let good = "A".repeat(43);
        let text = format!("other=1; haihe-session={good}; __Host-haihe-session=short");
        let headers = headers(Box::leak(text.into_boxed_str()));
        assert!(Cookie::Session.read(&headers, false).is_some());
        assert!(Cookie::Session.read(&headers, true).is_none());
        assert!(Cookie::Device.read(&headers, false).is_none());
        assert!(is_signed_in(&headers));
    }
}
