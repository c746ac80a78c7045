//! Signing in with an account of another house, which is a second site like this one.

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use model::Bilingual;
use network::audit::Actor;
use network::invitations::{self, Invited};
use network::outside::{self, Ask};
use network::passwords::Policies;
use network::roles::Roles;
use network::secret::CentreKey;
use network::testing::{Counting, at};
use network::{AccountId, accounts};
use std::sync::Arc;
use tower::ServiceExt;
use web::Asking;

use super::flow::{Browser, World, onward};
use crate::site::{Answer, Site};

const HOUSE: &str = "http://localhost:8080";

/// Answers what is asked elsewhere.
fn answer(house: Router, ask: Ask) -> Asking {
    Box::pin(async move {
        let path = ask.address.strip_prefix(HOUSE).unwrap().to_owned();
        let method = if ask.form.is_some() { "POST" } else { "GET" };
        let mut request =
            Request::builder().method(method).uri(path).header("host", "localhost:8080");
        if let Some(authorization) = ask.authorization {
            request = request.header("authorization", authorization);
        }
        request = request.header("content-type", "application/x-www-form-urlencoded");
        let request = request.body(Body::from(ask.form.unwrap_or_default()))?;
        let response = house.oneshot(request).await?;
        if !response.status().is_success() {
            return Err(format!("it answered {}", response.status()).into());
        }
        Ok(response.into_body().collect().await?.to_bytes().to_vec())
    })
}

/// The other house, this centre that knows it, and an account here.
async fn both() -> (World, Site, AccountId) {
    let house = World::with(|it| {
        it.redirects = vec![format!("{HOUSE}/sign-in/outside/back")];
        it.authentication = network::applications::Authentication::SecretInHeader;
        it.proof_required = true;
    })
    .await;
    let router = house.site.router();
    let site =
        Site::surrounded(|it| it.ask = Arc::new(move |ask| answer(router.clone(), ask))).await;
    let provider = outside::Provider {
        code: "school".parse().unwrap(),
        name: Bilingual::new("学校", "School"),
        issuer: HOUSE.to_owned(),
        client: "library".to_owned(),
        secret: Some(house.secret.clone()),
        organisation: None,
    };
    let (key, mut entropy) = (CentreKey::new([7; 32]), Counting::beginning_at(3_000_000));
    outside::add(&site.store, &key, &provider, Actor::System, &mut entropy, at(0)).await.unwrap();
    let (login, name) = ("wang".parse().unwrap(), "王小明".parse().unwrap());
    let home = "990101".parse().unwrap();
    let account = accounts::open(&site.store, &login, &name, &home, at(0), &mut entropy);
    let account = account.await.unwrap();
    (house, site, account)
}

/// From the sign-in here to the house, and where the house sends the browser back to.
async fn there(browser: &mut Browser<'_>, house: &World) -> String {
    let page = browser.open("/en/sign-in?next=/account").await;
    assert!(page.text().contains("Sign in with your account at School"));
    let form = [("provider", "school"), ("next", "/account")];
    let left = browser.submit("/en/sign-in/outside", &form).await;
    let to = onward(&left.text());
    let back = house.signed_in().await.open(to.strip_prefix(HOUSE).unwrap()).await;
    let back = back.header("location").to_owned();
    back.strip_prefix(HOUSE).unwrap().to_owned()
}

async fn signed_in(browser: &mut Browser<'_>, house: &World) -> Answer {
    let back = there(browser, house).await;
    browser.open(&back).await
}

