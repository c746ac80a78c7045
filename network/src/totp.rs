//! One-time codes of an authenticator (TOTP, RFC 6238): six digits, every thirty seconds, by HMAC-SHA-1.
//!
//! **Invariant:** a code is taken once. The secret is kept sealed by the data centre's key.

use std::fmt;
use std::fmt::Write;

use aws_lc_rs::hmac;
use jiff::{SignedDuration, Timestamp};
use model::Entropy;
use store::{Store, StoreError, on_db};

use crate::audit;
use crate::id::AccountId;
use crate::secret::{CentreKey, NotOurs, same};
use crate::sessions::{after, own_entry};

/// Seconds of a time step.
const STEP: i64 = 30;

/// Clocks may differ by this many steps.
const DRIFT: i64 = 1;

/// How long a new secret waits for the first code of it.
const OFFERED_FOR: SignedDuration = SignedDuration::from_mins(20);

const KEPT: &str = "totp secret";
const OFFERED: &str = "totp offer";

/// A secret that an authenticator may take up; nothing is kept of it until a code of it is given.
#[derive(Clone)]
pub struct Offer {
    secret: [u8; 20],
    /// The secret and when it was offered, sealed for its account: the form brings it back.
    pub sealed: String,
}

/// Why a code is not taken.
#[derive(Debug, thiserror::Error)]
pub enum TotpError {
    #[error("the code is wrong or was used before; wait for the next one")]
    WrongCode,

    #[error("the offered secret is too old; begin again")]
    OfferRanOut,

    #[error(transparent)]
    NotOurs(#[from] NotOurs),

    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Offers an account a new secret.
pub fn offer(
    key: &CentreKey,
    account: AccountId,
    at: Timestamp,
    entropy: &mut dyn Entropy,
) -> Offer {
    let mut secret = [0; 20];
    entropy.fill(&mut secret);
    let mut open = secret.to_vec();
    open.extend(at.as_second().to_be_bytes());
    let sealed = key.seal(OFFERED, &account.to_string(), &open, entropy);
    Offer { secret, sealed }
}

impl Offer {
    /// An offer that a form brought back.
    ///
    /// # Errors
    /// [`TotpError::NotOurs`] when it was made for another account or is too old.
    pub fn open(
        key: &CentreKey,
        account: AccountId,
        sealed: &str,
        at: Timestamp,
    ) -> Result<Self, TotpError> {
        let open = key.open(OFFERED, &account.to_string(), sealed)?;
        let (secret, offered_at) = open.split_at_checked(20).ok_or(NotOurs)?;
        let secret: [u8; 20] = secret.try_into().map_err(|_| NotOurs)?;
        let offered_at = i64::from_be_bytes(offered_at.try_into().map_err(|_| NotOurs)?);
        let offered_at = Timestamp::from_second(offered_at).map_err(|_| NotOurs)?;
        if after(offered_at, OFFERED_FOR) < at {
            return Err(TotpError::OfferRanOut);
        }
        Ok(Self { secret, sealed: sealed.to_owned() })
    }

    /// The secret as an authenticator wants it typed: Base32 (RFC 4648) in groups of four.
    pub fn typed(&self) -> String {
        let text = base32(&self.secret);
        let letters: Vec<char> = text.chars().collect();
        letters.chunks(4).map(String::from_iter).collect::<Vec<_>>().join(" ")
    }

    /// The address that an authenticator reads from a QR code.
    pub fn address(&self, issuer: &str, login: &str) -> String {
        let (issuer, login) = (percent(issuer), percent(login));
        let secret = base32(&self.secret);
        format!("otpauth://totp/{issuer}:{login}?secret={secret}&issuer={issuer}")
    }
}

impl fmt::Debug for Offer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Offer(…)")
    }
}

