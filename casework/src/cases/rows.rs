//! The registry's rows of a case, read into a [`Standing`].

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::str::FromStr;

use jiff::Timestamp;
use store::StoreError;

use super::CaseId;
use super::standing::{Running, Standing};
use crate::form::from_json;
use crate::procedure::Procedure;

/// `number, procedure, version, organisation, beginner, form, revision, returns, objections, last_hash, begun_at,
/// changed_at, ended_at`
pub(crate) type CaseRow =
    (String, String, String, String, String, String, i64, i64, i64, String, i64, i64, Option<i64>);

/// `name, started_at, due_at, due_on, estimated, next_at, reminders, overdue_at, closed_at`
pub(crate) type DeadlineRow = (String, i64, i64, String, i64, i64, i64, Option<i64>, Option<i64>);

/// As the database gives them.
pub(crate) struct RawCase {
    pub(crate) case: CaseRow,
    pub(crate) states: Vec<(String, i64)>,
    pub(crate) paths: Vec<(String, String)>,
    pub(crate) acted: Vec<(String, String)>,
    pub(crate) assigned: Vec<(String, String)>,
    pub(crate) reviews: Vec<(String, i64)>,
    pub(crate) deadlines: Vec<DeadlineRow>,
    pub(crate) next: i64,
}

/// Reads what belongs to a case row, over a connection. A macro, as it is typed for either database.
macro_rules! rest_of {
    ($connection:expr, $id:expr, $case:expr) => {
        async {
            let id: &str = $id;
            Ok::<_, sqlx::Error>($crate::cases::rows::RawCase {
                case: $case,
                states: sqlx::query_as(include_str!("sql/read_states.sql"))
                    .bind(id)
                    .fetch_all(&mut *$connection)
                    .await?,
                paths: sqlx::query_as(include_str!("sql/read_paths.sql"))
                    .bind(id)
                    .fetch_all(&mut *$connection)
                    .await?,
                acted: sqlx::query_as(include_str!("sql/read_acted.sql"))
                    .bind(id)
                    .fetch_all(&mut *$connection)
                    .await?,
                assigned: sqlx::query_as(include_str!("sql/read_assigned.sql"))
                    .bind(id)
                    .fetch_all(&mut *$connection)
                    .await?,
                reviews: sqlx::query_as(include_str!("sql/read_reviews.sql"))
                    .bind(id)
                    .fetch_all(&mut *$connection)
                    .await?,
                deadlines: sqlx::query_as(include_str!("sql/read_deadlines.sql"))
                    .bind(id)
                    .fetch_all(&mut *$connection)
                    .await?,
                next: sqlx::query_scalar(include_str!("sql/next_sequence.sql"))
                    .bind(id)
                    .fetch_one(&mut *$connection)
                    .await?,
            })
        }
        .await
    };
}
pub(crate) use rest_of;

/// Locks a case until the transaction ends and reads it; `None` when there is none.
macro_rules! lock {
    ($transaction:expr, $id:expr) => {
        async {
            let id: &str = $id;
            let row = sqlx::query_as(include_str!("sql/lock.sql"))
                .bind(id)
                .fetch_optional(&mut *$transaction)
                .await?;
            match row {
                None => Ok::<_, sqlx::Error>(None),
                Some(row) => $crate::cases::rows::rest_of!($transaction, id, row).map(Some),
            }
        }
        .await
    };
}
pub(crate) use lock;

/// How much of the part of the quota that a form stands in is used; `None` without a quota.
macro_rules! quota {
    ($connection:expr, $procedure:expr, $form:expr) => {
        async {
            let procedure: &$crate::procedure::Procedure = $procedure;
            let Some(part) = $crate::cases::rows::quota_part(procedure, $form) else {
                return Ok::<_, sqlx::Error>(None);
            };
            let held: Option<i64> = sqlx::query_scalar(include_str!("sql/read_quota.sql"))
                .bind(&procedure.name)
                .bind(&part)
                .fetch_optional(&mut *$connection)
                .await?;
            Ok($crate::cases::rows::quota_left(procedure, &part, held.unwrap_or(0)))
        }
        .await
    };
}
pub(crate) use quota;

