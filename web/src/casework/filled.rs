//! What a form of a case brought: fields by name, each once or several times.

use std::collections::BTreeMap;

use casework::cases::Asked;
use casework::expression::Value;
use casework::form::{Field, FieldFault, FieldKind, Values};
use casework::procedure::Procedure;

use super::names::meant;
use crate::app::App;

/// Values of controls by their names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filled(BTreeMap<String, Vec<String>>);

impl FromIterator<(String, String)> for Filled {
    fn from_iter<T: IntoIterator<Item = (String, String)>>(pairs: T) -> Self {
        let mut filled: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in pairs {
            filled.entry(name).or_default().push(value);
        }
        Self(filled)
    }
}

/// The control of a field.
pub(super) fn control(field: &str) -> String {
    format!("f.{field}")
}

impl Filled {
    /// The value of a control that is there once; the empty text without it.
    pub(crate) fn one(&self, name: &str) -> &str {
        self.0.get(name).and_then(|it| it.first()).map_or("", String::as_str)
    }

    /// All values of a control.
    pub(super) fn all(&self, name: &str) -> &[String] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// What was written for a field; `None` when the page did not ask for it.
    pub(super) fn of_field(&self, field: &str) -> Option<&[String]> {
        self.0.get(&control(field)).map(Vec::as_slice)
    }

    /// Adds a value to a field.
    pub(super) fn add(&mut self, field: &str, value: String) {
        self.0.entry(control(field)).or_default().push(value);
    }

    /// All pairs, to be sent once more.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().flat_map(|(name, values)| {
            values.iter().map(move |value| (name.as_str(), value.as_str()))
        })
    }

    /// The values of those fields that `asked` lets through, and what cannot be read.
    pub(super) fn values(
        &self,
        app: &App,
        procedure: &Procedure,
        asked: impl Fn(&str) -> bool,
    ) -> (Values, Vec<FieldFault>) {
        let (mut values, mut faults) = (Values::new(), Vec::new());
        let page = procedure.sections.iter().flat_map(|it| &it.fields);
        let fields = page.filter_map(|it| procedure.form.field(it));
        for field in fields.filter(|it| asked(&it.name)) {
            match self.of_field(&field.name).map(|it| read(app, field, it)) {
                None => {}
                Some(Ok(value)) => _ = values.insert(field.name.clone(), value),
                Some(Err(fault)) => faults.push(fault),
            }
        }
        (values, faults)
    }

    /// What is to be kept of an unfinished form: what cannot be read yet stays as it was written.
    pub(super) fn unfinished(&self, app: &App, procedure: &Procedure) -> Values {
        let mut values = Values::new();
        for field in procedure.form.fields.values() {
            let Some(texts) = self.of_field(&field.name) else { continue };
            let value = match read(app, field, texts) {
                // Emptied is not the same as never asked for.
                Ok(Value::Missing) => Value::text(""),
                Ok(value) => value,
                Err(_) => Value::text(texts.join(";")),
            };
            values.insert(field.name.clone(), value);
        }
        values
    }

    /// The step that is asked for, but for its fields.
    pub(super) fn asked(&self, step: &str) -> Asked {
        let seen = self.one("seen");
        Asked {
            step: step.to_owned(),
            // A revision nobody wrote is none the case has.
            revision: self.one("revision").parse().unwrap_or(-1),
            note: self.one("note").replace("\r\n", "\n"),
            seen: (!seen.is_empty()).then(|| seen.to_owned()),
            ..Asked::default()
        }
    }
}

fn read(app: &App, field: &Field, texts: &[String]) -> Result<Value, FieldFault> {
    if field.kind == FieldKind::Organisation {
        let codes: Vec<String> = texts.iter().map(|it| meant(app, it)).collect();
        return field.read(&codes.iter().map(String::as_str).collect::<Vec<_>>());
    }
    field.read(&texts.iter().map(String::as_str).collect::<Vec<_>>())
}
