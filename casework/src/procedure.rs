//! Procedures: what may happen to a case, as a folder of data.
//!
//! A folder holds `procedure.toml`, `form.schema.json` and `tests/`. It is a net: a case stands in one
//! state, or in several at once where branches run side by side, and a transition takes it from some to others.
//!
//! **Invariant:** a [`Procedure`] names nothing it does not declare, and what [`check`](check::check) let pass can
//! always be brought to an end.

pub mod check;
mod picture;
mod read;
mod source;

use std::collections::{BTreeMap, BTreeSet};

use model::text::{Bilingual, Place};

pub use self::picture::{Language, picture};
pub use self::read::{load, of_files};
pub use self::source::{Files, SourceError};
use crate::calendar::Period;
use crate::expression::{Expression, Name};
use crate::form::Form;

/// One version of a procedure.
#[derive(Debug)]
pub struct Procedure {
    /// The name of its folder.
    pub name: String,
    pub title: Bilingual,
    /// What it is for, in a sentence.
    pub purpose: Bilingual,
    /// Hash of all its files: what a case pins when it begins.
    pub version: String,
    /// Name of the calendar its working days are counted in.
    pub calendar: String,
    /// How cases are numbered, such as `GZ-{year}-{sequence:5}`.
    pub number: Numbering,
    pub form: Form,
    /// The form's fields in the order of its page.
    pub sections: Vec<Section>,
    /// Fields that no two open cases may share, such as the child a file is about.
    pub unique: Vec<String>,
    pub roles: Vec<Role>,
    pub states: Vec<State>,
    pub transitions: Vec<Transition>,
    pub deadlines: Vec<Deadline>,
    pub reviews: Option<Reviews>,
    pub quota: Option<Quota>,
    pub letters: Vec<Letter>,
    pub facts: Vec<Fact>,
    pub place: Place,
}

/// How numbers are made: text, and blanks that the case fills.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbering {
    pub parts: Vec<NumberPart>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NumberPart {
    Text(String),
    /// The city's year.
    Year,
    /// The case's organisation.
    Organisation,
    /// Counted within all that stands around it, with leading zeros.
    Sequence {
        digits: u8,
    },
}

/// Fields under one heading.
#[derive(Clone, Debug)]
pub struct Section {
    pub title: Bilingual,
    pub fields: Vec<String>,
}

/// A part somebody takes in a case.
#[derive(Clone, Debug)]
pub struct Role {
    pub name: String,
    pub title: Bilingual,
    /// Roles of the network (`rules/roles.toml`) whose holders may take it; any of them.
    pub grants: Vec<String>,
    pub holder: Holder,
    /// How deep in the hierarchy its grants must be held: 1 for the city, 2 for a district, 3 for a school.
    pub depth: Option<u8>,
    /// The field that names the organisation its holders are responsible for; the case's own when absent.
    pub over: Option<String>,
    /// Roles that the same person may not have acted in within the same case.
    pub apart_from: BTreeSet<String>,
    /// Never somebody of the case's own organisation.
    pub is_stranger: bool,
    /// Fields it never sees.
    pub hidden: BTreeSet<String>,
    pub place: Place,
}

/// Who holds a role in a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// Whoever has the grant for the organisation.
    Granted,
    /// Whoever began the case.
    Beginner,
    /// Whoever was assigned to it or drawn.
    Assigned,
    /// Whoever has the grant anywhere, while the case stands where it is public; sees public fields only.
    Public,
}

/// Where a case may stand.
#[derive(Clone, Debug)]
pub struct State {
    pub name: String,
    pub title: Bilingual,
    pub kind: StateKind,
    /// What is shown to everyone while the case stands here (公示): the public fields.
    pub is_public: bool,
    pub place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateKind {
    /// Where every case begins.
    Start,
    Middle,
    /// Where a case may rest for good.
    End,
}

/// A step somebody may take.
#[derive(Clone, Debug)]
pub struct Transition {
    pub name: String,
    pub title: Bilingual,
    pub kind: StepKind,
    /// States it takes the case from: any one of these sets, all states of the set at once.
    pub from: Vec<BTreeSet<String>>,
    /// States it takes the case to.
    pub to: BTreeSet<String>,
    /// Takes the case out of every other state as well, whatever branches are open.
    pub sweeps: bool,
    /// Who may; the clock when empty.
    pub by: Vec<String>,
    /// What must hold.
    pub when: Option<Expression>,
    /// Fields that may be changed with it, beside those in `fill`.
    pub edit: BTreeSet<String>,
    /// Fields that must be filled when it is taken, and may be changed with it.
    pub fill: Vec<String>,
    /// Whether a note must be written.
    pub needs_note: bool,
    /// Fields whose values the step keeps, whatever happens to the form later.
    pub record: Vec<String>,
    /// How long after the case came into the state it may be taken.
    pub within: Option<Period>,
    /// The actor must say which form he has seen, by its hash, and none other is signed.
    pub is_signed: bool,
    /// Letters that go out.
    pub letters: Vec<String>,
    /// Draws the reviewers.
    pub draws: bool,
    pub place: Place,
}

/// What a step means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// Takes the case on.
    Forward,
    /// Says no: what was asked for is not granted, or what was reported is not so; with a reason.
    Refuse,
    /// Back to whoever must correct something; counted, and with a note.
    Return,
    /// The one who began gives it up.
    Withdraw,
    /// Somebody objects to what is made public; counted, and with a note.
    Object,
    /// An ended case is opened again, in time and with a note.
    Appeal,
    /// What was granted is taken away.
    Remove,
}

