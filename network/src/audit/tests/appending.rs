use store::{Store, on_db};

use super::support::Log;
use crate::audit::{self, Actor, Asked, Entry, Outcome, entries, reference_of};
use crate::purpose::Purpose;
use crate::testing::at;

#[tokio::test]
async fn entries_are_chained_in_the_order_they_are_appended() {
    let log = Log::of(9).await;
    let all = log.all().await;
    assert_eq!(all.len(), 9);
    let mut previous = "0".repeat(64);
    for (number, entry) in (0..).zip(&all) {
        assert_eq!((entry.sequence, &entry.previous_hash), (number, &previous));
        assert_eq!(entry.computed_hash(), entry.hash);
        previous.clone_from(&entry.hash);
    }
    let verification = log.verification().await;
    assert_eq!((verification.entries, verification.unsigned, verification.fault), (9, 9, None));
}

/// Held fast, so that a log written by one version of the program is verified by every later one.
#[tokio::test]
async fn the_hash_is_of_the_bytes_that_the_paper_names() {
    let log = Log::of(1).await;
    let entry = log.all().await.remove(0);
    assert_eq!(entry.actor.as_deref(), Some("01a0c450-6c00-7e37-b9b9-7f4a7c153c6e"));
    assert_eq!(entry.hash, "fb2800e41a9ed72160deebc8e3263944dea471a0b21edf339b05c17a847d0f1e");
}

#[tokio::test]
async fn an_entry_and_what_it_tells_of_are_there_together_or_not_at_all() {
    let log = Log::new().await;
    let entry = Entry::new(Actor::System, Purpose::OPERATION, "plan.take-up");
    on_db!(log.store, pool => {
        let mut transaction = pool.begin_with(log.store.begin()).await.unwrap();
        audit::append!(transaction, entry, at(0)).unwrap();
        drop(transaction);
    });
    assert!(log.all().await.is_empty());
    audit::record(&log.store, &entry, at(1)).await.unwrap();
    assert_eq!(log.all().await[0].sequence, 0);
    assert_eq!(log.fault().await, "none");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_those_who_write_at_once_nobody_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("registry.db").display());
    // In memory there is one connection; a file has as many as PostgreSQL.
    let store = match store::testing::open().await {
        it if matches!(it.pool(), store::Pool::Postgres(_)) => it,
        _ => Store::open(&url).await.unwrap(),
    };
    let tasks: Vec<_> = (0..16)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                for number in 0..25 {
                    let entry = Entry::new(Actor::System, Purpose::OPERATION, "case.open");
                    audit::record(&store, &entry.about("case", number), at(number)).await.unwrap();
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let verification = audit::verify(&store, None, None).await.unwrap();
    assert_eq!((verification.entries, verification.fault), (400, None));
}

#[tokio::test]
async fn a_person_stands_in_the_log_as_a_salted_hash() {
    let mut log = Log::new().await;
    assert_eq!(reference_of(&log.store, log.person).await.unwrap(), None);
    for number in [2, 6] {
        let entry = log.entry(number);
        audit::record(&log.store, &entry, at(number)).await.unwrap();
    }
    let all = log.all().await;
    let reference = reference_of(&log.store, log.person).await.unwrap().unwrap();
    assert_eq!(reference.len(), 64);
    assert!(all.iter().all(|it| it.object.as_ref() == Some(&reference)));
    assert!(!reference.contains(&log.person.to_string()));

    log.change("DELETE FROM audit_salts").await;
    assert_eq!(reference_of(&log.store, log.person).await.unwrap(), None);
    assert_eq!(log.all().await, all, "the entries stay");
    assert_eq!(log.fault().await, "none");
}

#[tokio::test]
async fn the_log_is_read_by_time_actor_action_outcome_and_object() {
    let log = Log::of(12).await;
    let found = async |asked: Asked| -> Vec<i64> {
        entries(&log.store, &asked, 5).await.unwrap().iter().map(|it| it.sequence).collect()
    };
    assert_eq!(found(Asked::default()).await, [11, 10, 9, 8, 7]);
    assert_eq!(found(Asked { before: Some(7), ..Asked::default() }).await, [6, 5, 4, 3, 2]);
    let (since, until) = (Some(at(21_600)), Some(at(3 * 21_600)));
    assert_eq!(found(Asked { since, until, ..Asked::default() }).await, [2, 1]);
    let actor = Some(log.account.to_string());
    assert_eq!(found(Asked { actor, ..Asked::default() }).await, [10, 9, 8, 6, 5]);
    let action = Some("key.rotate".to_owned());
    assert_eq!(found(Asked { action, ..Asked::default() }).await, [11, 7, 3]);
    let outcome = Some(Outcome::Refused);
    assert_eq!(found(Asked { outcome, ..Asked::default() }).await, [10, 6, 2]);
    let object = reference_of(&log.store, log.person).await.unwrap();
    assert_eq!(found(Asked { object, ..Asked::default() }).await, [10, 6, 2]);
}
