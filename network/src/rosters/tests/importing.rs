use super::*;

#[tokio::test]
async fn the_same_package_twice_changes_nothing() {
    let store = registry().await;
    let (first, findings) = taken(&store, Roster::new().packed(Mode::Bulk), from("a", 0)).await;
    assert_eq!(findings, []);
    assert_eq!(counts(&first.difference), [20, 0, 0, 0, 0]);
    let (again, findings) = taken(&store, Roster::new().packed(Mode::Bulk), from("a", 9)).await;
    assert_eq!(findings, []);
    assert_eq!(counts(&again.difference), [0, 0, 20, 0, 0]);
    assert!(again.difference.is_empty());
    assert_eq!(one(&store, "SELECT CAST(COUNT(*) AS TEXT) FROM people").await, "4");
    assert_eq!(one(&store, "SELECT CAST(COUNT(*) AS TEXT) FROM roster_marks").await, "0");
    assert_eq!(one(&store, "SELECT CAST(COUNT(*) AS TEXT) FROM roster_imports").await, "1");
    let organisation = "SELECT organisation FROM roster_enrollments WHERE sourced_id = 'e-p1'";
    assert_eq!(one(&store, organisation).await, "2112000123");
}

#[tokio::test]
async fn what_all_there_is_no_longer_holds_is_taken_out_of_use() {
    let store = registry().await;
    taken(&store, Roster::new().packed(Mode::Bulk), from("a", 0)).await;
    let mut fewer = Roster::new();
    fewer.enrollments.pop();
    fewer.classes.pop();
    fewer.users[1].given_name = "伟明".to_owned();
    let (outcome, findings) = taken(&store, fewer.packed(Mode::Bulk), from("a", 9)).await;
    assert_eq!(findings, []);
    assert_eq!(counts(&outcome.difference), [0, 1, 17, 2, 0]);
    let status = "SELECT status FROM roster_classes WHERE sourced_id = 'c2'";
    assert_eq!(one(&store, status).await, "tobedeleted");
}

#[tokio::test]
async fn nothing_is_taken_away_when_a_row_of_the_file_was_refused() {
    let store = registry().await;
    taken(&store, Roster::new().packed(Mode::Bulk), from("a", 0)).await;
    let mut broken = Roster::new();
    broken.enrollments[3].user = "nobody".to_owned();
    let (outcome, findings) = taken(&store, broken.packed(Mode::Bulk), from("a", 9)).await;
    assert_eq!(counts(&outcome.difference), [0, 0, 19, 0, 1]);
    let findings: Vec<_> = findings.iter().map(ToString::to_string).collect();
    assert_eq!(
        findings,
        ["enrollments.csv:5 userSourcedId: error: found an id that is not in use among users, \
             expected the id of an object that is there; add what it refers to, or delete the row"]
    );
    let status = "SELECT status FROM roster_enrollments WHERE sourced_id = 'e-p3'";
    assert_eq!(one(&store, status).await, "active");
}

#[tokio::test]
async fn a_delta_changes_what_it_names_and_may_come_again() {
    let store = registry().await;
    taken(&store, Roster::new().packed(Mode::Bulk), from("a", 0)).await;
    let delta = || {
        let mut gone = enrollment("p3", false);
        gone.status = Status::ToBeDeleted;
        let mut new = enrollment("p2", false);
        new.sourced_id = "e-p2-c2".to_owned();
        new.class = "c2".to_owned();
        let mut unknown = enrollment("p9", false);
        unknown.status = Status::ToBeDeleted;
        let rows = [gone, new, unknown].map(|mut it| {
            it.modified_at = Some(at(5));
            it
        });
        packed(Mode::Delta, rows)
    };
    let (outcome, findings) = taken(&store, delta(), from("a", 9)).await;
    assert_eq!(findings, []);
    assert_eq!(counts(&outcome.difference), [1, 0, 1, 1, 0]);
    let (again, _) = taken(&store, delta(), from("a", 19)).await;
    assert_eq!(counts(&again.difference), [0, 0, 3, 0, 0]);
    // What is gone keeps what was known of it, with the instant its source gave.
    let class =
        "SELECT class FROM roster_enrollments WHERE sourced_id = 'e-p3' AND status = 'tobedeleted'";
    assert_eq!(one(&store, class).await, "c1");
    let modified =
        "SELECT CAST(modified_at AS TEXT) FROM roster_enrollments WHERE sourced_id = 'e-p3'";
    assert_eq!(one(&store, modified).await, at(5).as_microsecond().to_string());
}

