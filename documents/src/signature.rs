//! Signatures in PDF files: PAdES baseline B (ETSI EN 319 142-1), ECDSA on P-256 with SHA-256.
//!
//! The signature is added behind the letter, which stays as it was rendered, and covers every byte of the file
//! but its own. It is deterministic (RFC 6979): signing the same letter at the same instant gives the same bytes.

use jiff::Timestamp;

use crate::pdf::PdfError;

mod authority;
mod check;
mod embed;
mod keys;
mod message;

pub use self::check::verify;
pub use self::embed::sign;
pub use self::keys::{KeyEntry, KeyError, KeyId, Keys};

/// Bytes kept free for the signature. One with its certificate takes about 1,200.
const ROOM: usize = 4096;

/// Where on a page a reader finds the signature: usually on the seal. In points, from the lower left corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Counted from 0.
    pub page: usize,
    pub left: u32,
    pub bottom: u32,
    pub right: u32,
    pub top: u32,
}

/// Why a letter could not be signed.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    #[error(transparent)]
    Pdf(#[from] PdfError),

    #[error("the PDF holds a form or a signature already, and is signed only once")]
    Signed,

    #[error("the signature could not be written")]
    Encoding(#[from] der::Error),

    #[error("the signature of {0} bytes does not fit in the room kept for it")]
    NoRoom(usize),
}

/// Who signed, with which key, and when they say they did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signing {
    /// The name in the certificate.
    pub signer: String,
    pub key: KeyId,
    pub signed_at: Timestamp,
}

/// What can be said of a file that someone brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every byte is as it was signed, by the key in use.
    Intact(Signing),
    /// Every byte is as it was signed, by a key that was still in use then and has been retired since.
    Retired { signing: Signing, retired_at: Timestamp },
    /// It bears a signature of this centre, but is not what was signed.
    Altered,
    /// It bears no signature of this centre.
    NotOurs,
}

#[cfg(test)]
pub(crate) mod tests;
