//! Signing out: an application sends a person here, and applications are told that a session has ended.

use jiff::{SignedDuration, Timestamp};
use model::Entropy;
use serde_json::{Map, Value, json};
use store::{Store, StoreError, on_db};

use super::refusal::answered;
use super::request::Parameters;
use super::{OpenidError, Provider, jwt, later, pseudonyms};
use crate::applications::{self, Application, ApplicationCode};
use crate::id::{Id, SessionId};
use crate::rows;

/// How long a notice is worth something.
const NOTICE_LIFETIME: SignedDuration = SignedDuration::from_mins(2);
/// How often a notice is sent before it is given up.
const TRIES: u32 = 8;
/// How many notices are sent at once.
const AT_ONCE: i64 = 50;

/// What an application asks for when it sends a person here to sign out (RP-Initiated Logout 1.0).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logout {
    /// Which application asks, when it could be told.
    pub application: Option<Application>,
    /// Where the browser goes then: an address that the application registered.
    pub redirect: Option<String>,
    /// The application showed that it speaks of this very session, so nobody has to be asked.
    pub is_of_session: bool,
}

/// Takes a request apart. What does not fit is left out: the person is asked, and stays here afterwards.
pub async fn read(
    store: &Store,
    provider: &Provider,
    given: &Parameters,
    session: Option<SessionId>,
    now: Timestamp,
) -> Result<Logout, OpenidError> {
    let hint = given.get("id_token_hint").and_then(|it| jwt::recognised(provider, it, now));
    let hinted = |name: &str| hint.as_ref().and_then(|it| it.get(name)?.as_str());
    let named = given.get("client_id");
    // Two different names: one of them is a lie.
    let contradicts = named.is_some_and(|it| hinted("aud").is_some_and(|hint| hint != it));
    let code = named.or(hinted("aud")).filter(|_| !contradicts && !given.has_any_twice());
    let application = match code.and_then(|it| it.parse::<ApplicationCode>().ok()) {
        Some(code) => applications::find(store, &code).await?.filter(|it| it.holds_at(now)),
        None => None,
    };
    let Some(application) = application else {
        return Ok(Logout { application: None, redirect: None, is_of_session: false });
    };
    let is_of_session = session.is_some_and(|it| {
        let name = pseudonyms::session(provider, &application, it);
        hinted("sid") == Some(name.as_str())
    });
    let redirect = given.get("post_logout_redirect_uri");
    let redirect = redirect
        .filter(|it| application.registration.logout_redirects.iter().any(|known| known == it));
    let redirect = redirect.map(|it| match given.get("state") {
        Some(state) => answered(it, &[("state", state)]),
        None => it.to_owned(),
    });
    Ok(Logout { application: Some(application), redirect, is_of_session })
}

/// A notice that an application is to be sent (Back-Channel Logout 1.0).
#[derive(Clone, PartialEq, Eq)]
pub struct Notice {
    pub application: ApplicationCode,
    /// Where it goes: an address that the application registered.
    pub address: String,
    /// The body: `logout_token=…`.
    pub token: String,
    family: String,
}

impl std::fmt::Debug for Notice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Notice").field("application", &self.application).finish_non_exhaustive()
    }
}

/// `family, application, session`
type DueRow = (String, String, String);

/// Notices that have to be sent: of sessions that have ended, to applications that were signed in with them.
///
/// Each is put off as it is handed out, so that one who is killed while sending sends it again, and two who send
/// do not send the same.
pub async fn due(
    store: &Store,
    provider: &Provider,
    entropy: &mut dyn Entropy,
    now: Timestamp,
) -> Result<Vec<Notice>, OpenidError> {
    const DUE: &str = include_str!("logout/due_notices.sql");
    const PUT_OFF: &str = include_str!("logout/put_off_notice.sql");
    let reading = || StoreError::doing("read whom to tell of ended sessions");

    let at = now.as_microsecond();
    let since = later(now, SignedDuration::from_hours(-24))?.as_microsecond();
    let rows: Vec<(DueRow, bool)> = on_db!(store, pool => {
        let rows: Vec<DueRow> = sqlx::query_as(DUE)
            .bind(at)
            .bind(since)
            .bind(i64::from(TRIES))
            .bind(AT_ONCE)
            .fetch_all(pool)
            .await
            .map_err(reading())?;
        let mut mine = Vec::with_capacity(rows.len());
        for row in rows {
            let put_off = sqlx::query(PUT_OFF)
                .bind(&row.0)
                .bind(at)
                .execute(pool)
                .await
                .map_err(reading())?
                .rows_affected();
            mine.push((row, put_off == 1));
        }
        mine
    });
    let mut notices = Vec::new();
    for ((family, code, session), is_mine) in rows {
        if !is_mine {
            continue;
        }
        let application = applications::read(store, &rows::parsed("application", &code)?).await?;
        let Some(address) = application.registration.notices.clone() else {
            continue;
        };
        let session = rows::parsed("session", &session)?;
        let token = token(provider, &application, session, entropy, now)?;
        notices.push(Notice { application: application.code, address, token, family });
    }
    Ok(notices)
}

/// Notes that an application has taken a notice.
pub async fn delivered(store: &Store, notice: &Notice, now: Timestamp) -> Result<(), OpenidError> {
    const DELIVERED: &str = include_str!("logout/note_delivery.sql");

    on_db!(store, pool => {
        sqlx::query(DELIVERED)
            .bind(&notice.family)
            .bind(now.as_microsecond())
            .execute(pool)
            .await
            .map(|_| ())
    })
    .map_err(StoreError::doing("note that an application was told"))?;
    Ok(())
}

/// The logout token: which session has ended, and nothing by which it could be taken for an ID token.
fn token(
    provider: &Provider,
    application: &Application,
    session: SessionId,
    entropy: &mut dyn Entropy,
    now: Timestamp,
) -> Result<String, OpenidError> {
    let mut claims = Map::new();
    let mut put = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    put("iss", Value::from(provider.issuer()));
    put("aud", Value::from(application.code.as_str()));
    put("iat", jwt::seconds(now));
    put("exp", jwt::seconds(later(now, NOTICE_LIFETIME)?));
    put("jti", Value::from(Id::new(now, entropy).to_string()));
    put("sid", Value::from(pseudonyms::session(provider, application, session)));
    put("events", json!({ "http://schemas.openid.net/event/backchannel-logout": {} }));
    jwt::sign(provider, application.registration.algorithm, "logout+jwt", &claims, now)
}
