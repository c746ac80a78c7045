use store::Store;

use super::*;
use crate::audit::Asked;
use crate::grants::{GrantId, Wanted, give, held, revoke};
use crate::invitations::{self, Invited};
use crate::outside::{self, Proven, Provider, RequestId};
use crate::passwords::Policies;
use crate::people::OutsideIdentity;
use crate::secret::CentreKey;
use crate::sign_in::standing;
use crate::testing::{Counting, at};
use crate::{accounts, totp};

struct City {
    store: Store,
    roles: Roles,
    entropy: Counting,
}

impl City {
    async fn new() -> Self {
        let store = store::testing::open().await;
        crate::record(
            &store,
            &crate::organisations::testing::numbered(),
            at(0),
            jiff::tz::Offset::UTC,
        )
        .await
        .unwrap();
        Self { store, roles: Roles::national(), entropy: Counting::default() }
    }

    async fn account(&mut self, login: &str, home: &str) -> AccountId {
        let name = format!("{login}先生").parse().unwrap();
        let (login, home) = (login.parse().unwrap(), home.parse().unwrap());
        accounts::open(&self.store, &login, &name, &home, at(0), &mut self.entropy).await.unwrap()
    }

    async fn grant(&mut self, account: AccountId, role: &str, organisation: &str) -> GrantId {
        let role = self.roles.get(&role.parse().unwrap()).unwrap();
        let wanted = Wanted {
            account,
            role: role.code.clone(),
            organisation: organisation.parse().unwrap(),
            reach: *role.reaches.last().unwrap(),
            purpose: role.purposes[0].clone(),
            valid_from: at(0),
            valid_until: role.longest_days.map(|_| at(86_400)),
            reason: "岗位任命".to_owned(),
        };
        let by = Actor::System;
        give(&self.store, &self.roles, by, &wanted, &mut self.entropy, at(0)).await.unwrap()
    }

    async fn holder(&mut self, login: &str, role: &str, organisation: &str) -> AccountId {
        let account = self.account(login, organisation).await;
        self.grant(account, role, organisation).await;
        account
    }

    async fn held(&self, account: AccountId) -> Holdings {
        held(&self.store, account, at(1)).await.unwrap()
    }

    fn administrator<'a>(&'a self, account: AccountId, held: &'a Holdings) -> Administrator<'a> {
        Administrator { store: &self.store, roles: &self.roles, account, held }
    }

    /// An identity of a house of district 120101 that waits to be linked.
    async fn waiting(&mut self) -> RequestId {
        let provider = Provider {
            code: "house".parse().unwrap(),
            name: model::Bilingual::new("学校", "School"),
            issuer: "https://house.example".to_owned(),
            client: "haihe".to_owned(),
            secret: None,
            organisation: Some("120101".parse().unwrap()),
        };
        let (store, key, entropy) = (&self.store, CentreKey::new([7; 32]), &mut self.entropy);
        outside::add(store, &key, &provider, Actor::System, entropy, at(0)).await.unwrap();
        let issuer = provider.issuer.clone();
        let proven = Proven::of(OutsideIdentity { issuer, subject: "1".to_owned() });
        outside::wait(store, &provider, &proven, entropy, at(0)).await.unwrap();
        outside::open_requests(store).await.unwrap()[0].id
    }

    async fn last(&self) -> String {
        let entry = &audit::entries(&self.store, &Asked::default(), 1).await.unwrap()[0];
        format!("{} {}", entry.action, entry.outcome)
    }
}

fn guest(login: &str, home: &str, role: Option<&str>) -> Guest {
    Guest {
        login: login.parse().unwrap(),
        name: "李老师".parse().unwrap(),
        home: home.parse().unwrap(),
        role: role.map(|it| it.parse().unwrap()),
    }
}

