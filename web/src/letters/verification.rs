//! `/verify`: whether a letter is what it claims to be, for anyone who holds it.
//!
//! **Invariant:** it tells of a letter what whoever holds it can read on it, and names no person. A file that is brought
//! is looked at and not kept. Whoever guesses has to wait, as at the sign-in.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use casework::letters::{self, IssuedLetter, Language, LetterNumber};
use documents::Verdict;
use network::lockout::{self, Try, Wait};
use network::secret::Token;
use serde::Deserialize;

use super::brought::GuardedFile;
use crate::app::App;
use crate::extract::{Address, Path, Query};
use crate::frame::{Frame, Section};
use crate::instant::Instant;
use crate::network::cookies::Cookie;
use crate::network::forms::csrf_of;
use crate::network::sign_in::rendered;
use crate::network::visitor::{Caller, encoded};
use crate::problem::Problem;
use crate::text::Text;

/// Largest file that is looked at. Ours have some hundred kilobytes.
pub(super) const MOST: usize = 8 << 20;

#[derive(Debug, Template)]
#[template(path = "letters/verify.html")]
struct VerifyPage {
    t: Text,
    frame: Frame,
    csrf: String,
    number: String,
    answer: Option<Answer>,
}

/// What can be said, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    Valid,
    Revoked,
    Unknown,
    Altered,
    NotOurs,
    Unregistered,
    NoFile,
    Wait,
}

impl Word {
    /// Keys of the word and of the sentence below it.
    const fn keys(self) -> (&'static str, &'static str) {
        match self {
            Self::Valid => ("verify-valid", "verify-valid-detail"),
            Self::Revoked => ("verify-revoked", "verify-revoked-detail"),
            Self::Unknown => ("verify-unknown", "verify-unknown-detail"),
            Self::Altered => ("verify-altered", "verify-altered-detail"),
            Self::NotOurs => ("verify-not-ours", "verify-not-ours-detail"),
            Self::Unregistered => ("verify-unregistered", "verify-unregistered-detail"),
            Self::NoFile => ("verify-no-file", "verify-no-file-detail"),
            Self::Wait => ("verify-wait", "verify-wait-detail"),
        }
    }

    /// The class that gives it its mark.
    const fn class(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::NoFile | Self::Wait => "open",
            Self::Revoked | Self::Unknown | Self::Altered | Self::NotOurs | Self::Unregistered => {
                "invalid"
            }
        }
    }

    const fn status(self) -> StatusCode {
        match self {
            Self::Unknown => StatusCode::NOT_FOUND,
            Self::NoFile => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Wait => StatusCode::TOO_MANY_REQUESTS,
            Self::Valid | Self::Revoked | Self::Altered | Self::NotOurs | Self::Unregistered => {
                StatusCode::OK
            }
        }
    }
}

/// What is said.
#[derive(Debug)]
struct Answer {
    word: Word,
    detail: String,
    letter: Option<LetterLines>,
    signing: Option<SigningLines>,
}

/// What a letter attests.
#[derive(Debug)]
struct LetterLines {
    number: String,
    reference: String,
    title: String,
    issuer: String,
    language: String,
    issued: Instant,
    revoked: Option<Instant>,
    hash: String,
}

/// Who signed a file that was brought.
#[derive(Debug)]
struct SigningLines {
    signer: String,
    key: String,
    at: Instant,
    retired: Option<Instant>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    number: String,
}

impl Answer {
    fn plain(t: Text, word: Word) -> Self {
        let detail = t.get(word.keys().1);
        Self { word, detail, letter: None, signing: None }
    }

    fn of_letter(app: &App, t: Text, letter: &IssuedLetter) -> Self {
        let word = if letter.revoked.is_some() { Word::Revoked } else { Word::Valid };
        Self { letter: Some(LetterLines::new(app, t, letter)), ..Self::plain(t, word) }
    }

    fn wait(app: &App, t: Text, wait: Wait) -> Self {
        let until = app.city_time().to_the_second(wait.until);
        Self { detail: t.with(Word::Wait.keys().1, "until", until), ..Self::plain(t, Word::Wait) }
    }
}

impl LetterLines {
    fn new(app: &App, t: Text, letter: &IssuedLetter) -> Self {
        let language = match letter.language {
            Language::Chinese => "verify-in-chinese",
            Language::English => "verify-in-english",
        };
        Self {
            number: letter.number.to_string(),
            reference: letter.reference.clone(),
            title: t.of(&letter.title).to_owned(),
            issuer: t.of(&letter.issuer).to_owned(),
            language: t.get(language),
            issued: app.instant(letter.issued_at),
            revoked: letter.revoked.as_ref().map(|it| app.instant(it.at)),
            hash: letter.hash.clone(),
        }
    }
}

