//! Signing out, and who is told.

use serde_json::{Value, json};

use super::support::{City, parameters};
use crate::openid::SignedIn;
use crate::openid::logout::{self, Logout, Notice};
use crate::sessions::{self, Ending};

async fn read(city: &City, pairs: &[(&str, &str)], who: Option<&SignedIn>) -> Logout {
    let session = who.map(|it| it.session);
    logout::read(&city.store, &city.provider, &parameters(pairs), session, city.now).await.unwrap()
}

#[tokio::test]
async fn whoever_shows_an_id_token_of_this_session_need_not_ask() {
    let mut city = City::new().await;
    let who = city.someone().await;
    let other = city.sign_in(who.account).await;
    let token = city.tokens(&[], &who).await.id_token.unwrap();
    city.later(86_400);
    let hint = ("id_token_hint", token.as_str());
    let bye = ("post_logout_redirect_uri", "https://library.example/bye");
    let logout = read(&city, &[hint, bye, ("state", "a b")], Some(&who)).await;
    assert!(logout.is_of_session);
    assert_eq!(logout.redirect.unwrap(), "https://library.example/bye?state=a+b");
    assert!(!read(&city, &[hint, bye], Some(&other)).await.is_of_session);
    assert!(!read(&city, &[hint, bye], None).await.is_of_session);
    let by_name = read(&city, &[("client_id", "library"), bye], Some(&who)).await;
    assert_eq!((by_name.is_of_session, by_name.redirect.is_some()), (false, true));
}

#[tokio::test]
async fn the_browser_goes_only_where_the_application_registered() {
    let mut city = City::new().await;
    city.register("canteen", |_| {}).await;
    let who = city.someone().await;
    let token = city.tokens(&[], &who).await.id_token.unwrap();
    let hint = ("id_token_hint", token.as_str());
    let elsewhere = ("post_logout_redirect_uri", "https://evil.example/bye");
    let bye = ("post_logout_redirect_uri", "https://library.example/bye");
    for given in [
        vec![hint, elsewhere],
        vec![bye],
        vec![("client_id", "canteen"), hint, bye],
        vec![("id_token_hint", "nonsense"), bye],
    ] {
        assert_eq!(read(&city, &given, Some(&who)).await.redirect, None, "{given:?}");
    }
}

async fn due(city: &mut City) -> Vec<Notice> {
    logout::due(&city.store, &city.provider, &mut city.entropy, city.now).await.unwrap()
}

#[tokio::test]
async fn applications_are_told_that_a_session_has_ended() {
    let mut city = City::new().await;
    city.register("deaf", |it| it.notices = None).await;
    let who = city.someone().await;
    let id_token = city.tokens(&[], &who).await.id_token.unwrap();
    assert_eq!(due(&mut city).await, []);
    sessions::end(
        &city.store,
        who.account,
        who.session,
        Ending::EndedByAdministrator(who.account),
        city.now,
    )
    .await
    .unwrap();
    let notices = due(&mut city).await;
    assert_eq!(notices.len(), 1);
    assert_eq!(notices[0].address, "https://library.example/notices");
    let header = jsonwebtoken::decode_header(&notices[0].token).unwrap();
    assert_eq!(header.typ.as_deref(), Some("logout+jwt"));
    let said = city.verified(&notices[0].token);
    assert_eq!(said["sid"], city.verified(&id_token)["sid"]);
    assert_eq!(said["aud"], "library");
    let event = json!({ "http://schemas.openid.net/event/backchannel-logout": {} });
    assert_eq!(said["events"], event);
    assert!(said["jti"].is_string());
    assert_eq!(said.get("nonce"), None::<&Value>);
    // Put off while it is being sent; sent again when nobody said that it arrived.
    assert_eq!(due(&mut city).await, []);
    city.later(16);
    let again = due(&mut city).await;
    assert_eq!(again.len(), 1);
    logout::delivered(&city.store, &again[0], city.now).await.unwrap();
    city.later(3600);
    assert_eq!(due(&mut city).await, []);
}

#[tokio::test]
async fn a_notice_that_nobody_takes_is_given_up() {
    let mut city = City::new().await;
    let who = city.someone().await;
    city.tokens(&[], &who).await;
    sessions::end(&city.store, who.account, who.session, Ending::SignedOut, city.now)
        .await
        .unwrap();
    let mut sent = 0;
    for _ in 0..100 {
        sent += due(&mut city).await.len();
        city.later(600);
    }
    assert_eq!(sent, 8);
}
