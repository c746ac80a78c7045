//! `/account/authenticator`: taking up an application that shows one-time codes, and recovery codes beside it.

use std::fmt::Write;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use network::recovery_codes;
use network::sessions::{self, Ending};
use network::totp::{self, Offer, TotpError};
use qrcode::{Color, QrCode};
use serde::Deserialize;

use super::account::back;
use super::confirmation;
use super::forms::Guarded;
use super::sign_in::{Nothing, rendered};
use super::visitor::Visitor;
use crate::app::App;
use crate::frame::Frame;
use crate::problem::Problem;
use crate::text::Text;

#[derive(Debug, Template)]
#[template(path = "network/authenticator.html")]
struct AuthenticatorPage {
    t: Text,
    frame: Frame,
    csrf: String,
    sealed: String,
    typed: String,
    qr: QrPicture,
    fault: Option<String>,
}

#[derive(Debug, Template)]
#[template(path = "network/recovery_codes.html")]
struct RecoveryCodesPage {
    t: Text,
    frame: Frame,
    codes: Vec<String>,
}

/// A QR code as one path: its side in modules, and the dark ones.
#[derive(Debug)]
struct QrPicture {
    side: usize,
    path: String,
}

/// Light modules around a QR code, as readers need them.
const QUIET: usize = 4;

impl QrPicture {
    fn new(text: &str) -> Option<Self> {
        let code = QrCode::new(text.as_bytes()).ok()?;
        let mut path = String::new();
        for (row, colors) in code.to_colors().chunks(code.width()).enumerate() {
            for (column, _) in colors.iter().enumerate().filter(|(_, it)| **it == Color::Dark) {
                // Writing to a string cannot fail.
                let _ = write!(path, "M{} {}h1v1h-1z", column + QUIET, row + QUIET);
            }
        }
        Some(Self { side: code.width() + 2 * QUIET, path })
    }
}

pub(super) async fn show(State(app): State<App>, visitor: Visitor) -> Result<Response, Problem> {
    if let Some(first) = confirmation::needed(&app, &visitor) {
        return Ok(first);
    }
    let mut entropy = app.entropy();
    let key = &app.surroundings().key;
    let offer = totp::offer(key, visitor.account.id, app.now(), &mut *entropy);
    page(&app, &visitor, &offer, None)
}

fn page(
    app: &App,
    visitor: &Visitor,
    offer: &Offer,
    fault: Option<String>,
) -> Result<Response, Problem> {
    let t = Text::new(visitor.address.lang);
    let address = offer.address(&t.get("haihe"), visitor.account.login.as_str());
    let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = AuthenticatorPage {
        t,
        frame: visitor.frame(app),
        csrf: visitor.csrf.clone(),
        sealed: offer.sealed.clone(),
        typed: offer.typed(),
        // An address is far below what a QR code can hold.
        qr: QrPicture::new(&address).unwrap_or(QrPicture { side: 1, path: String::new() }),
        fault,
    };
    rendered(status, &page)
}

#[derive(Debug, Deserialize)]
pub(super) struct ConfirmForm {
    #[serde(default)]
    offer: String,
    #[serde(default)]
    code: String,
}

pub(super) async fn confirm(
    State(app): State<App>,
    visitor: Visitor,
    Guarded { form, .. }: Guarded<ConfirmForm>,
) -> Result<Response, Problem> {
    if let Some(first) = confirmation::needed(&app, &visitor) {
        return Ok(first);
    }
    let t = Text::new(visitor.address.lang);
    let (key, account, at) = (&app.surroundings().key, visitor.account.id, app.now());
    let mut entropy = app.entropy();
    let Ok(offer) = Offer::open(key, account, &form.offer, at) else {
        let offer = totp::offer(key, account, at, &mut *entropy);
        return page(&app, &visitor, &offer, Some(t.get("authenticator-too-late")));
    };
    let done =
        totp::confirm(app.store(), key, account, &offer, &form.code, at, &mut *entropy).await;
    match done {
        Ok(()) => {
            end_others(&app, &visitor).await?;
            make_codes(&app, &visitor).await
        }
        Err(TotpError::WrongCode | TotpError::OfferRanOut) => {
            page(&app, &visitor, &offer, Some(t.get("authenticator-wrong")))
        }
        Err(error @ (TotpError::NotOurs(_) | TotpError::Store(_))) => Err(Problem::ours(&error)),
    }
}

/// Who was signed in elsewhere shows the new factor first.
async fn end_others(app: &App, visitor: &Visitor) -> Result<(), Problem> {
    let (account, own) = (visitor.account.id, Some(visitor.session.id));
    let ended = sessions::end_all(app.store(), account, Ending::FactorsReset, own, app.now()).await;
    ended.map(|_| ()).map_err(|it| Problem::ours(&it))
}

pub(super) async fn remove(
    State(app): State<App>,
    visitor: Visitor,
    Guarded { form: Nothing {}, .. }: Guarded<Nothing>,
) -> Result<Response, Problem> {
    if let Some(first) = confirmation::needed(&app, &visitor) {
        return Ok(first);
    }
    totp::remove(app.store(), visitor.account.id, app.now())
        .await
        .map_err(|it| Problem::ours(&it))?;
    end_others(&app, &visitor).await?;
    Ok(back(&visitor))
}

pub(super) async fn recovery_codes(
    State(app): State<App>,
    visitor: Visitor,
    Guarded { form: Nothing {}, .. }: Guarded<Nothing>,
) -> Result<Response, Problem> {
    if let Some(first) = confirmation::needed(&app, &visitor) {
        return Ok(first);
    }
    make_codes(&app, &visitor).await
}

/// New codes, shown this once.
async fn make_codes(app: &App, visitor: &Visitor) -> Result<Response, Problem> {
    let (key, account, at) = (&app.surroundings().key, visitor.account.id, app.now());
    let mut entropy = app.entropy();
    let codes = recovery_codes::make(app.store(), key, account, at, &mut *entropy).await;
    let codes = codes.map_err(|it| Problem::ours(&it))?;
    let page = RecoveryCodesPage {
        t: Text::new(visitor.address.lang),
        frame: visitor.frame(app),
        codes: codes.iter().map(recovery_codes::RecoveryCode::reveal).collect(),
    };
    rendered(StatusCode::OK, &page)
}
