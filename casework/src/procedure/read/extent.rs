//! Reviews, quotas and facts.

use std::collections::BTreeMap;

use declarations::{Entry, short};

use super::Reading;
use super::links::To;
use crate::expression::Kind;
use crate::procedure::{Fact, Quota, Reviews};

impl Reading<'_> {
    pub(super) fn reviews(&self, entry: &Entry<'_>) -> Option<Reviews> {
        let role = entry.need_word("role").map(|it| self.links.one(To::Role, &it));
        let state = entry.need_word("state").map(|it| self.links.one(To::State, &it));
        let count = entry.need_small("count");
        let most = entry.need_small("most");
        let is_trimmed = entry.flag("trimmed", false);
        entry.done();
        let (count, most): (u32, u32) = (count?, most?);
        if !(1..=99).contains(&count) || !(1..=1_000).contains(&most) {
            entry.fault(
                format!("{count} reviewers, {most} points"),
                "draw 1 to 99, score 1 to 1000",
            );
        }
        Some(Reviews { role: role?, state: state?, count, most, is_trimmed })
    }

    pub(super) fn quota(&self, entry: &Entry<'_>) -> Option<Quota> {
        let title = entry.need_bilingual("title");
        let states = self.links.all(To::State, &entry.words("states"));
        let by = entry.word("by").map(|it| self.links.one(To::Field, &it));
        let mut limits = BTreeMap::new();
        if let Some(limit) = entry.small::<u32>("limit") {
            limits.insert(String::new(), limit);
        }
        for limit in entry.entries("limits") {
            let (value, most) = (limit.need_text("value"), limit.need_small::<u32>("limit"));
            limit.done();
            if let (Some(value), Some(most)) = (value, most) {
                limits.insert(value, most);
            }
        }
        entry.done();
        if limits.is_empty() {
            entry.fault("the quota has no limit", "add `limit`, or `limits` by value");
        }
        Some(Quota { title: title?, states, by, limits })
    }

    pub(super) fn fact(&self, entry: &Entry<'_>) -> Option<Fact> {
        let dataset = entry.need_text("dataset");
        let on = self.links.all(To::Transition, &entry.words("on"));
        let when = entry.word("when").and_then(|it| self.expression(entry, &it, Some(Kind::Flag)));
        let mut columns = Vec::new();
        for (column, words) in entry.lists("columns") {
            match words.as_slice() {
                [word] => {
                    let value = self.expression(entry, word, None);
                    columns.extend(value.map(|it| (column.text.to_owned(), it)));
                }
                _ => {
                    let what = format!("the column `{}` has several values", short(column.text));
                    entry.fault_at(&column.place, what, "write one expression");
                }
            }
        }
        entry.done();
        Some(Fact { dataset: dataset?, on, when, columns, place: entry.place() })
    }
}
