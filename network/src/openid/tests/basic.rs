//! The modules of the Basic OP certification plan (`oidcc-basic-certification-test-plan`), by name: responses, ID
//! token, user info, nonce, scopes. At the level of the provider's logic; over HTTP they are in `web`.

use serde_json::{Value, json};

use super::support::{BACK, City, Outcome, VERIFIER, challenge};
use crate::applications::{Authentication, Subject};
use crate::openid::Algorithm;

#[tokio::test]
async fn server_test() {
    let mut city = City::new().await;
    let who = city.someone().await;
    let answer = city.authorize(&[], Some(&who)).await.back();
    assert_eq!(answer["state"], "a state");
    assert_eq!(answer["iss"], "https://id.example");
    // What the registered address had in its query stays.
    assert_eq!(answer["from"], "haihe");
    let tokens = city.exchange(&answer["code"]).await.unwrap();
    let members = tokens.members();
    assert_eq!(members["token_type"], "Bearer");
    assert_eq!(members["expires_in"], 600);
    assert_eq!(members["scope"], "openid");
    let claims = city.verified(&tokens.id_token.unwrap());
    assert_eq!(claims["aud"], "library");
    assert_eq!(claims["nonce"], "a nonce");
    assert_eq!(claims["iat"], city.now.as_second());
    assert_eq!(claims["exp"], city.now.as_second() + 600);
    assert_eq!(claims["auth_time"], city.now.as_second());
    assert_eq!(claims["amr"], json!(["pwd"]));
    assert_eq!(claims["acr"], "1");
    let subject = claims["sub"].as_str().unwrap();
    assert!(subject.is_ascii() && (1..=255).contains(&subject.len()));
    assert!(!claims.contains_key("name"));
}

#[tokio::test]
async fn response_type_missing() {
    let mut city = City::new().await;
    let who = city.someone().await;
    let answer = city.authorize(&[("response_type", "")], Some(&who)).await.back();
    assert_eq!(answer["error"], "invalid_request");
    assert_eq!(answer["state"], "a state");
    for other in ["token", "id_token", "code id_token", "none", "nonsense"] {
        let outcome = city.authorize(&[("response_type", other)], Some(&who)).await;
        assert_eq!(outcome.error(), "unsupported_response_type", "{other}");
    }
}

#[tokio::test]
async fn id_token_signature() {
    for algorithm in Algorithm::ALL {
        let mut city = City::with(|it| it.algorithm = algorithm).await;
        let who = city.someone().await;
        let token = city.tokens(&[], &who).await.id_token.unwrap();
        let header = jsonwebtoken::decode_header(&token).unwrap();
        assert_eq!(format!("{:?}", header.alg), algorithm.as_str());
        city.verified(&token);
    }
}

/// The plan allows a provider not to offer unsigned tokens; here nothing can be registered that would ask for one.
#[tokio::test]
async fn id_token_unsigned() {
    assert!("none".parse::<Algorithm>().is_err());
    let mut city = City::new().await;
    let who = city.someone().await;
    let token = city.tokens(&[], &who).await.id_token.unwrap();
    assert_eq!(token.split('.').filter(|it| !it.is_empty()).count(), 3);
}

#[tokio::test]
async fn user_info_get() {
    let mut city = City::new().await;
    let who = city.someone().await;
    let tokens = city.tokens(&[], &who).await;
    let info = city.userinfo(&tokens.access_token).await.unwrap();
    let claims = city.verified(&tokens.id_token.unwrap());
    assert_eq!(info["sub"], claims["sub"]);
    assert_eq!(info.len(), 1);
}

/// However the token comes, it is the same one.
#[tokio::test]
async fn user_info_post_header() {
    let mut city = City::new().await;
    let who = city.someone().await;
    let tokens = city.tokens(&[("scope", "openid email")], &who).await;
    let info = city.userinfo(&tokens.access_token).await.unwrap();
    assert_eq!(info["email"], "wang@example.org");
    assert_eq!(city.userinfo("").await, Err("invalid_token".to_owned()));
}

#[tokio::test]
async fn user_info_post_body() {
    let mut city = City::new().await;
    let who = city.someone().await;
    let tokens = city.tokens(&[], &who).await;
    assert!(city.userinfo(&tokens.access_token).await.is_ok());
    city.later(601);
    assert_eq!(city.userinfo(&tokens.access_token).await, Err("invalid_token".to_owned()));
}

