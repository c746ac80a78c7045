//! `/sign-in`: the password, then a code where there is a second factor; and signing out.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, Html, IntoResponse, Redirect, Response};
use network::outside;
use network::passwords::Password;
use network::recovery_codes::RecoveryCode;
use network::secret::Token;
use network::sessions::{self, Ending};
use network::sign_in::{Code, Factors, Opened, SignInError, Step};
use serde::Deserialize;

use super::cookies::Cookie;
use super::forms::{Guarded, csrf_of};
use super::visitor::{Caller, MayBeVisitor, encoded, way_on};
use crate::app::App;
use crate::extract::{Address, Query};
use crate::frame::{Frame, Section};
use crate::problem::{Kind, Problem};
use crate::text::Text;

#[derive(Debug, Template)]
#[template(path = "network/sign_in.html")]
struct SignInPage {
    t: Text,
    frame: Frame,
    csrf: String,
    next: String,
    login: String,
    password: String,
    fault: Option<String>,
    /// Code and name of the houses with whose accounts people may sign in.
    providers: Vec<(String, String)>,
    demonstrated: Vec<DemonstratedLine>,
}

#[derive(Debug)]
struct DemonstratedLine {
    login: String,
    title: String,
    href: String,
}

#[derive(Debug, Template)]
#[template(path = "network/second_step.html")]
struct SecondStepPage {
    t: Text,
    frame: Frame,
    csrf: String,
    next: String,
    factors: Factors,
    fault: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    next: String,
    /// A demonstrated account that is to be filled in.
    #[serde(rename = "as", default)]
    login: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct PasswordForm {
    #[serde(default)]
    login: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct CodeForm {
    #[serde(default)]
    code: String,
    #[serde(default)]
    next: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Nothing {}

impl SignInPage {
    async fn new(
        app: &App,
        address: &Address,
        next: &str,
        device: &Token,
    ) -> Result<Self, Problem> {
        let t = Text::new(address.lang);
        let next = way_on(next).to_owned();
        let line = |it: &crate::app::Demonstrated| DemonstratedLine {
            login: it.login.clone(),
            title: t.of(&it.title).to_owned(),
            href: t.href(&format!("/sign-in?as={}&next={}", encoded(&it.login), encoded(&next))),
        };
        let providers = outside::list(app.store(), app.key()).await;
        let providers = providers.map_err(|it| Problem::ours(&it))?;
        let named = |it: &outside::Provider| (it.code.to_string(), t.of(&it.name).to_owned());
        Ok(Self {
            t,
            frame: frame(app, address),
            csrf: csrf_of(device),
            providers: providers.iter().map(named).collect(),
            demonstrated: app.surroundings().demonstrated.iter().map(line).collect(),
            next,
            login: String::new(),
            password: String::new(),
            fault: None,
        })
    }
}

fn frame(app: &App, address: &Address) -> Frame {
    Frame::new(address.lang, &address.path, Section::Desk)
        .generated(app.generated().as_deref())
        .script("passkey.js")
}

/// A page with a status of its own.
pub(crate) fn rendered(status: StatusCode, page: &impl Template) -> Result<Response, Problem> {
    let html = page.render().map_err(|it| Problem::ours(&it))?;
    Ok((status, Html(html)).into_response())
}

pub(super) async fn show(
    State(app): State<App>,
    caller: Caller,
    MayBeVisitor(visitor): MayBeVisitor,
    address: Address,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    if visitor.is_some() && asked.login.is_empty() {
        return Ok(Redirect::to(&Text::new(address.lang).href(way_on(&asked.next))).into_response());
    }
    let mut entropy = app.entropy();
    let device = caller.device.clone().unwrap_or_else(|| Token::new(&mut *entropy));
    // The form's secret follows from the session's cookie where the browser still brings one.
    let holder = Cookie::Session.read(&headers, caller.secure).unwrap_or_else(|| device.clone());
    let mut page = SignInPage::new(&app, &address, &asked.next, &holder).await?;
    let demonstrated = &app.surroundings().demonstrated;
    if let Some(it) = demonstrated.iter().find(|it| it.login == asked.login) {
        page.login.clone_from(&it.login);
        page.password.clone_from(&it.password);
    }
    let cookie = AppendHeaders([Cookie::Device.set(&device, caller.secure)]);
    Ok((cookie, rendered(StatusCode::OK, &page)?).into_response())
}

pub(super) async fn password(
    State(app): State<App>,
    address: Address,
    headers: HeaderMap,
    Guarded { form, caller }: Guarded<PasswordForm>,
) -> Result<Response, Problem> {
    let PasswordForm { login, password, next } = form;
    let (desk, at) = (app.desk(), app.now());
    let (at_the_desk, password) = (caller.at_the_desk(), Password::new(password));
    let answer = async {
        let admitted = desk.admit(&login, &at_the_desk, at).await?;
        let (cost, mut entropy) = (desk.cost, app.entropy());
        let compared = app.hashing(move || admitted.compare(&password, cost, &mut *entropy)).await;
        let compared = compared.map_err(Failure::Problem)??;
        let mut entropy = app.entropy();
        Ok::<_, Failure>(desk.go_on(compared, &at_the_desk, at, &mut *entropy).await?)
    };
    match answer.await {
        Ok(Step::Opened(opened)) => Ok(welcome(&opened, &caller, &address, &next)),
        Ok(Step::SecondFactor(token)) => {
            let to = format!("/sign-in/code?next={}", encoded(way_on(&next)));
            let cookie = AppendHeaders([Cookie::Step.set(&token, caller.secure)]);
            Ok((cookie, Redirect::to(&Text::new(address.lang).href(&to))).into_response())
        }
        Err(failure) => {
            let fault = failure.fault(&app, Text::new(address.lang))?;
            let holder = Cookie::Session.read(&headers, caller.secure).or(caller.device);
            let holder = holder.ok_or_else(|| Problem::new(Kind::NotFromHere, ""))?;
            let mut page = SignInPage::new(&app, &address, &next, &holder).await?;
            (page.login, page.fault) = (login, Some(fault));
            rendered(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

pub(super) async fn show_code(
    State(app): State<App>,
    caller: Caller,
    address: Address,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    second_step(&app, &caller, &address, &headers, &asked.next, None).await
}

/// The page that asks for a code; back to the password when that is too long ago.
async fn second_step(
    app: &App,
    caller: &Caller,
    address: &Address,
    headers: &HeaderMap,
    next: &str,
    fault: Option<String>,
) -> Result<Response, Problem> {
    let t = Text::new(address.lang);
    let holder = Cookie::Session.read(headers, caller.secure).or_else(|| caller.device.clone());
    let (Some(step), Some(holder)) = (&caller.step, holder) else {
        return Ok(Redirect::to(&t.href("/sign-in")).into_response());
    };
    let factors = match app.desk().second_step(step, app.now()).await {
        Ok((_, factors)) => factors,
        Err(SignInError::NotUnderWay) => {
            return Ok(Redirect::to(&t.href("/sign-in")).into_response());
        }
        Err(error) => return Err(Problem::ours(&error)),
    };
    let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let (csrf, next) = (csrf_of(&holder), way_on(next).to_owned());
    let page = SecondStepPage { t, frame: frame(app, address), csrf, next, factors, fault };
    rendered(status, &page)
}

pub(super) async fn code(
    State(app): State<App>,
    address: Address,
    headers: HeaderMap,
    Guarded { form, caller }: Guarded<CodeForm>,
) -> Result<Response, Problem> {
    let t = Text::new(address.lang);
    let Some(step) = caller.step.clone() else {
        return Ok(Redirect::to(&t.href("/sign-in")).into_response());
    };
    let (code, at, mut entropy) = (code_of(&form.code), app.now(), app.entropy());
    let at_the_desk = caller.at_the_desk();
    let opened = app.desk().show_code(&step, &code, &at_the_desk, at, &mut *entropy).await;
    match opened {
        Ok(opened) => Ok(welcome(&opened, &caller, &address, &form.next)),
        Err(error) => {
            let fault = Failure::from(error).fault(&app, t)?;
            second_step(&app, &caller, &address, &headers, &form.next, Some(fault)).await
        }
    }
}

/// Six digits are an authenticator's; anything else is a recovery code.
pub(super) fn code_of(typed: &str) -> Code {
    let digits: String = typed.chars().filter(|it| !it.is_whitespace()).collect();
    if digits.len() == 6 && digits.bytes().all(|it| it.is_ascii_digit()) {
        Code::Authenticator(digits)
    } else {
        Code::Recovery(RecoveryCode::typed(typed))
    }
}

/// Hands the session over and leads on.
pub(super) fn welcome(opened: &Opened, caller: &Caller, address: &Address, next: &str) -> Response {
    let cookies = AppendHeaders([
        Cookie::Session.set(&opened.token, caller.secure),
        Cookie::Device.set(&opened.device, caller.secure),
        Cookie::Step.clear(caller.secure),
    ]);
    let to = Text::new(address.lang).href(way_on(next));
    (cookies, Redirect::to(&to)).into_response()
}

pub(super) async fn out(
    State(app): State<App>,
    MayBeVisitor(visitor): MayBeVisitor,
    address: Address,
    Guarded { form: Nothing {}, caller }: Guarded<Nothing>,
) -> Result<Response, Problem> {
    if let Some(it) = visitor {
        let session = it.session;
        let ending = Ending::SignedOut;
        sessions::end(app.store(), session.account, session.id, ending, app.now())
            .await
            .map_err(|it| Problem::ours(&it))?;
    }
    let cookie = AppendHeaders([Cookie::Session.clear(caller.secure)]);
    Ok((cookie, Redirect::to(&Text::new(address.lang).href("/sign-in"))).into_response())
}

/// Why nobody was signed in: something to be told, or a problem.
#[derive(Debug)]
pub(super) enum Failure {
    SignIn(SignInError),
    Problem(Problem),
}

impl From<SignInError> for Failure {
    fn from(error: SignInError) -> Self {
        Self::SignIn(error)
    }
}

impl From<network::passwords::HashError> for Failure {
    fn from(error: network::passwords::HashError) -> Self {
        Self::SignIn(error.into())
    }
}

impl Failure {
    /// What is told; the same whether there is such an account or not.
    pub(super) fn fault(self, app: &App, t: Text) -> Result<String, Problem> {
        match self {
            Self::Problem(problem) => Err(problem),
            Self::SignIn(SignInError::Wrong) => Ok(t.get("sign-in-wrong")),
            Self::SignIn(SignInError::NotUnderWay) => Ok(t.get("sign-in-too-late")),
            Self::SignIn(SignInError::Passkey(error)) => match error {
                network::passkeys::PasskeyError::Store(_) => Err(Problem::ours(&error)),
                network::passkeys::PasskeyError::NotUnderWay
                | network::passkeys::PasskeyError::NotKnown
                | network::passkeys::PasskeyError::TooMany
                | network::passkeys::PasskeyError::Taken
                | network::passkeys::PasskeyError::Unsound(_) => Ok(t.get("sign-in-no-passkey")),
            },
            Self::SignIn(SignInError::Wait(wait)) => {
                Ok(t.with("sign-in-wait", "until", app.city_time().to_the_second(wait.until)))
            }
            Self::SignIn(
                error @ (SignInError::Hash(_) | SignInError::Totp(_) | SignInError::Store(_)),
            ) => Err(Problem::ours(&error)),
        }
    }
}
