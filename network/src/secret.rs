//! Secrets: tokens that only their holder has, and what is kept sealed by the data centre's key.
//!
//! A token leaves this crate once, in the answer that hands it over. What is kept is its hash, so that whoever
//! reads the registry cannot use it.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use aws_lc_rs::hmac;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use model::Entropy;

/// 256 random bits that are known to their holder only.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

/// A text that is no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a token is 43 characters of base64url")]
pub struct NotAToken;

impl Token {
    pub fn new(entropy: &mut dyn Entropy) -> Self {
        let mut bytes = [0; 32];
        entropy.fill(&mut bytes);
        Self(BASE64_URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The token itself, for its holder.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    ///
    /// SHA-256 without salt is enough: nobody can try 2²⁵⁶ tokens.
    pub fn hash(&self) -> String {
        sha256(self.0.as_bytes())
    }

    /// Another secret that follows from this one, for one purpose; it says nothing about this one.
    pub fn derived(&self, purpose: &str) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.0.as_bytes());
        BASE64_URL_SAFE_NO_PAD.encode(hmac::sign(&key, purpose.as_bytes()))
    }
}

impl std::str::FromStr for Token {
    type Err = NotAToken;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| NotAToken)?;
        if bytes.len() == 32 { Ok(Self(text.to_owned())) } else { Err(NotAToken) }
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// The data centre's key, which no registry holds.
#[derive(Clone)]
pub struct CentreKey([u8; 32]);

/// Something sealed that this data centre did not seal, or not for this purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "what is sealed does not open with the data centre's key; put the kept copy of the key back"
)]
pub struct NotOurs;

/// Bytes before what is sealed.
const NONCE: usize = 12;

impl CentreKey {
    pub const fn new(key: [u8; 32]) -> Self {
        Self(key)
    }

    /// Seals bytes for a purpose and an owner; they open for the same two only.
    ///
    /// AES-256-GCM with a nonce of 96 random bits, under a key of the purpose's own: fit for some 2³² seals.
    pub fn seal(
        &self,
        purpose: &str,
        owner: &str,
        open: &[u8],
        entropy: &mut dyn Entropy,
    ) -> String {
        let mut nonce = [0; NONCE];
        entropy.fill(&mut nonce);
        let mut bytes = open.to_vec();
        let sealed = self.key(purpose).and_then(|key| {
            let nonce = Nonce::assume_unique_for_key(nonce);
            key.seal_in_place_append_tag(nonce, Aad::from(owner.as_bytes()), &mut bytes).ok()
        });
        // Sealing fails only above 64 GiB; nothing is better than something readable.
        if sealed.is_none() {
            return String::new();
        }
        let mut whole = nonce.to_vec();
        whole.extend(bytes);
        BASE64_URL_SAFE_NO_PAD.encode(whole)
    }

    /// # Errors
    /// [`NotOurs`] when it was sealed with another key, or for another purpose or owner, or was changed.
    pub fn open(&self, purpose: &str, owner: &str, sealed: &str) -> Result<Vec<u8>, NotOurs> {
        let whole = BASE64_URL_SAFE_NO_PAD.decode(sealed).map_err(|_| NotOurs)?;
        let (nonce, sealed) = whole.split_at_checked(NONCE).ok_or(NotOurs)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| NotOurs)?;
        let mut bytes = sealed.to_vec();
        let key = self.key(purpose).ok_or(NotOurs)?;
        let open = key.open_in_place(nonce, Aad::from(owner.as_bytes()), &mut bytes);
        open.map(|it| it.to_vec()).map_err(|_| NotOurs)
    }

    /// A keyed hash: the same text gives the same, and nobody without the key can try texts.
    pub fn hash(&self, purpose: &str, text: &str) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.derived(purpose).unwrap_or_default());
        hex(hmac::sign(&key, text.as_bytes()).as_ref())
    }

    fn key(&self, purpose: &str) -> Option<LessSafeKey> {
        let key = UnboundKey::new(&AES_256_GCM, &self.derived(purpose)?).ok()?;
        Some(LessSafeKey::new(key))
    }

    /// A key of its own for each purpose (HKDF, RFC 5869).
    fn derived(&self, purpose: &str) -> Option<[u8; 32]> {
        let mut key = [0; 32];
        let info = [purpose.as_bytes()];
        let pseudorandom = Salt::new(HKDF_SHA256, b"haihe").extract(&self.0);
        pseudorandom.expand(&info, Bytes32).ok()?.fill(&mut key).ok()?;
        Some(key)
    }
}

impl fmt::Debug for CentreKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CentreKey(…)")
    }
}

struct Bytes32;

impl KeyType for Bytes32 {
    fn len(&self) -> usize {
        32
    }
}

/// Whether two texts are the same, in a time that does not tell where they differ.
pub fn same(one: &str, other: &str) -> bool {
    verify_slices_are_equal(one.as_bytes(), other.as_bytes()).is_ok()
}

/// SHA-256 in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    hex(digest(&SHA256, bytes).as_ref())
}

fn hex(bytes: &[u8]) -> String {
    use fmt::Write;

    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::Counting;

    #[test]
    fn a_token_is_256_bits_and_shows_itself_to_nobody() {
        let token = Token::new(&mut Counting::default());
        assert_eq!(token.reveal().len(), 43);
        assert_eq!(token.reveal().parse(), Ok(token.clone()));
        assert!(!format!("{token:?}{:?}", token.hash()).contains(token.reveal()));
        for text in ["", "x", &token.reveal()[1..], &format!("{}A", token.reveal()), "../../etc"] {
            assert_eq!(text.parse::<Token>(), Err(NotAToken), "{text}");
        }
    }

    #[test]
    fn a_hash_is_that_of_the_standard() {
        // FIPS 180-2, appendix B.1.
        let golden = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256(b"abc"), golden);
    }

    #[test]
    fn what_is_sealed_opens_for_its_purpose_and_owner_only() {
        let (key, mut entropy) = (CentreKey::new([7; 32]), Counting::default());
        let sealed = key.seal("totp", "a", b"secret", &mut entropy);
        assert_eq!(key.open("totp", "a", &sealed).unwrap(), b"secret");
        assert_eq!(key.open("totp", "b", &sealed), Err(NotOurs));
        assert_eq!(key.open("other", "a", &sealed), Err(NotOurs));
        assert_eq!(CentreKey::new([8; 32]).open("totp", "a", &sealed), Err(NotOurs));
        assert_ne!(key.seal("totp", "a", b"secret", &mut entropy), sealed);
    }

    proptest! {
        #[test]
        fn garbage_does_not_open(text in ".{0,80}") {
            prop_assert!(CentreKey::new([7; 32]).open("totp", "a", &text).is_err());
        }
    }
}
