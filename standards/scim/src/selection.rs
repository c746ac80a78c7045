//! Which attributes an answer has (RFC 7644, section 3.9).

use serde_json::{Map, Value};

use crate::attribute::AttributePath;
use crate::error::{ScimError, ScimType};
use crate::kind::Kind;
use crate::resource::Resource;
use crate::schema::{Attribute, Returned, Schema};

/// What a client asked to see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Selection {
    /// What schemas return by default.
    #[default]
    Default,
    /// These, and what is always returned.
    Only(Vec<Name>),
    /// All but these.
    Without(Vec<Name>),
}

/// An attribute, or a whole extension by its URN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    text: String,
    path: AttributePath,
}

impl Selection {
    /// Reads the two parameters, of which at most one may be there.
    ///
    /// Names of attributes that are not there are left out, as in section 3.9.
    pub fn read(attributes: Option<&str>, excluded: Option<&str>) -> Result<Self, ScimError> {
        let given =
            |it: Option<&str>| it.map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned);
        match (given(attributes), given(excluded)) {
            (Some(_), Some(_)) => Err(ScimError::of(
                ScimType::InvalidValue,
                "`attributes` and `excludedAttributes` exclude each other",
            )),
            (Some(names), None) => Ok(Self::Only(names_of(&names)?)),
            (None, Some(names)) => Ok(Self::Without(names_of(&names)?)),
            (None, None) => Ok(Self::Default),
        }
    }

    /// The resource as it is served, with the attributes that were asked for.
    pub fn of(&self, kind: &Kind, resource: &Resource) -> Value {
        let Value::Object(whole) = resource.json(kind) else { return Value::Null };
        let mut shown = Map::new();
        for (name, value) in whole {
            let kept = match kind.extension(&name) {
                Some(schema) => self.of_extension(schema, value),
                None => {
                    kind.common_or_core(&name).and_then(|it| self.of_attribute(it, None, value))
                }
            };
            if let Some(kept) = kept {
                shown.insert(name, kept);
            }
        }
        Value::Object(shown)
    }

    fn of_extension(&self, schema: &Schema, value: Value) -> Option<Value> {
        let Value::Object(members) = value else { return None };
        let kept = members.into_iter().filter_map(|(name, value)| {
            let attribute = schema.attribute(&name)?;
            Some((name, self.of_attribute(attribute, Some(schema.id), value)?))
        });
        let kept: Map<String, Value> = kept.collect();
        (!kept.is_empty()).then_some(Value::Object(kept))
    }

    fn of_attribute(
        &self,
        attribute: &Attribute,
        extension: Option<&str>,
        value: Value,
    ) -> Option<Value> {
        match attribute.returned {
            Returned::Always => return Some(value),
            Returned::Never => return None,
            Returned::Default | Returned::Request => {}
        }
        let named = |names: &[Name]| -> Option<Vec<Option<String>>> {
            let parts: Vec<_> =
                names.iter().filter_map(|it| it.part_of(attribute, extension)).collect();
            (!parts.is_empty()).then_some(parts)
        };
        match self {
            Self::Default => (attribute.returned == Returned::Default).then_some(value),
            Self::Only(names) => {
                let parts = named(names)?;
                if parts.contains(&None) { Some(value) } else { with_parts(value, &parts, true) }
            }
            Self::Without(names) => match named(names) {
                None => (attribute.returned == Returned::Default).then_some(value),
                Some(parts) if parts.contains(&None) => None,
                Some(parts) => with_parts(value, &parts, false),
            },
        }
    }
}

impl Name {
    /// `Some` when an attribute is meant: with the part, or with `None` for the whole of it.
    fn part_of(&self, attribute: &Attribute, extension: Option<&str>) -> Option<Option<String>> {
        if extension.is_some_and(|it| it.eq_ignore_ascii_case(&self.text)) {
            return Some(None);
        }
        let same_schema = match (&self.path.schema, extension) {
            (Some(named), Some(urn)) => named.eq_ignore_ascii_case(urn),
            (None, Some(_)) => false,
            // The core's own URN may be written out.
            (_, None) => true,
        };
        let same = same_schema && self.path.name.eq_ignore_ascii_case(attribute.name);
        same.then(|| self.path.part.clone())
    }
}

fn names_of(text: &str) -> Result<Vec<Name>, ScimError> {
    let each = text.split(',').map(str::trim).filter(|it| !it.is_empty());
    each.map(|it| Ok(Name { text: it.to_owned(), path: it.parse()? })).collect()
}

/// Keeps, or drops, the named parts of a value or of each value of a list.
fn with_parts(value: Value, parts: &[Option<String>], kept: bool) -> Option<Value> {
    match value {
        Value::Array(list) => {
            let list: Vec<_> =
                list.into_iter().filter_map(|it| with_parts(it, parts, kept)).collect();
            (!list.is_empty()).then_some(Value::Array(list))
        }
        Value::Object(members) => {
            let named = |name: &str| parts.iter().flatten().any(|it| it.eq_ignore_ascii_case(name));
            let members: Map<_, _> =
                members.into_iter().filter(|(name, _)| named(name) == kept).collect();
            (!members.is_empty()).then_some(Value::Object(members))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            (!kept).then_some(value)
        }
    }
}
