//! Every way a case can go, tried: where it may stand, with what values, and whether it still comes to an end.

use std::collections::{BTreeMap, BTreeSet};

use declarations::Fault;
use model::text::Place;

use super::values::{Decided, MAX, Values, is_decided, is_patient};
use crate::expression::{Name, Value};
use crate::procedure::{Procedure, StepKind, Transition};

/// Most places where a case may stand that are tried.
const MAX_MARKINGS: usize = 2_000;

type Marking = BTreeSet<String>;
/// Combinations of values, each in or out.
type Set = Vec<bool>;

pub(super) fn check(procedure: &Procedure, faults: &mut Vec<Fault>) {
    let values = Values::new(procedure);
    let Some(count) = values.count() else {
        let what = format!("conditions turn on more than {MAX} combinations of values");
        let hint = "let conditions use fewer fields, or fields with fewer codes";
        faults.push(Fault::at(&procedure.place, what, hint));
        return;
    };
    let moves =
        procedure.transitions.iter().map(|it| Move::new(procedure, it, &values, count)).collect();
    let mut net = Net { procedure, values, count, moves, reached: BTreeMap::new() };
    net.explore(faults);
    net.unreached(faults);
    net.never_taken(faults);
    net.stuck(faults);
}

/// A transition, with the values under which it can be taken.
struct Move<'a> {
    transition: &'a Transition,
    /// What combinations have in common that the actor may not change.
    class: Vec<usize>,
    /// The combinations of a class under which the condition holds.
    holds: BTreeMap<usize, Vec<usize>>,
    is_decided: Decided,
}

impl<'a> Move<'a> {
    fn new(
        procedure: &Procedure,
        transition: &'a Transition,
        values: &Values,
        count: usize,
    ) -> Self {
        let is_free = |name: &Name| match name {
            Name::Form(field) => transition.may_edit(field),
            Name::Case(_) => is_patient(name),
        };
        let decided = transition.when.as_ref().is_none_or(|it| is_decided(procedure, it));
        let class: Vec<usize> = (0..count).map(|it| values.class(it, &is_free)).collect();
        let mut holds: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (combination, class) in (0..count).zip(&class) {
            let of = |name: &Name| values.value(combination, name);
            let filled = transition.fill.iter().all(|field| {
                let name = Name::Form(field.clone());
                !values.names.contains(&name) || of(&name) != Value::Missing
            });
            let condition = !decided || transition.when.as_ref().is_none_or(|it| it.holds(&of));
            if filled && condition {
                holds.entry(*class).or_default().push(combination);
            }
        }
        let is_decided = if decided { Decided::Exactly } else { Decided::Not };
        Self { transition, class, holds, is_decided }
    }

    /// The combinations that may hold after it was taken from one; none when it cannot be.
    fn after(&self, combination: usize) -> &[usize] {
        let class = self.class.get(combination);
        class.and_then(|it| self.holds.get(it)).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether all that an undecided condition reads is filled in with the very step.
    fn is_up_to_the_actor(&self) -> bool {
        self.transition.when.iter().flat_map(|it| it.names()).all(|name| match name {
            Name::Form(field) => self.transition.may_edit(field),
            Name::Case(_) => false,
        })
    }

    /// Whether a case can count on it: nothing that may lapse, give up, or fail for reasons unknown.
    fn is_sure(&self) -> bool {
        self.transition.within.is_none()
            && self.transition.kind != StepKind::Withdraw
            && (self.is_decided == Decided::Exactly || self.is_up_to_the_actor())
    }
}

struct Net<'a> {
    procedure: &'a Procedure,
    values: Values,
    count: usize,
    moves: Vec<Move<'a>>,
    reached: BTreeMap<Marking, Set>,
}

