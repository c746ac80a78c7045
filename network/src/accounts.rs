//! Accounts: a login name of a person, looked after by an organisation.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use model::{Entropy, OrgCode};
use store::{Store, StoreError, on_db};

use crate::audit::{self, Actor, Entry};
use crate::connection::Connection;
use crate::id::{AccountId, PersonId};
use crate::people::{self, PersonName};
use crate::purpose::Purpose;
use crate::rows;
use crate::sessions::{self, Ending};

/// Fewest and most characters of a login name.
const LENGTH: (usize, usize) = (2, 64);

/// The name an account is signed in with: lower case, so that there is one way to write it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Login(String);

/// A text that is no login name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a login name has 2 to 64 of the characters a-z, 0-9, `.`, `-`, `_` and `@`")]
pub struct NotALogin;

impl Login {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Login {
    type Err = NotALogin;

    /// Capital letters are taken for small ones.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let login = text.trim().to_ascii_lowercase();
        let good = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || ".-_@".contains(it);
        let (least, most) = LENGTH;
        if (least..=most).contains(&login.len()) && login.chars().all(good) {
            Ok(Self(login))
        } else {
            Err(NotALogin)
        }
    }
}

/// Shows nobody: logins are often names or telephone numbers.
impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Login(…)")
    }
}

/// An account and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub id: AccountId,
    pub person: PersonId,
    pub name: PersonName,
    pub login: Login,
    /// The organisation whose administrators, and those above, look after it.
    pub home: OrgCode,
    pub opened_at: Timestamp,
    pub closed_at: Option<Timestamp>,
}

/// Why an account could not be opened or changed.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    #[error("this login name is taken; choose another")]
    LoginTaken,

    #[error("there is no such account")]
    NoAccount,

    #[error(transparent)]
    Store(#[from] StoreError),
}

/// `id, person, name, login, home, opened_at, closed_at`
pub(crate) type Row = (String, String, String, String, String, i64, Option<i64>);

/// Opens an account of a person in a transaction; `None` when the login name is taken. From now on the person has a salt,
/// by which the audit log can speak of them. A macro, as it is typed for either database.
macro_rules! open_account {
    ($transaction:expr, $person:expr, $login:expr, $home:expr, $at:expr, $entropy:expr) => {
        async {
            let id = $crate::id::AccountId::new($at, $entropy);
            let opened = sqlx::query(include_str!("accounts/open.sql"))
                .bind(id.to_string())
                .bind($person.to_string())
                .bind($login.as_str())
                .bind($home.as_str())
                .bind($at.as_microsecond())
                .execute(&mut *$transaction)
                .await?;
            sqlx::query($crate::audit::sql::ADD_SALT)
                .bind($person.to_string())
                .bind($crate::audit::salt($entropy))
                .execute(&mut *$transaction)
                .await?;
            Ok::<_, sqlx::Error>((opened.rows_affected() == 1).then_some(id))
        }
        .await
    };
}

