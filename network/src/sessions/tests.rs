use store::testing;

use super::*;
use crate::accounts::{self, AccountError};
use crate::audit::Actor;
use crate::testing::{Counting, at};

const LIFETIMES: Lifetimes =
    Lifetimes { idle: SignedDuration::from_mins(30), absolute: SignedDuration::from_hours(12) };

struct Registry {
    store: Store,
    entropy: Counting,
}

impl Registry {
    async fn new() -> Self {
        Self { store: testing::open().await, entropy: Counting::default() }
    }

    async fn account(&mut self, login: &str) -> AccountId {
        let (login, name) = (login.parse().unwrap(), "王".parse().unwrap());
        let home = "120101".parse().unwrap();
        accounts::open(&self.store, &login, &name, &home, at(0), &mut self.entropy).await.unwrap()
    }

    async fn open(&mut self, account: AccountId, seconds: i64) -> (SessionId, Token) {
        let methods = Methods::of([Method::Password]);
        let origin = Origin { network: "192.0.2.0/24".to_owned(), agent: "a browser".to_owned() };
        let (store, entropy) = (&self.store, &mut self.entropy);
        open(store, account, methods, &origin, &LIFETIMES, at(seconds), entropy).await.unwrap()
    }

    async fn of_token(&self, token: &Token, seconds: i64) -> Option<Session> {
        let visit = visit(&self.store, token, &LIFETIMES, at(seconds)).await.unwrap();
        visit.map(|it| it.session)
    }

    async fn ids(&self, account: AccountId, seconds: i64) -> Vec<SessionId> {
        let sessions = list(&self.store, account, at(seconds)).await.unwrap();
        sessions.into_iter().map(|it| it.id).collect()
    }
}

#[tokio::test]
async fn a_session_is_found_by_its_token_only() {
    let mut registry = Registry::new().await;
    let account = registry.account("clerk").await;
    let (id, token) = registry.open(account, 0).await;
    let session = registry.of_token(&token, 10).await.unwrap();
    assert_eq!((session.id, session.account), (id, account));
    assert_eq!(session.authenticated_at, at(0));
    let other = Token::new(&mut registry.entropy);
    assert_eq!(registry.of_token(&other, 10).await, None);
    let hash: String = on_db!(registry.store, pool => {
        sqlx::query_scalar("SELECT token_hash FROM sessions").fetch_one(pool).await
    })
    .unwrap();
    assert_eq!(hash, token.hash());
}

#[tokio::test]
async fn a_session_ends_when_it_is_left_idle() {
    let mut registry = Registry::new().await;
    let account = registry.account("clerk").await;
    let (_, token) = registry.open(account, 0).await;
    assert!(registry.of_token(&token, 29 * 60).await.is_some());
    assert!(registry.of_token(&token, 58 * 60).await.is_some());
    assert!(registry.of_token(&token, 88 * 60).await.is_none());
}

#[tokio::test]
async fn a_session_ends_after_its_absolute_time_however_much_it_is_used() {
    let mut registry = Registry::new().await;
    let account = registry.account("clerk").await;
    let (_, token) = registry.open(account, 0).await;
    for minute in (20..12 * 60).step_by(20) {
        assert!(registry.of_token(&token, minute * 60).await.is_some(), "{minute}");
    }
    assert!(registry.of_token(&token, 12 * 3600).await.is_none());
}

#[tokio::test]
async fn asvs_7_2_4_proving_again_who_one_is_makes_a_new_token() {
    let mut registry = Registry::new().await;
    let account = registry.account("clerk").await;
    let (id, old) = registry.open(account, 0).await;
    let methods = Methods::of([Method::Password, Method::OneTimeCode]);
    let (store, entropy) = (&registry.store, &mut registry.entropy);
    let new = renew(store, account, id, methods, at(60), entropy).await.unwrap().unwrap();
    assert_eq!(registry.of_token(&old, 61).await, None);
    let session = registry.of_token(&new, 61).await.unwrap();
    assert_eq!((session.id, session.level), (id, Level::TwoFactors));
    assert_eq!((session.opened_at, session.authenticated_at), (at(0), at(60)));
}

#[tokio::test]
async fn asvs_7_4_2_closing_an_account_ends_all_its_sessions_at_once() {
    let mut registry = Registry::new().await;
    let (account, other) = (registry.account("clerk").await, registry.account("other").await);
    let (_, one) = registry.open(account, 0).await;
    let (_, two) = registry.open(account, 1).await;
    let (_, others) = registry.open(other, 2).await;
    accounts::close(&registry.store, Actor::System, account, at(3)).await.unwrap();
    assert_eq!(registry.of_token(&one, 4).await, None);
    assert_eq!(registry.of_token(&two, 4).await, None);
    assert!(registry.of_token(&others, 4).await.is_some());
    accounts::reopen(&registry.store, Actor::System, account, at(4)).await.unwrap();
    assert_eq!(registry.of_token(&one, 5).await, None);
    let nobody = AccountId::new(at(0), &mut registry.entropy);
    let error = accounts::close(&registry.store, Actor::System, nobody, at(3)).await;
    assert!(matches!(error, Err(AccountError::NoAccount)));
}

