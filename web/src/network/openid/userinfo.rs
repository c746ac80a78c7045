//! `/openid/userinfo`: what an application sees of a person, with an access token in the header or in a form.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use network::openid::refusal::Code;
use network::openid::{Denial, tokens};

use super::reply::{form, text, unauthorized};
use crate::app::App;
use crate::network::visitor::Caller;
use crate::problem::Problem;

pub(super) async fn show(
    State(app): State<App>,
    _caller: Caller,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    answer(&app, in_header(&headers)).await
}

pub(super) async fn show_posted(
    State(app): State<App>,
    _caller: Caller,
    headers: HeaderMap,
    body: String,
) -> Result<Response, Problem> {
    let given = if body.is_empty() { None } else { form(&headers, &body).ok() };
    let in_body = given.as_ref().and_then(|it| it.get("access_token"));
    match (in_header(&headers), in_body) {
        (Some(_), Some(_)) => Ok(unauthorized(Some(&Denial {
            code: Code::InvalidRequest,
            description: "the access token is shown in one way at a time",
        }))),
        (token, None) | (None, token) => answer(&app, token).await,
    }
}

fn in_header(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = text(headers, header::AUTHORIZATION)?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

async fn answer(app: &App, token: Option<&str>) -> Result<Response, Problem> {
    let Some(token) = token else {
        return Ok(unauthorized(None));
    };
    let provider = app.provider().await?;
    let claims = tokens::userinfo(app.store(), provider, token, app.now()).await;
    Ok(match claims.map_err(|it| Problem::ours(&it))? {
        Ok(claims) => Json(claims).into_response(),
        Err(denial) => unauthorized(Some(&denial)),
    })
}
