//! Files of a case: their bytes lie in a folder under their hash, and what they are is told by their content.

use std::io;
use std::path::PathBuf;

use jiff::Timestamp;
use model::Entropy;
use network::AccountId;
use network::audit::{self, Entry};
use store::{StoreError, on_db};
use tokio::fs;

mod kind;
mod scanner;

pub use self::scanner::{ScanError, Scanner, Verdict};
use crate::actor::Actor;
use crate::cases::{
    CaseError, CaseId, OutboxId, Refusal, Standing, note_reading, read, read_as_party, rows,
};
use crate::hash::of_bytes;
use crate::office::Office;
use crate::procedure::Procedure;
use crate::vault::{keep, place};

/// Most files of a case.
const MAX_FILES: usize = 100;
/// Longest name of a file.
const MAX_NAME: usize = 120;

/// Where the bytes are, how large they may be, and who looks them over.
#[derive(Clone, Debug)]
pub struct Vault {
    pub folder: PathBuf,
    /// Most bytes of one file.
    pub most: u64,
    /// Looks for viruses; none when absent.
    pub scanner: Option<Scanner>,
}

/// A file of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    pub id: OutboxId,
    pub account: AccountId,
    /// As it was called; never used as a path.
    pub name: String,
    pub media_type: String,
    pub size: u64,
    /// SHA-256 of its bytes.
    pub hash: String,
    /// A scanner looked it over.
    pub is_scanned: bool,
    pub at: Timestamp,
}

