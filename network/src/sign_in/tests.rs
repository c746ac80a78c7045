use store::testing;

use super::*;
use crate::audit::Actor;
use crate::passwords::Policies;
use crate::testing::{Counting, at};

const CHEAP: Cost = Cost { memory_kib: 64, passes: 1, lanes: 1 };
const PASSWORD: &str = "correct horse battery";

struct Office {
    store: Store,
    key: CentreKey,
    cost: Cost,
    account: AccountId,
    entropy: Counting,
}

fn password(text: &str) -> Password {
    Password::new(text.to_owned())
}

fn caller() -> Caller {
    let origin = Origin { network: "192.0.2.0/24".to_owned(), agent: String::new() };
    Caller { origin, device: None }
}

impl Office {
    /// An office with the account `clerk`.
    async fn new() -> Self {
        let (store, mut entropy) = (testing::open().await, Counting::default());
        let (login, name) = ("clerk".parse().unwrap(), "王".parse().unwrap());
        let home = "120101".parse().unwrap();
        let account =
            accounts::open(&store, &login, &name, &home, at(0), &mut entropy).await.unwrap();
        let policies = Policies::shipped().unwrap();
        let phc = passwords::hash(&password(PASSWORD), CHEAP, &mut entropy).unwrap();
        let policy = policies.policy("asvs").unwrap();
        passwords::set(&store, account, &phc, policy, None, at(0)).await.unwrap();
        Self { store, key: CentreKey::new([1; 32]), cost: CHEAP, account, entropy }
    }

    fn desk(&self) -> Desk<'_> {
        let lifetimes = Policies::shipped().unwrap().policy("asvs").unwrap().lifetimes;
        Desk { store: &self.store, key: &self.key, cost: self.cost, lifetimes }
    }

    async fn compared(
        &self,
        login: &str,
        text: &str,
        second: i64,
    ) -> Result<Compared, SignInError> {
        let admitted = self.desk().admit(login, &caller(), at(second)).await?;
        Ok(admitted.compare(&password(text), self.cost, &mut Counting::default())?)
    }

    async fn sign_in(&self, login: &str, text: &str, second: i64) -> Result<Step, SignInError> {
        let compared = self.compared(login, text, second).await?;
        let mut entropy = self.entropy.clone();
        // So that ids made at different seconds differ.
        entropy.fill(&mut vec![0; 64 * usize::try_from(second).unwrap()]);
        self.desk().go_on(compared, &caller(), at(second), &mut entropy).await
    }

    /// Gives the account recovery codes and an authenticator of which we do not know the secret.
    async fn protect(&mut self) -> Vec<RecoveryCode> {
        let (store, key, account) = (&self.store, &self.key, self.account);
        let entropy = &mut self.entropy;
        let codes = recovery_codes::make(store, key, account, at(0), entropy).await.unwrap();
        on_db_authenticator(store, key, account, entropy).await;
        codes
    }
}

async fn on_db_authenticator(
    store: &Store,
    key: &CentreKey,
    account: AccountId,
    entropy: &mut Counting,
) {
    let offer = totp::offer(key, account, at(0), entropy);
    let code = totp::shown(&offer, at(0));
    totp::confirm(store, key, account, &offer, &code, at(0), entropy).await.unwrap();
}

#[tokio::test]
async fn a_right_password_opens_a_session() {
    let office = Office::new().await;
    let Step::Opened(opened) = office.sign_in("Clerk", PASSWORD, 1).await.unwrap() else {
        panic!("there is no second factor")
    };
    let lifetimes = office.desk().lifetimes;
    let visit = sessions::visit(&office.store, &opened.token, &lifetimes, at(2)).await;
    let session = visit.unwrap().unwrap().session;
    assert_eq!((session.account, session.methods.to_string()), (office.account, "pwd".to_owned()));
}

#[tokio::test]
async fn asvs_6_3_8_an_unknown_login_is_refused_like_a_wrong_password() {
    let office = Office::new().await;
    for (login, text) in [("clerk", "wrong"), ("nobody", PASSWORD), ("", ""), ("王\0", "x")] {
        let refused = office.sign_in(login, text, 1).await;
        assert!(matches!(refused, Err(SignInError::Wrong)), "{login}");
    }
}

#[tokio::test]
async fn a_closed_account_is_refused_like_a_wrong_password() {
    let office = Office::new().await;
    accounts::close(&office.store, Actor::System, office.account, at(1)).await.unwrap();
    let refused = office.sign_in("clerk", PASSWORD, 2).await;
    assert!(matches!(refused, Err(SignInError::Wrong)));
}

#[tokio::test]
async fn guessing_has_to_wait_and_a_right_password_does_not_make_up_for_it() {
    let office = Office::new().await;
    for _ in 0..5 {
        let _ = office.sign_in("clerk", "wrong", 1).await;
    }
    let waiting = office.sign_in("clerk", PASSWORD, 1).await;
    assert!(matches!(waiting, Err(SignInError::Wait(it)) if it.until == at(2)));
    assert!(office.sign_in("clerk", PASSWORD, 2).await.is_ok());
}