pub(super) async fn show(
    State(app): State<App>,
    caller: Caller,
    address: Address,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let number = asked.number.trim();
    if number.is_empty() {
        return page(&app, &caller, &address, &headers, "", None);
    }
    let shown =
        number.parse().map_or_else(|_| number.to_owned(), |it: LetterNumber| it.to_string());
    let to =
        Text::new(address.lang).href(&format!("/verify/{}", encoded(&shown).replace('/', "%2F")));
    Ok(Redirect::to(&to).into_response())
}

pub(super) async fn of_number(
    State(app): State<App>,
    caller: Caller,
    address: Address,
    headers: HeaderMap,
    Path(number): Path<String>,
) -> Result<Response, Problem> {
    let t = Text::new(address.lang);
    let answer = match number.parse::<LetterNumber>() {
        Err(_) => Answer::plain(t, Word::Unknown),
        Ok(number) => match admit(&app, &caller).await? {
            Err(wait) => Answer::wait(&app, t, wait),
            Ok(admitted) => {
                let found = letters::find(app.store(), &number).await;
                match found.map_err(|it| Problem::ours(&it))? {
                    None => Answer::plain(t, Word::Unknown),
                    Some(letter) => {
                        forgive(&app, &admitted).await?;
                        Answer::of_letter(&app, t, &letter)
                    }
                }
            }
        },
    };
    page(&app, &caller, &address, &headers, &number, Some(answer))
}

pub(super) async fn check(
    State(app): State<App>,
    address: Address,
    headers: HeaderMap,
    GuardedFile { caller, file }: GuardedFile<MOST>,
) -> Result<Response, Problem> {
    let t = Text::new(address.lang);
    let answer = match (file, admit(&app, &caller).await?) {
        (None, _) => Answer::plain(t, Word::NoFile),
        (_, Err(wait)) => Answer::wait(&app, t, wait),
        (Some(file), Ok(admitted)) => {
            let answer = judge(&app, t, file).await?;
            if answer.letter.is_some() {
                forgive(&app, &admitted).await?;
            }
            answer
        }
    };
    page(&app, &caller, &address, &headers, "", Some(answer))
}

/// Signature and hash of a file.
async fn judge(app: &App, t: Text, file: Vec<u8>) -> Result<Answer, Problem> {
    let seals = app.seals();
    let judging = move || {
        let verdict = seals.map_or(Verdict::NotOurs, |it| documents::verify(&file, &it));
        (verdict, file)
    };
    let (verdict, file) = app.hashing(judging).await?;
    let (signing, retired) = match verdict {
        Verdict::Altered => return Ok(Answer::plain(t, Word::Altered)),
        Verdict::NotOurs => return Ok(Answer::plain(t, Word::NotOurs)),
        Verdict::Intact(signing) => (signing, None),
        Verdict::Retired { signing, retired_at } => (signing, Some(retired_at)),
    };
    let signing = SigningLines {
        signer: signing.signer,
        key: signing.key.to_string(),
        at: app.instant(signing.signed_at),
        retired: retired.map(|at| app.instant(at)),
    };
    let found = letters::of_hash(app.store(), &file).await.map_err(|it| Problem::ours(&it))?;
    let answer = match found {
        Some(letter) => Answer::of_letter(app, t, &letter),
        None => Answer::plain(t, Word::Unregistered),
    };
    Ok(Answer { signing: Some(signing), ..answer })
}

async fn admit(app: &App, caller: &Caller) -> Result<Result<Try, Wait>, Problem> {
    let (store, key) = (app.store(), &app.surroundings().key);
    let admitted = lockout::admit_guess(store, key, "letter", &caller.origin.network, app.now());
    admitted.await.map_err(|it| Problem::ours(&it))
}

async fn forgive(app: &App, admitted: &Try) -> Result<(), Problem> {
    lockout::succeeded(app.store(), admitted).await.map_err(|it| Problem::ours(&it))
}

fn page(
    app: &App,
    caller: &Caller,
    address: &Address,
    headers: &HeaderMap,
    number: &str,
    answer: Option<Answer>,
) -> Result<Response, Problem> {
    let mut entropy = app.entropy();
    let device = caller.device.clone().unwrap_or_else(|| Token::new(&mut *entropy));
    // The form's secret follows from the session's cookie where the browser brings one.
    let holder = Cookie::Session.read(headers, caller.secure).unwrap_or_else(|| device.clone());
    let status = answer.as_ref().map_or(StatusCode::OK, |it| it.word.status());
    let page = VerifyPage {
        t: Text::new(address.lang),
        frame: Frame::new(address.lang, &address.path, Section::None)
            .generated(app.generated().as_deref()),
        csrf: csrf_of(&holder),
        number: number.chars().take(40).collect(),
        answer,
    };
    let cookie = AppendHeaders([Cookie::Device.set(&device, caller.secure)]);
    Ok((cookie, rendered(status, &page)?).into_response())
}