async fn linked(site: &Site, account: AccountId) {
    let request = outside::open_requests(&site.store).await.unwrap().remove(0);
    assert_eq!((request.said_name.as_str(), request.said_login.as_str()), ("王小明", "clerk"));
    let person = accounts::find(&site.store, account).await.unwrap().unwrap().person;
    let mut entropy = Counting::beginning_at(4_000_000);
    outside::link(&site.store, request.id, person, Actor::System, &mut entropy, at(0))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_person_signs_in_with_an_account_of_another_house_once_it_is_linked() {
    let (house, site, account) = both().await;
    let mut browser = Browser::of(&site);
    let stranger = signed_in(&mut browser, &house).await;
    assert_eq!(stranger.status, 403);
    assert!(stranger.text().contains("Your outside account is not linked yet"));
    assert_eq!(browser.open("/account").await.status, 303);
    linked(&site, account).await;
    let known = signed_in(&mut browser, &house).await;
    assert_eq!(known.header("location"), "/en/account");
    assert!(browser.open("/en/account").await.text().contains("wang"));
}

#[tokio::test]
async fn an_answer_is_taken_in_the_browser_that_asked_and_once() {
    let (house, site, account) = both().await;
    let mut browser = Browser::of(&site);
    signed_in(&mut browser, &house).await;
    linked(&site, account).await;
    let back = there(&mut browser, &house).await;
    // Sent to somebody else, who would be signed in as another.
    let mut other = Browser::of(&site);
    assert_eq!(other.open(&back).await.status, 403);
    assert_eq!(browser.open(&back).await.status, 303);
    assert_eq!(browser.open(&back).await.status, 403);
}

#[tokio::test]
async fn a_house_that_does_not_answer_signs_nobody_in() {
    let (house, site, _) = both().await;
    let mut browser = Browser::of(&site);
    let back = there(&mut browser, &house).await;
    let wrong = back.replace("code=", "code=x");
    let answer = browser.open(&wrong).await;
    assert_eq!(answer.status, 403);
    assert!(answer.text().contains("You are not signed in"));
    browser.open("/sign-in").await;
    let nobody = [("provider", "nobody")];
    assert_eq!(browser.submit("/sign-in/outside", &nobody).await.status, 404);
}

#[tokio::test]
async fn asvs_2_4_1_whoever_goes_elsewhere_again_and_again_has_to_wait() {
    let (_, site, _) = both().await;
    let mut browser = Browser::of(&site);
    browser.open("/sign-in").await;
    let form = [("provider", "nobody")];
    for _ in 0..120 {
        assert_eq!(browser.submit("/sign-in/outside", &form).await.status, 404);
    }
    let answer = browser.submit("/sign-in/outside", &form).await;
    assert_eq!(answer.status, 429);
    assert!(answer.text().contains("登录过于频繁"), "{}", answer.text());
    let seconds: i64 = answer.header("retry-after").parse().unwrap();
    assert!((1..=61).contains(&seconds));
    site.later(seconds);
    assert_eq!(browser.submit("/sign-in/outside", &form).await.status, 404);
}

/// One account more of whoever has one, at another organisation.
async fn another(site: &Site, account: AccountId) -> AccountId {
    let owner = accounts::find(&site.store, account).await.unwrap().unwrap();
    let mut entropy = Counting::beginning_at(5_000_000);
    let invited = Invited {
        login: "wang.night".parse().unwrap(),
        name: owner.name,
        organisation: "990102".parse().unwrap(),
        role: None,
        account: None,
        invited_by: "system".to_owned(),
    };
    let (_, token) = invitations::invite(&site.store, &invited, at(0), &mut entropy).await.unwrap();
    let (policies, whose) = (Policies::shipped().unwrap(), Some(owner.person));
    let (roles, chosen) = (Roles::national(), ("phc", policies.policy("asvs").unwrap()));
    let (store, entropy) = (&site.store, &mut entropy);
    let accepted =
        invitations::accept_as(store, &roles, whose, &token, chosen, at(0), entropy).await;
    accepted.unwrap().account
}

#[tokio::test]
async fn somebody_with_several_accounts_chooses_one() {
    let (house, site, account) = both().await;
    let mut browser = Browser::of(&site);
    signed_in(&mut browser, &house).await;
    linked(&site, account).await;
    let second = another(&site, account).await.to_string();
    let back = signed_in(&mut browser, &house).await;
    assert_eq!(back.header("location"), "/en/sign-in/outside/choice");
    assert_eq!(browser.open("/en/account").await.status, 303, "nobody is signed in yet");
    let page = browser.open("/en/sign-in/outside/choice").await;
    assert_eq!(page.header("cache-control"), "no-store");
    let text = page.text();
    assert!(text.contains("Choose an account"), "{text}");
    for login in ["<code>wang</code>", "<code>wang.night</code>"] {
        assert!(text.contains(login), "{text}");
    }
    let chosen = browser.submit("/en/sign-in/outside/choice", &[("account", &second)]).await;
    assert_eq!(chosen.header("location"), "/en/account");
    let own = browser.open("/en/account").await.text();
    assert!(own.contains("wang.night"), "{own}");
}

#[tokio::test]
async fn a_choice_is_for_the_browser_that_came_back_and_from_a_page_of_this_site() {
    let (house, site, account) = both().await;
    let mut browser = Browser::of(&site);
    signed_in(&mut browser, &house).await;
    linked(&site, account).await;
    let second = another(&site, account).await.to_string();
    signed_in(&mut browser, &house).await;
    let (form, choice) = ([("account", second.as_str())], "/sign-in/outside/choice");
    browser.open(choice).await;
    let forged = browser.post(choice, &[("csrf", "x"), ("account", &second)]).await;
    assert_eq!(forged.status, 403);
    let mut other = Browser::of(&site);
    assert_eq!(other.open(choice).await.status, 403);
    other.open("/sign-in").await;
    assert_eq!(other.submit(choice, &form).await.status, 403);
    // What somebody else tried took nothing away; what is none of the own accounts does.
    assert_eq!(browser.open(choice).await.status, 200);
    let strange = [("account", "0192c4a0-0000-7000-8000-000000000000")];
    assert_eq!(browser.submit(choice, &strange).await.status, 403);
    assert_eq!(browser.open(choice).await.status, 403);
    assert_eq!(browser.open("/account").await.status, 303);
}
