//! Holds JSON against the schemas of an OpenAPI document: the few keywords that ours uses.

use serde_json::Value;

/// Where an answer differs from what the document says of it.
pub(crate) fn differences(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    hold(document, schema, value, "$", &mut found);
    found
}

fn hold(document: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    if let Some(name) = schema["$ref"].as_str() {
        let pointer = name.trim_start_matches('#');
        let schema = document.pointer(pointer).unwrap();
        return hold(document, schema, value, at, found);
    }
    if let Some(either) = schema["oneOf"].as_array() {
        let fits = |schema: &Value| differences(document, schema, value).is_empty();
        if !either.iter().any(fits) {
            found.push(format!("{at} fits none of {}", either.len()));
        }
        return;
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(kind) => vec![kind.as_str()],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => Vec::new(),
    };
    if !kinds.contains(&kind(value)) {
        found.push(format!("{at} is {}, not {kinds:?}", kind(value)));
    }
    if schema["enum"].as_array().is_some_and(|it| !it.contains(value)) {
        found.push(format!("{at} is {value}, none of the list"));
    }
    match value {
        Value::Object(fields) => {
            for name in schema["required"].as_array().into_iter().flatten() {
                if !fields.contains_key(name.as_str().unwrap()) {
                    found.push(format!("{at} lacks {name}"));
                }
            }
            for (name, field) in fields {
                let own = &schema["properties"][name];
                let schema = if own.is_null() { &schema["additionalProperties"] } else { own };
                let at = format!("{at}.{name}");
                if schema.is_object() {
                    hold(document, schema, field, &at, found);
                } else {
                    found.push(format!("{at} is not described"));
                }
            }
        }
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                hold(document, &schema["items"], item, &format!("{at}[{place}]"), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_i64() || number.is_u64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

#[test]
fn a_field_that_is_missing_or_unknown_or_of_another_kind_is_found() {
    let schema = serde_json::json!({
        "type": "object",
        "properties": { "a": { "type": "integer" }, "b": { "type": ["string", "null"] } },
        "required": ["a", "b"],
        "additionalProperties": false
    });
    let differ = |value: Value| differences(&Value::Null, &schema, &value).len();
    assert_eq!(differ(serde_json::json!({ "a": 1, "b": null })), 0);
    assert_eq!(differ(serde_json::json!({ "a": "1", "b": null })), 1);
    assert_eq!(differ(serde_json::json!({ "a": 1 })), 1);
    assert_eq!(differ(serde_json::json!({ "a": 1, "b": "x", "c": 2 })), 1);
}
