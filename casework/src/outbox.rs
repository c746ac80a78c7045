//! What cases hand out: rows for the lake, and letters to be issued. Each waits until somebody says it is done.
//!
//! Whoever takes a fact writes it first and says so afterwards; stopped in between, he takes it again. The lake
//! tells rows by their key, so that the same one twice is one. A row that is refused is tried again a day later, and
//! no later row of its case and dataset goes before it: of two with the same key the later one counts.

use jiff::{SignedDuration, Timestamp};
use store::{StoreError, on_db};

use crate::actor::Actor;
use crate::cases::{CaseError, CaseId, OutboxId, Refusal, read, rows};
use crate::form::{Values, from_json};
use crate::office::Office;

/// A row for the lake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingFact {
    pub id: OutboxId,
    /// Number of the case it comes from.
    pub number: String,
    pub procedure: String,
    pub dataset: String,
    /// Columns and their values; one without a value is missing.
    pub row: Values,
    pub at: Timestamp,
}

/// A letter that goes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderedLetter {
    pub id: OutboxId,
    pub case: CaseId,
    /// The version of the procedure that says what it is.
    pub version: String,
    pub name: String,
    /// What its template says, as JSON: `{"zh": {…}, "en": {…}}`.
    pub data: String,
    pub ordered_at: Timestamp,
    /// Hash of the document, and when it was issued.
    pub issued: Option<(String, Timestamp)>,
}

type LetterRow = (String, String, String, String, String, i64, Option<String>, Option<i64>);

/// After how long a row that was refused is tried again: what it names may be known by then.
const TRIED_AGAIN_AFTER: SignedDuration = SignedDuration::from_hours(24);

type FactRow = (String, String, String, String, String, i64);

/// Rows that nobody has taken yet, the earliest first.
pub async fn facts(office: &Office, most: u32) -> Result<Vec<WaitingFact>, StoreError> {
    const READ: &str = include_str!("outbox/facts_waiting.sql");

    let found: Vec<FactRow> = on_db!(office.store, pool => {
        sqlx::query_as(READ).bind(i64::from(most)).fetch_all(pool).await
    })
    .map_err(StoreError::doing("read facts of cases"))?;
    found.into_iter().map(fact).collect()
}

/// Datasets for which rows wait that are to be tried at an instant.
pub async fn datasets(office: &Office, at: Timestamp) -> Result<Vec<String>, StoreError> {
    const READ: &str = include_str!("outbox/datasets_waiting.sql");

    on_db!(office.store, pool => {
        sqlx::query_scalar(READ).bind(again(at)).fetch_all(pool).await
    })
    .map_err(StoreError::doing("read facts of cases"))
}

/// Rows of one dataset that are to be tried at an instant, the earliest first, after one of them.
pub async fn facts_of(
    office: &Office,
    dataset: &str,
    after: Option<OutboxId>,
    most: u32,
    at: Timestamp,
) -> Result<Vec<WaitingFact>, StoreError> {
    const READ: &str = include_str!("outbox/facts_of.sql");

    let after = after.map(|it| it.to_string()).unwrap_or_default();
    let found: Vec<FactRow> = on_db!(office.store, pool => {
        sqlx::query_as(READ)
            .bind(dataset)
            .bind(again(at))
            .bind(&after)
            .bind(i64::from(most))
            .fetch_all(pool)
            .await
    })
    .map_err(StoreError::doing("read facts of cases"))?;
    found.into_iter().map(fact).collect()
}

fn again(at: Timestamp) -> i64 {
    at.checked_sub(TRIED_AGAIN_AFTER).unwrap_or(Timestamp::MIN).as_microsecond()
}

fn fact((id, number, procedure, dataset, row, at): FactRow) -> Result<WaitingFact, StoreError> {
    Ok(WaitingFact {
        id: rows::parsed("id", &id)?,
        number,
        procedure,
        dataset,
        row: from_json(&row).map_err(StoreError::unreadable("fact"))?,
        at: rows::instant("handed_at", at)?,
    })
}

