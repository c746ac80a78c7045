//! A request at the authorisation endpoint, taken apart and checked (OpenID Connect Core 3.1.2, RFC 6749, RFC 7636).

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use store::{Store, StoreError, on_db};

use super::data::{Claim, Scope};
use super::refusal::{Code, Denial, Refusal, Stop, answered};
use super::relation::{self, Relation};
use super::{OpenidError, Provider, REQUEST_LIFETIME, jwt};
use crate::applications::{self, Application, ApplicationCode};
use crate::id::AccountId;
use crate::rows;
use crate::secret::{Token, sha256};
use model::Entropy;

mod parameters;
mod wanted;

pub use self::parameters::Parameters;
pub(super) use self::wanted::Wanted;

/// What an application asks for, checked.
#[derive(Clone, Debug)]
pub struct Request {
    pub application: Application,
    /// When it came: a sign-in after that is one for it.
    pub begun_at: Timestamp,
    /// Scopes that are known here; others are ignored.
    pub scopes: BTreeSet<Scope>,
    /// What it wants to see, of what it may.
    pub data: BTreeSet<Claim>,
    /// What of that it wants in the ID token.
    pub id_token_data: BTreeSet<Claim>,
    pub login_hint: Option<String>,
    pub ui_locales: Vec<String>,
    /// What whoever is signed in has to do with the application, where that was read with it.
    pub(super) relation: Option<Relation>,
    parameters: Parameters,
    redirect: String,
    state: Option<String>,
    pub(super) nonce: Option<String>,
    pub(super) challenge: Option<String>,
    pub(super) prompt: Prompt,
    pub(super) max_age: Option<SignedDuration>,
    /// The subject that must be the one signed in.
    pub(super) hinted_subject: Option<String>,
    /// How well the person must have proved itself, when that is essential.
    pub(super) essential_acr: BTreeSet<String>,
}

/// What may be shown to the person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Prompt {
    pub(super) none: bool,
    pub(super) login: bool,
    pub(super) consent: bool,
}

/// What a request ends with: it is fit, or it is refused.
pub type Checked = Result<Request, Refusal>;

/// Takes a request apart.
pub async fn read(
    store: &Store,
    provider: &Provider,
    parameters: Parameters,
    begun_at: Timestamp,
) -> Result<Checked, OpenidError> {
    read_of(store, provider, parameters, None, begun_at).await
}

/// Takes a request apart that came just now from somebody who is signed in, and is to be decided at once.
pub async fn read_of(
    store: &Store,
    provider: &Provider,
    parameters: Parameters,
    account: Option<AccountId>,
    begun_at: Timestamp,
) -> Result<Checked, OpenidError> {
    let Some((application, relation)) = named(store, &parameters, account, begun_at).await? else {
        return Ok(Err(Refusal::Page(Stop::NoApplication)));
    };
    if !application.holds_at(begun_at) {
        return Ok(Err(Refusal::Page(Stop::NoApplication)));
    }
    // Compared as it is written: the address goes to whoever is behind it, with a code.
    let redirect = parameters.get("redirect_uri").unwrap_or_default().to_owned();
    if !application.registration.redirects.contains(&redirect) {
        return Ok(Err(Refusal::Page(Stop::NoRedirect)));
    }
    if parameters.has_twice(&["client_id", "redirect_uri", "state"]) {
        return Ok(Err(Refusal::Page(Stop::Twice)));
    }
    let state = parameters.get("state").map(str::to_owned);
    let back = Back { issuer: provider.issuer(), redirect: &redirect, state: state.as_deref() };
    let checked = check(provider, &application, &parameters, begun_at);
    let checked = match checked {
        Ok(checked) => checked,
        Err(denial) => return Ok(Err(back.denied(denial))),
    };
    Ok(Ok(Request { application, begun_at, relation, parameters, redirect, state, ..checked }))
}

/// The application that a request names.
async fn named(
    store: &Store,
    parameters: &Parameters,
    account: Option<AccountId>,
    now: Timestamp,
) -> Result<Option<(Application, Option<Relation>)>, OpenidError> {
    let code = parameters.get("client_id").and_then(|it| it.parse::<ApplicationCode>().ok());
    let Some(code) = code else { return Ok(None) };
    Ok(match account {
        Some(account) => {
            let found = relation::find(store, &code, account, now).await?;
            found.map(|(application, relation)| (application, Some(relation)))
        }
        None => applications::find(store, &code).await?.map(|it| (it, None)),
    })
}

