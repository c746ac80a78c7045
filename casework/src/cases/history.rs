//! What happened to a case, and whether it is still told as it was written.

use jiff::Timestamp;
use store::{StoreError, on_db};

use super::draws::{Announced, Draw};
use super::entry::{Step, parted};
use super::rows::{instant, parsed};
use super::standing::Standing;
use super::stepping::{read, read_as_party};
use super::{CaseError, CaseId, Refusal};
use crate::actor::Actor;
use crate::form::from_json;
use crate::office::Office;
use crate::procedure::Procedure;

/// Whether the history of a case holds together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chain {
    Sound,
    /// The first entry that was altered, or whose forerunner is gone.
    Broken(i64),
}

store::row! {
    struct StepRow {
        sequence: i64,
        kind: String,
        name: String,
        actor: Option<String>,
        role: String,
        happened_at: i64,
        from_states: String,
        to_states: String,
        change: String,
        kept: String,
        note: String,
        form_hash: String,
        previous_hash: String,
        hash: String,
    }
}

/// The entries of a case, the earliest first; values of fields that are hidden from the actor are left out.
pub async fn history(
    office: &Office,
    actor: &Actor,
    id: CaseId,
    at: Timestamp,
) -> Result<Vec<Step>, CaseError> {
    let (case, procedure) = read_as_party(office, actor, id, at).await?;
    Ok(told(office, actor, &procedure, &case).await?)
}

/// The entries of a case as somebody sees them.
pub(super) async fn told(
    office: &Office,
    actor: &Actor,
    procedure: &Procedure,
    case: &Standing,
) -> Result<Vec<Step>, StoreError> {
    let hidden = actor.hidden(procedure, case);
    let mut steps = steps(office, case.id).await?;
    for step in &mut steps {
        step.change = without(&step.change, &hidden);
        step.kept = without(&step.kept, &hidden);
    }
    Ok(steps)
}

/// Whether every entry of a case is what it was, and leads to what the case holds.
pub async fn verify(office: &Office, id: CaseId) -> Result<Chain, CaseError> {
    let (case, _) = read(office, id).await?.ok_or(Refusal::Unknown)?;
    let (text, mut previous) = (id.to_string(), String::new());
    let mut expected = 0;
    for step in steps(office, id).await? {
        let holds = step.sequence == expected
            && step.previous_hash == previous
            && step.hash == step.computed_hash(&text);
        if !holds {
            return Ok(Chain::Broken(expected));
        }
        previous = step.hash;
        expected += 1;
    }
    if previous == case.last_hash { Ok(Chain::Sound) } else { Ok(Chain::Broken(expected)) }
}

/// The draws of a case, with all that is needed to make them again.
pub async fn draws(office: &Office, actor: &Actor, id: CaseId) -> Result<Vec<Draw>, CaseError> {
    let (case, procedure) = read(office, id).await?.ok_or(Refusal::Unknown)?;
    if !actor.is_party(&procedure, &case) {
        return Err(Refusal::Unknown.into());
    }
    Ok(made(office, id).await?)
}

/// The draws of a case.
pub(super) async fn made(office: &Office, id: CaseId) -> Result<Vec<Draw>, StoreError> {
    const READ: &str = include_str!("sql/read_draws.sql");

    let rows: Vec<(String, String, String, i64, Option<String>)> = on_db!(office.store, pool => {
        sqlx::query_as(READ).bind(id.to_string()).fetch_all(pool).await
    })
    .map_err(StoreError::doing("read the draws of a case"))?;
    let mut draws = Vec::with_capacity(rows.len());
    for (role, seed, tickets, chosen, commitment) in rows {
        let mut all = Vec::new();
        for line in tickets.lines() {
            let (ticket, account) = line.split_once(' ').unwrap_or((line, ""));
            all.push((ticket.to_owned(), parsed("tickets", account)?));
        }
        draws.push(Draw {
            role,
            seed,
            commitment,
            tickets: all,
            count: store::count("chosen", chosen)?,
        });
    }
    Ok(draws)
}

/// The draw that is announced in a case and not made yet, for a party.
pub async fn announced(
    office: &Office,
    actor: &Actor,
    id: CaseId,
) -> Result<Option<Announced>, CaseError> {
    let (case, procedure) = read(office, id).await?.ok_or(Refusal::Unknown)?;
    if !actor.is_party(&procedure, &case) {
        return Err(Refusal::Unknown.into());
    }
    Ok(committed(office, id).await?)
}

/// The draw that is announced in a case and not made yet.
pub(super) async fn committed(
    office: &Office,
    id: CaseId,
) -> Result<Option<Announced>, StoreError> {
    const READ: &str = include_str!("sql/read_seed.sql");

    let row: Option<(String, String, i64)> = on_db!(office.store, pool => {
        sqlx::query_as(READ).bind(id.to_string()).fetch_optional(pool).await
    })
    .map_err(StoreError::doing("read what was announced of a draw"))?;
    let Some((_, commitment, at)) = row else { return Ok(None) };
    Ok(Some(Announced { commitment, at: instant("committed_at", at)? }))
}

async fn steps(office: &Office, id: CaseId) -> Result<Vec<Step>, StoreError> {
    const READ: &str = include_str!("sql/read_steps.sql");

    let rows: Vec<StepRow> = on_db!(office.store, pool => {
        sqlx::query_as(READ).bind(id.to_string()).fetch_all(pool).await
    })
    .map_err(StoreError::doing("read the history of a case"))?;
    rows.into_iter().map(StepRow::typed).collect()
}

impl StepRow {
    fn typed(self) -> Result<Step, StoreError> {
        Ok(Step {
            sequence: self.sequence,
            kind: self.kind,
            name: self.name,
            actor: self.actor.map(|it| parsed("actor", &it)).transpose()?,
            role: self.role,
            at: instant("happened_at", self.happened_at)?,
            from: parted(&self.from_states),
            to: parted(&self.to_states),
            change: self.change,
            kept: self.kept,
            note: self.note,
            form_hash: self.form_hash,
            previous_hash: self.previous_hash,
            hash: self.hash,
        })
    }
}

/// Values as JSON without some fields.
fn without(text: &str, hidden: &std::collections::BTreeSet<String>) -> String {
    if hidden.is_empty() {
        return text.to_owned();
    }
    let Ok(mut values) = from_json(text) else { return "{}".to_owned() };
    values.retain(|it, _| !hidden.contains(it));
    crate::form::to_json(&values)
}
