//! Values held against the form.

use model::text::Bilingual;

use super::values::{Values, instance};
use super::{Decimals, FieldKind, Form};
use crate::expression::Value;

/// What is wrong with one field, worded for the person who fills it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FieldFault {
    pub field: String,
    /// A short stable word for the rule.
    pub rule: &'static str,
    pub text: Bilingual,
}

impl FieldFault {
    fn new(field: &str, rule: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { field: field.to_owned(), rule, text: Bilingual::new(zh, en) }
    }

    pub(crate) fn missing(field: &str) -> Self {
        Self::new(field, "missing", "此项须填写", "this must be filled in")
    }

    pub(crate) fn fixed(field: &str) -> Self {
        Self::new(field, "fixed", "此项现在不能更改", "this cannot be changed now")
    }

    pub(crate) fn unknown(field: &str) -> Self {
        Self::new(field, "unknown", "表中没有此项", "the form has no such field")
    }

    pub(crate) fn unknown_organisation(field: &str) -> Self {
        Self::new(field, "organisation", "没有此机构", "there is no such organisation")
    }

    pub(super) fn integer(field: &str) -> Self {
        Self::new(field, "number", "应为整数", "write a whole number")
    }

    pub(super) fn decimal(field: &str, rule: &'static str, decimals: Decimals) -> Self {
        let words = decimals.words();
        Self::new(field, rule, format!("应为 {}", words.zh), format!("write {}", words.en))
    }

    pub(super) fn range(field: &str, least: i64, most: i64) -> Self {
        let (zh, en) = (format!("应在 {least} 至 {most} 之间"), format!("write {least} to {most}"));
        Self::new(field, "range", zh, en)
    }

    pub(super) fn flag(field: &str) -> Self {
        Self::new(field, "flag", "应为“是”或“否”", "write yes or no")
    }

    pub(super) fn day(field: &str) -> Self {
        Self::new(field, "date", "应为日期，如 2026-09-01", "write a day, such as 2026-09-01")
    }

    pub(super) fn code(field: &str) -> Self {
        Self::new(field, "code", "应为所列各项之一", "choose one of the list")
    }

    pub(super) fn organisation(field: &str) -> Self {
        Self::new(field, "organisation", "应为机构代码", "write the code of an organisation")
    }

    fn length(field: &str, most: u32) -> Self {
        let (zh, en) = (format!("至多 {most} 字"), format!("write {most} letters at most"));
        Self::new(field, "length", zh, en)
    }

    fn other(field: &str) -> Self {
        Self::new(field, "form", "不符合填写要求", "this does not fit what the form asks")
    }
}

impl Form {
    /// Everything that is wrong with values: unknown fields, and what the schema refuses.
    ///
    /// That something is missing is not for the form to say.
    pub fn check(&self, values: &Values) -> Vec<FieldFault> {
        let mut faults: Vec<FieldFault> = values
            .keys()
            .filter(|it| self.field(it).is_none())
            .map(|it| FieldFault::unknown(it))
            .collect();
        for (name, value) in values {
            faults.extend(self.field(name).and_then(|it| it.fault(value)));
        }
        let json = instance(values);
        for error in self.validator.iter_errors(&json) {
            let pointer = error.instance_path().to_string();
            let name = pointer.trim_start_matches('/').split('/').next().unwrap_or_default();
            // Where a field's own kind has told what is wrong, the schema's wording adds nothing.
            let is_told = faults.iter().any(|it| name.is_empty() || it.field == name);
            if !is_told {
                faults.push(FieldFault::other(name));
            }
        }
        faults.sort();
        faults
    }
}

impl super::Field {
    /// What is wrong with a value by the field's kind alone.
    fn fault(&self, value: &Value) -> Option<FieldFault> {
        let name = self.name.as_str();
        match (&self.kind, value) {
            (_, Value::Missing) => None,
            (FieldKind::Text { most } | FieldKind::Paragraph { most }, Value::Text(text)) => {
                let length = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
                (length > *most).then(|| FieldFault::length(name, *most))
            }
            (FieldKind::Integer { least, most }, Value::Integer(number)) => {
                (number < least || number > most).then(|| FieldFault::range(name, *least, *most))
            }
            (FieldKind::Decimal(decimals), Value::Decimal(number)) => {
                decimals.held(*number).err().map(|it| FieldFault::decimal(name, it, *decimals))
            }
            (FieldKind::Flag, Value::Flag(_)) => None,
            (
                FieldKind::Day | FieldKind::Code { .. } | FieldKind::Organisation,
                Value::Text(text),
            ) => self.read(&[text]).err(),
            (FieldKind::Codes { .. }, Value::List(items)) => items.iter().find_map(|it| {
                if let Value::Text(text) = it {
                    self.read(&[text]).err()
                } else {
                    Some(FieldFault::code(name))
                }
            }),
            (FieldKind::Files, Value::List(_)) => None,
            (FieldKind::Integer { .. }, _) => Some(FieldFault::integer(name)),
            (FieldKind::Decimal(decimals), _) => {
                Some(FieldFault::decimal(name, "number", *decimals))
            }
            (FieldKind::Flag, _) => Some(FieldFault::flag(name)),
            (FieldKind::Day, _) => Some(FieldFault::day(name)),
            (FieldKind::Code { .. } | FieldKind::Codes { .. }, _) => Some(FieldFault::code(name)),
            (FieldKind::Organisation, _) => Some(FieldFault::organisation(name)),
            (FieldKind::Text { .. } | FieldKind::Paragraph { .. } | FieldKind::Files, _) => {
                Some(FieldFault::other(name))
            }
        }
    }
}