/// All of a request but where it goes back to. What is left out here is filled in by [`read`].
fn check(
    provider: &Provider,
    application: &Application,
    given: &Parameters,
    begun_at: Timestamp,
) -> Result<Request, Denial> {
    if given.has_any_twice() {
        return Err(Denial::new(Code::InvalidRequest, "a parameter is given twice"));
    }
    refuse_unsupported(given)?;
    let challenge = challenge(application, given)?;
    let scopes: BTreeSet<Scope> = super::data::known(given.get("scope").unwrap_or_default());
    if !scopes.contains(&Scope::Openid) {
        return Err(Denial::new(Code::InvalidScope, "scope must contain openid"));
    }
    let wanted = match given.get("claims") {
        Some(text) => Wanted::parse(text)?,
        None => Wanted::default(),
    };
    let allowed = &application.registration.data;
    let id_token_data: BTreeSet<Claim> = wanted.id_token.intersection(allowed).copied().collect();
    let asked = scopes.iter().flat_map(|it| it.claims()).chain(&wanted.userinfo);
    let data = asked.chain(&id_token_data).filter(|it| allowed.contains(it)).copied().collect();
    let prompt = prompt(given)?;
    let max_age = match given.get("max_age").map(str::parse::<u32>) {
        None => None,
        Some(Ok(seconds)) => Some(SignedDuration::from_secs(i64::from(seconds))),
        Some(Err(_)) => {
            return Err(Denial::new(Code::InvalidRequest, "max_age must be a number of seconds"));
        }
    };
    let hinted = match given.get("id_token_hint") {
        Some(hint) => Some(hinted_subject(provider, hint, begun_at)?),
        None => None,
    };
    Ok(Request {
        application: application.clone(),
        begun_at,
        // Without leave to keep its access, the application is not refused; it is not given it.
        scopes: scopes
            .into_iter()
            .filter(|it| *it != Scope::OfflineAccess || application.registration.offline)
            .collect(),
        data,
        id_token_data,
        login_hint: given.get("login_hint").map(str::to_owned),
        ui_locales: given.words("ui_locales").map(str::to_owned).collect(),
        relation: None,
        parameters: Parameters::default(),
        redirect: String::new(),
        state: None,
        nonce: given.get("nonce").map(str::to_owned),
        challenge,
        prompt,
        max_age,
        hinted_subject: hinted.or(wanted.subject),
        essential_acr: wanted.essential_acr,
    })
}

fn refuse_unsupported(given: &Parameters) -> Result<(), Denial> {
    match given.get("response_type") {
        Some("code") => {}
        Some(_) => {
            return Err(Denial::new(
                Code::UnsupportedResponseType,
                "the only response_type is code",
            ));
        }
        None => return Err(Denial::new(Code::InvalidRequest, "response_type is missing")),
    }
    if given.get("response_mode").is_some_and(|it| it != "query") {
        return Err(Denial::new(Code::InvalidRequest, "the only response_mode is query"));
    }
    let unsupported = [
        ("request", Code::RequestNotSupported),
        ("request_uri", Code::RequestUriNotSupported),
        ("registration", Code::RegistrationNotSupported),
    ];
    for (name, code) in unsupported {
        if given.get(name).is_some() {
            return Err(Denial::new(code, "send the parameters themselves"));
        }
    }
    Ok(())
}

/// The challenge of RFC 7636, with SHA-256 only: `plain` proves nothing to whoever reads along.
fn challenge(application: &Application, given: &Parameters) -> Result<Option<String>, Denial> {
    let method = given.get("code_challenge_method");
    let Some(challenge) = given.get("code_challenge") else {
        let required = application.registration.proof_required;
        return match (required, method) {
            (false, None) => Ok(None),
            (_, Some(_)) => Err(Denial::new(Code::InvalidRequest, "code_challenge is missing")),
            (true, None) => Err(Denial::new(
                Code::InvalidRequest,
                "this application must send a code_challenge (PKCE)",
            )),
        };
    };
    if method != Some("S256") {
        return Err(Denial::new(Code::InvalidRequest, "code_challenge_method must be S256"));
    }
    let of_alphabet = |it: u8| it.is_ascii_alphanumeric() || it == b'-' || it == b'_';
    if challenge.len() != 43 || !challenge.bytes().all(of_alphabet) {
        return Err(Denial::new(Code::InvalidRequest, "code_challenge is no SHA-256 in base64url"));
    }
    Ok(Some(challenge.to_owned()))
}