#[tokio::test]
async fn asvs_6_3_3_with_a_second_factor_a_password_alone_opens_nothing() {
    let mut office = Office::new().await;
    let codes = office.protect().await;
    let Step::SecondFactor(token) = office.sign_in("clerk", PASSWORD, 1).await.unwrap() else {
        panic!("a second factor is asked for")
    };
    assert!(sessions::list(&office.store, office.account, at(2)).await.unwrap().is_empty());
    let mut entropy = Counting::default();
    let desk = office.desk();
    let wrong = Code::Authenticator("000000".to_owned());
    let refused = desk.show_code(&token, &wrong, &caller(), at(2), &mut entropy).await;
    assert!(matches!(refused, Err(SignInError::Wrong)));
    let right = Code::Recovery(codes[0].clone());
    let opened = desk.show_code(&token, &right, &caller(), at(3), &mut entropy).await.unwrap();
    let visit = sessions::visit(&office.store, &opened.token, &desk.lifetimes, at(4)).await;
    assert_eq!(visit.unwrap().unwrap().session.methods.to_string(), "pwd otp");
    let again = desk.show_code(&token, &right, &caller(), at(5), &mut entropy).await;
    assert!(matches!(again, Err(SignInError::NotUnderWay)));
}

#[tokio::test]
async fn asvs_6_3_1_codes_cannot_be_tried_without_end() {
    let mut office = Office::new().await;
    office.protect().await;
    let mut tried = 0;
    for _ in 0..40 {
        // A right password in between does not forgive wrong codes.
        let Ok(Step::SecondFactor(token)) = office.sign_in("clerk", PASSWORD, 1).await else {
            break;
        };
        let wrong = Code::Authenticator("000000".to_owned());
        let mut entropy = Counting::default();
        let answer = office.desk().show_code(&token, &wrong, &caller(), at(1), &mut entropy).await;
        tried += u32::from(matches!(answer, Err(SignInError::Wrong)));
        // The next ceremony has another token.
        office.entropy.fill(&mut [0; 64]);
    }
    assert_eq!(tried, 2);
}

#[tokio::test]
async fn asvs_7_5_1_proving_again_needs_the_own_password_and_renews_the_token() {
    let office = Office::new().await;
    let Step::Opened(opened) = office.sign_in("clerk", PASSWORD, 1).await.unwrap() else {
        panic!("there is no second factor")
    };
    let desk = office.desk();
    let visit = sessions::visit(&office.store, &opened.token, &desk.lifetimes, at(2)).await;
    let session = visit.unwrap().unwrap().session;
    let mut entropy = Counting::default();
    entropy.fill(&mut [0; 4096]);
    let wrong = office.compared("clerk", "wrong", 3).await.unwrap();
    let refused = desk.prove_again(&session, wrong, None, at(3), &mut entropy).await;
    assert!(matches!(refused, Err(SignInError::Wrong)));
    let right = office.compared("clerk", PASSWORD, 4).await.unwrap();
    let token = desk.prove_again(&session, right, None, at(4), &mut entropy).await.unwrap();
    let find = |token| sessions::visit(&office.store, token, &desk.lifetimes, at(5));
    assert_eq!(find(&opened.token).await.unwrap(), None);
    assert_eq!(find(&token).await.unwrap().unwrap().session.authenticated_at, at(4));
}

#[tokio::test]
async fn a_password_is_hashed_anew_when_hashing_costs_more() {
    let mut office = Office::new().await;
    let before = passwords::kept(&office.store, office.account).await.unwrap().unwrap();
    office.cost = Cost { memory_kib: 128, ..CHEAP };
    office.sign_in("clerk", PASSWORD, 1).await.unwrap();
    let after = passwords::kept(&office.store, office.account).await.unwrap().unwrap();
    assert!(after.phc.contains("m=128,") && before.phc.contains("m=64,"));
    assert_eq!(before.set_at, after.set_at);
}

#[tokio::test]
async fn asvs_6_4_3_a_new_password_does_not_pass_by_the_second_factor_and_a_reset_of_factors_ends_all()
 {
    let mut office = Office::new().await;
    office.protect().await;
    let phc = passwords::hash(&password("another battery staple"), CHEAP, &mut office.entropy);
    let policies = Policies::shipped().unwrap();
    let policy = policies.policy("asvs").unwrap();
    passwords::set(&office.store, office.account, &phc.unwrap(), policy, None, at(1))
        .await
        .unwrap();
    let step = office.sign_in("clerk", "another battery staple", 2).await.unwrap();
    assert!(matches!(step, Step::SecondFactor(_)));
    reset_factors(&office.store, Actor::System, office.account, at(3)).await.unwrap();
    assert_eq!(office.desk().factors(office.account).await.unwrap(), Factors::default());
    let step = office.sign_in("clerk", "another battery staple", 4).await.unwrap();
    assert!(matches!(step, Step::Opened(_)));
}
