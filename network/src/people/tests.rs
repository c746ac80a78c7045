use store::testing;

use super::*;
use crate::testing::{Counting, at};

fn identity(subject: &str) -> OutsideIdentity {
    OutsideIdentity { issuer: "https://school.example".to_owned(), subject: subject.to_owned() }
}

#[tokio::test]
async fn a_person_is_recorded_and_found() {
    let store = testing::open().await;
    let name: PersonName = " 李 晓 ".parse().unwrap();
    let id = record(&store, &name, at(0), &mut Counting::default()).await.unwrap();
    let person = find(&store, id).await.unwrap().unwrap();
    assert_eq!((person.name.as_str(), person.recorded_at), ("李 晓", at(0)));
}

/// ASVS 6.8.1.
#[tokio::test]
async fn asvs_6_8_1_an_outside_identity_is_issuer_and_subject_and_belongs_to_one_person() {
    let (store, mut entropy) = (testing::open().await, Counting::default());
    let name: PersonName = "王".parse().unwrap();
    let one = record(&store, &name, at(0), &mut entropy).await.unwrap();
    let other = record(&store, &name, at(0), &mut entropy).await.unwrap();
    link(&store, one, &identity("7"), "system", at(1)).await.unwrap();
    link(&store, one, &identity("7"), "system", at(2)).await.unwrap();
    let taken = link(&store, other, &identity("7"), "system", at(3)).await;
    assert!(matches!(taken, Err(PersonError::IdentityTaken)));
    assert_eq!(whose(&store, &identity("7")).await.unwrap(), Some(one));
    let elsewhere = OutsideIdentity { issuer: "https://other.example".to_owned(), ..identity("7") };
    assert_eq!(whose(&store, &elsewhere).await.unwrap(), None);
    unlink(&store, &identity("7")).await.unwrap();
    assert_eq!(whose(&store, &identity("7")).await.unwrap(), None);
}

#[test]
fn a_name_is_not_shown_by_a_debug_line() {
    let name: PersonName = "王小明".parse().unwrap();
    assert_eq!(format!("{name:?}"), "PersonName(…)");
    for text in ["", "  ", "a\nb", &"长".repeat(101)] {
        assert_eq!(text.parse::<PersonName>(), Err(NotAName), "{text}");
    }
}
