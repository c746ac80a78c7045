//! An application gives tokens back (RFC 7009).

use jiff::Timestamp;
use store::{Store, StoreError, on_db};

use crate::audit::{self, Entry};
use crate::openid::refusal::{Code, Denial};
use crate::openid::request::Parameters;
use crate::openid::{OpenidError, Provider, clients};
use crate::purpose::Purpose;
use crate::secret::sha256;

/// Revokes an access token by itself, and with a refresh token all of its family. A token that is unknown, or another
/// application's, is no fault.
pub async fn revoke(
    store: &Store,
    provider: &Provider,
    authorization: Option<&str>,
    given: &Parameters,
    now: Timestamp,
) -> Result<Result<(), Denial>, OpenidError> {
    const ACCESS: &str = include_str!("revoke_access_token.sql");
    const FAMILY: &str = include_str!("revoke_family_of.sql");
    let revoking = || StoreError::doing("revoke a token");

    let application =
        match clients::authenticate(store, provider, authorization, given, now).await? {
            Ok(application) => application,
            Err(denial) => return Ok(Err(denial)),
        };
    let Some(token) = given.get("token") else {
        return Ok(Err(Denial::new(Code::InvalidRequest, "token is missing")));
    };
    let hash = sha256(token.as_bytes());
    on_db!(store, pool => {
        let mut transaction = pool.begin_with(store.begin()).await.map_err(revoking())?;
        let mut revoked = 0;
        for sql in [ACCESS, FAMILY] {
            revoked += sqlx::query(sql)
                .bind(&hash)
                .bind(application.code.as_str())
                .bind(now.as_microsecond())
                .execute(&mut *transaction)
                .await
                .map_err(revoking())?
                .rows_affected();
        }
        if revoked > 0 {
            let entry = Entry::new(application.actor(), Purpose::SECURITY, "token.revoke")
                .about("application", &application.code);
            audit::append!(transaction, entry, now).map_err(revoking())?;
        }
        transaction.commit().await.map_err(revoking())?;
    });
    Ok(Ok(()))
}
