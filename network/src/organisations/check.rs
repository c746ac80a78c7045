//! A list against what is known.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use model::organisation::{
    ADMINISTRATIVE, Event, EventKind, History, Membership, Organisation, holds,
};
use model::{Finding, OrgCode};

use super::list::OrganisationList;
use super::sheet::{Fault, Findings};

/// What would be known with the list, laid out to look things up.
struct Outlook<'a> {
    versions: BTreeMap<&'a OrgCode, Vec<&'a Organisation>>,
    memberships: BTreeMap<(&'a str, &'a OrgCode), Vec<&'a Membership>>,
}

pub(super) fn check(list: &OrganisationList, known: &History, known_at: Timestamp) -> Vec<Finding> {
    let combined = list.changes().preview(known, known_at);
    let outlook = Outlook::of(&combined, known_at);
    let mut findings = Findings::new(&list.file);
    let listed: BTreeSet<&OrgCode> = list.versions.iter().map(|it| &it.what.code).collect();

    for it in &list.memberships {
        let (row, membership) = (it.row, &it.what);
        if !outlook.versions.contains_key(&membership.child) {
            findings.error(row, unknown("code", &membership.child));
        } else if !outlook.versions.contains_key(&membership.parent) {
            findings.error(row, unknown("parent", &membership.parent));
        } else if outlook.is_in_circle(membership) {
            let fault = Fault {
                rule: "circle",
                column: "parent",
                found: membership.parent.as_str(),
                expected: "不在其下级的机构 / an organisation that does not stand below this one",
                hint: "沿上级逐级查到循环之处，改正那一行 / follow the parents upward to where they come back, and mend that row",
            };
            findings.error(row, fault);
        } else {
            outlook.check_times(row, membership, &mut findings);
        }
    }
    let closings: Vec<(&Event, &OrgCode)> = known.events(known_at).flat_map(closings).collect();
    for it in &list.versions {
        let version = &it.what;
        let still_there = |(event, code): &&(&Event, &OrgCode)| {
            version.code == **code && holds(version.valid_from, version.valid_to, event.on)
        };
        if let Some((event, _)) = closings.iter().find(still_there) {
            let found = version.valid_to.map(|it| it.to_string()).unwrap_or_default();
            let fault = Fault {
                rule: "event",
                column: "valid_to",
                found: &found,
                expected: &format!(
                    "{0}，即登记的 {1} 事件之日 / {0}, the day of the {1} the registry knows of",
                    event.on,
                    event.kind.as_str()
                ),
                hint: "该行应于当日终止，除非事件登记有误 / end the row on that day, unless the event was recorded by mistake",
            };
            findings.warning(it.row, fault);
        }
    }
    // What the list takes away may leave others without a parent.
    let others = combined.all_memberships(known_at);
    for it in others.filter(|it| !listed.contains(&it.child) && listed.contains(&it.parent)) {
        outlook.check_times(None, it, &mut findings);
    }
    findings.into_list()
}

/// Who is no more after an event.
fn closings(event: &Event) -> impl Iterator<Item = (&Event, &OrgCode)> {
    let closes = match event.kind {
        EventKind::Closure | EventKind::Merger | EventKind::Split => event.from.as_slice(),
        EventKind::Move | EventKind::BoundaryChange | EventKind::Opening | EventKind::Rename => &[],
    };
    closes.iter().filter(|it| !event.to.contains(it)).map(move |it| (event, it))
}

fn unknown<'a>(column: &'a str, code: &'a OrgCode) -> Fault<'a> {
    Fault {
        rule: "unknown",
        column,
        found: code.as_str(),
        expected: "本名单或登记册中的机构 / an organisation that this list or the registry holds",
        hint: "补上其所在行，或改正代码 / add its row, or correct the code",
    }
}

impl<'a> Outlook<'a> {
    fn of(history: &'a History, known_at: Timestamp) -> Self {
        let mut outlook = Self { versions: BTreeMap::new(), memberships: BTreeMap::new() };
        for code in history.codes() {
            outlook.versions.insert(code, history.versions(code, known_at).collect());
        }
        for it in history.all_memberships(known_at) {
            let place = (it.hierarchy.as_str(), &it.child);
            outlook.memberships.entry(place).or_default().push(it);
        }
        outlook
    }

    /// A circle is closed on the day its last membership begins: looking there finds every one.
    fn is_in_circle(&self, membership: &Membership) -> bool {
        let mut seen = BTreeSet::new();
        let mut above = Some(&membership.parent);
        while let Some(code) = above {
            if *code == membership.child {
                return true;
            }
            if !seen.insert(code) {
                return false;
            }
            above = self.parent(&membership.hierarchy, code, membership.valid_from);
        }
        false
    }

    /// The parent that counts in a hierarchy: its own, or else the administrative one.
    fn parent(&self, hierarchy: &str, code: &OrgCode, on: Date) -> Option<&'a OrgCode> {
        [hierarchy, ADMINISTRATIVE].into_iter().find_map(|hierarchy| {
            let memberships = self.memberships.get(&(hierarchy, code))?;
            memberships.iter().find(|it| holds(it.valid_from, it.valid_to, on)).map(|it| &it.parent)
        })
    }

    /// Whether child and parent are there as long as the membership.
    fn check_times(&self, row: impl Into<Option<u64>>, it: &Membership, findings: &mut Findings) {
        let row = row.into();
        for (column, code) in [("code", &it.child), ("parent", &it.parent)] {
            let Some(day) = self.missing_day(code, it) else { continue };
            let found = format!("{code}，{day} 不存在 / {code}, which is not there on {day}");
            let expected = format!(
                "在 {0} 隶属 {1} 期间一直存在的机构 / an organisation that is there as long as {0} is in {1}",
                it.child, it.parent
            );
            let hint = if column == "parent" {
                "为上级补一行覆盖该时段，或让隶属关系同时终止 / give the parent a row for that time, or end the membership with it"
            } else {
                "为该机构补一行覆盖该时段，或让隶属关系同时终止 / give the organisation a row for that time, or end the membership with it"
            };
            let fault = Fault { rule: "period", column, found: &found, expected: &expected, hint };
            findings.warning(row, fault);
        }
    }

    /// The first day of a membership on which an organisation is not there.
    fn missing_day(&self, code: &OrgCode, membership: &Membership) -> Option<Date> {
        let mut day = membership.valid_from;
        for version in self.versions.get(code)? {
            if holds(version.valid_from, version.valid_to, day) {
                day = version.valid_to?;
            }
        }
        membership.valid_to.is_none_or(|to| day < to).then_some(day)
    }
}
