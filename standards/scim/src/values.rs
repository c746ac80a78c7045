//! Values as their attribute's type has them: reading, comparing.

use std::cmp::Ordering;

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::error::{ScimError, ScimType};
use crate::schema::{Attribute, Mutability, Type};

/// Longest text of one value, in bytes.
const LONGEST: usize = 64 * 1024;
/// Most values of one attribute.
const MOST_VALUES: usize = 10_000;

/// Whether a value is as good as none (RFC 7643, section 2.5).
pub(crate) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(it) => it.is_empty(),
        Value::Object(it) => it.is_empty(),
        Value::String(it) => it.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// A text as it compares when capital and small letters are the same.
pub(crate) fn folded(text: &str) -> String {
    text.to_lowercase()
}

pub(crate) fn instant(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

/// Orders two values of an attribute; `None` when they have no order.
pub(crate) fn compare(attribute: &Attribute, one: &Value, other: &Value) -> Option<Ordering> {
    match (one, other) {
        (Value::String(one), Value::String(other)) => {
            if attribute.kind == Type::DateTime {
                Some(instant(one)?.cmp(&instant(other)?))
            } else if attribute.exact {
                Some(one.cmp(other))
            } else {
                Some(folded(one).cmp(&folded(other)))
            }
        }
        (Value::Bool(one), Value::Bool(other)) => Some(one.cmp(other)),
        (Value::Number(one), Value::Number(other)) => match (one.as_i64(), other.as_i64()) {
            (Some(one), Some(other)) => Some(one.cmp(&other)),
            _ => one.as_f64()?.partial_cmp(&other.as_f64()?),
        },
        _ => None,
    }
}

/// All values of an attribute, as a client sent them; `None` when it is left without any.
pub(crate) fn read(attribute: &Attribute, value: &Value) -> Result<Option<Value>, ScimError> {
    if !attribute.many {
        // Some clients send a list of one.
        let only = value.as_array().filter(|it| it.len() == 1 && attribute.kind == Type::Complex);
        return read_one(attribute, only.and_then(|it| it.first()).unwrap_or(value));
    }
    let list = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
    if list.len() > MOST_VALUES {
        return Err(refused(attribute, &format!("more than {MOST_VALUES} values")));
    }
    let mut values = Vec::new();
    for it in list {
        if let Some(value) = read_one(attribute, it)?
            && !values.contains(&value)
        {
            values.push(value);
        }
    }
    if values.iter().filter(|it| is_primary(it)).count() > 1 {
        return Err(refused(attribute, "more than one primary value"));
    }
    Ok((!values.is_empty()).then_some(Value::Array(values)))
}

/// One value of an attribute; `None` when it is none.
pub(crate) fn read_one(attribute: &Attribute, value: &Value) -> Result<Option<Value>, ScimError> {
    let wrong = || refused(attribute, kind_of(value));
    let sound = match (attribute.kind, value) {
        (_, Value::Null) => return Ok(None),
        (Type::Complex, Value::Object(members)) => return read_parts(attribute, members),
        (Type::String, Value::String(text)) => text.len() <= LONGEST && !text.contains('\0'),
        (Type::Reference, Value::String(text)) => {
            text.len() <= LONGEST && !text.chars().any(|it| it.is_control() || it == ' ')
        }
        (Type::DateTime, Value::String(text)) => instant(text).is_some(),
        (Type::Binary, Value::String(text)) => {
            let belongs = |it: u8| it.is_ascii_alphanumeric() || b"+/=-_".contains(&it);
            text.len() <= LONGEST && text.bytes().all(belongs)
        }
        (Type::Boolean, Value::Bool(_)) | (Type::Decimal, Value::Number(_)) => true,
        (Type::Integer, Value::Number(it)) => it.is_i64(),
        // Some clients write "True" and "False".
        (Type::Boolean, Value::String(text)) if text.eq_ignore_ascii_case("true") => {
            return Ok(Some(true.into()));
        }
        (Type::Boolean, Value::String(text)) if text.eq_ignore_ascii_case("false") => {
            return Ok(Some(false.into()));
        }
        // A value alone stands for the part `value`, as in a list of members' ids.
        (Type::Complex, Value::String(_)) if attribute.many => {
            let part = attribute.part("value").ok_or_else(wrong)?;
            let value = read_one(part, value)?;
            return Ok(value.map(|it| Value::Object(Map::from_iter([("value".to_owned(), it)]))));
        }
        _ => false,
    };
    if sound { Ok(Some(value.clone())) } else { Err(wrong()) }
}

fn read_parts(
    attribute: &Attribute,
    members: &Map<String, Value>,
) -> Result<Option<Value>, ScimError> {
    let mut parts = Map::new();
    for (name, value) in members {
        let Some(part) = attribute.part(name) else {
            let shown: String = name.chars().take(60).collect();
            return Err(ScimError::of(
                ScimType::InvalidSyntax,
                format!("`{}` has no part `{shown}`", attribute.name),
            ));
        };
        if part.mutability != Mutability::ReadOnly
            && let Some(value) = read(part, value)?
        {
            parts.insert(part.name.to_owned(), value);
        }
    }
    Ok((!parts.is_empty()).then_some(Value::Object(parts)))
}

pub(crate) fn is_primary(value: &Value) -> bool {
    value.get("primary") == Some(&Value::Bool(true))
}

/// Of a list to which `newer` was added last: the primary value is the newer one.
pub(crate) fn keep_one_primary(values: &mut [Value], newer: usize) {
    let older = values.len().saturating_sub(newer);
    let (older, newer) = values.split_at_mut_checked(older).unwrap_or_default();
    if !newer.iter().any(is_primary) {
        return;
    }
    for value in older.iter_mut().filter_map(Value::as_object_mut) {
        if value.contains_key("primary") {
            value.insert("primary".to_owned(), false.into());
        }
    }
}

fn refused(attribute: &Attribute, found: &str) -> ScimError {
    let (name, kind) = (attribute.name, attribute.kind.as_str());
    let detail = format!("`{name}` is of type {kind}; what was sent is {found}");
    ScimError::of(ScimType::InvalidValue, detail)
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number that does not fit",
        Value::String(_) => "a text that does not fit",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
