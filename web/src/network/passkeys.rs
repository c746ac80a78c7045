//! Passkeys: a small script asks the browser, and these addresses ask and take the answer.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use network::passkeys::{
    self, Addition, Algorithm, Assertion, PasskeyError, Question, RelyingParty,
};
use network::secret::Token;
use network::sign_in::SignInError;
use serde::{Deserialize, Serialize};

use super::account::back;
use super::confirmation;
use super::forms::Guarded;
use super::sign_in::{Failure, Nothing, welcome};
use super::visitor::Visitor;
use crate::app::App;
use crate::extract::Address;
use crate::problem::{Kind, Problem};
use crate::text::Text;

/// What the script hands to the browser.
#[derive(Debug, Serialize)]
struct Asked {
    token: String,
    challenge: String,
    site: String,
    /// Of the account, as authenticators keep it; no name of a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    login: Option<String>,
    algorithms: [i64; 3],
    /// Keys that the account has, so that none is made twice.
    known: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AnswerForm {
    token: String,
    id: String,
    client_data: String,
    authenticator_data: String,
    signature: String,
    public_key: String,
    algorithm: String,
    name: String,
    next: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct RemovalForm {
    #[serde(default)]
    passkey: String,
}

/// This site, where browsers give passkeys for it.
fn party(app: &App) -> Result<RelyingParty, Problem> {
    let party = RelyingParty::at(&app.surroundings().origin);
    party.ok_or_else(|| Problem::new(Kind::NotSecure, ""))
}

fn asked(app: &App, question: &Question) -> Result<Asked, Problem> {
    Ok(Asked {
        token: question.token.reveal().to_owned(),
        challenge: question.challenge.clone(),
        site: party(app)?.id,
        user: None,
        login: None,
        algorithms: Algorithm::ALL.map(Algorithm::number),
        known: Vec::new(),
    })
}

pub(super) async fn ask_sign_in(
    State(app): State<App>,
    Guarded { form: Nothing {}, .. }: Guarded<Nothing>,
) -> Result<Response, Problem> {
    let mut entropy = app.entropy();
    let question = passkeys::begin_sign_in(app.store(), app.now(), &mut *entropy).await;
    let question = question.map_err(|it| Problem::ours(&it))?;
    Ok(Json(asked(&app, &question)?).into_response())
}

pub(super) async fn sign_in(
    State(app): State<App>,
    address: Address,
    Guarded { form, caller }: Guarded<AnswerForm>,
) -> Result<Response, Problem> {
    let t = Text::new(address.lang);
    let party = party(&app)?;
    let answer = Assertion {
        id: form.id,
        client_data: form.client_data,
        authenticator_data: form.authenticator_data,
        signature: form.signature,
    };
    let opened = async {
        let token: Token = form.token.parse().map_err(|_| SignInError::NotUnderWay)?;
        let (at, at_the_desk, mut entropy) = (app.now(), caller.at_the_desk(), app.entropy());
        let desk = app.desk();
        desk.show_passkey(&party, &token, &answer, &at_the_desk, at, &mut *entropy).await
    };
    match opened.await {
        Ok(opened) => Ok(welcome(&opened, &caller, &address, &form.next)),
        Err(error) => {
            let fault = Failure::from(error).fault(&app, t)?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, fault).into_response())
        }
    }
}

pub(super) async fn ask_addition(
    State(app): State<App>,
    visitor: Visitor,
    Guarded { form: Nothing {}, .. }: Guarded<Nothing>,
) -> Result<Response, Problem> {
    if let Some(first) = confirmation::needed(&app, &visitor) {
        return Ok(first);
    }
    let (store, account) = (app.store(), visitor.account.id);
    let mut entropy = app.entropy();
    let question = passkeys::begin_addition(store, account, app.now(), &mut *entropy).await;
    let question = question.map_err(|it| Problem::ours(&it))?;
    let known = passkeys::list(store, account).await.map_err(|it| Problem::ours(&it))?;
    let asked = Asked {
        user: Some(account.to_string()),
        login: Some(visitor.account.login.as_str().to_owned()),
        known: known.into_iter().map(|it| it.id).collect(),
        ..asked(&app, &question)?
    };
    Ok(Json(asked).into_response())
}

pub(super) async fn add(
    State(app): State<App>,
    visitor: Visitor,
    Guarded { form, .. }: Guarded<AnswerForm>,
) -> Result<Response, Problem> {
    if let Some(first) = confirmation::needed(&app, &visitor) {
        return Ok(first);
    }
    let party = party(&app)?;
    let answer = Addition {
        id: form.id,
        client_data: form.client_data,
        authenticator_data: form.authenticator_data,
        public_key: form.public_key,
        algorithm: form.algorithm.parse().unwrap_or_default(),
    };
    let (store, account, at) = (app.store(), visitor.account.id, app.now());
    let added = match form.token.parse() {
        Ok(token) => passkeys::add(store, &party, account, &token, &answer, &form.name, at).await,
        Err(_) => Err(PasskeyError::NotUnderWay),
    };
    match added {
        Ok(()) => Ok(back(&visitor)),
        Err(error @ PasskeyError::Store(_)) => Err(Problem::ours(&error)),
        Err(
            PasskeyError::NotUnderWay
            | PasskeyError::NotKnown
            | PasskeyError::TooMany
            | PasskeyError::Taken
            | PasskeyError::Unsound(_),
        ) => {
            let t = Text::new(visitor.address.lang);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, t.get("passkey-not-added")).into_response())
        }
    }
}

pub(super) async fn remove(
    State(app): State<App>,
    visitor: Visitor,
    Guarded { form, .. }: Guarded<RemovalForm>,
) -> Result<Response, Problem> {
    if let Some(first) = confirmation::needed(&app, &visitor) {
        return Ok(first);
    }
    passkeys::remove(app.store(), visitor.account.id, &form.passkey, app.now())
        .await
        .map_err(|it| Problem::ours(&it))?;
    Ok(back(&visitor))
}