/// A file could not be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum AttachmentError {
    #[error(transparent)]
    Case(#[from] CaseError),

    #[error("the folder of attachments could not be {0}")]
    Folder(&'static str, #[source] io::Error),

    #[error("the bytes of an attachment are not those that were kept")]
    Altered,

    #[error("the file could not be looked over; try again later")]
    Scan(#[from] ScanError),
}

impl From<Refusal> for AttachmentError {
    fn from(refusal: Refusal) -> Self {
        Self::Case(refusal.into())
    }
}

impl From<StoreError> for AttachmentError {
    fn from(error: StoreError) -> Self {
        Self::Case(error.into())
    }
}

/// Keeps a file with a case. Fields of the form name it by its id.
#[expect(clippy::too_many_arguments, reason = "a file, whose it is, and where it goes")]
pub async fn attach(
    office: &Office,
    vault: &Vault,
    actor: &Actor,
    case: CaseId,
    name: &str,
    bytes: &[u8],
    at: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Attachment, AttachmentError> {
    const ADD: &str = include_str!("attachments/add.sql");
    let attaching = || StoreError::doing("keep an attachment");

    let (standing, procedure) = read(office, case).await?.ok_or(Refusal::Unknown)?;
    if !actor.is_party(&procedure, &standing) {
        return Err(Refusal::Unknown.into());
    }
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    if size == 0 || size > vault.most {
        return Err(Refusal::FileSize(vault.most).into());
    }
    let media_type = kind::of(bytes).map_err(|it| Refusal::FileKind(it.to_owned()))?;
    if all(office, case).await?.len() >= MAX_FILES {
        return Err(Refusal::TooManyFiles.into());
    }
    let is_scanned = match &vault.scanner {
        None => false,
        Some(scanner) => match scanner.scan(bytes).await? {
            Verdict::Clean => true,
            Verdict::Harmful => return Err(Refusal::Harmful.into()),
        },
    };
    let hash = of_bytes(bytes);
    // The bytes first: a row never names what is not there. Bytes that no row names do no harm.
    keep(&vault.folder, &hash, bytes).await.map_err(|it| AttachmentError::Folder("written", it))?;
    let attachment = Attachment {
        id: OutboxId::new(at, entropy),
        account: actor.account,
        name: shown(name),
        media_type: media_type.to_owned(),
        size,
        hash,
        is_scanned,
        at,
    };
    on_db!(office.store, pool => {
        let mut transaction = pool.begin_with(office.store.begin()).await.map_err(attaching())?;
        sqlx::query(ADD)
            .bind(attachment.id.to_string())
            .bind(case.to_string())
            .bind(actor.account.to_string())
            .bind(&attachment.name)
            .bind(&attachment.media_type)
            .bind(i64::try_from(size).unwrap_or(i64::MAX))
            .bind(&attachment.hash)
            .bind(i64::from(is_scanned))
            .bind(at.as_microsecond())
            .execute(&mut *transaction)
            .await
            .map_err(attaching())?;
        let entry = Entry::new(actor.audited(), actor.purpose.clone(), "case.attach")
            .at(&standing.organisation)
            .about("case", case);
        audit::append!(transaction, entry, at).map_err(attaching())?;
        transaction.commit().await.map_err(attaching())
    })?;
    Ok(attachment)
}

/// The files of a case, the earliest first.
pub async fn attachments(
    office: &Office,
    actor: &Actor,
    case: CaseId,
    at: Timestamp,
) -> Result<Vec<Attachment>, CaseError> {
    let (standing, procedure) = read_as_party(office, actor, case, at).await?;
    Ok(shown_to(office, actor, &procedure, &standing).await?)
}

/// The files of a case but those of fields that are hidden from somebody.
pub(crate) async fn shown_to(
    office: &Office,
    actor: &Actor,
    procedure: &Procedure,
    standing: &Standing,
) -> Result<Vec<Attachment>, StoreError> {
    let hidden = actor.hidden(procedure, standing);
    let secret: Vec<String> = standing
        .form
        .iter()
        .filter(|(field, _)| hidden.contains(*field))
        .flat_map(|(_, value)| value.to_string().split(';').map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let mut files = all(office, standing.id).await?;
    files.retain(|it| !secret.contains(&it.id.to_string()));
    Ok(files)
}

/// The bytes of a file of a case. That they were read is noted, whatever they are.
pub async fn bytes(
    office: &Office,
    vault: &Vault,
    actor: &Actor,
    case: CaseId,
    id: OutboxId,
    at: Timestamp,
) -> Result<(Attachment, Vec<u8>), AttachmentError> {
    let (standing, procedure) = read(office, case).await?.ok_or(Refusal::Unknown)?;
    if !actor.is_party(&procedure, &standing) {
        return Err(Refusal::Unknown.into());
    }
    let files = shown_to(office, actor, &procedure, &standing).await?;
    let file = files.into_iter().find(|it| it.id == id).ok_or(Refusal::Unknown)?;
    let path = place(&vault.folder, &file.hash);
    let bytes = fs::read(path).await.map_err(|it| AttachmentError::Folder("read", it))?;
    if of_bytes(&bytes) != file.hash {
        return Err(AttachmentError::Altered);
    }
    note_reading(office, actor, &standing, at).await?;
    Ok((file, bytes))
}

type Row = (String, String, String, String, i64, String, i64, i64);

async fn all(office: &Office, case: CaseId) -> Result<Vec<Attachment>, StoreError> {
    const READ: &str = include_str!("attachments/read.sql");

    let found: Vec<Row> = on_db!(office.store, pool => {
        sqlx::query_as(READ).bind(case.to_string()).fetch_all(pool).await
    })
    .map_err(StoreError::doing("read attachments"))?;
    let attachment = |(id, account, name, media_type, size, hash, scanned, at): Row| {
        Ok(Attachment {
            id: rows::parsed("id", &id)?,
            account: rows::parsed("account", &account)?,
            name,
            media_type,
            size: u64::try_from(size).unwrap_or_default(),
            hash,
            is_scanned: scanned == 1,
            at: rows::instant("attached_at", at)?,
        })
    };
    found.into_iter().map(attachment).collect()
}

/// A name as it may be shown and offered to a browser: one line, without a path.
fn shown(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String =
        last.chars().filter(|it| !it.is_control() && *it != '"').take(MAX_NAME).collect();
    if plain.trim().is_empty() { "file".to_owned() } else { plain }
}

#[cfg(test)]
mod tests;
