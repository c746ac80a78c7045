//! Which values decide the conditions of a procedure: few enough to try them all.
//!
//! A condition over a code turns at its codes; one over a number turns at the constants it is compared with.
//! So a handful of values stands for all of them, exactly. Where two names are compared with each other or summed,
//! or texts are put in order, the constants do not tell all: such a condition is left undecided.

use std::collections::{BTreeMap, BTreeSet};

use model::Decimal;

use crate::expression::{Comparison, Expression, Kind, Name, Value};
use crate::form::{Decimals, FieldKind};
use crate::procedure::{CASE_WORDS, Procedure};

/// Most combinations of values that are tried.
pub(super) const MAX: usize = 20_000;
/// Longest list whose every part is tried.
const MAX_PARTS: usize = 6;

/// Words whose value a case cannot count on to change: whoever waits for it may wait for ever.
const FIXED: [&str; 7] =
    ["begun_on", "number", "objections", "organisation", "quota_left", "returns", "score"];

/// The names that conditions turn on, with the values that stand for all.
#[derive(Debug)]
pub(super) struct Values {
    pub(super) names: Vec<Name>,
    values: Vec<Vec<Value>>,
}

/// What becomes of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decided {
    Exactly,
    Not,
}

impl Values {
    pub(super) fn new(procedure: &Procedure) -> Self {
        let conditions = procedure.transitions.iter().filter_map(|it| it.when.as_ref());
        let mut turns: BTreeMap<Name, BTreeSet<Value>> = BTreeMap::new();
        for condition in conditions.filter(|it| is_decided(procedure, it)) {
            for name in condition.names() {
                turns.entry(name.clone()).or_default();
            }
            for (name, value) in condition.compared() {
                turns.entry(name.clone()).or_default().extend(items(value));
            }
        }
        let values = turns.iter().map(|(name, turns)| domain(procedure, name, turns)).collect();
        Self { names: turns.into_keys().collect(), values }
    }

    /// How many combinations there are; `None` when they are too many to try.
    pub(super) fn count(&self) -> Option<usize> {
        let count = self.values.iter().try_fold(1_usize, |all, it| all.checked_mul(it.len()))?;
        (count <= MAX).then_some(count)
    }

    /// The value of a name in a combination.
    pub(super) fn value(&self, combination: usize, name: &Name) -> Value {
        let mut rest = combination;
        for (known, values) in self.names.iter().zip(&self.values) {
            let at = rest % values.len().max(1);
            if known == name {
                return values.get(at).cloned().unwrap_or(Value::Missing);
            }
            rest /= values.len().max(1);
        }
        Value::Missing
    }

    /// What combinations have in common when the names that `is_free` tells may be anything: the same number.
    pub(super) fn class(&self, combination: usize, is_free: &dyn Fn(&Name) -> bool) -> usize {
        let (mut rest, mut weight, mut class) = (combination, 1, 0);
        for (name, values) in self.names.iter().zip(&self.values) {
            let length = values.len().max(1);
            if !is_free(name) {
                class += (rest % length) * weight;
            }
            rest /= length;
            weight *= length;
        }
        class
    }
}

/// Whether a case may count on a value's change: time passes, and reviewers hand in.
pub(super) fn is_patient(name: &Name) -> bool {
    matches!(name, Name::Case(word) if !FIXED.contains(&word.as_str()))
}

/// Whether trying the values at which it turns decides a condition.
pub(super) fn is_decided(procedure: &Procedure, condition: &Expression) -> bool {
    if condition.relates_names() || orders_texts(condition) {
        return false;
    }
    // Whether anything was filled in is decided for every kind of field.
    condition.read().into_iter().all(|name| match name {
        Name::Case(_) => true,
        Name::Form(field) => match procedure.form.field(field).map(|it| &it.kind) {
            Some(FieldKind::Codes { items }) => items.len() <= MAX_PARTS,
            Some(FieldKind::Files) | None => false,
            Some(_) => true,
        },
    })
}

