//! A list of organisations in a file.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use jiff::Timestamp;
use jiff::civil::Date;
use model::organisation::{ADMINISTRATIVE, History, Membership, Organisation};
use model::{Finding, OrgCode};

use super::changes::{Changes, Period};
use super::sheet::{self, Fault, Findings, Row};
use super::{Listed, check};

/// Columns of a list, in the order in which it is written.
pub const COLUMNS: [&str; 12] = [
    "code",
    "name_zh",
    "name_en",
    "level",
    "kind",
    "founder",
    "stages",
    "area_class",
    "parent",
    "hierarchy",
    "valid_from",
    "valid_to",
];

const AREA_CLASSES: [&str; 3] = ["urban", "town", "rural"];

/// The sound part of a list of organisations.
///
/// An organisation any of whose rows is refused is left out whole, so that half of its history never takes the place
/// of all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrganisationList {
    pub file: String,
    pub versions: Vec<Listed<Organisation>>,
    pub memberships: Vec<Listed<Membership>>,
}

/// Reads a list: CSV in UTF-8 with the header
/// `code,name_zh,name_en,level,kind,founder,stages,area_class,parent,hierarchy,valid_from,valid_to`.
///
/// Several rows of one code are its versions. A row of a hierarchy other than `administrative` (which an empty cell
/// means) tells the parent only. Stages are joined by `;`; `valid_to` is the first day it no longer held.
///
/// Whether parents are there is for [`OrganisationList::check`], which knows what is known.
pub fn read_list(file: &str, reader: impl Read) -> (OrganisationList, Vec<Finding>) {
    let mut findings = Findings::new(file);
    let mut list = OrganisationList { file: file.to_owned(), ..Default::default() };
    let mut refused = BTreeSet::new();
    let needed = ["code", "valid_from"];
    sheet::read(reader, &COLUMNS, &needed, &mut findings, |row, findings| {
        if !row.is_sound {
            refused.extend(row.text("code").parse::<OrgCode>());
            return;
        }
        let Some(code) = row.code("code", findings) else { return };
        match read_row(row, &code, findings) {
            Some((version, membership)) => {
                let listed = |what| Listed { row: row.number, what };
                list.versions.extend(version.map(listed));
                let listed = |what| Listed { row: row.number, what };
                list.memberships.extend(membership.map(listed));
            }
            None => {
                refused.insert(code);
            }
        }
    });
    find_overlaps(&list.versions, |it| it.code.clone(), &mut findings);
    find_overlaps(&list.memberships, |it| (it.hierarchy.clone(), it.child.clone()), &mut findings);
    refused.extend(
        list.rows_with_code().filter(|it| findings.is_refused(it.0)).map(|it| it.1.clone()),
    );
    list.versions.retain(|it| !refused.contains(&it.what.code));
    list.memberships.retain(|it| !refused.contains(&it.what.child));
    (list, findings.into_list())
}

impl OrganisationList {
    pub fn is_empty(&self) -> bool {
        self.versions.is_empty() && self.memberships.is_empty()
    }

    /// What the list says, to be recorded.
    pub fn changes(&self) -> Changes {
        let mut changes = Changes::default();
        for it in &self.versions {
            changes.add_version(it.what.clone());
            // A list says of an organisation without a parent that it has none.
            changes.name_child(ADMINISTRATIVE, &it.what.code);
        }
        for it in &self.memberships {
            changes.add_membership(it.what.clone());
        }
        changes
    }

    /// Checks the list against what is known: parents that are not there, circles, times that do not fit.
    pub fn check(&self, known: &History, known_at: Timestamp) -> Vec<Finding> {
        check::check(self, known, known_at)
    }

    fn rows_with_code(&self) -> impl Iterator<Item = (u64, &OrgCode)> {
        let versions = self.versions.iter().map(|it| (it.row, &it.what.code));
        versions.chain(self.memberships.iter().map(|it| (it.row, &it.what.child)))
    }
}

