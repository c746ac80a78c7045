//! Changing the register: who may, what is changed and the entry in the audit log, each in one transaction.

use jiff::Timestamp;
use model::Entropy;
use store::{Store, StoreError};

use super::part::{Part, Standing};
use super::rows::{self, ApplicationRow};
use super::{
    Application, ApplicationCode, ApplicationsError, Registered, Registration, flawed_expiry, read,
};
use crate::audit::{self, Entry};
use crate::connection::{Connection, Value};
use crate::grants::Authority;
use crate::purpose::Purpose;
use crate::secret::Token;

/// Puts an application into the register, until `expires_at` or until the next review is due.
///
/// # Errors
/// [`ApplicationsError::Flawed`] with every flaw, or [`ApplicationsError::Taken`].
pub async fn register(
    store: &Store,
    code: &ApplicationCode,
    by: Authority<'_>,
    registration: &Registration,
    expires_at: Timestamp,
    entropy: &mut dyn Entropy,
    now: Timestamp,
) -> Result<Registered, ApplicationsError> {
    let secret = registration.authentication.has_secret().then(|| Token::new(entropy));
    let entry = entry(by, "application.register", code).at(&registration.owner);
    let proof = (secret.as_ref().map(Token::hash), expires_at);
    let done = register_as(store, code, by, registration, proof, &entry, now).await;
    told(store, done, entry, now).await?;
    Ok(Registered { application: read(store, code).await?, secret })
}

async fn register_as(
    store: &Store,
    code: &ApplicationCode,
    by: Authority<'_>,
    registration: &Registration,
    (secret, expires_at): (Option<String>, Timestamp),
    entry: &Entry,
    now: Timestamp,
) -> Result<(), ApplicationsError> {
    const ADD: &str = include_str!("add_application.sql");
    let registering = || StoreError::doing("register an application");

    let mut connection = Connection::begin(store).await.map_err(registering())?;
    let part = Part::of(&mut connection, by, now).await?;
    let mut flaws = registration.flaws();
    flaws.extend(flawed_expiry(expires_at, now));
    flaws.extend(part.flaws(&mut connection, code, registration, None).await?);
    if !flaws.is_empty() {
        return Err(ApplicationsError::Flawed(flaws));
    }
    let mut values = ApplicationRow::of(code, registration).values();
    values.extend([secret.into(), now.into(), expires_at.into()]);
    if connection.execute(ADD.to_owned(), values).await.map_err(registering())? == 0 {
        return Err(ApplicationsError::Taken(code.clone()));
    }
    let organisations = &registration.organisations;
    rows::grant(&mut connection, code, organisations, now).await.map_err(registering())?;
    connection.append(entry, now).await.map_err(registering())?;
    connection.commit().await.map_err(registering())?;
    Ok(())
}

/// Changes what the register says of an application. What it may see and who may use it holds at once.
///
/// Organisations beyond the part of whoever changes it stay as they are.
pub async fn amend(
    store: &Store,
    code: &ApplicationCode,
    by: Authority<'_>,
    registration: &Registration,
    now: Timestamp,
) -> Result<Application, ApplicationsError> {
    let entry = entry(by, "application.amend", code).at(&registration.owner);
    let done = amend_as(store, code, by, registration, &entry, now).await;
    told(store, done, entry, now).await?;
    read(store, code).await
}

async fn amend_as(
    store: &Store,
    code: &ApplicationCode,
    by: Authority<'_>,
    registration: &Registration,
    entry: &Entry,
    now: Timestamp,
) -> Result<(), ApplicationsError> {
    const AMEND: &str = include_str!("amend_application.sql");
    let amending = || StoreError::doing("change an application");

    let mut connection = Connection::begin(store).await.map_err(amending())?;
    let (part, standing) = own(&mut connection, code, by, now).await?;
    let mut registration = registration.clone();
    registration.organisations.extend(part.elsewhere(&mut connection, &standing).await?);
    let mut flaws = registration.flaws();
    flaws.extend(part.flaws(&mut connection, code, &registration, Some(&standing)).await?);
    if !flaws.is_empty() {
        return Err(ApplicationsError::Flawed(flaws));
    }
    let values = ApplicationRow::of(code, &registration).values();
    connection.execute(AMEND.to_owned(), values).await.map_err(amending())?;
    let organisations = &registration.organisations;
    rows::grant(&mut connection, code, organisations, now).await.map_err(amending())?;
    connection.append(entry, now).await.map_err(amending())?;
    connection.commit().await.map_err(amending())?;
    Ok(())
}

