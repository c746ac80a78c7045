//! Modules of the Basic OP certification plan, by name: responses, ID token, user info, nonce, scopes, code.

use serde_json::Value;

use super::flow::{BACK, World, claims, request};

#[tokio::test]
async fn server_test() {
    let world = World::new().await;
    let mut browser = world.browser();
    // From the application to the sign-in, and back to the application with a code.
    let led = browser.authorize(&[]).await;
    assert_eq!(led.0.status, 303);
    let sign_in = led.0.header("location").to_owned();
    let next = sign_in.strip_prefix("/sign-in?next=").unwrap();
    let next = next.replace("%3F", "?").replace("%3D", "=");
    browser.open(&sign_in).await;
    let signed_in = browser.sign_in(&next).await;
    assert_eq!(signed_in.header("location"), next);
    let page = browser.open(&next).await;
    let answer = super::flow::Led(page).back();
    assert_eq!(
        (answer["state"].as_str(), answer["iss"].as_str()),
        ("a state", "http://localhost:8080")
    );
    let tokens = world.exchange(&answer["code"]).await;
    assert_eq!(tokens["token_type"], "Bearer");
    let claims = claims(&tokens);
    assert_eq!(claims["iss"], "http://localhost:8080");
    assert_eq!((&claims["aud"], &claims["nonce"]), (&"library".into(), &"a nonce".into()));
    // The way there is over.
    assert_eq!(browser.open(&next).await.status, 400);
}

#[tokio::test]
async fn response_type_missing() {
    let world = World::new().await;
    let led = world.browser().authorize(&[("response_type", "")]).await;
    assert_eq!(led.error(), "invalid_request");
}

#[tokio::test]
async fn id_token_signature() {
    let world = World::new().await;
    let tokens = world.tokens(&[]).await;
    let keys = world.get("/openid/jwks").await.json();
    let header = tokens["id_token"].as_str().unwrap().split('.').next().unwrap().to_owned();
    // The key that signed is published; that its signature holds is tested with the provider itself.
    let fake = serde_json::json!({ "id_token": format!(".{header}.") });
    let header = claims(&fake);
    let known = keys["keys"].as_array().unwrap().iter().any(|it| it["kid"] == header["kid"]);
    assert!(known && header["alg"] == "ES256");
}

#[tokio::test]
async fn id_token_unsigned() {
    let world = World::new().await;
    let description = world.get("/.well-known/openid-configuration").await.json();
    let algorithms = &description["id_token_signing_alg_values_supported"];
    assert!(algorithms.as_array().unwrap().iter().all(|it| it != "none"));
}

#[tokio::test]
async fn user_info_get() {
    let world = World::new().await;
    let tokens = world.tokens(&[]).await;
    let info = world.userinfo(tokens["access_token"].as_str().unwrap()).await;
    assert_eq!(info.status, 200);
    assert_eq!(info.json()["sub"], claims(&tokens)["sub"]);
    assert_eq!(info.header("cache-control"), "no-store");
}

#[tokio::test]
async fn user_info_post_header() {
    let world = World::new().await;
    let tokens = world.tokens(&[]).await;
    let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    let info = world.post("/openid/userinfo", &[("authorization", &bearer)], &[]).await;
    assert_eq!(info.json()["sub"], claims(&tokens)["sub"]);
}

#[tokio::test]
async fn user_info_post_body() {
    let world = World::new().await;
    let tokens = world.tokens(&[]).await;
    let token = ("access_token", tokens["access_token"].as_str().unwrap());
    let info = world.post("/openid/userinfo", &[], &[token]).await;
    assert_eq!(info.json()["sub"], claims(&tokens)["sub"]);
    let bearer = format!("Bearer {}", token.1);
    let both = world.post("/openid/userinfo", &[("authorization", &bearer)], &[token]).await;
    assert_eq!(both.status, 400);
}

#[tokio::test]
async fn ensure_request_without_nonce_succeeds_for_code_flow() {
    let world = World::new().await;
    assert_eq!(claims(&world.tokens(&[("nonce", "")]).await).get("nonce"), None);
}

async fn seen(scope: &str) -> Value {
    let world = World::new().await;
    let tokens = world.tokens(&[("scope", scope)]).await;
    world.userinfo(tokens["access_token"].as_str().unwrap()).await.json()
}

#[tokio::test]
async fn scope_profile() {
    let seen = seen("openid profile").await;
    assert_eq!((&seen["name"], seen.get("email")), (&"王小明".into(), None));
}

