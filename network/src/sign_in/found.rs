//! What is known of a login name before anything is compared.

use store::{Store, StoreError, on_db};

use crate::accounts::Login;
use crate::id::AccountId;
use crate::rows;
use crate::secret::Token;

/// An account that is open.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) account: AccountId,
    /// What is kept of its password; `None` when it has none yet.
    pub(super) phc: Option<String>,
    /// Whether its owner has signed in on the device before.
    pub(super) is_known: bool,
}

/// The open account of a login name, read at once with all that a try asks for.
pub(super) async fn find(
    store: &Store,
    login: &Login,
    device: Option<&Token>,
) -> Result<Option<Found>, StoreError> {
    const FIND: &str = include_str!("find_login.sql");

    let device = device.map(Token::hash).unwrap_or_default();
    let row: Option<(String, Option<String>, i64)> = on_db!(store, pool => {
        sqlx::query_as(FIND).bind(login.as_str()).bind(&device).fetch_optional(pool).await
    })
    .map_err(StoreError::doing("read whose a login name is"))?;
    let Some((account, phc, known)) = row else { return Ok(None) };
    Ok(Some(Found { account: rows::parsed("id", &account)?, phc, is_known: known > 0 }))
}
