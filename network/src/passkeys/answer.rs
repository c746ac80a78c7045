//! What a browser and its authenticator say, taken apart and checked (Web Authentication, sections 7.1 and 7.2).

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256,
    VerificationAlgorithm,
};
use serde::Deserialize;

use crate::secret::same;

/// Why an answer is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("it is not base64url")]
    Encoding,
    #[error("it cannot be read")]
    Form,
    #[error("it is for something else than was asked")]
    Purpose,
    #[error("it answers another question")]
    Challenge,
    #[error("it was given to another site")]
    Site,
    #[error("its owner did not unlock it")]
    NotUnlocked,
    #[error("it speaks of another key")]
    Credential,
    #[error("its kind of key is not taken")]
    Algorithm,
    #[error("its key cannot be read")]
    Key,
    #[error("its signature is wrong")]
    Signature,
    #[error("it may have been copied")]
    Counter,
}

/// This site, as browsers and authenticators know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelyingParty {
    /// The domain that passkeys are bound to.
    pub id: String,
    /// Scheme, domain and port of its pages.
    pub origin: String,
}

#[derive(Deserialize)]
struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(rename = "crossOrigin", default)]
    cross_origin: bool,
}

impl RelyingParty {
    /// The site at an address such as `https://haihe.example` or `http://localhost:8080`; `None` where browsers give
    /// no passkeys, as at a bare number.
    pub fn at(origin: &str) -> Option<Self> {
        let (scheme, rest) = origin.split_once("://")?;
        let id = rest.split([':', '/']).next()?;
        let is_name = id.chars().any(|it| it.is_ascii_alphabetic()) && !rest.starts_with('[');
        let is_safe = scheme == "https" || id == "localhost";
        let origin = origin.trim_end_matches('/').to_owned();
        (is_name && is_safe).then(|| Self { id: id.to_owned(), origin })
    }

    pub(super) fn check_client_data(
        &self,
        bytes: &[u8],
        kind: &str,
        challenge: &str,
    ) -> Result<(), Fault> {
        let data: ClientData = serde_json::from_slice(bytes).map_err(|_| Fault::Form)?;
        if data.kind != kind {
            return Err(Fault::Purpose);
        }
        if !same(&data.challenge, challenge) {
            return Err(Fault::Challenge);
        }
        if data.origin != self.origin || data.cross_origin {
            return Err(Fault::Site);
        }
        Ok(())
    }

    pub(super) fn check_authenticator(&self, data: &AuthenticatorData) -> Result<(), Fault> {
        if digest(&SHA256, self.id.as_bytes()).as_ref() != data.site {
            return Err(Fault::Site);
        }
        if data.is_unlocked { Ok(()) } else { Err(Fault::NotUnlocked) }
    }
}

/// What an authenticator says of itself (section 6.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AuthenticatorData {
    /// SHA-256 of the domain.
    site: [u8; 32],
    /// Its owner was there and proved it to it.
    is_unlocked: bool,
    pub(super) sign_count: u32,
    /// Id of the key, when a new one was made.
    pub(super) credential: Option<Vec<u8>>,
}

const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const ATTESTED: u8 = 0x40;

impl AuthenticatorData {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Fault> {
        let (site, rest) = bytes.split_first_chunk::<32>().ok_or(Fault::Form)?;
        let (flags, rest) = rest.split_first().ok_or(Fault::Form)?;
        let (sign_count, rest) = rest.split_first_chunk::<4>().ok_or(Fault::Form)?;
        let credential = if flags & ATTESTED == 0 { None } else { Some(credential(rest)?) };
        Ok(Self {
            site: *site,
            is_unlocked: flags & PRESENT != 0 && flags & VERIFIED != 0,
            sign_count: u32::from_be_bytes(*sign_count),
            credential,
        })
    }
}

fn credential(bytes: &[u8]) -> Result<Vec<u8>, Fault> {
    // The maker's number of the authenticator's model comes first.
    let (_, rest) = bytes.split_first_chunk::<16>().ok_or(Fault::Form)?;
    let (length, rest) = rest.split_first_chunk::<2>().ok_or(Fault::Form)?;
    let length = usize::from(u16::from_be_bytes(*length));
    rest.get(..length).map(<[u8]>::to_vec).ok_or(Fault::Form)
}

/// What an authenticator signs: its own data, then SHA-256 of the browser's.
pub(super) fn signed(authenticator_data: &[u8], client_data: &[u8]) -> Vec<u8> {
    let mut signed = authenticator_data.to_vec();
    signed.extend(digest(&SHA256, client_data).as_ref());
    signed
}

/// Kinds of keys that are taken, in the order in which browsers are asked for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    Es256,
    EdDsa,
    Rs256,
}

impl Algorithm {
    pub const ALL: [Self; 3] = [Self::Es256, Self::EdDsa, Self::Rs256];

    /// As COSE numbers it (RFC 9053, RFC 8812).
    pub const fn number(self) -> i64 {
        match self {
            Self::Es256 => -7,
            Self::EdDsa => -8,
            Self::Rs256 => -257,
        }
    }

    pub fn of_number(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.number() == number)
    }

    fn verification(self) -> &'static dyn VerificationAlgorithm {
        match self {
            Self::Es256 => &ECDSA_P256_SHA256_ASN1,
            Self::EdDsa => &ED25519,
            Self::Rs256 => &RSA_PKCS1_2048_8192_SHA256,
        }
    }

    /// Whether a key is one of this kind.
    pub(super) fn check_key(self, key: &[u8]) -> Result<(), Fault> {
        ParsedPublicKey::new(self.verification(), key).map(|_| ()).map_err(|_| Fault::Key)
    }

    pub(super) fn verify(self, key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), Fault> {
        let key = ParsedPublicKey::new(self.verification(), key).map_err(|_| Fault::Key)?;
        key.verify_sig(message, signature).map_err(|_| Fault::Signature)
    }
}
