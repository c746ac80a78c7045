//! Names that one declaration uses of another, looked up when all have been read.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use model::text::Place;

use super::PlanError;
use declarations::choices;
use declarations::{Word, short};

/// What a name should be the name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum To {
    Clause,
    Dataset,
    Group,
    Indicator,
    Kind,
    Founder,
    Stage,
    AreaClass,
    Level,
    List,
    Measure,
    Organisation,
    Project,
    Rule,
    Subtask,
}

impl To {
    const fn noun(self) -> &'static str {
        match self {
            Self::Clause => "clause of clauses.toml",
            Self::Dataset => "dataset",
            Self::Group => "group of plan.toml",
            Self::Indicator => "indicator",
            Self::Kind => "kind of organisation",
            Self::Founder => "founder",
            Self::Stage => "stage",
            Self::AreaClass => "area class",
            Self::Level => "level of plan.toml",
            Self::List => "code list",
            Self::Measure => "measure",
            Self::Organisation => "organisation of organisations.csv",
            Self::Project => "project",
            Self::Rule => "folder of rule tables",
            Self::Subtask => "sub-task",
        }
    }
}

/// Names used, and names declared.
#[derive(Debug, Default)]
pub(super) struct Links {
    used: RefCell<Vec<(To, String, Place)>>,
    declared: RefCell<BTreeMap<To, BTreeSet<String>>>,
}

impl Links {
    /// Notes that a word should name something, and hands it on.
    pub(super) fn to(&self, to: To, word: &Word<'_>) -> String {
        self.used.borrow_mut().push((to, word.text.to_owned(), word.place.clone()));
        word.text.to_owned()
    }

    /// The same for a list of words.
    pub(super) fn all(&self, to: To, words: &[Word<'_>]) -> Vec<String> {
        words.iter().map(|it| self.to(to, it)).collect()
    }

    /// Notes a name; `false` when it was taken already.
    pub(super) fn declare(&self, to: To, name: &str) -> bool {
        self.declared.borrow_mut().entry(to).or_default().insert(name.to_owned())
    }

    /// Takes over the names another reading used and declared.
    pub(super) fn absorb(&self, other: Self) {
        self.used.borrow_mut().extend(other.used.into_inner());
        for (to, names) in other.declared.into_inner() {
            self.declared.borrow_mut().entry(to).or_default().extend(names);
        }
    }

    /// Names declared of one sort.
    pub(super) fn declared(&self, to: To) -> BTreeSet<String> {
        self.declared.borrow().get(&to).cloned().unwrap_or_default()
    }

    /// Names used of one sort.
    pub(super) fn used(&self, to: To) -> BTreeSet<String> {
        let used = self.used.borrow();
        used.iter().filter(|(it, ..)| *it == to).map(|(_, name, _)| name.clone()).collect()
    }

    /// An error for every name that names nothing.
    pub(super) fn dangling(&self) -> Vec<PlanError> {
        let none = BTreeSet::new();
        let declared = self.declared.borrow();
        let mut faults = Vec::new();
        for (to, name, place) in self.used.borrow().iter() {
            let known = declared.get(to).unwrap_or(&none);
            if !known.contains(name) {
                let what = format!("`{}` is no {}", short(name), to.noun());
                faults.push(PlanError::at(place, what, hint(name, known)));
            }
        }
        faults
    }
}

/// The nearest names, or all of a few, or how to declare one.
pub(super) fn hint(name: &str, known: &BTreeSet<String>) -> String {
    let mut near: Vec<(usize, &str)> = known
        .iter()
        .filter(|it| it.len() <= 60)
        .map(|it| (distance(&short(name), it), it.as_str()))
        .filter(|(edits, it)| *edits <= 2 && *edits < it.chars().count())
        .collect();
    near.sort_unstable();
    near.truncate(3);
    if !near.is_empty() {
        return format!("did you mean {}", choices(near.iter().map(|(_, it)| *it)));
    }
    if known.is_empty() || known.len() > 12 {
        return "declare it, or correct the name".to_owned();
    }
    format!("write {}, or declare it", choices(known.iter().map(String::as_str)))
}

/// Edits between two words (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.chars().enumerate() {
        let mut before = i;
        let mut left = i + 1;
        let mut next = vec![left];
        for (above, other) in row.iter().skip(1).zip(&b) {
            left = (before + usize::from(letter != *other)).min(left + 1).min(above + 1);
            before = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn edits_are_counted() {
        assert_eq!(distance("pupils", "pupils"), 0);
        assert_eq!(distance("pupil", "pupils"), 1);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
