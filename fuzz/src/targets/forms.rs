//! Forms: their schemas, and what people fill in on pages and in sheets.

#![expect(clippy::expect_used, reason = "what is shipped is sound, or the other tests have failed")]

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use std::sync::LazyLock;

use casework::expression::Value;
use casework::form::{Field, FieldKind, Form, Values, from_json, to_json};
use casework::procedure::{Files, Procedure, Transition, of_files};
use casework::sheets::{handing_in, read, template};
use url::form_urlencoded;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// A procedure that is shipped, whose form has a field of nearly every kind.
static PROCEDURE: LazyLock<Procedure> = LazyLock::new(|| {
    let named = [
        ("procedure.toml", include_str!("../../../procedures/one-person-one-file/procedure.toml")),
        (
            "form.schema.json",
            include_str!("../../../procedures/one-person-one-file/form.schema.json"),
        ),
    ];
    let files = Files::of(named.map(|(path, text)| (path.to_owned(), text.to_owned())));
    of_files("one-person-one-file", &files).expect("a procedure that is shipped is sound")
});

/// A schema; whatever form it is can be filled, and says what it thinks of it.
pub(super) fn schema(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let form = match Form::read("form.schema.json", &text) {
        Ok(form) => form,
        Err(faults) => {
            assert!(!faults.is_empty(), "refused without a word");
            return;
        }
    };
    for texts in [&["2026-09-01"][..], &["1", "2"], &["85.20"], &["moved"], &["2112000101"]] {
        let mut values = Values::new();
        for field in form.fields.values() {
            if let Ok(value) = field.read(texts) {
                values.insert(field.name.clone(), value);
            }
        }
        let _ = form.check(&values);
    }
}

/// Values as they are kept: the same when they are read again as they are written.
pub(super) fn values(input: &[u8]) {
    let Ok(values) = from_json(&String::from_utf8_lossy(input)) else { return };
    let written = to_json(&values);
    assert_eq!(from_json(&written).ok().as_ref(), Some(&values), "{written}");
    let faults = PROCEDURE.form.check(&values);
    assert_eq!(PROCEDURE.form.check(&values), faults);
    for (name, value) in &values {
        if let Some(field) = PROCEDURE.form.field(name) {
            let _ = field.shown(value);
        }
    }
}

/// What a page sends: what a field has taken, it takes again, and does not find amiss but for its length.
pub(super) fn body(input: &[u8]) {
    let mut filled: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in form_urlencoded::parse(input) {
        filled.entry(name.into_owned()).or_default().push(value.into_owned());
    }
    for field in PROCEDURE.form.fields.values() {
        let texts = filled.get(&format!("f.{}", field.name)).map(Vec::as_slice).unwrap_or_default();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let Ok(value) = field.read(&texts) else { continue };
        assert_eq!(again(field, &value).as_ref(), Some(&value), "{}", field.name);
        let values = Values::from([(field.name.clone(), value)]);
        let kinds = ["number", "range", "flag", "date", "code", "organisation", "unknown"];
        for fault in PROCEDURE.form.check(&values) {
            assert!(!kinds.contains(&fault.rule), "{} took what is {}", field.name, fault.rule);
        }
    }
}

/// A value, written and read once more.
fn again(field: &Field, value: &Value) -> Option<Value> {
    let texts = match value {
        Value::Missing => Vec::new(),
        Value::List(items) => items.iter().map(ToString::to_string).collect(),
        Value::Flag(_) | Value::Integer(_) | Value::Decimal(_) | Value::Text(_) => {
            vec![value.to_string()]
        }
    };
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    match (&field.kind, texts.is_empty(), value) {
        // A list of which nothing was chosen.
        (FieldKind::Codes { .. }, true, Value::List(_)) => Some(value.clone()),
        _ => field.read(&texts).ok(),
    }
}

/// A workbook, and the input as the sheet, the strings and the styles of one.
pub(super) fn sheet(input: &[u8]) {
    let transition = handing_in(&PROCEDURE).expect("cases can be handed in");
    taken(transition, input);
    for part in ["sheet1.xml", "sharedStrings.xml", "workbook.xml", "styles.xml"] {
        taken(transition, &with_part(part, input));
    }
}

fn taken(transition: &Transition, bytes: &[u8]) {
    let Ok((rows, findings)) = read(&PROCEDURE, transition, bytes) else { return };
    for row in rows {
        assert!(!row.organisation.is_empty(), "a row of no organisation");
        assert!(findings.iter().all(|it| it.row != row.row), "both taken and refused");
    }
}

/// The empty workbook with other bytes for one of its parts.
fn with_part(changed: &str, bytes: &[u8]) -> Vec<u8> {
    static PARTS: LazyLock<Vec<(String, Vec<u8>)>> = LazyLock::new(|| {
        let transition = handing_in(&PROCEDURE).expect("cases can be handed in");
        let empty = template(&PROCEDURE, transition).expect("a workbook can be made");
        let mut archive = ZipArchive::new(Cursor::new(empty)).expect("it is a workbook");
        let parts = (0..archive.len()).map(|position| {
            let mut part = archive.by_index(position).expect("it has its parts");
            let name = part.name().expect("a part has a name").into_owned();
            let mut bytes = Vec::new();
            part.read_to_end(&mut bytes).expect("a part can be read");
            (name, bytes)
        });
        parts.collect()
    });
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, before) in PARTS.iter() {
        let bytes = if name.ends_with(changed) { bytes } else { before };
        archive.start_file(name, SimpleFileOptions::default()).expect("a part can be begun");
        archive.write_all(bytes).expect("a part can be written");
    }
    archive.finish().expect("a workbook can be written").into_inner()
}
