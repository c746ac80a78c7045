//! `/sign-in/outside`: signing in with an account of another house.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use network::AccountId;
use network::accounts::Account;
use network::outside::{self, Answered, Ask, Description, OutsideError, Proven, ProviderCode};
use network::sign_in::Step;
use serde::Deserialize;

use super::cookies::Cookie;
use super::forms::{Guarded, csrf};
use super::openid::onward;
use super::sign_in::{rendered, welcome};
use super::start::home;
use super::visitor::{Caller, encoded, way_on};
use crate::app::App;
use crate::extract::{Address, Query};
use crate::frame::{Frame, Section};
use crate::problem::{Kind, Problem};
use crate::text::{Lang, Text};

/// Where browsers come back to; it is registered with each provider.
const BACK: &str = "/sign-in/outside/back";

/// Where somebody with several accounts chooses one.
const CHOICE: &str = "/sign-in/outside/choice";

/// Why nobody was signed in.
#[derive(Debug, Template)]
#[template(path = "network/outside.html")]
struct OutsidePage {
    t: Text,
    frame: Frame,
    title: String,
    detail: String,
}

/// Which of several accounts it is to be.
#[derive(Debug, Template)]
#[template(path = "network/outside_choice.html")]
struct ChoicePage {
    t: Text,
    frame: Frame,
    csrf: String,
    accounts: Vec<ChoiceLine>,
}