#[tokio::test]
async fn ensure_request_without_nonce_succeeds_for_code_flow() {
    let mut city = City::new().await;
    let who = city.someone().await;
    let tokens = city.tokens(&[("nonce", "")], &who).await;
    assert!(!city.verified(&tokens.id_token.unwrap()).contains_key("nonce"));
}

/// What an application sees with a scope.
async fn seen(scope: &str) -> Value {
    let mut city = City::new().await;
    let who = city.someone().await;
    let tokens = city.tokens(&[("scope", scope)], &who).await;
    let mut info = city.userinfo(&tokens.access_token).await.unwrap();
    info.remove("sub").unwrap();
    Value::Object(info)
}

#[tokio::test]
async fn scope_profile() {
    let expected = json!({
        "name": "王小明",
        "family_name": "王",
        "given_name": "小明",
        "preferred_username": "wang",
        "locale": "zh-CN",
        "updated_at": 1_700_000_000,
    });
    assert_eq!(seen("openid profile").await, expected);
}

#[tokio::test]
async fn scope_email() {
    let expected = json!({ "email": "wang@example.org", "email_verified": true });
    assert_eq!(seen("openid email").await, expected);
}

#[tokio::test]
async fn scope_address() {
    let expected = json!({ "address": { "formatted": "天津市和平区" } });
    assert_eq!(seen("openid address").await, expected);
}

#[tokio::test]
async fn scope_phone() {
    let expected = json!({ "phone_number": "+86 22 1234 5678", "phone_number_verified": false });
    assert_eq!(seen("openid phone").await, expected);
}

#[tokio::test]
async fn scope_all() {
    let all = seen("openid profile email address phone organisation roles").await;
    for claim in ["name", "email", "address", "phone_number", "organisation"] {
        assert!(all.get(claim).is_some(), "{claim}");
    }
    assert_eq!(all["organisation"]["code"], "s1");
    assert_eq!(all["roles"], json!([]));
}

#[tokio::test]
async fn ensure_other_scope_order_succeeds() {
    assert_eq!(seen("email unheard_of openid").await, seen("openid email").await);
}

#[tokio::test]
async fn a_scope_without_openid_is_refused() {
    let mut city = City::new().await;
    let who = city.someone().await;
    for scope in ["", "profile", "OPENID"] {
        let outcome = city.authorize(&[("scope", scope)], Some(&who)).await;
        assert_eq!(outcome.error(), "invalid_scope", "{scope}");
    }
}

#[tokio::test]
async fn auth_code_reuse() {
    let mut city = City::new().await;
    let who = city.someone().await;
    let code = city.authorize(&[], Some(&who)).await.code();
    let tokens = city.exchange(&code).await.unwrap();
    assert!(city.works(&tokens.access_token).await);
    assert_eq!(city.exchange(&code).await.unwrap_err().code.as_str(), "invalid_grant");
    assert!(!city.works(&tokens.access_token).await);
}

#[tokio::test]
async fn auth_code_reuse_after_30_seconds() {
    let mut city = City::new().await;
    let who = city.someone().await;
    let code = city.authorize(&[("scope", "openid offline_access")], Some(&who)).await.code();
    let tokens = city.exchange(&code).await.unwrap();
    city.later(30);
    assert_eq!(city.exchange(&code).await.unwrap_err().code.as_str(), "invalid_grant");
    assert!(!city.works(&tokens.access_token).await);
    assert!(city.refresh(&tokens.refresh_token.unwrap()).await.is_err());
}

#[tokio::test]
async fn ensure_registered_redirect_uri() {
    let mut city = City::new().await;
    let who = city.someone().await;
    let others = [
        "",
        "https://library.example/back",
        "https://library.example/back?from=haihe&more=1",
        "https://library.example/back/../back?from=haihe",
        "https://LIBRARY.example/back?from=haihe",
        "https://library.example:443/back?from=haihe",
        "https://library.example/back?from=haihe#fragment",
        "https://library.example.evil.example/back?from=haihe",
        "javascript:alert(1)",
    ];
    for other in others {
        let outcome = city.authorize(&[("redirect_uri", other)], Some(&who)).await;
        assert!(matches!(outcome, Outcome::Page("no-redirect")), "{other}: {outcome:?}");
    }
    // Nor does a wrong application get the browser anywhere.
    for other in ["", "unheard-of", "LIBRARY", "../x"] {
        let outcome = city.authorize(&[("client_id", other)], Some(&who)).await;
        assert!(matches!(outcome, Outcome::Page("no-application")), "{other}: {outcome:?}");
    }
}

