use jiff::Timestamp;
use jiff::civil::Date;

use super::{
    ADMINISTRATIVE, Event, EventKind, History, Membership, OrgCode, Organisation, Recorded, Tree,
};
use crate::text::Bilingual;

mod cuts;
mod knowledge;
mod properties;
mod trees;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn code(text: &str) -> OrgCode {
    text.parse().unwrap()
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

/// Years `2020..` or `2020..2022`, from their first day.
fn period(text: &str) -> (Date, Option<Date>) {
    let (from, to) = text.split_once("..").unwrap();
    let first = |year: &str| day(&format!("{year}-01-01"));
    (first(from), (!to.is_empty()).then(|| first(to)))
}

/// `code period`: `c` is a city, `d…` a district, `z…` a zone, all others are schools.
fn version(text: &str) -> Organisation {
    let (name, time) = text.split_once(' ').unwrap();
    let (valid_from, valid_to) = period(time);
    let (level, kind) = match name.chars().next() {
        Some('c') => ("city", ""),
        Some('d') => ("district", ""),
        Some('z') => ("zone", ""),
        _ => ("school", "primary"),
    };
    Organisation {
        code: code(name),
        name: Bilingual::new(name, name),
        level: level.to_owned(),
        kind: kind.to_owned(),
        founder: String::new(),
        stages: Vec::new(),
        area_class: String::new(),
        valid_from,
        valid_to,
    }
}

/// `child<parent period`, or `hierarchy:child<parent period`.
fn membership(text: &str) -> Membership {
    let (link, time) = text.split_once(' ').unwrap();
    let (hierarchy, link) = link.split_once(':').unwrap_or((ADMINISTRATIVE, link));
    let (child, parent) = link.split_once('<').unwrap();
    let (valid_from, valid_to) = period(time);
    let hierarchy = hierarchy.to_owned();
    Membership { hierarchy, child: code(child), parent: code(parent), valid_from, valid_to }
}

/// `kind year from>to`.
fn event(text: &str) -> Event {
    let words: Vec<&str> = text.split(' ').collect();
    let (from, to) = words[2].split_once('>').unwrap();
    let codes = |it: &str| it.split(';').filter(|it| !it.is_empty()).map(code).collect();
    Event {
        on: day(&format!("{}-01-01", words[1])),
        kind: EventKind::parse(words[0]).unwrap(),
        from: codes(from),
        to: codes(to),
        note: Bilingual::default(),
    }
}

/// All known since instant 0.
fn history(versions: &[&str], memberships: &[&str], events: &[&str]) -> History {
    History::new(
        versions.iter().map(|it| Recorded::new(version(it), at(0))).collect(),
        memberships.iter().map(|it| Recorded::new(membership(it), at(0))).collect(),
        events.iter().map(|it| Recorded::new(event(it), at(0))).collect(),
    )
}

/// Every organisation by its path; a carried one in brackets.
fn drawn(tree: &Tree) -> String {
    let mut paths: Vec<String> = tree
        .iter()
        .map(|node| {
            let code = &node.organisation.code;
            let mut path: Vec<&str> = tree.path(code).map(|it| it.code.as_str()).collect();
            path.reverse();
            let path = path.join("/");
            if node.is_carried { format!("[{path}]") } else { path }
        })
        .collect();
    paths.sort();
    paths.join(" ")
}

#[test]
fn a_code_is_short_and_plain() {
    for sound in ["120101", "3112000101", "campus-1", "A.b_c", "和平"] {
        assert_eq!(code(sound).as_str(), sound);
    }
    let long = "1".repeat(33);
    for wrong in ["", " ", "12 01", "../x", ".x", "a/b", "和 平", long.as_str()] {
        assert!(wrong.parse::<OrgCode>().is_err(), "{wrong}");
    }
    assert!(OrgCode::least() < code("-"));
}

#[test]
fn an_event_kind_is_written_as_it_is_read() {
    for kind in EventKind::ALL {
        assert_eq!(EventKind::parse(kind.as_str()), Some(kind));
    }
    assert_eq!(EventKind::parse("eruption"), None);
}
