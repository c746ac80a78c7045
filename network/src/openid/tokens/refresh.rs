//! Tokens become new ones. A refresh token works once: a second time means that someone else has it too.

use jiff::Timestamp;
use model::Entropy;
use store::{Store, StoreError, on_db};

use super::family::{Family, FamilyRow, NewToken, and_refresh_token, revoke_family};
use super::{Granted, Tokens, given_to_read, id_token, narrowed};
use crate::applications::Application;
use crate::audit::{self, Actor, Entry};
use crate::batch::Batch;
use crate::openid::data::{Scope, known, listed};
use crate::openid::refusal::{Code, Denial};
use crate::openid::request::Parameters;
use crate::openid::{OpenidError, Provider, TOKEN_LIFETIME, later};
use crate::purpose::Purpose;
use crate::secret::{Token, sha256};

const NO_TOKEN: Denial = Denial::new(
    Code::InvalidGrant,
    "the refresh token is unknown, used, revoked or too old, or was given to another application",
);

store::row! {
    #[derive(Debug)]
    struct RefreshRow {
        used_at: Option<i64>,
        family: String,
    }
}

pub(super) async fn refresh(
    store: &Store,
    provider: &Provider,
    application: &Application,
    given: &Parameters,
    entropy: &mut dyn Entropy,
    now: Timestamp,
) -> Result<Granted, OpenidError> {
    const TAKE: &str = include_str!("take_refresh_token.sql");
    const FAMILY: &str = include_str!("find_family.sql");
    const USE: &str = include_str!("use_refresh_token.sql");
    let refreshing = || StoreError::doing("refresh tokens");

    let Some(token) = given.get("refresh_token") else {
        return Ok(Err(Denial::new(Code::InvalidRequest, "refresh_token is missing")));
    };
    let hash = sha256(token.as_bytes());
    let (access, next) = (Token::new(entropy), Token::new(entropy));
    let (family, scopes): (Family, String) = on_db!(store, pool => {
        let mut transaction = pool.begin_with(store.begin()).await.map_err(refreshing())?;
        // Writing locks the row: of two that bring the same token, the later one finds it used.
        let row: Option<RefreshRow> = sqlx::query_as(TAKE)
            .bind(&hash)
            .fetch_optional(&mut *transaction)
            .await
            .map_err(refreshing())?;
        let Some(row) = row else {
            return Ok(Err(NO_TOKEN));
        };
        let family: Option<FamilyRow> = sqlx::query_as(FAMILY)
            .bind(&row.family)
            .fetch_optional(&mut *transaction)
            .await
            .map_err(refreshing())?;
        let family = family.filter(|it| it.application == application.code.as_str());
        let Some(family) = family else {
            return Ok(Err(NO_TOKEN));
        };
        if row.used_at.is_some() {
            revoke_family!(transaction, row.family, "refresh token used twice", now)
                .map_err(refreshing())?;
            let entry = Entry::new(application.actor(), Purpose::SECURITY, "token.refresh")
                .about("application", &application.code)
                .refused();
            audit::append!(transaction, entry, now).map_err(refreshing())?;
            transaction.commit().await.map_err(refreshing())?;
            return Ok(Err(NO_TOKEN));
        }
        let Some(family) = family.holding(now)? else {
            return Ok(Err(NO_TOKEN));
        };
        let scopes = match narrowed(&known(&family.scopes), given) {
            Ok(scopes) => listed(&scopes),
            Err(denial) => return Ok(Err(denial)),
        };
        let until = later(now, TOKEN_LIFETIME)?.min(family.expires_at);
        let token = NewToken { token: &access, family: &row.family, scopes: &scopes, until };
        let batch = Batch::default().and(USE, [hash.as_str().into(), now.into()]);
        let batch = and_refresh_token(token.added_to(batch, now), &next, &row.family, now);
        // The person may be away: the entry is about the application, on the person's behalf.
        let owner = family.owner.as_ref().map(|it| Actor::Account(it.account));
        let actor = owner.unwrap_or_else(|| application.actor());
        let entry = Entry::new(actor, Purpose::OWN, "token.refresh")
            .about("application", &application.code);
        audit::append!(transaction, entry, now, after batch).map_err(refreshing())?;
        if let Some(owner) = family.owner.as_ref().filter(|_| !family.data.is_empty()) {
            let entry = given_to_read(application, owner.account);
            audit::append!(transaction, entry, now).map_err(refreshing())?;
        }
        transaction.commit().await.map_err(refreshing())?;
        (family, scopes)
    });
    let id_token = match &family.owner {
        Some(owner) if known::<Scope>(&scopes).contains(&Scope::Openid) => {
            let access_token = access.reveal();
            let data = Default::default();
            let said = id_token::Said { owner, nonce: None, access_token, data };
            Some(id_token::make(store, provider, application, &said, now).await?)
        }
        Some(_) | None => None,
    };
    Ok(Ok(Tokens {
        access_token: access.reveal().to_owned(),
        refresh_token: Some(next.reveal().to_owned()),
        id_token,
        scope: scopes,
    }))
}
