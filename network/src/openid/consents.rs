//! What people agreed to hand to applications. They see it, and can take it back.

use std::collections::BTreeSet;

use jiff::Timestamp;
use store::{Store, StoreError, on_db};

use super::data::{Claim, known, listed};
use super::{OpenidError, Request};
use crate::applications::ApplicationCode;
use crate::audit::{self, Actor, Entry};
use crate::id::AccountId;
use crate::purpose::Purpose;
use crate::rows;

/// What a person agreed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    pub application: ApplicationCode,
    pub given_at: Timestamp,
    pub data: BTreeSet<Claim>,
    /// The application may keep its access while the person is away.
    pub offline: bool,
}

impl Consent {
    /// Whether it is enough for what is asked.
    pub(super) fn covers(&self, request: &Request) -> bool {
        request.data.is_subset(&self.data) && (self.offline || !request.is_offline())
    }
}

/// `application, given_at, data, offline`
type Row = (String, i64, String, i64);

pub(super) fn typed((application, given_at, data, offline): Row) -> Result<Consent, StoreError> {
    Ok(Consent {
        application: rows::parsed("application", &application)?,
        given_at: rows::instant("given_at", given_at)?,
        data: known(&data),
        offline: offline != 0,
    })
}

/// All that a person agreed to, by application.
pub async fn list(store: &Store, account: AccountId) -> Result<Vec<Consent>, OpenidError> {
    const LIST: &str = include_str!("consents/list_consents.sql");

    let rows: Vec<Row> = on_db!(store, pool => {
        sqlx::query_as(LIST).bind(account.to_string()).fetch_all(pool).await
    })
    .map_err(StoreError::doing("list the consents of a person"))?;
    Ok(rows.into_iter().map(typed).collect::<Result<_, _>>()?)
}

/// Records that a person agrees to what is asked, beside what it agreed to before.
pub async fn give(
    store: &Store,
    request: &Request,
    account: AccountId,
    now: Timestamp,
) -> Result<(), OpenidError> {
    const FIND: &str = include_str!("consents/find_consent.sql");
    const WITHDRAW: &str = include_str!("consents/withdraw_consent.sql");
    const ADD: &str = include_str!("consents/add_consent.sql");
    let giving = || StoreError::doing("record a consent");

    let (code, at) = (&request.application.code, now.as_microsecond());
    on_db!(store, pool => {
        let mut transaction = pool.begin_with(store.begin()).await.map_err(giving())?;
        let before: Option<Row> = sqlx::query_as(FIND)
            .bind(account.to_string())
            .bind(code.as_str())
            .fetch_optional(&mut *transaction)
            .await
            .map_err(giving())?;
        let before = before.map(typed).transpose()?;
        let mut data = request.data.clone();
        let mut offline = request.is_offline();
        if let Some(before) = before {
            data.extend(before.data);
            offline |= before.offline;
        }
        sqlx::query(WITHDRAW)
            .bind(account.to_string())
            .bind(code.as_str())
            .bind(at)
            .execute(&mut *transaction)
            .await
            .map_err(giving())?;
        sqlx::query(ADD)
            .bind(account.to_string())
            .bind(code.as_str())
            .bind(at)
            .bind(listed(&data))
            .bind(i64::from(offline))
            .execute(&mut *transaction)
            .await
            .map_err(giving())?;
        let entry = entry(account, "consent.give", code);
        audit::append!(transaction, entry, now).map_err(giving())?;
        transaction.commit().await.map_err(giving())?;
    });
    Ok(())
}

/// Takes a consent back. What the application got with it works no more.
pub async fn withdraw(
    store: &Store,
    account: AccountId,
    application: &ApplicationCode,
    now: Timestamp,
) -> Result<(), OpenidError> {
    const WITHDRAW: &str = include_str!("consents/withdraw_consent.sql");
    const REVOKE: &str = include_str!("consents/revoke_families.sql");
    let withdrawing = || StoreError::doing("take a consent back");

    let at = now.as_microsecond();
    on_db!(store, pool => {
        let mut transaction = pool.begin_with(store.begin()).await.map_err(withdrawing())?;
        for sql in [WITHDRAW, REVOKE] {
            sqlx::query(sql)
                .bind(account.to_string())
                .bind(application.as_str())
                .bind(at)
                .execute(&mut *transaction)
                .await
                .map_err(withdrawing())?;
        }
        let entry = entry(account, "consent.withdraw", application);
        audit::append!(transaction, entry, now).map_err(withdrawing())?;
        transaction.commit().await.map_err(withdrawing())?;
    });
    Ok(())
}

fn entry(account: AccountId, action: &'static str, application: &ApplicationCode) -> Entry {
    Entry::new(Actor::Account(account), Purpose::OWN, action).about("application", application)
}