fn prompt(given: &Parameters) -> Result<Prompt, Denial> {
    let mut prompt = Prompt::default();
    let mut words = 0;
    for word in given.words("prompt") {
        words += 1;
        match word {
            "none" => prompt.none = true,
            // Whoever wants another account signs in anew.
            "login" | "select_account" => prompt.login = true,
            "consent" => prompt.consent = true,
            _ => return Err(Denial::new(Code::InvalidRequest, "prompt has an unknown value")),
        }
    }
    if prompt.none && words > 1 {
        return Err(Denial::new(Code::InvalidRequest, "prompt none stands alone"));
    }
    Ok(prompt)
}

fn hinted_subject(provider: &Provider, hint: &str, now: Timestamp) -> Result<String, Denial> {
    let subject = jwt::recognised(provider, hint, now)
        .and_then(|it| it.get("sub")?.as_str().map(str::to_owned));
    subject.ok_or(Denial::new(Code::InvalidRequest, "id_token_hint is no ID token of ours"))
}

/// Where an answer goes.
#[derive(Debug)]
struct Back<'a> {
    issuer: &'a str,
    redirect: &'a str,
    state: Option<&'a str>,
}

impl Back<'_> {
    fn with(&self, members: &[(&str, &str)]) -> String {
        let mut answer = members.to_vec();
        answer.extend(self.state.map(|it| ("state", it)));
        // RFC 9207: an application that talks to several providers sees which one answers.
        answer.push(("iss", self.issuer));
        answered(self.redirect, &answer)
    }

    fn denied(&self, denial: Denial) -> Refusal {
        let members = [("error", denial.code.as_str()), ("error_description", denial.description)];
        Refusal::Redirect { address: self.with(&members), denial }
    }
}

impl Request {
    fn back<'a>(&'a self, provider: &'a Provider) -> Back<'a> {
        Back { issuer: provider.issuer(), redirect: &self.redirect, state: self.state.as_deref() }
    }

    /// The address that brings a denial to the application.
    pub(super) fn denied(&self, provider: &Provider, denial: Denial) -> Refusal {
        self.back(provider).denied(denial)
    }

    /// The address that brings a code to the application.
    pub(super) fn granted(&self, provider: &Provider, code: &Token) -> String {
        self.back(provider).with(&[("code", code.reveal())])
    }

    /// The address that the answer goes to, as it was registered.
    pub fn redirect(&self) -> &str {
        &self.redirect
    }

    /// Whether the application wants to keep its access while nobody is there.
    pub fn is_offline(&self) -> bool {
        self.scopes.contains(&Scope::OfflineAccess)
    }
}

/// Keeps a request until the person has signed in and consented. The token leads back to it.
pub async fn remember(
    store: &Store,
    request: &Request,
    entropy: &mut dyn Entropy,
) -> Result<Token, OpenidError> {
    const REMEMBER: &str = include_str!("request/remember_request.sql");

    let token = Token::new(entropy);
    let parameters = request.parameters.written();
    on_db!(store, pool => {
        sqlx::query(REMEMBER)
            .bind(token.hash())
            .bind(&parameters)
            .bind(request.begun_at.as_microsecond())
            .execute(pool)
            .await
            .map(|_| ())
    })
    .map_err(StoreError::doing("keep a request of an application"))?;
    Ok(token)
}

/// The request that a token leads back to, checked again: the application may have ended meanwhile.
pub async fn recall(
    store: &Store,
    provider: &Provider,
    token: &str,
    now: Timestamp,
) -> Result<Checked, OpenidError> {
    const RECALL: &str = include_str!("request/recall_request.sql");

    let since = super::later(now, -REQUEST_LIFETIME)?;
    let row: Option<(String, i64)> = on_db!(store, pool => {
        sqlx::query_as(RECALL)
            .bind(sha256(token.as_bytes()))
            .bind(since.as_microsecond())
            .fetch_optional(pool)
            .await
    })
    .map_err(StoreError::doing("read a request of an application"))?;
    let Some((parameters, begun_at)) = row else {
        return Ok(Err(Refusal::Page(Stop::Gone)));
    };
    let parameters = Parameters::parse(&parameters);
    read(store, provider, parameters, rows::instant("begun_at", begun_at)?).await
}

/// Forgets a request that was answered.
pub async fn forget(store: &Store, token: &str) -> Result<(), OpenidError> {
    const FORGET: &str = include_str!("request/forget_request.sql");

    on_db!(store, pool => {
        sqlx::query(FORGET).bind(sha256(token.as_bytes())).execute(pool).await.map(|_| ())
    })
    .map_err(StoreError::doing("forget a request of an application"))?;
    Ok(())
}
