//! Patches (RFC 7644, section 3.5.2): a list of operations, of which all hold or none.

use serde_json::{Map, Value};

use crate::error::{ScimError, ScimType};
use crate::kind::Kind;
use crate::path::Path;
use crate::resource::Resource;

mod apply;

/// URN of the schema of a patch.
pub const SCHEMA: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// Most operations of one patch.
const MOST: usize = 1000;

/// Changes to a resource, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patch {
    pub operations: Vec<Operation>,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    pub action: Action,
    /// Without it the value is an object of attributes.
    pub path: Option<Path>,
    pub value: Option<Value>,
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Add,
    Remove,
    Replace,
}

impl Patch {
    /// Reads what a client sent. Names of members and actions may be in any case: some clients write `Add`.
    pub fn read(value: &Value) -> Result<Self, ScimError> {
        let members = value.as_object().ok_or_else(|| syntax("a patch is a JSON object"))?;
        let names_it = |it: &Value| it.as_str().is_some_and(|it| it.eq_ignore_ascii_case(SCHEMA));
        let schemas = member(members, "schemas").and_then(Value::as_array);
        if !schemas.is_some_and(|it| it.iter().any(names_it)) {
            return Err(syntax(&format!("`schemas` must name {SCHEMA}")));
        }
        let operations = member(members, "Operations").and_then(Value::as_array);
        let operations = operations.ok_or_else(|| syntax("`Operations` is a list"))?;
        if operations.is_empty() || operations.len() > MOST {
            return Err(syntax(&format!("a patch has between 1 and {MOST} operations")));
        }
        let operations: Result<_, _> = operations.iter().map(Operation::read).collect();
        Ok(Self { operations: operations? })
    }

    /// The resource with all changes made.
    ///
    /// # Errors
    /// What the first operation that cannot be done says; the resource given is then to be kept as it is.
    pub fn apply(&self, kind: &Kind, resource: &Resource) -> Result<Resource, ScimError> {
        let mut changed = resource.clone();
        for operation in &self.operations {
            apply::operation(kind, &mut changed, operation)?;
        }
        changed.check_required(kind)?;
        Ok(changed)
    }
}

impl Operation {
    fn read(value: &Value) -> Result<Self, ScimError> {
        let members = value.as_object().ok_or_else(|| syntax("an operation is a JSON object"))?;
        let action = member(members, "op").and_then(Value::as_str).unwrap_or_default();
        let action = match action.to_ascii_lowercase().as_str() {
            "add" => Action::Add,
            "remove" => Action::Remove,
            "replace" => Action::Replace,
            _ => return Err(syntax("`op` is add, remove or replace")),
        };
        let path = match member(members, "path") {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text.parse()?),
            Some(_) => return Err(ScimError::of(ScimType::InvalidPath, "`path` is a text")),
        };
        let value = member(members, "value").cloned();
        match action {
            Action::Add | Action::Replace if value.is_none() => {
                Err(ScimError::of(ScimType::InvalidValue, "`value` is missing"))
            }
            Action::Remove if path.is_none() => {
                Err(ScimError::of(ScimType::NoTarget, "`path` must say what is removed"))
            }
            Action::Add | Action::Remove | Action::Replace => Ok(Self { action, path, value }),
        }
    }
}

fn member<'a>(members: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    let found = members.iter().find(|(it, _)| it.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value)
}

fn syntax(detail: &str) -> ScimError {
    ScimError::of(ScimType::InvalidSyntax, detail)
}
