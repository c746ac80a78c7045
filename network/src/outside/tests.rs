use serde_json::{Value, json};
use store::testing;

use super::*;
use crate::id::AccountId;
use crate::openid::{Algorithm, jwt, metadata};
use crate::secret::Token;
use crate::testing::{Counting, at};
use crate::{accounts, openid};

const ISSUER: &str = "https://school.example";
const BACK: &str = "https://haihe.example/sign-in/outside/back";

/// A house elsewhere, with keys of its own, and this centre, which lets its people sign in.
struct World {
    store: Store,
    house: openid::Provider,
    provider: Provider,
    entropy: Counting,
}

const fn key() -> CentreKey {
    CentreKey::new([7; 32])
}

fn description(change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut said = json!({
        "issuer": ISSUER,
        "authorization_endpoint": format!("{ISSUER}/authorize?tenant=1"),
        "token_endpoint": format!("{ISSUER}/token"),
        "jwks_uri": format!("{ISSUER}/keys"),
        "authorization_response_iss_parameter_supported": true,
    });
    change(&mut said);
    said.to_string().into_bytes()
}

impl World {
    async fn new() -> Self {
        let mut entropy = Counting::default();
        let (store, other) = (testing::open().await, testing::open().await);
        let theirs = CentreKey::new([9; 32]);
        let house = openid::Provider::open(&other, ISSUER, theirs, &mut entropy, at(0)).await;
        let provider = Provider {
            code: "school".parse().unwrap(),
            name: Bilingual::new("学校", "School"),
            issuer: ISSUER.to_owned(),
            client: "haihe".to_owned(),
            secret: Some("a & secret".to_owned()),
            organisation: None,
        };
        add(&store, &key(), &provider, Actor::System, &mut entropy, at(0)).await.unwrap();
        Self { store, house: house.unwrap(), provider, entropy }
    }

    async fn begin(&mut self) -> UnderWay {
        begin(&self.store, &self.provider, "/start", &mut self.entropy, at(0)).await.unwrap()
    }

    /// What the token endpoint answers for a sign-in, changed somehow.
    fn answer(&self, under_way: &UnderWay, change: impl FnOnce(&mut Value)) -> Vec<u8> {
        let mut claims = json!({
            "iss": ISSUER,
            "sub": "0815",
            "aud": "haihe",
            "iat": at(0).as_second(),
            "exp": at(60).as_second(),
            "nonce": under_way.nonce(),
            "name": "王小明",
            "preferred_username": "wang",
        });
        change(&mut claims);
        let claims = claims.as_object().unwrap();
        let token = jwt::sign(&self.house, Algorithm::Rs256, "JWT", claims, at(0)).unwrap();
        json!({ "access_token": "x", "id_token": token }).to_string().into_bytes()
    }

    fn prove(&self, under_way: &UnderWay, answer: &[u8]) -> Result<Proven, OutsideError> {
        let keys = metadata::public_keys(&self.house, at(0)).to_string();
        prove(&self.provider, under_way, keys.as_bytes(), answer, at(0))
    }

    /// Which account opens for whoever signs in there.
    async fn recognise(&mut self, days: i64) -> Option<AccountId> {
        let under_way = self.begin().await;
        let proven = self.prove(&under_way, &self.answer(&under_way, |_| {})).unwrap();
        let found = accounts(&self.store, &proven.identity).await.unwrap();
        let found = found.first().map(|it| it.id);
        if found.is_none() {
            let now = at(days * 86_400);
            wait(&self.store, &self.provider, &proven, &mut self.entropy, now).await.unwrap();
        }
        found
    }

    async fn account(&mut self, login: &str) -> AccountId {
        let (login, name) = (login.parse().unwrap(), "王小明".parse().unwrap());
        let home = "d1".parse().unwrap();
        accounts::open(&self.store, &login, &name, &home, at(0), &mut self.entropy).await.unwrap()
    }

