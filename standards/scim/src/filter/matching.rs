//! Whether a filter holds.

use std::cmp::Ordering;

use serde_json::Value;

use super::{Comparison, Filter, Literal, refused};
use crate::attribute::AttributePath;
use crate::error::ScimError;
use crate::kind::Kind;
use crate::resource::Resource;
use crate::schema::{Attribute, Type};
use crate::values;

/// Where a filter looks for attributes.
pub(crate) trait Place: Copy {
    /// The values at a path, and what their schema says; `None` when there is no such attribute.
    fn values(&self, path: &AttributePath) -> Option<(&'static Attribute, Vec<&Value>)>;

    /// The same, complex values whole; otherwise they compare as their part `value`.
    fn whole_values(&self, path: &AttributePath) -> Option<(&'static Attribute, Vec<&Value>)>;
}

/// A resource.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Whole<'a> {
    pub(crate) kind: &'a Kind,
    pub(crate) resource: &'a Resource,
}

/// One value of a complex attribute, or of a simple one, which is then called `value`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct One<'a> {
    pub(crate) attribute: &'static Attribute,
    pub(crate) value: &'a Value,
}

impl Place for Whole<'_> {
    fn values(&self, path: &AttributePath) -> Option<(&'static Attribute, Vec<&Value>)> {
        let (attribute, values) = self.whole_values(path)?;
        match attribute.part("value") {
            Some(part) => {
                Some((part, values.into_iter().filter_map(|it| it.get("value")).collect()))
            }
            None => Some((attribute, values)),
        }
    }

    fn whole_values(&self, path: &AttributePath) -> Option<(&'static Attribute, Vec<&Value>)> {
        let target = self.kind.find(path)?;
        Some((target.part.unwrap_or(target.attribute), self.resource.values(&target)))
    }
}

impl Place for One<'_> {
    fn values(&self, path: &AttributePath) -> Option<(&'static Attribute, Vec<&Value>)> {
        if self.attribute.kind != Type::Complex {
            let named = path.name.eq_ignore_ascii_case("value") && path.part.is_none();
            return named.then(|| (self.attribute, vec![self.value]));
        }
        let part = self.attribute.part(&path.name).filter(|_| path.part.is_none())?;
        Some((part, self.value.get(part.name).into_iter().collect()))
    }

    fn whole_values(&self, path: &AttributePath) -> Option<(&'static Attribute, Vec<&Value>)> {
        self.values(path)
    }
}

/// Whether a filter holds at a place. What is not there equals nothing but null.
pub(crate) fn holds(filter: &Filter, place: impl Place) -> bool {
    match filter {
        Filter::Or(filters) => filters.iter().any(|it| holds(it, place)),
        Filter::And(filters) => filters.iter().all(|it| holds(it, place)),
        Filter::Not(inner) => !holds(inner, place),
        Filter::Present(path) => place
            .values(path)
            .is_some_and(|(_, values)| values.iter().any(|it| !values::is_empty(it))),
        Filter::Compare { path, by, with } => {
            let Some((attribute, values)) = place.values(path) else { return false };
            match (by, with) {
                (Comparison::Equal, Literal::Null) => values.is_empty(),
                (Comparison::NotEqual, Literal::Null) => !values.is_empty(),
                (Comparison::NotEqual, _) => {
                    !values.iter().any(|it| compares(attribute, it, Comparison::Equal, with))
                }
                _ => values.iter().any(|it| compares(attribute, it, *by, with)),
            }
        }
        Filter::Has { path, like } => has(place, path, like),
    }
}

fn has(place: impl Place, path: &AttributePath, like: &Filter) -> bool {
    let Some((attribute, values)) = place.whole_values(path) else { return false };
    values.into_iter().any(|value| holds(like, One { attribute, value }))
}

