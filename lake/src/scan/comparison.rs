//! Comparisons of decimals, in whole numbers of 64 bits where none of them can outgrow those.
//!
//! A column of decimals has 18 digits, and so the greatest number that a sum or product of columns can be is known before
//! a row is read. Where 64 bits hold it, nothing needs the 128 bits and the checks of every step that the engine takes.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::buffer::{BooleanBuffer, NullBuffer, ScalarBuffer};
use arrow::datatypes::{DataType, Decimal64Type, Decimal128Type, Schema};
use arrow::error::ArrowError;
use datafusion_common::ScalarValue;
use datafusion_expr::{ColumnarValue, Operator};
use datafusion_physical_expr::PhysicalExpr;
use datafusion_physical_expr::expressions::{BinaryExpr, CastExpr, Column};
use datafusion_physical_expr::utils::collect_columns;

use super::bits;

/// Two numbers, and how one stands to the other.
#[derive(Debug)]
pub(super) struct Comparison {
    left: Number,
    holds: Holds,
    right: Number,
    /// Where one of these is not there, the answer is unknown.
    columns: Vec<usize>,
}

/// Which orders of two numbers are wanted.
#[derive(Clone, Copy, Debug)]
enum Holds {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// A number of each row.
#[derive(Clone, Debug)]
struct Number {
    term: Term,
    /// Digits after the point.
    scale: u32,
    /// No number is farther from nought.
    bound: i64,
}

/// How it comes about, in units of its last digit.
#[derive(Clone, Debug)]
enum Term {
    Column(usize),
    Constant(i64),
    Sum(Box<[Term; 2]>),
    Difference(Box<[Term; 2]>),
    Product(Box<[Term; 2]>),
}

/// Numbers of a batch: the same in every row, or one of each.
enum Values {
    Same(i64),
    Each(ScalarBuffer<i64>),
}

impl Comparison {
    /// `None` where the expression is another one, or its numbers could outgrow 64 bits.
    pub(super) fn of(expression: &Arc<dyn PhysicalExpr>, schema: &Schema) -> Option<Self> {
        let binary = expression.downcast_ref::<BinaryExpr>()?;
        let columns: Vec<usize> =
            collect_columns(expression).into_iter().map(|it| it.index()).collect();
        let holds = Holds::of(*binary.op())?;
        if columns.is_empty() {
            return None;
        }
        let left = Number::of(binary.left(), schema)?;
        let right = Number::of(binary.right(), schema)?;
        let scale = left.scale.max(right.scale);
        let (left, right) = (left.with_scale(scale)?, right.with_scale(scale)?);
        Some(Self { left, holds, right, columns })
    }

    /// The rows in which it is true; unknown is not true.
    pub(super) fn true_rows(&self, batch: &RecordBatch) -> Result<BooleanBuffer, ArrowError> {
        let columns = self.columns.iter().filter_map(|it| batch.columns().get(*it));
        let valid = NullBuffer::union_many(columns.map(|it| it.nulls()));
        let (left, right) = (self.left.term.values(batch)?, self.right.term.values(batch)?);
        let rows = match self.holds {
            Holds::Equal => compared(&left, &right, |left, right| left == right),
            Holds::Unequal => compared(&left, &right, |left, right| left != right),
            Holds::Less => compared(&left, &right, |left, right| left < right),
            Holds::LessOrEqual => compared(&left, &right, |left, right| left <= right),
            Holds::Greater => compared(&left, &right, |left, right| left > right),
            Holds::GreaterOrEqual => compared(&left, &right, |left, right| left >= right),
        };
        Ok(match valid {
            Some(valid) => &rows & valid.inner(),
            None => rows,
        })
    }
}

impl Holds {
    fn of(operator: Operator) -> Option<Self> {
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "the engine's operators are not ours to list; a new one is left to the engine"
        )]
        match operator {
            Operator::Eq => Some(Self::Equal),
            Operator::NotEq => Some(Self::Unequal),
            Operator::Lt => Some(Self::Less),
            Operator::LtEq => Some(Self::LessOrEqual),
            Operator::Gt => Some(Self::Greater),
            Operator::GtEq => Some(Self::GreaterOrEqual),
            _ => None,
        }
    }
}

/// A loop of its own for each way of comparing. One of the two is of each row.
fn compared(left: &Values, right: &Values, holds: impl Fn(i64, i64) -> bool) -> BooleanBuffer {
    match (left, right) {
        (Values::Each(left), Values::Same(right)) => bits::of(left, |it| holds(it, *right)),
        (Values::Same(left), Values::Each(right)) => bits::of(right, |it| holds(*left, it)),
        (Values::Each(left), Values::Each(right)) => {
            let both: Vec<(i64, i64)> = left.iter().copied().zip(right.iter().copied()).collect();
            bits::of(&both, |(left, right)| holds(left, right))
        }
        (Values::Same(left), Values::Same(right)) => bits::of(&[()], |()| holds(*left, *right)),
    }
}

