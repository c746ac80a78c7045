//! What somebody has filled in and not handed in yet: his own, kept as he types.

use jiff::Timestamp;
use store::{StoreError, on_db};

use super::rows::instant;
use super::stepping::read;
use super::{CaseError, CaseId, Refusal};
use crate::actor::Actor;
use crate::form::{FieldFault, Values, from_json, to_json};
use crate::office::Office;

/// Longest draft, as JSON.
const MAX_DRAFT: usize = 256 << 10;

/// A draft, and when it was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub form: Values,
    pub saved_at: Timestamp,
}

/// Keeps what somebody has filled in so far, sound or not, and tells what is amiss in it.
pub async fn save_draft(
    office: &Office,
    actor: &Actor,
    id: CaseId,
    form: &Values,
    at: Timestamp,
) -> Result<Vec<FieldFault>, CaseError> {
    const PUT: &str = include_str!("sql/put_draft.sql");

    let (case, procedure) = read(office, id).await?.ok_or(Refusal::Unknown)?;
    if !actor.is_party(&procedure, &case) {
        return Err(Refusal::Unknown.into());
    }
    let known: Values = form
        .iter()
        .filter(|(it, _)| procedure.form.field(it).is_some())
        .map(|(it, of)| (it.clone(), of.clone()))
        .collect();
    let text = to_json(&known);
    if text.len() > MAX_DRAFT {
        return Err(Refusal::TooLong(MAX_DRAFT).into());
    }
    on_db!(office.store, pool => {
        sqlx::query(PUT)
            .bind(id.to_string())
            .bind(actor.account.to_string())
            .bind(text)
            .bind(at.as_microsecond())
            .execute(pool)
            .await
            .map(|_| ())
    })
    .map_err(StoreError::doing("keep a draft"))?;
    Ok(procedure.form.check(&known))
}

/// Somebody's own draft.
pub async fn draft(office: &Office, actor: &Actor, id: CaseId) -> Result<Option<Draft>, CaseError> {
    const READ: &str = include_str!("sql/read_draft.sql");

    let row: Option<(String, i64)> = on_db!(office.store, pool => {
        sqlx::query_as(READ)
            .bind(id.to_string())
            .bind(actor.account.to_string())
            .fetch_optional(pool)
            .await
    })
    .map_err(StoreError::doing("read a draft"))?;
    let Some((form, saved_at)) = row else { return Ok(None) };
    let form = from_json(&form).map_err(StoreError::unreadable("form"))?;
    Ok(Some(Draft { form, saved_at: instant("saved_at", saved_at)? }))
}
