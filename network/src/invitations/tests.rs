use store::testing;

use super::*;
use crate::passwords::Policies;
use crate::testing::{Counting, at};

fn invited(login: &str) -> Invited {
    Invited {
        login: login.parse().unwrap(),
        name: "王".parse().unwrap(),
        organisation: "120101".parse().unwrap(),
        role: Some("clerk".to_owned()),
        account: None,
        invited_by: "system".to_owned(),
    }
}

struct Office {
    store: Store,
    policy: Policy,
    entropy: Counting,
}

impl Office {
    async fn new() -> Self {
        let policy = Policies::shipped().unwrap().policy("asvs").unwrap().clone();
        Self { store: testing::open().await, policy, entropy: Counting::default() }
    }

    async fn invite(&mut self, login: &str, second: i64) -> (InvitationId, Token) {
        invite(&self.store, &invited(login), at(second), &mut self.entropy).await.unwrap()
    }

    async fn accept(&mut self, token: &Token, second: i64) -> Result<AccountId, InvitationError> {
        let (store, policy, entropy) = (&self.store, &self.policy, &mut self.entropy);
        let roles = Roles::national();
        accept(store, &roles, token, "phc", policy, at(second), entropy).await.map(|it| it.account)
    }
}

#[tokio::test]
async fn asvs_6_4_1_an_invitation_opens_an_account_once_and_runs_out() {
    let mut office = Office::new().await;
    let (_, token) = office.invite("clerk", 0).await;
    let found = find(&office.store, &token, at(1)).await.unwrap().unwrap();
    assert_eq!((found.invited, found.expires_at), (invited("clerk"), at(72 * 3600)));
    let account = office.accept(&token, 2).await.unwrap();
    let opened = accounts::find(&office.store, account).await.unwrap().unwrap();
    assert_eq!((opened.login.as_str(), opened.home.as_str()), ("clerk", "120101"));
    assert!(passwords::kept(&office.store, account).await.unwrap().is_some());
    assert!(matches!(office.accept(&token, 3).await, Err(InvitationError::NotOpen)));
    assert_eq!(find(&office.store, &token, at(3)).await.unwrap(), None);

    let (_, late) = office.invite("late", 0).await;
    assert!(matches!(office.accept(&late, 72 * 3600).await, Err(InvitationError::NotOpen)));
}

#[tokio::test]
async fn a_new_invitation_withdraws_the_one_before_it() {
    let mut office = Office::new().await;
    let (_, old) = office.invite("clerk", 0).await;
    let (_, new) = office.invite("clerk", 1).await;
    assert!(matches!(office.accept(&old, 2).await, Err(InvitationError::NotOpen)));
    office.accept(&new, 3).await.unwrap();
    let again = invite(&office.store, &invited("clerk"), at(4), &mut office.entropy).await;
    assert!(matches!(again, Err(InvitationError::Account(AccountError::LoginTaken))));
}

#[tokio::test]
async fn a_withdrawn_invitation_opens_nothing() {
    let mut office = Office::new().await;
    let (id, token) = office.invite("clerk", 0).await;
    assert!(withdraw(&office.store, Actor::System, id, at(1)).await.unwrap());
    assert!(!withdraw(&office.store, Actor::System, id, at(1)).await.unwrap());
    assert!(matches!(office.accept(&token, 2).await, Err(InvitationError::NotOpen)));
}

#[tokio::test]
async fn a_login_name_that_was_taken_meanwhile_leaves_the_invitation_open() {
    let mut office = Office::new().await;
    let (_, token) = office.invite("clerk", 0).await;
    let (login, name) = ("clerk".parse().unwrap(), "李".parse().unwrap());
    let home = "120101".parse().unwrap();
    accounts::open(&office.store, &login, &name, &home, at(1), &mut office.entropy).await.unwrap();
    let taken = office.accept(&token, 2).await;
    assert!(matches!(taken, Err(InvitationError::Account(AccountError::LoginTaken))));
    assert!(find(&office.store, &token, at(3)).await.unwrap().is_some());
}

#[tokio::test]
async fn a_reset_changes_the_password_of_the_account_and_of_no_other() {
    let mut office = Office::new().await;
    let (_, token) = office.invite("clerk", 0).await;
    let account = office.accept(&token, 1).await.unwrap();
    let (store, entropy) = (&office.store, &mut office.entropy);
    let (_, reset) = invite_to_reset(store, account, "system", at(2), entropy).await.unwrap();
    assert_eq!(passwords::kept(store, account).await.unwrap().unwrap().set_at, at(1));
    assert_eq!(office.accept(&reset, 3).await.unwrap(), account);
    assert_eq!(passwords::kept(&office.store, account).await.unwrap().unwrap().set_at, at(3));
    accounts::close(&office.store, Actor::System, account, at(4)).await.unwrap();
    let closed =
        invite_to_reset(&office.store, account, "system", at(5), &mut office.entropy).await;
    assert!(matches!(closed, Err(InvitationError::Account(AccountError::NoAccount))));
}
