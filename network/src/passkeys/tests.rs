use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair};
use store::testing;

use super::*;
use crate::accounts;
use crate::testing::{Counting, at};

const ORIGIN: &str = "https://haihe.example";

/// An authenticator with one key.
struct Authenticator {
    keys: Keys,
    id: Vec<u8>,
    count: u32,
    flags: u8,
    origin: String,
    site: String,
}

enum Keys {
    Es256(EcdsaKeyPair),
    EdDsa(Ed25519KeyPair),
}

fn encoded(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

impl Authenticator {
    fn new(id: &str) -> Self {
        let keys = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap();
        Self {
            keys: Keys::Es256(keys),
            id: id.as_bytes().to_vec(),
            count: 0,
            flags: 0x05,
            origin: ORIGIN.to_owned(),
            site: "haihe.example".to_owned(),
        }
    }

    fn edwards(id: &str) -> Self {
        let keys = Keys::EdDsa(Ed25519KeyPair::generate().unwrap());
        Self { keys, ..Self::new(id) }
    }

    fn client_data(&self, kind: &str, challenge: &str) -> Vec<u8> {
        let origin = &self.origin;
        format!(r#"{{"type":"{kind}","challenge":"{challenge}","origin":"{origin}"}}"#).into_bytes()
    }

    fn data(&self, flags: u8) -> Vec<u8> {
        let mut data = digest(&SHA256, self.site.as_bytes()).as_ref().to_vec();
        data.push(self.flags | flags);
        data.extend(self.count.to_be_bytes());
        data
    }

    fn make(&self, challenge: &str) -> Addition {
        let mut data = self.data(0x40);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        data.extend(&self.id);
        let key: PublicKeyX509Der<'_> = match &self.keys {
            Keys::Es256(it) => it.public_key().as_der().unwrap(),
            Keys::EdDsa(it) => it.public_key().as_der().unwrap(),
        };
        Addition {
            id: encoded(&self.id),
            client_data: encoded(&self.client_data("webauthn.create", challenge)),
            authenticator_data: encoded(&data),
            public_key: encoded(key.as_ref()),
            algorithm: if matches!(self.keys, Keys::Es256(_)) { -7 } else { -8 },
        }
    }

    fn assert(&mut self, challenge: &str) -> Assertion {
        self.count += 1;
        let (data, client_data) = (self.data(0), self.client_data("webauthn.get", challenge));
        let message = signed(&data, &client_data);
        let signature = match &self.keys {
            Keys::Es256(it) => it.sign(&SystemRandom::new(), &message).unwrap().as_ref().to_vec(),
            Keys::EdDsa(it) => it.sign(&message).as_ref().to_vec(),
        };
        Assertion {
            id: encoded(&self.id),
            client_data: encoded(&client_data),
            authenticator_data: encoded(&data),
            signature: encoded(&signature),
        }
    }
}

struct Site {
    store: Store,
    party: RelyingParty,
    account: AccountId,
    entropy: Counting,
}

impl Site {
    async fn new() -> Self {
        let (store, mut entropy) = (testing::open().await, Counting::default());
        let (login, name) = ("owner".parse().unwrap(), "王".parse().unwrap());
        let home = "120101".parse().unwrap();
        let account =
            accounts::open(&store, &login, &name, &home, at(0), &mut entropy).await.unwrap();
        Self { store, party: RelyingParty::at(ORIGIN).unwrap(), account, entropy }
    }

    async fn add(&mut self, authenticator: &Authenticator) -> Result<(), PasskeyError> {
        let question = begin_addition(&self.store, self.account, at(1), &mut self.entropy).await;
        let question = question.unwrap();
        let answer = authenticator.make(&question.challenge);
        let (store, party, account) = (&self.store, &self.party, self.account);
        add(store, party, account, &question.token, &answer, " 办公室 ", at(2)).await
    }

    async fn question(&mut self) -> Question {
        begin_sign_in(&self.store, at(3), &mut self.entropy).await.unwrap()
    }

    async fn check(&self, token: &Token, answer: &Assertion) -> Result<AccountId, PasskeyError> {
        check(&self.store, &self.party, token, answer, at(4)).await
    }

    async fn sign_in(&mut self, key: &mut Authenticator) -> Result<AccountId, PasskeyError> {
        let question = self.question().await;
        self.check(&question.token, &key.assert(&question.challenge)).await
    }
}

#[tokio::test]
async fn a_passkey_is_added_and_signs_its_owner_in() {
    let mut site = Site::new().await;
    for mut key in [Authenticator::new("one"), Authenticator::edwards("two")] {
        site.add(&key).await.unwrap();
        assert_eq!(site.sign_in(&mut key).await.unwrap(), site.account);
        assert_eq!(site.sign_in(&mut key).await.unwrap(), site.account);
    }
    let keys = list(&site.store, site.account).await.unwrap();
    assert_eq!(keys.len(), 2);
    assert_eq!((keys[0].name.as_str(), keys[0].used_at), ("办公室", Some(at(4))));
}

#[tokio::test]
async fn a_question_is_answered_once_and_not_after_ten_minutes() {
    let mut site = Site::new().await;
    let mut key = Authenticator::new("one");
    site.add(&key).await.unwrap();
    let question = site.question().await;
    let answer = key.assert(&question.challenge);
    assert!(site.check(&question.token, &answer).await.is_ok());
    let again = site.check(&question.token, &answer).await;
    assert!(matches!(again, Err(PasskeyError::NotUnderWay)));
    let question = site.question().await;
    let answer = key.assert(&question.challenge);
    let late = check(&site.store, &site.party, &question.token, &answer, at(604)).await;
    assert!(matches!(late, Err(PasskeyError::NotUnderWay)));
}

/// What must be refused, and why.
#[tokio::test]
async fn an_answer_that_does_not_fit_is_refused() {
    type Change = fn(&mut Authenticator);
    let mut site = Site::new().await;
    let changes: [(Change, Fault); 4] = [
        (|it| it.origin = "https://haihe.example.evil".to_owned(), Fault::Site),
        (|it| it.site = "evil.example".to_owned(), Fault::Site),
        (|it| it.flags = 0x01, Fault::NotUnlocked),
        (|it| it.keys = Authenticator::new("x").keys, Fault::Signature),
    ];
    for (number, (change, fault)) in changes.into_iter().enumerate() {
        let mut key = Authenticator::new(&number.to_string());
        site.add(&key).await.unwrap();
        change(&mut key);
        let refused = site.sign_in(&mut key).await;
        assert!(matches!(refused, Err(PasskeyError::Unsound(it)) if it == fault), "{number}");
    }
    let mut key = Authenticator::new("good");
    site.add(&key).await.unwrap();
    let question = site.question().await;
    let answer = key.assert("another challenge");
    let refused = site.check(&question.token, &answer).await;
    assert!(matches!(refused, Err(PasskeyError::Unsound(Fault::Challenge))));
    let unknown = site.sign_in(&mut Authenticator::new("unknown")).await;
    assert!(matches!(unknown, Err(PasskeyError::NotKnown)));
}

#[tokio::test]
async fn a_copied_authenticator_is_noticed() {
    let mut site = Site::new().await;
    let mut key = Authenticator::new("one");
    site.add(&key).await.unwrap();
    site.sign_in(&mut key).await.unwrap();
    key.count = 0;
    let refused = site.sign_in(&mut key).await;
    assert!(matches!(refused, Err(PasskeyError::Unsound(Fault::Counter))));
}

#[tokio::test]
async fn a_question_for_one_account_adds_no_key_to_another() {
    let mut site = Site::new().await;
    let question = begin_addition(&site.store, site.account, at(1), &mut site.entropy).await;
    let question = question.unwrap();
    let answer = Authenticator::new("one").make(&question.challenge);
    let other = AccountId::new(at(0), &mut site.entropy);
    let refused = add(&site.store, &site.party, other, &question.token, &answer, "", at(2)).await;
    assert!(matches!(refused, Err(PasskeyError::NotUnderWay)));
    site.add(&Authenticator::new("one")).await.unwrap();
    let taken = site.add(&Authenticator::new("one")).await;
    assert!(matches!(taken, Err(PasskeyError::Taken)));
    let id = encoded(b"one");
    assert!(!remove(&site.store, other, &id, at(9)).await.unwrap());
    assert!(remove(&site.store, site.account, &id, at(9)).await.unwrap());
}

#[test]
fn passkeys_are_for_sites_with_a_name_and_a_safe_connection() {
    let id = |origin| RelyingParty::at(origin).map(|it| it.id);
    assert_eq!(id("https://haihe.example:8443"), Some("haihe.example".to_owned()));
    assert_eq!(id("http://localhost:8080"), Some("localhost".to_owned()));
    for origin in ["http://haihe.example", "http://127.0.0.1:8080", "https://[::1]", "haihe"] {
        assert_eq!(id(origin), None, "{origin}");
    }
}

#[test]
fn no_bytes_make_reading_panic() {
    for length in 0..80 {
        let _ = AuthenticatorData::read(&vec![0xff; length]);
    }
}