#[tokio::test]
async fn an_administrator_sees_and_changes_accounts_of_the_own_part_only() {
    let mut city = City::new().await;
    let officer = city.holder("officer", "district_officer", "120101").await;
    let (own, other) = (city.account("own", "7").await, city.account("other", "8").await);
    let held = city.held(officer).await;
    let administrator = city.administrator(officer, &held);
    let seen = administrator.list("", None, 10, at(2)).await.unwrap();
    let mut seen: Vec<_> = seen.iter().map(|it| it.login.as_deref().unwrap()).collect();
    seen.sort_unstable();
    assert_eq!(seen, ["officer", "own"]);
    assert_eq!(administrator.list("other", None, 10, at(2)).await.unwrap(), []);
    assert!(administrator.find(own, at(2)).await.unwrap().is_some());
    assert_eq!(administrator.find(other, at(2)).await.unwrap(), None);

    let mut entropy = Counting::beginning_at(1_000_000);
    let not_yours = |it| matches!(it, Err(AdministrationError::NotYours));
    assert!(not_yours(administrator.close(other, at(3)).await));
    assert_eq!(city.last().await, "account.close refused");
    assert!(not_yours(administrator.reopen(other, at(3)).await));
    assert!(not_yours(administrator.end_sessions(other, at(3)).await));
    let reset = administrator.reset(other, false, at(3), &mut entropy).await;
    assert!(matches!(reset, Err(AdministrationError::NotYours)));
    assert_eq!(city.last().await, "password.reset refused");
    let found = accounts::find(&city.store, other).await.unwrap().unwrap();
    assert_eq!(found.closed_at, None);

    administrator.reset(own, true, at(4), &mut entropy).await.unwrap();
    administrator.end_sessions(own, at(4)).await.unwrap();
    administrator.close(own, at(5)).await.unwrap();
    assert_eq!(city.last().await, "account.close done");
    administrator.reopen(own, at(6)).await.unwrap();
    let itself = administrator.close(officer, at(7)).await;
    assert!(matches!(itself, Err(AdministrationError::Oneself)));
}

#[tokio::test]
async fn who_holds_nothing_sees_and_changes_nothing() {
    let mut city = City::new().await;
    let teacher = city.holder("teacher", "teacher", "7").await;
    let own = city.account("own", "7").await;
    let held = city.held(teacher).await;
    let administrator = city.administrator(teacher, &held);
    assert_eq!(administrator.list("", None, 10, at(2)).await.unwrap(), []);
    assert!(matches!(administrator.close(own, at(2)).await, Err(AdministrationError::NotYours)));
    let mut entropy = Counting::beginning_at(1_000_000);
    let invited = administrator.invite(&guest("new", "7", None), at(2), &mut entropy).await;
    assert!(matches!(invited, Err(AdministrationError::NotYourOrganisation)));
    assert_eq!(city.last().await, "invitation.add refused");
}

#[tokio::test]
async fn nobody_takes_over_who_holds_a_role_beyond_the_part() {
    let mut city = City::new().await;
    let clerk = city.holder("clerk", "school_clerk", "7").await;
    let planner = city.account("planner", "7").await;
    city.grant(planner, "planner", "120101").await;
    let held = city.held(clerk).await;
    let administrator = city.administrator(clerk, &held);
    let mut entropy = Counting::beginning_at(1_000_000);
    let reset = administrator.reset(planner, false, at(2), &mut entropy).await;
    assert!(matches!(reset, Err(AdministrationError::HoldsMore)));
    assert_eq!(city.last().await, "password.reset refused");
}

