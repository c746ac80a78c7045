//! Letters that were issued: checked by anyone who holds one.
//!
//! **Invariant:** nothing of a letter is told but what stands on it, and a file that is brought is not kept.

mod brought;
mod verification;

use axum::Router;
use axum::middleware::from_fn;
use axum::routing::get;

use crate::answer;
use crate::app::App;

/// Addresses of one language.
pub(crate) fn pages() -> Router<App> {
    Router::new()
        .route("/verify", get(verification::show).post(verification::check))
        .route("/verify/{number}", get(verification::of_number))
        .route_layer(from_fn(answer::private))
}
