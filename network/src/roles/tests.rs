use super::{NATIONAL, Permission, PersonalField, RoleCode, Roles, read};

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
