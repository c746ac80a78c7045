//! What is known, as a list.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use model::organisation::{ADMINISTRATIVE, History, Membership, Organisation, holds};

use super::list::COLUMNS;

/// Writes what is known of all organisations as a list that [`read_list`](super::read_list) reads back: CSV in UTF-8.
pub fn export(history: &History, known_at: Timestamp) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    for code in history.codes() {
        let memberships: Vec<&Membership> = history.memberships(code, known_at).collect();
        for version in history.versions(code, known_at) {
            write_version(&mut writer, version, &memberships)?;
        }
        for it in memberships.iter().filter(|it| it.hierarchy != ADMINISTRATIVE) {
            let (from, to) = (it.valid_from.to_string(), end(it.valid_to));
            let (child, parent) = (it.child.as_str(), it.parent.as_str());
            writer.write_record([
                child,
                "",
                "",
                "",
                "",
                "",
                "",
                "",
                parent,
                &it.hierarchy,
                &from,
                &to,
            ])?;
        }
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

/// A row for each stretch of the version's time in which its parent is the same.
fn write_version(
    writer: &mut csv::Writer<Vec<u8>>,
    version: &Organisation,
    memberships: &[&Membership],
) -> Result<(), csv::Error> {
    let parents = memberships.iter().filter(|it| it.hierarchy == ADMINISTRATIVE);
    let turns = parents.clone().flat_map(|it| std::iter::once(it.valid_from).chain(it.valid_to));
    let inside =
        |day: &Date| *day > version.valid_from && version.valid_to.is_none_or(|to| *day < to);
    let begins: BTreeSet<Date> =
        std::iter::once(version.valid_from).chain(turns.filter(inside)).collect();
    let ends = begins.iter().skip(1).copied().map(Some).chain([version.valid_to]);
    for (from, to) in begins.iter().zip(ends) {
        let parent = parents.clone().find(|it| holds(it.valid_from, it.valid_to, *from));
        let parent = parent.map_or("", |it: &&Membership| it.parent.as_str());
        writer.write_record([
            version.code.as_str(),
            &version.name.zh,
            &version.name.en,
            &version.level,
            &version.kind,
            &version.founder,
            &version.stages.join(";"),
            &version.area_class,
            parent,
            ADMINISTRATIVE,
            &from.to_string(),
            &end(to),
        ])?;
    }
    Ok(())
}

fn end(day: Option<Date>) -> String {
    day.map(|it| it.to_string()).unwrap_or_default()
}
