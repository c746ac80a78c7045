//! What stands around the provider: consent, signing out, other sites' scripts, whoever tries secrets.

use serde_json::json;

use super::flow::{Led, World, onward};

#[tokio::test]
async fn a_person_agrees_or_does_not_and_can_be_sure_where_it_leads() {
    let world = World::with(|it| it.consent_asked = true).await;
    let mut browser = world.signed_in().await;
    for (answer, member) in [("no", "error"), ("yes", "code")] {
        let led = browser.authorize(&[("scope", "openid email"), ("ui_locales", "en")]).await;
        let question = led.0.header("location").to_owned();
        let page = browser.open(&question).await;
        assert!(page.text().contains("“Library” wants to see something of you"));
        assert!(page.text().contains("Electronic mail") && page.text().contains("library.example"));
        let request = browser.hidden("request");
        let given = [("request", request.as_str()), ("answer", answer)];
        let answered = browser.submit("/en/openid/consent", &given).await;
        let last = match answered.header("location") {
            "" => answered,
            next => {
                let next = next.to_owned();
                browser.open(&next).await
            }
        };
        // Never as what follows on the form: the policy of pages says that forms stay here.
        assert_eq!(last.header("location"), "");
        assert!(last.header("content-security-policy").contains("form-action 'self'"));
        assert!(Led(last).back().contains_key(member), "{answer}");
    }
    // Asked once.
    assert!(browser.authorize(&[("scope", "openid email")]).await.back().contains_key("code"));
}

#[tokio::test]
async fn what_was_agreed_to_is_listed_and_taken_back() {
    let world = World::with(|it| it.consent_asked = true).await;
    let mut browser = world.signed_in().await;
    let led = browser.authorize(&[("scope", "openid email offline_access")]).await;
    let question = led.0.header("location").to_owned();
    browser.open(&question).await;
    let request = browser.hidden("request");
    let given = [("request", request.as_str()), ("answer", "yes")];
    let next = browser.submit("/openid/consent", &given).await.header("location").to_owned();
    let code = Led(browser.open(&next).await).back().remove("code").unwrap();
    let tokens = world.exchange(&code).await;
    let page = browser.open("/account/applications").await.text();
    assert!(page.contains("图书馆") && page.contains("电子邮箱") && page.contains("也可以查看"));
    let out =
        browser.submit("/account/applications/withdrawal", &[("application", "library")]).await;
    assert_eq!(out.header("location"), "/account/applications");
    let page = browser.open("/account/applications").await.text();
    assert!(page.contains("您还没有向任何应用提供信息"));
    assert_eq!(world.userinfo(tokens["access_token"].as_str().unwrap()).await.status, 401);
}

#[tokio::test]
async fn the_start_page_leads_to_applications_and_says_how_often_they_are_used() {
    let world = World::with(|it| it.home = Some("https://library.example".to_owned())).await;
    world.tokens(&[]).await;
    world.tokens(&[]).await;
    let page = world.signed_in().await.open("/en/start").await.text();
    assert!(page.contains("<a href=\"https://library.example\">Library</a>"), "{page}");
    assert!(page.contains("Lends books<br>Signed in to 2 times in 30 days."), "{page}");
}

#[tokio::test]
async fn a_person_signs_out_where_the_application_asks_for_it() {
    let world = World::new().await;
    let mut browser = world.signed_in().await;
    let code = browser.authorize(&[]).await.back()["code"].clone();
    let tokens = world.exchange(&code).await;
    let hint = format!(
        "/openid/logout?id_token_hint={}&post_logout_redirect_uri=https%3A%2F%2Flibrary.example%2Fbye&state=x",
        tokens["id_token"].as_str().unwrap()
    );
    let out = browser.open(&hint).await;
    assert_eq!(out.header("location"), "https://library.example/bye?state=x");
    assert_eq!(world.userinfo(tokens["access_token"].as_str().unwrap()).await.status, 401);
    assert_eq!(browser.open("/start").await.status, 303);
}

