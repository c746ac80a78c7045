//! Forms: what a case asks, as a JSON Schema (2020-12) with titles in both languages.
//!
//! The schema says what a value may be, for us and for any other program that reads it. Beside it stands what
//! pages, sheets and the disclosure register need: `x-title`, `x-hint`, `x-labels` of codes, `x-disclosure`,
//! `x-kind`, `x-search`. A number with a point says by `multipleOf` how many digits it has. What must be filled is
//! not the schema's to say, but that of each transition.
//!
//! **Invariant:** a field without a title in both languages or without a disclosure class is no field.

mod check;
mod decimals;
mod read;
mod values;

pub(crate) use self::read::is_name;
pub(crate) use self::values::json;

use std::collections::BTreeMap;

use declarations::Fault;
use model::dataset::{CodeItem, Disclosure};
use model::text::{Bilingual, Place};

pub use self::check::FieldFault;
pub use self::decimals::Decimals;
pub use self::values::{Values, ValuesError, from_json, to_json};
use crate::expression::{Kind, Value};

/// What a case asks.
#[derive(Debug)]
pub struct Form {
    /// The form's own version, `x-version`: for people; a case pins the whole procedure by its hash.
    pub version: String,
    /// By name.
    pub fields: BTreeMap<String, Field>,
    validator: jsonschema::Validator,
}

/// One thing that is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    pub name: String,
    pub title: Bilingual,
    pub hint: Option<Bilingual>,
    pub kind: FieldKind,
    pub disclosure: Disclosure,
    /// Cases can be found by its words.
    pub is_searched: bool,
    pub place: Place,
}

/// What a field may hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// One line.
    Text {
        most: u32,
    },
    /// Several lines.
    Paragraph {
        most: u32,
    },
    Integer {
        least: i64,
        most: i64,
    },
    /// A number with so many digits after the point, exactly.
    Decimal(Decimals),
    Flag,
    /// A day, written like `2026-09-01`.
    Day,
    /// One of a list.
    Code {
        items: Vec<CodeItem>,
    },
    /// Any of a list.
    Codes {
        items: Vec<CodeItem>,
    },
    /// Code of an organisation.
    Organisation,
    /// Attachments, by their ids.
    Files,
}

impl Form {
    /// Reads a form; every error is in the list.
    pub fn read(file: &str, text: &str) -> Result<Self, Vec<Fault>> {
        read::read(file, text)
    }

    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.get(name)
    }
}

impl Field {
    /// The kind of its value in an expression.
    pub fn value_kind(&self) -> Kind {
        match self.kind {
            FieldKind::Text { .. }
            | FieldKind::Paragraph { .. }
            | FieldKind::Day
            | FieldKind::Code { .. }
            | FieldKind::Organisation => Kind::Text,
            FieldKind::Integer { .. } => Kind::Integer,
            FieldKind::Decimal(_) => Kind::Decimal,
            FieldKind::Flag => Kind::Flag,
            FieldKind::Codes { .. } | FieldKind::Files => Kind::Texts,
        }
    }

    /// A value as a person reads it: the titles of codes in their place.
    pub fn shown(&self, value: &Value) -> Bilingual {
        let plain = |it: &Value| Bilingual::new(it.to_string(), it.to_string());
        match (&self.kind, value) {
            (FieldKind::Code { items } | FieldKind::Codes { items }, Value::Text(code)) => items
                .iter()
                .find(|it| it.code == *code)
                .map_or_else(|| plain(value), |it| it.title.clone()),
            (FieldKind::Codes { .. }, Value::List(codes)) => {
                let titles: Vec<Bilingual> = codes.iter().map(|it| self.shown(it)).collect();
                let zh: Vec<&str> = titles.iter().map(|it| it.zh.as_str()).collect();
                let en: Vec<&str> = titles.iter().map(|it| it.en.as_str()).collect();
                Bilingual::new(zh.join("、"), en.join(", "))
            }
            (_, Value::Flag(true)) => Bilingual::new("是", "yes"),
            (_, Value::Flag(false)) => Bilingual::new("否", "no"),
            _ => plain(value),
        }
    }
}

#[cfg(test)]
mod tests;