#[tokio::test]
async fn asvs_7_5_2_an_owner_lists_and_ends_sessions_and_nobody_elses() {
    let mut registry = Registry::new().await;
    let (account, other) = (registry.account("clerk").await, registry.account("other").await);
    let (first, first_token) = registry.open(account, 0).await;
    let (second, _) = registry.open(account, 1).await;
    let (others, others_token) = registry.open(other, 2).await;
    assert_eq!(registry.ids(account, 3).await, [second, first]);

    let ending = |session| end(&registry.store, account, session, Ending::EndedByOwner, at(4));
    assert!(!ending(others).await.unwrap());
    assert!(ending(first).await.unwrap());
    assert!(!ending(first).await.unwrap());
    assert_eq!(registry.ids(account, 5).await, [second]);
    assert_eq!(registry.of_token(&first_token, 5).await, None);
    assert!(registry.of_token(&others_token, 5).await.is_some());
}

#[tokio::test]
async fn all_sessions_but_the_own_are_ended() {
    let mut registry = Registry::new().await;
    let account = registry.account("clerk").await;
    for second in 0..3 {
        registry.open(account, second).await;
    }
    let (own, _) = registry.open(account, 3).await;
    let ended = end_all(&registry.store, account, Ending::EndedByOwner, Some(own), at(4)).await;
    assert_eq!(ended.unwrap(), 3);
    assert_eq!(registry.ids(account, 5).await, [own]);
}

#[tokio::test]
async fn an_ended_session_stays_until_it_is_forgotten_and_cannot_be_renewed() {
    let mut registry = Registry::new().await;
    let account = registry.account("clerk").await;
    let (id, _) = registry.open(account, 0).await;
    assert!(end(&registry.store, account, id, Ending::SignedOut, at(1)).await.unwrap());
    let (store, entropy) = (&registry.store, &mut registry.entropy);
    assert_eq!(renew(store, account, id, Methods::default(), at(2), entropy).await.unwrap(), None);
    assert_eq!(forget(&registry.store, at(1)).await.unwrap(), 0);
    assert_eq!(forget(&registry.store, at(2)).await.unwrap(), 1);
}

#[test]
fn two_factors_are_a_password_and_a_code_or_a_passkey() {
    let level = |methods: &str| methods.parse::<Methods>().unwrap().level();
    assert_eq!(level("pwd"), Level::OneFactor);
    assert_eq!(level("otp"), Level::OneFactor);
    assert_eq!(level("pwd otp"), Level::TwoFactors);
    assert_eq!(level("pop"), Level::TwoFactors);
    assert_eq!(level("fed"), Level::OneFactor);
    assert_eq!("pwd magic".parse::<Methods>(), Err(NotMethods));
    let both = Methods::of([Method::OneTimeCode]).and(Method::Password);
    assert_eq!(both.to_string(), "pwd otp");
}

/// What a page asks of whoever comes is what its parts say one by one.
#[tokio::test]
async fn a_visit_finds_the_account_its_standing_and_the_roles_that_are_held_then() {
    const GRANT: &str = "INSERT INTO grants (id, account, role, organisation, reach, purpose, \
                         valid_from, valid_until, granted_at, reason, revoked_at, revoked_for) \
                         VALUES ($1, $2, $3, $4, 'self', 'operation', $5, $6, 0, 'r', $7, $8)";

    let mut registry = Registry::new().await;
    let said = crate::organisations::testing::numbered();
    crate::record(&registry.store, &said, at(0), jiff::tz::Offset::UTC).await.unwrap();
    let account = registry.account("clerk").await;
    let (_, token) = registry.open(account, 0).await;
    let us = |seconds: i64| at(seconds).as_microsecond();
    let grants = [
        ("teacher", "7", us(0), None, None),
        ("planner", "12", us(100), Some(us(300)), None),
        ("expert", "7", us(0), Some(us(900)), Some(us(200))),
        ("inspector", "elsewhere", us(0), None, None),
    ];
    for (role, organisation, from, until, revoked) in grants {
        let id = crate::grants::GrantId::new(at(0), &mut registry.entropy).to_string();
        on_db!(registry.store, pool => {
            sqlx::query(GRANT)
                .bind(&id).bind(account.to_string()).bind(role).bind(organisation).bind(from)
                .bind(until).bind(revoked).bind(revoked.map(|_| "r"))
                .execute(pool).await.map(|_| ())
        })
        .unwrap();
    }
    let roles = crate::roles::Roles::national();
    for seconds in [0, 1, 99, 100, 199, 200, 299, 300, 899, 900] {
        let (store, now) = (&registry.store, at(seconds));
        let visit = visit(store, &token, &LIFETIMES, now).await.unwrap().unwrap();
        let held = crate::grants::held(store, account, now).await.unwrap();
        let codes = held.grants().iter().map(|it| it.role.clone()).collect();
        assert_eq!(visit.roles, codes, "{seconds}");
        assert_eq!(visit.needs_second_factor(&roles), held.needs_second_factor(&roles));
        assert_eq!(Some(visit.account), accounts::find(store, account).await.unwrap());
        let standing = crate::sign_in::standing(store, account).await.unwrap();
        assert_eq!(visit.standing, standing);
    }
}
