use jiff::SignedDuration;
use store::{Store, testing};

use super::*;
use crate::grants::Authority;
use crate::openid::Claim;
use crate::testing::{Counting, at};
use model::Bilingual;

const SYSTEM: Authority<'_> = Authority::PROGRAM;

fn registration() -> Registration {
    Registration {
        name: Bilingual::new("图书馆", "Library"),
        purpose: Bilingual::new("借书", "Lends books"),
        owner: "c".parse().unwrap(),
        owner_account: None,
        home: None,
        data: [Claim::Name].into(),
        services: Default::default(),
        roles: Default::default(),
        organisations: ["c".parse().unwrap()].into(),
        redirects: vec!["https://library.example/back".to_owned()],
        logout_redirects: Vec::new(),
        notices: None,
        authentication: Authentication::SecretInHeader,
        keys: None,
        algorithm: Default::default(),
        proof_required: true,
        subject: Subject::Pairwise { sector: "library".to_owned() },
        consent_asked: true,
        offline: false,
    }
}

fn in_days(days: i64) -> Timestamp {
    at(0) + SignedDuration::from_hours(24 * days)
}

async fn registered(store: &Store, registration: &Registration) -> Registered {
    let code = "library".parse().unwrap();
    let entropy = &mut Counting::default();
    register(store, &code, SYSTEM, registration, in_days(300), entropy, at(0)).await.unwrap()
}

#[tokio::test]
async fn what_was_registered_is_read_back() {
    let store = testing::open().await;
    let said = Registration {
        roles: ["teacher".to_owned(), "learner".to_owned()].into(),
        logout_redirects: vec!["https://library.example/bye".to_owned()],
        home: Some("https://library.example".to_owned()),
        organisations: ["c".parse().unwrap(), "d1".parse().unwrap()].into(),
        ..registration()
    };
    let application = registered(&store, &said).await.application;
    assert_eq!(application.registration, said);
    assert_eq!(list(&store).await.unwrap(), [application]);
}

#[tokio::test]
async fn a_secret_is_shown_once_and_can_be_renewed() {
    let store = testing::open().await;
    let new = registered(&store, &registration()).await;
    let first = new.secret.unwrap();
    assert!(new.application.has_secret(first.reveal()));
    let code = new.application.code;
    let mut entropy = Counting::default();
    Token::new(&mut entropy);
    let second = renew_secret(&store, &code, SYSTEM, &mut entropy, at(1)).await.unwrap();
    let application = read(&store, &code).await.unwrap();
    assert!(application.has_secret(second.reveal()));
    assert!(!application.has_secret(first.reveal()));
}

#[tokio::test]
async fn a_code_is_taken_once() {
    let store = testing::open().await;
    let code = registered(&store, &registration()).await.application.code;
    let entropy = &mut Counting::default();
    let again = register(&store, &code, SYSTEM, &registration(), in_days(1), entropy, at(0)).await;
    assert!(matches!(again, Err(ApplicationsError::Taken(_))));
}

#[tokio::test]
async fn an_application_holds_until_its_review_is_due() {
    let store = testing::open().await;
    let application = registered(&store, &registration()).await.application;
    assert!(application.holds_at(in_days(299)));
    assert!(!application.holds_at(in_days(300)));
    let code = application.code;
    let application = review(&store, &code, SYSTEM, in_days(600), in_days(299)).await.unwrap();
    assert!(application.holds_at(in_days(599)));
    for until in [in_days(298), in_days(299 + 367)] {
        let refused = review(&store, &code, SYSTEM, until, in_days(299)).await;
        assert!(matches!(refused, Err(ApplicationsError::Flawed(_))), "{until}");
    }
    let ended = end(&store, &code, SYSTEM, in_days(300)).await.unwrap();
    assert!(!ended.holds_at(in_days(301)));
    let refused = review(&store, &code, SYSTEM, in_days(600), in_days(302)).await;
    assert!(matches!(refused, Err(ApplicationsError::Ended(_))));
}

#[tokio::test]
async fn organisations_are_granted_and_withdrawn() {
    let store = testing::open().await;
    let code = registered(&store, &registration()).await.application.code;
    for organisations in [&["d1", "d2"][..], &["d2"], &[], &["c", "d2"]] {
        let organisations = organisations.iter().map(|it| it.parse().unwrap()).collect();
        let said = Registration { organisations, ..registration() };
        assert_eq!(amend(&store, &code, SYSTEM, &said, at(1)).await.unwrap().registration, said);
    }
}

#[test]
fn every_flaw_is_found() {
    let check = |change: fn(&mut Registration), expected: &[&str]| {
        let mut registration = registration();
        change(&mut registration);
        let flaws: Vec<String> =
            registration.flaws().iter().map(|it| format!("{}: {}", it.field, it.rule)).collect();
        assert_eq!(flaws, expected);
    };
    let one = |address: &str| vec![address.to_owned()];
    check(|_| {}, &[]);
    check(|it| it.name.zh.clear(), &["name_zh: filled"]);
    check(|it| it.redirects.clear(), &["redirects: filled"]);
    check(|it| it.redirects = vec!["https://a.example".to_owned(); 2], &["redirects: several"]);
    check(|it| it.authentication = Authentication::SignedAssertion, &["keys: keys"]);
    check(|it| it.keys = Some("{}".to_owned()), &["keys: keys"]);
    check(
        |it| {
            it.authentication = Authentication::None;
            it.proof_required = false;
            it.services = ["a".to_owned()].into();
        },
        &["proof_required: proof", "services: public-service"],
    );
    check(|it| it.services = ["a b".to_owned()].into(), &["services: service"]);
    check(|it| it.roles = ["a b".to_owned()].into(), &["roles: word"]);
    check(|it| it.notices = Some("cn.city.app:/x".to_owned()), &["notices: address"]);
    for (address, fits) in [
        ("https://library.example/back", true),
        ("https://图书馆.example/回", true),
        ("http://127.0.0.1:8080/back", true),
        ("http://[::1]/back", true),
        ("http://localhost/back", true),
        ("cn.city.library:/back", true),
        ("http://library.example/back", false),
        ("http://localhost.evil.example/back", false),
        ("https://*.library.example/back", false),
        ("https://library.example/back#there", false),
        ("https://me@library.example/back", false),
        ("https://library.example\\@evil.example/back", false),
        ("javascript:alert(1)", false),
        ("data:text/html,x", false),
        ("/back", false),
        ("", false),
    ] {
        let registration = Registration { redirects: one(address), ..registration() };
        assert_eq!(registration.flaws().is_empty(), fits, "{address}");
    }
}

#[test]
fn a_code_of_an_application_is_one_plain_word() {
    for (text, fits) in [
        ("library", true),
        ("a1", true),
        ("school-canteen-2", true),
        ("a", false),
        ("1a", false),
        ("Library", false),
        ("a b", false),
        ("图书馆", false),
    ] {
        assert_eq!(text.parse::<ApplicationCode>().is_ok(), fits, "{text}");
    }
}
