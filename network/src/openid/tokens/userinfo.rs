//! What an application sees of a person with an access token (OpenID Connect Core 5.3).

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::{Map, Value};
use sqlx::FromRow;
use store::{Store, StoreError, on_db};

use super::bearer::{Live, REFUSED, TokenRow};
use crate::applications::Subject;
use crate::openid::data::{Claim, Scope, known};
use crate::openid::people::{self, PersonRow};
use crate::openid::refusal::{Code, Denial};
use crate::openid::{OpenidError, Provider, pseudonyms};
use crate::rows;
use crate::secret::sha256;

store::row! {
    /// A token with its family, and all that may be asked for with it.
    #[derive(Debug)]
    struct UserinfoRow {
        /// What the register allows the application to see.
        allowed: String,
        sector: Option<String>,
        application_expires_at: i64,
        application_ended_at: Option<i64>,
        /// Missing where nobody stands behind the token.
        person: Option<String>,
        ..token: TokenRow,
    }
}

/// The same row, as what is known of the person.
#[derive(Debug)]
struct Known {
    row: UserinfoRow,
    person: PersonRow,
}

impl<'r, R> FromRow<'r, R> for Known
where
    R: sqlx::Row,
    UserinfoRow: FromRow<'r, R>,
    PersonRow: FromRow<'r, R>,
{
    fn from_row(row: &'r R) -> Result<Self, sqlx::Error> {
        Ok(Self { row: UserinfoRow::from_row(row)?, person: PersonRow::from_row(row)? })
    }
}

/// What is told of the person.
pub async fn userinfo(
    store: &Store,
    provider: &Provider,
    token: &str,
    now: Timestamp,
) -> Result<Result<Map<String, Value>, Denial>, OpenidError> {
    const FIND: &str = include_str!("find_userinfo.sql");

    let hash = sha256(token.as_bytes());
    let found: Option<Known> = on_db!(store, pool => {
        sqlx::query_as(FIND).bind(&hash).fetch_optional(pool).await
    })
    .map_err(StoreError::doing("read what an application may see"))?;
    let Some(Known { row, person }) = found else { return Ok(Err(REFUSED)) };
    let expires_at = rows::instant("expires_at", row.application_expires_at)?;
    let is_in_use = row.application_ended_at.is_none() && now < expires_at;
    let Some(live) = row.token.live(now)?.filter(|_| is_in_use) else { return Ok(Err(REFUSED)) };
    let scopes: BTreeSet<Scope> = known(&live.scopes);
    let (Some(owner), true) = (&live.family.owner, scopes.contains(&Scope::Openid)) else {
        return Ok(Err(Denial::new(
            Code::InsufficientScope,
            "the access token was not given for a person who signed in",
        )));
    };
    if row.person.is_none() {
        return Ok(Err(Denial::new(Code::InvalidToken, "the person's account is closed")));
    }
    let data = seen(&live, &scopes, &known(&row.allowed));
    let mut claims = people::claims_of(store, owner.account, person, &data, now).await?;
    let subject = row.sector.map_or(Subject::Public, |sector| Subject::Pairwise { sector });
    let subject = pseudonyms::subject(provider, &subject, owner.account);
    claims.insert("sub".to_owned(), Value::from(subject));
    Ok(Ok(claims))
}

/// What may be seen: of what the person agreed to, what the register allows now, whatever it allowed when the token was
/// given. A token that was refreshed with a narrower scope sees less; claims asked for one by one stay.
fn seen(live: &Live, scopes: &BTreeSet<Scope>, allowed: &BTreeSet<Claim>) -> BTreeSet<Claim> {
    let given: BTreeSet<Scope> = known(&live.family.scopes);
    let out_of_scope: BTreeSet<Claim> =
        given.difference(scopes).flat_map(|it| it.claims().iter().copied()).collect();
    let data = live.family.data.intersection(allowed);
    data.filter(|it| !out_of_scope.contains(it)).copied().collect()
}
