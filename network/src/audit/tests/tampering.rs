//! Someone who can change the database changes one thing; it is found, and where it is.

use super::support::Log;
use crate::audit::Written;

/// What the fault is after a change of a log of twelve entries.
async fn after(sql: &'static str) -> String {
    let log = Log::of(12).await;
    log.change(sql).await;
    log.fault().await
}

#[tokio::test]
async fn any_field_that_is_changed_is_found() {
    let changes = [
        ("UPDATE audit_entries SET happened_at = happened_at + 1 WHERE sequence = 4", 4),
        ("UPDATE audit_entries SET actor_kind = 'application' WHERE sequence = 0", 0),
        ("UPDATE audit_entries SET actor = 'x' WHERE sequence = 10", 10),
        ("UPDATE audit_entries SET actor_kind = 'nobody' WHERE sequence = 3", 3),
        ("UPDATE audit_entries SET purpose = 'x' WHERE sequence = 5", 5),
        ("UPDATE audit_entries SET action = 'x' WHERE sequence = 5", 5),
        ("UPDATE audit_entries SET outcome = 'done' WHERE sequence = 6", 6),
        ("UPDATE audit_entries SET organisation = '120102' WHERE sequence = 4", 4),
        ("UPDATE audit_entries SET organisation = NULL WHERE sequence = 4", 4),
        ("UPDATE audit_entries SET organisation = '' WHERE sequence = 5", 5),
        ("UPDATE audit_entries SET object_kind = 'x' WHERE sequence = 5", 5),
        ("UPDATE audit_entries SET object = 'x' WHERE sequence = 6", 6),
        ("UPDATE audit_entries SET object = NULL WHERE sequence = 5", 5),
        ("UPDATE audit_entries SET row_count = 8 WHERE sequence = 4", 4),
        ("UPDATE audit_entries SET row_count = 0 WHERE sequence = 5", 5),
        ("UPDATE audit_entries SET previous_hash = 'x' WHERE sequence = 5", 5),
        ("UPDATE audit_entries SET hash = 'x' WHERE sequence = 5", 5),
    ];
    for (sql, sequence) in changes {
        let expected = format!("entry {sequence} is not the one that was written");
        assert_eq!(after(sql).await, expected, "{sql}");
    }
}

#[tokio::test]
async fn an_entry_that_was_taken_out_is_found() {
    for (sql, sequence) in [
        ("DELETE FROM audit_entries WHERE sequence = 0", 0),
        ("DELETE FROM audit_entries WHERE sequence = 5", 5),
        ("DELETE FROM audit_entries WHERE sequence = 11", 11),
        ("DELETE FROM audit_entries WHERE sequence > 6", 7),
        ("DELETE FROM audit_entries", 0),
    ] {
        assert_eq!(after(sql).await, format!("entry {sequence} is missing"), "{sql}");
    }
}

/// Moved up by one, so that there is no gap.
#[tokio::test]
async fn an_entry_that_was_taken_out_and_its_gap_closed_is_found() {
    let log = Log::of(6).await;
    let all = log.all().await;
    for entry in &all[3..] {
        log.put(&Written { sequence: entry.sequence - 1, ..entry.clone() }).await;
    }
    log.change("DELETE FROM audit_entries WHERE sequence = 5").await;
    assert_eq!(log.fault().await, "entry 2 is not the one that was written");
}

#[tokio::test]
async fn an_entry_that_was_put_in_is_found() {
    let log = Log::of(6).await;
    let last = log.all().await.pop().unwrap();
    let mut forged = Written { sequence: 6, previous_hash: last.hash.clone(), ..last.clone() };
    forged.hash = forged.computed_hash();
    log.put(&forged).await;
    assert_eq!(log.fault().await, "entry 6 was put in");
    log.put(&Written { hash: "x".to_owned(), ..forged }).await;
    assert_eq!(log.fault().await, "entry 6 was put in");
}

#[tokio::test]
async fn two_that_changed_places_are_found() {
    let log = Log::of(8).await;
    let all = log.all().await;
    log.put(&Written { sequence: 4, ..all[3].clone() }).await;
    log.put(&Written { sequence: 3, ..all[4].clone() }).await;
    assert_eq!(log.fault().await, "entry 3 is not the one that was written");
}

/// The hash is made to fit the new text; those after it are left.
#[tokio::test]
async fn an_entry_with_a_hash_to_fit_is_found() {
    for sequence in [0, 1, 5, 10, 11] {
        let log = Log::of(12).await;
        let mut forged = log.all().await[usize::try_from(sequence).unwrap()].clone();
        forged.action = "case.close".to_owned();
        forged.hash = forged.computed_hash();
        log.put(&forged).await;
        let expected = format!("entry {sequence} is not the one that was written");
        assert_eq!(log.fault().await, expected);

        forged.previous_hash = "f".repeat(64);
        forged.hash = forged.computed_hash();
        log.put(&forged).await;
        assert_eq!(log.fault().await, expected);
    }
}

/// All that follows is made to fit too, and the head.
#[tokio::test]
async fn a_log_written_anew_is_not_the_one_that_was_signed() {
    let mut log = Log::of(12).await;
    let key = log.key();
    log.sign(&key, 3 * 86_400).await;
    assert_eq!(log.fault().await, "none");
    let mut all = log.all().await;
    all[7].action = "case.close".to_owned();
    for number in 7..12 {
        all[number].previous_hash = all[number - 1].hash.clone();
        all[number].hash = all[number].computed_hash();
        log.put(&all[number]).await;
    }
    let head = all[11].hash.clone();
    store::on_db!(log.store, pool => {
        sqlx::query(crate::audit::sql::MOVE_HEAD).bind(&head).execute(pool).await.map(|_| ())
    })
    .unwrap();
    assert_eq!(
        log.fault().await,
        "the entries of 2026-09-23, from 6 on, are not those that were signed"
    );
}

#[tokio::test]
async fn a_signed_day_that_was_changed_is_found() {
    let changes = [
        (
            "UPDATE audit_days SET signature = '00' WHERE first_entry = 2",
            "the signature of 2026-09-22, from entry 2 on, is not the centre's",
        ),
        (
            "UPDATE audit_days SET root = previous_root WHERE first_entry = 2",
            "the signature of 2026-09-22, from entry 2 on, is not the centre's",
        ),
        (
            "DELETE FROM audit_days WHERE first_entry = 2",
            "what was signed before 2026-09-23 does not lead to its first entry 6",
        ),
        ("DELETE FROM audit_entries WHERE sequence = 6", "entry 6 is missing"),
    ];
    for (sql, found) in changes {
        let mut log = Log::of(12).await;
        let key = log.key();
        log.sign(&key, 3 * 86_400).await;
        log.change(sql).await;
        assert_eq!(log.fault().await, found, "{sql}");
    }
}
