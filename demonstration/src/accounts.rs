//! Accounts of a demonstration city: one for each kind of user, whose passwords follow from the printed number.

use anyhow::{Context, Result};
use jiff::Timestamp;
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

use super::cases::Workplaces;

/// An account whose password everybody may know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demonstrated {
    pub login: String,
    pub password: String,
    /// What its owner is.
    pub title: Bilingual,
}

/// Login, role, what its owner is in both languages, how far down the organisations it stands, and in which district.
const KINDS: [(&str, &str, &str, &str, usize, usize); 15] = [
    ("planner", "planner", "市级规划人员", "City planner", 0, 0),
    ("officer", "district_officer", "区级教育干部", "District officer", 1, 0),
    ("clerk", "school_clerk", "学校填报员", "School clerk", 2, 0),
    ("inspector", "inspector", "督学", "Inspector", 0, 0),
    ("expert", "expert", "评审专家", "Expert", 0, 0),
    ("teacher", "teacher", "教师", "Teacher", 2, 0),
    ("parent", "parent", "家长", "Parent", 2, 0),
    ("administrator", "administrator", "市级管理员", "City administrator", 0, 0),
    ("security", "security_administrator", "市级安全管理员", "Security administrator", 0, 0),
    ("auditor", "auditor", "审计员", "Auditor", 0, 0),
    ("protector", "data_protection_officer", "个人信息保护负责人", "Data protection officer", 1, 0),
    ("owner", "application_owner", "应用负责人", "Application owner", 1, 0),
    ("learner", "learner", "学习者", "Learner", 2, 0),
    ("neighbour", "district_officer", "邻区教育部门", "The next district", 1, 1),
    ("receiver", "school_clerk", "邻区学校", "A school of the next district", 2, 1),
];

/// Why they hold their roles.
const REASON: &str = "演示 demonstration";

/// The accounts that a newcomer may sign in with.
pub fn demonstrated(number: u64) -> Vec<Demonstrated> {
    let one = |(login, _, zh, en, ..): (&str, &str, &str, &str, usize, usize)| Demonstrated {
        login: login.to_owned(),
        password: password(number, login),
        title: Bilingual::new(zh, en),
    };
    KINDS.into_iter().map(one).collect()
}

/// Opens them in a registry that was made for a demonstration.
pub async fn open(
    store: &Store,
    plan: &Plan,
    history: &History,
    number: u64,
    at: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Workplaces> {
    let policies = Policies::shipped()?;
    let policy = policies.policy("asvs")?;
    let roles = Roles::national();
    let today = plan.clocks().to_datetime(at).date();
    let tree = history.tree(ADMINISTRATIVE, today, Timestamp::MAX);
    // Of each level those that work together: the school lies in the district.
    let of_level = |depth: usize, above: Option<&OrgCode>| -> Vec<OrgCode> {
        let level = plan.levels.get(depth).map(|it| it.code.as_str());
        let mut found: Vec<(bool, OrgCode)> = tree
            .iter()
            .map(|it| &it.organisation)
            .filter(|it| Some(it.level.as_str()) == level)
            .filter(|it| above.is_none_or(|above| tree.is_within(&it.code, above)))
            // Pupils of all ages have cases, most of them those of compulsory schools.
            .map(|it| (!it.stages.iter().any(|it| it == "junior"), it.code.clone()))
            .collect();
        found.sort();
        found.into_iter().map(|(_, code)| code).collect()
    };
    let districts = of_level(1, None);
    let place = |depth: usize, district: usize| -> Result<OrgCode> {
        let home = match depth {
            0 => of_level(0, None).into_iter().next(),
            1 => districts.get(district).cloned(),
            _ => of_level(depth, districts.get(district)).into_iter().next(),
        };
        home.context("the demonstration city lacks a level of the plan")
    };
    for (name, role, zh, _, depth, district) in KINDS {
        let home = place(depth, district)?;
        let (login, title): (Login, PersonName) = (name.parse()?, format!("{zh}（演示）").parse()?);
        let account = match accounts::open(store, &login, &title, &home, at, entropy).await {
            Ok(account) => account,
            Err(AccountError::LoginTaken) => continue,
            Err(error) => return Err(error.into()),
        };
        let phc = passwords::hash(&Password::new(password(number, name)), policies.cost, entropy)?;
        passwords::set(store, account, &phc, policy, None, at).await?;
        let role = roles.get(&role.parse()?).context("a demonstrated role is not there")?;
        let wanted = usual(role, account, &home, at, REASON.to_owned());
        let wanted = wanted.context("a demonstrated role is given nowhere")?;
        grants::give(store, &roles, Actor::System, &wanted, entropy, at).await?;
    }
    Ok(Workplaces { school: place(2, 0)?, other_school: place(2, 1)?, district: place(1, 0)? })
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
    fn every_shipped_role_can_be_tried() {
        let tried = KINDS.map(|it| it.1);
        for role in Roles::national().iter() {
            assert!(tried.contains(&role.code.as_str()), "nobody holds {}", role.code);
        }
    }

    #[test]
    fn the_same_number_gives_the_same_passwords_and_another_others() {
        assert_eq!(demonstrated(7), demonstrated(7));
        assert!(demonstrated(7).iter().zip(demonstrated(8)).all(|(a, b)| a.password != b.password));
    }
}
