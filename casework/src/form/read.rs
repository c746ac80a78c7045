//! A schema, read as a form.

use std::collections::BTreeMap;

use declarations::{Fault, choices, short};
use jsonschema::Draft;
use model::dataset::CodeItem;
use model::text::{Bilingual, Place};
use serde_json::{Map, Value as Json};

use super::{Decimals, Field, FieldKind, Form};

/// Longest form.
const MAX_FILE: usize = 512 << 10;
/// Most fields of a form.
const MAX_FIELDS: usize = 200;
/// Most letters of a line and of a paragraph where the schema names no fewer.
const LINE: u32 = 200;
const PARAGRAPH: u32 = 5_000;
/// Whole numbers that a spreadsheet and a browser hold exactly.
const EXACT: i64 = 1 << 53;

const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

pub(super) fn read(file: &str, text: &str) -> Result<Form, Vec<Fault>> {
    let mut reading = Reading { file, text, faults: Vec::new() };
    let form = reading.form();
    match form {
        Some(form) if reading.faults.is_empty() => Ok(form),
        _ => Err(reading.faults),
    }
}

struct Reading<'a> {
    file: &'a str,
    text: &'a str,
    faults: Vec<Fault>,
}

impl Reading<'_> {
    fn form(&mut self) -> Option<Form> {
        if self.text.len() > MAX_FILE {
            self.fault(0, "the form is too long", format!("keep it under {MAX_FILE} bytes"));
            return None;
        }
        let schema: Json = match serde_json::from_str(self.text) {
            Ok(schema) => schema,
            Err(error) => {
                let line = u32::try_from(error.line()).unwrap_or(u32::MAX);
                self.fault(line, format!("is no JSON: {error}"), "write it as JSON");
                return None;
            }
        };
        if schema.get("$schema").and_then(Json::as_str) != Some(DRAFT) {
            self.fault(
                1,
                "`$schema` is not that of 2020-12",
                format!("write \"$schema\": \"{DRAFT}\""),
            );
        }
        let version = schema.get("x-version").and_then(Json::as_str).map(str::to_owned);
        if version.is_none() {
            self.fault(1, "`x-version` is missing", "add the form's own version, such as \"1\"");
        }
        if schema.get("required").is_some() {
            let line = self.line("required");
            let hint = "remove it; say in a transition's `fill` what must be filled";
            self.fault(line, "`required` of the whole form", hint);
        }
        if schema.get("additionalProperties") != Some(&Json::Bool(false)) {
            let hint = "add \"additionalProperties\": false, so that nothing undeclared is kept";
            self.fault(1, "other fields are allowed", hint);
        }
        let empty = Map::new();
        let properties = schema.get("properties").and_then(Json::as_object).unwrap_or(&empty);
        if properties.is_empty() || properties.len() > MAX_FIELDS {
            self.fault(
                1,
                format!("{} fields", properties.len()),
                format!("declare 1 to {MAX_FIELDS}"),
            );
        }
        let mut fields = BTreeMap::new();
        for (name, property) in properties {
            if let Some(field) = self.field(name, property) {
                fields.insert(name.clone(), field);
            }
        }
        let options =
            jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true);
        match options.build(&schema) {
            Ok(validator) => Some(Form { version: version?, fields, validator }),
            Err(error) => {
                let pointer = error.instance_path().to_string();
                // `/properties/FIELD/…`: what is wrong stands in the field's own lines.
                let line = pointer.split('/').nth(2).map_or(0, |it| self.line(it));
                let what = format!("is no JSON Schema at `{}`", short(&pointer));
                self.fault(line, what, "mend it; a reference to another file is not followed");
                None
            }
        }
    }

    fn field(&mut self, name: &str, property: &Json) -> Option<Field> {
        let line = self.line(name);
        if !is_name(name) {
            let what = format!("`{}` cannot be the name of a field", short(name));
            self.fault(line, what, "use lower-case letters, digits and `_`, 60 at most");
            return None;
        }
        let title = bilingual(property.get("x-title"));
        if title.is_none() {
            let hint = "add \"x-title\": { \"zh\": \"…\", \"en\": \"…\" }";
            self.fault(line, format!("`{name}` has no title"), hint);
        }
        let disclosure = property.get("x-disclosure").and_then(Json::as_str).unwrap_or_default();
        let disclosure = disclosure.parse().map_err(|error| {
            self.fault(
                line,
                format!("`{name}` has no disclosure class: {error}"),
                "add \"x-disclosure\"",
            );
        });
        for key in property.as_object().into_iter().flat_map(Map::keys) {
            const OURS: [&str; 6] =
                ["x-title", "x-hint", "x-labels", "x-disclosure", "x-kind", "x-search"];
            if key.starts_with("x-") && !OURS.contains(&key.as_str()) {
                let what = format!("`{name}` has an unknown annotation `{}`", short(key));
                self.fault(line, what, format!("remove it, or write {}", choices(OURS)));
            }
        }
        let kind = self.kind(name, property, line);
        Some(Field {
            name: name.to_owned(),
            title: title?,
            hint: bilingual(property.get("x-hint")),
            kind: kind?,
            disclosure: disclosure.ok()?,
            is_searched: property.get("x-search") == Some(&Json::Bool(true)),
            place: Place { file: self.file.to_owned(), line },
        })
    }

    fn kind(&mut self, name: &str, property: &Json, line: u32) -> Option<FieldKind> {
        let word = |key: &str| property.get(key).and_then(Json::as_str);
        let most = |default: u32| {
            let most = property.get("maxLength").and_then(Json::as_u64);
            most.and_then(|it| u32::try_from(it).ok()).unwrap_or(default)
        };
        let kind = match (word("type"), word("x-kind"), word("format")) {
            (Some("string"), Some("organisation"), None) => FieldKind::Organisation,
            (Some("string"), Some("paragraph"), None) => {
                FieldKind::Paragraph { most: most(PARAGRAPH) }
            }
            (Some("string"), None, Some("date")) => FieldKind::Day,
            (Some("string"), None, None) if property.get("enum").is_some() => {
                FieldKind::Code { items: self.items(name, property, property, line)? }
            }
            (Some("string"), None, None) => FieldKind::Text { most: most(LINE) },
            (Some("boolean"), None, None) => FieldKind::Flag,
            (Some("integer"), None, None) => {
                let bound = |key: &str| property.get(key).and_then(Json::as_i64);
                let (Some(least), Some(most)) = (bound("minimum"), bound("maximum")) else {
                    let hint = "add \"minimum\" and \"maximum\"";
                    self.fault(line, format!("`{name}` has no range"), hint);
                    return None;
                };
                if least > most || least < -EXACT || most > EXACT {
                    let what = format!("`{name}` ranges from {least} to {most}");
                    self.fault(line, what, "give it a range that holds a number");
                    return None;
                }
                FieldKind::Integer { least, most }
            }
            (Some("number"), None, None) => match Decimals::declared(name, property) {
                Ok(decimals) => FieldKind::Decimal(decimals),
                Err(wrong) => {
                    self.fault(line, wrong.what, wrong.hint);
                    return None;
                }
            },
            (Some("array"), Some("files"), None) => FieldKind::Files,
            (Some("array"), None, None) if property.pointer("/items/enum").is_some() => {
                let items = property.get("items")?;
                FieldKind::Codes { items: self.items(name, items, property, line)? }
            }
            _ => {
                let what = format!("`{name}` is of no kind that a form has");
                let hint = "make it a string (with an `enum`, \"format\": \"date\", or \"x-kind\": \"paragraph\" or \
                            \"organisation\"), an integer, a number with \"multipleOf\", a boolean, an array of an `enum`, or of \"x-kind\": \"files\"";
                self.fault(line, what, hint);
                return None;
            }
        };
        Some(kind)
    }

    /// The codes of an `enum`, with their titles in `x-labels`.
    fn items(
        &mut self,
        name: &str,
        of: &Json,
        property: &Json,
        line: u32,
    ) -> Option<Vec<CodeItem>> {
        let codes = of.get("enum").and_then(Json::as_array)?;
        let labels = property.get("x-labels").and_then(Json::as_object);
        let mut items = Vec::new();
        for code in codes {
            let code = code.as_str().unwrap_or_default();
            let title = labels.and_then(|it| bilingual(it.get(code)));
            match title {
                Some(title) if !code.is_empty() => {
                    items.push(CodeItem { code: code.to_owned(), title, also: Vec::new() });
                }
                _ => {
                    let what = format!("the code `{}` of `{name}` has no label", short(code));
                    let hint =
                        "add it to \"x-labels\", as \"CODE\": { \"zh\": \"…\", \"en\": \"…\" }";
                    self.fault(line, what, hint);
                }
            }
        }
        for label in labels.into_iter().flat_map(Map::keys) {
            if !items.iter().any(|it| it.code == *label) {
                let what = format!("`{}` is labelled and is no code of `{name}`", short(label));
                self.fault(line, what, "remove the label, or add the code");
            }
        }
        Some(items)
    }

    fn fault(&mut self, line: u32, what: impl Into<String>, hint: impl Into<String>) {
        let place = Place { file: self.file.to_owned(), line };
        self.faults.push(Fault { place, what: what.into(), hint: hint.into() });
    }

    /// The line on which a key stands first; a reader of JSON tells no places.
    fn line(&self, key: &str) -> u32 {
        let quoted = format!("\"{key}\"");
        let is_key = |line: &str| {
            line.split_once(quoted.as_str()).is_some_and(|(_, it)| it.trim_start().starts_with(':'))
        };
        let at = self.text.lines().position(is_key).map_or(0, |it| it + 1);
        u32::try_from(at).unwrap_or(u32::MAX)
    }
}

fn bilingual(value: Option<&Json>) -> Option<Bilingual> {
    let text = |key: &str| {
        let text = value?.get(key)?.as_str()?.trim();
        (!text.is_empty()).then(|| text.to_owned())
    };
    Some(Bilingual { zh: text("zh")?, en: text("en")? })
}

/// Lower-case letters, digits and `_`, beginning with a letter.
pub(crate) fn is_name(text: &str) -> bool {
    let plain = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'_';
    text.len() <= 60
        && text.bytes().all(plain)
        && text.bytes().next().is_some_and(|it| it.is_ascii_lowercase())
}
