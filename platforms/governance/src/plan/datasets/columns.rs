//! One column: what it may hold, and who may see it.

use model::dataset::{CodeItem, Column, ColumnKind, Disclosure, PersonId};
use model::exact::{Decimal, MAX_SCALE};
use model::finding::Severity;

use crate::plan::codes::{self, Lists};
use declarations::Entry;
use declarations::choices;

const KINDS: [&str; 11] = [
    "organisation",
    "other_organisation",
    "year",
    "integer",
    "decimal",
    "code",
    "flag",
    "date",
    "text",
    "person",
    "credit_code",
];

/// Reads one `[[column]]`. A column without a disclosure class is refused.
pub(super) fn read(entry: &Entry<'_>, lists: &Lists) -> Option<Column> {
    let name = entry.need_word("name");
    let title = entry.need_bilingual("title");
    let kind = kind(entry, lists);
    let unit = entry.word("unit").map(|it| it.text.to_owned());
    let required = entry.flag("required", false);
    let disclosure = disclosure(entry);
    let range = range(entry);
    let range_warns = severity(entry, "range_severity").unwrap_or(Severity::Error);
    entry.done();

    let name = name?;
    if !crate::plan::datasets::is_name(name.text) {
        let what = format!("`{}` cannot be the name of a column", declarations::short(name.text));
        entry.fault_at(&name.place, what, "use lower-case letters, digits and `_`, 60 at most");
    }
    let kind = kind?;
    let personal = matches!(kind, ColumnKind::Person(_));
    if personal && disclosure.is_some_and(|it| it != Disclosure::Personal) {
        let place = entry.place_of("disclosure");
        let what = format!("`{}` identifies a person", name.text);
        entry.fault_at(&place, what, "write disclosure = \"personal\"");
    }
    if range.is_some() && !matches!(kind, ColumnKind::Integer | ColumnKind::Decimal { .. }) {
        let place = entry.place_of("range");
        let what = format!("`{}` has a range and is no number", name.text);
        entry.fault_at(&place, what, "remove `range`");
    }
    Some(Column {
        name: name.text.to_owned(),
        title: title?,
        kind,
        unit,
        required,
        disclosure: disclosure?,
        range,
        range_warns: range_warns == Severity::Warning,
        place: entry.place(),
    })
}

fn kind(entry: &Entry<'_>, lists: &Lists) -> Option<ColumnKind> {
    let word = entry.need_word("kind")?;
    Some(match word.text {
        "organisation" => ColumnKind::Organisation,
        "other_organisation" => ColumnKind::OtherOrganisation,
        "year" => ColumnKind::Year,
        "integer" => ColumnKind::Integer,
        "decimal" => ColumnKind::Decimal { scale: scale(entry)? },
        "code" => ColumnKind::Code { items: items(entry, lists)? },
        "flag" => ColumnKind::Flag,
        "date" => ColumnKind::Date,
        "text" => ColumnKind::Text,
        "person" => ColumnKind::Person(identifier(entry)?),
        "credit_code" => ColumnKind::CreditCode,
        other => {
            let what = format!("`{}` is no kind of column", declarations::short(other));
            entry.fault_at(&word.place, what, format!("write {}", choices(KINDS)));
            return None;
        }
    })
}

fn scale(entry: &Entry<'_>) -> Option<u8> {
    let scale: u8 = entry.need_small("scale")?;
    if scale == 0 || scale > MAX_SCALE {
        let place = entry.place_of("scale");
        let what = format!("a scale of {scale}");
        entry.fault_at(&place, what, format!("write 1 to {MAX_SCALE} digits after the point"));
        return None;
    }
    Some(scale)
}

/// The items written here, or those of a shared list, all or only some of them.
fn items(entry: &Entry<'_>, lists: &Lists) -> Option<Vec<CodeItem>> {
    let only = entry.words("only");
    let Some(list) = entry.word("list") else {
        return Some(codes::items(entry));
    };
    let Some(all) = lists.get(list.text) else {
        let what = format!("`{}` is no code list", declarations::short(list.text));
        let known = choices(lists.keys().map(String::as_str));
        entry.fault_at(&list.place, what, format!("write {known}, or add it to codes.toml"));
        return None;
    };
    for word in only.iter().filter(|word| all.iter().all(|it| it.code != word.text)) {
        let what =
            format!("`{}` is not in the list `{}`", declarations::short(word.text), list.text);
        let hint = format!("write {}", choices(all.iter().map(|it| it.code.as_str())));
        entry.fault_at(&word.place, what, hint);
    }
    let chosen = |it: &&CodeItem| only.is_empty() || only.iter().any(|word| word.text == it.code);
    Some(all.iter().filter(chosen).cloned().collect())
}

fn identifier(entry: &Entry<'_>) -> Option<PersonId> {
    let word = entry.need_word("identifier")?;
    match word.text {
        "identity" => Some(PersonId::Identity),
        "student" => Some(PersonId::Student),
        "local" => Some(PersonId::Local),
        other => {
            let what = format!("`{}` identifies no person", declarations::short(other));
            entry.fault_at(&word.place, what, "write `identity`, `student` or `local`");
            None
        }
    }
}

fn disclosure(entry: &Entry<'_>) -> Option<Disclosure> {
    if !entry.has("disclosure") {
        let what = "the column has no disclosure class";
        entry.fault(what, "add disclosure = \"public\", \"aggregate\" or \"personal\"");
        return None;
    }
    let word = entry.need_word("disclosure")?;
    let class = word.text.parse::<Disclosure>();
    class
        .map_err(|error| entry.fault_at(&word.place, error.to_string(), "write one of the three"))
        .ok()
}

fn range(entry: &Entry<'_>) -> Option<(Decimal, Decimal)> {
    let place = entry.place_of("range");
    match *entry.decimals("range").as_slice() {
        [least, greatest] if least <= greatest => Some((least, greatest)),
        [] if !entry.has("range") => None,
        _ => {
            let what = "`range` is not a least and a greatest value";
            entry.fault_at(&place, what, "write range = [\"0\", \"100\"]");
            None
        }
    }
}

/// Reads `error` or `warning`.
pub(super) fn severity(entry: &Entry<'_>, key: &'static str) -> Option<Severity> {
    let word = entry.word(key)?;
    match word.text {
        "error" => Some(Severity::Error),
        "warning" => Some(Severity::Warning),
        other => {
            let what = format!("`{}` is no severity", declarations::short(other));
            entry.fault_at(&word.place, what, "write `error` or `warning`");
            None
        }
    }
}
