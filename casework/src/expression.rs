//! Conditions and values as procedures write them: a small part of CEL, the Common Expression Language.
//!
//! What is here means what it means in CEL, which the tests hold against another's implementation; only a value
//! that is missing is no failure: it equals nothing and is neither more nor less than anything. Numbers with a point
//! are compared exactly, which is as CEL compares them at so few digits, and are not summed, where CEL rounds. Nothing
//! loops, so that what a condition can be is decided before a procedure is used.
//!
//! **Invariant:** an expression whose [`kind`](Expression::kind) was told evaluates without failing.

use std::collections::BTreeSet;

use model::Decimal;

mod evaluate;
mod kind;
mod parse;
mod token;

pub use self::kind::{Kind, KindError};
pub use self::parse::ExpressionError;

/// A value of a form, a case or an expression.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// Nothing was written.
    Missing,
    Flag(bool),
    Integer(i64),
    Decimal(Decimal),
    /// Also codes, days such as `2026-09-01`, and codes of organisations.
    Text(String),
    List(Vec<Value>),
}

/// Where a named value stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Name {
    /// A field of the form: `form.reason`.
    Form(String),
    /// Something the case knows of itself: `case.returns`.
    Case(String),
}

/// An expression, read and not yet given its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    Constant(Value),
    Name(Name),
    /// `has(form.reason)`: something was written.
    Has(Name),
    /// `size(form.measures)`: length of a list, or letters of a text.
    Size(Box<Expression>),
    Not(Box<Expression>),
    And(Box<Expression>, Box<Expression>),
    Or(Box<Expression>, Box<Expression>),
    Compare(Comparison, Box<Expression>, Box<Expression>),
    /// `form.kind in ["moved", "ill"]`.
    In(Box<Expression>, Box<Expression>),
    /// `a + b`, `a - b`.
    Sum(Sign, Box<Expression>, Box<Expression>),
    /// `form.ok ? "passed" : "failed"`.
    If(Box<Expression>, Box<Expression>, Box<Expression>),
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// Added, or taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    Plus,
    Minus,
}

impl Expression {
    /// Reads an expression.
    pub fn parse(text: &str) -> Result<Self, ExpressionError> {
        parse::parse(text)
    }

    /// The names it reads.
    pub fn names(&self) -> BTreeSet<&Name> {
        let mut names = BTreeSet::new();
        self.each(&mut |it| {
            if let Self::Name(name) | Self::Has(name) = it {
                names.insert(name);
            }
        });
        names
    }

    /// The names whose very values it reads, beside those of which it asks only whether they are there.
    pub fn read(&self) -> BTreeSet<&Name> {
        let mut names = BTreeSet::new();
        self.each(&mut |it| {
            if let Self::Name(name) = it {
                names.insert(name);
            }
        });
        names
    }

    /// Names with the constants they are compared with: where a condition may turn.
    pub fn compared(&self) -> Vec<(&Name, &Value)> {
        let mut found = Vec::new();
        self.each(&mut |it| {
            let (Self::Compare(_, one, other) | Self::In(one, other)) = it else { return };
            for (names, constants) in [(one, other), (other, one)] {
                let mut values = Vec::new();
                constants.each(&mut |it| {
                    if let Self::Constant(value) = it {
                        values.push(value);
                    }
                });
                for name in names.names() {
                    found.extend(values.iter().map(|value| (name, *value)));
                }
            }
        });
        found
    }

    /// Whether a named value stands anywhere but beside a constant, so that its own constants do not tell all.
    pub fn relates_names(&self) -> bool {
        let mut relates = false;
        self.each(&mut |it| {
            if let Self::Compare(_, left, right) = it {
                let plain = |it: &Self| matches!(it, Self::Constant(_));
                relates |= !plain(left) && !plain(right);
            }
            relates |= matches!(it, Self::Sum(..));
        });
        relates
    }

    /// Visits this expression and all within it.
    fn each<'a>(&'a self, visit: &mut impl FnMut(&'a Self)) {
        visit(self);
        match self {
            Self::Constant(_) | Self::Name(_) | Self::Has(_) => {}
            Self::Size(of) | Self::Not(of) => of.each(visit),
            Self::And(left, right)
            | Self::Or(left, right)
            | Self::Compare(_, left, right)
            | Self::In(left, right)
            | Self::Sum(_, left, right) => {
                left.each(visit);
                right.each(visit);
            }
            Self::If(condition, then, otherwise) => {
                condition.each(visit);
                then.each(visit);
                otherwise.each(visit);
            }
        }
    }
}

impl Value {
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Nothing, an empty text or an empty list.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Missing => true,
            Self::Flag(_) | Self::Integer(_) | Self::Decimal(_) => false,
            Self::Text(text) => text.trim().is_empty(),
            Self::List(items) => items.is_empty(),
        }
    }

    /// Its number, whole or not.
    pub(crate) fn number(&self) -> Option<Decimal> {
        match self {
            Self::Integer(number) => Some(Decimal::from_integer(*number)),
            Self::Decimal(number) => Some(*number),
            Self::Missing | Self::Flag(_) | Self::Text(_) | Self::List(_) => None,
        }
    }

    /// The value of a condition; what is missing is not true.
    pub fn is_true(&self) -> bool {
        *self == Self::Flag(true)
    }
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Missing => Ok(()),
            Self::Flag(flag) => write!(f, "{flag}"),
            Self::Integer(number) => write!(f, "{number}"),
            Self::Decimal(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
            Self::List(items) => {
                for (at, item) in items.iter().enumerate() {
                    let separator = if at == 0 { "" } else { ";" };
                    write!(f, "{separator}{item}")?;
                }
                Ok(())
            }
        }
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Form(name) => write!(f, "form.{name}"),
            Self::Case(name) => write!(f, "case.{name}"),
        }
    }
}

#[cfg(test)]
mod tests;
