//! A city with two schools, a person in each, and applications to sign in to.

use std::collections::{BTreeMap, BTreeSet};

use aws_lc_rs::digest;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{DecodingKey, Validation};
use model::{Bilingual, OrgCode};
use serde_json::{Map, Value};
use sqlx::Executor;
use store::{Store, on_db, testing};

use crate::accounts;
use crate::applications::{self, Application, Authentication, Registration, Subject};
use crate::grants::Authority;
use crate::id::AccountId;
use crate::openid::refusal::Refusal;
use crate::openid::request::{self, Parameters};
use crate::openid::tokens::{self, Granted, Tokens};
use crate::openid::{
    Algorithm, Claim, Decision, Provider, Reason, SignedIn, consents, decide, decision,
};
use crate::profiles::{self, Profile, Verified};
use crate::secret::CentreKey;
use crate::sessions::{self, Lifetimes, Method, Methods, Origin};
use crate::testing::{Counting, at};

pub(super) const BACK: &str = "https://library.example/back?from=haihe";
pub(super) const VERIFIER: &str = "a-verifier-of-more-than-forty-three-characters-0123456789";

/// The city, with a clock that stands still until it is moved.
pub(super) struct City {
    pub(super) store: Store,
    pub(super) provider: Provider,
    pub(super) entropy: Counting,
    pub(super) now: Timestamp,
    secrets: BTreeMap<String, String>,
}

/// What became of a request at the authorisation endpoint.
#[derive(Debug)]
pub(super) enum Outcome {
    Page(&'static str),
    SignIn(Reason),
    Consent(BTreeSet<Claim>),
    /// The answer in the address that the browser is sent to.
    Back(BTreeMap<String, String>),
}

impl Outcome {
    /// The members of an answer.
    pub(super) fn back(self) -> BTreeMap<String, String> {
        let Self::Back(answer) = self else {
            panic!("the browser is not sent back: {self:?}");
        };
        answer
    }

    pub(super) fn code(self) -> String {
        self.back().remove("code").unwrap()
    }

    pub(super) fn error(self) -> String {
        self.back().remove("error").unwrap()
    }
}

/// A registration that asks for everything, of an application that the whole city may use.
pub(super) fn registration() -> Registration {
    Registration {
        name: Bilingual::new("图书馆", "Library"),
        purpose: Bilingual::new("借书", "Lends books"),
        owner: code("c"),
        owner_account: None,
        home: Some("https://library.example/".to_owned()),
        data: Claim::ALL.iter().copied().collect(),
        services: BTreeSet::new(),
        roles: BTreeSet::new(),
        organisations: [code("c")].into(),
        redirects: vec![BACK.to_owned(), "https://library.example/other".to_owned()],
        logout_redirects: vec!["https://library.example/bye".to_owned()],
        notices: Some("https://library.example/notices".to_owned()),
        authentication: Authentication::SecretInHeader,
        keys: None,
        algorithm: Algorithm::Es256,
        proof_required: false,
        subject: Subject::Pairwise { sector: "library".to_owned() },
        consent_asked: false,
        offline: true,
    }
}

pub(super) fn code(text: &str) -> OrgCode {
    text.parse().unwrap()
}

pub(super) fn challenge() -> String {
    let hash = digest::digest(&digest::SHA256, VERIFIER.as_bytes());
    URL_SAFE_NO_PAD.encode(hash)
}

/// `name=value` pairs; the later one of a name takes the place of the earlier, and an empty one takes it away.
pub(super) fn parameters(pairs: &[(&str, &str)]) -> Parameters {
    let last: BTreeMap<&str, &str> = pairs.iter().copied().collect();
    Parameters::new(last)
}

impl City {
    /// With the application `library` in its register.
    pub(super) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// With the application `library`, registered otherwise.
    pub(super) async fn with(change: impl FnOnce(&mut Registration)) -> Self {
        let (store, mut entropy, now) = (testing::open().await, Counting::default(), at(0));
        let key = CentreKey::new([7; 32]);
        let issuer = "https://id.example";
        let provider = Provider::open(&store, issuer, key, &mut entropy, now).await.unwrap();
        let paths = [("c", "/1/"), ("d1", "/1/11/"), ("s1", "/1/11/111/"), ("d2", "/1/12/")];
        for (code, path) in paths {
            let sql = "INSERT INTO organisation_paths (code, path, level) VALUES ($1, $2, 'x')";
            on_db!(store, pool => {
                pool.execute(sqlx::query(sql).bind(code).bind(path)).await.map(|_| ())
            })
            .unwrap();
        }
        let mut city = Self { store, provider, entropy, now, secrets: BTreeMap::new() };
        city.register("library", change).await;
        city
    }

