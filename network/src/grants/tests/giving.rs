use super::*;

#[tokio::test]
async fn who_is_appointed_holds_the_role_there_and_below() {
    let city = City::new().await;
    let held = city.held(city.officer, 1).await;
    assert_eq!(held.grants().len(), 1);
    let scope = held.scope(&city.roles, Permission::ReadPeople);
    assert!(scope.holds("/12/120101/") && scope.holds("/12/120101/7/"));
    assert!(!scope.holds("/12/1201010/") && !scope.holds("/12/1201010/8/") && !scope.holds("/12/"));
    assert!(scope.fields_at("/12/120101/7/").shows(PersonalField::Health));
    assert!(held.scope(&city.roles, Permission::ReadAudit).is_empty());
    assert!(held.may(&city.roles, Permission::GiveGrants));
    assert!(!held.may(&city.roles, Permission::SetPolicies));
    let other = "statistics".parse().unwrap();
    assert!(held.scope_for(&city.roles, Permission::ReadPeople, &other).is_empty());
}

#[tokio::test]
async fn who_holds_nothing_sees_nothing() {
    let mut city = City::new().await;
    let stranger = city.account();
    let held = city.held(stranger, 1).await;
    assert!(held.is_empty());
    for permission in Permission::ALL {
        assert_eq!(held.scope(&city.roles, *permission), Scope::nothing());
    }
}

#[tokio::test]
async fn a_district_officer_gives_roles_in_the_own_district_only() {
    let mut city = City::new().await;
    let (officer, clerk) = (Actor::Account(city.officer), city.account());
    city.give(officer, "school_clerk 7", clerk).await.unwrap();
    for role in ["school_clerk", "teacher"] {
        let error = city.give(officer, &format!("{role} 8"), clerk).await.unwrap_err();
        let role = role.parse().unwrap();
        assert_eq!(error, Refusal::NotYours { role, organisation: code("8") });
    }
    assert_eq!(
        city.log().await,
        [
            "grant.give done 12",
            "grant.give done 120101",
            "grant.give done 7",
            "grant.give refused 8",
            "grant.give refused 8",
        ]
    );
}

#[tokio::test]
async fn nobody_gives_a_role_that_is_not_theirs_to_give() {
    let mut city = City::new().await;
    let someone = city.account();
    let (officer, security) = (Actor::Account(city.officer), Actor::Account(city.security));
    for (by, text) in [
        (officer, "planner 120101"),
        (officer, "district_officer 120101"),
        (officer, "auditor 12"),
        (officer, "security_administrator 12"),
        (security, "security_administrator 12"),
        (security, "teacher 7"),
        (Actor::Account(someone), "learner 7"),
    ] {
        let error = city.give(by, text, someone).await.unwrap_err();
        assert!(matches!(error, Refusal::NotYours { .. }), "{text}: {error}");
    }
    let application = crate::id::Id::new(at(0), &mut city.entropy);
    for by in [Actor::Nobody, Actor::Application(application.into())] {
        assert_eq!(city.give(by, "learner 7", someone).await.unwrap_err(), Refusal::NotSignedIn);
    }
}

/// The file that the program begins with cannot say so; one that lost something since then could.
#[tokio::test]
async fn nobody_gives_more_than_they_have() {
    let mut city = City::new().await;
    let less = crate::roles::NATIONAL
        .replacen("\"people.correct\", \"grants.read\"", "\"grants.read\"", 1)
        .replacen("\"health\", ", "", 1);
    city.roles = crate::roles::read("roles.toml", &less).0;
    let clerk = city.account();
    let error = city.give(Actor::Account(city.officer), "school_clerk 7", clerk).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "role school_clerk has people.correct, health that you have not at 7; ask who has it"
    );
}

#[tokio::test]
async fn nobody_appoints_themselves() {
    let mut city = City::new().await;
    let own = city.security;
    let error = city.give(Actor::Account(own), "auditor 12", own).await.unwrap_err();
    assert_eq!(error, Refusal::Oneself { role: "auditor".parse().unwrap() });
}

#[tokio::test]
async fn the_three_administrators_are_three_accounts() {
    let mut city = City::new().await;
    let (security, someone) = (Actor::Account(city.security), city.account());
    city.give(security, "auditor 12", someone).await.unwrap();
    for text in ["administrator 12", "planner 12", "district_officer 120101"] {
        let error = city.give(security, text, someone).await.unwrap_err();
        assert!(matches!(error, Refusal::Excluded { .. }), "{text}: {error}");
    }
    // Not even the program gives both.
    let error = city.give(Actor::System, "security_administrator 12", someone).await.unwrap_err();
    assert!(matches!(error, Refusal::Excluded { .. }), "{error}");
}