/// Notes that someone has looked whether all of it is still right, so that it holds until `expires_at`.
pub async fn review(
    store: &Store,
    code: &ApplicationCode,
    by: Authority<'_>,
    expires_at: Timestamp,
    now: Timestamp,
) -> Result<Application, ApplicationsError> {
    const REVIEW: &str = include_str!("review_application.sql");

    if let Some(flaw) = flawed_expiry(expires_at, now) {
        return Err(ApplicationsError::Flawed(vec![flaw]));
    }
    let values = [code.as_str().into(), now.into(), expires_at.into()];
    change(store, code, by, REVIEW, values, "application.review", now).await?;
    read(store, code).await
}

/// Takes an application out of use for good. Its tokens work no more.
pub async fn end(
    store: &Store,
    code: &ApplicationCode,
    by: Authority<'_>,
    now: Timestamp,
) -> Result<Application, ApplicationsError> {
    const END: &str = include_str!("end_application.sql");

    let values = [code.as_str().into(), now.into()];
    change(store, code, by, END, values, "application.end", now).await?;
    read(store, code).await
}

/// A new secret in place of the one before.
pub async fn renew_secret(
    store: &Store,
    code: &ApplicationCode,
    by: Authority<'_>,
    entropy: &mut dyn Entropy,
    now: Timestamp,
) -> Result<Token, ApplicationsError> {
    const RENEW: &str = include_str!("renew_secret.sql");

    if !read(store, code).await?.registration.authentication.has_secret() {
        return Err(ApplicationsError::NoSecret(code.clone()));
    }
    let secret = Token::new(entropy);
    let values = [code.as_str().into(), secret.hash().into()];
    change(store, code, by, RENEW, values, "application.renew_secret", now).await?;
    Ok(secret)
}

/// Changes an application of the own part by one statement.
async fn change(
    store: &Store,
    code: &ApplicationCode,
    by: Authority<'_>,
    sql: &'static str,
    values: impl IntoIterator<Item = Value> + Send,
    action: &'static str,
    now: Timestamp,
) -> Result<(), ApplicationsError> {
    let entry = entry(by, action, code);
    let values = values.into_iter().collect();
    let done = change_as(store, code, by, sql, values, &entry, now).await;
    told(store, done, entry, now).await
}

async fn change_as(
    store: &Store,
    code: &ApplicationCode,
    by: Authority<'_>,
    sql: &'static str,
    values: Vec<Value>,
    entry: &Entry,
    now: Timestamp,
) -> Result<(), ApplicationsError> {
    let changing = || StoreError::doing("change an application");
    let mut connection = Connection::begin(store).await.map_err(changing())?;
    own(&mut connection, code, by, now).await?;
    connection.execute(sql.to_owned(), values).await.map_err(changing())?;
    connection.append(entry, now).await.map_err(changing())?;
    connection.commit().await.map_err(changing())?;
    Ok(())
}

/// An application that somebody may change, as it stands, and their part.
async fn own(
    connection: &mut Connection,
    code: &ApplicationCode,
    by: Authority<'_>,
    now: Timestamp,
) -> Result<(Part, Standing), ApplicationsError> {
    let part = Part::of(connection, by, now).await?;
    let standing = Standing::of(connection, code).await;
    let standing = standing.map_err(StoreError::doing("read an application"))?;
    let standing = standing.ok_or_else(|| ApplicationsError::Unknown(code.clone()))?;
    if !part.may_change(&standing) {
        return Err(ApplicationsError::NotYours(code.clone()));
    }
    if standing.is_ended {
        return Err(ApplicationsError::Ended(code.clone()));
    }
    Ok((part, standing))
}

/// Tells the audit log of what was refused.
async fn told(
    store: &Store,
    done: Result<(), ApplicationsError>,
    entry: Entry,
    now: Timestamp,
) -> Result<(), ApplicationsError> {
    let is_refusal = match &done {
        Err(ApplicationsError::NotYours(_)) => true,
        Err(ApplicationsError::Flawed(flaws)) => {
            flaws.iter().any(|it| it.rule == "part" || it.rule == "manager")
        }
        Ok(()) | Err(_) => false,
    };
    if is_refusal {
        audit::record(store, &entry.refused(), now).await?;
    }
    done
}

fn entry(by: Authority<'_>, action: &'static str, code: &ApplicationCode) -> Entry {
    Entry::new(by.actor(), Purpose::OPERATION, action).about("application", code)
}
