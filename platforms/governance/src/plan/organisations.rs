//! `organisations.csv` and `events.csv`: the city and its districts, held against the plan's own words.
//!
//! The lists are recorded in the registry elsewhere.

use jiff::Timestamp;
use model::organisation::History;
use model::text::Place;
use model::{Finding, Severity};
use network::{read_events, read_list};

use super::PlanError;
use super::links::{Links, To};
use declarations::Word;

/// Reads the list, declares its codes, and notes the words it uses.
pub(super) fn read(file: &str, text: &str, links: &Links) -> Vec<PlanError> {
    let (list, mut findings) = read_list(file, text.as_bytes());
    // Whether a parent is there at all is told by the links, with the names that come near.
    let circles = list.check(&History::default(), Timestamp::UNIX_EPOCH);
    findings.extend(circles.into_iter().filter(|it| it.rule == "circle"));
    let at = |row: u64| place(file, row);
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
    faults(file, findings)
}

/// Reads `events.csv` and notes the organisations it speaks of.
pub(super) fn read_happenings(file: &str, text: &str, links: &Links) -> Vec<PlanError> {
    let (list, findings) = read_events(file, text.as_bytes());
    for event in &list.events {
        for code in event.what.from.iter().chain(&event.what.to) {
            let word = Word { text: code.as_str(), place: place(file, event.row) };
            links.to(To::Organisation, &word);
        }
    }
    faults(file, findings)
}

fn place(file: &str, row: u64) -> Place {
    Place { file: file.to_owned(), line: u32::try_from(row).unwrap_or(u32::MAX) }
}

fn faults(file: &str, findings: Vec<Finding>) -> Vec<PlanError> {
    let errors = findings.into_iter().filter(|it| it.severity == Severity::Error);
    let faults = errors.map(|it| {
        let column = it.column.map(|it| format!("`{it}`: ")).unwrap_or_default();
        let what = format!("{column}found {}, expected {}", it.found, it.expected);
        PlanError { place: place(file, it.row.unwrap_or(0)), what, hint: it.hint }
    });
    faults.collect()
}
