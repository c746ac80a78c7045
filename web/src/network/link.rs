//! The link of an invitation: it is shown once, to whoever passes it on.

use askama::Template;
use network::secret::Token;

use super::visitor::is_this_machine;
use crate::app::App;
use crate::text::Text;

/// A link, and whether it leads anywhere from another machine.
#[derive(Debug, Template)]
#[template(path = "network/link.html")]
pub(super) struct Link {
    t: Text,
    once: String,
    is_of_this_machine: bool,
}

impl Link {
    pub(super) fn of(app: &App, t: Text, token: &Token) -> Self {
        let origin = &app.surroundings().origin;
        let host = origin.split_once("://").map_or("", |(_, host)| host);
        Self {
            t,
            once: format!("{origin}/invitations/{}", token.reveal()),
            is_of_this_machine: is_this_machine(host),
        }
    }
}
