//! The registry's rows of organisations, read and written.

use jiff::civil::Date;
use model::organisation::{Event, EventKind, History, Membership, Organisation, Recorded};
use model::{Bilingual, OrgCode};
use std::collections::BTreeMap;
use store::StoreError;

pub(super) use crate::rows::instant;
use crate::rows::parsed;

/// `code, valid_from, recorded_at, valid_to, superseded_at, name_zh, name_en, level, kind, founder, stages, area_class`
pub(super) type VersionRow = (
    String,
    String,
    i64,
    Option<String>,
    Option<i64>,
    String,
    String,
    String,
    String,
    String,
    String,
    String,
);

/// `hierarchy, child, valid_from, recorded_at, valid_to, superseded_at, parent`
pub(super) type MembershipRow = (String, String, String, i64, Option<String>, Option<i64>, String);

/// `recorded_at, position, superseded_at, happened_on, kind, note_zh, note_en`
pub(super) type EventRow = (i64, i64, Option<i64>, String, String, String, String);

/// `recorded_at, event, side, code`
pub(super) type PartyRow = (i64, i64, String, String);

/// When an event was recorded, and its position among those recorded with it.
pub(super) type EventKey = (i64, i64);

/// All rows, typed.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) versions: Vec<Recorded<Organisation>>,
    pub(super) memberships: Vec<Recorded<Membership>>,
    pub(super) events: Vec<(EventKey, Recorded<Event>)>,
}

/// As the database gives them.
#[derive(Debug)]
pub(super) struct RawRows {
    pub(super) versions: Vec<VersionRow>,
    pub(super) memberships: Vec<MembershipRow>,
    pub(super) events: Vec<EventRow>,
    pub(super) parties: Vec<PartyRow>,
}

/// Reads all rows over a connection in a transaction. A macro, as it is typed for either database.
macro_rules! read {
    ($connection:expr) => {
        async {
            Ok($crate::organisations::rows::RawRows {
                versions: sqlx::query_as(include_str!("organisations/read_versions.sql"))
                    .fetch_all(&mut *$connection)
                    .await?,
                memberships: sqlx::query_as(include_str!("organisations/read_memberships.sql"))
                    .fetch_all(&mut *$connection)
                    .await?,
                events: sqlx::query_as(include_str!("organisations/read_events.sql"))
                    .fetch_all(&mut *$connection)
                    .await?,
                parties: sqlx::query_as(include_str!("organisations/read_event_parties.sql"))
                    .fetch_all(&mut *$connection)
                    .await?,
            })
        }
        .await
    };
}
pub(super) use read;

impl RawRows {
    /// # Errors
    /// A row that this program did not write.
    pub(super) fn typed(self) -> Result<Rows, StoreError> {
        let mut rows = Rows::default();
        for (code, from, at, to, until, zh, en, level, kind, founder, stages, area_class) in
            self.versions
        {
            let what = Organisation {
                code: parsed("code", &code)?,
                name: Bilingual { zh, en },
                level,
                kind,
                founder,
                stages: split(&stages),
                area_class,
                valid_from: parsed("valid_from", &from)?,
                valid_to: optional_day(to.as_deref())?,
            };
            rows.versions.push(known(what, at, until)?);
        }
        for (hierarchy, child, from, at, to, until, parent) in self.memberships {
            let what = Membership {
                hierarchy,
                child: parsed("child", &child)?,
                parent: parsed("parent", &parent)?,
                valid_from: parsed("valid_from", &from)?,
                valid_to: optional_day(to.as_deref())?,
            };
            rows.memberships.push(known(what, at, until)?);
        }
        let mut parties: BTreeMap<(i64, i64, &str), Vec<OrgCode>> = BTreeMap::new();
        for (at, event, side, code) in &self.parties {
            let code = parsed("code", code)?;
            parties.entry((*at, *event, side.as_str())).or_default().push(code);
        }
        for (at, position, until, on, kind, zh, en) in self.events {
            let kind = EventKind::parse(&kind).ok_or(kind.as_str());
            let what = Event {
                on: parsed("happened_on", &on)?,
                kind: kind.map_err(StoreError::unreadable("kind"))?,
                from: parties.remove(&(at, position, "from")).unwrap_or_default(),
                to: parties.remove(&(at, position, "to")).unwrap_or_default(),
                note: Bilingual { zh, en },
            };
            rows.events.push(((at, position), known(what, at, until)?));
        }
        Ok(rows)
    }
}

impl Rows {
    pub(super) fn into_history(self) -> History {
        let events = self.events.into_iter().map(|(_, it)| it).collect();
        History::new(self.versions, self.memberships, events)
    }
}

fn known<T>(what: T, at: i64, until: Option<i64>) -> Result<Recorded<T>, StoreError> {
    let superseded_at = until.map(|it| instant("superseded_at", it)).transpose()?;
    Ok(Recorded { what, recorded_at: instant("recorded_at", at)?, superseded_at })
}

fn optional_day(text: Option<&str>) -> Result<Option<Date>, StoreError> {
    text.map(|it| parsed("valid_to", it)).transpose()
}

fn split(stages: &str) -> Vec<String> {
    stages.split(';').filter(|it| !it.is_empty()).map(str::to_owned).collect()
}
