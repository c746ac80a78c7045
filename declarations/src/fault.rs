//! Errors of declarations are data: where, what, and what to do.

use std::fmt;

use model::text::Place;

/// One error in a declaration, worded for the person who keeps it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// File as seen from the folder that was read, and line; line 0 is the file as a whole.
    pub place: Place,
    pub what: String,
    /// What to do about it.
    pub hint: String,
}

impl Fault {
    /// An error about a file as a whole.
    pub fn file(file: impl Into<String>, what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { place: Place { file: file.into(), line: 0 }, what: what.into(), hint: hint.into() }
    }

    /// An error about a declaration.
    pub fn at(place: &Place, what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { place: place.clone(), what: what.into(), hint: hint.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.place.line == 0 {
            write!(f, "{}: {}; {}", self.place.file, self.what, self.hint)
        } else {
            write!(f, "{}: {}; {}", self.place, self.what, self.hint)
        }
    }
}

/// The words as a list to choose from: `a`, `b` or `c`.
pub fn choices<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<String> = words.into_iter().map(|it| format!("`{it}`")).collect();
    match words.split_last() {
        None => "nothing".to_owned(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
    }
}
