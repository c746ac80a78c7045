//! Conditions made at run time: fixed texts with marks for values, which are only ever bound.

use crate::connection::Value;
use crate::scope::Scope;

/// A condition of a query. Its text is put together of texts of the program alone, each value has a `?` in it.
#[derive(Clone, Debug)]
pub(crate) struct Condition {
    text: String,
    values: Vec<Value>,
}

impl Condition {
    /// A condition of a fixed text, with a `?` for each value.
    pub(crate) fn new(text: &'static str, values: impl IntoIterator<Item = Value>) -> Self {
        Self { text: text.to_owned(), values: values.into_iter().collect() }
    }

    /// A condition on a column, whose name stands for `#` in the text.
    pub(crate) fn on(
        column: &'static str,
        text: &'static str,
        values: impl IntoIterator<Item = Value>,
    ) -> Self {
        Self { text: text.replace('#', column), values: values.into_iter().collect() }
    }

    pub(crate) fn always() -> Self {
        Self::new("1 = 1", [])
    }

    pub(crate) fn never() -> Self {
        Self::new("1 = 0", [])
    }

    pub(crate) fn not(self) -> Self {
        Self { text: format!("NOT ({})", self.text), ..self }
    }

    pub(crate) fn all(conditions: impl IntoIterator<Item = Self>) -> Self {
        Self::joined(conditions, " AND ", Self::always)
    }

    pub(crate) fn any(conditions: impl IntoIterator<Item = Self>) -> Self {
        Self::joined(conditions, " OR ", Self::never)
    }

    /// What holds of one of the rows of a subquery; its text ends where the condition begins.
    pub(crate) fn exists(rows: &'static str, inner: Self) -> Self {
        Self { text: format!("EXISTS ({rows} AND ({}))", inner.text), values: inner.values }
    }

    /// What is within a scope: of a query that joins `organisation_paths` under the name `scope`.
    pub(crate) fn within(scope: &Scope) -> Self {
        Self::any(scope.ranges().iter().map(|it| {
            Self::new("scope.path >= ? AND scope.path < ?", [it.from().into(), it.until().into()])
        }))
    }

    /// The text with numbered places, and the values; `first` is the number of its first place.
    pub(crate) fn numbered(self, first: usize) -> (String, Vec<Value>) {
        let mut text = String::with_capacity(self.text.len() + 8);
        let mut number = first;
        for mark in self.text.chars() {
            if mark == '?' {
                text.push('$');
                text.push_str(&number.to_string());
                number += 1;
            } else {
                text.push(mark);
            }
        }
        (text, self.values)
    }

    fn joined(
        conditions: impl IntoIterator<Item = Self>,
        word: &str,
        none: impl Fn() -> Self,
    ) -> Self {
        let mut texts = Vec::new();
        let mut values = Vec::new();
        for condition in conditions {
            texts.push(format!("({})", condition.text));
            values.extend(condition.values);
        }
        if texts.is_empty() { none() } else { Self { text: texts.join(word), values } }
    }
}
