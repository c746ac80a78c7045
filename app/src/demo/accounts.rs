//! Accounts of a demonstration city: one for each kind of user, whose passwords follow from the printed number.

use anyhow::{Context, Result};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use model::organisation::{ADMINISTRATIVE, History};
use model::plan::Plan;
use model::{Bilingual, Entropy, OrgCode};
use network::accounts::{self, AccountError, Login};
use network::audit::Actor;
use network::grants;
use network::invitations::usual;
use network::passwords::{self, Password, Policies};
use network::people::PersonName;
use network::roles::Roles;
use store::Store;
use web::Demonstrated;

/// Login, role, what its owner is in both languages, and how far down the organisations it stands.
const KINDS: [(&str, &str, &str, &str, usize); 9] = [
    ("planner", "planner", "市级规划人员", "City planner", 0),
    ("officer", "district_officer", "区级教育干部", "District officer", 1),
    ("clerk", "school_clerk", "学校填报员", "School clerk", 2),
    ("inspector", "inspector", "督学", "Inspector", 0),
    ("expert", "expert", "评审专家", "Expert", 0),
    ("teacher", "teacher", "教师", "Teacher", 2),
    ("parent", "parent", "家长", "Parent", 2),
    ("administrator", "administrator", "市级管理员", "City administrator", 0),
    ("auditor", "auditor", "审计员", "Auditor", 0),
];

/// The accounts that a newcomer may sign in with.
pub(crate) fn demonstrated(number: u64) -> Vec<Demonstrated> {
    let one = |(login, _, zh, en, _): (&str, &str, &str, &str, usize)| Demonstrated {
        login: login.to_owned(),
        password: password(number, login),
        title: Bilingual::new(zh, en),
    };
    KINDS.into_iter().map(one).collect()
}

/// Opens them in a registry that was made for a demonstration.
pub(crate) async fn open(
    store: &Store,
    plan: &Plan,
    history: &History,
    number: u64,
    at: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<()> {
    let policies = Policies::shipped()?;
    let policy = policies.policy("asvs")?;
    let roles = Roles::national();
    let tree = history.tree(ADMINISTRATIVE, TimeZone::UTC.to_datetime(at).date(), at);
    for (name, role, zh, _, depth) in KINDS {
        let level = plan.levels.get(depth).map(|it| it.code.as_str());
        let homes =
            tree.iter().map(|it| &it.organisation).filter(|it| Some(it.level.as_str()) == level);
        let home: Option<OrgCode> = homes.map(|it| it.code.clone()).min();
        let home = home.context("the demonstration city lacks a level of the plan")?;
        let (login, title): (Login, PersonName) = (name.parse()?, format!("{zh}（演示）").parse()?);
        let account = match accounts::open(store, &login, &title, &home, at, entropy).await {
            Ok(account) => account,
            Err(AccountError::LoginTaken) => continue,
            Err(error) => return Err(error.into()),
        };
        let phc = passwords::hash(&Password::new(password(number, name)), policies.cost, entropy)?;
        passwords::set(store, account, &phc, policy, None, at).await?;
        let role = roles.get(&role.parse()?).context("a demonstrated role is not there")?;
        let wanted = usual(role, account, &home, at, "demonstration".to_owned());
        let wanted = wanted.context("a demonstrated role is given nowhere")?;
        grants::give(store, &roles, Actor::System, &wanted, entropy, at).await?;
    }
    Ok(())
}

/// Anybody who knows the number can say it: it guards nothing but invented records.
fn password(number: u64, login: &str) -> String {
    let hash =
        blake3::derive_key("haihe demonstration passwords", format!("{number} {login}").as_bytes());
    let letters = hash.iter().take(12).map(|it| char::from(b'a' + it % 26));
    letters.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_number_gives_the_same_passwords_and_another_others() {
        assert_eq!(demonstrated(7), demonstrated(7));
        assert!(demonstrated(7).iter().zip(demonstrated(8)).all(|(a, b)| a.password != b.password));
    }
}
