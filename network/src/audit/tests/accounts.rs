//! What the log is told of accounts and of signing in: each deed once, and never a name or a secret.

use store::Store;

use crate::accounts;
use crate::audit::{self, Actor, Asked, Written, concerning, entries, verify};
use crate::grants;
use crate::id::{AccountId, PersonId};
use crate::invitations::{self, Invited};
use crate::passwords::{self, Cost, Password, Policies};
use crate::people::list;
use crate::personal::Reading;
use crate::roles::Roles;
use crate::secret::{CentreKey, Token};
use crate::sessions::{self, Ending, Origin};
use crate::sign_in::{Caller, Code, Desk, SignInError, Step, reset_factors};
use crate::testing::{Counting, at};
use crate::{recovery_codes, totp};

const CHEAP: Cost = Cost { memory_kib: 64, passes: 1, lanes: 1 };
const PASSWORD: &str = "correct horse battery";

struct Office {
    store: Store,
    key: CentreKey,
    account: AccountId,
    person: PersonId,
    entropy: Counting,
}

impl Office {
    /// An office with the account `clerk` of 王小明 in district 120101.
    async fn new() -> Self {
        let (store, mut entropy) = (store::testing::open().await, Counting::default());
        crate::record(
            &store,
            &crate::organisations::testing::numbered(),
            at(0),
            jiff::tz::Offset::UTC,
        )
        .await
        .unwrap();
        let (login, name) = ("clerk".parse().unwrap(), "王小明".parse().unwrap());
        let home = "120101".parse().unwrap();
        let account =
            accounts::open(&store, &login, &name, &home, at(0), &mut entropy).await.unwrap();
        let person = accounts::find(&store, account).await.unwrap().unwrap().person;
        let office = Self { store, key: CentreKey::new([1; 32]), account, person, entropy };
        office.set_password(PASSWORD, 0).await;
        office
    }

    async fn set_password(&self, text: &str, second: i64) {
        let password = Password::new(text.to_owned());
        let phc = passwords::hash(&password, CHEAP, &mut Counting::default()).unwrap();
        let policies = Policies::shipped().unwrap();
        let policy = policies.policy("asvs").unwrap();
        passwords::set(&self.store, self.account, &phc, policy, None, at(second)).await.unwrap();
    }

    fn desk(&self) -> Desk<'_> {
        let lifetimes = Policies::shipped().unwrap().policy("asvs").unwrap().lifetimes;
        Desk { store: &self.store, key: &self.key, cost: CHEAP, lifetimes }
    }

    async fn sign_in(
        &mut self,
        login: &str,
        password: &str,
        second: i64,
    ) -> Result<Step, SignInError> {
        let origin = Origin { network: "192.0.2.0/24".to_owned(), agent: "a browser".to_owned() };
        let caller = Caller { origin, device: None };
        let mut entropy = self.entropy.clone();
        let desk = self.desk();
        let admitted = desk.admit(login, &caller, at(second)).await?;
        let password = Password::new(password.to_owned());
        let compared = admitted.compare(&password, CHEAP, &mut entropy)?;
        let step = desk.go_on(compared, &caller, at(second), &mut entropy).await;
        self.entropy = entropy;
        step
    }

    /// The log from its beginning: action and outcome, and `!` after what concerns the clerk.
    async fn told(&self) -> Vec<String> {
        let reference = audit::reference_of(&self.store, self.person).await.unwrap();
        let mut all = self.all().await;
        all.reverse();
        let line = |it: &Written| {
            let own = if it.object.is_some() && it.object == reference { "!" } else { "" };
            let refused = if it.outcome == "refused" { " refused" } else { "" };
            format!("{}{refused}{own}", it.action)
        };
        all.iter().map(line).collect()
    }

    async fn all(&self) -> Vec<Written> {
        entries(&self.store, &Asked::default(), 1_000).await.unwrap()
    }
}

