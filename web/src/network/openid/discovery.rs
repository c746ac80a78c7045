//! `/.well-known/openid-configuration` and `/openid/jwks`.

use axum::Json;
use axum::extract::State;
use network::openid::metadata;
use serde_json::Value;

use crate::app::App;
use crate::network::visitor::Caller;
use crate::problem::Problem;

pub(super) async fn description(
    State(app): State<App>,
    _caller: Caller,
) -> Result<Json<Value>, Problem> {
    Ok(Json(metadata::description(app.provider().await?)))
}

pub(super) async fn public_keys(
    State(app): State<App>,
    _caller: Caller,
) -> Result<Json<Value>, Problem> {
    Ok(Json(metadata::public_keys(app.provider().await?, app.now())))
}
