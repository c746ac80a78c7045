//! Passkeys (Web Authentication): a key pair that stays with its owner, who unlocks it by PIN, finger or face.
//!
//! Attestation is not asked for: which maker built an authenticator is nobody's business here, and without it nothing
//! but the key itself has to be believed at registration. See `docs/adr/0008-passkeys-of-our-own.md`.
//!
//! **Invariant:** a challenge is answered once, in the ceremony it was given in, and for this site only.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::Timestamp;
use model::Entropy;
use store::{Store, StoreError, on_db};

use crate::audit::{self, Actor, Entry};
use crate::ceremonies::{self, Ceremony, Kind};
use crate::id::AccountId;
use crate::purpose::Purpose;
use crate::rows;
use crate::secret::Token;
use crate::sessions::{Methods, own_entry};

mod answer;

pub use self::answer::{Algorithm, Fault, RelyingParty};
use self::answer::{AuthenticatorData, signed};

/// Most characters of a passkey's name.
const LONGEST_NAME: usize = 60;

/// Most passkeys of an account.
const MOST: usize = 20;

/// A passkey of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passkey {
    /// As the authenticator calls it, in base64url.
    pub id: String,
    /// As its owner calls it.
    pub name: String,
    pub added_at: Timestamp,
    pub used_at: Option<Timestamp>,
}

/// What a browser answers when a passkey is added; all in base64url, as its script sends it.
#[derive(Clone, Debug, Default)]
pub struct Addition {
    pub id: String,
    pub client_data: String,
    pub authenticator_data: String,
    /// A `SubjectPublicKeyInfo` in DER.
    pub public_key: String,
    /// A COSE number.
    pub algorithm: i64,
}

/// What a browser answers when a passkey is used; all in base64url, as its script sends it.
#[derive(Clone, Debug, Default)]
pub struct Assertion {
    pub id: String,
    pub client_data: String,
    pub authenticator_data: String,
    pub signature: String,
}

/// Why a passkey was not added or not accepted.
#[derive(Debug, thiserror::Error)]
pub enum PasskeyError {
    #[error("the passkey's answer came too late or twice; begin again")]
    NotUnderWay,

    #[error("this passkey is not known here; sign in another way and add it")]
    NotKnown,

    #[error("an account has at most {MOST} passkeys; remove one first")]
    TooMany,

    #[error("this passkey belongs to an account already")]
    Taken,

