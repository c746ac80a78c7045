//! `/audit`: the audit log for the auditor, as a page and as CSV, its signed days, and whether it is as it was written.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::civil::Date;
use network::audit::{self, Actor, Asked as Filter, Entry, Outcome, Written};
use network::purpose::Purpose;
use network::roles::Permission;
use network::{applications, service_tokens};
use serde::Deserialize;

use super::powers::needing;
use super::sign_in::rendered;
use super::visitor::{Visitor, encoded};
use crate::app::App;
use crate::extract::Query;
use crate::frame::Frame;
use crate::instant::{CityTime, Instant};
use crate::problem::{Kind, Problem};
use crate::text::Text;

/// How many entries a page shows.
const AT_ONCE: u32 = 50;
/// How many signed days it shows.
const DAYS: usize = 14;
/// How many entries a file has at most; `before` reads on.
const IN_A_FILE: u32 = 10_000;

#[derive(Debug, Template)]
#[template(path = "network/audit.html")]
struct AuditPage {
    t: Text,
    frame: Frame,
    asked: Asked,
    lines: Vec<EntryLine>,
    further: Option<String>,
    csv: String,
    days: Vec<DayLine>,
    verified: Option<Verified>,
    is_whole: bool,
}

#[derive(Debug)]
struct Verified {
    is_sound: bool,
    text: String,
}

#[derive(Debug)]
pub(super) struct EntryLine {
    pub(super) number: i64,
    pub(super) at: Instant,
    pub(super) actor: String,
    pub(super) action: String,
    pub(super) outcome: String,
    pub(super) is_refused: bool,
    pub(super) purpose: String,
    pub(super) organisation: String,
    pub(super) object: String,
    pub(super) rows: String,
}

#[derive(Debug)]
struct DayLine {
    day: String,
    entries: i64,
    root: String,
    key: String,
}

/// What is asked for, as the form sends it.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    since: String,
    #[serde(default)]
    until: String,
    #[serde(default)]
    actor: String,
    #[serde(default)]
    action: String,
    #[serde(default)]
    outcome: String,
    #[serde(default)]
    before: String,
    #[serde(default)]
    verify: String,
}

impl Asked {
    fn filter(&self, time: CityTime) -> Result<Filter, Problem> {
        let text = |it: &str| (!it.trim().is_empty()).then(|| it.trim().to_owned());
        let before = text(&self.before).map(|it| it.parse()).transpose();
        let outcome = match self.outcome.as_str() {
            "" => None,
            "done" => Some(Outcome::Done),
            "refused" => Some(Outcome::Refused),
            _ => return Err(Problem::new(Kind::NotAQuestion, "outcome")),
        };
        Ok(Filter {
            since: day(&self.since, |it| time.midnight(it))?,
            until: day(&self.until, |it| time.midnight_after(it))?,
            actor: text(&self.actor),
            action: text(&self.action),
            outcome,
            object: None,
            before: before.map_err(|_| Problem::new(Kind::NotAQuestion, "before"))?,
        })
    }

    /// What was asked for, as part of an address; each with its `&`.
    fn query(&self) -> String {
        let Self { since, until, actor, action, outcome, .. } = self;
        let values = [
            ("since", since),
            ("until", until),
            ("actor", actor),
            ("action", action),
            ("outcome", outcome),
        ];
        let filled = values.iter().filter(|it| !it.1.is_empty());
        filled.map(|(name, value)| format!("&{name}={}", encoded(value))).collect()
    }
}

