//! Recovery codes: for the day an authenticator is lost. Each is good once.

use std::fmt;

use jiff::Timestamp;
use model::Entropy;
use store::{Store, StoreError, on_db};

use crate::audit;
use crate::id::AccountId;
use crate::secret::CentreKey;
use crate::sessions::own_entry;

/// How many are made at a time.
const COUNT: usize = 10;

/// Letters and digits that nobody takes for another.
const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";

/// Letters of a code: 60 bits.
const LENGTH: usize = 12;

/// A recovery code as its owner writes it down.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(String);

impl RecoveryCode {
    fn new(entropy: &mut dyn Entropy) -> Self {
        let mut bytes = [0; LENGTH];
        entropy.fill(&mut bytes);
        let letters = bytes.iter().filter_map(|it| LETTERS.get(usize::from(it & 31)));
        Self(letters.map(|it| char::from(*it)).collect())
    }

    /// A code as it is typed: spaces, hyphens and capitals do not matter.
    pub fn typed(text: &str) -> Self {
        let letters = text.chars().filter(char::is_ascii_alphanumeric).take(LENGTH + 1);
        Self(letters.map(|it| it.to_ascii_lowercase()).collect())
    }

    /// In groups of four, to be written down.
    pub fn reveal(&self) -> String {
        let letters: Vec<char> = self.0.chars().collect();
        letters.chunks(4).map(String::from_iter).collect::<Vec<_>>().join("-")
    }

    fn hash(&self, key: &CentreKey, account: AccountId) -> String {
        key.hash("recovery codes", &format!("{account} {}", self.0))
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(…)")
    }
}

/// Makes new codes for an account; those it had are worth nothing any more. They are shown this once.
pub async fn make(
    store: &Store,
    key: &CentreKey,
    account: AccountId,
    at: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Vec<RecoveryCode>, StoreError> {
    const REMOVE: &str = include_str!("recovery_codes/remove.sql");
    const ADD: &str = include_str!("recovery_codes/add.sql");
    let making = || StoreError::doing("make recovery codes");

    let entry = own_entry(account, "recovery_codes.make");
    let codes: Vec<_> = (0..COUNT).map(|_| RecoveryCode::new(entropy)).collect();
    on_db!(store, pool => {
        let mut transaction = pool.begin_with(store.begin()).await.map_err(making())?;
        sqlx::query(REMOVE)
            .bind(account.to_string())
            .execute(&mut *transaction)
            .await
            .map_err(making())?;
        for code in &codes {
            sqlx::query(ADD)
                .bind(account.to_string())
                .bind(code.hash(key, account))
                .bind(at.as_microsecond())
                .execute(&mut *transaction)
                .await
                .map_err(making())?;
        }
        audit::append!(transaction, entry, at).map_err(making())?;
        transaction.commit().await.map_err(making())?;
    });
    Ok(codes)
}

/// Uses a code up; whether it was one.
pub async fn take(
    store: &Store,
    key: &CentreKey,
    account: AccountId,
    code: &RecoveryCode,
    at: Timestamp,
) -> Result<bool, StoreError> {
    const SQL: &str = include_str!("recovery_codes/take.sql");

    on_db!(store, pool => {
        sqlx::query(SQL)
            .bind(at.as_microsecond())
            .bind(account.to_string())
            .bind(code.hash(key, account))
            .execute(pool)
            .await
            .map(|it| it.rows_affected() == 1)
    })
    .map_err(StoreError::doing("use a recovery code"))
}

#[cfg(test)]
mod tests {
    use store::testing;

    use super::*;
    use crate::accounts;
    use crate::testing::{Counting, at};

    /// How many codes an account has left.
    async fn left(store: &Store, account: AccountId) -> i64 {
        const LEFT: &str =
            "SELECT COUNT(*) FROM recovery_codes WHERE account = $1 AND used_at IS NULL";
        on_db!(store, pool => {
            sqlx::query_scalar(LEFT).bind(account.to_string()).fetch_one(pool).await
        })
        .unwrap()
    }

    #[tokio::test]
    async fn each_code_is_good_once_and_new_ones_replace_the_old() {
        let (store, mut entropy) = (testing::open().await, Counting::default());
        let (login, name) = ("owner".parse().unwrap(), "王".parse().unwrap());
        let home = "120101".parse().unwrap();
        let account =
            accounts::open(&store, &login, &name, &home, at(0), &mut entropy).await.unwrap();
        let key = CentreKey::new([1; 32]);
        let codes = make(&store, &key, account, at(0), &mut entropy).await.unwrap();
        assert_eq!((codes.len(), left(&store, account).await), (10, 10));

        let typed = RecoveryCode::typed(&format!(" {} ", codes[3].reveal().to_uppercase()));
        assert!(take(&store, &key, account, &typed, at(1)).await.unwrap());
        assert!(!take(&store, &key, account, &typed, at(2)).await.unwrap());
        assert_eq!(left(&store, account).await, 9);

        let again = make(&store, &key, account, at(3), &mut entropy).await.unwrap();
        assert!(!take(&store, &key, account, &codes[0], at(4)).await.unwrap());
        assert!(take(&store, &key, account, &again[0], at(4)).await.unwrap());
        assert_eq!(left(&store, account).await, 9);
    }

    #[test]
    fn a_code_has_twelve_letters_and_shows_itself_to_nobody() {
        let code = RecoveryCode::new(&mut Counting::default());
        assert_eq!(code.reveal().len(), 14);
        assert_eq!(RecoveryCode::typed(&code.reveal()), code);
        assert_eq!(format!("{code:?}"), "RecoveryCode(…)");
        assert_ne!(RecoveryCode::typed(&format!("{}a", code.reveal())), code);
    }
}
