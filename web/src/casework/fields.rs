//! The form of a case as its page shows it: what stands there, and what is asked.

use std::collections::BTreeMap;

use casework::attachments::Attachment;
use casework::cases::{Dossier, Open};
use casework::expression::Value;
use casework::form::{Decimals, Field, FieldFault, FieldKind, Values};
use casework::procedure::{Procedure, Transition};
use model::Bilingual;
use model::dataset::CodeItem;

use super::filled::{Filled, control};
use super::names;
use crate::app::App;
use crate::text::Text;

/// Lists up to this long are shown whole, longer ones are opened.
const SHORT: usize = 6;

/// Fields under one heading.
#[derive(Clone, Debug)]
pub(super) struct SectionView {
    pub(super) title: String,
    pub(super) shown: Vec<Shown>,
    pub(super) asked: Vec<AskedField>,
}

/// A field that stands there.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    pub(super) title: String,
    pub(super) lines: Vec<String>,
    pub(super) files: Vec<FileLink>,
}

/// A file that can be opened.
#[derive(Clone, Debug)]
pub(super) struct FileLink {
    pub(super) id: String,
    pub(super) name: String,
}

/// A field that is asked.
#[derive(Clone, Debug)]
pub(super) struct AskedField {
    pub(super) name: String,
    /// Name of its control, and the id of its first.
    pub(super) control: String,
    pub(super) title: String,
    pub(super) hint: Option<String>,
    /// For which steps it must be filled in.
    pub(super) must: Option<String>,
    pub(super) fault: Option<String>,
    pub(super) input: Input,
}

/// How a field is asked.
#[derive(Clone, Debug)]
pub(super) enum Input {
    Line {
        value: String,
        most: u32,
    },
    Paragraph {
        value: String,
        most: u32,
    },
    Number {
        value: String,
        least: i64,
        most: i64,
    },
    Decimal {
        value: String,
        least: String,
        most: String,
    },
    Day {
        value: String,
    },
    /// One of a few, all shown.
    Radios {
        choices: Vec<Choice>,
    },
    /// One of many.
    Select {
        choices: Vec<Choice>,
    },
    Boxes {
        choices: Vec<Choice>,
    },
    Organisation {
        value: String,
        named: String,
    },
    Files {
        choices: Vec<Choice>,
    },
}

#[derive(Clone, Debug)]
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) title: String,
    pub(super) is_chosen: bool,
}

/// What a page of a form is made from.
pub(super) struct FormView<'a> {
    pub(super) app: &'a App,
    pub(super) t: Text,
    pub(super) dossier: &'a Dossier,
    /// What was sent and not taken; shown again as it was written.
    pub(super) sent: Option<&'a Filled>,
    pub(super) faults: &'a [FieldFault],
}

impl FormView<'_> {
    /// The form's sections; those with nothing in them are left out.
    pub(super) fn sections(&self) -> Vec<SectionView> {
        let open = &self.dossier.open;
        let asked = asked(open);
        let sections = open.procedure.sections.iter().map(|section| {
            let fields = || section.fields.iter().filter_map(|it| open.procedure.form.field(it));
            let stands = |it: &&Field| !asked.contains_key(it.name.as_str());
            SectionView {
                title: self.t.of(&section.title).to_owned(),
                shown: fields().filter(stands).filter_map(|it| self.shown(it)).collect(),
                asked: fields()
                    .filter_map(|it| Some(self.asked(it, asked.get(it.name.as_str())?)))
                    .collect(),
            }
        });
        sections.filter(|it| !it.shown.is_empty() || !it.asked.is_empty()).collect()
    }

    fn shown(&self, field: &Field) -> Option<Shown> {
        let value = self.dossier.open.case.form.get(&field.name).filter(|it| !it.is_empty())?;
        Some(shown(self.app, self.t, field, value, &self.dossier.files))
    }

    fn asked(&self, field: &Field, steps: &AskedBy<'_>) -> AskedField {
        let asking = Asking { app: self.app, t: self.t, files: &self.dossier.files };
        let must = steps.must(self.t);
        AskedField { must, ..asking.field(field, &self.written(field), self.faults) }
    }

    /// What stands in a field's control: as it was sent, else as it was drafted, else as the case has it.
    fn written(&self, field: &Field) -> Vec<String> {
        if let Some(sent) = self.sent.and_then(|it| it.of_field(&field.name)) {
            return sent.iter().filter(|it| !it.is_empty()).cloned().collect();
        }
        let drafted = self.dossier.draft.as_ref().and_then(|it| it.form.get(&field.name));
        let value = drafted.or_else(|| self.dossier.open.case.form.get(&field.name));
        match value {
            None | Some(Value::Missing) => Vec::new(),
            Some(Value::List(items)) => items.iter().map(ToString::to_string).collect(),
            Some(
                value @ (Value::Flag(_) | Value::Integer(_) | Value::Decimal(_) | Value::Text(_)),
            ) => vec![value.to_string()],
        }
    }
}

/// How fields are asked: in which language, and with which files to choose from.
pub(super) struct Asking<'a> {
    pub(super) app: &'a App,
    pub(super) t: Text,
    pub(super) files: &'a [Attachment],
}

