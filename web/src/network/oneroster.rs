//! `/ims/oneroster/rostering/v1p2`: rosters, to be read by other systems (OneRoster 1.2).

mod answer;
mod lists;

use axum::Router;
use axum::routing::{any, get};

use crate::app::App;

/// Every address of the rostering service. What stands in the place of `{collection}` is one of twelve.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route(
            "/ims/oneroster/rostering/v1p2/{collection}",
            get(lists::list).fallback(answer::read_only),
        )
        .route(
            "/ims/oneroster/rostering/v1p2/{collection}/{id}",
            get(lists::one).fallback(answer::read_only),
        )
        .route(
            "/ims/oneroster/rostering/v1p2/{collection}/{id}/{inner}",
            get(lists::of_one).fallback(answer::read_only),
        )
        .route(
            "/ims/oneroster/rostering/v1p2/schools/{school}/classes/{class}/{inner}",
            get(lists::of_a_class_of_a_school).fallback(answer::read_only),
        )
        .route("/ims/oneroster/{*rest}", any(answer::nowhere))
}
