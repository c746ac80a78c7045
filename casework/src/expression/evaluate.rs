//! The value of an expression.

use std::cmp::Ordering;

use super::{Comparison, Expression, Name, Sign, Value};

impl Expression {
    /// Its value, when names have the values that `of` tells.
    ///
    /// What is missing stays missing in a sum, and makes every comparison but `!=` false. So does a sum that no
    /// whole number holds.
    pub fn value(&self, of: &dyn Fn(&Name) -> Value) -> Value {
        match self {
            Self::Constant(value) => value.clone(),
            Self::Name(name) => of(name),
            Self::Has(name) => Value::Flag(!of(name).is_empty()),
            Self::Size(inner) => match inner.value(of) {
                Value::Text(text) => count(text.chars().count()),
                Value::List(items) => count(items.len()),
                Value::Missing => Value::Integer(0),
                Value::Flag(_) | Value::Integer(_) | Value::Decimal(_) => Value::Missing,
            },
            Self::Not(inner) => Value::Flag(!inner.holds(of)),
            Self::And(left, right) => Value::Flag(left.holds(of) && right.holds(of)),
            Self::Or(left, right) => Value::Flag(left.holds(of) || right.holds(of)),
            Self::Compare(comparison, left, right) => {
                Value::Flag(compare(*comparison, &left.value(of), &right.value(of)))
            }
            Self::In(item, list) => {
                let item = item.value(of);
                let holds = match list.value(of) {
                    Value::List(items) => items.contains(&item),
                    Value::Missing
                    | Value::Flag(_)
                    | Value::Integer(_)
                    | Value::Decimal(_)
                    | Value::Text(_) => false,
                };
                Value::Flag(holds)
            }
            Self::Sum(sign, left, right) => {
                let (Value::Integer(left), Value::Integer(right)) =
                    (left.value(of), right.value(of))
                else {
                    return Value::Missing;
                };
                let sum = match sign {
                    Sign::Plus => left.checked_add(right),
                    Sign::Minus => left.checked_sub(right),
                };
                sum.map_or(Value::Missing, Value::Integer)
            }
            Self::If(condition, then, otherwise) => {
                if condition.holds(of) {
                    then.value(of)
                } else {
                    otherwise.value(of)
                }
            }
        }
    }

    /// Whether it is true as a condition.
    pub fn holds(&self, of: &dyn Fn(&Name) -> Value) -> bool {
        self.value(of).is_true()
    }
}

fn count(length: usize) -> Value {
    i64::try_from(length).map_or(Value::Missing, Value::Integer)
}

fn compare(comparison: Comparison, left: &Value, right: &Value) -> bool {
    if *left == Value::Missing || *right == Value::Missing {
        return comparison == Comparison::Unequal;
    }
    // A whole number is more or less than one with a point by its value.
    let order = match (left.number(), right.number()) {
        (Some(left), Some(right)) => left.cmp(&right),
        _ => left.cmp(right),
    };
    match comparison {
        Comparison::Equal => order == Ordering::Equal,
        Comparison::Unequal => order != Ordering::Equal,
        Comparison::Less => order == Ordering::Less,
        Comparison::LessOrEqual => order != Ordering::Greater,
        Comparison::Greater => order == Ordering::Greater,
        Comparison::GreaterOrEqual => order != Ordering::Less,
    }
}
