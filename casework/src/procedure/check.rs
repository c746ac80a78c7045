//! What is proved of a procedure before any case begins.
//!
//! Every state can be reached, every case can be brought to an end whatever was filled in, no condition can never
//! hold, no deadline is without somebody who can act, every role can be granted, and every dataset takes the rows.
//! Conditions over codes, flags and numbers are decided exactly; what is not decided counts as a condition
//! that may fail.

mod facts;
mod net;
mod parties;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use declarations::{Fault, choices};
use model::dataset::Dataset;

use super::{Procedure, StateKind, StepKind, Transition};
use crate::cases::letters;
use crate::form::FieldKind;

/// What a procedure meets outside its folder.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// Roles that can be granted (`rules/roles.toml`).
    pub roles: BTreeSet<String>,
    /// Calendars there are (`rules/calendars`).
    pub calendars: BTreeSet<String>,
    /// Templates of letters (`rules/letters`), with the blanks of each.
    pub letters: BTreeMap<String, BTreeSet<String>>,
    pub datasets: BTreeMap<String, Dataset>,
}

/// The blanks of a letter's template: `{matter}` and the like.
pub fn blanks(template: &str) -> BTreeSet<String> {
    let parts = template.split('{').skip(1).filter_map(|it| it.split_once('}'));
    let is_name =
        |it: &&str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_lowercase() || it == b'-');
    parts.map(|(name, _)| name).filter(is_name).map(str::to_owned).collect()
}

/// Everything that is amiss, in the order of the files.
pub fn check(procedure: &Procedure, around: &Surroundings) -> Vec<Fault> {
    let mut faults = Vec::new();
    shape(procedure, around, &mut faults);
    parties::check(procedure, around, &mut faults);
    facts::check(procedure, around, &mut faults);
    deadlines(procedure, &mut faults);
    quota(procedure, &mut faults);
    // A net without its one beginning has no cases to follow.
    if procedure.states.iter().filter(|it| it.kind == StateKind::Start).count() == 1 {
        net::check(procedure, &mut faults);
    }
    faults.sort();
    faults.dedup();
    faults
}

fn shape(procedure: &Procedure, around: &Surroundings, faults: &mut Vec<Fault>) {
    let mut add = |place, what: String, hint: &str| faults.push(Fault::at(place, what, hint));
    let starts = procedure.states.iter().filter(|it| it.kind == StateKind::Start).count();
    if starts != 1 {
        let what = format!("{starts} states of the kind `start`");
        add(&procedure.place, what, "give exactly one state kind = \"start\"");
    }
    if !around.calendars.contains(&procedure.calendar) {
        let hint = format!("write {}", choices(around.calendars.iter().map(String::as_str)));
        add(&procedure.place, format!("there is no calendar `{}`", procedure.calendar), &hint);
    }
    for transition in &procedure.transitions {
        let ends =
            |name: &String| procedure.state(name).is_some_and(|it| it.kind == StateKind::End);
        let from_end = transition.from.iter().flatten().any(ends);
        let appeals = transition.kind == StepKind::Appeal;
        if from_end && !appeals {
            let what = format!("`{}` leaves an end", transition.name);
            add(&transition.place, what, "only a transition of the kind `appeal` may");
        }
        if appeals && !(from_end && transition.within.is_some()) {
            let what = format!("the appeal `{}` has no end to leave or no limit", transition.name);
            add(&transition.place, what, "let it lead from an end, and add `within`");
        }
        let start = procedure.start().map(|it| &it.name);
        let is_first = transition.from.iter().flatten().any(|it| Some(it) == start);
        if transition.draws && is_first {
            let what = format!("`{}` draws before a draw could be announced", transition.name);
            add(&transition.place, what, "let it lead from a later state");
        }
        if transition.kind == StepKind::Return && !transition.needs_note {
            let what = format!("`{}` returns a case without a reason", transition.name);
            add(&transition.place, what, "remove note = false");
        }
        if transition.kind == StepKind::Refuse
            && transition.fill.is_empty()
            && !transition.needs_note
        {
            let what = format!("`{}` refuses without a reason", transition.name);
            let hint = "add note = true, or name the field of the reason in `fill`";
            add(&transition.place, what, hint);
        }
    }
    for letter in &procedure.letters {
        if !procedure.transitions.iter().any(|it| it.letters.contains(&letter.name)) {
            let what = format!("no transition sends the letter `{}`", letter.name);
            add(&letter.place, what, "name it in `letters` of one");
        }
        let mut sending =
            procedure.transitions.iter().filter(|it| it.letters.contains(&letter.name));
        if letter.from.is_none() && sending.any(Transition::is_of_the_clock) {
            let what = format!("the clock sends the letter `{}` in nobody's name", letter.name);
            add(&letter.place, what, "name a role in `from`");
        }
        let Some(blanks) = around.letters.get(&letter.template) else {
            let hint = format!("write {}", choices(around.letters.keys().map(String::as_str)));
            add(&letter.place, format!("there is no template `{}`", letter.template), &hint);
            continue;
        };
        let stays_open = |it: &Transition| {
            procedure.deadlines.iter().any(|deadline| !deadline.states.is_disjoint(&it.to))
        };
        let mut sending =
            procedure.transitions.iter().filter(|it| it.letters.contains(&letter.name));
        if blanks.contains("due") && !sending.all(stays_open) {
            let what = format!("`{}` tells until when, and no time limit runs then", letter.name);
            add(&letter.place, what, "add a `[[deadline]]` where its transition leads");
        }
        let filled = |blank: &&String| {
            letter.parts.iter().any(|(name, _)| name == *blank)
                || letters::OF_EVERY_CASE.contains(&blank.as_str())
                || letters::OF_THE_ISSUER.contains(&blank.as_str())
        };
        for blank in blanks.iter().filter(|it| !filled(it)) {
            let what = format!("nothing fills the blank `{blank}` of `{}`", letter.template);
            add(&letter.place, what, "add a `[[letter.part]]` of that name");
        }
    }
    let fields = procedure.form.fields.values();
    for field in fields.clone() {
        if !procedure.transitions.iter().any(|it| it.may_edit(&field.name)) {
            let what = format!("no step fills the field `{}`", field.name);
            add(&field.place, what, "name it in `fill` or `edit` of a transition");
        }
    }
    let mut public = fields.filter(|it| it.disclosure == model::dataset::Disclosure::Public);
    if let Some(state) = procedure.states.iter().find(|it| it.is_public)
        && public.next().is_none()
    {
        let what = format!("`{}` is public and no field is", state.name);
        add(&state.place, what, "give what is to be published the disclosure class `public`");
    }
}

