//! What kind of value an expression gives, told before it is ever evaluated.

use super::{Expression, Name, Value};

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Flag,
    Integer,
    /// A number with digits after the point.
    Decimal,
    Text,
    /// A list of texts.
    Texts,
    /// A list of whole numbers.
    Integers,
}

/// An expression that means nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KindError {
    #[error("there is no `{0}`")]
    Unknown(String),
    #[error("{found} stands where {expected} is needed")]
    Other { found: &'static str, expected: &'static str },
    #[error("{left} and {right} cannot be compared")]
    Apart { left: &'static str, right: &'static str },
    #[error("a list must hold texts only, or whole numbers only")]
    Mixed,
}

impl Kind {
    const fn is_number(self) -> bool {
        matches!(self, Self::Integer | Self::Decimal)
    }

    pub const fn word(self) -> &'static str {
        match self {
            Self::Flag => "true or false",
            Self::Integer => "a whole number",
            Self::Decimal => "a number with a point",
            Self::Text => "a text",
            Self::Texts => "a list of texts",
            Self::Integers => "a list of whole numbers",
        }
    }
}

impl Expression {
    /// The kind of its value, when names are of the kinds that `known` tells.
    pub fn kind(&self, known: &dyn Fn(&Name) -> Option<Kind>) -> Result<Kind, KindError> {
        let need = |of: &Self, expected: Kind| {
            let found = of.kind(known)?;
            if found == expected { Ok(expected) } else { Err(other(found, expected.word())) }
        };
        match self {
            Self::Constant(value) => constant(value),
            Self::Name(name) => known(name).ok_or_else(|| KindError::Unknown(name.to_string())),
            Self::Has(name) => match known(name) {
                Some(_) => Ok(Kind::Flag),
                None => Err(KindError::Unknown(name.to_string())),
            },
            Self::Size(of) => match of.kind(known)? {
                Kind::Text | Kind::Texts | Kind::Integers => Ok(Kind::Integer),
                found @ (Kind::Flag | Kind::Integer | Kind::Decimal) => {
                    Err(other(found, "a text or a list"))
                }
            },
            Self::Not(of) => need(of, Kind::Flag),
            Self::And(left, right) | Self::Or(left, right) => {
                need(left, Kind::Flag)?;
                need(right, Kind::Flag)
            }
            Self::Compare(comparison, left, right) => {
                let (left, right) = (left.kind(known)?, right.kind(known)?);
                let ordered = left.is_number() || left == Kind::Text;
                let alike = left == right || (left.is_number() && right.is_number());
                let equality =
                    matches!(comparison, super::Comparison::Equal | super::Comparison::Unequal);
                if !alike || !(ordered || equality) {
                    return Err(KindError::Apart { left: left.word(), right: right.word() });
                }
                Ok(Kind::Flag)
            }
            Self::In(item, list) => match (item.kind(known)?, list.kind(known)?) {
                (Kind::Text, Kind::Texts) | (Kind::Integer, Kind::Integers) => Ok(Kind::Flag),
                (left, right) => Err(KindError::Apart { left: left.word(), right: right.word() }),
            },
            Self::Sum(_, left, right) => {
                need(left, Kind::Integer)?;
                need(right, Kind::Integer)
            }
            Self::If(condition, then, otherwise) => {
                need(condition, Kind::Flag)?;
                let kind = then.kind(known)?;
                need(otherwise, kind)
            }
        }
    }
}

fn other(found: Kind, expected: &'static str) -> KindError {
    KindError::Other { found: found.word(), expected }
}

fn constant(value: &Value) -> Result<Kind, KindError> {
    match value {
        Value::Flag(_) => Ok(Kind::Flag),
        Value::Integer(_) => Ok(Kind::Integer),
        Value::Decimal(_) => Ok(Kind::Decimal),
        // Nothing writes a missing constant; it would be a text.
        Value::Text(_) | Value::Missing => Ok(Kind::Text),
        Value::List(items) => {
            let texts = items.iter().all(|it| matches!(it, Value::Text(_)));
            let numbers = items.iter().all(|it| matches!(it, Value::Integer(_)));
            match (texts, numbers) {
                (true, _) => Ok(Kind::Texts),
                (false, true) => Ok(Kind::Integers),
                (false, false) => Err(KindError::Mixed),
            }
        }
    }
}
