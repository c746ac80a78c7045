use store::testing;

use super::*;
use crate::testing::{Counting, at};

#[tokio::test]
async fn an_account_is_opened_and_found_by_id_and_by_login() {
    let (store, mut entropy) = (testing::open().await, Counting::default());
    let (login, name) = ("Zhang.San".parse().unwrap(), "张三".parse().unwrap());
    let home = "120101".parse().unwrap();
    let id = open(&store, &login, &name, &home, at(0), &mut entropy).await.unwrap();
    let account = find(&store, id).await.unwrap().unwrap();
    assert_eq!(account.login.as_str(), "zhang.san");
    assert_eq!((account.name.as_str(), account.home.as_str()), ("张三", "120101"));
    assert_eq!((account.opened_at, account.closed_at), (at(0), None));
    assert_eq!(of_login(&store, &"ZHANG.SAN".parse().unwrap()).await.unwrap(), Some(account));
}

#[tokio::test]
async fn a_login_name_is_taken_once_and_a_refusal_leaves_nobody_behind() {
    let (store, mut entropy) = (testing::open().await, Counting::default());
    let (login, name) = ("clerk".parse().unwrap(), "张三".parse().unwrap());
    let home = "120101".parse().unwrap();
    open(&store, &login, &name, &home, at(0), &mut entropy).await.unwrap();
    let again = open(&store, &login, &name, &home, at(1), &mut entropy).await;
    assert!(matches!(again, Err(AccountError::LoginTaken)));
    let people: i64 = on_db!(store, pool => {
        sqlx::query_scalar("SELECT COUNT(*) FROM people").fetch_one(pool).await
    })
    .unwrap();
    assert_eq!(people, 1);
}

#[test]
fn a_login_has_one_way_to_be_written() {
    assert_eq!(" A.b@C ".parse::<Login>().unwrap().as_str(), "a.b@c");
    let long = "x".repeat(65);
    for text in ["", "a", "a b", "张三", "a\u{0}b", "a/b", long.as_str()] {
        assert_eq!(text.parse::<Login>(), Err(NotALogin), "{text}");
    }
    assert_eq!(format!("{:?}", "clerk".parse::<Login>().unwrap()), "Login(…)");
}