fn orders_texts(condition: &Expression) -> bool {
    let text = |it: &Expression| matches!(it, Expression::Constant(Value::Text(_)));
    match condition {
        Expression::Compare(Comparison::Equal | Comparison::Unequal, ..)
        | Expression::Constant(_)
        | Expression::Name(_)
        | Expression::Has(_)
        | Expression::In(..) => false,
        Expression::Compare(_, left, right) => {
            text(left) || text(right) || sized(left) || sized(right)
        }
        Expression::Size(_) => true,
        Expression::Not(of) => orders_texts(of),
        Expression::And(left, right)
        | Expression::Or(left, right)
        | Expression::Sum(_, left, right) => orders_texts(left) || orders_texts(right),
        Expression::If(condition, then, otherwise) => {
            orders_texts(condition) || orders_texts(then) || orders_texts(otherwise)
        }
    }
}

fn sized(it: &Expression) -> bool {
    matches!(it, Expression::Size(_))
}

/// The items of a list, or the value itself.
fn items(value: &Value) -> Vec<Value> {
    if let Value::List(items) = value { items.clone() } else { vec![value.clone()] }
}

fn domain(procedure: &Procedure, name: &Name, turns: &BTreeSet<Value>) -> Vec<Value> {
    match name {
        Name::Form(field) => {
            let Some(field) = procedure.form.field(field) else { return vec![Value::Missing] };
            let mut values = match &field.kind {
                FieldKind::Flag => vec![Value::Flag(false), Value::Flag(true)],
                FieldKind::Integer { least, most } => integers(*least, *most, turns),
                FieldKind::Decimal(Decimals { least, most, scale }) => {
                    let points = numbers(*least, *most, *scale, turns);
                    points.into_iter().map(Value::Decimal).collect()
                }
                FieldKind::Code { items } => items.iter().map(|it| Value::text(&it.code)).collect(),
                FieldKind::Codes { items } => {
                    let codes: Vec<&str> = items.iter().map(|it| it.code.as_str()).collect();
                    parts(&codes)
                }
                FieldKind::Text { .. }
                | FieldKind::Paragraph { .. }
                | FieldKind::Day
                | FieldKind::Organisation
                | FieldKind::Files => texts(turns),
            };
            values.push(Value::Missing);
            values
        }
        Name::Case(word) => {
            match CASE_WORDS.iter().find(|(it, _)| it == word).map(|(_, kind)| kind) {
                // A score is there when the reviews are, and conditions on it ask for those as well.
                Some(Kind::Integer) => integers(0, 1_000_000, turns),
                Some(Kind::Flag) => vec![Value::Flag(false), Value::Flag(true)],
                _ => texts(turns),
            }
        }
    }
}

fn integers(least: i64, most: i64, turns: &BTreeSet<Value>) -> Vec<Value> {
    let (least, most) = (Decimal::from_integer(least), Decimal::from_integer(most));
    let points = numbers(least, most, 0, turns).into_iter();
    points.filter_map(|it| i64::try_from(it.units()).ok()).map(Value::Integer).collect()
}

/// The ends of a range, and every turn within it with its neighbours; each with so many digits after the point.
fn numbers(least: Decimal, most: Decimal, scale: u8, turns: &BTreeSet<Value>) -> BTreeSet<Decimal> {
    let step = Decimal::new(1, scale);
    let mut points = BTreeSet::from([least, most]);
    for number in turns.iter().filter_map(Value::number) {
        // A turn between two numbers of the range has them for its neighbours.
        let near = number.rounded(scale);
        points.extend([near - step, near, near + step]);
    }
    points.retain(|it| (least..=most).contains(it));
    points
}

/// Every text that is compared with, and one that is not.
fn texts(turns: &BTreeSet<Value>) -> Vec<Value> {
    turns.iter().cloned().chain([Value::text("…")]).collect()
}

/// Every part of a short list.
fn parts(codes: &[&str]) -> Vec<Value> {
    let mut lists = vec![Vec::new()];
    for code in codes.iter().take(MAX_PARTS) {
        let with: Vec<Vec<Value>> = lists
            .iter()
            .map(|it| it.iter().cloned().chain([Value::text(*code)]).collect())
            .collect();
        lists.extend(with);
    }
    lists.into_iter().map(Value::List).collect()
}