/// A deadline's owner can act while it runs; what follows it is the clock's and leads from there.
fn deadlines(procedure: &Procedure, faults: &mut Vec<Fault>) {
    let mut followed = BTreeSet::new();
    let mut names = BTreeSet::new();
    for deadline in &procedure.deadlines {
        let mut add =
            |what: String, hint: &str| faults.push(Fault::at(&deadline.place, what, hint));
        if !names.insert(&deadline.name) {
            add(format!("the deadline `{}` is declared twice", deadline.name), "rename one");
        }
        let starts_here =
            |from: &[BTreeSet<String>]| from.iter().any(|it| !it.is_disjoint(&deadline.states));
        let acts = |role: &str| {
            procedure
                .transitions
                .iter()
                .any(|it| it.by.iter().any(|by| by == role) && starts_here(&it.from))
                || procedure
                    .reviews
                    .as_ref()
                    .is_some_and(|it| it.role == role && deadline.states.contains(&it.state))
        };
        if !acts(&deadline.owner) && deadline.then.is_none() {
            let what = format!(
                "the owner `{}` of `{}` can do nothing there",
                deadline.owner, deadline.name
            );
            add(what, "name a role that may take a transition from these states");
        }
        let Some(then) = deadline.then.as_deref().and_then(|it| procedure.transition(it)) else {
            continue;
        };
        followed.insert(&then.name);
        if !then.is_of_the_clock() || !starts_here(&then.from) {
            let what = format!("`{}` does not follow `{}`", then.name, deadline.name);
            add(what, "let it lead from one of the deadline's states, by = [\"clock\"]");
        }
    }
    for transition in procedure.transitions.iter().filter(|it| it.is_of_the_clock()) {
        if !followed.contains(&transition.name) {
            let what = format!("no deadline sets off `{}`", transition.name);
            faults.push(Fault::at(&transition.place, what, "name it in `then` of a deadline"));
        }
    }
}

fn quota(procedure: &Procedure, faults: &mut Vec<Fault>) {
    let Some(quota) = &procedure.quota else { return };
    let Some(by) = &quota.by else { return };
    let Some(field) = procedure.form.field(by) else { return };
    let FieldKind::Code { items } = &field.kind else { return };
    if quota.limits.contains_key("") {
        return;
    }
    for item in items.iter().filter(|it| !quota.limits.contains_key(&it.code)) {
        let what = format!("the quota has no limit for `{}`", item.code);
        faults.push(Fault::at(&procedure.place, what, "add it to `limits`, or add `limit`"));
    }
}
