//! Applications prove themselves; what they may ask about tokens.

use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{EncodingKey, Header};
use serde_json::{Map, Value, json};

use super::support::{BACK, City, parameters};
use crate::applications::{self, Authentication};
use crate::grants::Authority;
use crate::openid::tokens::{INTROSPECTION, introspect, revoke};

#[tokio::test]
async fn an_application_proves_itself_in_the_way_it_registered_and_in_no_other() {
    let mut city = City::new().await;
    city.register("body", |it| it.authentication = Authentication::SecretInBody).await;
    city.register("open", |it| {
        it.authentication = Authentication::None;
        it.proof_required = true;
    })
    .await;
    let in_body = |code: &str, secret: &str| {
        vec![("client_id", code.to_owned()), ("client_secret", secret.to_owned())]
    };
    let (library, body) = (city.secret("library").to_owned(), city.secret("body").to_owned());
    let (in_header, wrong) = (city.basic("library"), city.basic("body"));
    type Case<'a> = (Option<&'a str>, Vec<(&'a str, String)>, bool);
    let cases: [Case<'_>; 9] = [
        (Some(&in_header), vec![], true),
        (Some(&in_header), vec![("client_id", "library".to_owned())], true),
        (Some(&in_header), vec![("client_id", "body".to_owned())], false),
        (Some(&wrong), vec![], false),
        (None, in_body("body", &body), true),
        (None, in_body("body", &library), false),
        (None, in_body("library", &library), false),
        (None, vec![("client_id", "open".to_owned())], true),
        (None, vec![("client_id", "library".to_owned())], false),
    ];
    for (header, given, proves) in cases {
        let mut given: Vec<(&str, &str)> = given.iter().map(|(a, b)| (*a, b.as_str())).collect();
        given.extend([("grant_type", "authorization_code"), ("code", "unheard of")]);
        let denial = city.token_as(header, &given).await.unwrap_err();
        // Whoever has proven itself is told of its code.
        let expected = if proves { "invalid_grant" } else { "invalid_client" };
        assert_eq!(denial.code.as_str(), expected, "{header:?} {given:?}");
    }
    let both = [("client_secret", body.as_str()), ("client_id", "body")];
    let denial = city.token_as(Some(&in_header), &both).await.unwrap_err();
    assert_eq!(denial.code.as_str(), "invalid_request");
}

#[tokio::test]
async fn a_code_is_for_the_application_and_the_address_it_was_given_for() {
    let mut city = City::new().await;
    city.register("canteen", |_| {}).await;
    let who = city.someone().await;
    let code = city.authorize(&[], Some(&who)).await.code();
    let given = [("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", BACK)];
    let canteen = city.basic("canteen");
    assert!(city.token_as(Some(&canteen), &given).await.is_err());
    let elsewhere = [given[0], given[1], ("redirect_uri", "https://library.example/other")];
    assert!(city.token(&elsewhere).await.is_err());
    assert!(city.token(&given[..2]).await.is_err());
    // None of them has used it up.
    assert!(city.exchange(&code).await.is_ok());
}

#[tokio::test]
async fn a_code_is_good_for_two_minutes() {
    let mut city = City::new().await;
    let who = city.someone().await;
    let code = city.authorize(&[], Some(&who)).await.code();
    city.later(120);
    assert!(city.exchange(&code).await.is_err());
}

/// An application with a key of its own, and its half of it.
async fn signing(city: &mut City) -> EncodingKey {
    use aws_lc_rs::rand::SystemRandom;
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};

    let (kind, chance) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
    let key = EcdsaKeyPair::generate_pkcs8(kind, &chance).unwrap();
    let key = EncodingKey::from_ec_der(key.as_ref());
    let public = Jwk::from_encoding_key(&key, jsonwebtoken::Algorithm::ES256).unwrap();
    let keys = serde_json::to_string(&JwkSet { keys: vec![public] }).unwrap();
    city.register("signer", |it| {
        it.authentication = Authentication::SignedAssertion;
        it.keys = Some(keys);
        it.services = ["roster".to_owned()].into();
    })
    .await;
    key
}

#[tokio::test]
async fn an_application_may_sign_for_itself_once_and_not_for_long() {
    let mut city = City::new().await;
    let key = signing(&mut city).await;
    let now = city.now.as_second();
    let good = json!({
        "iss": "signer", "sub": "signer", "aud": "https://id.example/openid/token",
        "exp": now + 300, "iat": now, "jti": "1",
    });
    let cases = [
        ("", Value::Null, true),
        // The same again.
        ("", Value::Null, false),
        ("jti", json!("2"), true),
        ("jti", Value::Null, false),
        ("aud", json!(["https://elsewhere.example", "https://id.example"]), true),
        ("aud", json!("https://elsewhere.example"), false),
        ("iss", json!("library"), false),
        ("sub", json!("library"), false),
        ("exp", json!(now - 61), false),
        ("exp", json!(now + 3600), false),
    ];
    for (number, (name, value, fits)) in cases.into_iter().enumerate() {
        let mut claims: Map<String, Value> = good.as_object().unwrap().clone();
        if !["", "jti"].contains(&name) {
            claims.insert("jti".to_owned(), json!(number.to_string() + " another"));
        }
        match (name, &value) {
            ("", _) => {}
            (name, Value::Null) => _ = claims.remove(name),
            (name, value) => _ = claims.insert(name.to_owned(), value.clone()),
        }
        let header = Header::new(jsonwebtoken::Algorithm::ES256);
        let assertion = jsonwebtoken::encode(&header, &claims, &key).unwrap();
        let given = [
            ("grant_type", "client_credentials"),
            ("client_assertion", &assertion),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ];
        assert_eq!(city.token_as(None, &given).await.is_ok(), fits, "{name} {value}");
    }
}

