use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use model::organisation::{
    ADMINISTRATIVE, Event, EventKind, History, Membership, Organisation, Tree,
};
use model::{Bilingual, Finding, OrgCode};
use store::{Store, testing};

use crate::{Changes, NetworkError, Recording, history, read_events, read_list, record};

pub(super) fn day(text: &str) -> Date {
    text.parse().unwrap()
}

pub(super) fn code(text: &str) -> OrgCode {
    text.parse().unwrap()
}

/// The instant `number` seconds after an arbitrary one.
pub(super) fn at(number: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + number).unwrap()
}

/// `code level from..to`, such as `s1 school 2020-09-01..`; schools are primary schools.
pub(super) fn version(text: &str) -> Organisation {
    let mut words = text.split(' ');
    let (name, level) = (words.next().unwrap(), words.next().unwrap());
    let (valid_from, valid_to) = period(words.next().unwrap());
    let kind = if level == "school" { "primary" } else { "" };
    Organisation {
        code: code(name),
        name: Bilingual::new(format!("{name}名"), format!("{name} name")),
        level: level.to_owned(),
        kind: kind.to_owned(),
        founder: String::new(),
        stages: if kind.is_empty() { Vec::new() } else { vec![kind.to_owned()] },
        area_class: String::new(),
        valid_from,
        valid_to,
    }
}

/// `child<parent from..to`, or `hierarchy:child<parent from..to`.
pub(super) fn membership(text: &str) -> Membership {
    let (link, time) = text.split_once(' ').unwrap();
    let (hierarchy, link) = link.split_once(':').unwrap_or((ADMINISTRATIVE, link));
    let (child, parent) = link.split_once('<').unwrap();
    let (valid_from, valid_to) = period(time);
    let hierarchy = hierarchy.to_owned();
    Membership { hierarchy, child: code(child), parent: code(parent), valid_from, valid_to }
}

fn period(text: &str) -> (Date, Option<Date>) {
    let (from, to) = text.split_once("..").unwrap();
    (day(from), (!to.is_empty()).then(|| day(to)))
}

/// `kind on from>to`, codes joined by `;`.
pub(super) fn event(text: &str) -> Event {
    let mut words = text.split(' ');
    let kind = EventKind::parse(words.next().unwrap()).unwrap();
    let on = day(words.next().unwrap());
    let (from, to) = words.next().unwrap().split_once('>').unwrap();
    let codes = |it: &str| it.split(';').filter(|it| !it.is_empty()).map(code).collect();
    Event { on, kind, from: codes(from), to: codes(to), note: Bilingual::new("注", "note") }
}

pub(in crate::organisations) fn changes(versions: &[&str], memberships: &[&str]) -> Changes {
    let versions = versions.iter().map(|it| version(it));
    Changes::of(versions, memberships.iter().map(|it| membership(it)), [])
}

/// A city of two districts with two schools each, since 2000.
pub(super) fn small_city() -> Changes {
    changes(
        &[
            "c city 2000-01-01..",
            "d1 district 2000-01-01..",
            "d2 district 2000-01-01..",
            "s1 school 2000-01-01..",
            "s2 school 2000-01-01..",
            "s3 school 2000-01-01..",
            "s4 school 2000-01-01..",
        ],
        &[
            "d1<c 2000-01-01..",
            "d2<c 2000-01-01..",
            "s1<d1 2000-01-01..",
            "s2<d1 2000-01-01..",
            "s3<d2 2000-01-01..",
            "s4<d2 2000-01-01..",
        ],
    )
}

/// A registry of the test's own.
pub(super) struct Registry(pub(super) Store);

impl Registry {
    pub(super) async fn new() -> Self {
        Self(testing::open().await)
    }

    pub(super) async fn record(&self, changes: &Changes, number: i64) -> Recording {
        self.try_record(changes, number).await.unwrap()
    }

    pub(super) async fn try_record(
        &self,
        changes: &Changes,
        number: i64,
    ) -> Result<Recording, NetworkError> {
        record(&self.0, changes, at(number), Offset::UTC).await
    }

    pub(super) async fn history(&self) -> History {
        history(&self.0).await.unwrap()
    }
}

/// The administrative tree of a day as known at an instant, one path a line.
pub(super) fn paths(history: &History, on: &str, number: i64) -> String {
    drawn(&history.tree(ADMINISTRATIVE, day(on), at(number)))
}

pub(super) fn drawn(tree: &Tree) -> String {
    let path = |code: &OrgCode| {
        let mut codes: Vec<&str> = tree.path(code).map(|it| it.code.as_str()).collect();
        codes.reverse();
        codes.join("/")
    };
    let mut paths: Vec<String> = tree.iter().map(|it| path(&it.organisation.code)).collect();
    paths.sort();
    paths.join(" ")
}

pub(super) const HEADER: &str = "code,name_zh,name_en,level,kind,founder,stages,area_class,parent,hierarchy,valid_from,valid_to";

/// What a list of these rows says, and its findings as text.
pub(super) fn list(rows: &str) -> (Changes, String) {
    let text = format!("{HEADER}\n{rows}");
    let (list, mut findings) = read_list("list.csv", text.as_bytes());
    findings.extend(list.check(&History::default(), at(0)));
    (list.changes(), shown(&findings))
}

pub(super) fn shown(findings: &[Finding]) -> String {
    findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// The small city after events, and the findings as text.
pub(super) fn after(base: &Changes, rows: &str) -> (Changes, String) {
    let text = format!("kind,on,from,to,note_zh,note_en\n{rows}");
    let (events, mut findings) = read_events("events.csv", text.as_bytes());
    let (changes, more) = events.apply(&History::default(), base, at(0));
    findings.extend(more);
    (changes, shown(&findings))
}