impl Asking<'_> {
    /// A field with what was written in it, and what is wrong with that.
    pub(super) fn field(
        &self,
        field: &Field,
        written: &[String],
        faults: &[FieldFault],
    ) -> AskedField {
        let t = self.t;
        let fault = faults.iter().find(|it| it.field == field.name);
        AskedField {
            control: control(&field.name),
            name: field.name.clone(),
            title: t.of(&field.title).to_owned(),
            hint: field.hint.as_ref().map(|it| t.of(it).to_owned()),
            must: None,
            fault: fault.map(|it| t.of(&it.text).to_owned()),
            input: self.input(field, written),
        }
    }

    fn input(&self, field: &Field, written: &[String]) -> Input {
        let value = written.first().cloned().unwrap_or_default();
        match &field.kind {
            FieldKind::Text { most } => Input::Line { value, most: *most },
            FieldKind::Paragraph { most } => Input::Paragraph { value, most: *most },
            FieldKind::Integer { least, most } => {
                Input::Number { value, least: *least, most: *most }
            }
            FieldKind::Decimal(Decimals { least, most, .. }) => {
                Input::Decimal { value, least: least.to_string(), most: most.to_string() }
            }
            FieldKind::Day => Input::Day { value },
            FieldKind::Flag => {
                let choice = |code: &str, key: &str| Choice {
                    value: code.to_owned(),
                    title: self.t.get(key),
                    is_chosen: value == code,
                };
                Input::Radios { choices: vec![choice("true", "yes"), choice("false", "no")] }
            }
            FieldKind::Code { items } if items.len() <= SHORT => {
                Input::Radios { choices: self.choices(items, written) }
            }
            FieldKind::Code { items } => Input::Select { choices: self.choices(items, written) },
            FieldKind::Codes { items } => Input::Boxes { choices: self.choices(items, written) },
            FieldKind::Organisation => {
                let named = names::organisation_of(self.app, self.t, &value);
                let named = if named == value { String::new() } else { named };
                Input::Organisation { value, named }
            }
            FieldKind::Files => {
                let choice = |it: &Attachment| {
                    let id = it.id.to_string();
                    Choice { is_chosen: written.contains(&id), value: id, title: it.name.clone() }
                };
                Input::Files { choices: self.files.iter().map(choice).collect() }
            }
        }
    }

    fn choices(&self, items: &[CodeItem], written: &[String]) -> Vec<Choice> {
        let choice = |it: &CodeItem| Choice {
            value: it.code.clone(),
            title: self.t.of(&it.title).to_owned(),
            is_chosen: written.contains(&it.code),
        };
        items.iter().map(choice).collect()
    }
}

/// The steps that let a field be filled in, and those that need it.
#[derive(Clone, Debug, Default)]
struct AskedBy<'a> {
    needed: Vec<&'a Bilingual>,
    /// Every step that one would take on, and not back, needs it.
    is_always: bool,
}

impl AskedBy<'_> {
    fn must(&self, t: Text) -> Option<String> {
        if self.needed.is_empty() {
            return None;
        }
        if self.is_always {
            return Some(t.get("must"));
        }
        let steps: Vec<&str> = self.needed.iter().map(|it| t.of(it)).collect();
        Some(t.with("must-for", "steps", steps.join(if t.is_chinese() { "、" } else { ", " })))
    }
}

/// The steps somebody may take that ask for fields.
fn transitions(open: &Open) -> impl Iterator<Item = &Transition> {
    open.steps.iter().filter_map(|it| open.procedure.transition(it))
}

/// Fields that may be filled in now.
fn asked(open: &Open) -> BTreeMap<&str, AskedBy<'_>> {
    let asking: Vec<&Transition> =
        transitions(open).filter(|it| !it.fill.is_empty() || !it.edit.is_empty()).collect();
    let mut found: BTreeMap<&str, AskedBy<'_>> = BTreeMap::new();
    for transition in &asking {
        for field in transition.fill.iter().chain(&transition.edit) {
            found.entry(field).or_default();
        }
        for field in &transition.fill {
            found.entry(field).or_default().needed.push(&transition.title);
        }
    }
    for by in found.values_mut() {
        by.is_always = by.needed.len() == asking.len();
    }
    found
}

/// A value as a person reads it.
pub(super) fn shown(
    app: &App,
    t: Text,
    field: &Field,
    value: &Value,
    files: &[Attachment],
) -> Shown {
    let title = t.of(&field.title).to_owned();
    let (mut lines, mut links) = (Vec::new(), Vec::new());
    match (&field.kind, value) {
        (FieldKind::Files, Value::List(ids)) => {
            let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
            let named = files.iter().filter(|it| ids.contains(&it.id.to_string()));
            links.extend(named.map(|it| FileLink { id: it.id.to_string(), name: it.name.clone() }));
        }
        (FieldKind::Organisation, Value::Text(code)) => {
            lines.push(names::organisation_of(app, t, code));
        }
        _ => lines.extend(t.of(&field.shown(value)).lines().map(str::to_owned)),
    }
    Shown { title, lines, files: links }
}

/// Values in the order of the form, each as a person reads it.
pub(super) fn listed(
    app: &App,
    t: Text,
    procedure: &Procedure,
    values: &Values,
    files: &[Attachment],
) -> Vec<Shown> {
    let names = procedure.sections.iter().flat_map(|it| &it.fields);
    let fields = names.filter_map(|it| procedure.form.field(it));
    fields
        .filter_map(|it| Some(shown(app, t, it, values.get(&it.name)?, files)))
        .filter(|it| !it.lines.is_empty() || !it.files.is_empty())
        .collect()
}
