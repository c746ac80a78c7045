//! `/openid/authorize`: an application sends a person here, who signs in, agrees, and goes back with a code.

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use network::openid::refusal::{Refusal, Stop};
use network::openid::request::{self, Parameters};
use network::openid::{Decision, Reason, Request, SignedIn, consents, decide, decision};
use serde::Deserialize;

use super::pages::{self, language, local};
use super::reply::form;
use crate::app::App;
use crate::extract::{Address, Query};
use crate::network::forms::Guarded;
use crate::network::visitor::{Caller, MayBeVisitor, Visitor, encoded};
use crate::problem::Problem;
use crate::text::Lang;

#[derive(Debug, Deserialize)]
pub(super) struct Waiting {
    #[serde(default)]
    request: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct ConsentForm {
    #[serde(default)]
    request: String,
    #[serde(default)]
    answer: String,
}

pub(super) async fn begin(
    State(app): State<App>,
    MayBeVisitor(visitor): MayBeVisitor,
    address: Address,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let given = Parameters::parse(query.as_deref().unwrap_or_default());
    ask(&app, visitor.as_ref(), &address, given).await
}

/// The same from a form of the application's (OpenID Connect Core 3.1.2.1). It changes nothing by itself.
///
/// A browser sends no cookie of ours with another site's form, so whoever is signed in is known on the page after it.
pub(super) async fn begin_posted(
    State(app): State<App>,
    _caller: Caller,
    address: Address,
    headers: HeaderMap,
    body: String,
) -> Result<Response, Problem> {
    let Ok(given) = form(&headers, &body) else {
        return pages::stop(&app, &address, Stop::NoApplication);
    };
    match read(&app, &address, given, None).await? {
        Ok(request) => wait(&app, &request, Place::Consent).await,
        Err(answer) => Ok(answer),
    }
}

async fn ask(
    app: &App,
    visitor: Option<&Visitor>,
    address: &Address,
    given: Parameters,
) -> Result<Response, Problem> {
    let request = match read(app, address, given, visitor).await? {
        Ok(request) => request,
        Err(answer) => return Ok(answer),
    };
    match step(app, visitor, &request).await? {
        Step::Out(to) => Ok(Redirect::to(&to).into_response()),
        Step::Stop(stop) => pages::stop(app, address, stop),
        Step::Here(place) => wait(app, &request, place).await,
    }
}

/// The request, or the answer when it is refused.
async fn read(
    app: &App,
    address: &Address,
    given: Parameters,
    visitor: Option<&Visitor>,
) -> Result<Result<Request, Response>, Problem> {
    let (provider, account) = (app.provider().await?, visitor.map(|it| it.account.id));
    let checked = request::read_of(app.store(), provider, given, account, app.now()).await;
    Ok(match checked.map_err(|it| Problem::ours(&it))? {
        Ok(request) => Ok(request),
        Err(refusal) => Err(refused(app, address, &refusal, Straight::Yes)?),
    })
}

/// Keeps a request, and leads the person to a place from which it comes back.
async fn wait(app: &App, request: &Request, place: Place) -> Result<Response, Problem> {
    let mut entropy = app.entropy();
    let token = request::remember(app.store(), request, &mut *entropy).await;
    let token = token.map_err(|it| Problem::ours(&it))?;
    let lang = language(&request.ui_locales);
    Ok(Redirect::to(&place.href(lang, token.reveal())).into_response())
}

/// What comes next.
#[derive(Debug)]
enum Step {
    /// To the application.
    Out(String),
    Stop(Stop),
    Here(Place),
}

/// Where the person has something to do.
#[derive(Clone, Copy, Debug)]
enum Place {
    SignIn,
    Confirm,
    /// The question itself; whoever has nothing to answer is led on from there.
    Consent,
}

impl Place {
    /// Its address, from which the person comes back to the request.
    fn href(self, lang: Lang, token: &str) -> String {
        let back = format!("/openid/continue?request={token}");
        match self {
            Self::SignIn => local(lang, &format!("/sign-in?next={}", encoded(&back))),
            Self::Confirm => local(lang, &format!("/account/confirm?next={}", encoded(&back))),
            Self::Consent => local(lang, &back),
        }
    }
}

async fn step(app: &App, visitor: Option<&Visitor>, request: &Request) -> Result<Step, Problem> {
    let (store, provider, now) = (app.store(), app.provider().await?, app.now());
    let signed_in = visitor.map(|it| SignedIn::from(&it.session));
    let decision = decide(store, provider, request, signed_in.as_ref(), now).await;
    Ok(match (decision.map_err(|it| Problem::ours(&it))?, signed_in) {
        (Decision::SignIn(Reason::NotSignedIn), _) | (Decision::Ready, None) => {
            Step::Here(Place::SignIn)
        }
        (Decision::SignIn(Reason::Again | Reason::Better), _) => Step::Here(Place::Confirm),
        (Decision::Consent, _) => Step::Here(Place::Consent),
        (Decision::Refused(Refusal::Redirect { address, .. }), _) => Step::Out(address),
        (Decision::Refused(Refusal::Page(stop)), _) => Step::Stop(stop),
        (Decision::Ready, Some(signed_in)) => {
            let mut entropy = app.entropy();
            let to =
                decision::issue(store, provider, request, &signed_in, &mut *entropy, now).await;
            Step::Out(to.map_err(|it| Problem::ours(&it))?)
        }
    })
}

/// Whether a browser may be redirected: not when it comes from a form of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Straight {
    Yes,
    No,
}

