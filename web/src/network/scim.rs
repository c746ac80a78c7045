//! `/scim/v2`: provisioning by systems of organisations (RFC 7644).

mod answer;
mod discovery;
mod resources;

use axum::Router;
use axum::routing::{any, get, post};

use crate::app::App;

/// Every address of SCIM.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route(
            "/scim/v2/ServiceProviderConfig",
            get(discovery::service).fallback(answer::no_method),
        )
        .route("/scim/v2/ResourceTypes", get(discovery::kinds).fallback(answer::no_method))
        .route("/scim/v2/ResourceTypes/{name}", get(discovery::kind).fallback(answer::no_method))
        .route("/scim/v2/Schemas", get(discovery::schemas).fallback(answer::no_method))
        .route("/scim/v2/Schemas/{urn}", get(discovery::schema).fallback(answer::no_method))
        .route("/scim/v2/.search", post(resources::search_all).fallback(answer::no_method))
        .route(
            "/scim/v2/{kind}",
            get(resources::list).post(resources::create).fallback(answer::no_method),
        )
        .route(
            "/scim/v2/{kind}/{id}",
            get(resources::read)
                .post(resources::search)
                .put(resources::replace)
                .patch(resources::patch)
                .delete(resources::delete)
                .fallback(answer::no_method),
        )
        .route("/scim/v2/{kind}/{id}/{*rest}", any(answer::nowhere))
}
