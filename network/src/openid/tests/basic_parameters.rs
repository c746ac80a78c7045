//! The other modules of the Basic OP certification plan: display, prompt, age, parameters, request objects, claims.

use super::support::{City, Outcome};
use crate::openid::Reason;
use crate::openid::request::{self, Parameters};
use crate::sessions::{Method, Methods};

#[tokio::test]
async fn display_page() {
    let mut city = City::new().await;
    let who = city.someone().await;
    city.authorize(&[("display", "page")], Some(&who)).await.code();
}

#[tokio::test]
async fn display_popup() {
    let mut city = City::new().await;
    let who = city.someone().await;
    city.authorize(&[("display", "popup")], Some(&who)).await.code();
}

#[tokio::test]
async fn prompt_login() {
    let mut city = City::new().await;
    let who = city.someone().await;
    city.later(10);
    let begun_at = city.now;
    let prompt = [("prompt", "login")];
    let outcome = city.authorize(&prompt, Some(&who)).await;
    assert!(matches!(outcome, Outcome::SignIn(Reason::Again)), "{outcome:?}");
    city.later(10);
    let anew = city.sign_in(who.account).await;
    let code = city.authorize_since(&prompt, Some(&anew), begun_at).await.code();
    let claims = city.exchange(&code).await.unwrap().id_token.unwrap();
    assert_eq!(city.verified(&claims)["auth_time"], city.now.as_second());
}

#[tokio::test]
async fn prompt_none_not_logged_in() {
    let mut city = City::new().await;
    let answer = city.authorize(&[("prompt", "none")], None).await.back();
    assert_eq!(answer["error"], "login_required");
    assert_eq!(answer["state"], "a state");
    assert_eq!(answer["iss"], "https://id.example");
}

#[tokio::test]
async fn prompt_none_logged_in() {
    let mut city = City::new().await;
    let who = city.someone().await;
    city.authorize(&[("prompt", "none")], Some(&who)).await.code();
}

#[tokio::test]
async fn prompt_has_known_words_and_none_stands_alone() {
    let mut city = City::new().await;
    let who = city.someone().await;
    for prompt in ["none login", "consent none", "create", "login nonsense"] {
        let outcome = city.authorize(&[("prompt", prompt)], Some(&who)).await;
        assert_eq!(outcome.error(), "invalid_request", "{prompt}");
    }
}

#[tokio::test]
async fn max_age_1() {
    let mut city = City::new().await;
    let who = city.someone().await;
    city.later(2);
    let begun_at = city.now;
    let age = [("max_age", "1")];
    let outcome = city.authorize(&age, Some(&who)).await;
    assert!(matches!(outcome, Outcome::SignIn(Reason::Again)), "{outcome:?}");
    let anew = city.sign_in(who.account).await;
    // Whoever reads the next page slowly need not sign in once more.
    city.later(60);
    city.authorize_since(&age, Some(&anew), begun_at).await.code();
    let silent = [("max_age", "0"), ("prompt", "none")];
    assert_eq!(city.authorize(&silent, Some(&anew)).await.error(), "login_required");
}

#[tokio::test]
async fn max_age_10000() {
    let mut city = City::new().await;
    let who = city.someone().await;
    city.later(9_999);
    let code = city.authorize(&[("max_age", "10000")], Some(&who)).await.code();
    let token = city.exchange(&code).await.unwrap().id_token.unwrap();
    let auth_time = who.authenticated_at.as_second();
    assert_eq!(city.verified(&token)["auth_time"], auth_time);
    for nonsense in ["-1", "soon", "1.5", "99999999999999999999"] {
        let outcome = city.authorize(&[("max_age", nonsense)], Some(&who)).await;
        assert_eq!(outcome.error(), "invalid_request", "{nonsense}");
    }
}

#[tokio::test]
async fn ensure_request_with_unknown_parameter_succeeds() {
    let mut city = City::new().await;
    let who = city.someone().await;
    city.authorize(&[("extra", "foobar")], Some(&who)).await.code();
}

#[tokio::test]
async fn id_token_hint() {
    let mut city = City::new().await;
    let who = city.someone().await;
    let token = city.tokens(&[], &who).await.id_token.unwrap();
    // Long expired, and still it says who.
    city.later(86_400);
    let hint = [("prompt", "none"), ("id_token_hint", token.as_str())];
    city.authorize(&hint, Some(&who)).await.code();
    let other = city.account("li", "s1").await;
    let other = city.sign_in(other).await;
    assert_eq!(city.authorize(&hint, Some(&other)).await.error(), "login_required");
    assert_eq!(city.authorize(&hint[1..], Some(&other)).await.error(), "login_required");
    let outcome = city.authorize(&hint[1..], None).await;
    assert!(matches!(outcome, Outcome::SignIn(Reason::NotSignedIn)), "{outcome:?}");
    let forged = format!("{}x", &token[..token.len() - 1]);
    for wrong in ["nonsense", "a.b.c", &forged] {
        let outcome = city.authorize(&[("id_token_hint", wrong)], Some(&who)).await;
        assert_eq!(outcome.error(), "invalid_request");
    }
}

async fn read(city: &City, pairs: &[(&str, &str)]) -> request::Request {
    let plain = [
        ("client_id", "library"),
        ("redirect_uri", super::support::BACK),
        ("response_type", "code"),
        ("scope", "openid"),
    ];
    let given = super::support::parameters(&[&plain, pairs].concat());
    request::read(&city.store, &city.provider, given, city.now).await.unwrap().unwrap()
}

#[tokio::test]
async fn login_hint() {
    let city = City::new().await;
    let request = read(&city, &[("login_hint", "wang")]).await;
    assert_eq!(request.login_hint.as_deref(), Some("wang"));
}

