use jiff::Timestamp;
use model::OrgCode;
use store::Store;

use super::{GrantError, GrantId, Holdings, Refusal, Wanted, give, held, revoke, within};
use crate::audit::{self, Actor, Asked, verify};
use crate::id::AccountId;
use crate::roles::{Permission, PersonalField, Reach, Roles};
use crate::scope::Scope;
use crate::testing::{Counting, at};

mod giving;
mod revoking;

/// A city 12 with the districts 120101 and 1201010, and a school in each; and those who keep it.
struct City {
    store: Store,
    roles: Roles,
    entropy: Counting,
    security: AccountId,
    officer: AccountId,
}

impl City {
    async fn new() -> Self {
        let mut entropy = Counting::default();
        let (security, officer) =
            (AccountId::new(at(0), &mut entropy), AccountId::new(at(0), &mut entropy));
        let store = store::testing::open().await;
        let said = crate::organisations::testing::numbered();
        crate::record(&store, &said, at(0), jiff::tz::Offset::UTC).await.unwrap();
        let mut city = Self { store, roles: Roles::national(), entropy, security, officer };
        city.give(Actor::System, "security_administrator 12", security).await.unwrap();
        city.give(Actor::Account(security), "district_officer 120101", officer).await.unwrap();
        city
    }

    fn account(&mut self) -> AccountId {
        AccountId::new(at(0), &mut self.entropy)
    }

    /// `role organisation`, with what else is usual for the role.
    fn wanted(&self, text: &str, account: AccountId) -> Wanted {
        let (role, organisation) = text.split_once(' ').unwrap();
        let found = self.roles.get(&role.parse().unwrap());
        Wanted {
            account,
            role: role.parse().unwrap(),
            organisation: organisation.parse().unwrap(),
            reach: found.and_then(|it| it.reaches.last().copied()).unwrap_or(Reach::Alone),
            purpose: found.map_or(crate::Purpose::OPERATION, |it| it.purposes[0].clone()),
            valid_from: at(0),
            valid_until: found.and_then(|it| it.longest_days).map(|_| at(1_000)),
            reason: "岗位任命".to_owned(),
        }
    }

    async fn give(&mut self, by: Actor, text: &str, to: AccountId) -> Result<GrantId, Refusal> {
        let wanted = self.wanted(text, to);
        self.give_wanted(by, &wanted).await
    }

    async fn give_wanted(&mut self, by: Actor, wanted: &Wanted) -> Result<GrantId, Refusal> {
        let given = give(&self.store, &self.roles, by, wanted, &mut self.entropy, at(1)).await;
        given.map_err(refusal)
    }

    async fn revoke(&self, by: Actor, grant: GrantId, seconds: i64) -> Result<(), Refusal> {
        let why = "离任";
        let revoked = revoke(&self.store, &self.roles, by, grant, why, at(seconds)).await;
        revoked.map_err(refusal)
    }

    async fn held(&self, account: AccountId, seconds: i64) -> Holdings {
        held(&self.store, account, at(seconds)).await.unwrap()
    }

    /// Action, outcome and organisation of all entries of the log, which is sound.
    async fn log(&self) -> Vec<String> {
        assert_eq!(verify(&self.store, None, None).await.unwrap().fault, None);
        let mut entries = audit::entries(&self.store, &Asked::default(), 100).await.unwrap();
        entries.reverse();
        let line = |it: &audit::Written| {
            format!("{} {} {}", it.action, it.outcome, it.organisation.as_deref().unwrap_or("-"))
        };
        entries.iter().map(line).collect()
    }
}

fn refusal(error: GrantError) -> Refusal {
    match error {
        GrantError::Refused(refusal) => refusal,
        GrantError::Store(error) => panic!("{error:?}"),
    }
}

fn day(number: i64) -> Timestamp {
    at(number * 86_400)
}

fn code(text: &str) -> OrgCode {
    text.parse().unwrap()
}
