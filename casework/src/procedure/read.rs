//! A folder, read as a procedure.

mod extent;
mod letters;
mod links;
mod parts;
mod steps;

use std::path::Path;

use declarations::{Entry, Fault, Page, Word, short};

use self::links::{Links, To};
use super::{Files, Procedure};
use crate::calendar::Period;
use crate::expression::{Expression, Kind, Name};
use crate::form::Form;

const HEAD: &str = "procedure.toml";
const FORM: &str = "form.schema.json";

/// Reads a procedure's folder; every error of every file is in the list.
pub fn load(folder: &Path) -> Result<Procedure, Vec<Fault>> {
    // `.` is a folder with a name too.
    let whole = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let name = whole.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
    match Files::read(folder) {
        Ok(files) => of_files(&name, &files),
        Err(error) => Err(vec![Fault::file(
            name,
            error.to_string(),
            "name a folder that holds a procedure.toml and a form.schema.json",
        )]),
    }
}

/// Reads a procedure from its files.
pub fn of_files(name: &str, files: &Files) -> Result<Procedure, Vec<Fault>> {
    let mut faults = Vec::new();
    let form = match files.text(FORM) {
        Some(text) => Form::read(FORM, text).map_err(|it| faults.extend(it)).ok(),
        None => {
            faults.push(Fault::file(FORM, "the file is missing", "add a form, as a JSON Schema"));
            None
        }
    };
    let Some(text) = files.text(HEAD) else {
        faults.push(Fault::file(HEAD, "the file is missing", "add it, or name another folder"));
        return Err(faults);
    };
    let page = Page::new(HEAD, text);
    let links = Links::default();
    for field in form.iter().flat_map(|it| it.fields.keys()) {
        links.know(To::Field, field);
    }
    let is_read = form.is_some();
    let procedure = {
        let table = page.parse();
        let root = Entry::root(&page, &table);
        let reading = Reading { links: &links, form: form.as_ref() };
        let found = reading.procedure(name, &root, files);
        root.done();
        found
    };
    faults.extend(page.into_faults());
    if is_read {
        faults.extend(links.dangling());
    }
    match (procedure, form) {
        (Some(mut procedure), Some(form)) if faults.is_empty() => {
            procedure.form = form;
            Ok(procedure)
        }
        _ => {
            faults.sort();
            faults.dedup();
            Err(faults)
        }
    }
}

/// One reading of a `procedure.toml`.
struct Reading<'a> {
    links: &'a Links,
    form: Option<&'a Form>,
}

impl Reading<'_> {
    /// The kind of a name's value.
    fn known(&self, name: &Name) -> Option<Kind> {
        match name {
            Name::Form(field) => self.form?.field(field).map(crate::form::Field::value_kind),
            Name::Case(word) => {
                super::CASE_WORDS.iter().find(|(it, _)| it == word).map(|(_, kind)| *kind)
            }
        }
    }

    /// An expression of a kind; any kind when none is asked for.
    fn expression(
        &self,
        entry: &Entry<'_>,
        word: &Word<'_>,
        kind: Option<Kind>,
    ) -> Option<Expression> {
        let fault = |what: String, hint: &str| {
            entry.fault_at(&word.place, format!("`{}`: {what}", short(word.text)), hint);
        };
        let expression = match Expression::parse(word.text) {
            Ok(expression) => expression,
            Err(error) => {
                fault(error.to_string(), "write it in CEL, such as `form.kind == \"moved\"`");
                return None;
            }
        };
        // Without a form every name of a field would be an error, and the form's own is told already.
        self.form?;
        match expression.kind(&|it| self.known(it)) {
            Ok(found) if kind.is_none_or(|it| it == found) => Some(expression),
            Ok(found) => {
                let expected = kind.map_or("", Kind::word);
                fault(format!("gives {}", found.word()), &format!("write what gives {expected}"));
                None
            }
            Err(error) => {
                let words: Vec<String> =
                    super::CASE_WORDS.iter().map(|(it, _)| format!("case.{it}")).collect();
                let hint = format!(
                    "use fields of the form, or {}",
                    declarations::choices(words.iter().map(String::as_str))
                );
                fault(error.to_string(), &hint);
                None
            }
        }
    }

    fn period(&self, entry: &Entry<'_>, word: &Word<'_>) -> Option<Period> {
        let period = word.text.parse();
        period
            .map_err(|_| {
                let what = format!("`{}` is no period", short(word.text));
                let hint = "write a number and `working days`, `days`, `months` or `years`";
                entry.fault_at(&word.place, what, hint);
            })
            .ok()
    }
}

/// One of a few words.
fn one_of<T: Copy>(entry: &Entry<'_>, word: &Word<'_>, words: &[(&str, T)]) -> Option<T> {
    let found = words.iter().find(|(it, _)| *it == word.text).map(|(_, value)| *value);
    if found.is_none() {
        let hint = format!("write {}", declarations::choices(words.iter().map(|(it, _)| *it)));
        entry.fault_at(&word.place, format!("`{}` means nothing here", short(word.text)), hint);
    }
    found
}