/// Says that the lake refused rows, and what was wrong with each.
pub async fn facts_refused(
    office: &Office,
    refused: &[(OutboxId, String)],
    at: Timestamp,
) -> Result<(), StoreError> {
    const REFUSED: &str = include_str!("outbox/fact_refused.sql");
    let refusing = || StoreError::doing("note that facts were refused");

    on_db!(office.store, pool => {
        let mut transaction = pool.begin_with(office.store.begin()).await.map_err(refusing())?;
        for (id, fault) in refused {
            sqlx::query(REFUSED)
                .bind(id.to_string())
                .bind(at.as_microsecond())
                .bind(fault)
                .execute(&mut *transaction)
                .await
                .map_err(refusing())?;
        }
        transaction.commit().await.map_err(refusing())
    })
}

/// Says that rows are in the lake.
pub async fn facts_taken(
    office: &Office,
    ids: &[OutboxId],
    at: Timestamp,
) -> Result<(), StoreError> {
    const TAKEN: &str = include_str!("outbox/fact_taken.sql");
    let taking = || StoreError::doing("note that facts were taken");

    on_db!(office.store, pool => {
        let mut transaction = pool.begin_with(office.store.begin()).await.map_err(taking())?;
        for id in ids {
            sqlx::query(TAKEN)
                .bind(id.to_string())
                .bind(at.as_microsecond())
                .execute(&mut *transaction)
                .await
                .map_err(taking())?;
        }
        transaction.commit().await.map_err(taking())
    })
}

/// Letters that are not issued yet, the earliest first.
pub async fn letters(office: &Office, most: u32) -> Result<Vec<OrderedLetter>, StoreError> {
    const READ: &str = include_str!("outbox/letters_waiting.sql");

    let found: Vec<LetterRow> = on_db!(office.store, pool => {
        sqlx::query_as(READ).bind(i64::from(most)).fetch_all(pool).await
    })
    .map_err(StoreError::doing("read letters of cases"))?;
    found.into_iter().map(letter).collect()
}

/// The letters of a case, for somebody who may see it.
pub async fn letters_of(
    office: &Office,
    actor: &Actor,
    case: CaseId,
) -> Result<Vec<OrderedLetter>, CaseError> {
    let (standing, procedure) = read(office, case).await?.ok_or(Refusal::Unknown)?;
    if !actor.is_party(&procedure, &standing) {
        return Err(Refusal::Unknown.into());
    }
    Ok(ordered(office, case).await?)
}

/// The letters of a case.
pub(crate) async fn ordered(
    office: &Office,
    case: CaseId,
) -> Result<Vec<OrderedLetter>, StoreError> {
    const READ: &str = include_str!("outbox/letters_of.sql");

    let found: Vec<LetterRow> = on_db!(office.store, pool => {
        sqlx::query_as(READ).bind(case.to_string()).fetch_all(pool).await
    })
    .map_err(StoreError::doing("read letters of a case"))?;
    found.into_iter().map(letter).collect()
}

/// Says that a letter is issued, as the document of this hash. `false` when it was already.
pub async fn letter_issued(
    office: &Office,
    id: OutboxId,
    document: &str,
    at: Timestamp,
) -> Result<bool, StoreError> {
    const ISSUED: &str = include_str!("outbox/letter_issued.sql");

    let changed = on_db!(office.store, pool => {
        sqlx::query(ISSUED)
            .bind(id.to_string())
            .bind(document)
            .bind(at.as_microsecond())
            .execute(pool)
            .await
            .map(|it| it.rows_affected())
    })
    .map_err(StoreError::doing("note that a letter was issued"))?;
    Ok(changed == 1)
}

fn letter(row: LetterRow) -> Result<OrderedLetter, StoreError> {
    let (id, case, version, name, data, ordered_at, document, issued_at) = row;
    let issued = match (document, issued_at) {
        (Some(document), Some(at)) => Some((document, rows::instant("issued_at", at)?)),
        _ => None,
    };
    Ok(OrderedLetter {
        id: rows::parsed("id", &id)?,
        case: rows::parsed("case_id", &case)?,
        version,
        name,
        data,
        ordered_at: rows::instant("ordered_at", ordered_at)?,
        issued,
    })
}