impl Net<'_> {
    /// Follows every case from its beginning.
    fn explore(&mut self, faults: &mut Vec<Fault>) {
        let Some(start) = self.procedure.start() else { return };
        let first = Marking::from([start.name.clone()]);
        let mut waiting = vec![(first, vec![true; self.count])];
        while let Some((marking, arrived)) = waiting.pop() {
            let known =
                self.reached.entry(marking.clone()).or_insert_with(|| vec![false; arrived.len()]);
            let mut grew = false;
            for (known, arrived) in known.iter_mut().zip(&arrived) {
                grew |= *arrived && !*known;
                *known |= *arrived;
            }
            if !grew {
                continue;
            }
            if self.reached.len() > MAX_MARKINGS {
                let what = format!("a case can stand in more than {MAX_MARKINGS} places");
                faults.push(Fault::at(
                    &self.procedure.place,
                    what,
                    "run fewer branches side by side",
                ));
                return;
            }
            let here = self.reached.get(&marking).cloned().unwrap_or_default();
            for it in &self.moves {
                let Some(source) = it.transition.source(&marking) else { continue };
                if let Some(twice) = doubled(it.transition, source, &marking) {
                    let what = format!(
                        "`{}` comes into `{twice}`, where the case stands already",
                        it.transition.name
                    );
                    let hint = "join the branches before, or name all of them in `from`";
                    faults.push(Fault::at(&it.transition.place, what, hint));
                }
                let after = self.after(it, &here);
                if after.contains(&true) {
                    waiting.push((it.transition.target(source, &marking), after));
                }
            }
        }
    }

    /// Where values may stand after a transition: what nobody steers may have changed besides.
    fn after(&self, step: &Move<'_>, here: &Set) -> Set {
        let is_case = |name: &Name| matches!(name, Name::Case(_));
        let mut classes = BTreeSet::new();
        for (combination, _) in here.iter().enumerate().filter(|(_, it)| **it) {
            for after in step.after(combination) {
                classes.insert(self.values.class(*after, &is_case));
            }
        }
        (0..self.count).map(|it| classes.contains(&self.values.class(it, &is_case))).collect()
    }

    fn unreached(&self, faults: &mut Vec<Fault>) {
        for state in &self.procedure.states {
            if !self.reached.keys().any(|it| it.contains(&state.name)) {
                let what = format!("no case ever comes into the state `{}`", state.name);
                faults.push(Fault::at(
                    &state.place,
                    what,
                    "let a transition that can be taken lead to it",
                ));
            }
        }
    }

    fn never_taken(&self, faults: &mut Vec<Fault>) {
        for it in &self.moves {
            let name = &it.transition.name;
            let place = &it.transition.place;
            if it.holds.is_empty() {
                let what = format!("the condition of `{name}` can never hold");
                faults.push(Fault::at(
                    place,
                    what,
                    "mend `when`; see the codes and ranges of its fields",
                ));
                continue;
            }
            let taken = self.reached.iter().any(|(marking, here)| {
                let stands = it.transition.source(marking).is_some();
                stands && here.iter().enumerate().any(|(at, is)| *is && !it.after(at).is_empty())
            });
            if !taken {
                let what = format!("`{name}` can never be taken");
                let hint = "see how a case comes into its `from`, and what is filled in by then";
                faults.push(Fault::at(place, what, hint));
            }
        }
    }

    /// Every case that cannot be brought to an end any more, told once for each place.
    fn stuck(&self, faults: &mut Vec<Fault>) {
        let ending = self.ending();
        let mut stuck: BTreeMap<&Marking, usize> = BTreeMap::new();
        for (marking, here) in &self.reached {
            let empty = Set::new();
            let ends = ending.get(marking).unwrap_or(&empty);
            let first =
                here.iter().enumerate().find(|(at, is)| **is && ends.get(*at) != Some(&true));
            stuck.extend(first.map(|(at, _)| (marking, at)));
        }
        // Of a way that leads into a trap, the trap is told and not the way; where all go round, all are.
        let leads_on = |marking: &Marking, at: usize| {
            self.moves.iter().filter(|it| !it.after(at).is_empty()).any(|it| {
                let target =
                    it.transition.source(marking).map(|of| it.transition.target(of, marking));
                target.is_some_and(|it| it != *marking && stuck.contains_key(&it))
            })
        };
        let traps: Vec<_> = stuck.iter().filter(|(it, at)| !leads_on(it, **at)).collect();
        let told = if traps.is_empty() { stuck.iter().collect() } else { traps };
        let mut places: BTreeSet<&Place> = BTreeSet::new();
        for (marking, combination) in told {
            let open = marking.iter().filter_map(|it| self.procedure.state(it));
            let Some(state) = open.min_by_key(|it| it.place.line) else { continue };
            if !places.insert(&state.place) {
                continue;
            }
            let names: Vec<&str> = marking.iter().map(String::as_str).collect();
            let witness = self.witness(*combination);
            let what =
                format!("a case in `{}`{witness} has no way to an end", names.join("` and `"));
            let hint = "add a transition whose condition holds then; one that may lapse, is withdrawn or \
                        cannot be decided is not enough";
            faults.push(Fault::at(&state.place, what, hint));
        }
    }

    /// By place, the values with which an end can still be reached.
    fn ending(&self) -> BTreeMap<&Marking, Set> {
        let ended = |it: &Marking| self.procedure.is_ended(it);
        let mut ending: BTreeMap<&Marking, Set> =
            self.reached.keys().map(|it| (it, vec![ended(it); self.count])).collect();
        loop {
            let mut grew = false;
            for marking in self.reached.keys() {
                for it in self.moves.iter().filter(|it| it.is_sure()) {
                    let Some(source) = it.transition.source(marking) else { continue };
                    let target = it.transition.target(source, marking);
                    let Some(beyond) = ending.get(&target).cloned() else { continue };
                    let Some(here) = ending.get_mut(marking) else { continue };
                    for (at, here) in here.iter_mut().enumerate().filter(|(_, it)| !**it) {
                        if it.after(at).iter().any(|it| beyond.get(*it) == Some(&true)) {
                            *here = true;
                            grew = true;
                        }
                    }
                }
            }
            if !grew {
                return ending;
            }
        }
    }

    /// The values with which a case is stuck.
    fn witness(&self, combination: usize) -> String {
        let shown = self.values.names.iter().filter(|it| !is_patient(it)).map(|name| {
            let value = self.values.value(combination, name);
            if value == Value::Missing {
                format!("{name} missing")
            } else {
                format!("{name} = {value}")
            }
        });
        let shown: Vec<String> = shown.collect();
        if shown.is_empty() { String::new() } else { format!(" with {}", shown.join(", ")) }
    }
}

/// A state a transition leads to though the case stands there already.
fn doubled<'a>(
    transition: &'a Transition,
    source: &Marking,
    marking: &Marking,
) -> Option<&'a String> {
    let stays = |it: &&String| !transition.sweeps && marking.contains(*it) && !source.contains(*it);
    transition.to.iter().find(stays)
}
