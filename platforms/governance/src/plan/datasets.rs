//! Datasets of a plan: one TOML file each.

mod checks;
mod columns;

use std::collections::BTreeMap;

use model::dataset::{Column, ColumnKind, Dataset, Derived, Expected, Period};
use model::year::MonthDay;

use super::PlanError;
use super::codes::Lists;
use super::links::{Links, To};
use declarations::{Entry, Page, Word};

/// Most columns a dataset may have.
const MAX_COLUMNS: usize = 200;

/// Reads one file that declares one dataset; `lists` are the code lists it may name.
///
/// Its name is declared even when the rest is unsound, so that what uses it is not an error too.
///
/// The dataset is there when it could be made out at all; whether it is sound, the errors say.
pub(super) fn read(
    file: &str,
    text: &str,
    lists: &Lists,
    links: &Links,
) -> (Option<Dataset>, Vec<PlanError>) {
    let page = Page::new(file, text);
    let dataset = {
        let table = page.parse();
        dataset(&Entry::root(&page, &table), lists, links)
    };
    (dataset, page.into_faults())
}

fn dataset(root: &Entry<'_>, lists: &Lists, links: &Links) -> Option<Dataset> {
    let name = root.need_word("name");
    name.iter().for_each(|it| {
        links.declare(To::Dataset, it.text);
    });
    let title = root.need_bilingual("title");
    let platform = root.need_text("platform");
    let period = root.need_word("period");
    let reference = root.need_word("reference");
    let key = root.words("key");
    let dimensions = root.words("dimensions");
    let expected = root.entry("expected").and_then(|it| expected(&it, links));
    let derived = root.entry("derived").and_then(|it| derived(&it, links));
    let entries = root.entries("column");
    if entries.len() > MAX_COLUMNS {
        root.fault(format!("{} columns", entries.len()), format!("declare {MAX_COLUMNS} at most"));
        return None;
    }
    let columns: Vec<Column> = entries.iter().filter_map(|it| columns::read(it, lists)).collect();
    let whole = entries.len() == columns.len();
    let checks = root.entries("check").iter().filter_map(|it| checks::row(it, &columns)).collect();
    let sums = root.entries("sum").iter().filter_map(|it| checks::sum(it, &columns)).collect();
    root.done();

    if let Some(name) = &name {
        named(root, name);
    }
    let period = period.and_then(|it| match it.text {
        "school_year" => Some(Period::SchoolYear),
        "calendar_year" => Some(Period::CalendarYear),
        other => {
            let what = format!("`{other}` is no period");
            root.fault_at(&it.place, what, "write `school_year` or `calendar_year`");
            None
        }
    });
    let reference = reference.and_then(|it| {
        let day: Result<MonthDay, _> = it.text.parse();
        day.map_err(|error| root.fault_at(&it.place, error.to_string(), "write month and day")).ok()
    });
    if whole {
        shape(root, &columns, &key, &dimensions, derived.as_ref());
    }
    Some(Dataset {
        name: name?.text.to_owned(),
        title: title?,
        platform: platform?,
        period: period?,
        reference: reference?,
        columns: whole.then_some(columns)?,
        key: key.iter().map(|it| it.text.to_owned()).collect(),
        dimensions: dimensions.iter().map(|it| it.text.to_owned()).collect(),
        expected,
        checks,
        sums,
        derived,
        place: root.place(),
    })
}

/// A dataset's name becomes a folder: lower-case letters, digits and `_`.
fn named(root: &Entry<'_>, name: &Word<'_>) {
    if !is_name(name.text) {
        let what = format!("`{}` cannot be the name of a dataset", declarations::short(name.text));
        root.fault_at(&name.place, what, "use lower-case letters, digits and `_`, 60 at most");
    }
}

/// Lower-case letters, digits and `_`, beginning with a letter.
pub(super) fn is_name(text: &str) -> bool {
    let plain = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'_';
    text.len() <= 60
        && text.bytes().all(plain)
        && text.bytes().next().is_some_and(|it| it.is_ascii_lowercase())
}

fn expected(entry: &Entry<'_>, links: &Links) -> Option<Expected> {
    let level = entry.need_word("level");
    let kinds = links.all(To::Kind, &entry.words("kinds"));
    let stages = links.all(To::Stage, &entry.words("stages"));
    entry.done();
    Some(Expected { level: links.to(To::Level, &level?), kinds, stages })
}

fn derived(entry: &Entry<'_>, links: &Links) -> Option<Derived> {
    let (rule, columns) = (entry.need_word("rule"), entry.texts("columns"));
    entry.done();
    Some(Derived { rule: links.to(To::Rule, &rule?), columns })
}

/// One organisation, one year, a key of required columns, dimensions of codes or flags.
fn shape(
    root: &Entry<'_>,
    columns: &[Column],
    key: &[Word<'_>],
    dimensions: &[Word<'_>],
    derived: Option<&Derived>,
) {
    let mut seen: BTreeMap<&str, &Column> = BTreeMap::new();
    for column in columns {
        if seen.insert(&column.name, column).is_some() {
            let what = format!("the column `{}` is declared twice", column.name);
            root.fault_at(&column.place, what, "keep one of them");
        }
    }
    for (kind, word) in [(ColumnKind::Organisation, "organisation"), (ColumnKind::Year, "year")] {
        let of_kind: Vec<&Column> = columns.iter().filter(|it| it.kind == kind).collect();
        if of_kind.len() != 1 {
            let what = format!("{} columns of kind `{word}`", of_kind.len());
            root.fault(what, format!("declare exactly one column with kind = \"{word}\""));
        }
        for column in of_kind.iter().filter(|it| !it.required) {
            let what = format!("the column `{}` is not required", column.name);
            root.fault_at(&column.place, what, "add required = true");
        }
    }
    if key.is_empty() {
        root.fault("`key` is missing", "name the columns that tell one row of a year from another");
    }
    for word in key {
        match seen.get(word.text) {
            Some(column) if column.required => {}
            Some(_) => root.fault_at(
                &word.place,
                format!("the key column `{}` is not required", word.text),
                "add required = true to it",
            ),
            None => unknown(root, word, &seen),
        }
    }
    for word in dimensions {
        match seen.get(word.text).map(|it| &it.kind) {
            Some(ColumnKind::Code { .. } | ColumnKind::Flag) => {}
            Some(_) => root.fault_at(
                &word.place,
                format!("the dimension `{}` is neither a code nor a flag", word.text),
                "keep states apart by code lists and flags only",
            ),
            None => unknown(root, word, &seen),
        }
    }
    for name in derived.into_iter().flat_map(|it| &it.columns) {
        if !seen.contains_key(name.as_str()) {
            let place = root.place_of("derived");
            let what = format!("the derived column `{name}` is not declared");
            root.fault_at(&place, what, "add a [[column]] for it");
        }
    }
}

fn unknown(root: &Entry<'_>, word: &Word<'_>, seen: &BTreeMap<&str, &Column>) {
    let what = format!("`{}` is no column of this dataset", declarations::short(word.text));
    let hint = format!("write {}", declarations::choices(seen.keys().copied()));
    root.fault_at(&word.place, what, hint);
}
