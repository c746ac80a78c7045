//! What a step does to a case: decided here, without a database, and written elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use network::AccountId;

use super::Refusal;
use super::draws::{self, Candidate, Draw, Seed};
use super::entry::Step;
use super::standing::{Standing, form_hash};
use crate::actor::Actor;
use crate::calendar::Calendar;
use crate::expression::{Name, Value};
use crate::form::{FieldFault, FieldKind, Values};
use crate::hash::hex;
use crate::procedure::{Procedure, Role, Transition};

/// Longest note.
const MAX_NOTE: usize = 5_000;

/// A step that somebody asks for.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// The transition.
    pub step: String,
    /// The revision of the case he saw.
    pub revision: i64,
    /// Fields and their new values; [`Value::Missing`] empties one.
    pub change: Values,
    pub note: String,
    /// Hash of the form he saw, where the step is signed.
    pub seen: Option<String>,
    /// Who may be drawn as a reviewer, where the step draws.
    pub pool: Vec<Candidate>,
}

/// Who takes a step.
#[derive(Clone, Copy, Debug)]
pub(crate) enum By<'a> {
    Actor(&'a Actor),
    Clock,
}

/// All that a step changes.
#[derive(Clone, Debug)]
pub(crate) struct Effects {
    pub(crate) after: Standing,
    pub(crate) step: Step,
    pub(crate) letters: Vec<(String, String)>,
    pub(crate) facts: Vec<(String, String)>,
    /// Parts of the quota that are given back and taken, with the limit.
    pub(crate) released: Vec<String>,
    pub(crate) taken: Vec<(String, u32)>,
    pub(crate) draw: Option<Draw>,
    /// The seed of a draw that is announced with it.
    pub(crate) announced: Option<Seed>,
    /// A review that was handed in: by whom, score and opinion.
    pub(crate) review: Option<(AccountId, u32, String)>,
    /// A role that was given to somebody, or taken from him.
    pub(crate) given: Option<(String, AccountId)>,
    pub(crate) ended: Option<(String, AccountId)>,
}

impl Effects {
    /// A change that is told by its entry, and nothing else.
    pub(crate) const fn of(after: Standing, step: Step) -> Self {
        Self {
            after,
            step,
            letters: Vec::new(),
            facts: Vec::new(),
            released: Vec::new(),
            taken: Vec::new(),
            draw: None,
            announced: None,
            review: None,
            given: None,
            ended: None,
        }
    }
}

/// What is known of organisations and files that a change names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    /// Where organisations stand.
    pub(crate) paths: BTreeMap<String, String>,
    /// Files of the case.
    pub(crate) files: BTreeSet<String>,
    /// The seed of the draw that was announced.
    pub(crate) seed: Option<Seed>,
    /// Randomness for a seed.
    pub(crate) chance: [u8; 32],
}

/// A step with the form it would leave.
pub(crate) struct Filled<'a> {
    pub(crate) transition: &'a Transition,
    pub(crate) source: &'a BTreeSet<String>,
    pub(crate) role: Option<&'a Role>,
    pub(crate) form: Values,
}

pub(crate) struct Deciding<'a> {
    pub(crate) procedure: &'a Procedure,
    pub(crate) calendar: &'a Calendar,
    pub(crate) case: &'a Standing,
    pub(crate) known: &'a Known,
    pub(crate) at: Timestamp,
}