    pub(super) async fn register(
        &mut self,
        code: &str,
        change: impl FnOnce(&mut Registration),
    ) -> Application {
        let mut registration = registration();
        change(&mut registration);
        let until = self.now + SignedDuration::from_hours(24 * 300);
        let registered = applications::register(
            &self.store,
            &code.parse().unwrap(),
            Authority::PROGRAM,
            &registration,
            until,
            &mut self.entropy,
            self.now,
        )
        .await
        .unwrap();
        if let Some(secret) = registered.secret {
            self.secrets.insert(code.to_owned(), secret.reveal().to_owned());
        }
        registered.application
    }

    pub(super) fn later(&mut self, seconds: i64) {
        self.now += SignedDuration::from_secs(seconds);
    }

    /// An account of a school, with everything known of its person.
    pub(super) async fn account(&mut self, login: &str, home: &str) -> AccountId {
        let (login, name) = (login.parse().unwrap(), "王小明".parse().unwrap());
        let home = code(home);
        let id = accounts::open(&self.store, &login, &name, &home, self.now, &mut self.entropy)
            .await
            .unwrap();
        let person = accounts::find(&self.store, id).await.unwrap().unwrap().person;
        let profile = Profile {
            family_name: "王".to_owned(),
            given_name: "小明".to_owned(),
            locale: "zh-CN".to_owned(),
            email: "wang@example.org".to_owned(),
            email_verified: Verified(true),
            phone_number: "+86 22 1234 5678".to_owned(),
            phone_number_verified: Verified(false),
            address: "天津市和平区".to_owned(),
        };
        let at = Timestamp::from_second(1_700_000_000).unwrap();
        profiles::record(&self.store, person, &profile, at).await.unwrap();
        id
    }

    /// Signs an account in, by password.
    pub(super) async fn sign_in(&mut self, account: AccountId) -> SignedIn {
        let methods = Methods::of([Method::Password]);
        self.sign_in_by(account, methods).await
    }

    pub(super) async fn sign_in_by(&mut self, account: AccountId, methods: Methods) -> SignedIn {
        let lifetimes = Lifetimes {
            idle: SignedDuration::from_hours(24 * 300),
            absolute: SignedDuration::from_hours(24 * 300),
        };
        let (origin, store) = (Origin::default(), self.store.clone());
        let (_, token) = sessions::open(
            &store,
            account,
            methods,
            &origin,
            &lifetimes,
            self.now,
            &mut self.entropy,
        )
        .await
        .unwrap();
        let visit = sessions::visit(&store, &token, &lifetimes, self.now).await.unwrap();
        SignedIn::from(&visit.unwrap().session)
    }

    /// A person of the first school who has signed in.
    pub(super) async fn someone(&mut self) -> SignedIn {
        let account = self.account("wang", "s1").await;
        self.sign_in(account).await
    }

    /// What a plain request of `library` becomes, with these parameters in it.
    pub(super) async fn authorize(
        &mut self,
        pairs: &[(&str, &str)],
        signed_in: Option<&SignedIn>,
    ) -> Outcome {
        self.authorize_since(pairs, signed_in, self.now).await
    }

    /// The same for a request that came at an earlier instant.
    pub(super) async fn authorize_since(
        &mut self,
        pairs: &[(&str, &str)],
        signed_in: Option<&SignedIn>,
        begun_at: Timestamp,
    ) -> Outcome {
        let plain = [
            ("client_id", "library"),
            ("redirect_uri", BACK),
            ("response_type", "code"),
            ("scope", "openid"),
            ("state", "a state"),
            ("nonce", "a nonce"),
        ];
        let given = parameters(&[&plain, pairs].concat());
        let (store, provider) = (&self.store, &self.provider);
        let checked = request::read(store, provider, given, begun_at).await.unwrap();
        let request = match checked {
            Ok(request) => request,
            Err(refusal) => return refused(refusal),
        };
        let decision = decide(store, provider, &request, signed_in, self.now).await.unwrap();
        match decision {
            Decision::SignIn(reason) => Outcome::SignIn(reason),
            Decision::Consent => Outcome::Consent(request.data),
            Decision::Refused(refusal) => refused(refusal),
            Decision::Ready => {
                let (signed_in, entropy) = (signed_in.unwrap(), &mut self.entropy);
                let address =
                    decision::issue(store, provider, &request, signed_in, entropy, self.now)
                        .await
                        .unwrap();
                Outcome::Back(answer(&address))
            }
        }
    }

