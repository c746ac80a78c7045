//! One operation, done.

use serde_json::{Map, Value};

use super::{Action, Operation};
use crate::attribute::AttributePath;
use crate::error::{ScimError, ScimType};
use crate::filter::{Comparison, Filter, One, holds};
use crate::kind::{Kind, Target};
use crate::path::{Chosen, Path};
use crate::resource::Resource;
use crate::schema::{Attribute, Mutability};
use crate::values;

pub(super) fn operation(
    kind: &Kind,
    resource: &mut Resource,
    operation: &Operation,
) -> Result<(), ScimError> {
    let value = operation.value.as_ref();
    let Some(path) = &operation.path else {
        let Some(Value::Object(members)) = value else {
            return Err(invalid("without a path, `value` is an object of attributes"));
        };
        return each(kind, resource, operation.action, None, members);
    };
    // The URN of an extension alone means all of its attributes.
    if let Some(schema) = kind.extension(&path.to_string()) {
        return match (operation.action, value) {
            (Action::Remove, _) => {
                resource.take(schema.id);
                Ok(())
            }
            (action, Some(Value::Object(members))) => {
                each(kind, resource, action, Some(schema.id), members)
            }
            _ => Err(invalid("the value of an extension is an object of attributes")),
        };
    }
    let target = kind.find(&path.attribute).ok_or_else(|| no_path(path))?;
    at(resource, operation.action, target, path.values.as_ref(), value)
}

/// Does the same with each attribute of an object.
fn each(
    kind: &Kind,
    resource: &mut Resource,
    action: Action,
    extension: Option<&str>,
    members: &Map<String, Value>,
) -> Result<(), ScimError> {
    for (name, value) in members {
        // Of a resource it says nothing new; some clients say it of an extension too.
        if name.eq_ignore_ascii_case("schemas") {
            continue;
        }
        if extension.is_none()
            && let (Some(schema), Value::Object(inner)) = (kind.extension(name), value)
        {
            each(kind, resource, action, Some(schema.id), inner)?;
            continue;
        }
        let mut path: AttributePath = name.parse()?;
        if let Some(urn) = extension {
            path.schema = Some(urn.to_owned());
        }
        let found = kind.find(&path).ok_or_else(|| {
            ScimError::of(ScimType::InvalidPath, format!("there is no attribute `{path}`"))
        })?;
        // As where a whole resource is sent: what only the service writes is left as it is.
        if found.attribute.mutability != Mutability::ReadOnly {
            at(resource, action, found, None, Some(value))?;
        }
    }
    Ok(())
}

/// Changes an attribute, or a part of it, or some of its values.
fn at(
    resource: &mut Resource,
    action: Action,
    target: Target,
    chosen: Option<&Chosen>,
    value: Option<&Value>,
) -> Result<(), ScimError> {
    let Target { extension, attribute, part } = target;
    check_mutability(attribute)?;
    part.map_or(Ok(()), check_mutability)?;
    let mut members = resource.take_out(extension);
    let before = members.remove(attribute.name);
    let after = match (chosen, attribute.many) {
        (Some(_), false) => Err(ScimError::of(
            ScimType::InvalidPath,
            format!("`{}` has one value, so none can be chosen", attribute.name),
        )),
        (Some(chosen), true) => some(attribute, list(before), action, chosen, value),
        (None, true) => match part {
            None => many(attribute, list(before), action, value),
            Some(part) => {
                let mut values = list(before);
                let changed = values.iter_mut().map(|it| change_part(it, action, part, value));
                changed.collect::<Result<(), _>>().map(|()| values)
            }
        },
        (None, false) => single(attribute, part, before, action, value).map(Vec::from_iter),
    };
    let mut after = after?;
    after.retain(|it| !values::is_empty(it));
    let removed_required = after.is_empty() && attribute.required;
    if attribute.many {
        if !after.is_empty() {
            members.insert(attribute.name.to_owned(), Value::Array(after));
        }
    } else if let Some(value) = after.pop() {
        members.insert(attribute.name.to_owned(), value);
    }
    resource.put_back(extension, members);
    if removed_required {
        let detail = format!("`{}` is required, so it cannot be removed", attribute.name);
        return Err(ScimError::of(ScimType::Mutability, detail));
    }
    Ok(())
}

fn single(
    attribute: &'static Attribute,
    part: Option<&'static Attribute>,
    before: Option<Value>,
    action: Action,
    value: Option<&Value>,
) -> Result<Option<Value>, ScimError> {
    if let Some(part) = part {
        let mut whole = before.unwrap_or_else(|| Value::Object(Map::new()));
        change_part(&mut whole, action, part, value)?;
        return Ok(Some(whole));
    }
    if action == Action::Remove {
        return Ok(None);
    }
    let new = values::read(attribute, value.unwrap_or(&Value::Null))?;
    Ok(match (before, new) {
        // Parts that are not named stay (section 3.5.2.3).
        (Some(Value::Object(mut before)), Some(Value::Object(new))) => {
            before.extend(new);
            Some(Value::Object(before))
        }
        (_, new) => new,
    })
}