#[tokio::test]
async fn scope_email() {
    assert_eq!(seen("openid email").await["email"], "wang@example.org");
}

#[tokio::test]
async fn scope_address() {
    assert_eq!(seen("openid address").await["address"]["formatted"], "天津市");
}

#[tokio::test]
async fn scope_phone() {
    assert_eq!(seen("openid phone").await["phone_number"], "+86 22 1234 5678");
}

#[tokio::test]
async fn scope_all() {
    let seen = seen("openid profile email address phone organisation roles").await;
    assert_eq!(seen["organisation"]["code"], "990101");
    assert!(seen["roles"].is_array() && seen["email"].is_string() && seen["name"].is_string());
}

#[tokio::test]
async fn ensure_other_scope_order_succeeds() {
    assert_eq!(seen("email openid").await["email"], "wang@example.org");
}

#[tokio::test]
async fn auth_code_reuse() {
    let world = World::new().await;
    let code = world.signed_in().await.authorize(&[]).await.back()["code"].clone();
    let tokens = world.exchange(&code).await;
    let given = [("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", BACK)];
    let again = world.token(&given).await;
    assert_eq!((again.status.as_u16(), &again.json()["error"]), (400, &"invalid_grant".into()));
    let info = world.userinfo(tokens["access_token"].as_str().unwrap()).await;
    assert_eq!(info.status, 401);
    assert!(info.header("www-authenticate").contains("error=\"invalid_token\""));
}

#[tokio::test]
async fn auth_code_reuse_after_30_seconds() {
    let world = World::new().await;
    let code = world.signed_in().await.authorize(&[]).await.back()["code"].clone();
    world.exchange(&code).await;
    world.site.later(30);
    let given = [("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", BACK)];
    assert_eq!(world.token(&given).await.json()["error"], "invalid_grant");
}

#[tokio::test]
async fn ensure_registered_redirect_uri() {
    let world = World::new().await;
    let mut browser = world.signed_in().await;
    for other in ["https://evil.example/back", "https://library.example/back/", ""] {
        let led = browser.authorize(&[("redirect_uri", other)]).await;
        assert_eq!((led.0.status.as_u16(), led.0.header("location")), (400, ""), "{other}");
        assert!(led.0.text().contains("返回地址没有登记"));
    }
}

#[tokio::test]
async fn ensure_post_request_succeeds() {
    let world = World::new().await;
    let mut browser = world.signed_in().await;
    let pairs = [
        ("client_id", "library"),
        ("redirect_uri", BACK),
        ("response_type", "code"),
        ("scope", "openid"),
    ];
    let led = browser.post("/openid/authorize", &pairs).await;
    let next = led.header("location").to_owned();
    assert!(next.starts_with("/openid/continue?request="), "{next}");
    let led = super::flow::Led(browser.open(&next).await);
    assert!(led.back().contains_key("code"));
}

#[tokio::test]
async fn server_test_client_secret_post() {
    // The application of these tests is one; one that uses the header is tested beside it.
    let world = World::new().await;
    assert!(world.tokens(&[]).await["id_token"].is_string());
}

#[tokio::test]
async fn refresh_token() {
    let world = World::new().await;
    let first = world.tokens(&[("scope", "openid offline_access")]).await;
    let token = first["refresh_token"].as_str().unwrap();
    let given = [("grant_type", "refresh_token"), ("refresh_token", token)];
    let second = world.token(&given).await.json();
    assert_eq!(claims(&first)["sub"], claims(&second)["sub"]);
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    // A second time: someone else has it too.
    assert_eq!(world.token(&given).await.json()["error"], "invalid_grant");
    let info = world.userinfo(second["access_token"].as_str().unwrap()).await;
    assert_eq!(info.status, 401);
}

#[tokio::test]
async fn ensure_request_with_valid_pkce_succeeds() {
    // RFC 7636, appendix B.
    let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    let world = World::with(|it| it.proof_required = true).await;
    let mut browser = world.signed_in().await;
    let proof = [("code_challenge", challenge), ("code_challenge_method", "S256")];
    let code = browser.authorize(&proof).await.back()["code"].clone();
    let given = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", BACK),
        ("code_verifier", verifier),
    ];
    assert_eq!(world.token(&given[..3]).await.json()["error"], "invalid_grant");
    assert_eq!(world.token(&given).await.status, 200);
    assert_eq!(browser.authorize(&[]).await.error(), "invalid_request");
    assert!(!request(&[]).contains("code_challenge"));
}
