//! `measures.toml`: what is counted or summed over a dataset.

use model::measure::{Aggregate, Measure};
use model::text::Place;

use super::links::{Links, To};
use declarations::choices;
use declarations::{Entry, short};

/// A measure, and where its expressions stand.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) measure: Measure,
    pub(super) of: Place,
    pub(super) filter: Place,
}

/// Reads `[[measure]]` tables.
pub(super) fn read(root: &Entry<'_>, links: &Links) -> Vec<Written> {
    let measures = root.entries("measure").iter().filter_map(|it| measure(it, links)).collect();
    root.done();
    measures
}

fn measure(entry: &Entry<'_>, links: &Links) -> Option<Written> {
    let name = entry.need_word("name");
    let title = entry.bilingual("title").unwrap_or_default();
    let dataset = entry.need_word("dataset").map(|it| links.to(To::Dataset, &it));
    let aggregate = entry.need_word("aggregate");
    let of = entry.word("of").map(|it| it.text.to_owned());
    let filter = entry.word("where").map(|it| it.text.to_owned());
    entry.done();

    let name = name?;
    if !super::datasets::is_name(name.text) {
        let what = format!("`{}` cannot be the name of a measure", short(name.text));
        entry.fault_at(&name.place, what, "use lower-case letters, digits and `_`, 60 at most");
    }
    if !links.declare(To::Measure, name.text) {
        let what = format!("the measure `{}` is declared twice", short(name.text));
        entry.fault_at(&name.place, what, "keep one of them, or rename it");
    }
    let word = aggregate?;
    let Some(aggregate) = Aggregate::parse(word.text) else {
        let all = ["count", "sum", "sum_of_squares", "minimum", "maximum", "distinct"];
        let what = format!("`{}` is no aggregate", short(word.text));
        entry.fault_at(&word.place, what, format!("write {}", choices(all)));
        return None;
    };
    match (aggregate, &of) {
        (Aggregate::Count, Some(_)) => {
            entry.fault_at(
                &entry.place_of("of"),
                "a count takes no `of`",
                "remove it, or write a sum",
            );
        }
        (Aggregate::Count, None) => {}
        (_, None) => entry.fault(
            format!("a {} needs `of`", aggregate.as_str()),
            "add of = \"…\": the expression that is taken together",
        ),
        (_, Some(_)) => {}
    }
    let (name, place) = (name.text.to_owned(), entry.place());
    let measure = Measure { name, title, dataset: dataset?, aggregate, of, filter, place };
    Some(Written { measure, of: entry.place_of("of"), filter: entry.place_of("where") })
}