#[tokio::test]
async fn roles_that_exclude_each_other_may_follow_each_other() {
    let mut city = City::new().await;
    let (security, someone) = (Actor::Account(city.security), city.account());
    let mut first = city.wanted("auditor 12", someone);
    first.valid_until = Some(day(10));
    city.give_wanted(security, &first).await.unwrap();
    let mut next = city.wanted("planner 12", someone);
    next.valid_from = day(9);
    assert!(city.give_wanted(security, &next).await.is_err());
    next.valid_from = day(10);
    city.give_wanted(security, &next).await.unwrap();
    // And the other way round: one that ends before the other begins.
    let mut between = city.wanted("auditor 12", someone);
    between.valid_until = Some(day(11));
    assert!(city.give_wanted(security, &between).await.is_err());
    between.valid_until = Some(day(10));
    city.give_wanted(security, &between).await.unwrap();
}

#[tokio::test]
async fn a_grant_must_fit_the_role() {
    let mut city = City::new().await;
    let (security, someone) = (Actor::Account(city.security), city.account());
    let fit = city.wanted("inspector 120101", someone);
    let unfit = [
        Wanted { role: "king".parse().unwrap(), ..fit.clone() },
        Wanted { organisation: code("99"), ..fit.clone() },
        Wanted { purpose: "teaching".parse().unwrap(), ..fit.clone() },
        Wanted { valid_until: None, ..fit.clone() },
        Wanted { valid_until: Some(day(1_101)), ..fit.clone() },
        Wanted { valid_until: Some(at(0)), ..fit.clone() },
        Wanted { valid_from: day(2), valid_until: Some(day(1)), ..fit.clone() },
        Wanted { reason: " ".to_owned(), ..fit.clone() },
        Wanted { reason: "a\nb".to_owned(), ..fit.clone() },
        Wanted { reason: "x".repeat(201), ..fit.clone() },
        Wanted { reach: Reach::Alone, ..city.wanted("planner 12", someone) },
        Wanted { organisation: code("7"), ..city.wanted("planner 12", someone) },
    ];
    let mut texts = Vec::new();
    for wanted in unfit {
        texts.push(city.give_wanted(security, &wanted).await.unwrap_err().to_string());
    }
    insta::assert_snapshot!(texts.join("\n"));
    city.give_wanted(security, &fit).await.unwrap();
}

#[tokio::test]
async fn what_is_given_ends_with_what_it_was_given_by() {
    let mut city = City::new().await;
    let (officer, someone) = (city.account(), city.account());
    let mut lent = city.wanted("district_officer 1201010", officer);
    lent.valid_until = Some(day(30));
    city.give_wanted(Actor::Account(city.security), &lent).await.unwrap();
    let mut wanted = city.wanted("school_clerk 8", someone);
    for until in [None, Some(day(31))] {
        wanted.valid_until = until;
        let error = city.give_wanted(Actor::Account(officer), &wanted).await.unwrap_err();
        assert!(matches!(error, Refusal::Outlasts { .. }), "{error}");
    }
    wanted.valid_until = Some(day(30));
    city.give_wanted(Actor::Account(officer), &wanted).await.unwrap();
}

#[tokio::test]
async fn a_grant_holds_from_its_first_instant_until_before_its_last() {
    let mut city = City::new().await;
    let someone = city.account();
    let mut wanted = city.wanted("planner 12", someone);
    (wanted.valid_from, wanted.valid_until) = (at(10), Some(at(20)));
    city.give_wanted(Actor::Account(city.security), &wanted).await.unwrap();
    for (seconds, holds) in [(9, false), (10, true), (19, true), (20, false)] {
        assert_eq!(!city.held(someone, seconds).await.is_empty(), holds, "{seconds}");
    }
}

#[tokio::test]
async fn a_list_shows_only_the_own_part() {
    let mut city = City::new().await;
    let (one, other) = (city.account(), city.account());
    city.give(Actor::Account(city.officer), "school_clerk 7", one).await.unwrap();
    city.give(Actor::Account(city.security), "district_officer 1201010", other).await.unwrap();
    let seen = async |account| -> Vec<String> {
        let held = city.held(account, 1).await;
        let scope = held.scope(&city.roles, Permission::ReadGrants);
        let grants = within(&city.store, &scope, None, 100).await.unwrap();
        for grant in &grants {
            let found = crate::grants::get(&city.store, &scope, grant.id).await.unwrap();
            assert_eq!(found.as_ref(), Some(grant));
        }
        let mut lines: Vec<_> =
            grants.iter().map(|it| format!("{} {}", it.role, it.organisation)).collect();
        lines.sort();
        lines
    };
    assert_eq!(
        seen(city.security).await,
        [
            "district_officer 120101",
            "district_officer 1201010",
            "school_clerk 7",
            "security_administrator 12",
        ]
    );
    assert_eq!(seen(city.officer).await, ["district_officer 120101", "school_clerk 7"]);
    assert_eq!(seen(one).await, ["school_clerk 7"]);
    assert_eq!(seen(other).await, ["district_officer 1201010"]);

    let all = Scope::everything();
    let whole = within(&city.store, &all, None, 9).await.unwrap();
    let first = within(&city.store, &all, None, 1).await.unwrap();
    let rest = within(&city.store, &all, Some(first[0].id), 9).await.unwrap();
    assert_eq!([first, rest].concat(), whole);
}
