//! A change of a case, written to the registry in one transaction.

use std::collections::BTreeMap;

use jiff::Timestamp;
use model::Entropy;
use network::AccountId;

use super::decide::Effects;
use super::draws::{Draw, Seed};
use super::entry::Step;
use super::standing::Standing;
use super::tasks::{Task, tasks};
use crate::expression::Value;
use crate::form::FieldKind;
use crate::procedure::{Procedure, StepKind};

/// All rows that a change writes.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) after: Standing,
    pub(crate) step: Step,
    pub(crate) words: String,
    pub(crate) organisations: BTreeMap<String, String>,
    pub(crate) tasks: Vec<Task>,
    /// Id, name and data.
    pub(crate) letters: Vec<(String, String, String)>,
    /// Id, dataset and row.
    pub(crate) facts: Vec<(String, String, String)>,
    pub(crate) released: Vec<String>,
    pub(crate) taken: Vec<(String, u32)>,
    pub(crate) draw: Option<Draw>,
    pub(crate) announced: Option<Seed>,
    pub(crate) review: Option<(AccountId, u32, String)>,
    pub(crate) given: Option<(String, AccountId)>,
    pub(crate) ended: Option<(String, AccountId)>,
    pub(crate) subjects: Vec<String>,
}

impl Change {
    /// Whose draft is done with, because he took a step with it.
    pub(crate) fn drafter(&self) -> Option<AccountId> {
        let is_taken = StepKind::ALL.iter().any(|it| it.as_str() == self.step.kind);
        self.step.actor.filter(|_| is_taken)
    }

