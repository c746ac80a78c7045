//! What applications know a person and a session by: not the same in two of them.

use super::Provider;
use crate::applications::{Application, Subject};
use crate::id::{AccountId, SessionId};

/// The subject of an account for an application that knows people in a way (OpenID Connect Core 8.1).
pub(super) fn subject(provider: &Provider, subject: &Subject, account: AccountId) -> String {
    match subject {
        Subject::Public => account.to_string(),
        Subject::Pairwise { sector } => {
            provider.secret.hash("openid subject", &format!("{sector} {account}"))
        }
    }
}

/// A session's name in an application's tokens. It is not the session's own id, by which two could be joined.
pub(super) fn session(provider: &Provider, of: &Application, session: SessionId) -> String {
    provider.secret.hash("openid session", &format!("{} {session}", of.code))
}
