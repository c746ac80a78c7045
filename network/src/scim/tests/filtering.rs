use super::*;

/// Users that differ in everything one can filter by.
async fn people(city: &City, client: &Client) {
    let mut entropy = Counting::default();
    for (name, family, active, email) in [
        ("zhang.wei", "张", true, Some("ZW@school.example")),
        ("wang.fang", "王", false, Some("wf%_@home.example")),
        ("anna", "", true, None),
    ] {
        let mut sent = user(name);
        sent["active"] = active.into();
        sent["externalId"] = format!("X-{name}").into();
        if !family.is_empty() {
            sent["name"] = json!({"familyName": family});
            sent["displayName"] = format!("{family}老师").into();
        }
        if let Some(email) = email {
            sent["emails"] = json!([{"value": email, "type": "work"}, {"value": "x@y.example"}]);
        }
        city.users(client).create(&sent, now(), &mut entropy).await.unwrap();
    }
}

/// The database finds what the filter itself says of each resource.
#[tokio::test]
async fn the_database_filters_as_the_filter_does() {
    let mut city = City::new().await;
    let client = city.client("120101").await;
    people(&city, &client).await;
    let users = city.users(&client);
    let all = users.search(&Search::default(), now()).await.unwrap().resources;
    assert_eq!(all.len(), 3);
    let terms = [
        "userName eq \"ZHANG.wei\"",
        "userName ne \"anna\"",
        "userName co \"AN\"",
        "userName sw \"an\"",
        "userName ew \"wei\"",
        "userName co \"\"",
        "externalId eq \"x-anna\"",
        "externalId co \"X-\"",
        "externalId ew \"anna\"",
        "displayName pr",
        "displayName eq null",
        "displayName ne null",
        "active eq true",
        "active ne true",
        "name.familyName eq \"王\"",
        "name.givenName pr",
        "emails pr",
        "emails eq \"zw@SCHOOL.example\"",
        "emails.value co \"%_\"",
        "emails ne \"x@y.example\"",
        "emails.type eq \"work\"",
        "emails eq null",
        "emails[type eq \"work\" and value ew \"home.example\"]",
        "emails[not (type pr)]",
        "meta.created ge \"2020-01-01T00:00:00Z\"",
        "meta.lastModified lt \"2020-01-01T00:00:00Z\"",
    ];
    let mut filters: Vec<String> = terms.iter().map(|it| (*it).to_owned()).collect();
    for (one, other) in terms.iter().zip(terms.iter().rev()) {
        filters.push(format!("not ({one})"));
        filters.push(format!("{one} and {other}"));
        filters.push(format!("{one} or not ({other} and {one})"));
    }
    for text in filters {
        let filter = Filter::parse(&text, Limits::default()).unwrap();
        let expected: Vec<String> =
            all.iter().filter(|it| filter.matches(&Users::KIND, &it.resource)).map(id).collect();
        let search = Search { filter: Some(filter), start: 1, ..Search::default() };
        let found = users.search(&search, now()).await.unwrap();
        let ids: Vec<String> = found.resources.iter().map(id).collect();
        assert_eq!(ids, expected, "{text}");
    }
}

#[tokio::test]
async fn what_is_not_kept_apart_cannot_be_filtered_or_sorted_by() {
    let mut city = City::new().await;
    let client = city.client("120101").await;
    let users = city.users(&client);
    for filter in ["title pr", "userName gt \"a\"", "shoeSize pr", "ims[value pr]"] {
        let filter = Some(Filter::parse(filter, Limits::default()).unwrap());
        let search = Search { filter, start: 1, ..Search::default() };
        assert_eq!(refused(users.search(&search, now()).await), (400, "invalidFilter"));
    }
    let sorted = Search::read(|it| (it == "sortBy").then_some("title")).unwrap();
    assert_eq!(refused(users.search(&sorted, now()).await), (400, "invalidValue"));
}

#[tokio::test]
async fn a_list_is_sorted_and_given_part_by_part() {
    let mut city = City::new().await;
    let client = city.client("120101").await;
    people(&city, &client).await;
    let asked =
        [("sortBy", "userName"), ("sortOrder", "descending"), ("startIndex", "2"), ("count", "1")];
    let search =
        Search::read(|it| asked.iter().find(|(name, _)| *name == it).map(|(_, value)| *value));
    let found = city.users(&client).search(&search.unwrap(), now()).await.unwrap();
    assert_eq!(found.total, 3);
    let names: Vec<_> =
        found.resources.iter().map(|it| it.resource.text("userName", None)).collect();
    assert_eq!(names, [Some("wang.fang")]);
}
