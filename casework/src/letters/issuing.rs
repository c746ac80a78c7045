//! Letters that were ordered go out.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use model::Entropy;
use model::text::Bilingual;
use network::AccountId;
use network::audit::{self, Entry};
use network::purpose::Purpose;
use store::{StoreError, on_db};

use super::content::Ordered;
use super::names::Names;
use super::press::{Draft, Edition};
use super::{Language, LetterNumber, LettersError, Press, code};
use crate::cases::rows;
use crate::hash::of_bytes;
use crate::office::{Office, OfficeError};
use crate::vault::keep;

/// Letters that are read in one go.
const AT_ONCE: i64 = 50;
/// The languages of every letter, the one that counts first.
const LANGUAGES: [Language; 2] = [Language::Chinese, Language::English];

/// What issuing did.
#[derive(Clone, Debug, Default)]
pub struct Issuing {
    /// Letters that went out.
    pub issued: u32,
    /// Letters that could not, by the number of their case; they wait and are tried again.
    pub failed: Vec<(String, Arc<LettersError>)>,
}

/// `id, case_id, version, number, organisation, name, data, ordinal`
type WaitingRow = (String, String, String, String, String, String, String, i64);

/// A document that was printed and kept.
struct Printed {
    language: Language,
    number: LetterNumber,
    hash: String,
    size: i64,
}

/// Issues all letters that wait. One that cannot be printed does not hold up the others.
pub async fn issue_waiting(
    office: &Office,
    press: &Arc<Press>,
    at: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Issuing, LettersError> {
    const WAITING: &str = include_str!("waiting.sql");

    let mut done = Issuing::default();
    let mut last = String::new();
    let mut names = None;
    loop {
        let waiting: Vec<WaitingRow> = on_db!(office.store, pool => {
            sqlx::query_as(WAITING).bind(&last).bind(AT_ONCE).fetch_all(pool).await
        })
        .map_err(StoreError::doing("read letters of cases"))?;
        let Some(row) = waiting.last() else { return Ok(done) };
        last.clone_from(&row.0);
        for row in waiting {
            let number = row.3.clone();
            match issue(office, press, &mut names, row, at, entropy).await {
                Ok(true) => done.issued += 1,
                // Somebody else has issued it meanwhile.
                Ok(false) => {}
                Err(error @ LettersError::Case(_)) => return Err(error),
                Err(error) => done.failed.push((number, Arc::new(error))),
            }
        }
    }
}

/// Issues one letter; `false` when somebody else has.
async fn issue(
    office: &Office,
    press: &Arc<Press>,
    names: &mut Option<Names>,
    row: WaitingRow,
    at: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<bool, LettersError> {
    let (id, case, version, number, organisation, name, data, ordinal) = row;
    let procedure = office.version(&version).await?;
    let letter = procedure.letter(&name).ok_or_else(|| OfficeError::Unknown(name.clone()))?;
    let day = office.calendar(&procedure)?.day(at);
    if names.is_none() {
        *names = Some(Names::on(office, day, at).await?);
    }
    let Some(names) = names else { return Ok(false) };
    let ordered = Ordered::read(&data)?;
    let mut persons = Vec::new();
    for account in ordered.accounts() {
        let account: AccountId = rows::parsed("to", account)?;
        let found = network::accounts::find(&office.store, account).await?;
        persons.extend(found.map(|it| it.name.as_str().to_owned()));
    }
    let issuer = match ordered.sender() {
        Some(path) => names.of_path(path),
        None => names.of_code(&organisation),
    };
    let draft = Arc::new(Draft {
        template: letter.template.clone(),
        reference: format!("{number}-{ordinal}"),
        issuer: issuer.clone(),
        day,
    });
    let mut printed = Vec::new();
    for language in LANGUAGES {
        let number = LetterNumber::new(entropy);
        let words = ordered.words(language, names, &persons, &issuer)?;
        let edition = Edition { language, number: number.clone(), words };
        let (press, draft) = (Arc::clone(press), Arc::clone(&draft));
        let folder = press.folder.clone();
        let document = tokio::task::spawn_blocking(move || press.print(&draft, edition, at));
        let document = document.await.map_err(|_| LettersError::Stopped)??;
        printed.push(store_document(&folder, language, number, &document).await?);
    }
    let out = Out {
        id: &id,
        case: &case,
        kind: &name,
        title: &letter.title,
        issuer: &issuer,
        reference: &draft.reference,
        printed: &printed,
    };
    let entry = Entry::new(audit::Actor::System, Purpose::OPERATION, "letter.issue");
    let entry = match organisation.parse() {
        Ok(organisation) => entry.at(&organisation),
        Err(_) => entry,
    };
    hand_out(office, &out, entry.about("letter", &id), at).await
}

/// The bytes first: a row never names what is not there. Bytes that no row names do no harm.
async fn store_document(
    folder: &Path,
    language: Language,
    number: LetterNumber,
    document: &[u8],
) -> Result<Printed, LettersError> {
    let hash = of_bytes(document);
    keep(folder, &hash, document).await.map_err(|it| LettersError::Folder("written", it))?;
    let size = i64::try_from(document.len()).unwrap_or(i64::MAX);
    Ok(Printed { language, number, hash, size })
}

/// All that is written of a letter when it goes out.
struct Out<'a> {
    id: &'a str,
    case: &'a str,
    kind: &'a str,
    title: &'a Bilingual,
    issuer: &'a Bilingual,
    reference: &'a str,
    printed: &'a [Printed],
}

/// Takes a letter out of the outbox and enters its documents in the register; `false` when somebody else has.
async fn hand_out(
    office: &Office,
    out: &Out<'_>,
    entry: Entry,
    at: Timestamp,
) -> Result<bool, LettersError> {
    const TAKE: &str = include_str!("../outbox/letter_issued.sql");
    const ADD: &str = include_str!("add.sql");
    let issuing = || StoreError::doing("issue a letter");

    let Some(first) = out.printed.first() else { return Ok(false) };
    on_db!(office.store, pool => {
        let mut transaction = pool.begin_with(office.store.begin()).await.map_err(issuing())?;
        let taken = sqlx::query(TAKE)
            .bind(out.id)
            .bind(&first.hash)
            .bind(at.as_microsecond())
            .execute(&mut *transaction)
            .await
            .map_err(issuing())?;
        if taken.rows_affected() != 1 {
            return Ok(false);
        }
        for it in out.printed {
            sqlx::query(ADD)
                .bind(it.number.as_str())
                .bind(out.id)
                .bind(out.case)
                .bind(code(it.language))
                .bind(out.reference)
                .bind(out.kind)
                .bind(&out.title.zh)
                .bind(&out.title.en)
                .bind(&out.issuer.zh)
                .bind(&out.issuer.en)
                .bind(&it.hash)
                .bind(it.size)
                .bind(at.as_microsecond())
                .execute(&mut *transaction)
                .await
                .map_err(issuing())?;
        }
        audit::append!(transaction, entry, at).map_err(issuing())?;
        transaction.commit().await.map_err(issuing())?;
    });
    Ok(true)
}
