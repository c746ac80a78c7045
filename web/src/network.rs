//! Pages about people: signing in, the own account, invitations, and looking after accounts.
//!
//! **Invariant:** none of them is kept by a browser, a proxy or this server, and every form that changes something
//! carries what only a page of this site can know.

mod access;
mod account;
mod accounts;
mod applications;
mod audit;
mod authenticator;
pub(crate) mod bearer;
mod confirmation;
pub(crate) mod cookies;
mod first;
pub(crate) mod forms;
mod grants;
mod holds;
mod identities;
mod invitation;
mod invitations;
pub(crate) mod lines;
mod link;
pub(crate) mod oneroster;
pub(crate) mod openid;
mod outside;
mod passkeys;
mod powers;
mod requests;
pub(crate) mod scim;
pub(crate) mod sign_in;
pub(crate) mod start;
pub(crate) mod uploads;
pub(crate) mod visitor;

use axum::Router;
use axum::middleware::from_fn;
use axum::routing::{get, post};

use crate::answer;
use crate::app::App;

/// Addresses of one language.
pub(crate) fn pages() -> Router<App> {
    Router::new()
        .route("/sign-in", get(sign_in::show).post(sign_in::password))
        .route("/sign-in/code", get(sign_in::show_code).post(sign_in::code))
        .route("/sign-in/passkey", post(passkeys::sign_in))
        .route("/sign-in/passkey/question", post(passkeys::ask_sign_in))
        .route("/sign-out", post(sign_in::out))
        .route("/start", get(start::show))
        .route("/invitations", get(invitations::show).post(invitations::act))
        .route("/invitations/{token}", get(invitation::show).post(invitation::accept))
        .route("/account", get(account::show))
        .route("/account/confirm", get(confirmation::show).post(confirmation::confirm))
        .route("/account/password", post(account::password))
        .route("/account/sessions", post(account::end_sessions))
        .route("/account/authenticator", get(authenticator::show).post(authenticator::confirm))
        .route("/account/authenticator/removal", post(authenticator::remove))
        .route("/account/recovery-codes", post(authenticator::recovery_codes))
        .route("/account/access", get(access::show))
        .route("/account/requests", get(requests::show_own).post(requests::ask))
        .route("/accounts", get(accounts::show).post(accounts::invite))
        .route("/accounts/{id}", get(accounts::one::show).post(accounts::one::act))
        .route("/grants", get(grants::show).post(grants::give))
        .route("/grants/revocation", post(grants::revoke))
        .route("/requests", get(requests::show).post(requests::decide))
        .route("/holds", get(holds::show).post(holds::set))
        .route("/holds/lifting", post(holds::lift))
        .route("/identities", get(identities::show).post(identities::decide))
        .route("/applications", get(applications::show).post(applications::register))
        .route(
            "/applications/{code}",
            get(applications::entry::show).post(applications::entry::act),
        )
        .route("/audit", get(audit::show))
        .route("/audit.csv", get(audit::csv))
        .route("/account/passkeys", post(passkeys::add))
        .route("/account/passkeys/question", post(passkeys::ask_addition))
        .route("/account/passkeys/removal", post(passkeys::remove))
        .route("/sign-in/outside", post(outside::leave))
        .route("/sign-in/outside/back", get(outside::come_back))
        .route("/sign-in/outside/choice", get(outside::show_choice).post(outside::choose))
        .merge(openid::pages())
        .route_layer(from_fn(answer::private))
}
