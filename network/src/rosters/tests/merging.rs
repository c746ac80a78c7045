use super::*;

#[tokio::test]
async fn an_id_that_was_merged_leads_to_the_other_for_good() {
    let store = registry().await;
    taken(&store, Roster::new().packed(Mode::Bulk), from("a", 0)).await;
    merge(&store, File::Users, "p3", "p2", "registered twice", at(5)).await.unwrap();
    let whose = "SELECT roster_user FROM roster_enrollments WHERE sourced_id = 'e-p3'";
    assert_eq!(one(&store, whose).await, "p2");
    merge(&store, File::Users, "p2", "p1", "registered twice again", at(6)).await.unwrap();
    let leads = "SELECT new_id FROM roster_aliases WHERE kind = 'users' AND old_id = 'p3'";
    assert_eq!(one(&store, leads).await, "p1");

    // Its source may send the old ids for a while: they are not taken up again, and what refers to them is mended.
    let mut again = Roster::new();
    again.demographics.clear();
    let (outcome, findings) = taken(&store, again.packed(Mode::Bulk), from("a", 9)).await;
    assert_eq!(counts(&outcome.difference), [0, 0, 19, 1, 0]);
    let rules: Vec<_> = findings.iter().map(|it| (it.file.as_str(), it.row, it.rule)).collect();
    assert_eq!(rules, [("users.csv", Some(4), "merged"), ("users.csv", Some(5), "merged")]);
    assert_eq!(one(&store, whose).await, "p1");
}

#[tokio::test]
async fn what_is_not_there_cannot_be_merged() {
    let store = registry().await;
    taken(&store, Roster::new().packed(Mode::Bulk), from("a", 0)).await;
    for (old, new) in [("p1", "p9"), ("p9", "p1")] {
        let error = merge(&store, File::Users, old, new, "x", at(5)).await.unwrap_err();
        assert!(matches!(error, MergeError::NotInUse), "{error:?}");
    }
    let error = merge(&store, File::Users, "p1", "p1", "x", at(5)).await.unwrap_err();
    assert!(matches!(error, MergeError::Same), "{error:?}");
}
