//! Numbers a plan states, and things to be done without a number.

use model::plan::{Comparison, Milestone, Quantity};
use model::year::Year;

use crate::plan::links::{Links, To};
use declarations::choices;
use declarations::{Entry, short};

const COMPARISONS: [&str; 7] =
    ["equal", "at_least", "more_than", "at_most", "about", "between", "event"];

/// Reads the `[[….quantity]]` tables of a task, sub-task or project.
pub(super) fn read(entry: &Entry<'_>, links: &Links, end: Year) -> Vec<Quantity> {
    entry.entries("quantity").iter().filter_map(|it| quantity(it, links, end)).collect()
}

fn quantity(entry: &Entry<'_>, links: &Links, end: Year) -> Option<Quantity> {
    let id = entry.need_text("id");
    let what = entry.need_bilingual("what");
    let comparison = comparison(entry);
    let (value, value_max) = (entry.decimal("value"), entry.decimal("value_max"));
    let unit = entry.bilingual("unit").unwrap_or_default();
    let (year, year_stated) = (entry.year("year"), entry.flag("year_stated", false));
    let clause = entry.need_word("clause").map(|it| links.to(To::Clause, &it));
    let indicator = entry.word("indicator").map(|it| links.to(To::Indicator, &it));
    let note = entry.bilingual("note").unwrap_or_default();
    entry.done();
    let comparison = comparison?;
    match (comparison, value, value_max) {
        (Comparison::Between, Some(least), Some(most)) if least < most => {}
        (Comparison::Between, ..) => {
            entry.fault(
                "a range needs two numbers in order",
                "write `value` and a larger `value_max`",
            );
        }
        (_, _, Some(_)) => {
            let place = entry.place_of("value_max");
            entry.fault_at(&place, "`value_max` without a range", "write comparison = \"between\"");
        }
        (Comparison::Event, Some(_), None) => {
            entry.fault_at(&entry.place_of("value"), "an event has no number", "remove `value`");
        }
        (Comparison::Equal | Comparison::About | Comparison::AtMost, None, None) => {
            entry.fault("`value` is missing", "add value = \"…\"");
        }
        _ => {}
    }
    Some(Quantity {
        id: id?,
        what: what?,
        comparison,
        value,
        value_max,
        unit,
        year: year.unwrap_or(end),
        year_stated,
        clause: clause?,
        indicator,
        note,
        place: entry.place(),
    })
}

fn comparison(entry: &Entry<'_>) -> Option<Comparison> {
    let word = entry.need_word("comparison")?;
    let comparison = Comparison::parse(word.text);
    if comparison.is_none() {
        let what = format!("`{}` is no comparison", short(word.text));
        entry.fault_at(&word.place, what, format!("write {}", choices(COMPARISONS)));
    }
    comparison
}

/// Reads the `[[project.milestone]]` tables.
pub(super) fn milestones(entry: &Entry<'_>, links: &Links, end: Year) -> Vec<Milestone> {
    let entries = entry.entries("milestone");
    let read = |entry: &Entry<'_>| {
        let (id, what) = (entry.need_text("id"), entry.need_bilingual("what"));
        let clause = entry.need_word("clause").map(|it| links.to(To::Clause, &it));
        let (year, year_stated) = (entry.year("year"), entry.flag("year_stated", false));
        entry.done();
        let year = year.unwrap_or(end);
        let place = entry.place();
        Some(Milestone { id: id?, what: what?, clause: clause?, year, year_stated, place })
    };
    entries.iter().filter_map(read).collect()
}
