use store::testing;

use super::*;
use crate::accounts;
use crate::testing::{Counting, at};

/// RFC 6238, appendix B, for SHA-1.
#[test]
fn codes_are_those_of_the_standard() {
    let golden = [
        (59, "94287082"),
        (1_111_111_109, "07081804"),
        (1_111_111_111, "14050471"),
        (1_234_567_890, "89005924"),
        (2_000_000_000, "69279037"),
        (20_000_000_000, "65353130"),
    ];
    for (second, code) in golden {
        assert_eq!(code_of(b"12345678901234567890", second / 30, 8), code, "{second}");
    }
}

/// RFC 4648, section 10, without padding.
#[test]
fn base32_is_that_of_the_standard() {
    let golden = ["", "MY", "MZXQ", "MZXW6", "MZXW6YQ", "MZXW6YTB", "MZXW6YTBOI"];
    for (length, text) in golden.into_iter().enumerate() {
        assert_eq!(base32(&b"foobar"[..length]), text);
    }
}

#[test]
fn an_authenticator_reads_the_secret_from_an_address() {
    let (key, mut entropy) = (CentreKey::new([1; 32]), Counting::default());
    let account = AccountId::new(at(0), &mut entropy);
    let offer = offer(&key, account, at(0), &mut entropy);
    let address = offer.address("海河", "a b");
    let secret = offer.typed().replace(' ', "");
    assert_eq!(secret.len(), 32);
    let issuer = "%E6%B5%B7%E6%B2%B3";
    assert_eq!(address, format!("otpauth://totp/{issuer}:a%20b?secret={secret}&issuer={issuer}"));
    assert_eq!(format!("{offer:?}"), "Offer(…)");
}

struct Owner {
    store: Store,
    key: CentreKey,
    account: AccountId,
    entropy: Counting,
    secret: [u8; 20],
}

impl Owner {
    async fn new() -> Self {
        let (store, mut entropy) = (testing::open().await, Counting::default());
        let (login, name) = ("owner".parse().unwrap(), "王".parse().unwrap());
        let home = "120101".parse().unwrap();
        let account =
            accounts::open(&store, &login, &name, &home, at(0), &mut entropy).await.unwrap();
        let key = CentreKey::new([1; 32]);
        let offer = offer(&key, account, at(0), &mut entropy);
        let secret = offer.secret;
        let offer = Offer::open(&key, account, &offer.sealed, at(1)).unwrap();
        assert_eq!(offer.secret, secret);
        let code = code_of(&secret, at(0).as_second() / 30, 6);
        confirm(&store, &key, account, &offer, &code, at(0), &mut entropy).await.unwrap();
        Self { store, key, account, entropy, secret }
    }

    /// The code that an authenticator shows at an instant.
    fn shown(&self, second: i64) -> String {
        code_of(&self.secret, at(second).as_second() / 30, 6)
    }

    async fn take(&self, code: &str, second: i64) -> bool {
        take(&self.store, &self.key, self.account, code, at(second)).await.is_ok()
    }
}

#[tokio::test]
async fn a_code_is_taken_once() {
    let owner = Owner::new().await;
    let code = owner.shown(60);
    assert!(owner.take(&code, 60).await);
    assert!(!owner.take(&code, 60).await);
    assert!(!owner.take(&code, 75).await);
    assert!(!owner.take(&owner.shown(30), 60).await, "an earlier one");
    assert!(owner.take(&owner.shown(90), 90).await);
}

#[tokio::test]
async fn the_code_that_confirmed_the_authenticator_is_used_up() {
    let owner = Owner::new().await;
    assert!(!owner.take(&owner.shown(0), 1).await);
}

#[tokio::test]
async fn clocks_may_differ_by_one_step_and_no_more() {
    let owner = Owner::new().await;
    assert!(!owner.take(&owner.shown(600), 660).await);
    assert!(owner.take(&owner.shown(600), 630).await);
    assert!(!owner.take(&owner.shown(780), 720).await);
    assert!(owner.take(&owner.shown(750), 720).await);
    let spaced = format!("{} {}", &owner.shown(900)[..3], &owner.shown(900)[3..]);
    assert!(owner.take(&spaced, 900).await);
    for code in ["", "1", "abcdef", "１２３４５６"] {
        assert!(!owner.take(code, 900).await);
    }
}

#[tokio::test]
async fn the_secret_is_kept_sealed_and_opens_for_its_account_only() {
    let mut owner = Owner::new().await;
    let sealed: String = on_db!(owner.store, pool => {
        sqlx::query_scalar("SELECT sealed FROM totp_secrets").fetch_one(pool).await
    })
    .unwrap();
    assert!(!sealed.contains(&base32(&owner.secret)));
    let other = AccountId::new(at(0), &mut owner.entropy);
    assert!(owner.key.open(KEPT, &other.to_string(), &sealed).is_err());
    let offer = offer(&owner.key, owner.account, at(0), &mut owner.entropy);
    assert!(matches!(
        Offer::open(&owner.key, other, &offer.sealed, at(0)),
        Err(TotpError::NotOurs(_))
    ));
    assert!(matches!(
        Offer::open(&owner.key, owner.account, &offer.sealed, at(1201)),
        Err(TotpError::OfferRanOut)
    ));
}

#[tokio::test]
async fn an_authenticator_is_there_until_it_is_removed() {
    let owner = Owner::new().await;
    assert_eq!(since(&owner.store, owner.account).await.unwrap(), Some(at(0)));
    remove(&owner.store, owner.account, at(9)).await.unwrap();
    assert_eq!(since(&owner.store, owner.account).await.unwrap(), None);
    assert!(!owner.take(&owner.shown(60), 60).await);
}