#[tokio::test]
async fn a_form_of_the_application_signs_a_person_out_too() {
    let world = World::new().await;
    let mut browser = world.signed_in().await;
    let code = browser.authorize(&[]).await.back()["code"].clone();
    let tokens = world.exchange(&code).await;
    let hint = [("id_token_hint", tokens["id_token"].as_str().unwrap()), ("state", "a b")];
    // As from another site: without a cookie.
    let led = world.post("/openid/logout", &[], &hint).await;
    let next = led.header("location").to_owned();
    assert_eq!(browser.open(&next).await.status, 200);
    assert_eq!(browser.open("/start").await.status, 303);
}

#[tokio::test]
async fn no_other_site_signs_a_person_out_unasked() {
    let world = World::new().await;
    let mut browser = world.signed_in().await;
    let asked = "/openid/logout?client_id=library\
                 &post_logout_redirect_uri=https%3A%2F%2Flibrary.example%2Fbye";
    let page = browser.open(asked).await;
    assert!(page.text().contains("要退出登录吗"));
    assert_eq!(browser.open("/start").await.status, 200);
    browser.open(asked).await;
    let query = browser.hidden("query");
    let out = browser.submit("/openid/sign-out", &[("query", &query)]).await;
    assert_eq!(onward(&out.text()), "https://library.example/bye");
    assert_eq!(browser.open("/start").await.status, 303);
}

#[tokio::test]
async fn scripts_of_other_sites_read_what_has_no_cookie_in_it() {
    let world = World::new().await;
    let paths = ["/openid/jwks", "/.well-known/openid-configuration", "/openid/userinfo"];
    for path in paths {
        let answer = world.get(path).await;
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{path}");
        assert_eq!(answer.header("access-control-allow-credentials"), "", "{path}");
    }
    let before = world.site.ask("OPTIONS", "/openid/token", &[]).await;
    assert_eq!(before.status, 204);
    assert!(before.header("access-control-allow-headers").contains("authorization"));
    let closed = world.browser().authorize(&[("prompt", "none")]).await;
    assert_eq!(closed.0.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn an_application_that_does_not_prove_itself_is_told_how() {
    let world = World::with(|it| {
        it.authentication = network::applications::Authentication::SecretInHeader;
    })
    .await;
    let given = [("grant_type", "authorization_code"), ("code", "x")];
    let wrong = ("authorization", "Basic bGlicmFyeTp3cm9uZw==");
    let answer = world.post("/openid/token", &[wrong], &given).await;
    assert_eq!(answer.status, 401);
    assert!(answer.header("www-authenticate").starts_with("Basic"));
    let expected = json!({
        "error": "invalid_client",
        "error_description": "the application is unknown or did not prove itself",
    });
    assert_eq!(answer.json(), expected);
    let no_form = world.site.send("POST", "/openid/token", &[("host", "localhost:8080")], "{}");
    assert_eq!(no_form.await.json()["error"], "invalid_request");
}

#[tokio::test]
async fn asvs_2_4_1_whoever_tries_secrets_is_made_to_wait() {
    let world = World::new().await;
    let wrong =
        [("client_id", "library"), ("client_secret", "wrong"), ("grant_type", "refresh_token")];
    for _ in 0..30 {
        assert_eq!(world.post("/openid/token", &[], &wrong).await.status, 401);
    }
    let waits = world.post("/openid/token", &[], &wrong).await;
    assert_eq!((waits.status.as_u16(), waits.header("retry-after")), (429, "61"));
    world.site.later(61);
    assert_eq!(world.post("/openid/token", &[], &wrong).await.status, 401);
}

#[tokio::test]
async fn tokens_are_looked_at_and_given_back() {
    let world = World::new().await;
    let tokens = world.tokens(&[]).await;
    let proof = [
        ("client_id", "library"),
        ("client_secret", world.secret.as_str()),
        ("token", tokens["access_token"].as_str().unwrap()),
    ];
    let look = world.post("/openid/introspect", &[], &proof).await;
    assert_eq!((&look.json()["active"], look.header("cache-control")), (&true.into(), "no-store"));
    assert_eq!(world.post("/openid/revoke", &[], &proof).await.status, 200);
    let look = world.post("/openid/introspect", &[], &proof).await;
    assert_eq!(look.json(), json!({ "active": false }));
}