#[tokio::test]
async fn ui_locales() {
    let city = City::new().await;
    let request = read(&city, &[("ui_locales", "se en  zh-CN")]).await;
    assert_eq!(request.ui_locales, ["se", "en", "zh-CN"]);
}

#[tokio::test]
async fn claims_locales() {
    let mut city = City::new().await;
    let who = city.someone().await;
    city.authorize(&[("claims_locales", "se")], Some(&who)).await.code();
}

#[tokio::test]
async fn ensure_request_with_acr_values_succeeds() {
    let mut city = City::new().await;
    let who = city.someone().await;
    let tokens = city.tokens(&[("acr_values", "2 1")], &who).await;
    assert_eq!(city.verified(&tokens.id_token.unwrap())["acr"], "1");
}

#[tokio::test]
async fn a_level_that_is_essential_is_reached_or_refused() {
    let mut city = City::new().await;
    let who = city.someone().await;
    city.later(5);
    let begun_at = city.now;
    let claims = r#"{"id_token":{"acr":{"essential":true,"values":["2"]}}}"#;
    let asked = [("claims", claims)];
    let outcome = city.authorize(&asked, Some(&who)).await;
    assert!(matches!(outcome, Outcome::SignIn(Reason::Better)), "{outcome:?}");
    city.later(5);
    let again = city.sign_in(who.account).await;
    let outcome = city.authorize_since(&asked, Some(&again), begun_at).await;
    assert_eq!(outcome.error(), "unmet_authentication_requirements");
    let both = Methods::of([Method::Password, Method::OneTimeCode]);
    let better = city.sign_in_by(who.account, both).await;
    city.authorize_since(&asked, Some(&better), begun_at).await.code();
}

#[tokio::test]
async fn request_uri_unsigned_supported_correctly_or_rejected() {
    let mut city = City::new().await;
    let who = city.someone().await;
    let uri = [("request_uri", "https://library.example/request.jwt")];
    assert_eq!(city.authorize(&uri, Some(&who)).await.error(), "request_uri_not_supported");
}

#[tokio::test]
async fn unsigned_request_object_supported_correctly_or_rejected() {
    let mut city = City::new().await;
    let who = city.someone().await;
    let object = [("request", "eyJhbGciOiJub25lIn0.e30.")];
    assert_eq!(city.authorize(&object, Some(&who)).await.error(), "request_not_supported");
}

/// An address inside of the object does not stand in for the one outside.
#[tokio::test]
async fn ensure_request_object_with_redirect_uri() {
    let mut city = City::new().await;
    let who = city.someone().await;
    let object = [("request", "eyJhbGciOiJub25lIn0.e30."), ("redirect_uri", "")];
    let outcome = city.authorize(&object, Some(&who)).await;
    assert!(matches!(outcome, Outcome::Page("no-redirect")), "{outcome:?}");
}

#[tokio::test]
async fn claims_essential() {
    let mut city = City::new().await;
    let who = city.someone().await;
    let claims = r#"{"userinfo":{"name":{"essential":true},"unheard_of":null},
        "id_token":{"email":null,"auth_time":{"essential":true}}}"#;
    let tokens = city.tokens(&[("claims", claims)], &who).await;
    let info = city.userinfo(&tokens.access_token).await.unwrap();
    assert_eq!(info["name"], "王小明");
    assert!(!info.contains_key("unheard_of"));
    let claims = city.verified(&tokens.id_token.unwrap());
    assert_eq!(claims["email"], "wang@example.org");
    assert!(claims.contains_key("auth_time"));
    for nonsense in ["nonsense", "[]", r#"{"userinfo":1}"#, r#"{"id_token":"#] {
        let outcome = city.authorize(&[("claims", nonsense)], Some(&who)).await;
        assert_eq!(outcome.error(), "invalid_request", "{nonsense}");
    }
}

#[tokio::test]
async fn a_parameter_given_twice_is_refused() {
    let city = City::new().await;
    let plain = [
        ("client_id", "library"),
        ("redirect_uri", super::support::BACK),
        ("response_type", "code"),
        ("scope", "openid"),
    ];
    for (twice, stops) in [("scope", false), ("state", true), ("redirect_uri", true)] {
        let given = Parameters::new(plain.into_iter().chain([(twice, "x"), (twice, "x")]));
        let checked = request::read(&city.store, &city.provider, given, city.now).await.unwrap();
        let refusal = checked.unwrap_err();
        let shown = matches!(refusal, crate::openid::Refusal::Page(_));
        assert_eq!(shown, stops, "{twice}: {refusal:?}");
    }
}

#[tokio::test]
async fn a_request_waits_for_the_person_and_then_is_gone() {
    let mut city = City::new().await;
    let request = read(&city, &[("prompt", "login"), ("state", "& = ü 中")]).await;
    let token = request::remember(&city.store, &request, &mut city.entropy).await.unwrap();
    let begun_at = city.now;
    city.later(29 * 60);
    let (store, provider) = (city.store.clone(), &city.provider);
    let recalled = request::recall(&store, provider, token.reveal(), city.now).await.unwrap();
    let recalled = recalled.unwrap();
    assert_eq!(recalled.begun_at, begun_at);
    assert_eq!(format!("{recalled:?}"), format!("{request:?}"));
    let soon = city.now + jiff::SignedDuration::from_secs(120);
    for (text, at) in [(token.reveal(), soon), ("nonsense", city.now)] {
        assert!(request::recall(&store, provider, text, at).await.unwrap().is_err());
    }
    request::forget(&store, token.reveal()).await.unwrap();
    assert!(request::recall(&store, provider, token.reveal(), city.now).await.unwrap().is_err());
}