impl Deciding<'_> {
    /// Decides a step.
    pub(crate) fn step(&self, by: By<'_>, asked: &Asked) -> Result<Effects, Refusal> {
        let Filled { transition, source, role, form } = self.filled(by, asked)?;
        if transition.is_signed && asked.seen.as_ref() != Some(&form_hash(&form)) {
            return Err(Refusal::NotSeen);
        }
        let draw = if transition.draws { Some(self.draw(&asked.pool)?) } else { None };
        Ok(self.effects(by, transition, source, role, form, asked, draw))
    }

    /// Decides a step but for its signature and its draw.
    pub(crate) fn filled<'b>(&'b self, by: By<'_>, asked: &Asked) -> Result<Filled<'b>, Refusal> {
        let name = || asked.step.clone();
        let transition =
            self.procedure.transition(&asked.step).ok_or_else(|| Refusal::NoStep(name()))?;
        let marking = self.case.marking();
        let source = transition.source(&marking).ok_or_else(|| Refusal::NotHere(name()))?;
        let role = self.role(by, transition)?;
        if !self.is_in_time(transition, source) {
            return Err(Refusal::Late(name()));
        }
        if asked.note.chars().count() > MAX_NOTE {
            return Err(Refusal::TooLong(MAX_NOTE));
        }
        if transition.needs_note && asked.note.trim().is_empty() {
            return Err(Refusal::NoNote(name()));
        }
        let form = self.form(transition, role, &asked.change)?;
        let value = |it: &Name| self.case.value(it, &form, self.procedure, self.calendar, self.at);
        if transition.when.as_ref().is_some_and(|it| !it.holds(&value)) {
            return Err(Refusal::Condition(name()));
        }
        Ok(Filled { transition, source, role, form })
    }

    /// The transitions somebody could take now, their conditions aside: a form may still be filled in.
    pub(crate) fn open_to<'b>(&'b self, actor: &Actor) -> Vec<&'b Transition> {
        let marking = self.case.marking();
        let open = self.procedure.transitions.iter().filter(|it| {
            let source = it.source(&marking);
            source.is_some_and(|source| self.is_in_time(it, source))
                && !it.is_of_the_clock()
                && self.role(By::Actor(actor), it).is_ok()
        });
        open.collect()
    }

    /// The role in which a step is taken; none for the clock.
    fn role(&self, by: By<'_>, transition: &Transition) -> Result<Option<&Role>, Refusal> {
        let not_allowed = || Refusal::NotAllowed(transition.name.clone());
        let actor = match by {
            By::Clock if transition.is_of_the_clock() => return Ok(None),
            By::Clock => return Err(not_allowed()),
            By::Actor(actor) => actor,
        };
        let roles = transition.by.iter().filter_map(|it| self.procedure.role(it));
        let mut refusal = not_allowed();
        for role in roles.filter(|it| actor.plays(self.procedure, it, self.case)) {
            match actor.apart(self.procedure, role, self.case) {
                None => return Ok(Some(role)),
                Some(other) => refusal = Refusal::Apart(other.name.clone()),
            }
        }
        Err(refusal)
    }

    fn is_in_time(&self, transition: &Transition, source: &BTreeSet<String>) -> bool {
        let Some(within) = transition.within else { return true };
        let since = source.iter().filter_map(|it| self.case.entered.get(it)).max();
        since.is_some_and(|it| self.at < self.calendar.end(*it, within).at)
    }

    /// The form after a change, when the change is allowed and the form is sound and filled.
    fn form(
        &self,
        transition: &Transition,
        role: Option<&Role>,
        change: &Values,
    ) -> Result<Values, Refusal> {
        let mut form = self.case.form.clone();
        let mut faults = Vec::new();
        for (name, value) in change {
            let Some(field) = self.procedure.form.field(name) else {
                faults.push(FieldFault::unknown(name));
                continue;
            };
            let hidden = role.is_some_and(|it| it.hidden.contains(name));
            if hidden || !transition.may_edit(name) {
                if self.case.form.get(name).unwrap_or(&Value::Missing) != value {
                    faults.push(FieldFault::fixed(name));
                }
                continue;
            }
            match (&field.kind, value) {
                (FieldKind::Organisation, Value::Text(code))
                    if !self.known.paths.contains_key(code) =>
                {
                    faults.push(FieldFault::unknown_organisation(name));
                }
                (FieldKind::Files, Value::List(files)) if !self.holds_files(files) => {
                    faults.push(FieldFault::unknown(name));
                }
                _ => {}
            }
            if value.is_empty() {
                form.remove(name);
            } else {
                form.insert(name.clone(), value.clone());
            }
        }
        let empty = transition.fill.iter().filter(|it| form.get(*it).is_none_or(Value::is_empty));
        faults.extend(empty.map(|it| FieldFault::missing(it)));
        faults.extend(self.procedure.form.check(&form));
        let page: Vec<&String> = self.procedure.sections.iter().flat_map(|it| &it.fields).collect();
        let place = |fault: &FieldFault| page.iter().position(|it| **it == fault.field);
        faults.sort_by(|one, other| (place(one), one).cmp(&(place(other), other)));
        faults.dedup();
        if faults.is_empty() { Ok(form) } else { Err(Refusal::Fields(faults)) }
    }

    fn holds_files(&self, files: &[Value]) -> bool {
        files.iter().all(|it| matches!(it, Value::Text(id) if self.known.files.contains(id)))
    }

    fn draw(&self, pool: &[Candidate]) -> Result<Draw, Refusal> {
        let Some(reviews) = &self.procedure.reviews else {
            return Err(Refusal::TooFew { found: 0, needed: 0 });
        };
        let role = self.procedure.role(&reviews.role);
        let eligible = pool.iter().filter(|it| {
            let acted = |other: &String| self.case.acted.contains(&(other.clone(), it.account));
            let own = self.case.path_of("");
            let is_kin =
                matches!((own, &it.home), (Some(own), Some(home)) if home.starts_with(own));
            it.account != self.case.beginner
                && !role.is_some_and(|role| {
                    role.is_stranger && is_kin || role.apart_from.iter().any(acted)
                })
                && !self.case.assigned.contains(&(reviews.role.clone(), it.account))
        });
        let accounts: BTreeSet<AccountId> = eligible.map(|it| it.account).collect();
        // Cases that came here before draws were announced have no seed yet.
        let fresh = || Seed { text: hex(&self.known.chance), commitment: None };
        let seed = self.known.seed.clone().unwrap_or_else(fresh);
        draws::draw(&reviews.role, &seed, &self.case.number, &accounts, reviews.count)
    }
}
