//! Signing keys and their rotation.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use serde_json::Value;
use store::testing;

use super::support::City;
use crate::openid::{Algorithm, OpenidError, Provider, metadata};
use crate::secret::CentreKey;
use crate::testing::{Counting, at};

const DAY: i64 = 86_400;

fn published(city: &City) -> BTreeSet<String> {
    let keys = metadata::public_keys(&city.provider, city.now);
    let keys = keys["keys"].as_array().unwrap();
    keys.iter().map(|it| it["kid"].as_str().unwrap().to_owned()).collect()
}

async fn renew(city: &mut City) {
    city.provider.renew_keys(&city.store, &mut city.entropy, city.now).await.unwrap();
}

/// The key that signs now.
async fn signing(city: &mut City, who: &crate::openid::SignedIn) -> String {
    let token = city.tokens(&[], who).await.id_token.unwrap();
    jsonwebtoken::decode_header(&token).unwrap().kid.unwrap()
}

#[tokio::test]
async fn a_key_is_published_long_before_it_signs_and_long_after() {
    let mut city = City::new().await;
    let who = city.someone().await;
    let start = published(&city);
    // Of each algorithm one that signs and one that follows.
    assert_eq!(start.len(), 2 * Algorithm::ALL.len());
    let first = signing(&mut city, &who).await;
    let token = city.tokens(&[], &who).await.id_token.unwrap();
    city.later(89 * DAY);
    renew(&mut city).await;
    assert_eq!(signing(&mut city, &who).await, first);
    city.later(2 * DAY);
    renew(&mut city).await;
    let second = signing(&mut city, &who).await;
    assert_ne!(second, first);
    assert!(start.contains(&second));
    // What the first key signed can still be checked.
    city.verified(&token);
    assert_eq!(published(&city).len(), 3 * Algorithm::ALL.len());
    city.later(30 * DAY);
    renew(&mut city).await;
    assert!(!published(&city).contains(&first));
}

#[tokio::test]
async fn after_a_long_pause_there_are_keys_again() {
    let mut city = City::new().await;
    let who = city.someone().await;
    city.later(299 * DAY);
    renew(&mut city).await;
    signing(&mut city, &who).await;
    assert_eq!(published(&city).len(), 2 * Algorithm::ALL.len());
}

#[tokio::test]
async fn two_processes_have_the_same_keys() {
    let mut city = City::new().await;
    let key = CentreKey::new([7; 32]);
    let issuer = city.provider.issuer().to_owned();
    let other =
        Provider::open(&city.store, &issuer, key, &mut city.entropy, city.now).await.unwrap();
    let (one, two) =
        (metadata::public_keys(&city.provider, city.now), metadata::public_keys(&other, city.now));
    assert_eq!(one, two);
}

#[tokio::test]
async fn only_the_public_halves_are_published() {
    let city = City::new().await;
    let keys = metadata::public_keys(&city.provider, city.now);
    for key in keys["keys"].as_array().unwrap() {
        let members: BTreeSet<&str> = key.as_object().unwrap().keys().map(String::as_str).collect();
        let expected: &[&str] = match key["kty"].as_str().unwrap() {
            "EC" => &["alg", "crv", "kid", "kty", "use", "x", "y"],
            "OKP" => &["alg", "crv", "kid", "kty", "use", "x"],
            _ => &["alg", "e", "kid", "kty", "n", "use"],
        };
        assert_eq!(members, expected.iter().copied().collect());
    }
}

#[tokio::test]
async fn keys_open_with_the_centres_key_only() {
    let city = City::new().await;
    let mut entropy = Counting::default();
    let other = CentreKey::new([8; 32]);
    let opened =
        Provider::open(&city.store, "https://id.example", other, &mut entropy, at(0)).await;
    assert!(matches!(opened, Err(OpenidError::Sealed(_))));
}

#[tokio::test]
async fn a_provider_has_an_address_that_nobody_reads_along() {
    let store = testing::open().await;
    let addresses = [
        ("https://id.example", true),
        ("https://id.example/haihe", true),
        ("http://127.0.0.1:7070", true),
        ("http://localhost:7070", true),
        ("http://id.example", false),
        ("https://id.example/", false),
        ("https://id.example?x=y", false),
        ("https://me@id.example", false),
        ("nonsense", false),
    ];
    for (address, fits) in addresses {
        let key = CentreKey::new([7; 32]);
        let opened = Provider::open(&store, address, key, &mut Counting::default(), at(0)).await;
        assert_eq!(opened.is_ok(), fits, "{address}");
    }
}

#[tokio::test]
async fn the_description_names_what_there_is() {
    let mut city = City::new().await;
    city.now += SignedDuration::ZERO;
    let description: Value = metadata::description(&city.provider);
    insta::assert_snapshot!(serde_json::to_string_pretty(&description).unwrap());
}