fn compares(attribute: &Attribute, value: &Value, by: Comparison, with: &Literal) -> bool {
    let ordered = || values::compare(attribute, value, &with.value());
    let texts = || {
        let (Value::String(value), Literal::Text(with)) = (value, with) else { return None };
        let text = |it: &str| if attribute.exact { it.to_owned() } else { values::folded(it) };
        Some((text(value), text(with)))
    };
    match by {
        Comparison::Contains => texts().is_some_and(|(value, with)| value.contains(&with)),
        Comparison::StartsWith => texts().is_some_and(|(value, with)| value.starts_with(&with)),
        Comparison::EndsWith => texts().is_some_and(|(value, with)| value.ends_with(&with)),
        Comparison::Equal => ordered().is_some_and(Ordering::is_eq),
        Comparison::NotEqual => ordered().is_none_or(Ordering::is_ne),
        Comparison::Greater => ordered().is_some_and(Ordering::is_gt),
        Comparison::GreaterOrEqual => ordered().is_some_and(Ordering::is_ge),
        Comparison::Less => ordered().is_some_and(Ordering::is_lt),
        Comparison::LessOrEqual => ordered().is_some_and(Ordering::is_le),
    }
}

/// Refuses attributes that are not there, and orders of what has none.
pub(super) fn check(filter: &Filter, kind: &Kind) -> Result<(), ScimError> {
    match filter {
        Filter::Or(filters) | Filter::And(filters) => {
            filters.iter().try_for_each(|it| check(it, kind))
        }
        Filter::Not(inner) => check(inner, kind),
        Filter::Present(path) => found(kind, path).map(|_| ()),
        Filter::Compare { path, by, with } => comparable(found(kind, path)?, path, *by, with),
        Filter::Has { path, like } => {
            let target = kind.find(path).ok_or_else(|| unknown(path))?;
            check_within(like, target.attribute)
        }
    }
}

fn check_within(filter: &Filter, attribute: &'static Attribute) -> Result<(), ScimError> {
    let part = |path: &AttributePath| {
        let alone = attribute.kind != Type::Complex && path.name.eq_ignore_ascii_case("value");
        let found = if alone { Some(attribute) } else { attribute.part(&path.name) };
        found.filter(|_| path.part.is_none()).ok_or_else(|| unknown(path))
    };
    match filter {
        Filter::Or(filters) | Filter::And(filters) => {
            filters.iter().try_for_each(|it| check_within(it, attribute))
        }
        Filter::Not(inner) => check_within(inner, attribute),
        Filter::Present(path) => part(path).map(|_| ()),
        Filter::Compare { path, by, with } => comparable(part(path)?, path, *by, with),
        Filter::Has { path, .. } => Err(unknown(path)),
    }
}

fn found(kind: &Kind, path: &AttributePath) -> Result<&'static Attribute, ScimError> {
    let target = kind.find(path).ok_or_else(|| unknown(path))?;
    let value = || target.attribute.part("value");
    Ok(target.part.or_else(value).unwrap_or(target.attribute))
}

fn comparable(
    attribute: &Attribute,
    path: &AttributePath,
    by: Comparison,
    with: &Literal,
) -> Result<(), ScimError> {
    let by_text =
        matches!(by, Comparison::Contains | Comparison::StartsWith | Comparison::EndsWith);
    let by_equality = matches!(by, Comparison::Equal | Comparison::NotEqual);
    let fits = match (attribute.kind, with) {
        (_, Literal::Null) => by_equality,
        (Type::Boolean, Literal::Boolean(_)) => by_equality,
        (Type::Binary, Literal::Text(_)) => by_equality,
        (Type::Decimal | Type::Integer, Literal::Number(_)) => !by_text,
        (Type::DateTime, Literal::Text(it)) => by_text || values::instant(it).is_some(),
        (Type::String | Type::Reference, Literal::Text(_)) => true,
        _ => false,
    };
    if fits {
        return Ok(());
    }
    let (kind, by, with) = (attribute.kind.as_str(), by.as_str(), with.value());
    Err(refused(format!("`{path}` is of type {kind}: it cannot be compared by {by} with {with}")))
}

fn unknown(path: &AttributePath) -> ScimError {
    refused(format!("there is no attribute `{path}`"))
}