/// By the link one could set the password and do by it what one may not.
#[tokio::test]
async fn nobody_takes_over_by_whose_role_more_may_be_done() {
    let mut city = City::new().await;
    let administrator = city.holder("administrator", "administrator", "12").await;
    let officer = city.holder("officer", "district_officer", "12").await;
    let clerk = city.holder("clerk", "school_clerk", "7").await;
    let planner = city.holder("planner", "planner", "12").await;
    let owner = city.holder("owner", "application_owner", "7").await;
    let teacher = city.holder("teacher", "teacher", "7").await;
    let (whole, wide, narrow) =
        (city.held(administrator).await, city.held(officer).await, city.held(clerk).await);
    let mut entropy = Counting::beginning_at(1_000_000);
    let mut reset = async |by, held, account, at| {
        city.administrator(by, held).reset(account, false, at, &mut entropy).await
    };
    let refused = |it| matches!(it, Err(AdministrationError::MayMore));
    assert!(refused(reset(administrator, &whole, planner, at(2)).await));
    assert_eq!(city.last().await, "password.reset refused");
    assert!(refused(reset(clerk, &narrow, owner, at(2)).await));
    // Each of them holds all that the other does.
    reset(officer, &wide, planner, at(3)).await.unwrap();
    reset(administrator, &whole, owner, at(3)).await.unwrap();
    reset(clerk, &narrow, teacher, at(3)).await.unwrap();

    let key = CentreKey::new([1; 32]);
    let mut entropy = Counting::beginning_at(2_000_000);
    let offer = totp::offer(&key, planner, at(4), &mut entropy);
    let code = totp::shown(&offer, at(4));
    totp::confirm(&city.store, &key, planner, &offer, &code, at(4), &mut entropy).await.unwrap();
    let by = city.administrator(administrator, &whole);
    by.reset(planner, false, at(5), &mut entropy).await.unwrap();
    let with_factors = by.reset(planner, true, at(6), &mut entropy).await;
    assert!(refused(with_factors));
}

#[tokio::test]
async fn a_link_for_a_new_password_ends_when_the_account_is_given_a_role() {
    let mut city = City::new().await;
    let clerk = city.holder("clerk", "school_clerk", "7").await;
    let own = city.account("own", "7").await;
    let held = city.held(clerk).await;
    let mut entropy = Counting::beginning_at(1_000_000);
    let token =
        city.administrator(clerk, &held).reset(own, false, at(2), &mut entropy).await.unwrap();
    assert!(invitations::find(&city.store, &token, at(3)).await.unwrap().is_some());
    city.grant(own, "application_owner", "7").await;
    assert_eq!(invitations::find(&city.store, &token, at(3)).await.unwrap(), None);
}

#[tokio::test]
async fn whose_role_asks_for_a_second_factor_is_not_reset_without_one() {
    let mut city = City::new().await;
    let administrator = city.holder("administrator", "administrator", "12").await;
    let auditor = city.holder("auditor", "auditor", "12").await;
    let held = city.held(administrator).await;
    let mut entropy = Counting::beginning_at(1_000_000);
    let reset = city.administrator(administrator, &held);
    let answer = reset.reset(auditor, false, at(2), &mut entropy).await;
    assert!(matches!(answer, Err(AdministrationError::Unguarded)));

    let key = CentreKey::new([1; 32]);
    let offer = totp::offer(&key, auditor, at(2), &mut entropy);
    let code = totp::shown(&offer, at(2));
    totp::confirm(&city.store, &key, auditor, &offer, &code, at(2), &mut entropy).await.unwrap();
    reset.reset(auditor, false, at(3), &mut entropy).await.unwrap();
    let with_factors = reset.reset(auditor, true, at(4), &mut entropy).await;
    assert!(matches!(with_factors, Err(AdministrationError::Unguarded)));
    assert!(standing(&city.store, auditor).await.unwrap().has_second_factor);
}

