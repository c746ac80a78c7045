//! The discussion of a case.

use jiff::Timestamp;
use model::Entropy;
use network::AccountId;
use network::audit::{self, Entry};
use store::{StoreError, on_db};

use super::rows::{instant, parsed};
use super::stepping::{read, read_as_party};
use super::{CaseError, CaseId, OutboxId, Refusal};
use crate::actor::Actor;
use crate::office::Office;

/// Longest comment.
const MAX_BODY: usize = 5_000;

/// Something said about a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    pub account: AccountId,
    pub body: String,
    pub at: Timestamp,
}

/// Adds a comment. It changes nothing of the case.
pub async fn comment(
    office: &Office,
    actor: &Actor,
    id: CaseId,
    body: &str,
    at: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(), CaseError> {
    const ADD: &str = include_str!("sql/add_comment.sql");
    let commenting = || StoreError::doing("add a comment");

    let body = body.trim();
    if body.is_empty() {
        return Err(Refusal::NoNote("comment".to_owned()).into());
    }
    if body.chars().count() > MAX_BODY {
        return Err(Refusal::TooLong(MAX_BODY).into());
    }
    let (case, procedure) = read(office, id).await?.ok_or(Refusal::Unknown)?;
    if !actor.is_party(&procedure, &case) {
        return Err(Refusal::Unknown.into());
    }
    let comment = OutboxId::new(at, entropy).to_string();
    on_db!(office.store, pool => {
        let mut transaction = pool.begin_with(office.store.begin()).await.map_err(commenting())?;
        sqlx::query(ADD)
            .bind(&comment)
            .bind(id.to_string())
            .bind(actor.account.to_string())
            .bind(body)
            .bind(at.as_microsecond())
            .execute(&mut *transaction)
            .await
            .map_err(commenting())?;
        let entry = Entry::new(actor.audited(), actor.purpose.clone(), "case.comment")
            .at(&case.organisation)
            .about("case", id);
        audit::append!(transaction, entry, at).map_err(commenting())?;
        transaction.commit().await.map_err(commenting())
    })?;
    Ok(())
}

/// What was said about a case, the earliest first.
pub async fn comments(
    office: &Office,
    actor: &Actor,
    id: CaseId,
    at: Timestamp,
) -> Result<Vec<Comment>, CaseError> {
    read_as_party(office, actor, id, at).await?;
    Ok(said(office, id).await?)
}

/// What was said about a case.
pub(super) async fn said(office: &Office, id: CaseId) -> Result<Vec<Comment>, StoreError> {
    const READ: &str = include_str!("sql/read_comments.sql");

    let rows: Vec<(String, String, String, i64)> = on_db!(office.store, pool => {
        sqlx::query_as(READ).bind(id.to_string()).fetch_all(pool).await
    })
    .map_err(StoreError::doing("read comments"))?;
    let comment = |(_, account, body, at): (String, String, String, i64)| {
        Ok(Comment { account: parsed("account", &account)?, body, at: instant("written_at", at)? })
    };
    rows.into_iter().map(comment).collect()
}
