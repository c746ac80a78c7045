//! What was filled in, from and to JSON, and from texts.

use std::collections::BTreeMap;

use jiff::civil::Date;
use model::Decimal;
use model::organisation::OrgCode;
use serde_json::{Map, Number, Value as Json};

use super::{Field, FieldFault, FieldKind};
use crate::expression::Value;

/// The values of a form, by field; what is not filled is not there.
pub type Values = BTreeMap<String, Value>;

/// The key under which a decimal number is kept.
const DECIMAL: &str = "decimal";

/// A text that was kept as values and holds none.
#[derive(Debug, thiserror::Error)]
pub enum ValuesError {
    #[error("what was filled in is no JSON")]
    Json(#[from] serde_json::Error),
    #[error("what was filled in is no object of plain values")]
    Shape,
}

/// Reads values from a JSON object.
pub fn from_json(text: &str) -> Result<Values, ValuesError> {
    let Json::Object(object) = serde_json::from_str(text)? else { return Err(ValuesError::Shape) };
    let mut values = Values::new();
    for (name, value) in &object {
        let value = plain(value).ok_or(ValuesError::Shape)?;
        if value != Value::Missing {
            values.insert(name.clone(), value);
        }
    }
    Ok(values)
}

/// Values as a JSON object, the same text for the same values.
pub fn to_json(values: &Values) -> String {
    json(values).to_string()
}

/// Values as they are kept. A decimal number is a text in an object of its own, as JSON's numbers need not be exact.
pub(crate) fn json(values: &Values) -> Json {
    object(values, &|it| {
        Map::from_iter([(DECIMAL.to_owned(), Json::String(it.to_string()))]).into()
    })
}

/// Values as the schema speaks of them: there a decimal number is a number.
pub(super) fn instance(values: &Values) -> Json {
    // What a field holds has so few digits that a floating number shows them again.
    object(values, &|it| it.to_string().parse::<Number>().map_or(Json::Null, Json::Number))
}

fn object(values: &Values, decimal: &dyn Fn(Decimal) -> Json) -> Json {
    let kept = values.iter().filter(|(_, it)| **it != Value::Missing);
    Json::Object(kept.map(|(name, value)| (name.clone(), of(value, decimal))).collect())
}

fn of(value: &Value, decimal: &dyn Fn(Decimal) -> Json) -> Json {
    match value {
        Value::Missing => Json::Null,
        Value::Flag(flag) => Json::Bool(*flag),
        Value::Integer(number) => Json::from(*number),
        Value::Decimal(number) => decimal(*number),
        Value::Text(text) => Json::String(text.clone()),
        Value::List(items) => Json::Array(items.iter().map(|it| of(it, decimal)).collect()),
    }
}

fn plain(value: &Json) -> Option<Value> {
    match value {
        Json::Null => Some(Value::Missing),
        Json::Bool(flag) => Some(Value::Flag(*flag)),
        Json::Number(number) => number.as_i64().map(Value::Integer),
        Json::String(text) => Some(Value::Text(text.clone())),
        Json::Array(items) => items.iter().map(plain).collect::<Option<Vec<_>>>().map(Value::List),
        Json::Object(object) if object.len() == 1 => {
            object.get(DECIMAL)?.as_str()?.parse().ok().map(Value::Decimal)
        }
        Json::Object(_) => None,
    }
}

impl Field {
    /// Reads the value of a field from what a page or a sheet gives: one text, or several of a list.
    ///
    /// Titles of codes are taken in both languages, beside the codes themselves.
    pub fn read(&self, texts: &[&str]) -> Result<Value, FieldFault> {
        let texts: Vec<&str> =
            texts.iter().map(|it| it.trim()).filter(|it| !it.is_empty()).collect();
        let Some(first) = texts.first() else { return Ok(Value::Missing) };
        match &self.kind {
            FieldKind::Text { .. } => Ok(Value::text(*first)),
            // One end of a line, as browsers end it one way and spreadsheets another.
            FieldKind::Paragraph { .. } => {
                Ok(Value::text(first.replace("\r\n", "\n").replace('\r', "\n")))
            }
            FieldKind::Integer { least, most } => {
                let number = first.parse().map_err(|_| FieldFault::integer(&self.name))?;
                if number < *least || number > *most {
                    return Err(FieldFault::range(&self.name, *least, *most));
                }
                Ok(Value::Integer(number))
            }
            FieldKind::Decimal(decimals) => decimals
                .read(first)
                .map(Value::Decimal)
                .map_err(|rule| FieldFault::decimal(&self.name, rule, *decimals)),
            FieldKind::Flag => match *first {
                "true" | "yes" | "on" | "1" | "是" => Ok(Value::Flag(true)),
                "false" | "no" | "0" | "否" => Ok(Value::Flag(false)),
                _ => Err(FieldFault::flag(&self.name)),
            },
            FieldKind::Day => {
                let day: Date = first.parse().map_err(|_| FieldFault::day(&self.name))?;
                Ok(Value::text(day.to_string()))
            }
            FieldKind::Code { .. } => self.code(first).map(Value::Text),
            FieldKind::Codes { .. } => {
                let parts = texts.iter().flat_map(|it| it.split([';', '；', '、']));
                let parts = parts.map(str::trim).filter(|it| !it.is_empty());
                let mut codes = parts.map(|it| self.code(it)).collect::<Result<Vec<_>, _>>()?;
                codes.sort();
                codes.dedup();
                Ok(Value::List(codes.into_iter().map(Value::Text).collect()))
            }
            FieldKind::Organisation => {
                let code: OrgCode =
                    first.parse().map_err(|_| FieldFault::organisation(&self.name))?;
                Ok(Value::text(code.as_str()))
            }
            FieldKind::Files => Ok(Value::List(texts.into_iter().map(Value::text).collect())),
        }
    }

    fn code(&self, text: &str) -> Result<String, FieldFault> {
        let (FieldKind::Code { items } | FieldKind::Codes { items }) = &self.kind else {
            return Err(FieldFault::code(&self.name));
        };
        let found = items.iter().find(|it| {
            it.code == text || it.title.zh == text || it.title.en.eq_ignore_ascii_case(text)
        });
        found.map(|it| it.code.clone()).ok_or_else(|| FieldFault::code(&self.name))
    }
}
