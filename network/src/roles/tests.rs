use super::{NATIONAL, Permission, PersonalField, RoleCode, Roles, read, read_over};

fn code(text: &str) -> RoleCode {
    text.parse().unwrap()
}

/// Findings after one text of the national roles was put in the place of another.
fn after(old: &str, new: &str) -> String {
    assert!(NATIONAL.contains(old), "{old}");
    let (_, findings) = read("roles.toml", &NATIONAL.replacen(old, new, 1));
    findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_national_roles_are_sound() {
    assert_eq!(after("", ""), "");
    let roles = Roles::national();
    let codes: Vec<&str> = roles.iter().map(|it| it.code.as_str()).collect();
    assert_eq!(
        codes.join(" "),
        "administrator security_administrator auditor planner district_officer school_clerk inspector \
         expert data_protection_officer application_owner teacher parent learner"
    );
}

#[test]
fn the_three_administrators_are_apart_from_each_other_and_from_daily_work() {
    let roles = Roles::national();
    for one in ["administrator", "security_administrator", "auditor"] {
        for other in roles.iter().filter(|it| it.code != code(one)) {
            assert!(roles.exclude_each_other(&code(one), &other.code), "{one} {}", other.code);
        }
    }
    assert!(!roles.exclude_each_other(&code("planner"), &code("inspector")));
    assert!(!roles.exclude_each_other(&code("auditor"), &code("auditor")));
}

#[test]
fn every_permission_is_held_by_some_role_and_every_field_seen_by_some() {
    let roles = Roles::national();
    for permission in Permission::ALL {
        assert!(roles.iter().any(|it| it.may(*permission)), "{permission}");
    }
    for field in PersonalField::ALL {
        assert!(roles.iter().any(|it| it.fields.shows(*field)), "{field}");
    }
}

#[test]
fn who_audits_sees_nothing_personal() {
    let roles = Roles::national();
    let auditor = roles.get(&code("auditor")).unwrap();
    assert!(auditor.fields.is_empty());
    assert!(!auditor.may(Permission::ReadPeople));
}

#[test]
fn what_is_wrong_is_found_with_its_line() {
    let findings = [
        after("permissions = [\"audit.read\", \"grants.read\"]", "permissions = [\"audit.reed\"]"),
        after("fields = [\"name\", \"contact\"]", "fields = [\"names\"]"),
        after("reaches = [\"subtree\"]", "reaches = [\"all\"]"),
        after("purposes = [\"statistics\"]", "purposes = [\"curiosity\"]"),
        after("purposes = [\"statistics\"]", "purposes = []"),
        after("code = \"auditor\"", "code = \"Auditor\""),
        after("code = \"inspector\"", "code = \"planner\""),
        after("longest_days = 400", "longest_days = 0"),
        after("longest_days = 400", "longest = 400"),
        after("code = \"security\"\n", "code = \"safety\"\n"),
    ];
    insta::assert_snapshot!(findings.join("\n--\n"));
}

#[test]
fn nobody_gives_more_than_they_have() {
    let findings = [
        after(
            "may_grant = [\"teacher\", \"parent\", \"learner\"]",
            "may_grant = [\"planner\", \"auditor\"]",
        ),
        after("\"planner\", \"district_officer\", \"school_clerk\", \"inspector\"", "\"nobody\""),
    ];
    insta::assert_snapshot!(findings.join("\n--\n"));
}

#[test]
fn the_powers_stay_apart() {
    let findings = [
        after("\"organisations.record\", ", "\"audit.read\", "),
        after("permissions = [\"figures.read\"", "permissions = [\"audit.read\", \"figures.read\""),
        after(
            "purposes = [\"security\"]\nexcludes = [\"*\"]",
            "purposes = [\"security\"]\nexcludes = [\"auditor\"]",
        ),
        after("appoints = [\"administrator\"", "appoints = [\"security_administrator\""),
    ];
    insta::assert_snapshot!(findings.join("\n--\n"));
}

#[test]
fn rubbish_is_found_and_not_believed() {
    for text in
        ["", "role", "[[role]]", "role = 1", "[[role]]\ncode = 1", "\0", "[[purpose]]\ncode = \"\""]
    {
        assert!(!read("roles.toml", text).1.is_empty(), "{text}");
    }
}

/// What a city may write: a role of its own, and another expert.
const OF_A_CITY: &str = r#"
[[role]]
code = "expert"
title = { zh = "评审专家", en = "Expert" }
about = { zh = "评审", en = "Scores" }
permissions = ["cases.act", "figures.read"]
fields = []
levels = ["city"]
reaches = ["self"]
purposes = ["research"]

[[role]]
code = "archivist"
title = { zh = "档案员", en = "Archivist" }
about = { zh = "查阅办件", en = "Reads cases" }
permissions = ["cases.read"]
fields = []
levels = ["city"]
reaches = ["subtree"]
purposes = ["research"]

[[purpose]]
code = "research"
title = { zh = "教育科研", en = "Research" }
basis = "本市规定"
"#;

#[test]
fn a_city_adds_to_the_national_roles_and_puts_its_own_in_their_place() {
    let (roles, findings) = read_over(&[("national.toml", NATIONAL), ("city.toml", OF_A_CITY)]);
    assert!(findings.is_empty(), "{findings:?}");
    let national = Roles::national();
    assert_eq!(roles.iter().count(), national.iter().count() + 1);
    assert!(roles.get(&code("expert")).unwrap().may(Permission::ReadFigures));
    assert_eq!(roles.get(&code("teacher")), national.get(&code("teacher")));
    // Those who exclude every other role exclude the city's too.
    assert!(roles.exclude_each_other(&code("auditor"), &code("archivist")));
    let order: Vec<&str> = roles.iter().map(|it| it.code.as_str()).collect();
    assert_eq!((order[7], order[13]), ("expert", "archivist"));
}

#[test]
fn what_is_wrong_of_a_city_is_found_in_its_own_file_and_line() {
    let place = |text: &str| {
        let (_, findings) = read_over(&[("national.toml", NATIONAL), ("city.toml", text)]);
        let place = findings.iter().map(|it| (it.file.clone(), it.row.unwrap(), it.rule));
        place.collect::<Vec<_>>()
    };
    let one = |line: u64, rule| vec![("city.toml".to_owned(), line, rule)];
    assert_eq!(place(&OF_A_CITY.replace("cases.read", "cases.eat")), one(16, "unknown"));
    let unknown = OF_A_CITY
        .replace("purposes = [\"research\"]\n\n[[role]]", "purposes = [\"fun\"]\n\n[[role]]");
    assert_eq!(place(&unknown), one(3, "unknown"));
    assert_eq!(place(&OF_A_CITY.replace("archivist", "expert")), one(13, "duplicate"));
    let broken = place(&OF_A_CITY.replace("[[purpose]]", "[[purpose"));
    assert!(broken.len() == 1 && broken[0].0 == "city.toml" && broken[0].2 == "form", "{broken:?}");
    assert!((22..=23).contains(&broken[0].1), "{broken:?}");
    // A role that takes more than the one that gives it.
    let more = OF_A_CITY.replace("archivist", "teacher").replace("cases.read", "audit.read");
    let found = place(&more);
    assert!(found.iter().any(|it| it.2 == "more" && it.0 == "national.toml"), "{found:?}");
}
