//! How a person can be reached and is named in parts, for applications that may see it.

use jiff::Timestamp;
use store::{Store, StoreError, on_db};

use crate::id::PersonId;

store::row! {
    /// What is known of a person beside the name; empty is not known.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct Profile {
        pub family_name: String,
        pub given_name: String,
        /// Of pages, as BCP 47 writes it.
        pub locale: String,
        pub email: String,
        /// Whether the person was reached there.
        pub email_verified: Verified as i64,
        pub phone_number: String,
        pub phone_number_verified: Verified as i64,
        pub address: String,
    }
}

/// Whether somebody has tried that an address is the person's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verified(pub bool);

impl From<i64> for Verified {
    fn from(kept: i64) -> Self {
        Self(kept != 0)
    }
}

/// Shows nobody.
impl std::fmt::Debug for Profile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Profile(…)")
    }
}

/// Records a person's profile in place of the one before.
pub async fn record(
    store: &Store,
    person: PersonId,
    profile: &Profile,
    at: Timestamp,
) -> Result<(), StoreError> {
    const RECORD: &str = include_str!("profiles/record_profile.sql");

    on_db!(store, pool => {
        sqlx::query(RECORD)
            .bind(person.to_string())
            .bind(&profile.family_name)
            .bind(&profile.given_name)
            .bind(&profile.locale)
            .bind(&profile.email)
            .bind(i64::from(profile.email_verified.0))
            .bind(&profile.phone_number)
            .bind(i64::from(profile.phone_number_verified.0))
            .bind(&profile.address)
            .bind(at.as_microsecond())
            .execute(pool)
            .await
            .map(|_| ())
    })
    .map_err(StoreError::doing("record how a person can be reached"))
}

/// A person's profile.
pub async fn find(store: &Store, person: PersonId) -> Result<Option<Profile>, StoreError> {
    const FIND: &str = include_str!("profiles/find_profile.sql");

    on_db!(store, pool => {
        sqlx::query_as(FIND).bind(person.to_string()).fetch_optional(pool).await
    })
    .map_err(StoreError::doing("read how a person can be reached"))
}

#[cfg(test)]
mod tests {
    use store::testing;

    use super::*;
    use crate::people;
    use crate::testing::{Counting, at};

    #[tokio::test]
    async fn a_profile_takes_the_place_of_the_one_before() {
        let store = testing::open().await;
        let name = "王小明".parse().unwrap();
        let person = people::record(&store, &name, at(0), &mut Counting::default()).await.unwrap();
        assert_eq!(find(&store, person).await.unwrap(), None);
        let first = Profile { email: "wang@example.org".to_owned(), ..Profile::default() };
        let second = Profile { email_verified: Verified(true), ..first.clone() };
        for profile in [first, second] {
            record(&store, person, &profile, at(1)).await.unwrap();
            assert_eq!(find(&store, person).await.unwrap(), Some(profile));
        }
    }
}