#[derive(Debug)]
struct ChoiceLine {
    id: String,
    login: String,
    home: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct ChoiceForm {
    #[serde(default)]
    account: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct LeavingForm {
    #[serde(default)]
    provider: String,
    #[serde(default)]
    next: String,
}

/// Sends a browser to a provider.
pub(super) async fn leave(
    State(app): State<App>,
    address: Address,
    Guarded { form, caller }: Guarded<LeavingForm>,
) -> Result<Response, Problem> {
    let (t, network) = (Text::new(address.lang), &caller.origin.network);
    // Each asks the registry for room and the provider for an answer.
    if let Some(seconds) = app.leaving().wait(network, app.now()) {
        let wait = [(header::RETRY_AFTER, seconds.to_string())];
        let page = told(&app, &address, StatusCode::TOO_MANY_REQUESTS, "outside-wait")?;
        return Ok((wait, page).into_response());
    }
    app.leaving().note(network, app.now());
    let next = t.href(way_on(&form.next));
    match leaving(&app, &form.provider, &next).await {
        Ok((proof, to)) => {
            let cookie = AppendHeaders([Cookie::Step.set(&proof, caller.secure)]);
            Ok((cookie, onward(&app, &address, &to)?).into_response())
        }
        Err(error) => failed(&app, &address, &error),
    }
}

/// The secret for the browser, and where it goes.
async fn leaving(
    app: &App,
    provider: &str,
    next: &str,
) -> Result<(network::secret::Token, String), OutsideError> {
    let code: ProviderCode =
        provider.parse().map_err(|_| OutsideError::Unfit("no provider is named"))?;
    let provider = outside::find(app.store(), app.key(), &code).await?;
    let description = described(app, &provider).await?;
    let mut entropy = app.entropy();
    let under_way = outside::begin(app.store(), &provider, next, &mut *entropy, app.now()).await?;
    let to = outside::address(&provider, &description, &under_way, &back(app))?;
    Ok((under_way.proof, to))
}

fn back(app: &App) -> String {
    format!("{}{BACK}", app.surroundings().origin)
}

async fn described(app: &App, provider: &outside::Provider) -> Result<Description, OutsideError> {
    Description::read(provider, &asked(app, outside::ask_description(provider)).await?)
}

/// What a provider answers.
async fn asked(app: &App, ask: Ask) -> Result<Vec<u8>, OutsideError> {
    (app.surroundings().ask)(ask).await.map_err(|error| {
        // The address is the provider's own; whoever runs the centre is the one who can act.
        tracing::warn!(error = &*error, "an identity provider did not answer");
        OutsideError::Unfit("it does not answer")
    })
}

/// A browser comes back from a provider.
pub(super) async fn come_back(
    State(app): State<App>,
    caller: Caller,
    mut address: Address,
    Query(answered): Query<Answered>,
) -> Result<Response, Problem> {
    let under_way = match &caller.step {
        Some(proof) => outside::take(app.store(), proof, app.now()).await,
        None => Ok(None),
    };
    let under_way = under_way.map_err(|it| Problem::ours(&it))?;
    let over = AppendHeaders([Cookie::Step.clear(caller.secure)]);
    let Some(under_way) = under_way else {
        let page = told(&app, &address, StatusCode::FORBIDDEN, "outside-too-late")?;
        return Ok((over, page).into_response());
    };
    let (lang, next) = Lang::of_path(&under_way.next);
    address.lang = lang;
    let (provider, proven) = match proving(&app, &under_way, &answered).await {
        Ok(proven) => proven,
        Err(error) => return Ok((over, failed(&app, &address, &error)?).into_response()),
    };
    let accounts = outside::accounts(app.store(), &proven.identity).await;
    let mut entropy = app.entropy();
    match accounts.map_err(|it| Problem::ours(&it))?.as_slice() {
        [] => {
            let proven = introduced(&app, &provider, proven).await;
            outside::wait(app.store(), &provider, &proven, &mut *entropy, app.now())
                .await
                .map_err(|it| Problem::ours(&it))?;
            let page = told(&app, &address, StatusCode::FORBIDDEN, "outside-not-linked")?;
            Ok((over, page).into_response())
        }
        [only] => vouched(&app, &caller, &address, only.id, next).await,
        [first, ..] => {
            let (identity, next) = (&proven.identity, &under_way.next);
            let proof =
                outside::offer(app.store(), identity, first, next, &mut *entropy, app.now()).await;
            let proof = proof.map_err(|it| Problem::ours(&it))?;
            let cookie = AppendHeaders([Cookie::Step.set(&proof, caller.secure)]);
            Ok((cookie, Redirect::to(&Text::new(lang).href(CHOICE))).into_response())
        }
    }
}

/// Signs somebody in whom a provider has vouched for.
async fn vouched(
    app: &App,
    caller: &Caller,
    address: &Address,
    account: AccountId,
    next: &str,
) -> Result<Response, Problem> {
    let (at_the_desk, mut entropy) = (caller.at_the_desk(), app.entropy());
    let step = app.desk().vouch(account, &at_the_desk, app.now(), &mut *entropy).await;
    match step.map_err(|it| Problem::ours(&it))? {
        Step::Opened(opened) => Ok(welcome(&opened, caller, address, next)),
        Step::SecondFactor(token) => {
            let to = format!("/sign-in/code?next={}", encoded(way_on(next)));
            let cookie = AppendHeaders([Cookie::Step.set(&token, caller.secure)]);
            Ok((cookie, Redirect::to(&Text::new(address.lang).href(&to))).into_response())
        }
    }
}

/// Somebody with several accounts is asked which one it is to be.
pub(super) async fn show_choice(
    State(app): State<App>,
    caller: Caller,
    address: Address,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let offer = match &caller.step {
        Some(proof) => outside::offered(app.store(), proof, app.now()).await,
        None => Ok(None),
    };
    let offer = offer.map_err(|it| Problem::ours(&it))?;
    let (Some(offer), Some(csrf)) = (offer, csrf(&headers, caller.secure)) else {
        return told(&app, &address, StatusCode::FORBIDDEN, "outside-too-late");
    };
    let t = Text::new(address.lang);
    let line = |it: &Account| ChoiceLine {
        id: it.id.to_string(),
        login: it.login.as_str().to_owned(),
        home: home(&app, t, &it.home),
    };
    let accounts = offer.accounts.iter().map(line).collect();
    rendered(StatusCode::OK, &ChoicePage { t, frame: frame(&app, &address), csrf, accounts })
}

/// Somebody has chosen.
pub(super) async fn choose(
    State(app): State<App>,
    address: Address,
    Guarded { form, caller }: Guarded<ChoiceForm>,
) -> Result<Response, Problem> {
    let chosen = match (&caller.step, form.account.parse()) {
        (Some(proof), Ok(account)) => outside::choose(app.store(), proof, account, app.now()).await,
        (_, _) => Ok(None),
    };
    let Some((account, next)) = chosen.map_err(|it| Problem::ours(&it))? else {
        let over = AppendHeaders([Cookie::Step.clear(caller.secure)]);
        let page = told(&app, &address, StatusCode::FORBIDDEN, "outside-too-late")?;
        return Ok((over, page).into_response());
    };
    let (_, next) = Lang::of_path(&next);
    vouched(&app, &caller, &address, account, next).await
}

/// Who signed in there.
async fn proving(
    app: &App,
    under_way: &outside::UnderWay,
    answered: &Answered,
) -> Result<(outside::Provider, Proven), OutsideError> {
    let provider = outside::find(app.store(), app.key(), &under_way.provider).await?;
    let description = described(app, &provider).await?;
    let code = description.code(under_way, answered)?;
    let tokens = outside::ask_tokens(&provider, &description, under_way, code, &back(app));
    let tokens = asked(app, tokens).await?;
    let keys = asked(app, outside::ask_keys(&description)).await?;
    let proven = outside::prove(&provider, under_way, &keys, &tokens, app.now())?;
    Ok((provider, proven))
}

/// With what the provider calls the person, as far as it tells.
async fn introduced(app: &App, provider: &outside::Provider, proven: Proven) -> Proven {
    let Ok(description) = described(app, provider).await else {
        return proven;
    };
    match outside::ask_person(&description, &proven) {
        Some(ask) => match asked(app, ask).await {
            Ok(said) => proven.told(&said),
            Err(_) => proven,
        },
        None => proven,
    }
}

/// The provider's fault is told without a word of what it said; ours is a problem.
fn failed(app: &App, address: &Address, error: &OutsideError) -> Result<Response, Problem> {
    match error {
        OutsideError::Unfit(_) => {
            tracing::warn!(error = %error, "nobody was signed in by an identity provider");
            told(app, address, StatusCode::FORBIDDEN, "outside-failed")
        }
        OutsideError::Unknown(_) => Err(Problem::new(Kind::NotFound, &address.path)),
        OutsideError::Taken(_)
        | OutsideError::Issuer(_)
        | OutsideError::NoRequest(_)
        | OutsideError::IdentityTaken
        | OutsideError::Sealed(_)
        | OutsideError::Store(_) => Err(Problem::ours(error)),
    }
}

fn told(app: &App, address: &Address, status: StatusCode, key: &str) -> Result<Response, Problem> {
    let t = Text::new(address.lang);
    let page = OutsidePage {
        t,
        frame: frame(app, address),
        title: t.get(key),
        detail: t.get(&format!("{key}-detail")),
    };
    rendered(status, &page)
}

fn frame(app: &App, address: &Address) -> Frame {
    // What came with the address is nobody else's business.
    let path = address.path.split('?').next().unwrap_or_default();
    Frame::new(address.lang, path, Section::Desk).generated(app.generated().as_deref())
}