    #[error("the passkey's answer is not sound: {0}")]
    Unsound(#[from] Fault),

    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a browser is asked: the ceremony's token comes back with the answer.
#[derive(Clone, Debug)]
pub struct Question {
    pub token: Token,
    pub challenge: String,
}

/// Asks the owner of an account for a new passkey.
pub async fn begin_addition(
    store: &Store,
    account: AccountId,
    at: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Question, StoreError> {
    ask(store, Kind::PasskeyAddition, Some(account), at, entropy).await
}

/// Asks whoever wants to sign in for a passkey.
pub async fn begin_sign_in(
    store: &Store,
    at: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Question, StoreError> {
    ask(store, Kind::PasskeySignIn, None, at, entropy).await
}

async fn ask(
    store: &Store,
    kind: Kind,
    account: Option<AccountId>,
    at: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Question, StoreError> {
    let challenge = Token::new(entropy).reveal().to_owned();
    let methods = Methods::default();
    let ceremony = Ceremony { account, methods, challenge: challenge.clone() };
    let token = ceremonies::begin(store, kind, &ceremony, at, entropy).await?;
    Ok(Question { token, challenge })
}

/// Adds a passkey to the account that was asked for it.
///
/// # Errors
/// [`PasskeyError`] for every way in which the answer does not fit the question.
pub async fn add(
    store: &Store,
    party: &RelyingParty,
    account: AccountId,
    token: &Token,
    answer: &Addition,
    name: &str,
    at: Timestamp,
) -> Result<(), PasskeyError> {
    const SQL: &str = include_str!("passkeys/add.sql");

    let ceremony = ceremonies::take(store, Kind::PasskeyAddition, token, at).await?;
    let ceremony = ceremony.filter(|it| it.account == Some(account));
    let ceremony = ceremony.ok_or(PasskeyError::NotUnderWay)?;
    party.check_client_data(
        &decoded(&answer.client_data)?,
        "webauthn.create",
        &ceremony.challenge,
    )?;
    let data = AuthenticatorData::read(&decoded(&answer.authenticator_data)?)?;
    party.check_authenticator(&data)?;
    if data.credential.as_deref() != Some(decoded(&answer.id)?.as_slice()) {
        return Err(Fault::Credential.into());
    }
    let algorithm = Algorithm::of_number(answer.algorithm).ok_or(Fault::Algorithm)?;
    algorithm.check_key(&decoded(&answer.public_key)?)?;
    if list(store, account).await?.len() >= MOST {
        return Err(PasskeyError::TooMany);
    }
    let name: String =
        name.trim().chars().filter(|it| !it.is_control()).take(LONGEST_NAME).collect();
    let adding = || StoreError::doing("add a passkey");
    let entry = own_entry(account, "passkey.add");
    on_db!(store, pool => {
        let mut transaction = pool.begin_with(store.begin()).await.map_err(adding())?;
        let done = sqlx::query(SQL)
            .bind(&answer.id)
            .bind(account.to_string())
            .bind(&name)
            .bind(algorithm.number())
            .bind(&answer.public_key)
            .bind(i64::from(data.sign_count))
            .bind(at.as_microsecond())
            .execute(&mut *transaction)
            .await
            .map_err(adding())?;
        if done.rows_affected() == 0 {
            return Err(PasskeyError::Taken);
        }
        audit::append!(transaction, entry, at).map_err(adding())?;
        transaction.commit().await.map_err(adding())?;
    });
    Ok(())
}

/// Whose passkey answered the question of a sign-in. Of a known passkey that did not, the audit log is told.
///
/// # Errors
/// [`PasskeyError`] for every way in which the answer does not fit the question.
pub async fn check(
    store: &Store,
    party: &RelyingParty,
    token: &Token,
    answer: &Assertion,
    at: Timestamp,
) -> Result<AccountId, PasskeyError> {
    const READ: &str = include_str!("passkeys/read.sql");

    let ceremony = ceremonies::take(store, Kind::PasskeySignIn, token, at).await?;
    let ceremony = ceremony.ok_or(PasskeyError::NotUnderWay)?;
    let row: Option<(String, i64, String, i64)> = on_db!(store, pool => {
        sqlx::query_as(READ).bind(&answer.id).fetch_optional(pool).await
    })
    .map_err(StoreError::doing("read a passkey"))?;
    let (account, algorithm, key, sign_count) = row.ok_or(PasskeyError::NotKnown)?;
    let account = rows::parsed("account", &account)?;
    let kept = KeptKey { algorithm, key, sign_count };
    let used = match kept.counted(party, &ceremony.challenge, answer) {
        Ok(counts) => use_key(store, &answer.id, sign_count, counts, at).await?,
        Err(fault) => Err(fault),
    };
    if let Err(fault) = used {
        let entry = Entry::new(Actor::Nobody, Purpose::SECURITY, "passkey.show");
        audit::record(store, &entry.about_owner(account).refused(), at).await?;
        return Err(fault.into());
    }
    Ok(account)
}

/// What is kept of a passkey to check its answers by.
struct KeptKey {
    algorithm: i64,
    key: String,
    sign_count: i64,
}

impl KeptKey {
    /// How often the authenticator says it was used, when its answer is sound.
    fn counted(
        &self,
        party: &RelyingParty,
        challenge: &str,
        answer: &Assertion,
    ) -> Result<i64, Fault> {
        let client_data = decoded(&answer.client_data)?;
        party.check_client_data(&client_data, "webauthn.get", challenge)?;
        let bytes = decoded(&answer.authenticator_data)?;
        let data = AuthenticatorData::read(&bytes)?;
        party.check_authenticator(&data)?;
        let algorithm = Algorithm::of_number(self.algorithm).ok_or(Fault::Algorithm)?;
        let signature = decoded(&answer.signature)?;
        algorithm.verify(&decoded(&self.key)?, &signed(&bytes, &client_data), &signature)?;

        // An authenticator that counts never counts backwards, unless somebody copied it.
        let counts = i64::from(data.sign_count);
        if (counts > 0 || self.sign_count > 0) && counts <= self.sign_count {
            return Err(Fault::Counter);
        }
        Ok(counts)
    }
}

/// Notes that a passkey was used; of two answers at once with the same count only one is taken.
async fn use_key(
    store: &Store,
    id: &str,
    sign_count: i64,
    counts: i64,
    at: Timestamp,
) -> Result<Result<(), Fault>, StoreError> {
    const USE: &str = include_str!("passkeys/use_key.sql");

    let used = on_db!(store, pool => {
        sqlx::query(USE)
            .bind(counts)
            .bind(at.as_microsecond())
            .bind(id)
            .bind(sign_count)
            .execute(pool)
            .await
            .map(|it| it.rows_affected() == 1)
    })
    .map_err(StoreError::doing("note that a passkey was used"))?;
    Ok(if used { Ok(()) } else { Err(Fault::Counter) })
}

/// The passkeys of an account, the first added first.
pub async fn list(store: &Store, account: AccountId) -> Result<Vec<Passkey>, StoreError> {
    const SQL: &str = include_str!("passkeys/list.sql");

    let rows: Vec<(String, String, i64, Option<i64>)> = on_db!(store, pool => {
        sqlx::query_as(SQL).bind(account.to_string()).fetch_all(pool).await
    })
    .map_err(StoreError::doing("list passkeys"))?;
    let typed = |(id, name, added_at, used_at)| {
        let added_at = rows::instant("added_at", added_at)?;
        let used_at = rows::optional_instant("used_at", used_at)?;
        Ok(Passkey { id, name, added_at, used_at })
    };
    rows.into_iter().map(typed).collect()
}

/// Takes a passkey away from an account, on behalf of its owner; whether it was there.
pub async fn remove(
    store: &Store,
    account: AccountId,
    id: &str,
    at: Timestamp,
) -> Result<bool, StoreError> {
    const SQL: &str = include_str!("passkeys/remove.sql");
    let removing = || StoreError::doing("remove a passkey");

    let entry = own_entry(account, "passkey.remove");
    on_db!(store, pool => {
        let mut transaction = pool.begin_with(store.begin()).await.map_err(removing())?;
        let done = sqlx::query(SQL)
            .bind(account.to_string())
            .bind(id)
            .execute(&mut *transaction)
            .await
            .map_err(removing())?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        audit::append!(transaction, entry, at).map_err(removing())?;
        transaction.commit().await.map_err(removing())?;
    });
    Ok(true)
}

fn decoded(text: &str) -> Result<Vec<u8>, Fault> {
    BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| Fault::Encoding)
}

#[cfg(test)]
mod tests;
