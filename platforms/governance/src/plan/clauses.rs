//! `clauses.toml`: the numbers of the document's sentences, without their text.
//!
//! A section's clauses are its sentences in order: section `3.1.1` with five sentences has
//! `3.1.1-01` to `3.1.1-05`.

use std::collections::BTreeMap;

use model::plan::{Clause, Section};

use super::links::{Links, To};
use declarations::{Entry, short};

/// Most sentences of one section.
const MAX_SENTENCES: u16 = 999;

/// Reads `[[section]]` tables.
pub(super) fn read(root: &Entry<'_>) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for entry in root.entries("section") {
        let id = entry.need_text("id");
        let heading = entry.need_text("heading");
        let sentences: Option<u16> = entry.need_small("sentences");
        entry.done();
        let (Some(id), Some(heading), Some(sentences)) = (id, heading, sentences) else { continue };
        if sentences == 0 || sentences > MAX_SENTENCES {
            let place = entry.place_of("sentences");
            let what = format!("a section of {sentences} sentences");
            entry.fault_at(&place, what, format!("write 1 to {MAX_SENTENCES}"));
            continue;
        }
        if sections.iter().any(|it| it.id == id) {
            entry.fault(format!("the section `{}` is there twice", short(&id)), "keep one of them");
        }
        sections.push(Section { id, heading, sentences });
    }
    root.done();
    sections
}

/// The clauses of all sections, by id.
pub(super) fn all(sections: &[Section], links: &Links) -> BTreeMap<String, Clause> {
    let mut clauses = BTreeMap::new();
    for section in sections {
        for id in section.clauses() {
            links.declare(To::Clause, &id);
            let clause = Clause { id: id.clone(), section: section.id.clone(), text: None };
            clauses.insert(id, clause);
        }
    }
    clauses
}
