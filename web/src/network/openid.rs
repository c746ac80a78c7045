//! OpenID Connect over HTTP: applications of the city, and the browsers they send here.
//!
//! **Invariant:** a browser is sent to another site only at an address that an application registered, and never as
//! what follows on a form: the policy of every page says that forms stay here.

mod authorize;
mod cors;
mod discovery;
mod given;
mod limits;
mod logout;
mod notices;
mod pages;
mod reply;
mod token;
mod userinfo;

use axum::Router;
use axum::middleware::from_fn;
use axum::routing::{get, post};

pub(crate) use self::limits::Limits;
pub(super) use self::pages::{onward, shown};
use crate::answer;
use crate::app::App;

/// Addresses that a person sees, of one language.
pub(super) fn pages() -> Router<App> {
    Router::new()
        .route("/account/applications", get(given::show))
        .route("/account/applications/withdrawal", post(given::withdraw))
        .route("/openid/continue", get(authorize::go_on))
        .route("/openid/consent", post(authorize::consent))
        .route("/openid/sign-out", post(logout::sign_out))
}

/// Addresses that applications and their browsers know; they have no language.
pub(crate) fn endpoints() -> Router<App> {
    let open = Router::new()
        .route(
            "/.well-known/openid-configuration",
            get(discovery::description).options(cors::before),
        )
        .route("/openid/jwks", get(discovery::public_keys).options(cors::before))
        .route("/openid/token", post(token::grant).options(cors::before))
        .route("/openid/revoke", post(token::revoke).options(cors::before))
        .route("/openid/introspect", post(token::introspect).options(cors::before))
        .route(
            "/openid/userinfo",
            get(userinfo::show).post(userinfo::show_posted).options(cors::before),
        )
        .route_layer(from_fn(cors::open));
    Router::new()
        .route("/openid/authorize", get(authorize::begin).post(authorize::begin_posted))
        .route("/openid/logout", get(logout::begin).post(logout::begin_posted))
        .merge(open)
        .route_layer(from_fn(answer::private))
}
