use super::*;

#[tokio::test]
async fn a_token_opens_one_interface_until_it_ends() {
    let mut city = City::new().await;
    let token = city.token("120101").await;
    let whose = async |interface, seconds| {
        let client = service_tokens::client(&city.store, &token, interface, at(seconds)).await;
        client.unwrap()
    };
    let client = whose(Interface::Scim, 1).await.unwrap();
    assert_eq!(client.home.as_str(), "120101");
    assert_eq!(whose(Interface::Rosters, 1).await, None);
    assert_eq!(whose(Interface::Records, 1).await, None);
    assert_eq!(whose(Interface::Scim, 10_000).await, None);
    assert!(service_tokens::end(&city.store, client.id, at(2)).await.unwrap());
    assert!(!service_tokens::end(&city.store, client.id, at(3)).await.unwrap());
    assert_eq!(whose(Interface::Scim, 3).await, None);
}

#[tokio::test]
async fn a_token_of_records_opens_nothing_else_and_ends_too() {
    let mut city = City::new().await;
    let organisation: OrgCode = "120101".parse().unwrap();
    let (interface, name) = (Interface::Records, "学籍系统");
    let datasets = ["classes", "enrolments"].map(str::to_owned).into();
    let issue = Issue {
        interface,
        name,
        organisation: &organisation,
        datasets: &datasets,
        expires_at: at(9),
    };
    let (id, token) =
        service_tokens::issue(&city.store, issue, at(0), &mut city.entropy).await.unwrap();
    for (interface, seconds, opens) in [
        (Interface::Records, 1, true),
        (Interface::Records, 9, false),
        (Interface::Scim, 1, false),
        (Interface::Rosters, 1, false),
    ] {
        let client = service_tokens::client(&city.store, &token, interface, at(seconds)).await;
        let opened = client.unwrap().map(|it| it.datasets);
        assert_eq!(opened, opens.then(|| datasets.clone()), "{interface} at {seconds}");
        let is_open = service_tokens::is_open(&city.store, id, at(seconds)).await.unwrap();
        assert_eq!(is_open, seconds < 9, "at {seconds}");
    }
    let called = service_tokens::name(&city.store, id).await.unwrap();
    assert_eq!(called.as_deref(), Some(name));
    assert!(service_tokens::end(&city.store, id, at(2)).await.unwrap());
    assert!(!service_tokens::end(&city.store, id, at(3)).await.unwrap());
    assert!(!service_tokens::is_open(&city.store, id, at(3)).await.unwrap());
    let client = service_tokens::client(&city.store, &token, interface, at(3)).await;
    assert_eq!(client.unwrap(), None);
}

#[tokio::test]
async fn a_token_is_of_an_organisation_that_is_there() {
    let mut city = City::new().await;
    let organisation: OrgCode = "130000".parse().unwrap();
    let issue = Issue {
        interface: Interface::Scim,
        name: "x",
        organisation: &organisation,
        datasets: &BTreeSet::new(),
        expires_at: at(9),
    };
    let refused = service_tokens::issue(&city.store, issue, at(0), &mut city.entropy).await;
    assert!(matches!(refused, Err(ServiceTokenError::NoOrganisation(_))));
    let issue = Issue { expires_at: at(0), ..issue };
    let refused = service_tokens::issue(&city.store, issue, at(0), &mut city.entropy).await;
    assert!(matches!(refused, Err(ServiceTokenError::EndsBefore)));
    // One that opens no dataset would open nothing; one for accounts has no use for any.
    let issue = Issue { expires_at: at(9), ..issue };
    for (interface, datasets) in [
        (Interface::Records, BTreeSet::new()),
        (Interface::Scim, BTreeSet::from(["enrolments".to_owned()])),
    ] {
        let issue = Issue { interface, datasets: &datasets, ..issue };
        let refused = service_tokens::issue(&city.store, issue, at(0), &mut city.entropy).await;
        assert!(matches!(refused, Err(ServiceTokenError::Datasets)), "{interface}");
    }
}