/// Where a day that was asked for begins or ends; `None` when none was.
fn day(
    text: &str,
    midnight: impl Fn(Date) -> Option<Timestamp>,
) -> Result<Option<Timestamp>, Problem> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let at = text.trim().parse().ok().and_then(midnight);
    at.map(Some).ok_or_else(|| Problem::new(Kind::NotAnInstant, text))
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let held = needing(&app, &visitor, Permission::ReadAudit).await?;
    let ours = |it: store::StoreError| Problem::ours(&it);
    let (t, store) = (Text::new(visitor.address.lang), app.store());
    let scope = held.scope(&app.surroundings().roles, Permission::ReadAudit);
    let filter = asked.filter(app.city_time())?;
    let entries = audit::within(store, &scope, &filter, AT_ONCE).await.map_err(ours)?;
    let is_whole = audit::is_whole(store, &scope).await.map_err(ours)?;
    let whole = usize::try_from(AT_ONCE).is_ok_and(|it| entries.len() >= it);
    let further = entries
        .last()
        .filter(|_| whole)
        .map(|it| t.href(&format!("/audit?before={}{}", it.sequence, asked.query())));
    // Days are signed and verified as a whole, which is for whoever sees it.
    let mut days = if is_whole { audit::days(store).await.map_err(ours)? } else { Vec::new() };
    let verified = if asked.verify.is_empty() || !is_whole {
        None
    } else {
        let found = audit::verify(store, None, None).await.map_err(ours)?;
        let text = match &found.fault {
            None => t.fill(
                "audit-sound",
                &[
                    ("entries", found.entries.to_string()),
                    ("days", found.days.to_string()),
                    ("unsigned", found.unsigned.to_string()),
                ],
            ),
            Some(fault) => t.with("audit-unsound", "entry", fault.sequence),
        };
        Some(Verified { is_sound: found.fault.is_none(), text })
    };
    tell(&app, &visitor, entries.len()).await?;
    let names = names(&app, t, &entries).await?;
    let lines = entries.iter().map(|it| line(&app, t, it, &names));
    let lines = lines.collect::<Result<_, _>>().map_err(ours)?;
    days.reverse();
    let page = AuditPage {
        t,
        frame: visitor.frame(&app),
        csv: t.href(&format!("/audit.csv?{}", asked.query().trim_start_matches('&'))),
        asked,
        lines,
        further,
        days: days
            .into_iter()
            .take(DAYS)
            .map(|it| DayLine {
                day: it.day,
                entries: it.entries,
                root: it.root,
                key: it.signing_key.chars().take(8).collect(),
            })
            .collect(),
        verified,
        is_whole,
    };
    rendered(StatusCode::OK, &page)
}

/// The log as a file, with the columns of `docs/audit.md`: whoever has it can compute every hash again.
pub(super) async fn csv(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let held = needing(&app, &visitor, Permission::ReadAudit).await?;
    let scope = held.scope(&app.surroundings().roles, Permission::ReadAudit);
    let entries =
        audit::within(app.store(), &scope, &asked.filter(app.city_time())?, IN_A_FILE).await;
    let entries = entries.map_err(|it| Problem::ours(&it))?;
    tell(&app, &visitor, entries.len()).await?;
    let mut table = String::from(
        "sequence,happened_at,actor_kind,actor,purpose,action,outcome,organisation,object_kind,\
         object,row_count,previous_hash,hash\r\n",
    );
    for it in &entries {
        let text = |it: &Option<String>| it.clone().unwrap_or_default();
        let cells = [
            it.sequence.to_string(),
            it.happened_at.to_string(),
            it.actor_kind.clone(),
            text(&it.actor),
            it.purpose.clone(),
            it.action.clone(),
            it.outcome.clone(),
            text(&it.organisation),
            it.object_kind.clone(),
            text(&it.object),
            it.row_count.map(|it| it.to_string()).unwrap_or_default(),
            it.previous_hash.clone(),
            it.hash.clone(),
        ];
        // Words of the program, ids and hashes: none holds a comma or a quotation mark.
        table.push_str(&cells.join(","));
        table.push_str("\r\n");
    }
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"audit.csv\""),
    ];
    Ok((headers.map(|(name, value)| (name, HeaderValue::from_static(value))), table)
        .into_response())
}

