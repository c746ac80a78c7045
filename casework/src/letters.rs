//! Letters of cases: printed, signed, numbered and kept, and told apart from forgeries afterwards.
//!
//! A letter is ordered by a step and waits in the outbox. It is issued as a document in each language; each has a
//! number of its own that cannot be guessed, by which anyone who holds it can ask whether it is what it claims to be.
//!
//! **Invariant:** an ordered letter is issued once, whoever issues at the same time or is killed on the way. Its bytes
//! are kept first; they are a letter from the one transaction on that takes it out of the outbox.

mod content;
mod issuing;
mod names;
mod number;
mod press;
mod register;
mod templates;

use std::io;

use jiff::Timestamp;
use model::text::Bilingual;
use store::StoreError;

use crate::cases::{CaseError, CaseId, OutboxId, Refusal};
use crate::office::OfficeError;

pub use self::issuing::{Issuing, issue_waiting};
pub use self::number::{LetterNumber, NotANumber};
pub use self::press::Press;
pub(crate) use self::register::shown_to;
pub use self::register::{bytes, find, issued_of, of_hash, revoke};
pub use self::templates::{Templates, TemplatesError};
pub use documents::letter::Language;

/// A letter as it was issued in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuedLetter {
    pub number: LetterNumber,
    /// The letter that a step of the case ordered.
    pub ordered: OutboxId,
    pub case: CaseId,
    pub language: Language,
    /// The number at its head: that of the case, and which of its letters it is.
    pub reference: String,
    /// Which of the procedure's letters.
    pub kind: String,
    pub title: Bilingual,
    /// The organisation in whose name it speaks, as it was called.
    pub issuer: Bilingual,
    /// SHA-256 of the document.
    pub hash: String,
    /// Bytes of the document.
    pub size: u64,
    pub issued_at: Timestamp,
    pub revoked: Option<Revocation>,
}

/// A letter no longer holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revocation {
    pub at: Timestamp,
    pub why: String,
}

/// A letter could not be issued or read.
#[derive(Debug, thiserror::Error)]
pub enum LettersError {
    #[error(transparent)]
    Case(#[from] CaseError),

    #[error(transparent)]
    Organisations(#[from] network::NetworkError),

    #[error("the folder of letters could not be {0}")]
    Folder(&'static str, #[source] io::Error),

    #[error(
        "the bytes of a letter are not those that were issued; put the data folder back from a backup"
    )]
    Altered,

    #[error("there is no template `{0}`; add rules/letters/{0}.toml to the data folder")]
    NoTemplate(String),

    #[error("a letter cannot be printed")]
    Print(#[from] documents::LetterError),

    #[error("a letter cannot be signed")]
    Sign(#[from] documents::SignError),

    #[error("what a letter says cannot be read")]
    Content,

    #[error("printing a letter was stopped")]
    Stopped,
}

impl From<StoreError> for LettersError {
    fn from(error: StoreError) -> Self {
        Self::Case(error.into())
    }
}

impl From<OfficeError> for LettersError {
    fn from(error: OfficeError) -> Self {
        Self::Case(error.into())
    }
}

impl From<Refusal> for LettersError {
    fn from(refusal: Refusal) -> Self {
        Self::Case(refusal.into())
    }
}

/// A language as rows and files name it.
const fn code(language: Language) -> &'static str {
    match language {
        Language::Chinese => "zh",
        Language::English => "en",
    }
}

#[cfg(test)]
mod tests;