#[tokio::test]
async fn one_invites_to_the_own_part_with_the_own_roles_and_disturbs_nobody_elsewhere() {
    let mut city = City::new().await;
    let here = city.holder("here", "district_officer", "120101").await;
    let there = city.holder("there", "district_officer", "1201010").await;
    let (held_here, held_there) = (city.held(here).await, city.held(there).await);
    let (here, there) =
        (city.administrator(here, &held_here), city.administrator(there, &held_there));
    let mut entropy = Counting::beginning_at(1_000_000);
    let entropy = &mut entropy;

    let elsewhere = here.invite(&guest("new", "8", None), at(2), entropy).await;
    assert!(matches!(elsewhere, Err(AdministrationError::NotYourOrganisation)));
    let above = here.invite(&guest("new", "7", Some("planner")), at(2), entropy).await;
    assert!(matches!(above, Err(AdministrationError::NotYoursToGive)));
    let token = here.invite(&guest("new", "7", Some("teacher")), at(2), entropy).await.unwrap();
    let taken = there.invite(&guest("new", "8", None), at(3), entropy).await;
    assert!(matches!(taken, Err(AdministrationError::Account(AccountError::LoginTaken))));

    let policies = Policies::shipped().unwrap();
    let policy = policies.policy("asvs").unwrap();
    let (store, roles) = (&city.store, &city.roles);
    let accepted = invitations::accept(store, roles, &token, "phc", policy, at(4), entropy).await;
    let accepted = accepted.unwrap();
    let held = held(&city.store, accepted.account, at(5)).await.unwrap();
    assert_eq!(held.grants().iter().map(|it| it.role.as_str()).collect::<Vec<_>>(), ["teacher"]);
}

#[tokio::test]
async fn what_may_not_be_seen_is_not_looked_through() {
    let mut city = City::new().await;
    let security = city.holder("security", "security_administrator", "12").await;
    let administrator = city.holder("administrator", "administrator", "12").await;
    let (login, name) = ("13800000000".parse().unwrap(), "张三".parse().unwrap());
    let home = "7".parse().unwrap();
    let (store, entropy) = (&city.store, &mut city.entropy);
    accounts::open(store, &login, &name, &home, at(0), entropy).await.unwrap();
    let found = async |account: AccountId, text: &str| {
        let held = city.held(account).await;
        let found = city.administrator(account, &held).list(text, None, 9, at(2)).await;
        found.unwrap().len()
    };
    assert_eq!((found(security, "张三").await, found(administrator, "张三").await), (1, 1));
    // Login names are often telephone numbers, which the one role sees and the other does not.
    assert_eq!((found(security, "138").await, found(administrator, "138").await), (0, 1));
    assert_eq!((found(administrator, "%").await, found(administrator, "_").await), (0, 0));
}

/// A grant that ends between the page and what is done by it, and be it by a clock that is a little ahead.
#[tokio::test]
async fn what_was_revoked_in_between_is_of_no_use_any_more() {
    let mut city = City::new().await;
    let officer = city.account("officer", "120101").await;
    let grant = city.grant(officer, "district_officer", "120101").await;
    let own = city.account("own", "7").await;
    let request = city.waiting().await;
    let held = city.held(officer).await;
    let mut entropy = Counting::beginning_at(1_000_000);
    let entropy = &mut entropy;
    let administrator = city.administrator(officer, &held);
    let invited = guest("new", "7", Some("teacher"));
    administrator.invite(&invited, at(2), entropy).await.unwrap();
    let open = administrator.invitations(None, 9, at(2)).await.unwrap();
    assert_eq!(open.len(), 1);

    revoke(&city.store, &city.roles, Actor::System, grant, "离岗", at(5)).await.unwrap();
    let not_yours = |it| matches!(it, Err(AdministrationError::NotYours));
    assert!(not_yours(administrator.close(own, at(3)).await));
    assert_eq!(city.last().await, "account.close refused");
    assert!(not_yours(administrator.reopen(own, at(3)).await));
    assert!(not_yours(administrator.end_sessions(own, at(3)).await));
    assert!(not_yours(administrator.reset(own, false, at(3), entropy).await.map(|_| ())));
    assert!(not_yours(administrator.link(request, own, at(3)).await));
    assert_eq!(city.last().await, "identity.link refused");
    let refused = administrator.refuse(request, at(3)).await;
    assert!(matches!(refused, Err(AdministrationError::NoRequest)));
    let again = administrator.invite(&guest("other", "7", None), at(3), entropy).await;
    assert!(matches!(again, Err(AdministrationError::NotYourOrganisation)));
    let renewed = administrator.renew_invitation(open[0].id, at(3), entropy).await;
    assert!(matches!(renewed, Err(AdministrationError::NoInvitation)));
    let withdrawn = administrator.withdraw_invitation(open[0].id, at(3)).await;
    assert!(matches!(withdrawn, Err(AdministrationError::NoInvitation)));
    assert_eq!(city.last().await, "invitation.withdraw refused");
    let found = accounts::find(&city.store, own).await.unwrap().unwrap();
    assert_eq!(found.closed_at, None);
    assert_eq!(outside::open_requests(&city.store).await.unwrap().len(), 1);
}