    /// One account more of whoever has one.
    async fn another(&mut self, account: AccountId, login: &str) -> AccountId {
        const ADD: &str = include_str!("../accounts/open.sql");

        let owner = accounts::find(&self.store, account).await.unwrap().unwrap().person;
        let id = AccountId::new(at(0), &mut self.entropy);
        on_db!(self.store, pool => {
            sqlx::query(ADD)
                .bind(id.to_string())
                .bind(owner.to_string())
                .bind(login)
                .bind("d2")
                .bind(at(0).as_microsecond())
                .execute(pool)
                .await
                .map(|_| ())
        })
        .unwrap();
        id
    }

    /// A choice that is offered to whoever signed in there.
    async fn offer(&mut self) -> Token {
        let under_way = self.begin().await;
        let proven = self.prove(&under_way, &self.answer(&under_way, |_| {})).unwrap();
        let found = accounts(&self.store, &proven.identity).await.unwrap();
        let (identity, entropy) = (&proven.identity, &mut self.entropy);
        offer(&self.store, identity, &found[0], "/en/account", entropy, at(0)).await.unwrap()
    }

    async fn choose(&self, proof: &Token, account: AccountId, seconds: i64) -> Option<AccountId> {
        let chosen = choose(&self.store, proof, account, at(seconds)).await.unwrap();
        chosen.map(|(account, next)| {
            assert_eq!(next, "/en/account");
            account
        })
    }

    async fn link(&mut self, account: AccountId) -> Result<(), OutsideError> {
        let request = open_requests(&self.store).await.unwrap()[0].id;
        let person = accounts::find(&self.store, account).await.unwrap().unwrap().person;
        let entropy = &mut self.entropy;
        link(&self.store, request, person, Actor::System, entropy, at(0)).await
    }
}

#[tokio::test]
async fn asvs_6_8_1_an_identity_gets_in_by_a_reviewed_link_and_by_nothing_else() {
    let mut world = World::new().await;
    // That the login name is the same here and there says nothing.
    let account = world.account("wang").await;
    assert_eq!(world.recognise(0).await, None);
    assert_eq!(world.recognise(0).await, None);
    let waiting = open_requests(&world.store).await.unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!((waiting[0].said_name.as_str(), waiting[0].said_login.as_str()), ("王小明", "wang"));
    world.link(account).await.unwrap();
    assert_eq!(world.recognise(0).await, Some(account));
    assert!(open_requests(&world.store).await.unwrap().is_empty());
    accounts::close(&world.store, Actor::System, account, at(1)).await.unwrap();
    assert_eq!(world.recognise(0).await, None);
    // The identity stays somebody's: it cannot be linked to another person by and by.
    let other = world.account("li").await;
    assert!(matches!(world.link(other).await, Err(OutsideError::IdentityTaken)));
}

#[tokio::test]
async fn a_refused_identity_does_not_ask_again_and_a_waiting_one_is_forgotten() {
    let mut world = World::new().await;
    world.recognise(0).await;
    let request = open_requests(&world.store).await.unwrap()[0].id;
    refuse(&world.store, request, Actor::System, at(1)).await.unwrap();
    world.recognise(31).await;
    assert!(open_requests(&world.store).await.unwrap().is_empty());
    let refused = refuse(&world.store, request, Actor::System, at(2)).await;
    assert!(matches!(refused, Err(OutsideError::NoRequest(_))));
    for day in [0, 31] {
        let under_way = world.begin().await;
        let answer = world.answer(&under_way, |it| it["sub"] = json!(day.to_string()));
        let proven = world.prove(&under_way, &answer).unwrap();
        let (now, entropy) = (at(day * 86_400), &mut world.entropy);
        wait(&world.store, &world.provider, &proven, entropy, now).await.unwrap();
        assert_eq!(open_requests(&world.store).await.unwrap().len(), 1, "day {day}");
    }
}