fn refused(
    app: &App,
    address: &Address,
    refusal: &Refusal,
    straight: Straight,
) -> Result<Response, Problem> {
    match refusal {
        Refusal::Page(stop) => pages::stop(app, address, *stop),
        Refusal::Redirect { address: to, .. } if straight == Straight::Yes => {
            Ok(Redirect::to(to).into_response())
        }
        Refusal::Redirect { address: to, .. } => pages::onward(app, address, to),
    }
}

/// The request that waits, or the answer when there is none.
async fn waiting(
    app: &App,
    address: &Address,
    token: &str,
) -> Result<Result<Request, Response>, Problem> {
    let provider = app.provider().await?;
    let checked = request::recall(app.store(), provider, token, app.now()).await;
    Ok(match checked.map_err(|it| Problem::ours(&it))? {
        Ok(request) => Ok(request),
        Err(refusal) => Err(refused(app, address, &refusal, Straight::No)?),
    })
}

async fn forget(app: &App, token: &str) -> Result<(), Problem> {
    request::forget(app.store(), token).await.map_err(|it| Problem::ours(&it))
}

/// The person comes back to a request, after signing in or for the question.
pub(super) async fn go_on(
    State(app): State<App>,
    MayBeVisitor(visitor): MayBeVisitor,
    address: Address,
    Query(Waiting { request: token }): Query<Waiting>,
) -> Result<Response, Problem> {
    let request = match waiting(&app, &address, &token).await? {
        Ok(request) => request,
        Err(answer) => return Ok(answer),
    };
    match (step(&app, visitor.as_ref(), &request).await?, &visitor) {
        (Step::Out(to), _) => {
            forget(&app, &token).await?;
            pages::onward(&app, &address, &to)
        }
        (Step::Stop(stop), _) => pages::stop(&app, &address, stop),
        (Step::Here(Place::Consent), Some(visitor)) => {
            pages::consent(&app, visitor, &request, &token)
        }
        (Step::Here(place), _) => {
            Ok(Redirect::to(&place.href(address.lang, &token)).into_response())
        }
    }
}

/// The person has answered the question.
pub(super) async fn consent(
    State(app): State<App>,
    visitor: Visitor,
    Guarded { form, .. }: Guarded<ConsentForm>,
) -> Result<Response, Problem> {
    let address = &visitor.address;
    let request = match waiting(&app, address, &form.request).await? {
        Ok(request) => request,
        Err(answer) => return Ok(answer),
    };
    if form.answer == "yes" {
        consents::give(app.store(), &request, visitor.account.id, app.now())
            .await
            .map_err(|it| Problem::ours(&it))?;
        let back = format!("/openid/continue?request={}", encoded(&form.request));
        return Ok(Redirect::to(&local(address.lang, &back)).into_response());
    }
    forget(&app, &form.request).await?;
    let declined = decision::decline(app.provider().await?, &request);
    refused(&app, address, &declined, Straight::No)
}
