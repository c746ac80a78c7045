use super::*;

#[tokio::test]
async fn what_is_revoked_holds_no_more_at_once() {
    let mut city = City::new().await;
    let (officer, clerk) = (Actor::Account(city.officer), city.account());
    let grant = city.give(officer, "school_clerk 7", clerk).await.unwrap();
    city.revoke(officer, grant, 5).await.unwrap();
    assert!(!city.held(clerk, 4).await.is_empty());
    assert!(city.held(clerk, 5).await.is_empty());
    let everything = Scope::everything();
    let listed = crate::grants::get(&city.store, &everything, grant).await.unwrap().unwrap();
    let revoked = listed.revoked.unwrap();
    assert_eq!((revoked.by, revoked.at), (Some(city.officer), at(5)));
    assert_eq!(city.revoke(officer, grant, 6).await.unwrap_err(), Refusal::NoGrant);
    let log = city.log().await;
    assert_eq!(log[log.len() - 2..], ["grant.revoke done 7", "grant.revoke refused -"]);
}

#[tokio::test]
async fn only_who_could_give_it_revokes_it_or_who_holds_it() {
    let mut city = City::new().await;
    let (neighbour, clerk, teacher) = (city.account(), city.account(), city.account());
    let security = Actor::Account(city.security);
    city.give(security, "district_officer 1201010", neighbour).await.unwrap();
    let grant = city.give(Actor::Account(city.officer), "school_clerk 7", clerk).await.unwrap();
    let given = city.give(Actor::Account(clerk), "teacher 7", teacher).await.unwrap();
    for by in [Actor::Account(neighbour), Actor::Account(teacher), Actor::Nobody] {
        assert!(city.revoke(by, grant, 2).await.is_err(), "{by:?}");
    }
    city.revoke(Actor::Account(city.officer), given, 2).await.unwrap();
    city.revoke(Actor::Account(clerk), grant, 2).await.unwrap();
    assert!(city.held(clerk, 2).await.is_empty());
}

#[tokio::test]
async fn whoever_lost_a_role_gives_nothing_by_it() {
    let mut city = City::new().await;
    let officer = Actor::Account(city.officer);
    let grant = city.held(city.officer, 1).await.grants()[0].id;
    city.revoke(Actor::Account(city.security), grant, 1).await.unwrap();
    let someone = city.account();
    let error = city.give(officer, "teacher 7", someone).await.unwrap_err();
    assert!(matches!(error, Refusal::NotYours { .. }));
}

#[tokio::test]
async fn a_role_that_is_no_more_gives_nothing_and_can_be_taken_away() {
    let mut city = City::new().await;
    let (security, planner) = (Actor::Account(city.security), city.account());
    let grant = city.give(security, "planner 12", planner).await.unwrap();
    let text = crate::roles::NATIONAL.replace("\"planner\"", "\"planners\"");
    city.roles = crate::roles::read("roles.toml", &text).0;
    let held = city.held(planner, 1).await;
    assert!(Permission::ALL.iter().all(|it| held.scope(&city.roles, *it).is_empty()));
    city.revoke(security, grant, 2).await.unwrap();
    assert!(city.held(planner, 2).await.is_empty());
}

#[tokio::test]
async fn a_revocation_needs_a_reason() {
    let city = City::new().await;
    let grant = city.held(city.officer, 1).await.grants()[0].id;
    let by = Actor::Account(city.security);
    let error = revoke(&city.store, &city.roles, by, grant, "", at(2)).await.unwrap_err();
    assert_eq!(refusal(error), Refusal::Reason);
}
