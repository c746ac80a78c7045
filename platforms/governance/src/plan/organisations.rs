//! `organisations.csv`: the city and its districts, held against the plan's own words.
//!
//! The list is recorded in the registry elsewhere.

use model::Severity;
use model::text::Place;
use network::read_list;

use super::fault::PlanError;
use super::links::{Links, To};
use super::page::Word;

/// Reads the list, declares its codes, and notes the words it uses.
pub(super) fn read(file: &str, text: &str, links: &Links) -> Vec<PlanError> {
    let (list, findings) = read_list(file, text.as_bytes());
    let at =
        |row: u64| Place { file: file.to_owned(), line: u32::try_from(row).unwrap_or(u32::MAX) };
    let errors = findings.into_iter().filter(|it| it.severity == Severity::Error);
    let faults = errors.map(|it| {
        let column = it.column.map(|it| format!("`{it}`: ")).unwrap_or_default();
        let what = format!("{column}found {}, expected {}", it.found, it.expected);
        PlanError { place: at(it.row.unwrap_or(0)), what, hint: it.hint }
    });
    for version in &list.versions {
        let organisation = &version.what;
        links.declare(To::Organisation, organisation.code.as_str());
        let word = |text| Word { text, place: at(version.row) };
        links.to(To::Level, &word(&organisation.level));
        let attributes = [
            (To::Kind, &organisation.kind),
            (To::Founder, &organisation.founder),
            (To::AreaClass, &organisation.area_class),
        ];
        let stages = organisation.stages.iter().map(|it| (To::Stage, it));
        for (to, text) in attributes.into_iter().chain(stages).filter(|(_, it)| !it.is_empty()) {
            links.to(to, &word(text));
        }
    }
    for membership in &list.memberships {
        let text = membership.what.parent.as_str();
        links.to(To::Organisation, &Word { text, place: at(membership.row) });
    }
    faults.collect()
}