impl Number {
    fn of(expression: &Arc<dyn PhysicalExpr>, schema: &Schema) -> Option<Self> {
        if collect_columns(expression).is_empty() {
            return Self::constant(expression, schema);
        }
        if let Some(column) = expression.downcast_ref::<Column>() {
            let DataType::Decimal128(digits, scale) = column.data_type(schema).ok()? else {
                return None;
            };
            let bound = 10_i64.checked_pow(digits.into())? - 1;
            let term = Term::Column(column.index());
            return Some(Self { term, scale: u32::try_from(scale).ok()?, bound });
        }
        if let Some(cast) = expression.downcast_ref::<CastExpr>() {
            let DataType::Decimal128(digits, scale) = cast.cast_type() else { return None };
            let number = Self::of(cast.expr(), schema)?;
            let scale = u32::try_from(*scale).ok().filter(|it| *it >= number.scale)?;
            let number = number.with_scale(scale)?;
            // Else the cast itself could fail.
            let fits = 10_i128
                .checked_pow((*digits).into())
                .is_none_or(|it| i128::from(number.bound) < it);
            return fits.then_some(number);
        }
        let binary = expression.downcast_ref::<BinaryExpr>()?;
        let (left, right) = (Self::of(binary.left(), schema)?, Self::of(binary.right(), schema)?);
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "the engine's operators are not ours to list; a new one is left to the engine"
        )]
        match binary.op() {
            Operator::Plus => left.beside(right, Term::Sum),
            Operator::Minus => left.beside(right, Term::Difference),
            Operator::Multiply => Some(Self {
                scale: left.scale + right.scale,
                bound: left.bound.checked_mul(right.bound)?,
                term: Term::Product(Box::new([left.term, right.term])),
            }),
            _ => None,
        }
    }

    fn constant(expression: &Arc<dyn PhysicalExpr>, schema: &Schema) -> Option<Self> {
        let none = RecordBatch::new_empty(Arc::new(schema.clone()));
        let ColumnarValue::Scalar(value) = expression.evaluate(&none).ok()? else { return None };
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "the engine's values are not ours to list; another kind is no exact number"
        )]
        let (value, scale) = match value {
            ScalarValue::Decimal128(Some(value), _, scale) => {
                (i64::try_from(value).ok()?, u32::try_from(scale).ok()?)
            }
            ScalarValue::Int64(Some(value)) => (value, 0),
            _ => return None,
        };
        Some(Self { term: Term::Constant(value), scale, bound: value.checked_abs()? })
    }

    /// A sum or difference, in the smaller units of the two.
    fn beside(self, other: Self, make: fn(Box<[Term; 2]>) -> Term) -> Option<Self> {
        let scale = self.scale.max(other.scale);
        let (left, right) = (self.with_scale(scale)?, other.with_scale(scale)?);
        let bound = left.bound.checked_add(right.bound)?;
        Some(Self { term: make(Box::new([left.term, right.term])), scale, bound })
    }

    /// The same number with more digits after the point.
    fn with_scale(self, scale: u32) -> Option<Self> {
        let units = 10_i64.checked_pow(scale.checked_sub(self.scale)?)?;
        let bound = self.bound.checked_mul(units)?;
        let term = if units == 1 {
            self.term
        } else if let Term::Constant(value) = self.term {
            Term::Constant(value.checked_mul(units)?)
        } else {
            Term::Product(Box::new([self.term, Term::Constant(units)]))
        };
        Some(Self { term, scale, bound })
    }
}

impl Term {
    /// What stands where nothing is there is any number: steps may wrap there, and nowhere else.
    fn values(&self, batch: &RecordBatch) -> Result<Values, ArrowError> {
        Ok(match self {
            Self::Constant(value) => Values::Same(*value),
            Self::Column(position) => {
                let column = batch.columns().get(*position).and_then(whole);
                let Some(column) = column else {
                    return Err(ArrowError::SchemaError("a column of decimals is not one".into()));
                };
                Values::Each(column)
            }
            Self::Sum(of) => Values::of(of, batch, i64::wrapping_add)?,
            Self::Difference(of) => Values::of(of, batch, i64::wrapping_sub)?,
            Self::Product(of) => Values::of(of, batch, i64::wrapping_mul)?,
        })
    }
}

/// A column of decimals in units of its last digit: as it was read, where that is in 64 bits.
fn whole(column: &ArrayRef) -> Option<ScalarBuffer<i64>> {
    if let Some(narrow) = column.as_primitive_opt::<Decimal64Type>() {
        return Some(narrow.values().clone());
    }
    let wide = column.as_primitive_opt::<Decimal128Type>()?;
    Some(wide.values().iter().map(|it| low(*it)).collect())
}

/// A decimal of 18 digits, which its lower half holds.
fn low(value: i128) -> i64 {
    let [a, b, c, d, e, f, g, h, ..] = value.to_le_bytes();
    i64::from_le_bytes([a, b, c, d, e, f, g, h])
}

impl Values {
    fn of(
        [left, right]: &[Term; 2],
        batch: &RecordBatch,
        step: impl Fn(i64, i64) -> i64,
    ) -> Result<Self, ArrowError> {
        Ok(match (left.values(batch)?, right.values(batch)?) {
            (Self::Same(left), Self::Same(right)) => Self::Same(step(left, right)),
            (Self::Each(each), Self::Same(right)) => {
                Self::Each(each.iter().map(|it| step(*it, right)).collect())
            }
            (Self::Same(left), Self::Each(each)) => {
                Self::Each(each.iter().map(|it| step(left, *it)).collect())
            }
            (Self::Each(each), Self::Each(other)) => {
                Self::Each(each.iter().zip(other.iter()).map(|(a, b)| step(*a, *b)).collect())
            }
        })
    }
}
