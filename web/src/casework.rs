//! Pages of cases, made from data: no line here knows a procedure by name.
//!
//! **Invariant:** nothing of a case is shown or done but through `casework`'s own checks, and pages of cases are kept
//! by no browser, no proxy and not by us.

mod acting;
mod beginning;
mod bulk;
mod discussion;
mod draft;
mod fields;
mod file;
pub(crate) mod filled;
pub(crate) mod inbox;
mod letter;
mod lines;
mod list;
mod names;
mod overdue;
mod page;
mod parts;
mod published;
mod refusals;
mod sheet;
mod situation;
mod step;
mod story;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn;
use axum::routing::{get, post};

use crate::answer;
use crate::app::App;

/// Addresses of one language.
pub(crate) fn pages() -> Router<App> {
    Router::new()
        .route("/cases", get(inbox::show))
        .route("/cases/list", get(list::show).post(bulk::take))
        .route("/cases/overdue", get(overdue::show))
        .route("/cases/new", get(beginning::choose))
        .route("/cases/new/{procedure}", get(beginning::show).post(beginning::begin))
        .route("/cases/new/{procedure}/sheet", get(sheet::empty).post(sheet::take))
        .route("/cases/{id}", get(page::show).post(step::take))
        .route("/cases/{id}/draft", post(draft::save))
        .route("/cases/{id}/comments", post(discussion::say))
        .route("/cases/{id}/review", post(parts::review))
        .route("/cases/{id}/roles", post(parts::give))
        .route("/cases/{id}/files/{file}", get(file::download))
        .route("/cases/{id}/letters/{number}", get(letter::download))
        .route("/published", get(published::show))
        // What a form may bring is for its own extractor to say.
        .layer(DefaultBodyLimit::disable())
        .route_layer(from_fn(answer::private))
}