#[tokio::test]
async fn a_dry_run_tells_what_would_change_and_changes_nothing() {
    let store = registry().await;
    let dry = Import { is_dry: true, ..from("a", 0) };
    let (outcome, _) = taken(&store, Roster::new().packed(Mode::Bulk), dry).await;
    assert_eq!(counts(&outcome.difference), [20, 0, 0, 0, 0]);
    assert_eq!(outcome.difference.files[&File::Users].added, 4);
    for sql in [
        "SELECT CAST(COUNT(*) AS TEXT) FROM roster_users",
        "SELECT CAST(COUNT(*) AS TEXT) FROM people",
        "SELECT CAST(COUNT(*) AS TEXT) FROM roster_imports",
    ] {
        assert_eq!(one(&store, sql).await, "0", "{sql}");
    }
}

#[tokio::test]
async fn one_source_cannot_touch_what_another_said() {
    let store = registry().await;
    taken(&store, Roster::new().packed(Mode::Bulk), from("a", 0)).await;
    let mut theirs = class("c1");
    theirs.title = "ours now".to_owned();
    let (outcome, findings) = taken(&store, packed(Mode::Bulk, [theirs]), from("b", 9)).await;
    assert_eq!(counts(&outcome.difference), [0, 0, 0, 0, 1]);
    assert_eq!(findings[0].rule, "source");
    let (outcome, _) = taken(&store, packed(Mode::Bulk, [class("c7")]), from("b", 19)).await;
    assert_eq!(counts(&outcome.difference), [1, 0, 0, 0, 0]);
}

#[tokio::test]
async fn organisations_must_be_of_the_registry_and_ids_come_once() {
    let store = registry().await;
    let orgs = [org("d", "120101", None), org("x", "999999", None), org("d", "120101", None)];
    let (outcome, findings) = taken(&store, packed(Mode::Bulk, orgs), from("a", 0)).await;
    assert_eq!(counts(&outcome.difference), [1, 0, 0, 0, 2]);
    let rules: Vec<_> = findings.iter().map(|it| (it.row, it.rule)).collect();
    assert_eq!(rules, [(Some(4), "duplicate"), (Some(3), "organisation")]);
}

#[tokio::test]
async fn what_nobody_can_work_with_any_more_is_reported() {
    let store = registry().await;
    taken(&store, Roster::new().packed(Mode::Bulk), from("a", 0)).await;
    let mut without = Roster::new().users;
    without.pop();
    let (_, findings) = taken(&store, packed(Mode::Bulk, without), from("a", 9)).await;
    let findings: Vec<_> = findings.iter().map(ToString::to_string).collect();
    assert_eq!(
        findings,
        [
            "roles.csv userSourcedId: warning: found 1 in use that refer to users that are not, expected what they \
             refer to; delete them where they come from, or send what they refer to",
            "enrollments.csv userSourcedId: warning: found 1 in use that refer to users that are not, expected what \
             they refer to; delete them where they come from, or send what they refer to",
        ]
    );
}

#[tokio::test]
async fn no_password_is_kept() {
    let store = registry().await;
    taken(&store, Roster::new().packed(Mode::Bulk), from("a", 0)).await;
    let columns: Vec<String> = User::COLUMNS.iter().map(|it| (*it).to_owned()).collect();
    assert!(columns.contains(&"password".to_owned()));
    let sql = "SELECT username || email || person FROM roster_users WHERE sourced_id = 'p1'";
    assert!(!one(&store, sql).await.contains("secret"));
}

#[tokio::test]
async fn what_is_no_package_changes_nothing() {
    let store = registry().await;
    let entropy = &mut Counting::default();
    let garbage = Cursor::new(b"sourcedId,status".to_vec());
    let error = import(&store, garbage, from("a", 0), entropy, &mut |_| {}).await.unwrap_err();
    assert!(matches!(error, RosterError::Package(_)), "{error:?}");
    let empty: Outcome = {
        let mut archive = Vec::new();
        archive.extend_from_slice(b"PK\x05\x06");
        archive.extend_from_slice(&[0; 18]);
        taken(&store, Cursor::new(archive), from("a", 0)).await.0
    };
    assert!(!empty.is_package);
}
