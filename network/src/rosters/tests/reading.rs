use std::collections::BTreeSet;

use haihe_oneroster::{Collection, Links, OneRosterError, Query};
use model::OrgCode;
use serde_json::Value;

use super::*;
use crate::rosters::{Of, RosterFault, Rosters};
use crate::service_tokens::{self, Client, Interface, Issue};

const LINKS: Links<'_> = Links { base: "https://city.example/ims/oneroster/rostering/v1p2" };

async fn client(store: &Store, organisation: &str) -> Client {
    let organisation: OrgCode = organisation.parse().unwrap();
    let issue = Issue {
        interface: Interface::Rosters,
        name: "x",
        organisation: &organisation,
        datasets: &BTreeSet::new(),
        expires_at: at(10_000),
    };
    let entropy = &mut Counting::default();
    let (_, token) = service_tokens::issue(store, issue, at(0), entropy).await.unwrap();
    service_tokens::client(store, &token, Interface::Rosters, at(1)).await.unwrap().unwrap()
}

fn query(parameters: &[(&str, &str)]) -> Query {
    Query::read(|name| parameters.iter().find(|it| it.0 == name).map(|it| it.1)).unwrap()
}

/// Ids of a list.
async fn ids(
    rosters: Rosters<'_>,
    collection: Collection,
    of: &[Of],
    parameters: &[(&str, &str)],
) -> Result<Vec<String>, OneRosterError> {
    match rosters.list(collection, of, &query(parameters), at(7)).await {
        Ok(page) => {
            let id = |it: &Value| it["sourcedId"].as_str().unwrap().to_owned();
            Ok(page.objects.iter().map(id).collect())
        }
        Err(RosterFault::Client(error)) => Err(error),
        Err(RosterFault::Store(error)) => panic!("{error:?}"),
    }
}

#[tokio::test]
async fn every_collection_is_listed_and_what_belongs_to_others() {
    let store = registry().await;
    taken(&store, Roster::new().packed(Mode::Bulk), from("a", 0)).await;
    let client = client(&store, "120101").await;
    let rosters = Rosters { store: &store, client: &client, links: LINKS };
    let id = |it: &str| it.to_owned();
    for (collection, of, expected) in [
        (Collection::AcademicSessions, vec![], vec!["t", "y"]),
        (Collection::Terms, vec![], vec!["t"]),
        (Collection::GradingPeriods, vec![], vec![]),
        (Collection::Orgs, vec![], vec!["d", "s"]),
        (Collection::Schools, vec![], vec!["s"]),
        (Collection::Courses, vec![], vec!["m"]),
        (Collection::Classes, vec![], vec!["c1", "c2"]),
        (Collection::Users, vec![], vec!["p1", "p2", "p3", "t1"]),
        (Collection::Students, vec![], vec!["p1", "p2", "p3"]),
        (Collection::Teachers, vec![], vec!["t1"]),
        (Collection::Enrollments, vec![], vec!["e-p1", "e-p2", "e-p3", "e-t1"]),
        (Collection::Demographics, vec![], vec!["p1"]),
        (Collection::Classes, vec![Of::Teacher(id("t1"))], vec!["c1"]),
        (Collection::Classes, vec![Of::Student(id("p1"))], vec!["c1"]),
        (Collection::Classes, vec![Of::Term(id("t"))], vec!["c1", "c2"]),
        (Collection::Classes, vec![Of::Course(id("m"))], vec!["c1", "c2"]),
        (Collection::Students, vec![Of::Class(id("c1"))], vec!["p1", "p2", "p3"]),
        (Collection::Teachers, vec![Of::School(id("s")), Of::Class(id("c1"))], vec!["t1"]),
        (Collection::Students, vec![Of::Class(id("c2"))], vec![]),
        (Collection::GradingPeriods, vec![Of::Term(id("t"))], vec![]),
        (Collection::Terms, vec![Of::School(id("s"))], vec!["t"]),
    ] {
        assert_eq!(
            ids(rosters, collection, &of, &[]).await.unwrap(),
            expected,
            "{collection:?} {of:?}"
        );
    }
    let error = ids(rosters, Collection::Classes, &[Of::Teacher(id("p1"))], &[]).await.unwrap_err();
    assert_eq!(error.minor.as_str(), "unknownobject");
}

#[tokio::test]
async fn lists_are_filtered_sorted_and_given_part_by_part() {
    let store = registry().await;
    taken(&store, Roster::new().packed(Mode::Bulk), from("a", 0)).await;
    let client = client(&store, "120101").await;
    let rosters = Rosters { store: &store, client: &client, links: LINKS };
    let users = async |parameters| ids(rosters, Collection::Users, &[], parameters).await;
    for (parameters, expected) in [
        (&[("filter", "email='p2@school.example'")][..], &["p2"][..]),
        (&[("filter", "email~'p' AND username!='p1' AND status='active'")], &["p2", "p3", "t1"]),
        (&[("filter", "username='p1' OR username='t1'")], &["p1", "t1"]),
        (&[("filter", "dateLastModified>'2100-01-01T00:00:00Z'")], &[]),
        (
            &[("sort", "username"), ("orderBy", "desc"), ("limit", "2"), ("offset", "1")],
            &["p3", "p2"],
        ),
    ] {
        assert_eq!(users(parameters).await.unwrap(), expected, "{parameters:?}");
    }
    for (parameters, minor) in [
        (&[("filter", "password='x'")][..], "invalid_filter_field"),
        (&[("filter", "x' OR 1=1; --='y'")], "invalid_filter_field"),
        (&[("sort", "password")], "invalid_sort_field"),
        (&[("fields", "sourcedId,password")], "invalid_selection_field"),
    ] {
        let asked = Query::read(|name| parameters.iter().find(|it| it.0 == name).map(|it| it.1));
        let error = match asked {
            Err(error) => error,
            Ok(_) => users(parameters).await.unwrap_err(),
        };
        assert_eq!(error.minor.as_str(), minor, "{parameters:?}");
    }
}

#[tokio::test]
async fn a_reader_sees_its_own_part_only_and_every_reading_of_persons_is_noted() {
    let store = registry().await;
    taken(&store, Roster::new().packed(Mode::Bulk), from("a", 0)).await;
    let other = client(&store, "2112000124").await;
    let rosters = Rosters { store: &store, client: &other, links: LINKS };
    for collection in Collection::ALL {
        let nothing_of_theirs = collection.whole() != Collection::AcademicSessions;
        let found = ids(rosters, collection, &[], &[]).await.unwrap();
        assert!(found.is_empty() || !nothing_of_theirs, "{collection:?}: {found:?}");
    }
    assert!(rosters.find(Collection::Users, "p1", at(7)).await.is_err());
    let noted = "SELECT CAST(COUNT(*) AS TEXT) FROM audit_entries WHERE action = 'roster.read'";
    assert_eq!(one(&store, noted).await, "5");
}

#[tokio::test]
async fn an_object_is_found_by_an_id_that_was_merged_into_its_own() {
    let store = registry().await;
    taken(&store, Roster::new().packed(Mode::Bulk), from("a", 0)).await;
    merge(&store, File::Users, "p3", "p2", "registered twice", at(5)).await.unwrap();
    let client = client(&store, "120101").await;
    let rosters = Rosters { store: &store, client: &client, links: LINKS };
    let user = rosters.find(Collection::Students, "p3", at(7)).await.unwrap();
    assert_eq!(user["sourcedId"], "p2");
    assert_eq!(user["roles"][0]["role"], "student");
}
