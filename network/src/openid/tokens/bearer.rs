//! Whoever brings an access token, and what it may see with it.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::{Map, Value};
use store::{Store, StoreError, on_db};

use super::family::{Family, FamilyRow};
use crate::applications::{self, Application};
use crate::id::AccountId;
use crate::openid::data::{Claim, Scope, known};
use crate::openid::refusal::{Code, Denial};
use crate::openid::{OpenidError, Provider, people, pseudonyms};
use crate::rows;
use crate::secret::sha256;

/// Whoever brings an access token that works.
#[derive(Debug)]
pub struct Bearer {
    pub application: Application,
    /// On whose behalf; missing when the application acts for itself.
    pub account: Option<AccountId>,
    /// Words of the token's scope.
    pub scopes: BTreeSet<String>,
    data: BTreeSet<Claim>,
    /// Scopes of the family: the token's own may be fewer.
    given: String,
}

/// A token with its family.
#[derive(Debug)]
pub(super) struct TokenRow {
    token_scopes: String,
    token_issued_at: i64,
    token_expires_at: i64,
    token_revoked_at: Option<i64>,
    family: FamilyRow,
}

store::row!(TokenRow {
    token_scopes,
    token_issued_at,
    token_expires_at,
    token_revoked_at,
    ..family
});

/// A token that works.
#[derive(Debug)]
pub(super) struct Live {
    pub(super) scopes: String,
    pub(super) issued_at: Timestamp,
    pub(super) expires_at: Timestamp,
    pub(super) family: Family,
}

impl TokenRow {
    pub(super) fn live(self, now: Timestamp) -> Result<Option<Live>, StoreError> {
        let expires_at = rows::instant("expires_at", self.token_expires_at)?;
        if self.token_revoked_at.is_some() || expires_at <= now {
            return Ok(None);
        }
        let issued_at = rows::instant("issued_at", self.token_issued_at)?;
        let family = self.family.holding(now)?;
        let scopes = self.token_scopes;
        Ok(family.map(|family| Live { scopes, issued_at, expires_at, family }))
    }
}

pub(super) const FIND_ACCESS_TOKEN: &str = include_str!("find_access_token.sql");

/// The token of a text, when it works.
pub(super) async fn find(
    store: &Store,
    sql: &'static str,
    token: &str,
    now: Timestamp,
) -> Result<Option<Live>, OpenidError> {
    let hash = sha256(token.as_bytes());
    let row: Option<TokenRow> = on_db!(store, pool => {
        sqlx::query_as(sql).bind(&hash).fetch_optional(pool).await
    })
    .map_err(StoreError::doing("read a token"))?;
    Ok(row.map(|it| it.live(now)).transpose()?.flatten())
}

/// Who brings an access token.
pub async fn bearer(
    store: &Store,
    token: &str,
    now: Timestamp,
) -> Result<Result<Bearer, Denial>, OpenidError> {
    const REFUSED: Denial =
        Denial::new(Code::InvalidToken, "the access token is unknown, too old or revoked");

    let Some(live) = find(store, FIND_ACCESS_TOKEN, token, now).await? else {
        return Ok(Err(REFUSED));
    };
    let application = applications::read(store, &live.family.application).await?;
    if !application.holds_at(now) {
        return Ok(Err(REFUSED));
    }
    let scopes = live.scopes.split(' ').filter(|it| !it.is_empty()).map(str::to_owned).collect();
    // What the register allows now, whatever it allowed when the token was given.
    let allowed = &application.registration.data;
    let data = live.family.data.intersection(allowed).copied().collect();
    let account = live.family.owner.map(|it| it.account);
    Ok(Ok(Bearer { application, account, scopes, data, given: live.family.scopes }))
}

/// What an application sees of the person with an access token (OpenID Connect Core 5.3).
pub async fn userinfo(
    store: &Store,
    provider: &Provider,
    token: &str,
    now: Timestamp,
) -> Result<Result<Map<String, Value>, Denial>, OpenidError> {
    let bearer = match bearer(store, token, now).await? {
        Ok(bearer) => bearer,
        Err(denial) => return Ok(Err(denial)),
    };
    let scopes: BTreeSet<Scope> = bearer.scopes.iter().filter_map(|it| it.parse().ok()).collect();
    let (Some(account), true) = (bearer.account, scopes.contains(&Scope::Openid)) else {
        return Ok(Err(Denial::new(
            Code::InsufficientScope,
            "the access token was not given for a person who signed in",
        )));
    };
    // A token that was refreshed with a narrower scope sees less; claims asked for one by one stay.
    let out_of_scope: BTreeSet<Claim> = Scope::ALL
        .iter()
        .filter(|it| !scopes.contains(it))
        .filter(|it| known::<Scope>(&bearer.given).contains(it))
        .flat_map(|it| it.claims().iter().copied())
        .collect();
    let data = bearer.data.difference(&out_of_scope).copied().collect();
    let claims = people::claims(store, account, &data, now).await?;
    let Some(mut claims) = claims else {
        return Ok(Err(Denial::new(Code::InvalidToken, "the person's account is closed")));
    };
    let subject = pseudonyms::subject(provider, &bearer.application, account);
    claims.insert("sub".to_owned(), Value::from(subject));
    Ok(Ok(claims))
}
