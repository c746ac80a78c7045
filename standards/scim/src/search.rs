//! Queries (RFC 7644, sections 3.4.2 and 3.4.3) and the lists that answer them.

use serde_json::{Map, Value, json};

use crate::error::{ScimError, ScimType};
use crate::filter::{Filter, Limits};
use crate::order::Order;
use crate::selection::Selection;

/// URN of the schema of a list.
pub const LIST: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
/// URN of the schema of a query sent to `/.search`.
pub const SEARCH: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";

/// What a client asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    pub filter: Option<Filter>,
    pub order: Option<Order>,
    pub selection: Selection,
    /// Number of the first result, from 1.
    pub start: u32,
    /// Most results; `None` leaves it to the service.
    pub count: Option<u32>,
}

impl Search {
    /// Reads parameters of an address; `value` gives the text of a parameter.
    pub fn read<'a>(value: impl Fn(&str) -> Option<&'a str>) -> Result<Self, ScimError> {
        let filter = match value("filter").filter(|it| !it.trim().is_empty()) {
            None => None,
            Some(text) => Some(Filter::parse(text, Limits::default())?),
        };
        let start = match value("startIndex") {
            None => 1,
            Some(text) => number("startIndex", text)?.max(1),
        };
        let count = match value("count") {
            None => None,
            Some(text) => Some(number("count", text)?),
        };
        Ok(Self {
            filter,
            order: Order::read(value("sortBy"), value("sortOrder"))?,
            selection: Selection::read(value("attributes"), value("excludedAttributes"))?,
            start,
            count,
        })
    }

    /// Reads what was sent to `/.search`.
    pub fn read_request(body: &Value) -> Result<Self, ScimError> {
        let members = body.as_object().ok_or_else(|| syntax("a query is a JSON object"))?;
        let schemas = members.get("schemas").and_then(Value::as_array);
        if !schemas.is_some_and(|it| it.iter().any(|it| it == SEARCH)) {
            return Err(syntax(&format!("`schemas` must name {SEARCH}")));
        }
        let mut texts = Map::new();
        for (name, value) in members.iter().filter(|(name, _)| *name != "schemas") {
            let text = match value {
                Value::Null => continue,
                Value::String(text) => text.clone(),
                Value::Number(number) => number.to_string(),
                Value::Array(names) => {
                    let names: Option<Vec<&str>> = names.iter().map(Value::as_str).collect();
                    let names =
                        names.ok_or_else(|| syntax(&format!("`{name}` is a list of names")))?;
                    names.join(",")
                }
                Value::Bool(_) | Value::Object(_) => {
                    return Err(syntax(&format!("`{name}` is of another type")));
                }
            };
            texts.insert(name.clone(), text.into());
        }
        Self::read(|name| texts.get(name).and_then(Value::as_str))
    }

    /// How many results are skipped, and how many are at most given.
    pub fn window(&self, most: u32) -> (u32, u32) {
        (self.start.saturating_sub(1), self.count.unwrap_or(most).min(most))
    }
}

/// The answer to a query.
pub fn list_response(total: u64, start: u32, resources: Vec<Value>) -> Value {
    json!({
        "schemas": [LIST],
        "totalResults": total,
        "startIndex": start,
        "itemsPerPage": resources.len(),
        "Resources": resources,
    })
}

/// A negative number means the least there is (section 3.4.2.4).
fn number(name: &str, text: &str) -> Result<u32, ScimError> {
    let number: i64 = text.trim().parse().map_err(|_| {
        ScimError::of(ScimType::InvalidValue, format!("`{name}` is a whole number"))
    })?;
    Ok(u32::try_from(number.max(0)).unwrap_or(u32::MAX))
}

fn syntax(detail: &str) -> ScimError {
    ScimError::of(ScimType::InvalidSyntax, detail)
}
