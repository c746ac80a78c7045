use super::*;

#[tokio::test]
async fn members_are_shown_at_the_group_and_the_group_at_its_members() {
    let mut city = City::new().await;
    let client = city.client("120101").await;
    let mut entropy = Counting::default();
    let one = id(&city.users(&client).create(&user("a.b"), now(), &mut entropy).await.unwrap());
    let other = id(&city.users(&client).create(&user("c.d"), now(), &mut entropy).await.unwrap());
    let kept = city
        .groups(&client)
        .create(&group("数学组", &[&one, &other]), now(), &mut entropy)
        .await
        .unwrap();
    let (groups, group) = (city.groups(&client), id(&kept));
    let user = city.users(&client).read(&one, now()).await.unwrap().resource.json(&Users::KIND);
    assert_eq!(user["groups"][0]["display"], "数学组");
    assert_eq!(user["groups"][0]["$ref"], format!("{BASE}/Groups/{group}"));

    let fewer = patch(json!([{"op": "remove", "path": format!("members[value eq \"{one}\"]")}]));
    let kept = groups.patch(&group, &fewer, None, now()).await.unwrap();
    let members = kept.resource.json(&Groups::KIND)["members"].clone();
    let address = [BASE, "Users", other.as_str()].join("/");
    assert_eq!(members, json!([{"value": other, "type": "User", "$ref": address}]));

    city.users(&client).delete(&other, None, now()).await.unwrap();
    let left = groups.read(&group).await.unwrap().resource.json(&Groups::KIND);
    assert!(left.get("members").is_none());
    groups.delete(&group, None, now()).await.unwrap();
    assert_eq!(refused(groups.read(&group).await), (404, ""));
}

#[tokio::test]
async fn a_group_of_another_part_is_not_there() {
    let mut city = City::new().await;
    let (one, other) = (city.client("120101").await, city.client("120102").await);
    let mut entropy = Counting::default();
    let kept = city.groups(&one).create(&group("g", &[]), now(), &mut entropy).await.unwrap();
    let (groups, id) = (city.groups(&other), id(&kept));
    assert_eq!(refused(groups.read(&id).await), (404, ""));
    assert_eq!(refused(groups.replace(&id, &group("h", &[]), None, now()).await), (404, ""));
    assert_eq!(refused(groups.delete(&id, None, now()).await), (404, ""));
    assert_eq!(groups.search(&Search::default()).await.unwrap().total, 0);
}
