//! The register of letters that were issued: asked by anyone who holds one, read by parties of the case.

use std::path::Path;

use jiff::Timestamp;
use model::text::Bilingual;
use network::audit::{self, Entry};
use network::purpose::Purpose;
use store::{Store, StoreError, on_db};

use super::{IssuedLetter, Language, LetterNumber, LettersError, Revocation};
use crate::actor::Actor;
use crate::cases::{CaseError, CaseId, Refusal, Standing, read, rows};
use crate::expression::Name;
use crate::hash::of_bytes;
use crate::office::Office;
use crate::procedure::{Letter, Piece, Procedure};
use crate::vault;

store::row! {
    struct IssuedRow {
        number: String,
        letter_id: String,
        case_id: String,
        language: String,
        reference: String,
        kind: String,
        title_zh: String,
        title_en: String,
        issuer_zh: String,
        issuer_en: String,
        hash: String,
        size: i64,
        issued_at: i64,
        revoked_at: Option<i64>,
        revoked_why: Option<String>,
    }
}

/// The letter of a number.
pub async fn find(
    store: &Store,
    number: &LetterNumber,
) -> Result<Option<IssuedLetter>, StoreError> {
    const FIND: &str = include_str!("find.sql");

    let row: Option<IssuedRow> = on_db!(store, pool => {
        sqlx::query_as(FIND).bind(number.as_str()).fetch_optional(pool).await
    })
    .map_err(StoreError::doing("look for a letter"))?;
    row.map(IssuedRow::typed).transpose()
}

/// The letter whose document these bytes are, to the last one.
pub async fn of_hash(store: &Store, document: &[u8]) -> Result<Option<IssuedLetter>, StoreError> {
    const FIND: &str = include_str!("of_hash.sql");

    let row: Option<IssuedRow> = on_db!(store, pool => {
        sqlx::query_as(FIND).bind(of_bytes(document)).fetch_optional(pool).await
    })
    .map_err(StoreError::doing("look for a letter"))?;
    row.map(IssuedRow::typed).transpose()
}

/// The letters of a case that somebody may read, the earliest first: he is a party, and no field is hidden from him
/// that the letter tells of.
pub async fn issued_of(
    office: &Office,
    actor: &Actor,
    case: CaseId,
) -> Result<Vec<IssuedLetter>, CaseError> {
    let (standing, procedure) = read(office, case).await?.ok_or(Refusal::Unknown)?;
    if !actor.is_party(&procedure, &standing) {
        return Err(Refusal::Unknown.into());
    }
    Ok(shown_to(office, actor, &procedure, &standing).await?)
}

/// The letters of a case but those that tell of fields that are hidden from somebody.
pub(crate) async fn shown_to(
    office: &Office,
    actor: &Actor,
    procedure: &Procedure,
    standing: &Standing,
) -> Result<Vec<IssuedLetter>, StoreError> {
    const READ: &str = include_str!("issued_of.sql");

    let rows: Vec<IssuedRow> = on_db!(office.store, pool => {
        sqlx::query_as(READ).bind(standing.id.to_string()).fetch_all(pool).await
    })
    .map_err(StoreError::doing("read letters of a case"))?;
    let letters: Vec<IssuedLetter> =
        rows.into_iter().map(IssuedRow::typed).collect::<Result<_, _>>()?;
    let hidden = actor.hidden(procedure, standing);
    let tells = |it: &IssuedLetter| {
        procedure.letter(&it.kind).is_none_or(|it| fields(it).any(|field| hidden.contains(field)))
    };
    Ok(letters.into_iter().filter(|it| hidden.is_empty() || !tells(it)).collect())
}

/// The document of a letter, for somebody who may read it; that he did is noted.
pub async fn bytes(
    office: &Office,
    folder: &Path,
    actor: &Actor,
    case: CaseId,
    number: &LetterNumber,
    at: Timestamp,
) -> Result<(IssuedLetter, Vec<u8>), LettersError> {
    let (standing, procedure) = read(office, case).await?.ok_or(Refusal::Unknown)?;
    if !actor.is_party(&procedure, &standing) {
        return Err(Refusal::Unknown.into());
    }
    let letters = shown_to(office, actor, &procedure, &standing).await?;
    let letter = letters.into_iter().find(|it| it.number == *number).ok_or(Refusal::Unknown)?;
    let path = vault::place(folder, &letter.hash);
    let bytes = tokio::fs::read(path).await.map_err(|it| LettersError::Folder("read", it))?;
    if of_bytes(&bytes) != letter.hash {
        return Err(LettersError::Altered);
    }
    let entry = Entry::new(actor.audited(), actor.purpose.clone(), "letter.read")
        .at(&standing.organisation)
        .about("case", case);
    audit::record(&office.store, &entry, at).await?;
    Ok((letter, bytes))
}

/// Takes a letter back, in all its languages: from now on it does not hold. `false` when there is none of this number, or
/// it was taken back before.
pub async fn revoke(
    store: &Store,
    by: audit::Actor,
    number: &LetterNumber,
    why: &str,
    at: Timestamp,
) -> Result<bool, StoreError> {
    const REVOKE: &str = include_str!("revoke.sql");
    let revoking = || StoreError::doing("take a letter back");

    on_db!(store, pool => {
        let mut transaction = pool.begin_with(store.begin()).await.map_err(revoking())?;
        let changed = sqlx::query(REVOKE)
            .bind(number.as_str())
            .bind(at.as_microsecond())
            .bind(why)
            .execute(&mut *transaction)
            .await
            .map_err(revoking())?;
        if changed.rows_affected() == 0 {
            return Ok(false);
        }
        let entry = Entry::new(by, Purpose::OPERATION, "letter.revoke");
        let entry = entry.about("letter", number.as_str());
        audit::append!(transaction, entry, at).map_err(revoking())?;
        transaction.commit().await.map_err(revoking())?;
        Ok(true)
    })
}

/// Fields of the form that a letter tells of.
fn fields(letter: &Letter) -> impl Iterator<Item = &String> {
    let wordings = letter.parts.iter().flat_map(|(_, it)| it.zh.iter().chain(&it.en));
    wordings.filter_map(|it| match it {
        Piece::Blank(Name::Form(field)) => Some(field),
        Piece::Blank(Name::Case(_)) | Piece::Text(_) => None,
    })
}

impl IssuedRow {
    fn typed(self) -> Result<IssuedLetter, StoreError> {
        let revoked = match (self.revoked_at, self.revoked_why) {
            (Some(at), Some(why)) => Some(Revocation { at: rows::instant("revoked_at", at)?, why }),
            _ => None,
        };
        let language = if self.language == "en" { Language::English } else { Language::Chinese };
        Ok(IssuedLetter {
            number: rows::parsed("number", &self.number)?,
            ordered: rows::parsed("letter_id", &self.letter_id)?,
            case: rows::parsed("case_id", &self.case_id)?,
            language,
            reference: self.reference,
            kind: self.kind,
            title: Bilingual::new(self.title_zh, self.title_en),
            issuer: Bilingual::new(self.issuer_zh, self.issuer_en),
            hash: self.hash,
            size: u64::try_from(self.size).unwrap_or_default(),
            issued_at: rows::instant("issued_at", self.issued_at)?,
            revoked,
        })
    }
}
