//! Keys that tokens are signed with, and their rotation: the next, the current one, the retired.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, RsaKeyPair,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::jwk::{Jwk, PublicKeyUse, ThumbprintHash};
use jsonwebtoken::{DecodingKey, EncodingKey};
use model::Entropy;
use store::{Store, StoreError, on_db};

use super::OpenidError;
use crate::secret::CentreKey;

/// What private keys are sealed for.
const SEALED_FOR: &str = "openid signing key";
/// How long a key signs, and is published before that: those who keep a copy of the keys have it by then.
const IN_USE: SignedDuration = SignedDuration::from_hours(24 * 90);
/// How long it is published after that: longer than anything that it signed is used.
const AFTERWARDS: SignedDuration = SignedDuration::from_hours(24 * 30);

/// How tokens are signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Algorithm {
    #[default]
    Es256,
    EdDsa,
    Rs256,
}

impl Algorithm {
    pub const ALL: [Self; 3] = [Self::Es256, Self::EdDsa, Self::Rs256];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
            Self::Rs256 => "RS256",
        }
    }

    pub(super) const fn of_jwt(self) -> jsonwebtoken::Algorithm {
        match self {
            Self::Es256 => jsonwebtoken::Algorithm::ES256,
            Self::EdDsa => jsonwebtoken::Algorithm::EdDSA,
            Self::Rs256 => jsonwebtoken::Algorithm::RS256,
        }
    }

    /// A new private key, as PKCS #8. Its randomness is the library's own: primes are not drawn from given bytes.
    fn generate(self) -> Result<Vec<u8>, OpenidError> {
        let bytes = match self {
            Self::Es256 => {
                EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())
                    .map(|it| it.as_ref().to_vec())
            }
            Self::EdDsa => Ed25519KeyPair::generate_pkcs8v1(&SystemRandom::new())
                .map(|it| it.as_ref().to_vec()),
            Self::Rs256 => RsaKeyPair::generate(KeySize::Rsa2048)
                .and_then(|it| AsDer::<Pkcs8V1Der<'_>>::as_der(&it))
                .map(|it| it.as_ref().to_vec()),
        };
        bytes.map_err(|_| OpenidError::Generation)
    }

    fn signing(self, pkcs8: &[u8]) -> Result<EncodingKey, OpenidError> {
        Ok(match self {
            Self::Es256 => EncodingKey::from_ec_der(pkcs8),
            Self::EdDsa => EncodingKey::from_ed_der(pkcs8),
            // Only from PEM does the library take PKCS #8 for RSA.
            Self::Rs256 => {
                let text = STANDARD.encode(pkcs8);
                let pem =
                    format!("-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----\n");
                EncodingKey::from_rsa_pem(pem.as_bytes()).map_err(OpenidError::Key)?
            }
        })
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// No algorithm that tokens are signed with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is no algorithm that tokens are signed with; choose ES256, EdDSA or RS256")]
pub struct NoAlgorithm(String);

impl FromStr for Algorithm {
    type Err = NoAlgorithm;

    fn from_str(text: &str) -> Result<Self, NoAlgorithm> {
        let found = Self::ALL.into_iter().find(|it| it.as_str() == text);
        found.ok_or_else(|| NoAlgorithm(text.to_owned()))
    }
}

/// A key with both its halves.
pub(super) struct SigningKey {
    pub(super) id: String,
    pub(super) algorithm: Algorithm,
    pub(super) private: EncodingKey,
    pub(super) public: DecodingKey,
    jwk: Jwk,
    current_at: Timestamp,
    retired_at: Timestamp,
    removed_at: Timestamp,
}

impl SigningKey {
    fn new(row: KeyRow, secret: &CentreKey) -> Result<Self, OpenidError> {
        let (id, algorithm, sealed, current_at, retired_at, removed_at) = row;
        let algorithm: Algorithm =
            algorithm.parse().map_err(StoreError::unreadable("algorithm"))?;
        let private = algorithm.signing(&secret.open(SEALED_FOR, &id, &sealed)?)?;
        let mut jwk =
            Jwk::from_encoding_key(&private, algorithm.of_jwt()).map_err(OpenidError::Key)?;
        jwk.common.key_id = Some(id.clone());
        jwk.common.public_key_use = Some(PublicKeyUse::Signature);
        let public = DecodingKey::from_jwk(&jwk).map_err(OpenidError::Key)?;
        let instant =
            |column, it| Timestamp::from_microsecond(it).map_err(StoreError::unreadable(column));
        Ok(Self {
            id,
            algorithm,
            private,
            public,
            jwk,
            current_at: instant("current_at", current_at)?,
            retired_at: instant("retired_at", retired_at)?,
            removed_at: instant("removed_at", removed_at)?,
        })
    }

    fn signs_at(&self, at: Timestamp) -> bool {
        self.current_at <= at && at < self.retired_at
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("id", &self.id).finish_non_exhaustive()
    }
}

/// `id, algorithm, sealed, current_at, retired_at, removed_at`
type KeyRow = (String, String, String, i64, i64, i64);

/// All keys that are published.
#[derive(Debug, Default)]
pub(super) struct Keyring(BTreeMap<String, SigningKey>);

impl Keyring {
    /// The key of an algorithm that signs at an instant: of two, the one that signs the longest.
    pub(super) fn current(&self, algorithm: Algorithm, at: Timestamp) -> Option<&SigningKey> {
        let keys = self.0.values().filter(|it| it.algorithm == algorithm && it.signs_at(at));
        keys.max_by_key(|it| (it.retired_at, &it.id))
    }

    pub(super) fn key(&self, id: &str, at: Timestamp) -> Option<&SigningKey> {
        self.0.get(id).filter(|it| at < it.removed_at)
    }

    /// The public halves that are published at an instant.
    pub(super) fn published(&self, at: Timestamp) -> Vec<&Jwk> {
        self.0.values().filter(|it| at < it.removed_at).map(|it| &it.jwk).collect()
    }
}

/// What is missing of an algorithm at an instant, as the instants from which new keys sign.
fn missing(until: Option<Timestamp>, now: Timestamp) -> Result<Vec<Timestamp>, OpenidError> {
    let following = now.checked_add(IN_USE).map_err(OpenidError::Time)?;
    Ok(match until {
        Some(until) if until > following => Vec::new(),
        Some(until) if until > now => vec![until],
        Some(_) | None => vec![now, following],
    })
}

/// Reads the keys, after making those that are missing: for every algorithm one that signs and one that follows.
pub(super) async fn keep(
    store: &Store,
    secret: &CentreKey,
    entropy: &mut dyn Entropy,
    now: Timestamp,
) -> Result<Keyring, OpenidError> {
    const LOCK: &str = include_str!("keys/lock_keys.sql");
    const READ: &str = include_str!("keys/read_keys.sql");
    const UNTIL: &str = include_str!("keys/signing_until.sql");
    const ADD: &str = include_str!("keys/add_key.sql");
    let keeping = || StoreError::doing("keep the signing keys");

    let at = now.as_microsecond();
    let until: Vec<(String, i64)> = on_db!(store, pool => {
        sqlx::query_as(UNTIL).fetch_all(pool).await
    })
    .map_err(keeping())?;
    let mut made = Vec::new();
    for algorithm in Algorithm::ALL {
        let until = until.iter().find(|(name, _)| name == algorithm.as_str());
        let until = until.map(|(_, it)| Timestamp::from_microsecond(*it)).transpose();
        for current_at in missing(until.map_err(StoreError::unreadable("retired_at"))?, now)? {
            made.push((algorithm, current_at, make(algorithm, secret, entropy)?));
        }
    }
    let rows: Vec<KeyRow> = on_db!(store, pool => {
        if !made.is_empty() {
            let mut transaction = pool.begin_with(store.begin()).await.map_err(keeping())?;
            // Of two that keep the keys at once, the later one finds those of the earlier.
            sqlx::query(LOCK).execute(&mut *transaction).await.map_err(keeping())?;
            let known: Vec<(String, i64)> =
                sqlx::query_as(UNTIL).fetch_all(&mut *transaction).await.map_err(keeping())?;
            if known == until {
                for (algorithm, current_at, (id, sealed)) in &made {
                    let retired_at = current_at.checked_add(IN_USE).map_err(OpenidError::Time)?;
                    let removed_at =
                        retired_at.checked_add(AFTERWARDS).map_err(OpenidError::Time)?;
                    sqlx::query(ADD)
                        .bind(id)
                        .bind(algorithm.as_str())
                        .bind(sealed)
                        .bind(at)
                        .bind(current_at.as_microsecond())
                        .bind(retired_at.as_microsecond())
                        .bind(removed_at.as_microsecond())
                        .execute(&mut *transaction)
                        .await
                        .map_err(keeping())?;
                }
                transaction.commit().await.map_err(keeping())?;
            }
        }
        sqlx::query_as(READ).bind(at).fetch_all(pool).await.map_err(keeping())?
    });
    let mut keys = BTreeMap::new();
    for row in rows {
        let key = SigningKey::new(row, secret)?;
        keys.insert(key.id.clone(), key);
    }
    Ok(Keyring(keys))
}

/// A new key: its name, which is the fingerprint of its public half, and its sealed private half.
fn make(
    algorithm: Algorithm,
    secret: &CentreKey,
    entropy: &mut dyn Entropy,
) -> Result<(String, String), OpenidError> {
    let pkcs8 = algorithm.generate()?;
    let private = algorithm.signing(&pkcs8)?;
    let jwk = Jwk::from_encoding_key(&private, algorithm.of_jwt()).map_err(OpenidError::Key)?;
    let id = jwk.thumbprint(ThumbprintHash::SHA256).map_err(OpenidError::Key)?;
    let sealed = secret.seal(SEALED_FOR, &id, &pkcs8, entropy);
    Ok((id, sealed))
}
