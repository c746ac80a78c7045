//! The keys of a centre: its root, every certificate it ever signed letters with, and the key in use.

use der::{DecodePem, Encode, EncodePem};
use jiff::Timestamp;
use model::Entropy;
use p256::ecdsa::SigningKey;
use p256::pkcs8::{DecodePrivateKey, EncodePrivateKey, LineEnding};
use sha2::{Digest, Sha256};
use x509_cert::certificate::Certificate;

use super::authority;
use crate::pdf::hex;

/// Why keys could not be made or read.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("the key file is damaged: {0}; take it from the last backup")]
    Damaged(&'static str),

    #[error(
        "the root's private key is not in the key file; put it back for as long as a new key is made"
    )]
    RootIsAway,

    #[error("a key cannot be made for {0}; check the clock of this machine")]
    Instant(Timestamp),

    #[error(
        "the last key was made at {0}, and a later one takes its place; check the clock of this machine"
    )]
    NotLater(Timestamp),

    #[error("a certificate could not be written")]
    Encoding(#[from] der::Error),

    #[error("a key could not be written")]
    Key(#[source] x509_cert::spki::Error),

    #[error("a certificate could not be made")]
    Certificate(#[source] x509_cert::builder::Error),
}

/// Which key: the beginning of its certificate's SHA-256.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyId(String);

impl KeyId {
    pub(super) fn of(certificate: &Certificate) -> Result<Self, der::Error> {
        let digest = Sha256::digest(certificate.to_der()?);
        Ok(Self(hex(digest.get(..8).unwrap_or_default())))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for KeyId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// One key that signs letters, or did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyEntry {
    pub id: KeyId,
    pub made_at: Timestamp,
    pub holds_until: Timestamp,
    /// When the next one took its place.
    pub retired_at: Option<Timestamp>,
}

/// A certificate that signs letters, or did.
#[derive(Clone, Debug)]
pub(super) struct Signer {
    pub(super) certificate: Certificate,
    pub(super) entry: KeyEntry,
    /// The common name in the certificate.
    pub(super) name: String,
}

/// The keys of a centre.
///
/// Of retired keys only the certificates are kept, so that nobody can sign with them again.
#[derive(Clone)]
pub struct Keys {
    root: Certificate,
    root_key: Option<SigningKey>,
    /// Oldest first; the last one is in use.
    signers: Vec<Signer>,
    key: SigningKey,
}

/// Without the keys themselves.
impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keys").field("entries", &self.list()).finish_non_exhaustive()
    }
}

impl Keys {
    /// Makes a root and a first key for the centre of this name.
    pub fn begin(centre: &str, at: Timestamp, entropy: &mut dyn Entropy) -> Result<Self, KeyError> {
        let root_key = authority::make_key(entropy);
        let root = authority::certify_root(centre, &root_key, at, entropy)?;
        let key = authority::make_key(entropy);
        let first = authority::certify_signer(&root, &root_key, centre, &key, at, entropy)?;
        let signers = signers(vec![first])?;
        Ok(Self { root, root_key: Some(root_key), signers, key })
    }

    /// Retires the key in use for a new one in the name of `centre`.
    pub fn rotate(
        &mut self,
        centre: &str,
        at: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Result<(), KeyError> {
        let root_key = self.root_key.as_ref().ok_or(KeyError::RootIsAway)?;
        let last = self.signers.last().map(|it| it.entry.made_at);
        if let Some(last) = last.filter(|it| it.as_second() >= at.as_second()) {
            return Err(KeyError::NotLater(last));
        }
        let key = authority::make_key(entropy);
        let next = authority::certify_signer(&self.root, root_key, centre, &key, at, entropy)?;
        let certificates = self.signers.iter().map(|it| it.certificate.clone());
        self.signers = signers(certificates.chain([next]).collect())?;
        self.key = key;
        Ok(())
    }

    /// Reads what [`Self::write`] wrote.
    pub fn read(text: &str) -> Result<Self, KeyError> {
        let mut certificates = Vec::new();
        let mut keys = Vec::new();
        for block in blocks(text) {
            if block.contains("BEGIN CERTIFICATE-") {
                let read = Certificate::from_pem(block);
                certificates.push(read.map_err(|_| KeyError::Damaged("a certificate"))?);
            } else {
                let read = SigningKey::from_pkcs8_pem(block);
                keys.push(read.map_err(|_| KeyError::Damaged("a private key"))?);
            }
        }
        if certificates.len() < 2 {
            return Err(KeyError::Damaged("it lacks a certificate"));
        }
        let root = certificates.remove(0);
        let signers = signers(certificates)?;
        let of = |certificate: &Certificate| {
            let public = certificate.tbs_certificate().subject_public_key_info().clone();
            keys.iter().find(|it| public_key(it).is_ok_and(|it| it == public)).cloned()
        };
        let key = signers.last().and_then(|it| of(&it.certificate));
        let key = key.ok_or(KeyError::Damaged("it lacks the private key in use"))?;
        Ok(Self { root_key: of(&root), root, signers, key })
    }

    /// All of it as text, secrets included: certificates oldest first, then the private keys.
    pub fn write(&self) -> Result<String, KeyError> {
        let mut text = self.root()?;
        for signer in &self.signers {
            text.push_str(&signer.certificate.to_pem(LineEnding::LF)?);
        }
        for key in self.root_key.iter().chain([&self.key]) {
            let pem = key.to_pkcs8_pem(LineEnding::LF);
            text.push_str(&pem.map_err(|_| KeyError::Damaged("a private key"))?);
        }
        Ok(text)
    }

    /// The root's certificate as PEM, for everyone who wants to check letters.
    pub fn root(&self) -> Result<String, KeyError> {
        Ok(self.root.to_pem(LineEnding::LF)?)
    }

    /// Oldest first; the last one is in use.
    pub fn list(&self) -> Vec<KeyEntry> {
        self.signers.iter().map(|it| it.entry.clone()).collect()
    }

    /// The key in use, with its certificate.
    pub(super) fn in_use(&self) -> Option<(&SigningKey, &Signer)> {
        Some((&self.key, self.signers.last()?))
    }

    /// The signer that this certificate is of, bit for bit.
    pub(super) fn signer(&self, certificate: &Certificate) -> Option<&Signer> {
        self.signers.iter().find(|it| it.certificate == *certificate)
    }
}

/// The parts of a PEM text, each from its `BEGIN` to its `END`.
fn blocks(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive("-----\n")
        .scan((0, 0), |(begin, end), line| {
            *end += line.len();
            let whole = text.get(*begin..*end).unwrap_or_default();
            let is_end = whole.contains("-----END ");
            if is_end {
                *begin = *end;
            }
            Some(is_end.then_some(whole))
        })
        .flatten()
}

fn public_key(key: &SigningKey) -> Result<x509_cert::SubjectPublicKeyInfo, KeyError> {
    x509_cert::SubjectPublicKeyInfo::from_key(key.verifying_key()).map_err(KeyError::Key)
}

/// Certificates with their times: each is retired by the next.
fn signers(certificates: Vec<Certificate>) -> Result<Vec<Signer>, KeyError> {
    let mut signers = Vec::new();
    for certificate in certificates.into_iter().rev() {
        let signed = certificate.tbs_certificate();
        let validity = signed.validity();
        let entry = KeyEntry {
            id: KeyId::of(&certificate)?,
            made_at: instant(&validity.not_before)?,
            holds_until: instant(&validity.not_after)?,
            retired_at: signers.last().map(|it: &Signer| it.entry.made_at),
        };
        let name = common_name(&certificate).ok_or(KeyError::Damaged("a certificate's name"))?;
        signers.push(Signer { certificate, entry, name });
    }
    signers.reverse();
    Ok(signers)
}

fn instant(time: &x509_cert::time::Time) -> Result<Timestamp, KeyError> {
    let seconds = i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX);
    Timestamp::from_second(seconds).map_err(|_| KeyError::Damaged("a certificate's time"))
}

fn common_name(certificate: &Certificate) -> Option<String> {
    let text = certificate.tbs_certificate().subject().common_name().ok()??;
    Some(text.value().into_owned())
}
