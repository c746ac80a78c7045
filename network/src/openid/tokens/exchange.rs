//! A code becomes tokens, once.

use aws_lc_rs::digest;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use model::Entropy;
use store::{Store, StoreError, on_db};

use super::family::{NewFamily, NewToken, Owner, and_refresh_token, revoke_family};
use super::{Granted, Tokens, given_to_read, id_token};
use crate::applications::{Application, and_use};
use crate::audit::{self, Actor, Entry};
use crate::batch::Batch;
use crate::id::Id;
use crate::openid::data::{Claim, Scope, known};
use crate::openid::refusal::{Code, Denial};
use crate::openid::request::Parameters;
use crate::openid::{FAMILY_LIFETIME, OpenidError, Provider, TOKEN_LIFETIME, later};
use crate::purpose::Purpose;
use crate::rows;
use crate::secret::{Token, same, sha256};

const NO_CODE: Denial = Denial::new(
    Code::InvalidGrant,
    "the code is unknown, used, too old, or was given for another application or address",
);

store::row! {
    #[derive(Debug)]
    struct CodeRow {
        application: String,
        account: String,
        session: String,
        redirect_address: String,
        scopes: String,
        data: String,
        id_token_data: String,
        nonce: Option<String>,
        challenge: Option<String>,
        auth_time: i64,
        acr: String,
        amr: String,
        expires_at: i64,
        family: Option<String>,
        session_ended_at: Option<i64>,
        account_closed_at: Option<i64>,
    }
}

pub(super) async fn exchange(
    store: &Store,
    provider: &Provider,
    application: &Application,
    given: &Parameters,
    entropy: &mut dyn Entropy,
    now: Timestamp,
) -> Result<Granted, OpenidError> {
    const TAKE: &str = include_str!("take_code.sql");
    const USE: &str = include_str!("use_code.sql");
    let exchanging = || StoreError::doing("exchange a code");

    let Some(code) = given.get("code") else {
        return Ok(Err(Denial::new(Code::InvalidRequest, "code is missing")));
    };
    let hash = sha256(code.as_bytes());
    let family = Id::new(now, entropy);
    let (access, refresh) = (Token::new(entropy), Token::new(entropy));
    let until = later(now, FAMILY_LIFETIME)?;
    let token_until = later(now, TOKEN_LIFETIME)?;
    let taken: Result<(CodeRow, Owner), Denial> = on_db!(store, pool => {
        let mut transaction = pool.begin_with(store.begin()).await.map_err(exchanging())?;
        // Writing locks the row: of two that bring the same code, the later one finds it used.
        let row: Option<CodeRow> = sqlx::query_as(TAKE)
            .bind(&hash)
            .fetch_optional(&mut *transaction)
            .await
            .map_err(exchanging())?;
        let Some(row) = row else {
            return Ok(Err(NO_CODE));
        };
        if let Some(family) = &row.family {
            // Someone else has the code too, and nobody can tell who of the two is right.
            revoke_family!(transaction, family, "code used twice", now).map_err(exchanging())?;
            let entry = Entry::new(application.actor(), Purpose::SECURITY, "code.exchange")
                .about("application", &application.code)
                .refused();
            audit::append!(transaction, entry, now).map_err(exchanging())?;
            transaction.commit().await.map_err(exchanging())?;
            return Ok(Err(NO_CODE));
        }
        match row.flaw(application, given, now) {
            Some(denial) => Err(denial),
            None => {
                let owner = row.owner()?;
                let (id, scopes) = (family.to_string(), row.scopes.as_str());
                let client = &application.code;
                let begun = NewFamily {
                    id: family,
                    application: client,
                    owner: Some(&owner),
                    scopes,
                    data: &row.data,
                    until,
                };
                let token = NewToken { token: &access, family: &id, scopes, until: token_until };
                let batch = begun.added_to(Batch::default(), now);
                let batch = batch.and(USE, [hash.as_str().into(), id.as_str().into()]);
                let mut batch = and_use(token.added_to(batch, now), client, provider.day(now));
                if row.is_offline() {
                    batch = and_refresh_token(batch, &refresh, &id, now);
                }
                let actor = Actor::Account(owner.account);
                let entry = Entry::new(actor, Purpose::OWN, "application.sign_in")
                    .about("application", client);
                audit::append!(transaction, entry, now, after batch).map_err(exchanging())?;
                if !row.data.is_empty() {
                    let entry = given_to_read(application, owner.account);
                    audit::append!(transaction, entry, now).map_err(exchanging())?;
                }
                transaction.commit().await.map_err(exchanging())?;
                Ok((row, owner))
            }
        }
    });
    let (row, owner) = match taken {
        Ok(taken) => taken,
        Err(denial) => return Ok(Err(denial)),
    };
    let said = id_token::Said {
        owner: &owner,
        nonce: row.nonce.as_deref(),
        access_token: access.reveal(),
        data: known::<Claim>(&row.id_token_data),
    };
    let id_token = id_token::make(store, provider, application, &said, now).await?;
    Ok(Ok(Tokens {
        access_token: access.reveal().to_owned(),
        refresh_token: row.is_offline().then(|| refresh.reveal().to_owned()),
        id_token: Some(id_token),
        scope: row.scopes,
    }))
}

impl CodeRow {
    /// What is wrong with a code that was not used.
    fn flaw(
        &self,
        application: &Application,
        given: &Parameters,
        now: Timestamp,
    ) -> Option<Denial> {
        let fits = self.application == application.code.as_str()
            && given.get("redirect_uri") == Some(&self.redirect_address)
            && now.as_microsecond() < self.expires_at
            && self.session_ended_at.is_none()
            && self.account_closed_at.is_none();
        if !fits {
            return Some(NO_CODE);
        }
        let proven = match (&self.challenge, given.get("code_verifier")) {
            (Some(challenge), Some(verifier)) => is_verified(challenge, verifier),
            (None, None) => true,
            // A verifier without a challenge: someone took the challenge out of the request on its way.
            (Some(_), None) | (None, Some(_)) => false,
        };
        (!proven).then_some(Denial::new(Code::InvalidGrant, "code_verifier does not fit the code"))
    }

    fn owner(&self) -> Result<Owner, StoreError> {
        Ok(Owner {
            account: rows::parsed("account", &self.account)?,
            session: rows::parsed("session", &self.session)?,
            auth_time: rows::instant("auth_time", self.auth_time)?,
            acr: self.acr.clone(),
            amr: self.amr.clone(),
        })
    }

    fn is_offline(&self) -> bool {
        known::<Scope>(&self.scopes).contains(&Scope::OfflineAccess)
    }
}

/// RFC 7636, section 4.6.
fn is_verified(challenge: &str, verifier: &str) -> bool {
    let unreserved = |it: u8| it.is_ascii_alphanumeric() || b"-._~".contains(&it);
    if !(43..=128).contains(&verifier.len()) || !verifier.bytes().all(unreserved) {
        return false;
    }
    let hash = digest::digest(&digest::SHA256, verifier.as_bytes());
    same(challenge, &URL_SAFE_NO_PAD.encode(hash))
}