/// Opens an account for a new person, on behalf of the program itself: others invite. It has no password: an invitation
/// lets its owner set one.
///
/// # Errors
/// [`AccountError::LoginTaken`]; nothing is recorded then.
pub async fn open(
    store: &Store,
    login: &Login,
    name: &PersonName,
    home: &OrgCode,
    at: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<AccountId, AccountError> {
    let opening = || StoreError::doing("open an account");
    on_db!(store, pool => {
        let mut transaction = pool.begin_with(store.begin()).await.map_err(opening())?;
        let person = people::record_person!(transaction, name, at, entropy).map_err(opening())?;
        let id = open_account!(transaction, person, login, home, at, entropy).map_err(opening())?;
        let id = id.ok_or(AccountError::LoginTaken)?;
        let entry = Entry::new(Actor::System, Purpose::OPERATION, "account.open");
        let entry = entry.at(home).about_owner(id);
        audit::append!(transaction, entry, at).map_err(opening())?;
        transaction.commit().await.map_err(opening())?;
        Ok(id)
    })
}

/// The account of an id.
pub async fn find(store: &Store, id: AccountId) -> Result<Option<Account>, StoreError> {
    const SQL: &str = include_str!("accounts/find.sql");

    let row: Option<Row> = on_db!(store, pool => {
        sqlx::query_as(SQL).bind(id.to_string()).fetch_optional(pool).await
    })
    .map_err(StoreError::doing("read an account"))?;
    row.map(typed).transpose()
}

/// The account of a login name.
pub async fn of_login(store: &Store, login: &Login) -> Result<Option<Account>, StoreError> {
    const SQL: &str = include_str!("accounts/of_login.sql");

    let row: Option<Row> = on_db!(store, pool => {
        sqlx::query_as(SQL).bind(login.as_str()).fetch_optional(pool).await
    })
    .map_err(StoreError::doing("read an account"))?;
    row.map(typed).transpose()
}

/// All accounts of a person, those that are closed too, by when they were opened. For the person alone.
pub async fn of_person(store: &Store, person: PersonId) -> Result<Vec<Account>, StoreError> {
    const SQL: &str = include_str!("accounts/of_person.sql");

    let rows: Vec<Row> = on_db!(store, pool => {
        sqlx::query_as(SQL).bind(person.to_string()).fetch_all(pool).await
    })
    .map_err(StoreError::doing("read a person's accounts"))?;
    rows.into_iter().map(typed).collect()
}

/// Closes an account and ends all its sessions at once. Closing it again changes nothing.
///
/// # Errors
/// [`AccountError::NoAccount`].
pub async fn close(
    store: &Store,
    by: Actor,
    id: AccountId,
    at: Timestamp,
) -> Result<(), AccountError> {
    let closing = || StoreError::doing("close an account");

    let entry = Entry::new(by, Purpose::OPERATION, "account.close").about_owner(id);
    let mut connection = Connection::begin(store).await.map_err(closing())?;
    close_in(&mut connection, id, at).await?;
    connection.append(&entry, at).await.map_err(closing())?;
    connection.commit().await.map_err(closing())?;
    Ok(())
}

/// Closes an account in a transaction.
pub(crate) async fn close_in(
    connection: &mut Connection,
    id: AccountId,
    at: Timestamp,
) -> Result<(), AccountError> {
    const SQL: &str = include_str!("accounts/close.sql");
    let closing = || StoreError::doing("close an account");

    let values = [at.into(), id.to_string().into()];
    if connection.execute(SQL.to_owned(), values).await.map_err(closing())? == 0 {
        return Err(AccountError::NoAccount);
    }
    sessions::end_all_in(connection, id, Ending::AccountClosed, at).await.map_err(closing())?;
    Ok(())
}

/// Opens a closed account again, with the password and the second factors it had.
///
/// # Errors
/// [`AccountError::NoAccount`].
pub async fn reopen(
    store: &Store,
    by: Actor,
    id: AccountId,
    at: Timestamp,
) -> Result<(), AccountError> {
    let opening = || StoreError::doing("open an account again");

    let entry = Entry::new(by, Purpose::OPERATION, "account.reopen").about_owner(id);
    let mut connection = Connection::begin(store).await.map_err(opening())?;
    reopen_in(&mut connection, id).await?;
    connection.append(&entry, at).await.map_err(opening())?;
    connection.commit().await.map_err(opening())?;
    Ok(())
}

/// Opens a closed account again in a transaction.
pub(crate) async fn reopen_in(
    connection: &mut Connection,
    id: AccountId,
) -> Result<(), AccountError> {
    const SQL: &str = include_str!("accounts/reopen.sql");

    let done = connection.execute(SQL.to_owned(), [id.to_string().into()]).await;
    if done.map_err(StoreError::doing("open an account again"))? == 0 {
        return Err(AccountError::NoAccount);
    }
    Ok(())
}

pub(crate) fn typed(row: Row) -> Result<Account, StoreError> {
    let (id, person, name, login, home, opened_at, closed_at) = row;
    Ok(Account {
        id: rows::parsed("id", &id)?,
        person: rows::parsed("person", &person)?,
        name: rows::parsed("name", &name)?,
        login: rows::parsed("login", &login)?,
        home: rows::parsed("home", &home)?,
        opened_at: rows::instant("opened_at", opened_at)?,
        closed_at: rows::optional_instant("closed_at", closed_at)?,
    })
}

pub(crate) use open_account;

#[cfg(test)]
mod tests;
