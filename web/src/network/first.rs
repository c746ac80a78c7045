//! What somebody has to do before anything else: set up a second factor that a role asks for, or take a new password.
//!
//! **Invariant:** until it is done they see the page that does it and can sign out, and nothing else of what is behind the
//! sign-in.

use network::sessions::{Level, Method, Visit};

use crate::app::App;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum First {
    /// The password is older than the policy allows.
    Password,
    /// A role asks for a second factor, and there is none.
    SecondFactor,
}

/// Where a new password is taken.
const PASSWORD: [&str; 3] = ["/account", "/account/confirm", "/account/password"];

/// Where a second factor is set up.
const SECOND_FACTOR: [&str; 6] = [
    "/account",
    "/account/confirm",
    "/account/authenticator",
    "/account/recovery-codes",
    "/account/passkeys",
    "/account/passkeys/question",
];

impl First {
    /// What whoever has a session has to do first.
    pub(super) fn of(app: &App, visit: &Visit) -> Option<Self> {
        let surroundings = app.surroundings();
        let (session, standing) = (&visit.session, &visit.standing);
        let by_password = session.methods.contains(Method::Password);
        let ran_out = |at| surroundings.policy.has_run_out(at, app.now());
        if by_password && standing.password_set_at.is_some_and(ran_out) {
            return Some(Self::Password);
        }
        // Everybody knows the passwords of a demonstration, and nobody has a telephone for its accounts.
        let is_demonstration = !surroundings.demonstrated.is_empty();
        if standing.has_second_factor || session.level > Level::OneFactor || is_demonstration {
            return None;
        }
        visit.needs_second_factor(&surroundings.roles).then_some(Self::SecondFactor)
    }

    /// Whether a path, without its language, is one where it is done, or the way out.
    pub(super) fn is_done_at(self, path: &str) -> bool {
        let places: &[&str] = match self {
            Self::Password => &PASSWORD,
            Self::SecondFactor => &SECOND_FACTOR,
        };
        let is_way_out = path.ends_with("/sign-out") || path.ends_with("/logout");
        is_way_out || path == "/sign-in" || places.contains(&path)
    }

    /// Key of the words that say so.
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Password => "first-password",
            Self::SecondFactor => "first-second-factor",
        }
    }
}