/// A time limit.
#[derive(Clone, Debug)]
pub struct Deadline {
    pub name: String,
    pub title: Bilingual,
    /// It runs while the case stands in any of these.
    pub states: BTreeSet<String>,
    pub due: Due,
    /// Role that must act.
    pub owner: String,
    /// How long before its end the owner is reminded.
    pub remind: Vec<Period>,
    /// Role that sees the case too once it is overdue.
    pub escalate: Option<String>,
    /// Transition of the clock that is taken when it ends.
    pub then: Option<String>,
    /// Runs once in a case, however often it comes into these states.
    pub is_once: bool,
    pub place: Place,
}

/// When a time limit ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Due {
    /// This long after the case came into the states.
    After(Period),
    /// With the day that a field of the form holds.
    On(String),
}

/// Sheets that several reviewers fill in, each by himself.
#[derive(Clone, Debug)]
pub struct Reviews {
    /// Role of the reviewers.
    pub role: String,
    /// State in which they do.
    pub state: String,
    /// How many are drawn.
    pub count: u32,
    /// The highest score, from 0.
    pub most: u32,
    /// The highest and the lowest score are left out of the mean when there are five or more.
    pub is_trimmed: bool,
}

/// How many cases may stand in some states at once.
#[derive(Clone, Debug)]
pub struct Quota {
    pub title: Bilingual,
    pub states: BTreeSet<String>,
    /// Field by whose value it is kept apart; one for all when absent.
    pub by: Option<String>,
    /// Limit by that value; under the empty text for all others.
    pub limits: BTreeMap<String, u32>,
}

/// A letter that goes out.
#[derive(Clone, Debug)]
pub struct Letter {
    pub name: String,
    pub title: Bilingual,
    /// Template of the letter (`rules/letters`).
    pub template: String,
    /// Roles it is for.
    pub to: Vec<String>,
    /// Role in whose organisation's name it speaks; that of whoever takes the step when absent.
    pub from: Option<String>,
    /// What the template asks for, as texts with blanks such as `{form.reason}`.
    pub parts: Vec<(String, Wording)>,
    pub place: Place,
}

/// A text in both languages with blanks that the case fills.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wording {
    pub zh: Vec<Piece>,
    pub en: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    Text(String),
    Blank(Name),
}

/// A row a case hands to the lake.
#[derive(Clone, Debug)]
pub struct Fact {
    pub dataset: String,
    /// Transitions with which it does.
    pub on: BTreeSet<String>,
    pub when: Option<Expression>,
    /// Column and its value.
    pub columns: Vec<(String, Expression)>,
    pub place: Place,
}

impl Procedure {
    pub fn state(&self, name: &str) -> Option<&State> {
        self.states.iter().find(|it| it.name == name)
    }

    pub fn start(&self) -> Option<&State> {
        self.states.iter().find(|it| it.kind == StateKind::Start)
    }

    pub fn role(&self, name: &str) -> Option<&Role> {
        self.roles.iter().find(|it| it.name == name)
    }

    pub fn transition(&self, name: &str) -> Option<&Transition> {
        self.transitions.iter().find(|it| it.name == name)
    }

    pub fn letter(&self, name: &str) -> Option<&Letter> {
        self.letters.iter().find(|it| it.name == name)
    }

    /// Whether a case that stands there rests for good, but for an appeal.
    pub fn is_ended(&self, marking: &BTreeSet<String>) -> bool {
        !marking.is_empty()
            && marking.iter().all(|it| self.state(it).is_some_and(|it| it.kind == StateKind::End))
    }
}

impl Transition {
    /// Whether the clock takes it.
    pub fn is_of_the_clock(&self) -> bool {
        self.by.is_empty()
    }

    /// The set of states it would take a case from that stands there.
    pub fn source<'a>(&'a self, marking: &BTreeSet<String>) -> Option<&'a BTreeSet<String>> {
        self.from.iter().find(|it| it.is_subset(marking))
    }

    /// Where a case stands after it.
    pub fn target(
        &self,
        source: &BTreeSet<String>,
        marking: &BTreeSet<String>,
    ) -> BTreeSet<String> {
        let stays = marking.iter().filter(|it| !self.sweeps && !source.contains(*it));
        stays.chain(&self.to).cloned().collect()
    }

    /// Whether it takes a case on: it neither says no nor takes back, and may be offered before all others.
    pub fn takes_on(&self) -> bool {
        self.kind == StepKind::Forward
    }

    /// Whether a field may be changed with it.
    pub fn may_edit(&self, field: &str) -> bool {
        self.edit.contains(field) || self.fill.iter().any(|it| it == field)
    }
}

impl StepKind {
    pub const ALL: [Self; 7] = [
        Self::Forward,
        Self::Refuse,
        Self::Return,
        Self::Withdraw,
        Self::Object,
        Self::Appeal,
        Self::Remove,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Forward => "forward",
            Self::Refuse => "refuse",
            Self::Return => "return",
            Self::Withdraw => "withdraw",
            Self::Object => "object",
            Self::Appeal => "appeal",
            Self::Remove => "remove",
        }
    }
}

/// What a case knows of itself, by the word an expression uses.
pub const CASE_WORDS: [(&str, crate::expression::Kind); 15] = {
    use crate::expression::Kind::{Flag, Integer, Text};
    [
        ("begun_on", Text),
        ("month", Integer),
        ("number", Text),
        ("objections", Integer),
        ("organisation", Text),
        ("overdue", Flag),
        ("quota_left", Integer),
        ("returns", Integer),
        ("reviewed", Flag),
        ("reviewers", Integer),
        ("reviews", Integer),
        ("school_year", Integer),
        ("score", Integer),
        ("today", Text),
        ("year", Integer),
    ]
};

#[cfg(test)]
mod tests;