#[tokio::test]
async fn signing_in_failing_waiting_and_signing_out_are_told_by_their_class() {
    let mut office = Office::new().await;
    let before = office.told().await.len();
    assert_eq!(office.told().await, ["account.open!", "password.set!"]);
    let Step::Opened(opened) = office.sign_in("clerk", PASSWORD, 1).await.unwrap() else {
        panic!("there is no second factor")
    };
    for _ in 0..4 {
        assert!(office.sign_in("clerk", "wrong", 2).await.is_err());
    }
    assert!(office.sign_in("nobody-here", PASSWORD, 2).await.is_err());
    // The fifth failure is the first that has to be waited for; who tries meanwhile is told of no more.
    assert!(office.sign_in("clerk", "wrong", 2).await.is_err());
    assert!(matches!(office.sign_in("clerk", PASSWORD, 2).await, Err(SignInError::Wait(_))));
    let (account, session) = (office.account, opened.session);
    sessions::end(&office.store, account, session, Ending::SignedOut, at(9)).await.unwrap();
    assert!(
        !sessions::end(&office.store, account, session, Ending::SignedOut, at(9)).await.unwrap()
    );
    assert_eq!(
        office.told().await.split_off(before),
        [
            "session.open!",
            "password.show refused!",
            "password.show refused!",
            "password.show refused!",
            "password.show refused!",
            "login.show refused",
            "password.show refused!",
            "lockout.begin!",
            "session.sign-out!",
        ]
    );
}

#[tokio::test]
async fn factors_and_their_failures_are_told() {
    let mut office = Office::new().await;
    let (account, before) = (office.account, office.told().await.len());
    let codes = {
        let (store, key, entropy) = (&office.store, &office.key, &mut office.entropy);
        let offer = totp::offer(key, account, at(0), entropy);
        let code = totp::shown(&offer, at(0));
        totp::confirm(store, key, account, &offer, &code, at(0), entropy).await.unwrap();
        recovery_codes::make(store, key, account, at(0), entropy).await.unwrap()
    };
    let Step::SecondFactor(token) = office.sign_in("clerk", PASSWORD, 60).await.unwrap() else {
        panic!("a second factor is asked for")
    };
    let caller = Caller::default();
    let mut entropy = Counting::beginning_at(1_000_000);
    let wrong = Code::Authenticator("000000".to_owned());
    let desk = office.desk();
    assert!(desk.show_code(&token, &wrong, &caller, at(61), &mut entropy).await.is_err());
    let right = Code::Recovery(codes[0].clone());
    desk.show_code(&token, &right, &caller, at(62), &mut entropy).await.unwrap();
    totp::remove(&office.store, account, at(63)).await.unwrap();
    totp::remove(&office.store, account, at(64)).await.unwrap();
    reset_factors(&office.store, Actor::System, account, at(65)).await.unwrap();
    assert_eq!(
        office.told().await.split_off(before),
        [
            "authenticator.add!",
            "recovery_codes.make!",
            "code.show refused!",
            "session.open!",
            "authenticator.remove!",
            "factors.reset!",
        ]
    );
}

fn invited(by: Actor, role: &str, organisation: &str) -> Invited {
    Invited {
        login: "teacher".parse().unwrap(),
        name: "李老师".parse().unwrap(),
        organisation: organisation.parse().unwrap(),
        role: Some(role.to_owned()),
        account: None,
        invited_by: by.id().unwrap_or_else(|| "system".to_owned()),
    }
}

async fn accept(office: &mut Office, token: &Token, second: i64) -> invitations::Accepted {
    let policies = Policies::shipped().unwrap();
    let policy = policies.policy("asvs").unwrap();
    let (store, entropy) = (&office.store, &mut office.entropy);
    let roles = Roles::national();
    invitations::accept(store, &roles, token, "phc", policy, at(second), entropy).await.unwrap()
}

#[tokio::test]
async fn an_invitation_gives_its_role_with_the_account_and_the_log_is_told_of_both() {
    let mut office = Office::new().await;
    let before = office.told().await.len();
    let invited = invited(Actor::System, "teacher", "7");
    let (store, entropy) = (&office.store, &mut office.entropy);
    let (_, token) = invitations::invite(store, &invited, at(1), entropy).await.unwrap();
    let accepted = accept(&mut office, &token, 2).await;
    let held = grants::held(&office.store, accepted.account, at(3)).await.unwrap();
    assert_eq!(held.grants().first().map(|it| it.id), accepted.grant);
    assert!(accepted.grant.is_some());
    let (store, entropy) = (&office.store, &mut office.entropy);
    let (_, reset) =
        invitations::invite_to_reset(store, accepted.account, "system", at(4), entropy)
            .await
            .unwrap();
    assert_eq!(accept(&mut office, &reset, 5).await.grant, None);
    accounts::close(&office.store, Actor::System, accepted.account, at(6)).await.unwrap();
    accounts::reopen(&office.store, Actor::System, accepted.account, at(7)).await.unwrap();
    assert_eq!(
        office.told().await.split_off(before),
        [
            "invitation.add",
            "invitation.accept",
            "grant.give",
            "password.reset",
            "invitation.accept",
            "account.close",
            "account.reopen",
        ]
    );
}

