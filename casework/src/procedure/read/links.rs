//! Names that a procedure declares and uses.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use declarations::{Entry, Fault, Word, choices, short};
use model::text::Place;

/// What a name is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum To {
    Field,
    Role,
    State,
    Transition,
    Letter,
}

impl To {
    const fn word(self) -> &'static str {
        match self {
            Self::Field => "field of the form",
            Self::Role => "role",
            Self::State => "state",
            Self::Transition => "transition",
            Self::Letter => "letter",
        }
    }
}

/// All names of one procedure; uses are held against declarations when everything was read.
#[derive(Debug, Default)]
pub(super) struct Links {
    declared: RefCell<BTreeMap<To, BTreeSet<String>>>,
    used: RefCell<Vec<(To, String, Place)>>,
}

impl Links {
    /// Declares a name that must not be declared before.
    pub(super) fn declare(&self, to: To, entry: &Entry<'_>, word: &Word<'_>) {
        if !crate::form::is_name(word.text) {
            let what = format!("`{}` cannot be the name of a {}", short(word.text), to.word());
            entry.fault_at(&word.place, what, "use lower-case letters, digits and `_`, 60 at most");
        }
        if !self.declared.borrow_mut().entry(to).or_default().insert(word.text.to_owned()) {
            let what = format!("the {} `{}` is declared twice", to.word(), short(word.text));
            entry.fault_at(&word.place, what, "keep one of them, or rename it");
        }
    }

    /// Declares a name found elsewhere.
    pub(super) fn know(&self, to: To, name: &str) {
        self.declared.borrow_mut().entry(to).or_default().insert(name.to_owned());
    }

    pub(super) fn one(&self, to: To, word: &Word<'_>) -> String {
        self.used.borrow_mut().push((to, word.text.to_owned(), word.place.clone()));
        word.text.to_owned()
    }

    pub(super) fn all<C: FromIterator<String>>(&self, to: To, words: &[Word<'_>]) -> C {
        words.iter().map(|it| self.one(to, it)).collect()
    }

    /// Every use of a name that nothing declares.
    pub(super) fn dangling(&self) -> Vec<Fault> {
        let declared = self.declared.borrow();
        let empty = BTreeSet::new();
        let mut faults = Vec::new();
        for (to, name, place) in self.used.borrow().iter() {
            let known = declared.get(to).unwrap_or(&empty);
            if !known.contains(name) {
                let what = format!("there is no {} `{}`", to.word(), short(name));
                let hint =
                    format!("declare it, or write {}", choices(known.iter().map(String::as_str)));
                faults.push(Fault::at(place, what, hint));
            }
        }
        faults
    }
}
