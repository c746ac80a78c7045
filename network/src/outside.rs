//! Identity providers elsewhere: people sign in with an account of another house that somebody here has linked to them.
//!
//! OpenID Connect Core 1.0 with the code flow, PKCE (RFC 7636) and the issuer in the answer (RFC 9207).
//!
//! **Invariant:** no HTTP here. What is to be asked goes out as an [`Ask`], what was answered comes in as bytes.
//!
//! **Invariant:** nobody gets in by a name or an address that a provider tells: only by issuer and subject, and a link
//! that somebody has looked at.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use model::{Bilingual, Entropy, OrgCode};
use store::{Store, StoreError, on_db};

use crate::audit::{self, Actor, Entry};
use crate::purpose::Purpose;
use crate::rows;
use crate::secret::{CentreKey, NotOurs};

mod asking;
mod choosing;
mod proving;
mod requests;
mod under_way;
mod waiting;

pub use self::asking::{
    Answered, Ask, Description, address, ask_description, ask_keys, ask_person, ask_tokens,
};
pub use self::choosing::{Offer, accounts, choose, offer, offered};
pub use self::proving::{Proven, prove};
pub use self::requests::{Request, RequestId, link, open_requests, refuse, wait};
pub(crate) use self::requests::{link_in, refuse_in};
pub use self::under_way::{UnderWay, begin, take};
pub use self::waiting::{Waiting, waiting};

/// What the centre's key seals a provider's secret for.
const SEALED_FOR: &str = "outside provider";

/// Why a provider could not be used.
#[derive(Debug, thiserror::Error)]
pub enum OutsideError {
    #[error("there is no identity provider {0}")]
    Unknown(ProviderCode),

    #[error("there is an identity provider {0} already; choose another code")]
    Taken(ProviderCode),

