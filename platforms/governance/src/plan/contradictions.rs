//! `contradictions.toml`: places of the plan that do not agree, and what is done about it.

use model::plan::Contradiction;

use super::links::{Links, To};
use declarations::Entry;

/// Reads `[[contradiction]]` tables.
pub(super) fn read(root: &Entry<'_>, links: &Links) -> Vec<Contradiction> {
    let entries = root.entries("contradiction");
    root.done();
    entries.iter().filter_map(|it| contradiction(it, links)).collect()
}

fn contradiction(entry: &Entry<'_>, links: &Links) -> Option<Contradiction> {
    let id = entry.need_text("id");
    let (what, handling) = (entry.need_bilingual("what"), entry.need_bilingual("handling"));
    let clauses = links.all(To::Clause, &entry.words("clauses"));
    let indicators = links.all(To::Indicator, &entry.words("indicators"));
    entry.done();
    Some(Contradiction { id: id?, what: what?, clauses, handling: handling?, indicators })
}
