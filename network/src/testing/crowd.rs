//! A crowd of accounts, written in bulk: for measurements at the size of a city.

use model::OrgCode;
use store::{ROWS_AT_ONCE, Store, StoreError, on_db, widened};

use super::at;
use crate::audit;
use crate::id::{AccountId, PersonId};
use crate::testing::Counting;

/// Accounts of one transaction.
const AT_ONCE: usize = 20_000;

/// The login name of one of a crowd.
pub fn login_of(number: usize) -> String {
    format!("crowd{number:07}")
}

/// Opens so many accounts at an organisation, all with the same hash of a password.
pub async fn crowd(
    store: &Store,
    accounts: usize,
    home: &OrgCode,
    phc: &str,
) -> Result<(), StoreError> {
    const PERSON: &str = include_str!("../people/record.sql");
    const ACCOUNT: &str = include_str!("add_account.sql");
    const PASSWORD: &str = include_str!("add_password.sql");
    const SALT: &str = include_str!("add_salt.sql");
    let writing = || StoreError::doing("write a crowd of accounts");

    let instant = at(0).as_microsecond();
    let mut entropy = Counting::default();
    let entropy = &mut entropy;
    let numbers: Vec<usize> = (0..accounts).collect();
    on_db!(store, pool => {
        for numbers in numbers.chunks(AT_ONCE) {
            let mut transaction = pool.begin_with(store.begin()).await.map_err(writing())?;
            for numbers in numbers.chunks(ROWS_AT_ONCE) {
                let rows: Vec<(String, String, usize)> = numbers
                    .iter()
                    .map(|it| {
                        let person = PersonId::new(at(0), entropy).to_string();
                        (person, AccountId::new(at(0), entropy).to_string(), *it)
                    })
                    .collect();
                let mut people = sqlx::query(widened(PERSON, rows.len()));
                let mut accounts = sqlx::query(widened(ACCOUNT, rows.len()));
                let mut passwords = sqlx::query(widened(PASSWORD, rows.len()));
                let mut salts = sqlx::query(widened(SALT, rows.len()));
                for (person, account, number) in &rows {
                    people = people.bind(person).bind(format!("某人{number}")).bind(instant);
                    accounts = accounts
                        .bind(account)
                        .bind(person)
                        .bind(login_of(*number))
                        .bind(home.as_str())
                        .bind(instant);
                    passwords = passwords.bind(account).bind(phc).bind(instant);
                    salts = salts.bind(person).bind(audit::salt(entropy));
                }
                for query in [people, accounts, passwords, salts] {
                    query.execute(&mut *transaction).await.map_err(writing())?;
                }
            }
            transaction.commit().await.map_err(writing())?;
        }
        Ok(())
    })
}
