//! Who sees which part of the log.

use store::{Store, testing};

use crate::audit::{self, Actor, Asked, Entry, is_whole, within};
use crate::grants::{Wanted, give, held};
use crate::purpose::Purpose;
use crate::roles::{Permission, Reach, Roles};
use crate::scope::{PathRange, Scope};
use crate::testing::{Counting, at};

/// The organisations of the numbered city, where each stands; and one that is recorded nowhere.
const PLACES: [(&str, &str); 6] = [
    ("12", "/12/"),
    ("120101", "/12/120101/"),
    ("1201010", "/12/1201010/"),
    ("7", "/12/120101/7/"),
    ("8", "/12/1201010/8/"),
    ("99", ""),
];

/// A log with two entries of every place, and two of none.
async fn log() -> (Store, Vec<Option<usize>>) {
    let store = testing::open().await;
    crate::record(&store, &crate::organisations::testing::numbered(), at(0), jiff::tz::Offset::UTC)
        .await
        .unwrap();
    let mut places = Vec::new();
    for number in 0..2 * (PLACES.len() + 1) {
        let place = Some(number % (PLACES.len() + 1)).filter(|it| *it < PLACES.len());
        let entry = Entry::new(Actor::System, Purpose::OPERATION, "case.open");
        let entry = match place {
            Some(place) => entry.at(&PLACES[place].0.parse().unwrap()),
            None => entry,
        };
        audit::record(&store, &entry.about("case", number), at(1)).await.unwrap();
        places.push(place);
    }
    (store, places)
}

async fn seen(store: &Store, scope: &Scope) -> Vec<i64> {
    let asked = Asked { action: Some("case.open".to_owned()), ..Asked::default() };
    let mut seen: Vec<i64> = within(store, scope, &asked, 1_000)
        .await
        .unwrap()
        .iter()
        .map(|it| it.object.as_ref().unwrap().parse().unwrap())
        .collect();
    seen.sort_unstable();
    seen
}

/// Every set of up to five ranges, against the entries gone through by hand.
#[tokio::test]
async fn of_the_log_one_sees_the_own_part_and_only_who_sees_all_sees_what_is_nowhere() {
    let (store, places) = log().await;
    let ranges: Vec<PathRange> = PLACES[..5]
        .iter()
        .flat_map(|(_, path)| Reach::ALL.map(|reach| PathRange::of(path, reach)))
        .collect();
    let (mut whole, mut part) = (0, 0);
    for chosen in 0..1_u32 << ranges.len() {
        let chosen = ranges.iter().zip(0..).filter(|(_, at)| chosen & (1 << at) != 0);
        let scope = Scope::of(chosen.map(|(range, _)| (range.clone(), Default::default())));
        let sees_all = PLACES[..5].iter().all(|(_, path)| scope.holds(path));
        assert_eq!(is_whole(&store, &scope).await.unwrap(), sees_all);
        let expected: Vec<i64> = (0..)
            .zip(&places)
            .filter(|(_, place)| {
                let is_within = |place: usize| scope.holds(PLACES[place].1);
                sees_all || place.is_some_and(is_within)
            })
            .map(|(number, _)| number)
            .collect();
        assert_eq!(seen(&store, &scope).await, expected, "{:?}", scope.ranges());
        if sees_all { whole += 1 } else { part += 1 }
    }
    assert!(whole > 100 && part > 100, "{whole} saw all, {part} a part");
}

/// A city may well let each district read its own log.
#[tokio::test]
async fn an_auditor_of_a_district_sees_what_was_done_there() {
    let (store, places) = log().await;
    let text = crate::roles::NATIONAL.replacen(
        "permissions = [\"audit.read\", \"grants.read\"]\nfields = []\nlevels = [\"city\"]",
        "permissions = [\"audit.read\", \"grants.read\"]\nfields = []\nlevels = [\"city\", \"district\"]",
        1,
    );
    let (roles, findings) = crate::roles::read("roles.toml", &text);
    assert!(findings.is_empty(), "{findings:?}");
    let mut entropy = Counting::default();
    let mut auditor = async |login: &str, home: &str| {
        let home = home.parse().unwrap();
        let (login, name) = (login.parse().unwrap(), "张三".parse().unwrap());
        let opened = crate::accounts::open(&store, &login, &name, &home, at(0), &mut entropy).await;
        let wanted = Wanted {
            account: opened.unwrap(),
            role: "auditor".parse().unwrap(),
            organisation: home,
            reach: Reach::Subtree,
            purpose: Purpose::SECURITY,
            valid_from: at(0),
            valid_until: None,
            reason: "岗位任命".to_owned(),
        };
        give(&store, &roles, Actor::System, &wanted, &mut entropy, at(0)).await.unwrap();
        let held = held(&store, wanted.account, at(1)).await.unwrap();
        held.scope(&roles, Permission::ReadAudit)
    };
    let (city, district) = (auditor("city", "12").await, auditor("district", "120101").await);
    assert_eq!(seen(&store, &city).await.len(), places.len());
    // 120101 and 7, twice each; nothing of 1201010, whose code begins alike.
    assert_eq!(seen(&store, &district).await, [1, 3, 8, 10]);
    assert!(seen(&store, &Scope::nothing()).await.is_empty());
    let national = Roles::national();
    assert_eq!(national.get(&"auditor".parse().unwrap()).unwrap().levels, ["city"]);
}

#[tokio::test]
async fn an_organisation_that_stands_nowhere_yet_does_not_hide_the_log() {
    let (store, places) = log().await;
    let stray = crate::organisations::testing::stray("55");
    crate::record(&store, &stray, at(2), jiff::tz::Offset::UTC).await.unwrap();
    let city = Scope::of([(PathRange::of("/12/", Reach::Subtree), Default::default())]);
    assert_eq!(seen(&store, &city).await.len(), places.len());
}
