//! Conditions on rows, and sums over rows.

use model::dataset::{Column, ColumnKind, RowCheck, SumCheck};
use model::finding::Severity;

use super::columns::severity;
use declarations::choices;
use declarations::{Entry, Word};

/// Reads one `[[check]]`.
pub(super) fn row(entry: &Entry<'_>, columns: &[Column]) -> Option<RowCheck> {
    let must = entry.need_text("must");
    let column = entry.need_word("column");
    let expected = entry.need_bilingual("expected");
    let hint = entry.need_bilingual("hint");
    let severity = severity(entry, "severity").unwrap_or(Severity::Error);
    let place = entry.place_of("must");
    entry.done();
    let column = known(entry, column?, columns)?;
    Some(RowCheck { must: must?, column, expected: expected?, hint: hint?, severity, place })
}

/// Reads one `[[sum]]`.
pub(super) fn sum(entry: &Entry<'_>, columns: &[Column]) -> Option<SumCheck> {
    let group = entry.words("group");
    let (sum, equals) = (entry.need_word("sum"), entry.need_word("equals"));
    let hint = entry.need_bilingual("hint");
    let severity = severity(entry, "severity").unwrap_or(Severity::Error);
    entry.done();
    if group.is_empty() {
        entry.fault("`group` is missing", "name the columns that make the group");
    }
    let asked = group.len();
    let group: Vec<String> = group.into_iter().filter_map(|it| known(entry, it, columns)).collect();
    let (sum, equals) = (number(entry, sum?, columns)?, number(entry, equals?, columns)?);
    let whole = group.len() == asked;
    let place = entry.place();
    whole.then_some(SumCheck { group, sum, equals, hint: hint?, severity, place })
}

fn known(entry: &Entry<'_>, word: Word<'_>, columns: &[Column]) -> Option<String> {
    if columns.iter().any(|it| it.name == word.text) {
        return Some(word.text.to_owned());
    }
    let what = format!("`{}` is no column of this dataset", declarations::short(word.text));
    let names = columns.iter().map(|it| it.name.as_str());
    entry.fault_at(&word.place, what, format!("write {}", choices(names)));
    None
}

fn number(entry: &Entry<'_>, word: Word<'_>, columns: &[Column]) -> Option<String> {
    let place = word.place.clone();
    let name = known(entry, word, columns)?;
    let whole = columns.iter().any(|it| it.name == name && it.kind == ColumnKind::Integer);
    if !whole {
        entry.fault_at(
            &place,
            format!("`{name}` holds no whole numbers"),
            "add up whole numbers only",
        );
    }
    whole.then_some(name)
}
