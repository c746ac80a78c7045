//! Procedures: folders of TOML and a form, and the conditions in them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use casework::expression::{Expression, Kind, Name, Value};
use casework::procedure::check::{Surroundings, check};
use casework::procedure::{Files, Language, of_files, picture};
use declarations::Fault;
use model::Decimal;
use network::roles::Roles;

static AROUND: LazyLock<Surroundings> = LazyLock::new(|| Surroundings {
    roles: Roles::national().iter().map(|it| it.code.to_string()).collect(),
    calendars: BTreeSet::from(["china".to_owned()]),
    letters: BTreeMap::from([("receipt".to_owned(), BTreeSet::from(["matter".to_owned()]))]),
    datasets: BTreeMap::new(),
});

/// A line of its own between the two files of a seed.
const BETWEEN: &str = "\n%%%\n";

/// Every fault names a line that is there, and what to do; what is sound is drawn.
pub(super) fn folder(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let (head, form) = text.split_once(BETWEEN).unwrap_or((&text, "{}"));
    let named = [("procedure.toml", head), ("form.schema.json", form)];
    let files = Files::of(named.map(|(path, text)| (path.to_owned(), text.to_owned())));
    assert_eq!(Files::from_kept(&files.kept()).ok().as_ref(), Some(&files));
    let procedure = match of_files("small", &files) {
        Ok(procedure) => procedure,
        Err(faults) => return told(&faults, &files),
    };
    told(&check(&procedure, &AROUND), &files);
    for language in [Language::Chinese, Language::English] {
        let drawn = picture(&procedure, language);
        assert!(drawn.trim_start().starts_with("<svg"), "{drawn}");
    }
}

fn told(faults: &[Fault], files: &Files) {
    for fault in faults {
        let text = files.text(&fault.place.file);
        let lines = text.map_or(0, |it| it.split('\n').count());
        let line = usize::try_from(fault.place.line).unwrap_or(usize::MAX);
        assert!(text.is_some() && line <= lines, "{fault} is in none of {lines} lines");
        assert!(!fault.what.is_empty() && !fault.hint.is_empty(), "{fault} says nothing");
    }
}

/// What has a kind has a value of that kind, or none.
pub(super) fn expression(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let Ok(expression) = Expression::parse(&text) else { return };
    let Ok(kind) = expression.kind(&known) else { return };
    let found = match expression.value(&value) {
        Value::Missing => return,
        Value::Flag(_) => Kind::Flag,
        Value::Integer(_) => Kind::Integer,
        Value::Decimal(_) => Kind::Decimal,
        Value::Text(_) => Kind::Text,
        Value::List(_) => return,
    };
    assert_eq!(found, kind);
}

fn known(name: &Name) -> Option<Kind> {
    let Name::Form(field) = name else { return Some(Kind::Integer) };
    match field.as_bytes().first()? {
        b'a'..=b'f' => Some(Kind::Integer),
        b'g'..=b'i' => Some(Kind::Flag),
        b'j'..=b'l' => Some(Kind::Decimal),
        b'm'..=b'r' => Some(Kind::Text),
        _ => Some(Kind::Texts),
    }
}

fn value(name: &Name) -> Value {
    match known(name) {
        Some(Kind::Integer) => Value::Integer(i64::MAX),
        Some(Kind::Decimal) => Value::Decimal(Decimal::new(8_050, 2)),
        Some(Kind::Flag) => Value::Flag(true),
        Some(Kind::Text) => Value::text("moved"),
        Some(Kind::Texts) => Value::List(vec![Value::text("moved"), Value::text("")]),
        _ => Value::Missing,
    }
}
