//! Cases as lines of a list: what they are about, where they stand, and how urgent they are.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use casework::calendar::Calendar;
use casework::lists::Line;
use casework::procedure::Procedure;
use jiff::{SignedDuration, Timestamp};
use model::target::Status;

use super::names;
use super::refusals::problem_of_office;
use super::situation::{Situation, Turn};
use crate::app::App;
use crate::charts::mark::Mark;
use crate::instant::Instant;
use crate::problem::Problem;
use crate::text::Text;

/// From when on a time limit is near.
const NEAR: SignedDuration = SignedDuration::from_hours(3 * 24);

/// How urgent a case is: a word and a shape, the colour only helps.
#[derive(Clone, Debug)]
pub(super) struct Urgency {
    pub(super) status: &'static str,
    pub(super) mark: String,
    pub(super) word: String,
}

impl Urgency {
    pub(super) fn of(t: Text, due_at: Option<Timestamp>, has_ended: bool, now: Timestamp) -> Self {
        let (status, key) = match due_at {
            _ if has_ended => (Status::Met, "urgency-ended"),
            None => (Status::NoData, "urgency-none"),
            Some(due) if due <= now => (Status::Missed, "urgency-overdue"),
            Some(due) if due.duration_since(now) <= NEAR => (Status::Behind, "urgency-near"),
            Some(_) => (Status::OnTrack, "urgency-in-time"),
        };
        // The shape is a constant of ours; without it the word still stands.
        let mark = Mark::new(status).render().unwrap_or_default();
        Self { status: status.as_str(), mark, word: t.get(key) }
    }
}

/// One case of a list.
#[derive(Clone, Debug)]
pub(super) struct CaseLine {
    pub(super) id: String,
    pub(super) number: String,
    pub(super) procedure: String,
    pub(super) organisation: String,
    pub(super) situation: Situation,
    /// The last day of its earliest time limit.
    pub(super) due: Option<String>,
    pub(super) changed: Instant,
    /// The role in which it is the reader's turn.
    pub(super) role: String,
}

/// Versions of procedures, each read once.
#[derive(Debug, Default)]
pub(super) struct Shelf(BTreeMap<String, Arc<Procedure>>);

impl Shelf {
    pub(super) async fn get(
        &mut self,
        app: &App,
        version: &str,
    ) -> Result<Arc<Procedure>, Problem> {
        if let Some(found) = self.0.get(version) {
            return Ok(Arc::clone(found));
        }
        let found = app.office().version(version).await.map_err(|it| problem_of_office(&it))?;
        self.0.insert(version.to_owned(), Arc::clone(&found));
        Ok(found)
    }
}

/// Lines as they are shown.
pub(super) async fn shown(app: &App, t: Text, lines: Vec<Line>) -> Result<Vec<CaseLine>, Problem> {
    let (mut shelf, now) = (Shelf::default(), app.now());
    let mut found = Vec::with_capacity(lines.len());
    for line in lines {
        let procedure = shelf.get(app, &line.version).await?;
        let calendar = app.office().calendar(&procedure).map_err(|it| problem_of_office(&it))?;
        let titles = titles(t, &procedure, &line.states).map(|it| (it, None)).collect();
        let turn = Turn::of(line.ended_at.is_some(), !line.role.is_empty());
        found.push(CaseLine {
            id: line.id.to_string(),
            procedure: t.of(&procedure.title).to_owned(),
            organisation: names::organisation(app, t, &line.organisation),
            situation: Situation::of(t, titles, turn, line.due_at, now),
            due: line.due_at.map(|at| last_day(calendar, at)),
            changed: app.instant(line.changed_at),
            role: procedure
                .role(&line.role)
                .map_or_else(String::new, |it| t.of(&it.title).to_owned()),
            number: line.number,
        });
    }
    Ok(found)
}

/// The last day of a time limit, which ends with the midnight after it.
pub(super) fn last_day(calendar: &Calendar, ends_at: Timestamp) -> String {
    calendar.day(ends_at - SignedDuration::from_secs(1)).to_string()
}

/// Titles of states.
pub(super) fn titles<'a>(
    t: Text,
    procedure: &'a Procedure,
    states: impl IntoIterator<Item = &'a String>,
) -> impl Iterator<Item = String> {
    states.into_iter().map(move |name| {
        procedure.state(name).map_or_else(|| name.clone(), |it| t.of(&it.title).to_owned())
    })
}