/// Tells the log that it was read.
async fn tell(app: &App, visitor: &Visitor, entries: usize) -> Result<(), Problem> {
    let read = u64::try_from(entries).unwrap_or(u64::MAX);
    let reader = Actor::Account(visitor.account.id);
    let entry = Entry::new(reader, Purpose::SECURITY, "audit.read").rows(read);
    audit::record(app.store(), &entry, app.now()).await.map_err(|it| Problem::ours(&it))
}

/// Actions that are told in words, where persons read of them.
const WORDED: [&str; 32] = [
    "account.change",
    "account.close",
    "account.deprovision",
    "account.open",
    "account.provision",
    "account.read",
    "account.reopen",
    "account.search",
    "authenticator.add",
    "authenticator.remove",
    "claims.give",
    "code.show",
    "factors.reset",
    "grant.read",
    "hold.read",
    "hold.set",
    "identity.link",
    "invitation.accept",
    "invitation.read",
    "lockout.begin",
    "passkey.add",
    "passkey.remove",
    "passkey.show",
    "password.reset",
    "password.set",
    "password.show",
    "recovery_codes.make",
    "request.ask",
    "request.read",
    "session.end",
    "session.open",
    "session.sign-out",
];

/// An action in the language of the page; its code where there are no words.
pub(super) fn in_words(t: Text, action: &str) -> String {
    if WORDED.contains(&action) {
        t.get(&format!("action-{}", action.replace(['.', '_'], "-")))
    } else {
        action.to_owned()
    }
}

/// Names of the applications that acted, by what their entries call them.
pub(super) async fn names(
    app: &App,
    t: Text,
    entries: &[Written],
) -> Result<BTreeMap<String, String>, Problem> {
    let mut names = BTreeMap::new();
    let acted = entries.iter().filter(|it| it.actor_kind == "application");
    for called in acted.filter_map(|it| it.actor.as_ref()) {
        if !names.contains_key(called) {
            let name = name(app, t, called).await?.unwrap_or_else(|| called.clone());
            names.insert(called.clone(), name);
        }
    }
    Ok(names)
}

/// The name of an application in the register, or of a system with a token.
async fn name(app: &App, t: Text, called: &str) -> Result<Option<String>, Problem> {
    if let Ok(id) = called.parse() {
        let name = service_tokens::name(app.store(), id).await;
        return name.map_err(|it| Problem::ours(&it));
    }
    let Ok(code) = called.parse() else { return Ok(None) };
    let found = applications::find(app.store(), &code).await.map_err(|it| Problem::ours(&it))?;
    Ok(found.map(|it| t.of(&it.registration.name).to_owned()))
}

/// An entry as a line of a table; `names`: of the applications that acted.
pub(super) fn line(
    app: &App,
    t: Text,
    entry: &Written,
    names: &BTreeMap<String, String>,
) -> Result<EntryLine, store::StoreError> {
    let roles = &app.surroundings().roles;
    let purpose = entry.purpose.parse().ok();
    let purpose = purpose.as_ref().and_then(|it| roles.purpose(it));
    let organisation = entry.organisation.as_deref().and_then(|it| it.parse().ok());
    let actor = entry.actor.as_deref().unwrap_or_default();
    let actor = names.get(actor).map_or(actor, String::as_str);
    let short: String = entry.object.iter().flat_map(|it| it.chars()).take(12).collect();
    Ok(EntryLine {
        number: entry.sequence,
        at: app.instant(entry.at()?),
        actor: format!("{} {actor}", t.get(&format!("actor-{}", entry.actor_kind))),
        action: entry.action.clone(),
        is_refused: entry.outcome == Outcome::Refused.as_str(),
        outcome: t.get(&format!("outcome-{}", entry.outcome)),
        purpose: purpose.map_or_else(|| entry.purpose.clone(), |it| t.of(&it.title).to_owned()),
        organisation: organisation.map_or_else(String::new, |it| super::start::home(app, t, &it)),
        object: if short.is_empty() { short } else { format!("{} {short}", entry.object_kind) },
        rows: entry.row_count.map_or_else(String::new, |it| it.to_string()),
    })
}
