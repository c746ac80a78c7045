use super::*;

#[tokio::test]
async fn a_provisioned_user_is_an_account_of_the_clients_organisation() {
    let mut city = City::new().await;
    let client = city.client("120101").await;
    let mut entropy = Counting::default();
    let mut sent = user("Zhang.Wei");
    sent["name"] = json!({"familyName": "张", "givenName": "伟"});
    let kept = city.users(&client).create(&sent, now(), &mut entropy).await.unwrap();
    let account =
        accounts::of_login(&city.store, &"zhang.wei".parse().unwrap()).await.unwrap().unwrap();
    assert_eq!(account.id.to_string(), id(&kept));
    assert_eq!(account.name.as_str(), "张伟");
    assert_eq!(account.home.as_str(), "120101");
    let json = kept.resource.json(&Users::KIND);
    assert_eq!(json["userName"], "Zhang.Wei");
    assert_eq!(json["meta"]["location"], [BASE, "Users", &account.id.to_string()].join("/"));
    assert_eq!(json["meta"]["version"], "W/\"1\"");
}

#[tokio::test]
async fn a_name_that_is_taken_or_no_login_is_refused() {
    let mut city = City::new().await;
    let (one, other) = (city.client("120101").await, city.client("120102").await);
    let mut entropy = Counting::default();
    city.users(&one).create(&user("a.b"), now(), &mut entropy).await.unwrap();
    // By whomever it is taken.
    let again = city.users(&other).create(&user("A.B"), now(), &mut entropy).await;
    assert_eq!(refused(again), (409, "uniqueness"));
    let none = city.users(&one).create(&user("张 伟"), now(), &mut entropy).await;
    assert_eq!(refused(none), (400, "invalidValue"));
    let mut secret = user("c.d");
    secret["password"] = "secret".into();
    let none = city.users(&one).create(&secret, now(), &mut entropy).await;
    assert_eq!(refused(none), (400, "invalidSyntax"));
}

#[tokio::test]
async fn a_client_is_told_of_nothing_outside_its_part() {
    let mut city = City::new().await;
    let (above, one, other) =
        (city.client("120000").await, city.client("120101").await, city.client("120102").await);
    let mut entropy = Counting::default();
    let kept = city.users(&one).create(&user("a.b"), now(), &mut entropy).await.unwrap();
    let id = id(&kept);
    assert!(city.users(&above).read(&id, now()).await.is_ok());
    let users = city.users(&other);
    assert_eq!(refused(users.read(&id, now()).await), (404, ""));
    assert_eq!(refused(users.replace(&id, &user("x.y"), None, now()).await), (404, ""));
    assert_eq!(refused(users.delete(&id, None, now()).await), (404, ""));
    let nothing = patch(json!([{"op": "replace", "path": "title", "value": "x"}]));
    assert_eq!(refused(users.patch(&id, &nothing, None, now()).await), (404, ""));
    assert_eq!(users.search(&Search::default(), now()).await.unwrap().total, 0);
    let theirs = city.groups(&other).create(&group("g", &[&id]), now(), &mut entropy).await;
    assert_eq!(refused(theirs), (400, "invalidValue"));
}

#[tokio::test]
async fn who_is_not_active_cannot_sign_in_until_active_again() {
    let mut city = City::new().await;
    let client = city.client("120101").await;
    let mut entropy = Counting::default();
    let kept = city.users(&client).create(&user("a.b"), now(), &mut entropy).await.unwrap();
    let (users, id) = (city.users(&client), id(&kept));
    let active = |it: bool| patch(json!([{"op": "replace", "path": "active", "value": it}]));
    users.patch(&id, &active(false), None, now()).await.unwrap();
    assert!(!is_open(&city.store, "a.b").await);
    users.patch(&id, &active(true), None, now()).await.unwrap();
    assert!(is_open(&city.store, "a.b").await);
    users.delete(&id, None, now()).await.unwrap();
    assert!(!is_open(&city.store, "a.b").await);
    assert_eq!(refused(users.read(&id, now()).await), (404, ""));
}

#[tokio::test]
async fn a_change_made_on_an_old_version_is_refused() {
    let mut city = City::new().await;
    let client = city.client("120101").await;
    let mut entropy = Counting::default();
    let kept = city.users(&client).create(&user("a.b"), now(), &mut entropy).await.unwrap();
    let (users, id) = (city.users(&client), id(&kept));
    let title = |it: &str| patch(json!([{"op": "add", "path": "title", "value": it}]));
    let changed = users.patch(&id, &title("x"), Some("W/\"1\""), now()).await.unwrap();
    assert_eq!(changed.version.to_string(), "W/\"2\"");
    let late = users.patch(&id, &title("y"), Some("W/\"1\""), now()).await;
    assert_eq!(refused(late), (412, ""));
    // What changes nothing makes no version.
    let same = users.patch(&id, &title("x"), Some("*"), now()).await.unwrap();
    assert_eq!(same.version, changed.version);
}

#[tokio::test]
async fn putting_a_user_renames_the_account() {
    let mut city = City::new().await;
    let client = city.client("120101").await;
    let mut entropy = Counting::default();
    let kept = city.users(&client).create(&user("a.b"), now(), &mut entropy).await.unwrap();
    city.users(&client).create(&user("c.d"), now(), &mut entropy).await.unwrap();
    let (users, id) = (city.users(&client), id(&kept));
    assert_eq!(refused(users.replace(&id, &user("C.D"), None, now()).await), (409, "uniqueness"));
    users.replace(&id, &user("e.f"), None, now()).await.unwrap();
    assert!(is_open(&city.store, "e.f").await);
    assert!(accounts::of_login(&city.store, &"a.b".parse().unwrap()).await.unwrap().is_none());
}
