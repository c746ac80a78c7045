//! What people agree to, and who may use what.

use jiff::tz::Offset;

use super::support::{City, Outcome, code};
use crate::applications;
use crate::grants::Authority;
use crate::openid::{Claim, consents};

#[tokio::test]
async fn a_person_is_asked_once_for_what_an_application_wants_to_see() {
    let mut city = City::with(|it| it.consent_asked = true).await;
    let who = city.someone().await;
    let email = [("scope", "openid email")];
    let outcome = city.authorize(&email, Some(&who)).await;
    let Outcome::Consent(data) = outcome else { panic!("{outcome:?}") };
    assert_eq!(data, [Claim::Email, Claim::EmailVerified].into());
    let silent = [("scope", "openid email"), ("prompt", "none")];
    assert_eq!(city.authorize(&silent, Some(&who)).await.error(), "consent_required");
    city.agree(&email, who.account).await;
    city.authorize(&email, Some(&who)).await.code();
    city.authorize(&silent, Some(&who)).await.code();
    // More is another question, and what was agreed to before stays agreed to.
    let more = [("scope", "openid phone offline_access")];
    assert!(matches!(city.authorize(&more, Some(&who)).await, Outcome::Consent(_)));
    city.later(1);
    city.agree(&more, who.account).await;
    city.authorize(&[("scope", "openid email phone offline_access")], Some(&who)).await.code();
    let agreed = consents::list(&city.store, who.account).await.unwrap();
    assert_eq!((agreed.len(), agreed[0].data.len(), agreed[0].offline), (1, 4, true));
}

#[tokio::test]
async fn a_person_may_be_asked_again() {
    let mut city = City::with(|it| it.consent_asked = true).await;
    let who = city.someone().await;
    let asked = [("scope", "openid email"), ("prompt", "consent")];
    city.agree(&asked, who.account).await;
    city.later(60);
    let begun_at = city.now;
    assert!(matches!(city.authorize(&asked, Some(&who)).await, Outcome::Consent(_)));
    city.later(60);
    city.agree(&asked, who.account).await;
    city.authorize_since(&asked, Some(&who), begun_at).await.code();
}

#[tokio::test]
async fn a_consent_taken_back_takes_the_tokens_with_it() {
    let mut city = City::with(|it| it.consent_asked = true).await;
    let who = city.someone().await;
    let asked = [("scope", "openid email offline_access")];
    city.agree(&asked, who.account).await;
    let tokens = city.tokens(&asked, &who).await;
    let library = "library".parse().unwrap();
    consents::withdraw(&city.store, who.account, &library, city.now).await.unwrap();
    assert!(!city.works(&tokens.access_token).await);
    assert!(city.refresh(&tokens.refresh_token.unwrap()).await.is_err());
    assert!(matches!(city.authorize(&asked, Some(&who)).await, Outcome::Consent(_)));
    assert_eq!(consents::list(&city.store, who.account).await.unwrap(), []);
}

#[tokio::test]
async fn an_application_sees_no_more_than_the_register_allows() {
    let mut city = City::with(|it| it.data = [Claim::Email, Claim::Name].into()).await;
    let who = city.someone().await;
    let tokens = city.tokens(&[("scope", "openid profile email phone")], &who).await;
    let seen = city.userinfo(&tokens.access_token).await.unwrap();
    assert_eq!(seen.keys().collect::<Vec<_>>(), ["email", "name", "sub"]);
    // What is taken out of the register is not seen from then on.
    let library = "library".parse().unwrap();
    let mut registration = applications::read(&city.store, &library).await.unwrap().registration;
    registration.data = [Claim::Name].into();
    applications::amend(&city.store, &library, Authority::PROGRAM, &registration, city.now)
        .await
        .unwrap();
    let seen = city.userinfo(&tokens.access_token).await.unwrap();
    assert_eq!(seen.keys().collect::<Vec<_>>(), ["name", "sub"]);
}

#[tokio::test]
async fn only_people_of_the_granted_organisations_may_use_an_application() {
    let mut city = City::with(|it| it.organisations = [code("d1")].into()).await;
    for (number, (home, may)) in
        [("s1", true), ("d1", true), ("d2", false), ("c", false)].into_iter().enumerate()
    {
        let account = city.account(&format!("person{number}"), home).await;
        let who = city.sign_in(account).await;
        let answer = city.authorize(&[], Some(&who)).await.back();
        assert_eq!(answer.contains_key("code"), may, "{home}");
        assert_eq!(answer.get("error").is_some_and(|it| it == "access_denied"), !may);
    }
}

#[tokio::test]
async fn an_application_may_be_for_some_roles_only() {
    let mut city = City::with(|it| it.roles = ["teacher".to_owned()].into()).await;
    let who = city.someone().await;
    assert_eq!(city.authorize(&[], Some(&who)).await.error(), "access_denied");
}

#[tokio::test]
async fn every_sign_in_is_counted_for_its_day_in_the_city() {
    let mut city = City::new().await;
    city.provider = city.provider.in_days_of(Offset::constant(8));
    let who = city.someone().await;
    // Where clocks are eight hours ahead, a day ends at four in the afternoon of UTC.
    for at in ["2026-09-21T15:59:00Z", "2026-09-21T16:00:00Z", "2026-09-22T15:59:00Z"] {
        city.now = at.parse().unwrap();
        city.tokens(&[], &who).await;
    }
    let uses = applications::uses(&city.store, "2026-09-01".parse().unwrap()).await.unwrap();
    let counts: Vec<(String, u32)> = uses.iter().map(|it| (it.on.to_string(), it.uses)).collect();
    assert_eq!(counts, [("2026-09-22".to_owned(), 2), ("2026-09-21".to_owned(), 1)]);
}

#[tokio::test]
async fn a_start_page_shows_what_somebody_may_use() {
    let mut city = City::with(|it| it.organisations = [code("d1")].into()).await;
    city.register("everyones", |_| {}).await;
    city.register("teachers", |it| it.roles = ["teacher".to_owned()].into()).await;
    city.register("robot", |it| it.home = None).await;
    for (login, home, expected) in
        [("one", "s1", &["everyones", "library"][..]), ("two", "d2", &["everyones"])]
    {
        let account = city.account(login, home).await;
        let usable = applications::usable(&city.store, account, city.now).await.unwrap();
        let codes: Vec<&str> = usable.iter().map(|it| it.code.as_str()).collect();
        assert_eq!(codes, expected);
    }
}
