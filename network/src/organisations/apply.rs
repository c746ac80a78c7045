//! What an event brings about.

use jiff::Timestamp;
use jiff::civil::Date;
use model::organisation::{Event, EventKind, History};
use model::{Finding, OrgCode};

use super::changes::Changes;
use super::draft::{Draft, Place};
use super::events::EventList;
use super::sheet::{Fault, Findings};

pub(super) fn apply(
    list: &EventList,
    known: &History,
    changes: &Changes,
    known_at: Timestamp,
) -> (Changes, Vec<Finding>) {
    let mut findings = Findings::new(&list.file);
    let mut draft = Draft::of(known, known_at);
    draft.take_in(changes);
    let mut events = changes.events.clone();
    let mut by_day: Vec<_> = list.events.iter().collect();
    by_day.sort_by_key(|it| (it.what.on, it.row));
    for it in by_day {
        let mut happening =
            Happening { row: it.row, event: &it.what, draft: &mut draft, findings: &mut findings };
        happening.apply();
        if !findings.is_refused(it.row) {
            events.push(it.what.clone());
        }
    }
    (draft.changes(events), findings.into_list())
}

/// One event on its way into the draft.
struct Happening<'a> {
    row: u64,
    event: &'a Event,
    draft: &'a mut Draft,
    findings: &'a mut Findings,
}

impl Happening<'_> {
    fn apply(&mut self) {
        let event = self.event;
        if let Some(code) =
            event.from.iter().chain(&event.to).find(|it| self.draft.versions_of(it).is_empty())
        {
            let expected = "已登记的机构 / an organisation that is known";
            return self.refuse(
                "unknown",
                code,
                expected,
                "在机构名单中补上其所在行 / add its row to the list of organisations",
            );
        }
        match event.kind {
            EventKind::Opening => self.expect_begin(&event.to, "the day it opened"),
            EventKind::Rename => self.expect_begin(&event.from, "the day of the new name"),
            EventKind::Closure => self.close(&[], None),
            EventKind::Merger => self.close(&event.to, event.to.first()),
            EventKind::Split => self.close(&event.to, None),
            EventKind::Move => {
                if let [old, new] = event.to.as_slice() {
                    self.transfer(&event.from, old, new);
                }
            }
            EventKind::BoundaryChange => {
                if let [giving, receiving] = event.from.as_slice() {
                    self.transfer(&event.to, giving, receiving);
                }
            }
        }
    }

    /// Each must have a version that begins on the day: an event does not know names and kinds.
    fn expect_begin(&mut self, codes: &[OrgCode], what: &str) {
        for code in codes {
            if !self.draft.versions_of(code).iter().any(|it| it.valid_from == self.event.on) {
                let expected = format!(
                    "valid_from 为 {0} 的一行 / a row with valid_from {0}, {what}",
                    self.event.on
                );
                self.refuse(
                    "period",
                    code,
                    &expected,
                    "在机构名单中补上该行 / add the row to the list of organisations",
                );
            }
        }
    }

    /// Ends `from`, but for those in `staying`, and gives their children to `heir`.
    fn close(&mut self, staying: &[OrgCode], heir: Option<&OrgCode>) {
        let on = self.event.on;
        for code in staying {
            if !self.draft.stands_on(code, on) {
                let expected = format!("{on} 存在的机构 / an organisation that is there on {on}");
                return self.refuse(
                    "period",
                    code,
                    &expected,
                    "在机构名单中补上其所在行 / add its row to the list of organisations",
                );
            }
        }
        let closing: Vec<&OrgCode> =
            self.event.from.iter().filter(|it| !staying.contains(it)).collect();
        for code in closing {
            let versions = self.draft.versions_of(code);
            if versions.iter().any(|it| it.valid_from >= on) {
                let expected = format!(
                    "{on} 及以后无新版本的机构 / an organisation without a version that begins on {on} or later"
                );
                return self.refuse(
                    "period",
                    code,
                    &expected,
                    "改正其各行，或事件日期 / correct its rows, or the day of the event",
                );
            }
            if versions.iter().all(|it| it.valid_to.is_some_and(|to| to < on)) {
                let expected =
                    format!("存在至 {on} 的机构 / an organisation that was there until {on}");
                return self.refuse(
                    "period",
                    code,
                    &expected,
                    "改正其各行，或事件日期 / correct its rows, or the day of the event",
                );
            }
            // Its own membership is cut below; its children are those of this day.
            let children = self.draft.children_on(code, on);
            match heir {
                Some(heir) => {
                    for place in children.iter().filter(|it| it.1 != *heir) {
                        self.draft.put_under(place, heir, on);
                    }
                }
                None if children.is_empty() => {}
                None => {
                    let found = format!("{code} with {} organisations below it", children.len());
                    let fault = Fault {
                        rule: "children",
                        column: "from",
                        found: &found,
                        expected: "终止者之下无机构 / nothing below what closes",
                        hint: "在名单中或用划转事件写明自该日起的上级 / give them new parents from that day on, in the list or by move events",
                    };
                    return self.findings.error(self.row, fault);
                }
            }
            self.draft.end(code, on);
        }
    }

    /// From the day on, puts what stands under `old` under `new`, in the hierarchy in which it does.
    fn transfer(&mut self, codes: &[OrgCode], old: &OrgCode, new: &OrgCode) {
        let on = self.event.on;
        if !self.draft.stands_on(new, on) {
            let expected = format!("{on} 存在的机构 / an organisation that is there on {on}");
            return self.refuse(
                "period",
                new,
                &expected,
                "在机构名单中补上其所在行 / add its row to the list of organisations",
            );
        }
        for code in codes {
            if code == new {
                let expected = "另一机构 / an organisation other than the one it would move under";
                self.refuse(
                    "parent",
                    code,
                    expected,
                    "改正划转的机构，或新的上级 / correct who moves, or the new parent",
                );
                continue;
            }
            let places = self.draft.places_of(code);
            let under = |parent: &OrgCode, day: Option<Date>, draft: &Draft| -> Vec<Place> {
                let held =
                    |it: &&Place| day.is_some_and(|day| draft.parent_on(it, day) == Some(parent));
                places.iter().filter(held).cloned().collect()
            };
            let from_old = under(old, Some(on), self.draft);
            let done = under(new, Some(on), self.draft);
            if from_old.is_empty() && done.is_empty() {
                let expected =
                    format!("{on} 隶属 {old} 的机构 / an organisation under {old} on {on}");
                self.refuse(
                    "parent",
                    code,
                    &expected,
                    "改正上级机构，或事件日期 / correct the parents, or the day of the event",
                );
            }
            for place in from_old {
                self.draft.put_under(&place, new, on);
            }
        }
    }

    fn refuse(&mut self, rule: &'static str, code: &OrgCode, expected: &str, hint: &str) {
        let fault = Fault { rule, column: "", found: code.as_str(), expected, hint };
        self.findings.error(self.row, fault);
    }
}
