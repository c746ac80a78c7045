use super::support::Log;
use crate::audit::{self, Proof, prove, verify};
use crate::testing::at;

const DAY: i64 = 86_400;

/// `day first+entries` of each.
async fn signed(log: &Log) -> Vec<String> {
    let days = audit::days(&log.store).await.unwrap();
    days.iter().map(|it| format!("{} {}+{}", it.day, it.first_entry, it.entries)).collect()
}

#[tokio::test]
async fn finished_days_are_signed_once() {
    let mut log = Log::of(10).await;
    let key = log.key();
    // The first entry is of 2026-09-21, 14:13.
    assert!(log.sign(&key, 0).await.is_empty());
    assert_eq!(log.sign(&key, DAY).await.len(), 1);
    assert!(log.sign(&key, DAY).await.is_empty());
    assert_eq!(log.sign(&key, 30 * DAY).await.len(), 2);
    assert_eq!(signed(&log).await, ["2026-09-21 0+2", "2026-09-22 2+4", "2026-09-23 6+4"]);
    let verification = verify(&log.store, Some(key.public()), None).await.unwrap();
    assert_eq!((verification.entries, verification.days, verification.unsigned), (10, 3, 0));
    assert_eq!((verification.unsigned_since, verification.fault), (None, None));
    // Whoever takes the signature of the last day away is not found by what is left: only that the day is not signed.
    log.change("DELETE FROM audit_days WHERE day = '2026-09-23'").await;
    let verification = verify(&log.store, Some(key.public()), None).await.unwrap();
    assert_eq!((verification.days, verification.unsigned, verification.fault), (2, 4, None));
    let since = verification.unsigned_since.unwrap();
    assert_eq!(since.strftime("%F").to_string(), "2026-09-23");
}

#[tokio::test]
async fn a_day_without_entries_needs_no_signature() {
    let mut log = Log::of(1).await;
    let key = log.key();
    let entry = log.entry(0);
    audit::record(&log.store, &entry, at(5 * DAY)).await.unwrap();
    log.sign(&key, 30 * DAY).await;
    assert_eq!(signed(&log).await, ["2026-09-21 0+1", "2026-09-26 1+1"]);
    assert_eq!(log.fault().await, "none");
}

#[tokio::test]
async fn an_entry_that_comes_after_its_day_was_signed_is_signed_with_the_next() {
    let mut log = Log::of(2).await;
    let key = log.key();
    log.sign(&key, DAY).await;
    let entry = log.entry(0);
    audit::record(&log.store, &entry, at(60)).await.unwrap();
    audit::record(&log.store, &entry, at(DAY)).await.unwrap();
    log.sign(&key, 2 * DAY).await;
    assert_eq!(signed(&log).await, ["2026-09-21 0+2", "2026-09-22 2+2"]);
    assert_eq!(log.fault().await, "none");
}

#[tokio::test]
async fn a_clock_that_was_wrong_once_keeps_no_day_from_being_signed() {
    let mut log = Log::of(1).await;
    let key = log.key();
    let entry = log.entry(0);
    audit::record(&log.store, &entry, at(40_000 * DAY)).await.unwrap();
    audit::record(&log.store, &entry, at(2)).await.unwrap();
    audit::record(&log.store, &entry, at(DAY)).await.unwrap();
    log.sign(&key, 3 * DAY).await;
    assert_eq!(signed(&log).await, ["2026-09-21 0+3", "2026-09-22 3+1"]);
    assert_eq!(log.fault().await, "none");
}

#[tokio::test]
async fn a_new_key_vouches_for_the_one_before_it() {
    let mut log = Log::of(12).await;
    let (first, second, third, stranger) = (log.key(), log.key(), log.key(), log.key());
    log.sign(&first, DAY).await;
    log.sign(&second, 2 * DAY).await;
    log.sign(&third, 3 * DAY).await;
    let faults = async |key| {
        let fault = verify(&log.store, Some(key), None).await.unwrap().fault;
        fault.map_or_else(|| "none".to_owned(), |it| it.to_string())
    };
    assert_eq!(faults(third.public()).await, "none");
    assert_eq!(
        faults(second.public()).await,
        "the signature of 2026-09-23, from entry 6 on, is not the centre's"
    );
    assert_eq!(
        faults(stranger.public()).await,
        "the signature of 2026-09-21, from entry 0 on, is not the centre's"
    );
    log.change("UPDATE audit_keys SET vouched = '00' WHERE vouched IS NOT NULL").await;
    assert_eq!(
        faults(third.public()).await,
        "the signature of 2026-09-21, from entry 0 on, is not the centre's"
    );
}

#[tokio::test]
async fn an_entry_is_proved_to_whoever_has_the_key() {
    let mut log = Log::of(12).await;
    let (key, other) = (log.key(), log.key());
    log.sign(&key, 2 * DAY).await;
    for sequence in 0..6 {
        let proof = prove(&log.store, sequence).await.unwrap().unwrap();
        assert!(proof.holds(key.public()), "{sequence}");
        assert!(!proof.holds(other.public()));
        let mut entry = proof.entry.clone();
        entry.action = "case.close".to_owned();
        assert!(!Proof { entry, ..proof.clone() }.holds(key.public()));
        let mut day = proof.day.clone();
        day.entries += 1;
        assert!(!Proof { day, ..proof.clone() }.holds(key.public()));
        let mut path = proof.path.clone();
        path.pop();
        assert!(!Proof { path, ..proof }.holds(key.public()));
    }
    assert_eq!(prove(&log.store, 7).await.unwrap(), None, "its day is not signed");
    assert_eq!(prove(&log.store, -1).await.unwrap(), None);
}

#[tokio::test]
async fn verification_may_begin_with_a_signed_day() {
    let mut log = Log::of(16).await;
    let key = log.key();
    log.sign(&key, 3 * DAY).await;
    let since =
        async |seconds| verify(&log.store, Some(key.public()), Some(at(seconds))).await.unwrap();
    let verification = since(DAY + 40_000).await;
    assert_eq!((verification.entries, verification.days, verification.unsigned), (10, 1, 6));
    assert_eq!(since(3 * DAY).await.entries, 6);
    assert_eq!(since(99 * DAY).await.entries, 6, "what is not signed is always looked at");
    log.change("UPDATE audit_entries SET action = 'x.y' WHERE sequence = 3").await;
    assert_eq!(since(DAY + 40_000).await.fault, None);
    assert_eq!(log.fault().await, "entry 3 is not the one that was written");
}
