//! Addresses that an application may register: where a browser is sent, and where notices go.

use url::{Host, Url};

/// Whether an address is of the machine it is used on, where plain `http` is read by nobody else.
pub fn is_of_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(it)) => it.is_loopback(),
        Some(Host::Ipv6(it)) => it.is_loopback(),
        Some(Host::Domain(it)) => it == "localhost",
        None => false,
    }
}

/// Whether a server can be asked at an address: `https`, or `http` on this machine.
pub(super) fn is_of_a_server(text: &str) -> bool {
    let Some(url) = plain(text) else {
        return false;
    };
    let open = url.scheme() == "http" && is_of_this_machine(&url);
    (url.scheme() == "https" || open) && url.host().is_some()
}

/// Whether a browser can be sent to an address: one of a server, or of an application on the device itself, which
/// has a scheme of its own with a dot in it (RFC 8252, section 7.1).
pub(super) fn is_of_an_application(text: &str) -> bool {
    is_of_a_server(text) || plain(text).is_some_and(|it| it.scheme().contains('.'))
}

/// An absolute address without what could be read in two ways: a name before the host, a fragment, an asterisk.
fn plain(text: &str) -> Option<Url> {
    // Spaces separate addresses where they are kept.
    if text.contains(['*', '#', ' ', '\\', '\n', '\t', '\r']) || text.len() > 2000 {
        return None;
    }
    let url = Url::parse(text).ok()?;
    (url.username().is_empty() && url.password().is_none()).then_some(url)
}
