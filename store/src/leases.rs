//! Leases: of several processes on one registry, one at a time does what is done in the background.
//!
//! Whoever holds one takes it again before its time is over. Whoever died does not, so that another takes its place.
//! Instants are microseconds since 1970.

use crate::{Store, StoreError, on_db};

/// A lease that is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Lease<'a> {
    pub name: &'a str,
    /// What nobody else is called.
    pub holder: &'a str,
    /// A holder that is known to be gone; empty when none is.
    pub gone: &'a str,
    /// From then on another may take it.
    pub until: i64,
}

/// Takes a lease, or takes it again; whether it is had.
pub async fn take(store: &Store, lease: Lease<'_>, now: i64) -> Result<bool, StoreError> {
    const TAKE: &str = include_str!("leases/take.sql");

    let taken = on_db!(store, pool => {
        sqlx::query(TAKE)
            .bind(lease.name)
            .bind(lease.holder)
            .bind(lease.until)
            .bind(lease.gone)
            .bind(now)
            .execute(pool)
            .await
            .map(|it| it.rows_affected())
    });
    Ok(taken.map_err(StoreError::doing("take a lease"))? > 0)
}

/// Gives a lease back before its time, if it is had.
pub async fn give_back(store: &Store, name: &str, holder: &str) -> Result<(), StoreError> {
    const GIVE_BACK: &str = include_str!("leases/give_back.sql");

    on_db!(store, pool => {
        sqlx::query(GIVE_BACK).bind(name).bind(holder).execute(pool).await.map(|_| ())
    })
    .map_err(StoreError::doing("give a lease back"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    fn lease<'a>(holder: &'a str, gone: &'a str, until: i64) -> Lease<'a> {
        Lease { name: "rounds", holder, gone, until }
    }

    #[tokio::test]
    async fn one_has_it_until_its_time_is_over() {
        let store = testing::open().await;
        let has = async |holder: &str, until: i64, now: i64| {
            take(&store, lease(holder, "", until), now).await.unwrap()
        };
        assert!(has("a", 30, 0).await);
        assert!(!has("b", 40, 10).await, "another has it");
        assert!(has("a", 50, 20).await, "whoever has it takes it again");
        assert!(!has("b", 60, 49).await);
        assert!(has("b", 80, 50).await, "whoever died does not, and its time is over");
        assert!(!has("a", 90, 60).await);
    }

    #[tokio::test]
    async fn it_is_given_back_by_whoever_has_it() {
        let store = testing::open().await;
        assert!(take(&store, lease("a", "", 30), 0).await.unwrap());
        give_back(&store, "rounds", "b").await.unwrap();
        assert!(!take(&store, lease("b", "", 30), 1).await.unwrap());
        give_back(&store, "rounds", "a").await.unwrap();
        assert!(take(&store, lease("b", "", 30), 2).await.unwrap());
        let other = Lease { name: "upkeep", ..lease("c", "", 30) };
        assert!(take(&store, other, 3).await.unwrap(), "of another name it is another");
    }

    #[tokio::test]
    async fn of_whoever_is_known_to_be_gone_it_is_taken_at_once() {
        let store = testing::open().await;
        assert!(take(&store, lease("a", "", 1_000), 0).await.unwrap());
        assert!(!take(&store, lease("b", "x", 1_000), 1).await.unwrap());
        assert!(take(&store, lease("b", "a", 1_000), 2).await.unwrap());
        assert!(!take(&store, lease("a", "", 1_000), 3).await.unwrap());
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn of_sixteen_who_ask_at_once_one_has_it() {
        let store = testing::open().await;
        let tasks: Vec<_> = (0..16)
            .map(|number| {
                let store = store.clone();
                tokio::spawn(async move {
                    let holder = format!("process {number}");
                    take(&store, lease(&holder, "", 30), 0).await.unwrap()
                })
            })
            .collect();
        let mut had = 0;
        for task in tasks {
            had += usize::from(task.await.unwrap());
        }
        assert_eq!(had, 1);
    }

    #[tokio::test]
    async fn the_database_accepts_every_sql_file() {
        testing::check_sql_files(concat!(env!("CARGO_MANIFEST_DIR"), "/src")).await;
    }
}
