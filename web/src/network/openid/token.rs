//! `/openid/token`, `/openid/revoke`, `/openid/introspect`: applications ask for themselves.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use network::openid::refusal::Code;
use network::openid::request::Parameters;
use network::openid::{Denial, OpenidError, tokens};

use super::reply::{denied, form, text};
use crate::app::App;
use crate::network::visitor::Caller;
use crate::problem::Problem;

/// Answers a form of an application, unless its network has to wait.
async fn answer<T: IntoResponse>(
    app: &App,
    caller: &Caller,
    headers: &HeaderMap,
    body: &str,
    ask: impl AsyncFnOnce(Parameters) -> Result<Result<T, Denial>, OpenidError>,
) -> Result<Response, Problem> {
    let network = &caller.origin.network;
    if let Some(seconds) = app.limits().wait(network, app.now()) {
        let wait = [(header::RETRY_AFTER, seconds.to_string())];
        return Ok((StatusCode::TOO_MANY_REQUESTS, wait).into_response());
    }
    let answered = match form(headers, body) {
        Ok(given) => ask(given).await.map_err(|it| Problem::ours(&it))?,
        Err(denial) => Err(denial),
    };
    Ok(match answered {
        Ok(answer) => answer.into_response(),
        Err(denial) => {
            if denial.code == Code::InvalidClient {
                app.limits().note(network, app.now());
            }
            denied(&denial, headers)
        }
    })
}

pub(super) async fn grant(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    body: String,
) -> Result<Response, Problem> {
    let (store, provider, now) = (app.store(), app.provider().await?, app.now());
    let proof = text(&headers, header::AUTHORIZATION);
    answer(&app, &caller, &headers, &body, async |given| {
        let mut entropy = app.entropy();
        let granted = tokens::grant(store, provider, proof, &given, &mut *entropy, now).await?;
        Ok(granted.map(|it| Json(it.members())))
    })
    .await
}

pub(super) async fn revoke(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    body: String,
) -> Result<Response, Problem> {
    let (store, provider, now) = (app.store(), app.provider().await?, app.now());
    let proof = text(&headers, header::AUTHORIZATION);
    answer(&app, &caller, &headers, &body, async |given| {
        let revoked = tokens::revoke(store, provider, proof, &given, now).await?;
        Ok(revoked.map(|()| StatusCode::OK))
    })
    .await
}

pub(super) async fn introspect(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    body: String,
) -> Result<Response, Problem> {
    let (store, provider, now) = (app.store(), app.provider().await?, app.now());
    let proof = text(&headers, header::AUTHORIZATION);
    answer(&app, &caller, &headers, &body, async |given| {
        let members = tokens::introspect(store, provider, proof, &given, now).await?;
        Ok(members.map(Json))
    })
    .await
}
