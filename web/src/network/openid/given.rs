//! `/account/applications`: what somebody has agreed that applications see, and how to take it back.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use network::applications::{self, ApplicationCode};
use network::openid::consents::{self, Consent};
use serde::Deserialize;

use super::pages::{local, shown};
use crate::app::App;
use crate::frame::Frame;
use crate::instant::Instant;
use crate::network::forms::Guarded;
use crate::network::sign_in::rendered;
use crate::network::visitor::Visitor;
use crate::problem::Problem;
use crate::text::Text;

#[derive(Debug, Template)]
#[template(path = "network/openid/given.html")]
struct GivenPage {
    t: Text,
    frame: Frame,
    csrf: String,
    given: Vec<GivenLine>,
}

#[derive(Debug)]
struct GivenLine {
    code: String,
    application: String,
    purpose: String,
    data: Vec<String>,
    offline: bool,
    since: Instant,
}

#[derive(Debug, Deserialize)]
pub(super) struct WithdrawalForm {
    #[serde(default)]
    application: String,
}

pub(super) async fn show(State(app): State<App>, visitor: Visitor) -> Result<Response, Problem> {
    let t = Text::new(visitor.address.lang);
    let agreed = consents::list(app.store(), visitor.account.id).await;
    let mut given = Vec::new();
    for consent in agreed.map_err(|it| Problem::ours(&it))? {
        given.push(line(&app, t, &consent).await?);
    }
    let page = GivenPage { t, frame: visitor.frame(&app), csrf: visitor.csrf.clone(), given };
    rendered(StatusCode::OK, &page)
}

async fn line(app: &App, t: Text, consent: &Consent) -> Result<GivenLine, Problem> {
    let application = applications::read(app.store(), &consent.application).await;
    let registration = application.map_err(|it| Problem::ours(&it))?.registration;
    Ok(GivenLine {
        code: consent.application.to_string(),
        application: t.of(&registration.name).to_owned(),
        purpose: t.of(&registration.purpose).to_owned(),
        data: consent.data.iter().filter_map(|it| shown(t, *it)).collect(),
        offline: consent.offline,
        since: app.instant(consent.given_at),
    })
}

pub(super) async fn withdraw(
    State(app): State<App>,
    visitor: Visitor,
    Guarded { form, .. }: Guarded<WithdrawalForm>,
) -> Result<Response, Problem> {
    // Whatever is no code names nothing that was given.
    if let Ok(code) = form.application.parse::<ApplicationCode>() {
        consents::withdraw(app.store(), visitor.account.id, &code, app.now())
            .await
            .map_err(|it| Problem::ours(&it))?;
    }
    let back = local(visitor.address.lang, "/account/applications");
    Ok(Redirect::to(&back).into_response())
}