#[tokio::test]
async fn ensure_post_request_succeeds() {
    // Names and values are the same, however they were sent: that they are is tested over HTTP.
    let mut city = City::new().await;
    let who = city.someone().await;
    assert!(city.authorize(&[("display", "page")], Some(&who)).await.back().contains_key("code"));
}

#[tokio::test]
async fn server_test_client_secret_post() {
    let mut city = City::with(|it| it.authentication = Authentication::SecretInBody).await;
    let who = city.someone().await;
    let code = city.authorize(&[], Some(&who)).await.code();
    let secret = city.secret("library").to_owned();
    let given = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", BACK),
        ("client_id", "library"),
        ("client_secret", &secret),
    ];
    assert!(city.token_as(None, &given).await.is_ok());
}

#[tokio::test]
async fn refresh_token() {
    let mut city = City::new().await;
    let who = city.someone().await;
    let first = city.tokens(&[("scope", "openid email offline_access")], &who).await;
    city.later(3600);
    let second = city.refresh(&first.refresh_token.unwrap()).await.unwrap();
    let info = city.userinfo(&second.access_token).await.unwrap();
    assert_eq!(info["email"], "wang@example.org");
    let before = city.verified(&first.id_token.unwrap());
    let after = city.verified(&second.id_token.unwrap());
    for same in ["iss", "sub", "aud", "auth_time", "sid", "acr", "amr"] {
        assert_eq!(before[same], after[same], "{same}");
    }
    assert!(!after.contains_key("nonce"));
    assert_ne!(before["iat"], after["iat"]);
}

#[tokio::test]
async fn ensure_request_with_valid_pkce_succeeds() {
    let mut city = City::with(|it| it.proof_required = true).await;
    let who = city.someone().await;
    let challenge = challenge();
    let proof = [("code_challenge", challenge.as_str()), ("code_challenge_method", "S256")];
    let given = |code: &str, verifier: &str| {
        vec![
            ("grant_type", "authorization_code".to_owned()),
            ("redirect_uri", BACK.to_owned()),
            ("code", code.to_owned()),
            ("code_verifier", verifier.to_owned()),
        ]
    };
    let wrong = VERIFIER.replace('a', "b");
    for (verifier, fits) in [(VERIFIER, true), (&wrong, false), ("", false), ("short", false)] {
        let code = city.authorize(&proof, Some(&who)).await.code();
        let given = given(&code, verifier);
        let given: Vec<(&str, &str)> = given.iter().map(|(a, b)| (*a, b.as_str())).collect();
        assert_eq!(city.token(&given).await.is_ok(), fits, "{verifier}");
    }
    let without = [("code_challenge", "")];
    assert_eq!(city.authorize(&without, Some(&who)).await.error(), "invalid_request");
    for method in ["plain", "", "s256"] {
        let weak = [("code_challenge", challenge.as_str()), ("code_challenge_method", method)];
        assert_eq!(city.authorize(&weak, Some(&who)).await.error(), "invalid_request");
    }
}

#[tokio::test]
async fn two_applications_cannot_join_their_people() {
    let mut city = City::new().await;
    let sector = |it: &str| Subject::Pairwise { sector: it.to_owned() };
    city.register("canteen", |it| it.subject = sector("canteen")).await;
    city.register("shelves", |it| it.subject = sector("library")).await;
    city.register("plain", |it| it.subject = Subject::Public).await;
    let who = city.someone().await;
    let mut subjects = Vec::new();
    for application in ["library", "canteen", "shelves", "plain"] {
        let code = city.authorize(&[("client_id", application)], Some(&who)).await.code();
        let given = [("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", BACK)];
        let header = city.basic(application);
        let tokens = city.token_as(Some(&header), &given).await.unwrap();
        subjects.push(city.verified(&tokens.id_token.unwrap())["sub"].clone());
    }
    assert_ne!(subjects[0], subjects[1]);
    assert_eq!(subjects[0], subjects[2]);
    assert_eq!(subjects[3], who.account.to_string());
}
