//! What a step that was decided makes of a case.

use std::collections::{BTreeMap, BTreeSet};

use network::AccountId;

use super::decide::{Asked, By, Deciding, Effects};
use super::draws::{Draw, Seed};
use super::entry::{Step, StepText};
use super::letters::Ordering;
use super::limits;
use super::standing::{Standing, form_hash};
use crate::expression::{Name, Value};
use crate::form::{FieldKind, Values, to_json};
use crate::procedure::{Role, StepKind, Transition};

/// Under which name an entry keeps the hash of a seed.
const COMMITMENT: &str = "seed_commitment";

impl Deciding<'_> {
    #[expect(clippy::too_many_arguments, reason = "everything that was decided on the way here")]
    pub(super) fn effects(
        &self,
        by: By<'_>,
        transition: &Transition,
        source: &BTreeSet<String>,
        role: Option<&Role>,
        form: Values,
        asked: &Asked,
        draw: Option<Draw>,
    ) -> Effects {
        let before = self.case.marking();
        let marking = transition.target(source, &before);
        let account = match by {
            By::Actor(actor) => Some(actor.account),
            By::Clock => None,
        };
        let mut after = self.moved(&marking, source, transition, form);
        if let (Some(role), Some(account)) = (role, account) {
            after.acted.insert((role.name.clone(), account));
        }
        if let (Some(draw), Some(reviews)) = (&draw, &self.procedure.reviews) {
            after.assigned.extend(draw.chosen().map(|it| (reviews.role.clone(), it)));
        }
        let announced = self.announces(&marking, draw.is_some());
        let mut kept: Values = transition
            .record
            .iter()
            .filter_map(|it| Some((it.clone(), after.form.get(it)?.clone())))
            .collect();
        if let Some(commitment) = announced.as_ref().and_then(|it| it.commitment.as_ref()) {
            // In the chain of the case's history too: it cannot be changed unseen.
            kept.insert(COMMITMENT.to_owned(), Value::text(commitment));
        }
        let step = self.entry(
            &StepText {
                kind: transition.kind.as_str(),
                name: &transition.name,
                role: role.map_or("", |it| &it.name),
                note: asked.note.trim(),
            },
            account,
            (&before, &marking),
            &after.form,
            &kept,
        );
        step.hash.clone_into(&mut after.last_hash);
        let value =
            |it: &Name| after.value(it, &after.form, self.procedure, self.calendar, self.at);
        let facts = self.procedure.facts.iter().filter(|it| it.on.contains(&transition.name));
        let facts = facts.filter(|it| it.when.as_ref().is_none_or(|it| it.holds(&value)));
        let facts: Vec<(String, String)> = facts
            .map(|it| {
                let row = it.columns.iter().map(|(name, of)| (name.clone(), of.value(&value)));
                (it.dataset.clone(), to_json(&row.collect()))
            })
            .collect();
        let home = match by {
            By::Actor(actor) => actor.home.as_deref(),
            By::Clock => None,
        };
        let (procedure, calendar, at) = (self.procedure, self.calendar, self.at);
        let ordering = Ordering { procedure, calendar, case: &after, role, home, at };
        let letters = transition.letters.iter().filter_map(|it| self.procedure.letter(it));
        let letters = letters.map(|it| (it.name.clone(), ordering.data(it, &value))).collect();
        let (released, taken) = self.quota(&marking, &after.form);
        Effects { letters, facts, released, taken, draw, announced, ..Effects::of(after, step) }
    }

    /// A new seed, when reviewers can be drawn from where a case comes to stand, and none was chosen.
    fn announces(&self, marking: &BTreeSet<String>, is_drawn: bool) -> Option<Seed> {
        let mut draws = self.procedure.transitions.iter().filter(|it| it.draws);
        let is_ahead = draws.any(|it| it.source(marking).is_some());
        let is_open = self.known.seed.is_some() && !is_drawn;
        (is_ahead && !is_open).then(|| Seed::new(&self.known.chance))
    }

    /// The case as it stands after a step.
    fn moved(
        &self,
        marking: &BTreeSet<String>,
        source: &BTreeSet<String>,
        transition: &Transition,
        form: Values,
    ) -> Standing {
        let mut after = self.case.clone();
        after.form = form;
        after.entered = marking
            .iter()
            .map(|state| {
                // A branch that goes on elsewhere stays as it was, and so does a state that is left for itself.
                let stays = !source.contains(state) || transition.to == *source;
                let since = self.case.entered.get(state).filter(|_| stays).copied();
                (state.clone(), since.unwrap_or(self.at))
            })
            .collect();
        for field in self.procedure.form.fields.values() {
            if field.kind != FieldKind::Organisation {
                continue;
            }
            match after.form.get(&field.name) {
                Some(Value::Text(code)) => {
                    if let Some(path) = self.known.paths.get(code) {
                        after.paths.insert(field.name.clone(), path.clone());
                    }
                }
                _ => _ = after.paths.remove(&field.name),
            }
        }
        after.revision += 1;
        after.next += 1;
        after.returns += u32::from(transition.kind == StepKind::Return);
        after.objections += u32::from(transition.kind == StepKind::Object);
        after.changed_at = self.at;
        after.ended_at = self.procedure.is_ended(marking).then_some(self.at);
        after.deadlines =
            limits::after(self.procedure, self.calendar, self.case, marking, &after.form, self.at);
        after
    }

    /// A change that moves nothing, with the entry that tells of it.
    pub(crate) fn told(
        &self,
        mut after: Standing,
        text: &StepText<'_>,
        account: Option<AccountId>,
    ) -> Effects {
        let marking = self.case.marking();
        after.revision += 1;
        after.next += 1;
        after.changed_at = self.at;
        let form = after.form.clone();
        let step = self.entry(text, account, (&marking, &marking), &form, &Values::new());
        step.hash.clone_into(&mut after.last_hash);
        Effects::of(after, step)
    }

    /// The entry that a change leaves.
    pub(crate) fn entry(
        &self,
        text: &StepText<'_>,
        account: Option<AccountId>,
        (from, to): (&BTreeSet<String>, &BTreeSet<String>),
        form: &Values,
        kept: &Values,
    ) -> Step {
        let names: BTreeSet<&String> = self.case.form.keys().chain(form.keys()).collect();
        let changed = names.into_iter().filter(|it| self.case.form.get(*it) != form.get(*it));
        let change: BTreeMap<String, Value> = changed
            .map(|it| (it.clone(), form.get(it).cloned().unwrap_or(Value::Missing)))
            .collect();
        Step::new(self.case, text, account, self.at, (from, to), &change, kept, form_hash(form))
    }

    /// Parts of the quota that are given back and taken.
    fn quota(
        &self,
        marking: &BTreeSet<String>,
        form: &Values,
    ) -> (Vec<String>, Vec<(String, u32)>) {
        let Some(quota) = &self.procedure.quota else { return (Vec::new(), Vec::new()) };
        let part = |form: &Values| match &quota.by {
            None => String::new(),
            Some(field) => form.get(field).map(ToString::to_string).unwrap_or_default(),
        };
        let (old, new) = (part(&self.case.form), part(form));
        let was_in = !quota.states.is_disjoint(&self.case.marking());
        let is_in = !quota.states.is_disjoint(marking);
        if was_in && is_in && old == new {
            return (Vec::new(), Vec::new());
        }
        let limit = quota.limits.get(&new).or_else(|| quota.limits.get("")).copied().unwrap_or(0);
        let released = if was_in { vec![old] } else { Vec::new() };
        let taken = if is_in { vec![(new, limit)] } else { Vec::new() };
        (released, taken)
    }
}