fn many(
    attribute: &Attribute,
    mut before: Vec<Value>,
    action: Action,
    value: Option<&Value>,
) -> Result<Vec<Value>, ScimError> {
    let given = || values::read(attribute, value.unwrap_or(&Value::Null)).map(list);
    match (action, value) {
        (Action::Replace, _) => given(),
        (Action::Add, _) => {
            let mut new = given()?;
            new.retain(|it| !before.contains(it));
            let newer = new.len();
            before.extend(new);
            values::keep_one_primary(&mut before, newer);
            Ok(before)
        }
        (Action::Remove, None | Some(Value::Null)) => Ok(Vec::new()),
        // Not of the standard, but common: the values to be removed are listed.
        (Action::Remove, Some(_)) => {
            let gone = given()?;
            let id = |it: &Value| it.get("value").cloned().unwrap_or_else(|| it.clone());
            before.retain(|it| gone.iter().all(|gone| id(gone) != id(it)));
            Ok(before)
        }
    }
}

fn some(
    attribute: &'static Attribute,
    mut values: Vec<Value>,
    action: Action,
    chosen: &Chosen,
    value: Option<&Value>,
) -> Result<Vec<Value>, ScimError> {
    let part = match &chosen.part {
        None => None,
        Some(name) => Some(attribute.part(name).ok_or_else(|| {
            let detail = format!("`{}` has no part `{name}`", attribute.name);
            ScimError::of(ScimType::InvalidPath, detail)
        })?),
    };
    part.map_or(Ok(()), check_mutability)?;
    let is_chosen = |it: &Value| holds(&chosen.like, One { attribute, value: it });
    if !values.iter().any(is_chosen) {
        return none_chosen(attribute, values, action, chosen, part, value);
    }
    if action == Action::Remove && part.is_none() {
        values.retain(|it| !is_chosen(it));
        return Ok(values);
    }
    for it in values.iter_mut().filter(|it| is_chosen(it)) {
        match part {
            Some(part) => change_part(it, action, part, value)?,
            None => {
                let new = values::read_one(attribute, value.unwrap_or(&Value::Null))?;
                *it = match (action, std::mem::take(it), new) {
                    (Action::Add, Value::Object(mut before), Some(Value::Object(new))) => {
                        before.extend(new);
                        Value::Object(before)
                    }
                    (_, _, new) => new.unwrap_or(Value::Null),
                };
            }
        }
    }
    if values.iter().filter(|it| values::is_primary(it)).count() > 1 {
        return Err(invalid(&format!(
            "`{}` would have more than one primary value",
            attribute.name
        )));
    }
    Ok(values)
}

/// Adds the value that a filter such as `type eq "work"` describes; anything else finds no target.
fn none_chosen(
    attribute: &'static Attribute,
    mut values: Vec<Value>,
    action: Action,
    chosen: &Chosen,
    part: Option<&'static Attribute>,
    value: Option<&Value>,
) -> Result<Vec<Value>, ScimError> {
    if action == Action::Add
        && let Some(part) = part
        && let Filter::Compare { path, by: Comparison::Equal, with } = &chosen.like
        && let Some(key) = attribute.part(&path.name)
    {
        let named = Map::from_iter([(key.name.to_owned(), with.value())]);
        let read = values::read_one(attribute, &Value::Object(named))?;
        let mut new = read.unwrap_or_else(|| Value::Object(Map::new()));
        change_part(&mut new, action, part, value)?;
        values.push(new);
        return Ok(values);
    }
    let detail = format!("no value of `{}` is like that", attribute.name);
    Err(ScimError::of(ScimType::NoTarget, detail))
}

/// Changes one part of a complex value.
fn change_part(
    whole: &mut Value,
    action: Action,
    part: &'static Attribute,
    value: Option<&Value>,
) -> Result<(), ScimError> {
    let Some(members) = whole.as_object_mut() else {
        return Err(invalid(&format!("there is nothing to have a part `{}`", part.name)));
    };
    let new = match action {
        Action::Remove => None,
        Action::Add | Action::Replace => values::read(part, value.unwrap_or(&Value::Null))?,
    };
    let before = members.remove(part.name);
    if part.mutability == Mutability::Immutable && before.is_some() && before != new {
        let detail = format!("`{}` cannot be changed once it is there", part.name);
        return Err(ScimError::of(ScimType::Mutability, detail));
    }
    if let Some(new) = new {
        members.insert(part.name.to_owned(), new);
    }
    Ok(())
}

fn check_mutability(attribute: &Attribute) -> Result<(), ScimError> {
    if attribute.mutability != Mutability::ReadOnly {
        return Ok(());
    }
    let detail = format!("`{}` is written by the service alone", attribute.name);
    Err(ScimError::of(ScimType::Mutability, detail))
}

fn list(value: Option<Value>) -> Vec<Value> {
    match value {
        Some(Value::Array(values)) => values,
        other => other.into_iter().collect(),
    }
}

fn no_path(path: &Path) -> ScimError {
    ScimError::of(ScimType::InvalidPath, format!("there is no attribute `{path}`"))
}

fn invalid(detail: &str) -> ScimError {
    ScimError::of(ScimType::InvalidValue, detail)
}
