//! Second factors: which somebody has, and taking them away when they are lost.

use jiff::Timestamp;
use store::{Store, StoreError, on_db};

use crate::audit::{self, Actor, Entry};
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

/// Takes all second factors away from an account, because they are lost, and ends its sessions.
pub async fn reset_factors(
    store: &Store,
    by: Actor,
    account: AccountId,
    at: Timestamp,
) -> Result<(), StoreError> {
    let resetting = || StoreError::doing("reset second factors");
    let entry = Entry::new(by, Purpose::SECURITY, "factors.reset").about_owner(account);
    let sql = [
        include_str!("../totp/remove.sql"),
        include_str!("../recovery_codes/remove.sql"),
        include_str!("remove_passkeys.sql"),
    ];
    on_db!(store, pool => {
        let mut transaction = pool.begin_with(store.begin()).await.map_err(resetting())?;
        for sql in sql {
            sqlx::query(sql)
                .bind(account.to_string())
                .execute(&mut *transaction)
                .await
                .map_err(resetting())?;
        }
        sessions::end_sessions!(transaction, account, Ending::FactorsReset, None, at)
            .map_err(resetting())?;
        audit::append!(transaction, entry, at).map_err(resetting())?;
        transaction.commit().await.map_err(resetting())
    })
}
