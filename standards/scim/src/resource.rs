//! A resource, read attribute by attribute against the schemas of its kind.

use serde_json::{Map, Value};

use crate::error::{ScimError, ScimType};
use crate::kind::{Kind, Target};
use crate::schema::{Attribute, Mutability, Schema};
use crate::values;

/// A resource: names are spelt as the schemas spell them, values are of their type, and none is empty.
///
/// What a client may not write is not in it, until the service says so with [`Self::set`].
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Resource(Map<String, Value>);

impl Resource {
    /// Reads what a client sent to be created, or to take the place of what is there.
    ///
    /// Attributes that only the service writes are left out, as RFC 7644, section 3.3 asks.
    ///
    /// # Errors
    /// `invalidSyntax` for what no schema knows, `invalidValue` for values of another type and missing ones.
    pub fn read(kind: &Kind, value: &Value) -> Result<Self, ScimError> {
        let members = value.as_object().ok_or_else(|| syntax("a resource is a JSON object"))?;
        check_schemas(kind, members)?;
        let mut resource = Self::default();
        for (name, value) in members {
            if name.eq_ignore_ascii_case("schemas") {
                continue;
            }
            if let Some(schema) = kind.extension(name) {
                resource.read_extension(schema, value)?;
                continue;
            }
            let Some(attribute) = kind.common_or_core(name) else { return Err(unknown(name)) };
            if attribute.mutability != Mutability::ReadOnly
                && let Some(value) = values::read(attribute, value)?
            {
                resource.0.insert(attribute.name.to_owned(), value);
            }
        }
        resource.check_required(kind)?;
        Ok(resource)
    }

    /// Takes what was kept of a resource, without asking again.
    pub const fn from_kept(members: Map<String, Value>) -> Self {
        Self(members)
    }

    /// To be kept.
    pub const fn members(&self) -> &Map<String, Value> {
        &self.0
    }

    /// The text of a core attribute, or of a part of it.
    pub fn text(&self, name: &str, part: Option<&str>) -> Option<&str> {
        let value = self.0.get(name)?;
        part.map_or(Some(value), |it| value.get(it))?.as_str()
    }

    /// Writes what only the service may write, such as `id`, `meta` and `groups`.
    pub fn set(&mut self, name: &str, value: Value) {
        self.0.insert(name.to_owned(), value);
    }

    /// Takes an attribute out, such as the password before a resource is kept.
    pub fn take(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name)
    }

    /// The resource as it is served, with the URNs of the schemas it uses.
    pub fn json(&self, kind: &Kind) -> Value {
        let mut members = self.0.clone();
        let used = kind.extensions.iter().filter(|it| self.0.contains_key(it.id));
        let schemas: Vec<Value> =
            std::iter::once(kind.schema.id).chain(used.map(|it| it.id)).map(Value::from).collect();
        members.insert("schemas".to_owned(), schemas.into());
        Value::Object(members)
    }

    /// All values at a target; a list counts as its members.
    pub(crate) fn values(&self, target: &Target) -> Vec<&Value> {
        let members = match target.extension {
            None => Some(&self.0),
            Some(urn) => self.0.get(urn).and_then(Value::as_object),
        };
        let Some(value) = members.and_then(|it| it.get(target.attribute.name)) else {
            return Vec::new();
        };
        let flat = each(value);
        match target.part {
            None => flat,
            Some(part) => {
                flat.into_iter().filter_map(|it| it.get(part.name)).flat_map(each).collect()
            }
        }
    }

    /// Takes out the attributes of an extension, or of the core; [`Self::put_back`] brings them again.
    pub(crate) fn take_out(&mut self, extension: Option<&str>) -> Map<String, Value> {
        match extension {
            None => std::mem::take(&mut self.0),
            Some(urn) => {
                let Some(Value::Object(members)) = self.0.remove(urn) else { return Map::new() };
                members
            }
        }
    }

    pub(crate) fn put_back(&mut self, extension: Option<&str>, members: Map<String, Value>) {
        match extension {
            None => self.0 = members,
            Some(_) if members.is_empty() => {}
            Some(urn) => self.set(urn, Value::Object(members)),
        }
    }

    pub(crate) fn check_required(&self, kind: &Kind) -> Result<(), ScimError> {
        let missing =
            |it: &&Attribute| it.required && self.0.get(it.name).is_none_or(values::is_empty);
        match kind.schema.attributes.iter().find(missing) {
            None => Ok(()),
            Some(it) => {
                let detail = format!("`{}` is required and missing", it.name);
                Err(ScimError::of(ScimType::InvalidValue, detail))
            }
        }
    }

    fn read_extension(&mut self, schema: &Schema, value: &Value) -> Result<(), ScimError> {
        let Value::Object(members) = value else {
            if value.is_null() {
                return Ok(());
            }
            return Err(syntax(&format!("`{}` is a JSON object", schema.id)));
        };
        let mut read = Map::new();
        for (name, value) in members {
            let Some(attribute) = schema.attribute(name) else { return Err(unknown(name)) };
            if attribute.mutability != Mutability::ReadOnly
                && let Some(value) = values::read(attribute, value)?
            {
                read.insert(attribute.name.to_owned(), value);
            }
        }
        if !read.is_empty() {
            self.0.insert(schema.id.to_owned(), Value::Object(read));
        }
        Ok(())
    }
}

/// A list as its members, anything else as itself.
fn each(value: &Value) -> Vec<&Value> {
    value.as_array().map_or_else(|| vec![value], |list| list.iter().collect())
}

fn check_schemas(kind: &Kind, members: &Map<String, Value>) -> Result<(), ScimError> {
    let schemas = members.iter().find(|(name, _)| name.eq_ignore_ascii_case("schemas"));
    let Some((_, Value::Array(schemas))) = schemas else {
        return Err(syntax(&format!("`schemas` must name {}", kind.schema.id)));
    };
    let mut has_core = false;
    for urn in schemas {
        let urn = urn.as_str().ok_or_else(|| syntax("`schemas` is a list of URNs"))?;
        let is_core = urn.eq_ignore_ascii_case(kind.schema.id);
        if !is_core && kind.extension(urn).is_none() {
            let shown: String = urn.chars().take(120).collect();
            return Err(syntax(&format!("a {} has no schema `{shown}`", kind.name)));
        }
        has_core |= is_core;
    }
    if has_core { Ok(()) } else { Err(syntax(&format!("`schemas` must name {}", kind.schema.id))) }
}

fn unknown(name: &str) -> ScimError {
    let shown: String = name.chars().take(60).collect();
    syntax(&format!("there is no attribute `{shown}`"))
}

fn syntax(detail: &str) -> ScimError {
    ScimError::of(ScimType::InvalidSyntax, detail)
}