/// What a row says; `None` when it is refused.
fn read_row(
    row: &Row<'_>,
    code: &OrgCode,
    findings: &mut Findings,
) -> Option<(Option<Organisation>, Option<Membership>)> {
    let hierarchy = match row.word("hierarchy", findings)? {
        empty if empty.is_empty() => ADMINISTRATIVE.to_owned(),
        named => named,
    };
    let (valid_from, valid_to) = read_period(row, findings)?;
    let parent = row.optional_code("parent", findings)?;
    if parent.as_ref() == Some(code) {
        let hint = "写明其上级机构 / name the organisation that stands above it";
        let expected = "另一机构 / another organisation";
        let fault =
            Fault { rule: "circle", column: "parent", found: code.as_str(), expected, hint };
        findings.error(row.number, fault);
        return None;
    }
    if hierarchy != ADMINISTRATIVE && parent.is_none() {
        row.needed("parent", findings)?;
    }
    let version = if hierarchy == ADMINISTRATIVE {
        Some(read_version(row, code, valid_from, valid_to, findings)?)
    } else {
        None
    };
    let child = code.clone();
    let membership =
        parent.map(|parent| Membership { hierarchy, child, parent, valid_from, valid_to });
    Some((version, membership))
}

fn read_period(row: &Row<'_>, findings: &mut Findings) -> Option<(Date, Option<Date>)> {
    let valid_from = row.day("valid_from", findings);
    let valid_to = row.optional_day("valid_to", findings);
    let (valid_from, valid_to) = (valid_from?, valid_to?);
    if let Some(to) = valid_to.filter(|it| *it <= valid_from) {
        let (found, expected) =
            (to.to_string(), format!("{valid_from} 之后的日期 / a day after {valid_from}"));
        let hint = "填写不再有效的第一天，或留空 / give the first day on which it no longer held, or leave the cell empty";
        let fault =
            Fault { rule: "period", column: "valid_to", found: &found, expected: &expected, hint };
        findings.error(row.number, fault);
        return None;
    }
    Some((valid_from, valid_to))
}

fn read_version(
    row: &Row<'_>,
    code: &OrgCode,
    valid_from: Date,
    valid_to: Option<Date>,
    findings: &mut Findings,
) -> Option<Organisation> {
    row.needed("name_zh", findings)?;
    row.needed("level", findings)?;
    let level = row.word("level", findings);
    let kind = row.word("kind", findings);
    let founder = row.word("founder", findings);
    let stages = row.words("stages", findings);
    let area_class = row.text("area_class");
    if !area_class.is_empty() && !AREA_CLASSES.contains(&area_class) {
        let hint = "不清楚时留空 / leave the cell empty where it is not known";
        let expected = "城区、镇区或乡村 / urban, town or rural";
        let fault =
            Fault { rule: "code_list", column: "area_class", found: area_class, expected, hint };
        findings.error(row.number, fault);
        return None;
    }
    Some(Organisation {
        code: code.clone(),
        name: row.bilingual("name_zh", "name_en"),
        level: level?,
        kind: kind?,
        founder: founder?,
        stages: stages?,
        area_class: area_class.to_owned(),
        valid_from,
        valid_to,
    })
}

/// Refuses what holds on a day on which another row of the same key holds.
fn find_overlaps<T: Period, K: Ord>(
    listed: &[Listed<T>],
    key: impl Fn(&T) -> K,
    findings: &mut Findings,
) {
    let mut by_key: BTreeMap<K, Vec<&Listed<T>>> = BTreeMap::new();
    for it in listed {
        by_key.entry(key(&it.what)).or_default().push(it);
    }
    for versions in by_key.values_mut() {
        versions.sort_by_key(|it| (it.what.valid_from(), it.row));
        // The one that reaches furthest so far.
        let mut open: Option<&Listed<T>> = None;
        for it in versions.iter() {
            let clash = open.filter(|last| {
                !findings.is_refused(it.row)
                    && last.what.valid_to().is_none_or(|to| it.what.valid_from() < to)
            });
            if let Some(last) = clash {
                let found = it.what.valid_from().to_string();
                let same = last.what.valid_from() == it.what.valid_from();
                let fault = Fault {
                    rule: if same { "duplicate" } else { "overlap" },
                    column: "valid_from",
                    found: &found,
                    expected: &format!(
                        "第 {0} 行已失效的日期 / a day on which row {0} no longer holds",
                        last.row
                    ),
                    hint: "前一版本应于后一版本起始日终止 / end the earlier version on the day the later one begins",
                };
                findings.error(it.row, fault);
            }
            let reach = |it: &Listed<T>| it.what.valid_to().unwrap_or(Date::MAX);
            if open.is_none_or(|last| reach(last) <= reach(it)) {
                open = Some(it);
            }
        }
    }
}
