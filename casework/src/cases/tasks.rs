//! Whose turn it is: who could take a step from where a case stands.

use std::collections::BTreeSet;

use super::standing::Standing;
use super::writing::organisations;
use crate::procedure::{Holder, Procedure, Role, StepKind, Transition};

/// Somebody who can do something: an account, or whoever has a grant for an organisation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Task {
    /// Role of the procedure.
    pub(crate) role: String,
    /// Role of the network; empty where an account is named.
    pub(crate) grant: String,
    pub(crate) code: String,
    pub(crate) account: String,
    /// How deep the grant must be held; 0 where that does not matter.
    pub(crate) depth: i64,
}

/// The tasks of a case as it stands.
pub(crate) fn tasks(procedure: &Procedure, case: &Standing) -> Vec<Task> {
    let marking = case.marking();
    // What one may do though nobody waits for it is no task.
    let waits = |it: &&Transition| {
        matches!(it.kind, StepKind::Forward | StepKind::Refuse | StepKind::Return)
            && it.source(&marking).is_some()
    };
    let able: BTreeSet<&str> = procedure
        .transitions
        .iter()
        .filter(waits)
        .flat_map(|it| it.by.iter().map(String::as_str))
        .collect();
    let running = case.deadlines.iter().filter(|it| it.closed_at.is_none());
    let limits = running.filter_map(|it| procedure.deadlines.iter().find(|of| of.name == it.name));
    let mut roles: BTreeSet<&str> =
        limits.map(|it| it.owner.as_str()).filter(|it| able.contains(it)).collect();
    // Where no time limit says whose turn it is, it is that of whoever can act.
    if roles.is_empty() {
        roles.clone_from(&able);
    }
    // And always that of whoever was asked by name.
    let asked = |it: &&str| procedure.role(it).is_some_and(|it| it.holder == Holder::Assigned);
    roles.extend(able.into_iter().filter(asked));
    let overdue =
        case.deadlines.iter().filter(|it| it.closed_at.is_none() && it.overdue_at.is_some());
    let named = overdue.filter_map(|it| procedure.deadlines.iter().find(|of| of.name == it.name));
    roles.extend(named.filter_map(|it| it.escalate.as_deref()));
    let codes = organisations(procedure, case);
    let mut tasks = BTreeSet::new();
    for role in roles.into_iter().filter_map(|it| procedure.role(it)) {
        if procedure.reviews.as_ref().is_some_and(|it| it.role == role.name) {
            continue;
        }
        let code = codes.get(role.over.as_deref().unwrap_or_default());
        tasks.extend(of_role(role, case, code.map(String::as_str)));
    }
    if let Some(reviews) = procedure.reviews.as_ref().filter(|it| marking.contains(&it.state)) {
        tasks.extend(case.waiting_for(reviews).map(|it| of_account(&reviews.role, it.to_string())));
    }
    tasks.into_iter().collect()
}

fn of_role(role: &Role, case: &Standing, code: Option<&str>) -> Vec<Task> {
    match role.holder {
        Holder::Public => Vec::new(),
        Holder::Beginner => vec![of_account(&role.name, case.beginner.to_string())],
        Holder::Assigned => {
            let mine = case.assigned.iter().filter(|(name, _)| *name == role.name);
            mine.map(|(_, account)| of_account(&role.name, account.to_string())).collect()
        }
        Holder::Granted => {
            let Some(code) = code else { return Vec::new() };
            let task = |grant: &String| Task {
                role: role.name.clone(),
                grant: grant.clone(),
                code: code.to_owned(),
                account: String::new(),
                depth: role.depth.map_or(0, i64::from),
            };
            role.grants.iter().map(task).collect()
        }
    }
}

fn of_account(role: &str, account: String) -> Task {
    Task { role: role.to_owned(), grant: String::new(), code: String::new(), account, depth: 0 }
}