/// Whichever comes first: once it is in the log that a grant was revoked, nothing is done by it.
#[tokio::test]
async fn of_a_revocation_and_a_deed_at_once_the_deed_is_first_or_refused() {
    let mut city = City::new().await;
    let (mut done, mut refused) = (0, 0);
    for round in 0..30 {
        let officer = city.account(&format!("officer{round}"), "120101").await;
        let grant = city.grant(officer, "district_officer", "120101").await;
        let own = city.account(&format!("own{round}"), "7").await;
        let held = city.held(officer).await;
        let administrator = city.administrator(officer, &held);
        let revoking = async {
            // Now the one gets ahead, now the other.
            for _ in 0..round % 5 {
                tokio::task::yield_now().await;
            }
            revoke(&city.store, &city.roles, Actor::System, grant, "离岗", at(2)).await
        };
        let (revoked, closed) = tokio::join!(revoking, administrator.close(own, at(2)));
        revoked.unwrap();
        let log = audit::entries(&city.store, &Asked::default(), 9).await.unwrap();
        let place = |action: &str| log.iter().find(|it| it.action == action).unwrap();
        let (revocation, deed) = (place("grant.revoke"), place("account.close"));
        if closed.is_ok() {
            assert!(deed.sequence < revocation.sequence && deed.outcome == "done");
            done += 1;
        } else {
            assert!(deed.sequence > revocation.sequence && deed.outcome == "refused");
            refused += 1;
        }
    }
    assert_eq!(done + refused, 30);
}

#[tokio::test]
async fn whoever_has_accounts_elsewhere_too_is_linked_there_only() {
    let mut city = City::new().await;
    let here = city.holder("here", "district_officer", "120101").await;
    let administrator = city.holder("administrator", "administrator", "12").await;
    let one = city.account("one", "7").await;
    let person = accounts::find(&city.store, one).await.unwrap().unwrap().person;
    let invited = Invited {
        login: "another".parse().unwrap(),
        name: "李老师".parse().unwrap(),
        organisation: "8".parse().unwrap(),
        role: None,
        account: None,
        invited_by: "system".to_owned(),
    };
    let (store, entropy) = (&city.store, &mut city.entropy);
    let (_, token) = invitations::invite(store, &invited, at(1), entropy).await.unwrap();
    let policies = Policies::shipped().unwrap();
    let chosen = ("phc", policies.policy("asvs").unwrap());
    let whose = Some(person);
    let accepted =
        invitations::accept_as(store, &city.roles, whose, &token, chosen, at(2), entropy).await;
    let other = accepted.unwrap().account;
    let of_person = accounts::of_person(&city.store, person).await.unwrap();
    assert_eq!(of_person.iter().map(|it| it.id).collect::<Vec<_>>(), [one, other]);
    assert_eq!(of_person[1].name, of_person[0].name, "it is the same person");

    let request = city.waiting().await;
    let (held, whole) = (city.held(here).await, city.held(administrator).await);
    let linked = city.administrator(here, &held).link(request, one, at(3)).await;
    assert!(matches!(linked, Err(AdministrationError::HoldsMore)));
    city.administrator(administrator, &whole).link(request, one, at(3)).await.unwrap();
}
