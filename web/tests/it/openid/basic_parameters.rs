//! The other modules of the Basic OP certification plan: display, prompt, age, parameters, request objects, claims.

use super::flow::{Led, World, claims};

/// Whether a request with one parameter more is answered with a code.
async fn succeeds(pair: (&str, &str)) {
    let world = World::new().await;
    let led = world.signed_in().await.authorize(&[pair]).await;
    assert!(led.back().contains_key("code"), "{pair:?}");
}

#[tokio::test]
async fn display_page() {
    succeeds(("display", "page")).await;
}

#[tokio::test]
async fn display_popup() {
    succeeds(("display", "popup")).await;
}

#[tokio::test]
async fn prompt_login() {
    let world = World::new().await;
    let mut browser = world.signed_in().await;
    world.site.later(60);
    again(&world, &mut browser, ("prompt", "login")).await;
}

/// The person proves again who it is, and then there is a code.
async fn again(world: &World, browser: &mut super::flow::Browser<'_>, pair: (&str, &str)) {
    let led = browser.authorize(&[pair]).await;
    let confirm = led.0.header("location").to_owned();
    let next = confirm.strip_prefix("/account/confirm?next=").unwrap();
    let next = next.replace("%3F", "?").replace("%3D", "=");
    world.site.later(5);
    browser.open(&confirm).await;
    assert_eq!(browser.confirm(&next).await.header("location"), next);
    let answer = Led(browser.open(&next).await).back();
    let tokens = world.exchange(&answer["code"]).await;
    assert_eq!(claims(&tokens)["auth_time"], claims(&tokens)["iat"]);
}

#[tokio::test]
async fn prompt_none_not_logged_in() {
    let world = World::new().await;
    let led = world.browser().authorize(&[("prompt", "none")]).await;
    assert_eq!(led.error(), "login_required");
}

#[tokio::test]
async fn prompt_none_logged_in() {
    succeeds(("prompt", "none")).await;
}

#[tokio::test]
async fn max_age_1() {
    let world = World::new().await;
    let mut browser = world.signed_in().await;
    world.site.later(2);
    again(&world, &mut browser, ("max_age", "1")).await;
}

#[tokio::test]
async fn max_age_10000() {
    succeeds(("max_age", "10000")).await;
}

#[tokio::test]
async fn ensure_request_with_unknown_parameter_succeeds() {
    succeeds(("extra", "foobar")).await;
}

#[tokio::test]
async fn id_token_hint() {
    let world = World::new().await;
    let tokens = world.tokens(&[]).await;
    let hint = [("id_token_hint", tokens["id_token"].as_str().unwrap()), ("prompt", "none")];
    let led = world.signed_in().await.authorize(&hint).await;
    assert!(led.back().contains_key("code"));
}

#[tokio::test]
async fn login_hint() {
    succeeds(("login_hint", "clerk")).await;
}

#[tokio::test]
async fn ui_locales() {
    let world = World::new().await;
    let led = world.browser().authorize(&[("ui_locales", "se en")]).await;
    assert!(led.0.header("location").starts_with("/en/sign-in?next="));
}

#[tokio::test]
async fn claims_locales() {
    succeeds(("claims_locales", "se")).await;
}

#[tokio::test]
async fn ensure_request_with_acr_values_succeeds() {
    succeeds(("acr_values", "1 2")).await;
}

#[tokio::test]
async fn request_uri_unsigned_supported_correctly_or_rejected() {
    let world = World::new().await;
    let uri = [("request_uri", "https://library.example/request.jwt")];
    assert_eq!(world.browser().authorize(&uri).await.error(), "request_uri_not_supported");
}

#[tokio::test]
async fn unsigned_request_object_supported_correctly_or_rejected() {
    let world = World::new().await;
    let object = [("request", "eyJhbGciOiJub25lIn0.e30.")];
    assert_eq!(world.browser().authorize(&object).await.error(), "request_not_supported");
}

#[tokio::test]
async fn ensure_request_object_with_redirect_uri() {
    let world = World::new().await;
    let object = [("request", "eyJhbGciOiJub25lIn0.e30."), ("redirect_uri", "")];
    assert_eq!(world.browser().authorize(&object).await.0.status, 400);
}

#[tokio::test]
async fn claims_essential() {
    let world = World::new().await;
    let wanted = r#"{"userinfo":{"name":{"essential":true}}}"#;
    let tokens = world.tokens(&[("claims", wanted)]).await;
    let info = world.userinfo(tokens["access_token"].as_str().unwrap()).await;
    assert_eq!(info.json()["name"], "王小明");
}
