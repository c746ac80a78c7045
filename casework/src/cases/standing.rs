//! A case as it stands: what rules are held against.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use model::organisation::OrgCode;
use network::AccountId;

use super::CaseId;
use crate::calendar::Calendar;
use crate::expression::{Name, Value};
use crate::form::{Values, to_json};
use crate::procedure::{Procedure, Reviews};

/// A case, with everything that decides what may happen to it.
#[derive(Clone, Debug)]
pub struct Standing {
    pub id: CaseId,
    pub number: String,
    pub procedure: String,
    /// The version of the procedure it began under, or was brought to.
    pub version: String,
    pub organisation: OrgCode,
    pub beginner: AccountId,
    /// Where it stands, and since when.
    pub entered: BTreeMap<String, Timestamp>,
    pub form: Values,
    /// Grows with every change.
    pub revision: i64,
    pub returns: u32,
    pub objections: u32,
    pub begun_at: Timestamp,
    pub changed_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    /// Roles, and who acted in them.
    pub acted: BTreeSet<(String, AccountId)>,
    /// Roles, and who was given them.
    pub assigned: BTreeSet<(String, AccountId)>,
    /// Reviewers who handed in, with their scores.
    pub reviews: BTreeMap<AccountId, u32>,
    pub deadlines: Vec<Running>,
    /// Where the organisations stand that it concerns, by the field that names them.
    pub(crate) paths: BTreeMap<String, String>,
    pub(crate) last_hash: String,
    /// Number of the next step.
    pub(crate) next: i64,
    /// What is left of its part of the quota.
    pub(crate) quota_left: Option<i64>,
}

/// A time limit that was begun in a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    pub name: String,
    pub started_at: Timestamp,
    pub due_at: Timestamp,
    /// The last day within it.
    pub due_on: Date,
    pub is_estimated: bool,
    /// When it is to be looked at next: a reminder or its end.
    pub next_at: Timestamp,
    pub reminders: u32,
    pub overdue_at: Option<Timestamp>,
    pub closed_at: Option<Timestamp>,
}

impl Standing {
    /// The states it stands in.
    pub fn marking(&self) -> BTreeSet<String> {
        self.entered.keys().cloned().collect()
    }

    /// Where the organisation stands that a field names; the case's own under the empty name.
    pub fn path_of(&self, field: &str) -> Option<&str> {
        self.paths.get(field).map(String::as_str)
    }

    pub fn is_overdue(&self) -> bool {
        self.deadlines.iter().any(|it| it.closed_at.is_none() && it.overdue_at.is_some())
    }

    /// Hash of what is filled in, by which whoever signs says what he saw.
    pub fn form_hash(&self) -> String {
        form_hash(&self.form)
    }

    /// The mean of the reviewers' scores in hundredths; `None` until one handed in.
    pub fn score(&self, reviews: &Reviews) -> Option<i64> {
        let mut scores: Vec<i64> = self.reviews.values().map(|it| i64::from(*it)).collect();
        scores.sort_unstable();
        let kept = match scores.as_slice() {
            [_, middle @ .., _] if reviews.is_trimmed && scores.len() >= 5 => middle,
            all => all,
        };
        let count = i64::try_from(kept.len()).ok().filter(|it| *it > 0)?;
        // Rounded half up, as all that is published.
        Some((kept.iter().sum::<i64>() * 200 + count) / (count * 2))
    }

    /// The reviewers who have not handed in.
    pub fn waiting_for<'a>(&'a self, reviews: &'a Reviews) -> impl Iterator<Item = AccountId> + 'a {
        let of_role = self.assigned.iter().filter(|(role, _)| *role == reviews.role);
        of_role.map(|(_, account)| *account).filter(|it| !self.reviews.contains_key(it))
    }

    /// The value of a name at an instant, when the form holds `form`.
    pub(crate) fn value(
        &self,
        name: &Name,
        form: &Values,
        procedure: &Procedure,
        calendar: &Calendar,
        at: Timestamp,
    ) -> Value {
        let word = match name {
            Name::Form(field) => return form.get(field).cloned().unwrap_or(Value::Missing),
            Name::Case(word) => word.as_str(),
        };
        let today = calendar.day(at);
        let reviewers = || match &procedure.reviews {
            None => 0,
            Some(reviews) => self.assigned.iter().filter(|(role, _)| *role == reviews.role).count(),
        };
        match word {
            "begun_on" => Value::text(calendar.day(self.begun_at).to_string()),
            "month" => Value::Integer(i64::from(today.month())),
            "number" => Value::text(&self.number),
            "objections" => Value::Integer(i64::from(self.objections)),
            "organisation" => Value::text(self.organisation.as_str()),
            "overdue" => Value::Flag(self.is_overdue()),
            "quota_left" => self.quota_left.map_or(Value::Missing, Value::Integer),
            "returns" => Value::Integer(i64::from(self.returns)),
            "reviewed" => Value::Flag(reviewers() > 0 && self.reviews.len() >= reviewers()),
            "reviewers" => integer(reviewers()),
            "reviews" => integer(self.reviews.len()),
            // A school year is named by the calendar year it begins in, on 1 September.
            "school_year" => Value::Integer(i64::from(today.year()) - i64::from(today.month() < 9)),
            "score" => {
                let score = procedure.reviews.as_ref().and_then(|it| self.score(it));
                score.map_or(Value::Missing, Value::Integer)
            }
            "today" => Value::text(today.to_string()),
            "year" => Value::Integer(i64::from(today.year())),
            _ => Value::Missing,
        }
    }
}

/// Hash of what a form holds, by which whoever signs says what he saw.
pub fn form_hash(form: &Values) -> String {
    crate::hash::of_bytes(to_json(form).as_bytes())
}

fn integer(count: usize) -> Value {
    i64::try_from(count).map_or(Value::Missing, Value::Integer)
}
