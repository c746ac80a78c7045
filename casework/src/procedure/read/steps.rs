//! Transitions and time limits.

use std::collections::BTreeSet;

use declarations::Entry;

use super::links::To;
use super::{Reading, one_of};
use crate::expression::Kind;
use crate::form::FieldKind;
use crate::procedure::{Deadline, Due, StepKind, Transition};

/// Who takes a step that no person takes.
const CLOCK: &str = "clock";

impl Reading<'_> {
    pub(super) fn transition(&self, entry: &Entry<'_>) -> Option<Transition> {
        let name = entry.need_word("name");
        name.iter().for_each(|it| self.links.declare(To::Transition, entry, it));
        let title = entry.need_bilingual("title");
        let kinds = StepKind::ALL.map(|it| (it.as_str(), it));
        let kind = match entry.word("kind") {
            Some(word) => one_of(entry, &word, &kinds),
            None => Some(StepKind::Forward),
        };
        let from = self.sources(entry);
        let to: BTreeSet<String> = self.links.all(To::State, &entry.words("to"));
        let words = entry.words("by");
        let is_clock = matches!(words.as_slice(), [one] if one.text == CLOCK);
        let by: Vec<String> = if is_clock { Vec::new() } else { self.links.all(To::Role, &words) };
        if words.is_empty() {
            entry.fault("`by` is missing", format!("name the roles that may, or \"{CLOCK}\""));
        }
        let when = entry.word("when").and_then(|it| self.expression(entry, &it, Some(Kind::Flag)));
        let within = entry.word("within").and_then(|it| self.period(entry, &it));
        let kind = kind?;
        let asks = matches!(
            kind,
            StepKind::Return | StepKind::Object | StepKind::Appeal | StepKind::Remove
        );
        let transition = Transition {
            name: name?.text.to_owned(),
            title: title?,
            kind,
            from,
            to,
            sweeps: entry.flag("sweeps", false),
            by,
            when,
            edit: self.links.all(To::Field, &entry.words("edit")),
            fill: self.links.all(To::Field, &entry.words("fill")),
            needs_note: entry.flag("note", asks && !is_clock),
            record: self.links.all(To::Field, &entry.words("record")),
            within,
            is_signed: entry.flag("sign", false),
            letters: self.links.all(To::Letter, &entry.words("letters")),
            draws: entry.flag("draw", false),
            place: entry.place(),
        };
        entry.done();
        if transition.from.is_empty() || transition.to.is_empty() {
            entry.fault(
                "it leads from nowhere or to nowhere",
                "name states in `from` (or `from_any`) and `to`",
            );
        }
        if is_clock
            && (!transition.fill.is_empty() || transition.needs_note || transition.is_signed)
        {
            entry.fault("the clock fills in nothing", "remove `fill`, `note` and `sign`");
        }
        Some(transition)
    }

    /// `from`: all of them at once; `from_any`: any one of them.
    fn sources(&self, entry: &Entry<'_>) -> Vec<BTreeSet<String>> {
        let all: BTreeSet<String> = self.links.all(To::State, &entry.words("from"));
        let any: Vec<String> = self.links.all(To::State, &entry.words("from_any"));
        if !all.is_empty() && !any.is_empty() {
            entry.fault("both `from` and `from_any`", "keep one of them");
        }
        if all.is_empty() {
            any.into_iter().map(|it| BTreeSet::from([it])).collect()
        } else {
            vec![all]
        }
    }

    pub(super) fn deadline(&self, entry: &Entry<'_>) -> Option<Deadline> {
        let (name, title) = (entry.need_text("name"), entry.need_bilingual("title"));
        let states: BTreeSet<String> = self.links.all(To::State, &entry.words("in"));
        if states.is_empty() {
            entry.fault("`in` is missing", "name the states in which it runs");
        }
        let due = match (entry.word("after"), entry.word("on")) {
            (Some(word), None) => self.period(entry, &word).map(Due::After),
            (None, Some(word)) => {
                let is_day = self.form.and_then(|it| it.field(word.text));
                if is_day.is_some_and(|it| it.kind != FieldKind::Day) {
                    let what = format!("`{}` is no day", word.text);
                    entry.fault_at(&word.place, what, "name a field of the format `date`");
                }
                Some(Due::On(self.links.one(To::Field, &word)))
            }
            _ => {
                entry.fault(
                    "it does not say when it ends",
                    "add `after` (a period) or `on` (a field)",
                );
                None
            }
        };
        let owner = entry.word("owner").map(|it| self.links.one(To::Role, &it));
        if owner.is_none() {
            entry.fault("the deadline has no owner", "add `owner`, the role that must act");
        }
        let words = entry.words("remind");
        let deadline = Deadline {
            name: name?,
            title: title?,
            states,
            due: due?,
            owner: owner?,
            remind: words.iter().filter_map(|it| self.period(entry, it)).collect(),
            escalate: entry.word("escalate").map(|it| self.links.one(To::Role, &it)),
            then: entry.word("then").map(|it| self.links.one(To::Transition, &it)),
            is_once: entry.flag("once", false),
            place: entry.place(),
        };
        entry.done();
        Some(deadline)
    }
}