#[tokio::test]
async fn who_may_not_give_the_role_any_more_opens_an_account_without_it() {
    let mut office = Office::new().await;
    let before = office.told().await.len();
    // The clerk holds nothing, so nothing can be given by inviting.
    let invited = invited(Actor::Account(office.account), "teacher", "7");
    let (store, entropy) = (&office.store, &mut office.entropy);
    let (_, token) = invitations::invite(store, &invited, at(1), entropy).await.unwrap();
    let accepted = accept(&mut office, &token, 2).await;
    assert_eq!(accepted.grant, None);
    assert!(grants::held(&office.store, accepted.account, at(3)).await.unwrap().is_empty());
    assert_eq!(
        office.told().await.split_off(before),
        ["invitation.add", "invitation.accept", "grant.give refused"]
    );
}

#[tokio::test]
async fn who_read_a_list_is_told_to_each_person_in_it_and_to_nobody_else() {
    let mut office = Office::new().await;
    let invited = invited(Actor::System, "teacher", "8");
    let (store, entropy) = (&office.store, &mut office.entropy);
    let (_, token) = invitations::invite(store, &invited, at(1), entropy).await.unwrap();
    let other = accept(&mut office, &token, 2).await.account;
    let other = accounts::find(&office.store, other).await.unwrap().unwrap().person;
    let reading = Reading::of_program("account.read", at(3));
    assert_eq!(list::within(&office.store, &reading, "小明", None, 9).await.unwrap().len(), 1);
    assert_eq!(list::within(&office.store, &reading, "", None, 9).await.unwrap().len(), 2);
    let reads = async |person: PersonId| {
        let found = concerning(&office.store, person, None, 100).await.unwrap();
        found.iter().filter(|it| it.action == "account.read").count()
    };
    assert_eq!((reads(office.person).await, reads(other).await), (2, 1));
    assert_eq!(verify(&office.store, None, None).await.unwrap().fault, None);
}

#[tokio::test]
async fn who_takes_a_person_out_of_what_was_read_or_puts_one_in_is_found() {
    for change in [
        "DELETE FROM audit_persons",
        "INSERT INTO audit_persons (sequence, object) VALUES (2, 'another')",
        "INSERT INTO audit_persons (sequence, object) VALUES (0, 'another')",
    ] {
        let office = Office::new().await;
        let reading = Reading::of_program("account.read", at(3));
        list::within(&office.store, &reading, "", None, 9).await.unwrap();
        assert_eq!(verify(&office.store, None, None).await.unwrap().fault, None);
        store::on_db!(office.store, pool => {
            sqlx::query(change).execute(pool).await.map(|_| ()).unwrap();
        });
        let fault = verify(&office.store, None, None).await.unwrap().fault.unwrap();
        let sequence = if change.contains("(0,") { 0 } else { 2 };
        assert_eq!(fault.to_string(), format!("entry {sequence} is not the one that was written"));
    }
}

#[tokio::test]
async fn nothing_of_a_person_stands_in_any_entry_but_salted_hashes() {
    let mut office = Office::new().await;
    assert!(office.sign_in("clerk", "wrong-secret", 1).await.is_err());
    assert!(office.sign_in("王小明", "wrong-secret", 1).await.is_err());
    office.sign_in("clerk", PASSWORD, 2).await.unwrap();
    let reading = Reading::of_program("account.read", at(3));
    list::within(&office.store, &reading, "王小明", None, 9).await.unwrap();
    let all = format!("{:?}", office.all().await);
    let person = office.person.to_string();
    for hidden in ["王小明", "clerk", "wrong-secret", PASSWORD, "192.0.2", person.as_str()] {
        assert!(!all.contains(hidden), "{hidden}");
    }
}

#[tokio::test]
async fn whose_account_an_earlier_version_opened_gets_a_salt_once() {
    let mut office = Office::new().await;
    let forget = "DELETE FROM audit_salts";
    store::on_db!(office.store, pool => {
        sqlx::query(forget).execute(pool).await.map(|_| ()).unwrap();
    });
    let (store, entropy) = (&office.store, &mut office.entropy);
    assert_eq!(audit::salt_owners(store, entropy).await.unwrap(), 1);
    assert_eq!(audit::salt_owners(store, entropy).await.unwrap(), 0);
    office.set_password("a quiet river", 5).await;
    assert_eq!(office.told().await.last().unwrap(), "password.set!");
}