#[tokio::test]
async fn an_application_acts_for_itself_with_the_services_it_was_registered_for() {
    let mut city = City::new().await;
    let roster = "https://purl.imsglobal.org/spec/or/v1p2/scope/roster.readonly";
    city.register("robot", |it| it.services = [roster.to_owned(), "scim".to_owned()].into()).await;
    let header = city.basic("robot");
    let ask = |scope| [("grant_type", "client_credentials"), ("scope", scope)];
    let tokens = city.token_as(Some(&header), &ask(roster)).await.unwrap();
    assert_eq!((tokens.scope.as_str(), &tokens.id_token), (roster, &None));
    let bearer = crate::openid::tokens::bearer(&city.store, &tokens.access_token, city.now)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(bearer.scopes, [roster.to_owned()].into());
    assert_eq!((bearer.application.code.as_str(), bearer.account), ("robot", None));
    assert_eq!(city.userinfo(&tokens.access_token).await.unwrap_err(), "insufficient_scope");
    let denial = city.token_as(Some(&header), &ask("openid")).await.unwrap_err();
    assert_eq!(denial.code.as_str(), "invalid_scope");
    let denial = city.token(&ask("scim")).await.unwrap_err();
    assert_eq!(denial.code.as_str(), "unauthorized_client");
}

#[tokio::test]
async fn other_grants_do_not_exist() {
    let mut city = City::new().await;
    for (grant, error) in
        [("password", "unsupported_grant_type"), ("implicit", "unsupported_grant_type")]
    {
        let denial = city.token(&[("grant_type", grant)]).await.unwrap_err();
        assert_eq!(denial.code.as_str(), error);
    }
    assert_eq!(city.token(&[]).await.unwrap_err().code.as_str(), "invalid_request");
}

#[tokio::test]
async fn a_token_is_looked_at_by_whom_it_was_given_to() {
    let mut city = City::new().await;
    city.register("canteen", |_| {}).await;
    city.register("gate", |it| it.services = [INTROSPECTION.to_owned()].into()).await;
    let who = city.someone().await;
    let tokens = city.tokens(&[("scope", "openid offline_access")], &who).await;
    let refresh_token = tokens.refresh_token.unwrap();
    let look = async |city: &City, application: &str, token: &str| {
        let (header, given) = (city.basic(application), parameters(&[("token", token)]));
        introspect(&city.store, &city.provider, Some(&header), &given, city.now)
            .await
            .unwrap()
            .unwrap()
    };
    let mine = look(&city, "library", &tokens.access_token).await;
    assert_eq!(mine["active"], true);
    assert_eq!(mine["scope"], "openid offline_access");
    assert_eq!(mine["client_id"], "library");
    assert_eq!(mine["exp"], city.now.as_second() + 600);
    assert_eq!(mine["sub"], city.verified(&tokens.id_token.unwrap())["sub"]);
    assert_eq!(look(&city, "library", &refresh_token).await["active"], true);
    for (application, token) in [("canteen", &tokens.access_token), ("library", &"x".repeat(43))] {
        let answer = Value::Object(look(&city, application, token).await);
        assert_eq!(answer, json!({ "active": false }));
    }
    assert_eq!(look(&city, "gate", &tokens.access_token).await["active"], true);
    city.later(600);
    assert_eq!(look(&city, "library", &tokens.access_token).await.len(), 1);
}

#[tokio::test]
async fn tokens_are_given_back_one_by_one_or_all_together() {
    let mut city = City::new().await;
    city.register("canteen", |_| {}).await;
    let who = city.someone().await;
    let tokens = city.tokens(&[("scope", "openid offline_access")], &who).await;
    let refresh_token = tokens.refresh_token.unwrap();
    let give_back = async |city: &City, application: &str, token: &str| {
        let (header, given) = (city.basic(application), parameters(&[("token", token)]));
        revoke(&city.store, &city.provider, Some(&header), &given, city.now).await.unwrap()
    };
    for (application, token) in [("canteen", tokens.access_token.as_str()), ("library", "x")] {
        assert_eq!(give_back(&city, application, token).await, Ok(()));
    }
    assert!(city.works(&tokens.access_token).await);
    give_back(&city, "library", &tokens.access_token).await.unwrap();
    assert!(!city.works(&tokens.access_token).await);
    let second = city.refresh(&refresh_token).await.unwrap();
    give_back(&city, "library", &second.refresh_token.clone().unwrap()).await.unwrap();
    assert!(!city.works(&second.access_token).await);
    assert!(city.refresh(&second.refresh_token.unwrap()).await.is_err());
}

#[tokio::test]
async fn an_application_that_has_ended_gets_nothing() {
    let mut city = City::new().await;
    let who = city.someone().await;
    let tokens = city.tokens(&[("scope", "openid offline_access")], &who).await;
    applications::end(&city.store, &"library".parse().unwrap(), Authority::PROGRAM, city.now)
        .await
        .unwrap();
    assert!(!city.works(&tokens.access_token).await);
    let denial = city.refresh(&tokens.refresh_token.unwrap()).await.unwrap_err();
    assert_eq!(denial.code.as_str(), "invalid_client");
    let outcome = city.authorize(&[], Some(&who)).await;
    assert!(format!("{outcome:?}").contains("no-application"));
}