    #[error(
        "{0} is no address of a provider; write https://host, or http://127.0.0.1:port to try it out"
    )]
    Issuer(String),

    #[error("what the provider says does not fit: {0}")]
    Unfit(&'static str),

    #[error("there is no request {0}, or it is decided")]
    NoRequest(RequestId),

    #[error("this outside identity belongs to somebody already; end that link first")]
    IdentityTaken,

    #[error("a provider's secret could not be opened")]
    Sealed(#[from] NotOurs),

    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A provider's code, which stands in addresses.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProviderCode(String);

/// A text that is no code of a provider.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a provider's code is 2 to 40 of a to z, 0 to 9 and hyphen")]
pub struct NoProviderCode;

impl ProviderCode {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ProviderCode {
    type Err = NoProviderCode;

    fn from_str(text: &str) -> Result<Self, NoProviderCode> {
        let plain = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-';
        let fits = (2..=40).contains(&text.len()) && text.chars().all(plain);
        if fits { Ok(Self(text.to_owned())) } else { Err(NoProviderCode) }
    }
}

impl fmt::Display for ProviderCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An identity provider elsewhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Provider {
    pub code: ProviderCode,
    pub name: Bilingual,
    /// The provider's own name, which is its address.
    pub issuer: String,
    /// What we are called there.
    pub client: String,
    /// What we prove ourselves with there, unless the proof of the code flow is enough.
    pub secret: Option<String>,
    /// Where it belongs: whoever looks after accounts there reviews its requests. `None`: to the whole.
    pub organisation: Option<OrgCode>,
}

/// Shows no secret.
impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider").field("code", &self.code).finish_non_exhaustive()
    }
}

/// `code, name_zh, name_en, issuer, client, sealed_secret, organisation`
type Row = (String, String, String, String, String, Option<String>, Option<String>);

fn typed(key: &CentreKey, row: Row) -> Result<Provider, OutsideError> {
    let (code, zh, en, issuer, client, sealed, organisation) = row;
    let secret = match sealed {
        Some(sealed) => {
            let open = key.open(SEALED_FOR, &code, &sealed)?;
            Some(String::from_utf8(open).map_err(|_| NotOurs)?)
        }
        None => None,
    };
    let organisation = organisation.map(|it| rows::parsed("organisation", &it)).transpose()?;
    let (code, name) = (rows::parsed("code", &code)?, Bilingual::new(zh, en));
    Ok(Provider { code, name, issuer, client, secret, organisation })
}

/// Whether an address is one of a provider: `https`, or `http` on this machine; without query or fragment.
fn is_issuer(text: &str) -> bool {
    let Ok(url) = url::Url::parse(text) else {
        return false;
    };
    let plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    let here = url.scheme() == "http" && crate::applications::is_of_this_machine(&url);
    plain && (url.scheme() == "https" || here)
}

/// Adds a provider that people may sign in with.
///
/// # Errors
/// [`OutsideError::Issuer`] or [`OutsideError::Taken`].
pub async fn add(
    store: &Store,
    key: &CentreKey,
    provider: &Provider,
    actor: Actor,
    entropy: &mut dyn Entropy,
    now: Timestamp,
) -> Result<(), OutsideError> {
    const ADD: &str = include_str!("outside/add_provider.sql");
    let adding = || StoreError::doing("add an identity provider");

    if !is_issuer(&provider.issuer) {
        return Err(OutsideError::Issuer(provider.issuer.clone()));
    }
    let code = provider.code.as_str();
    let secret = provider.secret.as_deref();
    let sealed = secret.map(|it| key.seal(SEALED_FOR, code, it.as_bytes(), entropy));
    on_db!(store, pool => {
        let mut transaction = pool.begin_with(store.begin()).await.map_err(adding())?;
        let added = sqlx::query(ADD)
            .bind(code)
            .bind(&provider.name.zh)
            .bind(&provider.name.en)
            .bind(&provider.issuer)
            .bind(&provider.client)
            .bind(&sealed)
            .bind(now.as_microsecond())
            .bind(provider.organisation.as_ref().map(OrgCode::as_str))
            .execute(&mut *transaction)
            .await
            .map_err(adding())?
            .rows_affected();
        if added == 0 {
            return Err(OutsideError::Taken(provider.code.clone()));
        }
        let entry = Entry::new(actor, Purpose::SECURITY, "provider.add").about("provider", code);
        audit::append!(transaction, entry, now).map_err(adding())?;
        transaction.commit().await.map_err(adding())?;
    });
    Ok(())
}

/// Takes a provider out of use. Links to identities there stay and open nothing.
///
/// # Errors
/// [`OutsideError::Unknown`].
pub async fn end(
    store: &Store,
    code: &ProviderCode,
    actor: Actor,
    now: Timestamp,
) -> Result<(), OutsideError> {
    const END: &str = include_str!("outside/end_provider.sql");
    let ending = || StoreError::doing("end an identity provider");

    on_db!(store, pool => {
        let mut transaction = pool.begin_with(store.begin()).await.map_err(ending())?;
        let ended = sqlx::query(END)
            .bind(code.as_str())
            .bind(now.as_microsecond())
            .execute(&mut *transaction)
            .await
            .map_err(ending())?
            .rows_affected();
        if ended == 0 {
            return Err(OutsideError::Unknown(code.clone()));
        }
        let entry = Entry::new(actor, Purpose::SECURITY, "provider.end").about("provider", code);
        audit::append!(transaction, entry, now).map_err(ending())?;
        transaction.commit().await.map_err(ending())?;
    });
    Ok(())
}

/// Providers that people may sign in with, by code.
pub async fn list(store: &Store, key: &CentreKey) -> Result<Vec<Provider>, OutsideError> {
    const LIST: &str = include_str!("outside/list_providers.sql");

    let rows: Vec<Row> = on_db!(store, pool => sqlx::query_as(LIST).fetch_all(pool).await)
        .map_err(StoreError::doing("list the identity providers"))?;
    rows.into_iter().map(|it| typed(key, it)).collect()
}

/// The provider of a code, while people may sign in with it.
///
/// # Errors
/// [`OutsideError::Unknown`].
pub async fn find(
    store: &Store,
    key: &CentreKey,
    code: &ProviderCode,
) -> Result<Provider, OutsideError> {
    const FIND: &str = include_str!("outside/find_provider.sql");

    let row: Option<Row> = on_db!(store, pool => {
        sqlx::query_as(FIND).bind(code.as_str()).fetch_optional(pool).await
    })
    .map_err(StoreError::doing("read an identity provider"))?;
    typed(key, row.ok_or_else(|| OutsideError::Unknown(code.clone()))?)
}

#[cfg(test)]
mod tests;
