//! The organisations of one day under the districts of another.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use super::History;
use crate::organisation::{Event, EventKind, Known, Membership, OrgCode, Recorded, Tree, holds};

impl History {
    /// The organisations of one day under the hierarchy of another: a series on the old or new cut.
    ///
    /// Above the schools stand the organisations of the cut. A school that had no parent on the day
    /// of the cut keeps the one whose time is nearest to it: one opened later its first parent, one
    /// closed before its last. Where that parent is not on the cut either, its predecessors or
    /// successors (by mergers and splits) are followed as long as there is only one. Where a district was split,
    /// a school that is not on the cut stands beside the one that it became or came from.
    ///
    /// A district of the day that is not on the cut stays in the tree for the facts it holds itself,
    /// below the district that took its place, and is [carried](crate::organisation::Node::is_carried);
    /// one whose place cannot be told stays as it is. So the sum of the districts is the city on every cut.
    pub fn tree_on_cut(&self, hierarchy: &str, day: Date, cut: Date, known_at: Timestamp) -> Tree {
        let on_cut = self.on(cut, known_at);
        let mut organisations = self.on(day, known_at);
        let only_on_day: Vec<OrgCode> = organisations
            .iter()
            .filter(|(code, it)| it.kind.is_empty() && !on_cut.contains_key(*code))
            .map(|(code, _)| code.clone())
            .collect();
        for (code, organisation) in &on_cut {
            // Above the schools the cut decides, names included.
            if organisation.kind.is_empty() {
                organisations.insert(code.clone(), Arc::clone(organisation));
            }
        }
        let mut tree = Tree::bare(organisations);
        let heirs = Heirs { events: self.events(known_at).collect(), on_cut: &on_cut, cut };
        for code in &only_on_day {
            let heir = heirs.of(code).and_then(|it| tree.position(it));
            if let (Some(position), Some(heir)) = (tree.position(code), heir) {
                tree.put(position, heir);
                tree.carry(position);
            }
        }
        for links in self.links(hierarchy) {
            for (code, versions) in links {
                let Some(child) = tree.position(code) else { continue };
                let beside = || {
                    let heir = heirs.of(code).filter(|it| *it != code)?;
                    heirs.of(&nearest(links.get(heir)?, cut, known_at)?.parent)
                };
                let mut above = nearest(versions, cut, known_at);
                let mut seen = BTreeSet::new();
                // A parent that is gone, such as a school that had campuses, hands its children to its own.
                while let Some(parent) = above.map(|it| &it.parent)
                    && seen.insert(parent)
                {
                    let standing = heirs.of(parent).or_else(beside);
                    let standing = standing.and_then(|it| tree.position(it));
                    if let Some(parent) = standing.or_else(|| tree.position(parent)) {
                        tree.put(child, parent);
                        break;
                    }
                    above = links.get(parent).and_then(|it| nearest(it, cut, known_at));
                }
            }
        }
        tree.fill_children();
        tree
    }
}

/// The known membership that holds on the cut, or else the one nearest to it in days.
fn nearest(
    versions: &[Recorded<Membership>],
    cut: Date,
    known_at: Timestamp,
) -> Option<&Membership> {
    let distance = |it: &&Membership| match it.valid_to {
        _ if holds(it.valid_from, it.valid_to, cut) => 0,
        Some(to) if to <= cut => days(to, cut) + 1,
        _ => days(cut, it.valid_from),
    };
    versions.iter().filter(|it| it.is_known(known_at)).map(|it| &it.what).min_by_key(distance)
}

fn days(from: Date, to: Date) -> i64 {
    from.until(to).map_or(i64::from(i32::MAX), |span| i64::from(span.get_days()))
}

/// Who stands on the cut in place of one who does not.
struct Heirs<'a> {
    events: Vec<&'a Event>,
    on_cut: &'a Known,
    cut: Date,
}

impl<'a> Heirs<'a> {
    /// The organisation itself when it is on the cut; else the only one its mergers and splits lead to.
    fn of(&self, code: &'a OrgCode) -> Option<&'a OrgCode> {
        let mut heir = code;
        let mut seen = BTreeSet::new();
        while !self.on_cut.contains_key(heir) {
            if !seen.insert(heir) {
                return None;
            }
            heir = self.next(heir)?;
        }
        Some(heir)
    }

    fn next(&self, code: &OrgCode) -> Option<&'a OrgCode> {
        let changes = || {
            let all = self.events.iter().copied();
            all.filter(|it| matches!(it.kind, EventKind::Merger | EventKind::Split))
        };
        // An event up to the day of the cut has made its successors; a later one has not yet taken the predecessors.
        let successors = changes()
            .filter(|it| it.on <= self.cut && it.from.contains(code) && !it.to.contains(code))
            .map(|it| it.to.as_slice())
            .next_back();
        let predecessors = changes()
            .filter(|it| it.on > self.cut && it.to.contains(code) && !it.from.contains(code))
            .map(|it| it.from.as_slice())
            .next();
        match successors.or(predecessors) {
            Some([only]) => Some(only),
            _ => None,
        }
    }
}
