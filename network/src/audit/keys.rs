//! The centre's keys for signing days: Ed25519 (RFC 8032), one in use at a time.

use std::fmt;

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use model::Entropy;

use super::canonical::{hash, hex, netstrings, unhex};

/// A key that days are signed with.
pub struct SigningKey {
    pair: Ed25519KeyPair,
    public: PublicKey,
}

/// What a signature is held against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    /// In hexadecimal.
    text: String,
    bytes: Vec<u8>,
}

/// The bytes are no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "this is no Ed25519 key in PKCS #8; put the file back from a backup, or move it away to begin a new one"
)]
pub struct SigningKeyError;

impl SigningKey {
    /// A new key.
    ///
    /// # Errors
    /// When the key cannot be computed.
    pub fn new(entropy: &mut dyn Entropy) -> Result<Self, SigningKeyError> {
        let mut seed = [0; 32];
        entropy.fill(&mut seed);
        Self::of(Ed25519KeyPair::from_seed_unchecked(&seed).map_err(|_| SigningKeyError)?)
    }

    /// A key as [`Self::to_pkcs8`] gave it, or as `openssl genpkey -algorithm ed25519 -outform DER` makes it.
    ///
    /// # Errors
    /// When the bytes are no such key.
    pub fn from_pkcs8(bytes: &[u8]) -> Result<Self, SigningKeyError> {
        Self::of(Ed25519KeyPair::from_pkcs8_maybe_unchecked(bytes).map_err(|_| SigningKeyError)?)
    }

    fn of(pair: Ed25519KeyPair) -> Result<Self, SigningKeyError> {
        let public =
            PublicKey::from_hex(&hex(pair.public_key().as_ref())).ok_or(SigningKeyError)?;
        Ok(Self { pair, public })
    }

    /// The key for its file. Whoever has it can sign in the centre's name.
    ///
    /// # Errors
    /// When the key cannot be written.
    pub fn to_pkcs8(&self) -> Result<Vec<u8>, SigningKeyError> {
        Ok(self.pair.to_pkcs8v1().map_err(|_| SigningKeyError)?.as_ref().to_vec())
    }

    pub const fn public(&self) -> &PublicKey {
        &self.public
    }

    /// A signature in hexadecimal.
    pub(super) fn sign(&self, statement: &[u8]) -> String {
        hex(self.pair.sign(statement).as_ref())
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SigningKey").field(&self.public.id()).finish()
    }
}

impl PublicKey {
    /// A key from its 32 bytes in hexadecimal.
    pub fn from_hex(text: &str) -> Option<Self> {
        let bytes = unhex(text).filter(|it| it.len() == 32)?;
        Some(Self { text: text.to_owned(), bytes })
    }

    pub fn as_hex(&self) -> &str {
        &self.text
    }

    /// A short name: the first half of its SHA-256.
    pub fn id(&self) -> String {
        hex(&hash(&[&self.bytes])).chars().take(32).collect()
    }

    pub(super) fn has_signed(&self, statement: &[u8], signature: &str) -> bool {
        let key = UnparsedPublicKey::new(&ED25519, &self.bytes);
        unhex(signature).is_some_and(|it| key.verify(statement, &it).is_ok())
    }
}

/// What a key signs of the one it takes the place of.
pub(super) fn vouching(predecessor: &PublicKey, successor: &PublicKey) -> Vec<u8> {
    netstrings([Some("haihe-audit-key-1"), Some(predecessor.as_hex()), Some(successor.as_hex())])
}

/// `id, public_key, since, predecessor, vouched`
pub(super) type KeyRow = (String, String, i64, Option<String>, Option<String>);

/// The key that no other took the place of.
pub(super) fn in_use(keys: &[KeyRow]) -> Option<&KeyRow> {
    keys.iter().find(|(id, ..)| keys.iter().all(|it| it.3.as_ref() != Some(id)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Counting;

    #[test]
    fn a_key_is_read_back_and_says_nothing_of_itself() {
        let key = SigningKey::new(&mut Counting::default()).unwrap();
        let again = SigningKey::from_pkcs8(&key.to_pkcs8().unwrap()).unwrap();
        assert_eq!(key.public(), again.public());
        assert!(again.public().has_signed(b"text", &key.sign(b"text")));
        assert!(!again.public().has_signed(b"texts", &key.sign(b"text")));
        assert!(format!("{key:?}").len() < 60);
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let key = SigningKey::new(&mut Counting::default()).unwrap().to_pkcs8().unwrap();
        for bytes in [&key[1..], &key[..key.len() - 1], b""] {
            assert_eq!(SigningKey::from_pkcs8(bytes).unwrap_err(), SigningKeyError);
        }
        assert_eq!(PublicKey::from_hex("00"), None);
        assert_eq!(PublicKey::from_hex(&"0G".repeat(32)), None);
    }

    /// RFC 8032, section 7.1, test 1.
    #[test]
    fn signatures_are_those_of_the_standard() {
        struct Seed;
        impl Entropy for Seed {
            fn fill(&mut self, bytes: &mut [u8]) {
                let seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
                bytes.copy_from_slice(&unhex(seed).unwrap());
            }
        }
        let key = SigningKey::new(&mut Seed).unwrap();
        assert_eq!(
            key.public().as_hex(),
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
        );
        assert_eq!(
            key.sign(b""),
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        );
    }
}
