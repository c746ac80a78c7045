use store::Store;

use super::Reading;
use crate::accounts;
use crate::audit::{self, Actor, Asked};
use crate::grants::{Wanted, give, held};
use crate::id::AccountId;
use crate::people::list::within;
use crate::roles::{Permission, Roles};
use crate::testing::{Counting, at};

/// Two schools with a teacher each, read by who holds the role.
async fn read_by(role: &str, organisation: &str) -> (Store, Vec<String>) {
    let (store, roles, mut entropy) =
        (store::testing::open().await, Roles::national(), Counting::default());
    let said = crate::organisations::testing::numbered();
    crate::record(&store, &said, at(0), jiff::tz::Offset::UTC).await.unwrap();
    for (login, home) in [("one", "7"), ("two", "8")] {
        let (login, home) = (login.parse().unwrap(), home.parse().unwrap());
        let name = "张三".parse().unwrap();
        accounts::open(&store, &login, &name, &home, at(0), &mut entropy).await.unwrap();
    }
    let account = AccountId::new(at(0), &mut entropy);
    let found = roles.get(&role.parse().unwrap()).unwrap();
    let (purpose, reach) = (found.purposes[0].clone(), *found.reaches.last().unwrap());
    let wanted = Wanted {
        account,
        role: found.code.clone(),
        organisation: organisation.parse().unwrap(),
        reach,
        purpose: purpose.clone(),
        valid_from: at(0),
        valid_until: None,
        reason: "岗位任命".to_owned(),
    };
    give(&store, &roles, Actor::System, &wanted, &mut entropy, at(1)).await.unwrap();
    let holdings = held(&store, account, at(2)).await.unwrap();
    let permission = Permission::ReadAccounts;
    let reading =
        Reading::new(&roles, &holdings, account, permission, purpose, "account.read", at(2));
    let rows = within(&store, &reading, "", None, 10).await.unwrap();
    let shown = |it: Option<String>| it.unwrap_or_else(|| "-".to_owned());
    let lines =
        rows.into_iter().map(|it| format!("{} {} {}", it.home, shown(it.name), shown(it.login)));
    let mut lines: Vec<String> = lines.collect();
    lines.sort();
    (store.clone(), lines)
}

#[tokio::test]
async fn who_reads_sees_the_own_part_and_the_log_says_how_much() {
    let (store, rows) = read_by("district_officer", "120101").await;
    assert_eq!(rows, ["7 张三 one"]);
    let entry = &audit::entries(&store, &Asked::default(), 1).await.unwrap()[0];
    assert_eq!((entry.action.as_str(), entry.purpose.as_str()), ("account.read", "administration"));
    assert_eq!((entry.row_count, entry.actor_kind.as_str()), (Some(1), "account"));
    assert!(!format!("{entry:?}").contains("张三"));
}

#[tokio::test]
async fn what_a_role_may_not_see_is_taken_out() {
    let (_, rows) = read_by("security_administrator", "12").await;
    assert_eq!(rows, ["7 张三 -", "8 张三 -"]);
    let (_, rows) = read_by("administrator", "12").await;
    assert_eq!(rows, ["7 张三 one", "8 张三 two"]);
}

#[tokio::test]
async fn who_may_not_read_gets_nothing_and_the_log_says_so() {
    let (store, rows) = read_by("planner", "12").await;
    assert!(rows.is_empty());
    let entry = &audit::entries(&store, &Asked::default(), 1).await.unwrap()[0];
    assert_eq!((entry.action.as_str(), entry.row_count), ("account.read", Some(0)));
}
