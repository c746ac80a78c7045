//! Who takes part: every role can be granted, acts, and can be told apart.

use declarations::{Fault, choices};

use super::Surroundings;
use crate::form::FieldKind;
use crate::procedure::{Holder, Procedure, StepKind};

pub(super) fn check(procedure: &Procedure, around: &Surroundings, faults: &mut Vec<Fault>) {
    for role in &procedure.roles {
        let mut add = |what: String, hint: &str| faults.push(Fault::at(&role.place, what, hint));
        for grant in role.grants.iter().filter(|it| !around.roles.contains(*it)) {
            let hint = format!("write {}", choices(around.roles.iter().map(String::as_str)));
            add(format!("nobody can be granted `{grant}`"), &hint);
        }
        if role.apart_from.contains(&role.name) {
            add(
                format!("`{}` is kept apart from itself", role.name),
                "remove it from `apart_from`",
            );
        }
        let over = role.over.as_ref().and_then(|it| procedure.form.field(it));
        if let Some(field) = over.filter(|it| it.kind != FieldKind::Organisation) {
            let what = format!("`{}` is no organisation", field.name);
            add(what, "name a field with \"x-kind\": \"organisation\" in `over`");
        }
        let acts = procedure.transitions.iter().any(|it| it.by.contains(&role.name))
            || procedure.reviews.as_ref().is_some_and(|it| it.role == role.name)
            || procedure.deadlines.iter().any(|it| it.escalate.as_ref() == Some(&role.name));
        if !acts {
            add(format!("`{}` takes no part", role.name), "let it take a transition, or remove it");
        }
    }
    let start = procedure.start().map(|it| it.name.as_str()).unwrap_or_default();
    let begins = |transition: &&crate::procedure::Transition| {
        transition.from.iter().any(|it| it.contains(start)) && !transition.is_of_the_clock()
    };
    if !procedure.transitions.iter().any(|it| begins(&it)) {
        let hint = "let a role take a transition from it";
        faults.push(Fault::at(&procedure.place, "nobody can begin a case", hint));
    }
    for transition in &procedure.transitions {
        let holders = transition.by.iter().filter_map(|it| procedure.role(it));
        if transition.kind == StepKind::Withdraw
            && (transition.is_of_the_clock()
                || holders.clone().any(|it| it.holder != Holder::Beginner))
        {
            let what = format!("`{}` lets another withdraw a case", transition.name);
            let hint = "let only a role with holder = \"beginner\" do it";
            faults.push(Fault::at(&transition.place, what, hint));
        }
        if transition.draws && procedure.reviews.is_none() {
            let what = format!("`{}` draws reviewers and there are none", transition.name);
            faults.push(Fault::at(&transition.place, what, "add `[reviews]`, or remove `draw`"));
        }
    }
    let Some(reviews) = &procedure.reviews else { return };
    let role = procedure.role(&reviews.role);
    if role.is_some_and(|it| it.holder != Holder::Assigned) {
        let what = format!("reviewers are drawn, and `{}` is not assigned", reviews.role);
        faults.push(Fault::at(&procedure.place, what, "give the role holder = \"assigned\""));
    }
    if !procedure.transitions.iter().any(|it| it.draws) {
        let hint = "give the transition that leads to the review draw = true";
        faults.push(Fault::at(&procedure.place, "no step draws the reviewers", hint));
    }
}