#[tokio::test]
async fn an_id_token_proves_nothing_unless_it_is_for_us_of_now_and_of_this_sign_in() {
    let mut world = World::new().await;
    let under_way = world.begin().await;
    let proven = world.prove(&under_way, &world.answer(&under_way, |_| {})).unwrap();
    assert_eq!(
        (proven.identity.issuer.as_str(), proven.identity.subject.as_str()),
        (ISSUER, "0815")
    );
    let among = |it: &mut Value| {
        it["aud"] = json!(["haihe", "other"]);
        it["azp"] = json!("haihe");
    };
    assert!(world.prove(&under_way, &world.answer(&under_way, among)).is_ok());
    let changes: [fn(&mut Value); 11] = [
        |it| it["iss"] = json!("https://evil.example"),
        |it| it["aud"] = json!("other"),
        |it| it["aud"] = json!(["haihe", "other"]),
        |it| it["azp"] = json!("other"),
        |it| it["aud"] = json!(null),
        |it| it["exp"] = json!(at(-61).as_second()),
        |it| it["exp"] = json!(null),
        |it| it["iat"] = json!(at(61).as_second()),
        |it| it["nonce"] = json!("other"),
        |it| it["sub"] = json!(""),
        |it| it["sub"] = json!("x".repeat(256)),
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let answer = world.answer(&under_way, change);
        assert!(world.prove(&under_way, &answer).is_err(), "change {number}");
    }
    let told = |said: &[u8]| proven.clone().told(said).said_name;
    assert_eq!(told(r#"{"sub":"0815","name":"王"}"#.as_bytes()), "王");
    for other in [&br#"{"sub":"0816","name":"x"}"#[..], b"", b"[]"] {
        assert_eq!(told(other), "王小明");
    }
    // Signed by someone else, or not at all.
    let other = World::new().await;
    let answer = world.answer(&under_way, |_| {});
    let strange = metadata::public_keys(&other.house, at(0)).to_string().replace("\"n\"", "\"m\"");
    assert!(prove(&world.provider, &under_way, strange.as_bytes(), &answer, at(0)).is_err());
    for answer in [&b"{}"[..], b"", b"{\"id_token\":\"eyJhbGciOiJub25lIn0.e30.\"}"] {
        assert!(world.prove(&under_way, answer).is_err());
    }
}

#[tokio::test]
async fn an_answer_is_taken_once_in_its_own_browser_and_from_the_provider_that_was_asked() {
    let mut world = World::new().await;
    let under_way = world.begin().await;
    let known = Description::read(&world.provider, &description(|_| {})).unwrap();
    let to = address(&world.provider, &known, &under_way, BACK).unwrap();
    assert!(to.starts_with(&format!("{ISSUER}/authorize?tenant=1&response_type=code&")), "{to}");
    // What goes through the provider and the address bar gives nothing away.
    assert!(!to.contains(under_way.proof.reveal()) && !to.contains(&under_way.verifier()));
    let answered = |state: &str, iss: Option<&str>| Answered {
        code: Some("a code".to_owned()),
        state: Some(state.to_owned()),
        iss: iss.map(str::to_owned),
    };
    let state = under_way.state();
    assert_eq!(known.code(&under_way, &answered(&state, Some(ISSUER))).unwrap(), "a code");
    for (state, iss) in [
        ("other", Some(ISSUER)),
        (state.as_str(), Some("https://evil.example")),
        (state.as_str(), None),
    ] {
        assert!(known.code(&under_way, &answered(state, iss)).is_err(), "{state} {iss:?}");
    }
    let taken = take(&world.store, &under_way.proof, at(1)).await.unwrap().unwrap();
    assert_eq!((taken.next.as_str(), taken.state()), ("/start", state));
    assert!(take(&world.store, &under_way.proof, at(1)).await.unwrap().is_none());
    let late = world.begin().await;
    assert!(take(&world.store, &late.proof, at(901)).await.unwrap().is_none());
}

#[tokio::test]
async fn a_description_that_leads_elsewhere_is_not_believed() {
    let world = World::new().await;
    let refused: [fn(&mut Value); 4] = [
        |it| it["issuer"] = json!("https://evil.example"),
        |it| it["token_endpoint"] = json!("http://school.example/token"),
        |it| it["jwks_uri"] = json!("file:///etc/passwd"),
        |it| it["authorization_endpoint"] = json!(null),
    ];
    for (number, change) in refused.into_iter().enumerate() {
        let said = description(change);
        assert!(Description::read(&world.provider, &said).is_err(), "change {number}");
    }
}

#[tokio::test]
async fn we_prove_ourselves_as_the_provider_wants_it() {
    let mut world = World::new().await;
    let under_way = world.begin().await;
    let ask = |world: &World, ways: Value| {
        let said = description(|it| it["token_endpoint_auth_methods_supported"] = ways);
        let known = Description::read(&world.provider, &said).unwrap();
        ask_tokens(&world.provider, &known, &under_way, "c", BACK)
    };
    let by_header = ask(&world, json!(null));
    // `haihe:a+%26+secret`
    assert_eq!(by_header.authorization.as_deref(), Some("Basic aGFpaGU6YSslMjYrc2VjcmV0"));
    let by_form = ask(&world, json!(["client_secret_post"]));
    assert!(by_form.authorization.is_none());
    assert!(by_form.form.unwrap().ends_with("&client_id=haihe&client_secret=a+%26+secret"));
    assert!(!format!("{by_header:?}{:?}", world.provider).contains("secret"));
    world.provider.secret = None;
    assert!(ask(&world, json!(null)).form.unwrap().ends_with("&client_id=haihe"));
}

#[tokio::test]
async fn a_provider_is_kept_with_its_secret_sealed_until_it_ends() {
    let mut world = World::new().await;
    let (store, entropy) = (&world.store, &mut world.entropy);
    assert_eq!(list(store, &key()).await.unwrap(), [world.provider.clone()]);
    let again = add(store, &key(), &world.provider, Actor::System, entropy, at(1)).await;
    assert!(matches!(again, Err(OutsideError::Taken(_))));
    let other = CentreKey::new([8; 32]);
    assert!(matches!(list(store, &other).await, Err(OutsideError::Sealed(_))));
    let code = world.provider.code.clone();
    end(store, &code, Actor::System, at(2)).await.unwrap();
    assert!(matches!(find(store, &key(), &code).await, Err(OutsideError::Unknown(_))));
    for issuer in ["http://school.example", "https://a.example?x", "school", "https://me@a.example"]
    {
        let provider = Provider { issuer: issuer.to_owned(), ..world.provider.clone() };
        let refused = add(store, &key(), &provider, Actor::System, entropy, at(3)).await;
        assert!(matches!(refused, Err(OutsideError::Issuer(_))), "{issuer}");
    }
}

#[tokio::test]
async fn of_several_accounts_one_is_chosen_once_and_none_but_the_own() {
    let mut world = World::new().await;
    let first = world.account("wang").await;
    let (second, strange) = (world.another(first, "wang.night").await, world.account("li").await);
    assert_eq!(world.recognise(0).await, None);
    world.link(first).await.unwrap();
    let proof = world.offer().await;
    let offered = offered(&world.store, &proof, at(1)).await.unwrap().unwrap();
    let logins: Vec<&str> = offered.accounts.iter().map(|it| it.login.as_str()).collect();
    assert_eq!(logins, ["wang", "wang.night"]);
    assert_eq!(world.choose(&proof, second, 1).await, Some(second));
    assert_eq!(world.choose(&proof, first, 1).await, None, "it was chosen before");
    let proof = world.offer().await;
    assert_eq!(world.choose(&proof, strange, 1).await, None);
    assert_eq!(
        world.choose(&proof, first, 1).await,
        None,
        "whoever tries another's has had the choice"
    );
    let proof = world.offer().await;
    assert_eq!(world.choose(&proof, first, 600).await, None, "it is too late");
}

#[tokio::test]
async fn what_was_closed_or_ended_since_it_was_offered_opens_nothing() {
    let mut world = World::new().await;
    let first = world.account("wang").await;
    let second = world.another(first, "wang.night").await;
    world.recognise(0).await;
    world.link(first).await.unwrap();
    let (one, other) = (world.offer().await, world.offer().await);
    accounts::close(&world.store, Actor::System, second, at(1)).await.unwrap();
    assert_eq!(world.choose(&one, second, 2).await, None);
    end(&world.store, &world.provider.code, Actor::System, at(2)).await.unwrap();
    assert!(offered(&world.store, &other, at(3)).await.unwrap().is_none());
    assert_eq!(world.choose(&other, first, 3).await, None);
}
