//! Legal holds: what is a person's must stay, by law or for proceedings.

use jiff::Timestamp;
use model::Entropy;
use store::{Store, StoreError, on_db};

use crate::audit::{self, Actor, Entry};
use crate::id::PersonId;
use crate::purpose::Purpose;
use crate::rows;

crate::id! {
    /// A legal hold.
    HoldId
}

/// A legal hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    pub id: HoldId,
    pub person: PersonId,
    /// The law or the proceedings.
    pub reason: String,
    pub set_at: Timestamp,
    pub lifted_at: Option<Timestamp>,
}

/// Sets a hold on all that is a person's.
pub async fn set(
    store: &Store,
    by: Actor,
    person: PersonId,
    reason: &str,
    at: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<HoldId, StoreError> {
    const SET: &str = include_str!("set_hold.sql");
    let setting = || StoreError::doing("set a legal hold");

    let id = HoldId::new(at, entropy);
    let entry = Entry::new(by, Purpose::SECURITY, "hold.set").about_person(person, entropy);
    on_db!(store, pool => {
        let mut transaction = pool.begin_with(store.begin()).await.map_err(setting())?;
        sqlx::query(SET)
            .bind(id.to_string())
            .bind(person.to_string())
            .bind(reason)
            .bind(by.account().map(|it| it.to_string()))
            .bind(at.as_microsecond())
            .execute(&mut *transaction).await.map_err(setting())?;
        audit::append!(transaction, entry, at).map_err(setting())?;
        transaction.commit().await.map_err(setting())?;
    });
    Ok(id)
}

/// Lifts a hold; says whether there was one to lift.
pub async fn lift(
    store: &Store,
    by: Actor,
    hold: HoldId,
    at: Timestamp,
) -> Result<bool, StoreError> {
    const LIFT: &str = include_str!("lift_hold.sql");
    let lifting = || StoreError::doing("lift a legal hold");

    let entry = Entry::new(by, Purpose::SECURITY, "hold.lift").about("hold", hold);
    on_db!(store, pool => {
        let mut transaction = pool.begin_with(store.begin()).await.map_err(lifting())?;
        let lifted = sqlx::query(LIFT)
            .bind(hold.to_string())
            .bind(by.account().map(|it| it.to_string()))
            .bind(at.as_microsecond())
            .execute(&mut *transaction).await.map_err(lifting())?
            .rows_affected();
        if lifted == 0 {
            return Ok(false);
        }
        audit::append!(transaction, entry, at).map_err(lifting())?;
        transaction.commit().await.map_err(lifting())?;
    });
    Ok(true)
}

/// A person's holds, those that were lifted too.
pub async fn of_person(store: &Store, person: PersonId) -> Result<Vec<Hold>, StoreError> {
    const HOLDS: &str = include_str!("read_holds.sql");
    let found: Vec<(String, String, i64, Option<i64>)> = on_db!(store, pool => {
        sqlx::query_as(HOLDS).bind(person.to_string()).fetch_all(pool).await
    })
    .map_err(StoreError::doing("read legal holds"))?;
    let typed = |(id, reason, set_at, lifted_at): (String, String, i64, Option<i64>)| {
        Ok(Hold {
            id: rows::parsed("id", &id)?,
            person,
            reason,
            set_at: rows::instant("set_at", set_at)?,
            lifted_at: rows::optional_instant("lifted_at", lifted_at)?,
        })
    };
    found.into_iter().map(typed).collect()
}
