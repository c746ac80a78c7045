//! Tokens and requests of OpenID Connect: what providers elsewhere, applications and browsers send.

#![expect(clippy::expect_used, reason = "only the registry can fail, and it does not")]

use std::collections::BTreeSet;
use std::sync::LazyLock;

use model::Bilingual;
use network::applications::{self, Authentication, Registration, Subject};
use network::grants::Authority;
use network::openid::request::{self, Parameters};
use network::openid::{self, Algorithm, Claim, Refusal, clients, logout, metadata};
use network::outside::{self, UnderWay};
use network::secret::{CentreKey, Token};
use network::testing::{Counting, at, signed};
use serde_json::{Map, Value, json};
use store::{Store, testing};
use tokio::runtime::Runtime;

/// Public keys; the private ones, which signed the corpus, are gone.
const KEYS: &str = include_str!("tokens/keys.json");
/// The tokens of the corpus that are sound.
const SOUND: [&str; 4] = [
    include_str!("../../corpus/id_token/es256"),
    include_str!("../../corpus/id_token/eddsa"),
    include_str!("../../corpus/id_token/rs256"),
    include_str!("../../corpus/client_proof/assertion"),
];

const ISSUER: &str = "https://school.example";
const BACK: &str = "https://library.example/back?from=haihe";

/// This centre with an application in its register, and a house elsewhere that people sign in at.
struct World {
    runtime: Runtime,
    store: Store,
    provider: openid::Provider,
    /// Another provider of our make, for tokens that are signed as they should be.
    house: openid::Provider,
    elsewhere: outside::Provider,
    under_way: UnderWay,
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let runtime = Runtime::new().expect("a runtime starts");
    let (store, provider, house) = runtime.block_on(async {
        let mut entropy = Counting::default();
        let (store, other) = (testing::open().await, testing::open().await);
        let open = async |store: &Store, issuer: &str| {
            let (key, mut entropy) = (CentreKey::new([7; 32]), Counting::default());
            openid::Provider::open(store, issuer, key, &mut entropy, at(0)).await
        };
        let provider = open(&store, "https://id.example").await.expect("a provider opens");
        let house = open(&other, ISSUER).await.expect("a provider opens");
        let code = "library".parse().expect("it is a code");
        let (by, until) = (Authority::PROGRAM, at(86_400 * 300));
        applications::register(&store, &code, by, &library(), until, &mut entropy, at(0))
            .await
            .expect("an application is registered");
        (store, provider, house)
    });
    let elsewhere = outside::Provider {
        code: "school".parse().expect("it is a code"),
        name: Bilingual::new("学校", "School"),
        issuer: ISSUER.to_owned(),
        client: "haihe".to_owned(),
        secret: None,
        organisation: None,
    };
    let under_way = UnderWay {
        proof: Token::new(&mut Counting::default()),
        provider: elsewhere.code.clone(),
        next: "/start".to_owned(),
    };
    World { runtime, store, provider, house, elsewhere, under_way }
});

fn library() -> Registration {
    Registration {
        name: Bilingual::new("图书馆", "Library"),
        purpose: Bilingual::new("借书", "Lends books"),
        owner: "120101".parse().expect("it is a code"),
        owner_account: None,
        home: None,
        data: Claim::ALL.iter().copied().collect(),
        services: BTreeSet::new(),
        roles: BTreeSet::new(),
        organisations: BTreeSet::from(["120101".parse().expect("it is a code")]),
        redirects: vec![BACK.to_owned()],
        logout_redirects: Vec::new(),
        notices: None,
        authentication: Authentication::SignedAssertion,
        keys: Some(KEYS.to_owned()),
        algorithm: Algorithm::Es256,
        proof_required: false,
        subject: Subject::Public,
        consent_asked: true,
        offline: true,
    }
}

/// Whether a text is one of the tokens that were signed for this.
fn is_sound(token: &str) -> bool {
    SOUND.iter().any(|it| it.trim_end() == token)
}

