//! Where a case stands, whose turn it is, and how near its deadline is: in one form wherever cases are shown.

use askama::Template;
use jiff::Timestamp;
use model::target::Status;

use super::lines::Urgency;
use crate::charts::mark::Mark;
use crate::text::Text;

/// Who has to do something now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// The reader.
    Own,
    Others,
    /// Nobody: the case has ended.
    Over,
}

/// A shape, the states, and words; weight and colour only help.
#[derive(Clone, Debug, Template)]
#[template(path = "casework/situation.html")]
pub(super) struct Situation {
    pub(super) status: &'static str,
    mark: String,
    turn: &'static str,
    /// Titles of the states, each with since when where there is room for it.
    states: Vec<(String, Option<String>)>,
    words: Vec<String>,
}

impl Turn {
    pub(super) const fn of(has_ended: bool, is_own: bool) -> Self {
        match (has_ended, is_own) {
            (true, _) => Self::Over,
            (false, true) => Self::Own,
            (false, false) => Self::Others,
        }
    }
}

impl Situation {
    /// A case with the end of the earliest of its running time limits.
    pub(super) fn of(
        t: Text,
        states: Vec<(String, Option<String>)>,
        turn: Turn,
        due_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Self {
        let urgency = Urgency::of(t, due_at, turn == Turn::Over, now);
        let (turn, word) = match turn {
            Turn::Own => ("own", Some(t.get("turn-own"))),
            Turn::Others => ("others", Some(t.get("turn-others"))),
            Turn::Over => ("over", None),
        };
        let is_limited = word.is_none() || due_at.is_some();
        let words = word.into_iter().chain(is_limited.then_some(urgency.word)).collect();
        Self { status: urgency.status, mark: urgency.mark, turn, states, words }
    }

    /// A case that everyone sees, while one may object to it.
    pub(super) fn in_public(t: Text, state: String) -> Self {
        let status = Status::OnTrack;
        Self {
            status: status.as_str(),
            mark: Mark::new(status).render().unwrap_or_default(),
            turn: "others",
            states: vec![(state, None)],
            words: vec![t.get("turn-public")],
        }
    }
}
