//! Whoever brings an access token.

use std::collections::BTreeSet;

use jiff::Timestamp;
use store::{Store, StoreError, on_db};

use super::family::{Family, FamilyRow};
use crate::applications::{self, Application};
use crate::id::AccountId;
use crate::openid::OpenidError;
use crate::openid::refusal::{Code, Denial};
use crate::rows;
use crate::secret::sha256;

pub(super) const REFUSED: Denial =
    Denial::new(Code::InvalidToken, "the access token is unknown, too old or revoked");

/// Whoever brings an access token that works.
#[derive(Debug)]
pub struct Bearer {
    pub application: Application,
    /// On whose behalf; missing when the application acts for itself.
    pub account: Option<AccountId>,
    /// Words of the token's scope.
    pub scopes: BTreeSet<String>,
}

store::row! {
    /// A token with its family.
    #[derive(Debug)]
    pub(super) struct TokenRow {
        token_scopes: String,
        token_issued_at: i64,
        token_expires_at: i64,
        token_revoked_at: Option<i64>,
        ..family: FamilyRow,
    }
}

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
    let Some(live) = find(store, FIND_ACCESS_TOKEN, token, now).await? else {
        return Ok(Err(REFUSED));
    };
    let application = applications::read(store, &live.family.application).await?;
    if !application.holds_at(now) {
        return Ok(Err(REFUSED));
    }
    let scopes = live.scopes.split(' ').filter(|it| !it.is_empty()).map(str::to_owned).collect();
    let account = live.family.owner.map(|it| it.account);
    Ok(Ok(Bearer { application, account, scopes }))
}