    pub(crate) fn new(
        procedure: &Procedure,
        effects: Effects,
        at: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Self {
        let Effects {
            after,
            step,
            letters,
            facts,
            released,
            taken,
            draw,
            announced,
            review,
            given,
            ended,
        } = effects;
        let mut with_ids = |rows: Vec<(String, String)>| -> Vec<(String, String, String)> {
            let id = |entropy: &mut dyn Entropy| super::OutboxId::new(at, entropy).to_string();
            rows.into_iter().map(|(name, data)| (id(entropy), name, data)).collect()
        };
        Self {
            words: words(procedure, &after),
            organisations: organisations(procedure, &after),
            tasks: tasks(procedure, &after),
            letters: with_ids(letters),
            facts: with_ids(facts),
            subjects: subjects(procedure, &after),
            after,
            step,
            released,
            taken,
            draw,
            announced,
            review,
            given,
            ended,
        }
    }
}

/// The words by which a case is found, in lower case.
pub(crate) fn words(procedure: &Procedure, case: &Standing) -> String {
    let fields = procedure.form.fields.values().filter(|it| it.is_searched);
    let values = fields.filter_map(|it| case.form.get(&it.name)).map(ToString::to_string);
    let all: Vec<String> = std::iter::once(case.number.clone()).chain(values).collect();
    all.join(" ").to_lowercase()
}

/// The organisations a case concerns, by the field that names them.
pub(crate) fn organisations(procedure: &Procedure, case: &Standing) -> BTreeMap<String, String> {
    let fields = procedure.form.fields.values().filter(|it| it.kind == FieldKind::Organisation);
    let named = fields.filter_map(|it| match case.form.get(&it.name) {
        Some(Value::Text(code)) => Some((it.name.clone(), code.clone())),
        _ => None,
    });
    let own = (String::new(), case.organisation.to_string());
    std::iter::once(own).chain(named).collect()
}

/// What no other open case may share, as hashes: the registry does not say who has a case.
fn subjects(procedure: &Procedure, case: &Standing) -> Vec<String> {
    if case.ended_at.is_some() {
        return Vec::new();
    }
    let values = procedure.unique.iter().filter_map(|it| Some((it, case.form.get(it)?)));
    values
        .map(|(field, value)| {
            let value = value.to_string();
            crate::hash::of_parts([procedure.name.as_bytes(), field.as_bytes(), value.as_bytes()])
        })
        .collect()
}

/// Writes a change of a case that the transaction holds. `Some` refusal when it cannot be: nothing may be committed.
macro_rules! put {
    ($transaction:expr, $change:expr) => {
        async {
            let change: &$crate::cases::writing::Change = $change;
            let case = &change.after;
            let id = case.id.to_string();
            let at = change.step.at.as_microsecond();
            let done = sqlx::query(include_str!("sql/change.sql"))
                .bind(&id)
                .bind(&case.version)
                .bind($crate::form::to_json(&case.form))
                .bind(&change.words)
                .bind(case.revision)
                .bind(i64::from(case.returns))
                .bind(i64::from(case.objections))
                .bind(&case.last_hash)
                .bind(at)
                .bind(case.ended_at.map(|it| it.as_microsecond()))
                .bind($crate::cases::entry::joined(&case.marking()))
                .execute(&mut *$transaction)
                .await?;
            if done.rows_affected() != 1 {
                return Ok::<_, sqlx::Error>(Some($crate::cases::Refusal::Stale));
            }
            $crate::cases::adding::add_step!($transaction, &id, &change.step);
            if let Some(actor) = change.drafter() {
                sqlx::query(include_str!("sql/clear_draft.sql"))
                    .bind(&id)
                    .bind(actor.to_string())
                    .execute(&mut *$transaction)
                    .await?;
            }
            $crate::cases::adding::clear!($transaction, &id, "sql/clear_states.sql");
            for (state, entered_at) in &case.entered {
                $crate::cases::adding::add_state!($transaction, &id, state, entered_at);
            }
            $crate::cases::adding::clear!($transaction, &id, "sql/clear_organisations.sql");
            for (field, code) in &change.organisations {
                $crate::cases::adding::add_organisation!($transaction, &id, field, code);
            }
            for it in &case.deadlines {
                $crate::cases::adding::put_deadline!($transaction, &id, it);
            }
            for part in &change.released {
                sqlx::query(include_str!("sql/release_quota.sql"))
                    .bind(&case.procedure)
                    .bind(part)
                    .execute(&mut *$transaction)
                    .await?;
            }
            for (part, limit) in &change.taken {
                sqlx::query(include_str!("sql/open_quota.sql"))
                    .bind(&case.procedure)
                    .bind(part)
                    .execute(&mut *$transaction)
                    .await?;
                let taken = sqlx::query(include_str!("sql/take_quota.sql"))
                    .bind(&case.procedure)
                    .bind(part)
                    .bind(i64::from(*limit))
                    .execute(&mut *$transaction)
                    .await?;
                if taken.rows_affected() != 1 {
                    return Ok(Some($crate::cases::Refusal::QuotaFull));
                }
            }
            $crate::cases::adding::clear!($transaction, &id, "sql/clear_subjects.sql");
            for subject in &change.subjects {
                let taken = sqlx::query(include_str!("sql/take_subject.sql"))
                    .bind(&case.procedure)
                    .bind(subject)
                    .bind(&id)
                    .execute(&mut *$transaction)
                    .await?;
                if taken.rows_affected() != 1 {
                    let number: Option<String> =
                        sqlx::query_scalar(include_str!("sql/read_subject.sql"))
                            .bind(&case.procedure)
                            .bind(subject)
                            .fetch_optional(&mut *$transaction)
                            .await?;
                    return Ok(Some($crate::cases::Refusal::Open(number.unwrap_or_default())));
                }
            }
            if let Some(draw) = &change.draw {
                sqlx::query(include_str!("sql/add_draw.sql"))
                    .bind(&id)
                    .bind(change.step.sequence)
                    .bind(&draw.role)
                    .bind(&draw.seed)
                    .bind($crate::cases::writing::tickets(draw))
                    .bind(i64::from(draw.count))
                    .bind(at)
                    .bind(&draw.commitment)
                    .execute(&mut *$transaction)
                    .await?;
                sqlx::query(include_str!("sql/use_seed.sql"))
                    .bind(&id)
                    .bind(at)
                    .execute(&mut *$transaction)
                    .await?;
                for account in draw.chosen() {
                    $crate::cases::adding::add_assignment!(
                        $transaction,
                        &id,
                        &draw.role,
                        account,
                        &change.step
                    );
                }
            }
            if let Some(seed) = &change.announced {
                sqlx::query(include_str!("sql/add_seed.sql"))
                    .bind(&id)
                    .bind(change.step.sequence)
                    .bind(&seed.text)
                    .bind(&seed.commitment)
                    .bind(at)
                    .execute(&mut *$transaction)
                    .await?;
            }
            if let Some((account, score, opinion)) = &change.review {
                sqlx::query(include_str!("sql/add_review.sql"))
                    .bind(&id)
                    .bind(account.to_string())
                    .bind(i64::from(*score))
                    .bind(opinion)
                    .bind(at)
                    .execute(&mut *$transaction)
                    .await?;
            }
            if let Some((role, account)) = &change.given {
                $crate::cases::adding::add_assignment!(
                    $transaction,
                    &id,
                    role,
                    account,
                    &change.step
                );
            }
            if let Some((role, account)) = &change.ended {
                sqlx::query(include_str!("sql/end_assignment.sql"))
                    .bind(&id)
                    .bind(role)
                    .bind(account.to_string())
                    .execute(&mut *$transaction)
                    .await?;
            }
            for (letter, name, data) in &change.letters {
                sqlx::query(include_str!("sql/add_letter.sql"))
                    .bind(letter)
                    .bind(&id)
                    .bind(change.step.sequence)
                    .bind(name)
                    .bind(data)
                    .bind(at)
                    .execute(&mut *$transaction)
                    .await?;
            }
            for (fact, dataset, row) in &change.facts {
                sqlx::query(include_str!("sql/add_fact.sql"))
                    .bind(fact)
                    .bind(&id)
                    .bind(change.step.sequence)
                    .bind(dataset)
                    .bind(row)
                    .bind(at)
                    .execute(&mut *$transaction)
                    .await?;
            }
            $crate::cases::adding::clear!($transaction, &id, "sql/clear_tasks.sql");
            for it in &change.tasks {
                $crate::cases::adding::add_task!($transaction, &id, it);
            }
            Ok(None)
        }
        .await
    };
}
pub(crate) use put;

/// Tickets of a draw as they are kept: `TICKET ACCOUNT` a line.
pub(crate) fn tickets(draw: &Draw) -> String {
    let lines = draw.tickets.iter().map(|(ticket, account)| format!("{ticket} {account}"));
    lines.collect::<Vec<_>>().join("\n")
}
