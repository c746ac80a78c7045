//! Entries of a case's history, each with the hash of the one before it.

use std::collections::BTreeSet;

use jiff::Timestamp;
use network::AccountId;

use super::standing::Standing;
use crate::expression::Value;
use crate::form::Values;

/// One thing that happened to a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// From 0, without gaps.
    pub sequence: i64,
    /// `begin`, a kind of transition, or what the program did: `remind`, `overdue`, `assign`, `review`, `migrate`.
    pub kind: String,
    /// The transition, the deadline or the role it is about.
    pub name: String,
    /// `None` for the clock.
    pub actor: Option<AccountId>,
    /// The role of the procedure in which the actor acted.
    pub role: String,
    pub at: Timestamp,
    pub from: BTreeSet<String>,
    pub to: BTreeSet<String>,
    /// Fields that changed, with their new values as JSON; `null` for one that was emptied.
    pub change: String,
    /// Values the step keeps, as JSON.
    pub kept: String,
    pub note: String,
    /// Hash of all that the form held after it.
    pub form_hash: String,
    pub previous_hash: String,
    pub hash: String,
}

/// The words of an entry.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StepText<'a> {
    pub(crate) kind: &'a str,
    pub(crate) name: &'a str,
    pub(crate) role: &'a str,
    pub(crate) note: &'a str,
}

impl Step {
    #[expect(clippy::too_many_arguments, reason = "an entry is all of these")]
    pub(crate) fn new(
        case: &Standing,
        text: &StepText<'_>,
        actor: Option<AccountId>,
        at: Timestamp,
        (from, to): (&BTreeSet<String>, &BTreeSet<String>),
        change: &Values,
        kept: &Values,
        form_hash: String,
    ) -> Self {
        let mut step = Self {
            sequence: case.next,
            kind: text.kind.to_owned(),
            name: text.name.to_owned(),
            actor,
            role: text.role.to_owned(),
            at,
            from: from.clone(),
            to: to.clone(),
            change: changed(change),
            kept: crate::form::to_json(kept),
            note: text.note.to_owned(),
            form_hash,
            previous_hash: case.last_hash.clone(),
            hash: String::new(),
        };
        step.hash = step.computed_hash(&case.id.to_string());
        step
    }

    /// The hash that the entry's text gives.
    pub fn computed_hash(&self, case: &str) -> String {
        let sequence = self.sequence.to_string();
        let actor = self.actor.map(|it| it.to_string()).unwrap_or_default();
        let at = self.at.as_microsecond().to_string();
        let (from, to) = (joined(&self.from), joined(&self.to));
        let parts = [
            case,
            &sequence,
            &self.kind,
            &self.name,
            &actor,
            &self.role,
            &at,
            &from,
            &to,
            &self.change,
            &self.kept,
            &self.note,
            &self.form_hash,
            &self.previous_hash,
        ];
        crate::hash::of_parts(parts.iter().map(|it| it.as_bytes()))
    }
}

/// States in one text, as they are kept.
pub(crate) fn joined(states: &BTreeSet<String>) -> String {
    states.iter().map(String::as_str).collect::<Vec<_>>().join(";")
}

pub(crate) fn parted(text: &str) -> BTreeSet<String> {
    text.split(';').filter(|it| !it.is_empty()).map(str::to_owned).collect()
}

/// A change as JSON; an emptied field is there, as `null`.
fn changed(change: &Values) -> String {
    // What is missing is left out by itself, and so becomes `null`.
    let of = |value: &Value| {
        let one = Values::from([("it".to_owned(), value.clone())]);
        crate::form::json(&one).get("it").cloned().unwrap_or_default()
    };
    let object: serde_json::Map<String, serde_json::Value> =
        change.iter().map(|(name, value)| (name.clone(), of(value))).collect();
    serde_json::Value::Object(object).to_string()
}