/// Takes an offered secret up, once a code of it shows that an authenticator has it. It replaces an earlier one.
///
/// # Errors
/// [`TotpError::WrongCode`].
pub async fn confirm(
    store: &Store,
    key: &CentreKey,
    account: AccountId,
    offer: &Offer,
    code: &str,
    at: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(), TotpError> {
    const SQL: &str = include_str!("totp/keep.sql");

    let step = matching_step(&offer.secret, code, at).ok_or(TotpError::WrongCode)?;
    let sealed = key.seal(KEPT, &account.to_string(), &offer.secret, entropy);
    let keeping = || StoreError::doing("keep the secret of an authenticator");
    let entry = own_entry(account, "authenticator.add");
    on_db!(store, pool => {
        let mut transaction = pool.begin_with(store.begin()).await.map_err(keeping())?;
        sqlx::query(SQL)
            .bind(account.to_string())
            .bind(&sealed)
            .bind(step)
            .bind(at.as_microsecond())
            .execute(&mut *transaction)
            .await
            .map_err(keeping())?;
        audit::append!(transaction, entry, at).map_err(keeping())?;
        transaction.commit().await.map_err(keeping())?;
    });
    Ok(())
}

/// Since when an account has an authenticator.
pub async fn since(store: &Store, account: AccountId) -> Result<Option<Timestamp>, StoreError> {
    const SQL: &str = include_str!("totp/since.sql");

    let since: Option<i64> = on_db!(store, pool => {
        sqlx::query_scalar(SQL).bind(account.to_string()).fetch_optional(pool).await
    })
    .map_err(StoreError::doing("look for an authenticator"))?;
    crate::rows::optional_instant("confirmed_at", since)
}

/// Takes a code, which is then worth nothing any more.
///
/// # Errors
/// [`TotpError::WrongCode`], also when it or a later one was used before.
pub async fn take(
    store: &Store,
    key: &CentreKey,
    account: AccountId,
    code: &str,
    at: Timestamp,
) -> Result<(), TotpError> {
    const READ: &str = include_str!("totp/read.sql");
    const USE: &str = include_str!("totp/use_step.sql");

    let sealed: Option<String> = on_db!(store, pool => {
        sqlx::query_scalar(READ).bind(account.to_string()).fetch_optional(pool).await
    })
    .map_err(StoreError::doing("read the secret of an authenticator"))?;
    let secret = key.open(KEPT, &account.to_string(), &sealed.ok_or(TotpError::WrongCode)?)?;
    let step = matching_step(&secret, code, at).ok_or(TotpError::WrongCode)?;
    // One statement decides, so that of two uses at once only one is taken.
    let is_new = on_db!(store, pool => {
        sqlx::query(USE)
            .bind(step)
            .bind(account.to_string())
            .execute(pool)
            .await
            .map(|it| it.rows_affected() == 1)
    })
    .map_err(StoreError::doing("use a one-time code"))?;
    if is_new { Ok(()) } else { Err(TotpError::WrongCode) }
}

/// Takes the authenticator away from an account, on behalf of its owner.
pub async fn remove(store: &Store, account: AccountId, at: Timestamp) -> Result<(), StoreError> {
    const SQL: &str = include_str!("totp/remove.sql");
    let removing = || StoreError::doing("remove an authenticator");

    let entry = own_entry(account, "authenticator.remove");
    on_db!(store, pool => {
        let mut transaction = pool.begin_with(store.begin()).await.map_err(removing())?;
        let done = sqlx::query(SQL)
            .bind(account.to_string())
            .execute(&mut *transaction)
            .await
            .map_err(removing())?;
        if done.rows_affected() == 0 {
            return Ok(());
        }
        audit::append!(transaction, entry, at).map_err(removing())?;
        transaction.commit().await.map_err(removing())
    })
}

/// The time step of which this is the code, near an instant.
fn matching_step(secret: &[u8], code: &str, at: Timestamp) -> Option<i64> {
    let typed: String = code.chars().filter(|it| !it.is_whitespace()).collect();
    let now = at.as_second().div_euclid(STEP);
    let mut found = None;
    // All are compared, so that the time does not tell which one it was.
    for step in now.saturating_sub(DRIFT)..=now.saturating_add(DRIFT) {
        if same(&code_of(secret, step, 6), &typed) {
            found = Some(step);
        }
    }
    found
}

/// The code of a time step (RFC 4226, section 5.3).
fn code_of(secret: &[u8], step: i64, digits: u32) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let tag = tag.as_ref();
    let offset = usize::from(tag.last().map_or(0, |it| it & 0x0f));
    let part = tag.get(offset..).and_then(|it| it.first_chunk::<4>()).copied().unwrap_or_default();
    let number = u32::from_be_bytes(part) & 0x7fff_ffff;
    let digits_of = number % 10_u32.pow(digits);
    let width = usize::try_from(digits).unwrap_or_default();
    format!("{digits_of:0width$}")
}

fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    let mut text = String::new();
    let (mut bits, mut held) = (0_u32, 0_u32);
    for byte in bytes {
        bits = (bits << 8 | u32::from(*byte)) & 0xffff;
        held += 8;
        while held >= 5 {
            held -= 5;
            let at = usize::try_from(bits >> held & 31).unwrap_or_default();
            text.extend(LETTERS.get(at).map(|it| char::from(*it)));
        }
    }
    if held > 0 {
        let at = usize::try_from(bits << (5 - held) & 31).unwrap_or_default();
        text.extend(LETTERS.get(at).map(|it| char::from(*it)));
    }
    text
}

fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

/// The code that an authenticator shows at an instant, once it took an offer up.
#[cfg(test)]
pub(crate) fn shown(offer: &Offer, at: Timestamp) -> String {
    code_of(&offer.secret, at.as_second().div_euclid(STEP), 6)
}

#[cfg(test)]
mod tests;
