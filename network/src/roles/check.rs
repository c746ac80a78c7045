//! What roles must be so that nobody gets more than they should.

use std::collections::BTreeMap;

use super::file::Findings;
use super::{Power, Role, RoleCode, Roles};
use crate::purpose::Purpose;

/// Checks roles against each other. `places`: where in the file each begins.
pub(super) fn check(
    roles: &Roles,
    places: &BTreeMap<RoleCode, usize>,
    findings: &mut Findings<'_>,
) {
    for purpose in Purpose::OURS {
        if roles.purpose(&purpose).is_none() {
            let hint = "the program itself reads personal data for it: add the purpose";
            findings.add(0, "missing", "no such purpose", purpose.as_str(), hint);
        }
    }
    for role in roles.iter() {
        let at = places.get(&role.code).copied().unwrap_or_default();
        names_what_is_there(roles, role, at, findings);
        gives_no_more_than_it_has(roles, role, at, findings);
        appoints_whom_it_cannot_be(roles, role, at, findings);
        holds_one_power(roles, role, at, findings);
    }
}

fn names_what_is_there(roles: &Roles, role: &Role, at: usize, findings: &mut Findings<'_>) {
    let named = role.may_grant.iter().chain(&role.appoints).chain(&role.excludes);
    for other in named.filter(|it| roles.get(it).is_none()) {
        findings.add(at, "unknown", other.as_str(), "a role of this file", "correct the code");
    }
    for purpose in role.purposes.iter().filter(|it| roles.purpose(it).is_none()) {
        let expected = "a purpose of this file";
        findings.add(at, "unknown", purpose.as_str(), expected, "correct the code");
    }
    let lists = [
        (role.levels.is_empty(), "levels"),
        (role.reaches.is_empty(), "reaches"),
        (role.purposes.is_empty(), "purposes"),
    ];
    for (_, list) in lists.into_iter().filter(|it| it.0) {
        let found = format!("{} without {list}", role.code);
        findings.add(at, "missing", found, "one at least", "nobody could be given the role");
    }
    if role.excludes.contains(&role.code) {
        let hint = "take it out of its own list";
        findings.add(at, "itself", role.code.as_str(), "other roles", hint);
    }
}

fn gives_no_more_than_it_has(roles: &Roles, role: &Role, at: usize, findings: &mut Findings<'_>) {
    for other in role.may_grant.iter().filter_map(|it| roles.get(it)) {
        let permissions = other.permissions.iter().filter(|it| !role.may(**it));
        let fields = other.fields.beyond(&role.fields);
        let more: Vec<String> =
            permissions.map(ToString::to_string).chain(fields.map(|it| it.to_string())).collect();
        if !more.is_empty() {
            let found = format!("{} with {}", other.code, more.join(", "));
            let expected = format!("only what {} has itself", role.code);
            let hint = "take it from the one, give it to the other, or let another role give it";
            findings.add(at, "more", found, expected, hint);
        }
    }
}

fn appoints_whom_it_cannot_be(roles: &Roles, role: &Role, at: usize, findings: &mut Findings<'_>) {
    for other in &role.appoints {
        if !roles.exclude_each_other(&role.code, other) {
            let expected = format!("a role that {} excludes", role.code);
            let hint = "exclude it, or grant it and have all that it has";
            findings.add(at, "appoints", other.as_str(), expected, hint);
        }
    }
}

fn holds_one_power(roles: &Roles, role: &Role, at: usize, findings: &mut Findings<'_>) {
    let power = |role: &Role| -> Vec<Power> {
        let mut powers: Vec<_> = role.permissions.iter().filter_map(|it| it.power()).collect();
        powers.sort();
        powers.dedup();
        powers
    };
    let own = power(role);
    if own.len() > 1 {
        let hint = "let system, security and audit be three roles (GB/T 22239-2019, 8.1.4.2)";
        findings.add(at, "powers", role.code.as_str(), "one of the three powers", hint);
    }
    for other in roles.iter().filter(|it| it.code > role.code) {
        let others = power(other);
        let apart = own.is_empty() || others.is_empty() || own == others;
        if !apart && !roles.exclude_each_other(&role.code, &other.code) {
            let found = format!("{} and {}", role.code, other.code);
            let hint = "let one exclude the other (GB/T 22239-2019, 8.1.4.2)";
            findings.add(at, "powers", found, "roles that exclude each other", hint);
        }
    }
}