fn proven(keys: &[u8], token: &str) -> bool {
    let answer = json!({ "id_token": token, "access_token": "x" }).to_string();
    outside::prove(&WORLD.elsewhere, &WORLD.under_way, keys, answer.as_bytes(), at(0)).is_ok()
}

/// A token of a provider elsewhere: nothing but what it signed is believed, and nothing of it as if it were ours.
pub(super) fn id_token(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let token = text.trim_end();
    assert_eq!(proven(KEYS.as_bytes(), token), is_sound(token), "{token}");
    let hint = Parameters::new([("id_token_hint", token), ("client_id", "library")]);
    let read = logout::read(&WORLD.store, &WORLD.provider, &hint, None, at(0));
    let logout = WORLD.runtime.block_on(read).expect("the registry answers");
    assert!(!logout.is_of_session && logout.redirect.is_none(), "{logout:?}");
}

/// What a token says, rightly signed: it is for us, of now and of this sign-in, or it is not believed.
pub(super) fn claims(input: &[u8]) {
    let Ok(Value::Object(claims)) = serde_json::from_slice::<Value>(input) else { return };
    let keys = metadata::public_keys(&WORLD.house, at(0)).to_string();
    let token = signed(&WORLD.house, Algorithm::EdDsa, &claims, at(0)).expect("it is signed");
    if proven(keys.as_bytes(), &token) {
        let is = |name: &str, expected: &str| claims.get(name) == Some(&Value::from(expected));
        let number = |name: &str| claims.get(name).and_then(Value::as_i64).unwrap_or_default();
        assert!(is("iss", ISSUER) && is("nonce", &nonce()), "{claims:?}");
        assert!(is_ours(&claims), "for somebody else: {claims:?}");
        assert!(claims.get("azp").is_none_or(|it| it == "haihe"), "{claims:?}");
        let now = at(0).as_second();
        assert!(number("exp") > now - 60 && number("iat") <= now + 60, "{claims:?}");
        assert!(claims.get("sub").and_then(Value::as_str).is_some_and(|it| !it.is_empty()));
    }
}

fn is_ours(claims: &Map<String, Value>) -> bool {
    match claims.get("aud") {
        Some(Value::Array(several)) => several.contains(&Value::from("haihe")),
        one => one == Some(&Value::from("haihe")),
    }
}

fn nonce() -> String {
    WORLD.under_way.proof.derived("nonce")
}

/// The keys of a provider: tokens that it did not sign with them are not believed.
pub(super) fn key_set(input: &[u8]) {
    for token in SOUND {
        let _ = proven(input, token.trim_end());
    }
    let foreign = json!({ "iss": ISSUER, "aud": "haihe", "nonce": nonce(), "sub": "0815",
        "iat": at(0).as_second(), "exp": at(60).as_second() });
    let Some(claims) = foreign.as_object() else { return };
    let token = signed(&WORLD.house, Algorithm::Es256, claims, at(0)).expect("it is signed");
    assert!(!proven(input, &token), "believed with keys that did not sign it");
}

/// How an application proves itself: by what it signed itself, and nothing else.
pub(super) fn client_proof(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let proof = text.trim_end();
    let assertion = Parameters::new([
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("client_assertion", proof),
    ]);
    let none = Parameters::default();
    for (header, given) in [(Some(proof), &none), (None, &assertion)] {
        let asked = clients::authenticate(&WORLD.store, &WORLD.provider, header, given, at(0));
        let answer = WORLD.runtime.block_on(asked).expect("the registry answers");
        assert!(answer.is_err() || is_sound(proof), "{proof} proves the application");
    }
}

/// A request of an application: a browser is sent to addresses only that were registered.
pub(super) fn authorization(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let given = Parameters::parse(&text);
    let asked = request::read(&WORLD.store, &WORLD.provider, given, at(0));
    match WORLD.runtime.block_on(asked).expect("the registry answers") {
        Ok(request) => assert_eq!(request.redirect(), BACK),
        Err(Refusal::Page(_)) => {}
        Err(Refusal::Redirect { address, .. }) => {
            assert!(address.starts_with(BACK), "sent to {address}");
        }
    }
}