    /// Agrees to what a request asks for.
    pub(super) async fn agree(&mut self, pairs: &[(&str, &str)], account: AccountId) {
        let plain = [("client_id", "library"), ("redirect_uri", BACK), ("response_type", "code")];
        let given = parameters(&[&plain, pairs].concat());
        let checked = request::read(&self.store, &self.provider, given, self.now).await.unwrap();
        consents::give(&self.store, &checked.unwrap(), account, self.now).await.unwrap();
    }

    /// The header by which an application proves itself.
    pub(super) fn basic(&self, application: &str) -> String {
        let secret = self.secret(application);
        format!("Basic {}", STANDARD.encode(format!("{application}:{secret}")))
    }

    pub(super) fn secret(&self, application: &str) -> &str {
        &self.secrets[application]
    }

    /// What the token endpoint answers `library`.
    pub(super) async fn token(&mut self, pairs: &[(&str, &str)]) -> Granted {
        let header = self.basic("library");
        self.token_as(Some(&header), pairs).await
    }

    pub(super) async fn token_as(
        &mut self,
        header: Option<&str>,
        pairs: &[(&str, &str)],
    ) -> Granted {
        let (store, provider, now) = (&self.store, &self.provider, self.now);
        tokens::grant(store, provider, header, &parameters(pairs), &mut self.entropy, now)
            .await
            .unwrap()
    }

    /// What the code of a request becomes.
    pub(super) async fn exchange(&mut self, code: &str) -> Granted {
        self.token(&[("grant_type", "authorization_code"), ("code", code), ("redirect_uri", BACK)])
            .await
    }

    /// All the way from a request to tokens.
    pub(super) async fn tokens(&mut self, pairs: &[(&str, &str)], who: &SignedIn) -> Tokens {
        let code = self.authorize(pairs, Some(who)).await.code();
        self.exchange(&code).await.unwrap()
    }

    pub(super) async fn refresh(&mut self, token: &str) -> Granted {
        self.token(&[("grant_type", "refresh_token"), ("refresh_token", token)]).await
    }

    pub(super) async fn userinfo(&self, token: &str) -> Result<Map<String, Value>, String> {
        let answer = tokens::userinfo(&self.store, &self.provider, token, self.now).await.unwrap();
        answer.map_err(|it| it.code.as_str().to_owned())
    }

    /// Whether an access token works.
    pub(super) async fn works(&self, token: &str) -> bool {
        tokens::bearer(&self.store, token, self.now).await.unwrap().is_ok()
    }

    /// The claims of a token, checked as an application would: by the published keys.
    pub(super) fn verified(&self, token: &str) -> Map<String, Value> {
        let keys = crate::openid::metadata::public_keys(&self.provider, self.now);
        let keys: JwkSet = serde_json::from_value(keys).unwrap();
        let header = jsonwebtoken::decode_header(token).unwrap();
        let key = keys.find(&header.kid.unwrap()).unwrap();
        let mut rules = Validation::new(header.alg);
        rules.validate_exp = false;
        rules.set_issuer(&["https://id.example"]);
        rules.validate_aud = false;
        let key = DecodingKey::from_jwk(key).unwrap();
        jsonwebtoken::decode(token, &key, &rules).unwrap().claims
    }
}

fn refused(refusal: Refusal) -> Outcome {
    match refusal {
        Refusal::Page(stop) => Outcome::Page(stop.as_str()),
        Refusal::Redirect { address, .. } => Outcome::Back(answer(&address)),
    }
}

fn answer(address: &str) -> BTreeMap<String, String> {
    let url = url::Url::parse(address).unwrap();
    url.query_pairs().into_owned().collect()
}
