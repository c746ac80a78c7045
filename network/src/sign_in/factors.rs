//! Second factors: which somebody has, and taking them away when they are lost.

use jiff::Timestamp;
use store::{Store, StoreError, count, on_db};

use crate::audit::{Actor, Entry};
use crate::connection::Connection;
use crate::id::AccountId;
use crate::purpose::Purpose;
use crate::sessions::{self, Ending};

/// Which second factors somebody has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Factors {
    pub authenticator: bool,
    pub passkeys: usize,
    pub recovery_codes: u32,
}

impl Factors {
    /// Recovery codes alone are no factor: they stand in for one that is lost.
    pub fn any(&self) -> bool {
        self.authenticator || self.passkeys > 0
    }
}

/// Which second factors an account has.
pub(super) async fn find(store: &Store, account: AccountId) -> Result<Factors, StoreError> {
    const FIND: &str = include_str!("find_factors.sql");

    let found: (i64, i64, i64) = on_db!(store, pool => {
        sqlx::query_as(FIND).bind(account.to_string()).fetch_one(pool).await
    })
    .map_err(StoreError::doing("look for second factors"))?;
    let (authenticators, passkeys, recovery_codes) = found;
    let passkeys = usize::try_from(passkeys);
    Ok(Factors {
        authenticator: authenticators > 0,
        passkeys: passkeys.map_err(StoreError::unreadable("passkeys"))?,
        recovery_codes: count("recovery_codes", recovery_codes)?,
    })
}

/// Takes all second factors away from an account, because they are lost, and ends its sessions.
pub async fn reset_factors(
    store: &Store,
    by: Actor,
    account: AccountId,
    at: Timestamp,
) -> Result<(), StoreError> {
    let resetting = || StoreError::doing("reset second factors");
    let mut connection = Connection::begin(store).await.map_err(resetting())?;
    reset_factors_in(&mut connection, by, account, at).await.map_err(resetting())?;
    connection.commit().await.map_err(resetting())
}

/// The same in a transaction, with its entry in the audit log.
pub(crate) async fn reset_factors_in(
    connection: &mut Connection,
    by: Actor,
    account: AccountId,
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    const FACTORS: [&str; 3] = [
        include_str!("../totp/remove.sql"),
        include_str!("../recovery_codes/remove.sql"),
        include_str!("remove_passkeys.sql"),
    ];
    for sql in FACTORS {
        connection.execute(sql.to_owned(), [account.to_string().into()]).await?;
    }
    sessions::end_all_in(connection, account, Ending::FactorsReset, at).await?;
    let entry = Entry::new(by, Purpose::SECURITY, "factors.reset").about_owner(account);
    connection.append(&entry, at).await
}