/// The part of the quota a form stands in.
pub(crate) fn quota_part(procedure: &Procedure, form: &crate::form::Values) -> Option<String> {
    let quota = procedure.quota.as_ref()?;
    match &quota.by {
        None => Some(String::new()),
        Some(field) => form.get(field).map(ToString::to_string),
    }
}

pub(crate) fn quota_left(procedure: &Procedure, part: &str, held: i64) -> Option<i64> {
    let quota = procedure.quota.as_ref()?;
    let limit = quota.limits.get(part).or_else(|| quota.limits.get(""))?;
    Some((i64::from(*limit) - held).max(0))
}

impl RawCase {
    pub(crate) fn typed(self, id: CaseId) -> Result<Standing, StoreError> {
        let (
            number,
            procedure,
            version,
            organisation,
            beginner,
            form,
            revision,
            returns,
            objections,
            last_hash,
            begun_at,
            changed_at,
            ended_at,
        ) = self.case;
        let mut entered = BTreeMap::new();
        for (state, at) in self.states {
            entered.insert(state, instant("entered_at", at)?);
        }
        let mut reviews = BTreeMap::new();
        for (account, score) in self.reviews {
            reviews.insert(parsed("account", &account)?, store::count("score", score)?);
        }
        let pairs = |rows: Vec<(String, String)>| -> Result<BTreeSet<_>, StoreError> {
            rows.into_iter().map(|(role, it)| Ok((role, parsed("account", &it)?))).collect()
        };
        Ok(Standing {
            id,
            number,
            procedure,
            version,
            organisation: parsed("organisation", &organisation)?,
            beginner: parsed("beginner", &beginner)?,
            entered,
            form: from_json(&form).map_err(StoreError::unreadable("form"))?,
            revision,
            returns: store::count("returns", returns)?,
            objections: store::count("objections", objections)?,
            begun_at: instant("begun_at", begun_at)?,
            changed_at: instant("changed_at", changed_at)?,
            ended_at: ended_at.map(|it| instant("ended_at", it)).transpose()?,
            acted: pairs(self.acted)?,
            assigned: pairs(self.assigned)?,
            reviews,
            deadlines: self.deadlines.into_iter().map(running).collect::<Result<_, _>>()?,
            paths: self.paths.into_iter().collect(),
            last_hash,
            next: self.next,
            quota_left: None,
        })
    }
}

fn running(row: DeadlineRow) -> Result<Running, StoreError> {
    let (name, started_at, due_at, due_on, estimated, next_at, reminders, overdue_at, closed_at) =
        row;
    Ok(Running {
        name,
        started_at: instant("started_at", started_at)?,
        due_at: instant("due_at", due_at)?,
        due_on: parsed("due_on", &due_on)?,
        is_estimated: estimated == 1,
        next_at: instant("next_at", next_at)?,
        reminders: store::count("reminders", reminders)?,
        overdue_at: overdue_at.map(|it| instant("overdue_at", it)).transpose()?,
        closed_at: closed_at.map(|it| instant("closed_at", it)).transpose()?,
    })
}

pub(crate) fn instant(column: &'static str, microseconds: i64) -> Result<Timestamp, StoreError> {
    // The last instant there is stands for never.
    if microseconds == i64::MAX {
        return Ok(Timestamp::MAX);
    }
    Timestamp::from_microsecond(microseconds).map_err(StoreError::unreadable(column))
}

/// An instant as it is kept; the last there is sorts after all others.
pub(crate) fn kept(at: Timestamp) -> i64 {
    if at == Timestamp::MAX { i64::MAX } else { at.as_microsecond() }
}

pub(crate) fn parsed<T: FromStr<Err: Display>>(
    column: &'static str,
    text: &str,
) -> Result<T, StoreError> {
    text.parse().map_err(StoreError::unreadable(column))
}
