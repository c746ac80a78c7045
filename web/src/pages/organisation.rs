//! `/organisations/{code}`: what an organisation is and was, what belongs to it, and its figures.

use std::collections::BTreeMap;
use std::slice;

use askama::Template;
use governance::figures::Published;
use jiff::civil::Date;
use model::organisation::{Event, EventKind, Organisation};
use model::{OrgCode, Year};

use super::scoreboard::{Group, Tab};
use crate::frame::{Frame, Section};
use crate::problem::Problem;
use crate::text::Text;
use crate::visit::Visit;

/// Children that are named before the reader asks for all.
const SHOWN: usize = 120;

/// One organisation, ready to be read.
#[derive(Debug, Template)]
#[template(path = "pages/organisation.html")]
pub(crate) struct OrganisationPage {
    t: Text,
    frame: Frame,
    code: String,
    name: String,
    level: String,
    year: Year,
    years: Vec<Tab>,
    above: Vec<(String, String)>,
    facts: Vec<(String, String)>,
    versions: Vec<VersionView>,
    memberships: Vec<MembershipView>,
    events: Vec<EventView>,
    groups: Vec<Group>,
    /// Whether the plan has figures of its level.
    is_measured: bool,
    children: Vec<ChildGroup>,
    children_total: usize,
    all: Option<String>,
    baseline_year: Year,
    last_year: Year,
}

#[derive(Debug)]
struct VersionView {
    from: String,
    to: String,
    name: String,
    what: String,
}

#[derive(Debug)]
struct MembershipView {
    hierarchy: String,
    parent: (String, String),
    from: String,
    to: String,
}

#[derive(Debug)]
struct EventView {
    on: String,
    kind: String,
    /// What went from one to another, where that is told beside what it went between.
    what: Vec<(String, String)>,
    from: Vec<(String, String)>,
    to: Vec<(String, String)>,
    note: String,
}

/// Children of one kind.
#[derive(Debug)]
struct ChildGroup {
    title: String,
    members: Vec<(String, String)>,
}

impl OrganisationPage {
    pub(crate) fn new(
        visit: &Visit,
        code: &str,
        year: Option<&str>,
        all: bool,
    ) -> Result<Self, Problem> {
        let t = visit.t();
        let published = &*visit.published;
        let code: OrgCode = code.parse().map_err(|_| Problem::no_organisation(code))?;
        let asked = visit.year(year)?;
        // One that has gone is shown as it was in its last year.
        let mut years: Vec<Year> = published.years();
        years.sort_by_key(|it| it.number().abs_diff(asked.number()));
        let found = years.iter().find_map(|it| Some((*it, published.organisation(&code, *it)?)));
        let (year, organisation) = found.ok_or_else(|| Problem::no_organisation(code.as_str()))?;
        let root = visit.whole(year)?;
        let known_at = published.release().known_at;
        let history = published.history();
        let tree = published.tree(year);
        let mut above: Vec<_> = tree.path(&code).skip(1).map(|it| link(t, it)).collect();
        above.reverse();
        let here = format!("/organisations/{code}");
        let (children, children_total) = children(visit, published, &code, year, all);
        let shown: usize = children.iter().map(|it| it.members.len()).sum();
        Ok(Self {
            t,
            frame: visit
                .frame(Section::Organisations)
                .data(&format!("/api/v1/scoreboard?org={code}&year={year}")),
            name: t.of(&organisation.name).to_owned(),
            level: visit.level(&organisation.level),
            years: published
                .years()
                .into_iter()
                .filter(|it| published.organisation(&code, *it).is_some())
                .map(|it| Tab {
                    text: it.to_string(),
                    href: t.href(&format!("{here}?year={it}")),
                    current: it == year,
                })
                .collect(),
            above,
            facts: facts(t, published, &organisation),
            versions: history
                .versions(&code, known_at)
                .map(|it| VersionView::new(t, published, it))
                .collect(),
            memberships: memberships(t, published, &code),
            events: history
                .events(known_at)
                .filter(|it| it.from.contains(&code) || it.to.contains(&code))
                .map(|it| EventView::new(t, published, it))
                .collect(),
            is_measured: (published.plan().indicators.iter())
                .any(|it| published.is_shown_at(it, &organisation.level)),
            groups: groups(t, published, &code, root.code.as_str(), year),
            all: (children_total > shown).then(|| t.href(&format!("{here}?year={year}&rows=all"))),
            children,
            children_total,
            year,
            baseline_year: published.plan().baseline_year,
            last_year: published.plan().last_year,
            code: code.to_string(),
        })
    }
}

/// An organisation's name and the address of its page.
pub(crate) fn link(t: Text, it: &Organisation) -> (String, String) {
    (t.of(&it.name).to_owned(), t.href(&format!("/organisations/{}", it.code)))
}

/// The same for a code alone: by the name it last had.
fn link_to(t: Text, published: &Published, code: &OrgCode) -> (String, String) {
    let known_at = published.release().known_at;
    match published.history().versions(code, known_at).last() {
        Some(found) => link(t, found),
        None => (code.to_string(), t.href(&format!("/organisations/{code}"))),
    }
}

fn title(t: Text, published: &Published, attribute: &str, code: &str) -> String {
    published
        .plan()
        .title(attribute, code)
        .map_or_else(|| code.to_owned(), |it| t.of(it).to_owned())
}

fn facts(t: Text, published: &Published, it: &Organisation) -> Vec<(String, String)> {
    let titled = |attribute: &str, code: &str| title(t, published, attribute, code);
    let stages: Vec<String> = it.stages.iter().map(|it| titled("stage", it)).collect();
    let facts = [
        ("organisation-kind", titled("kind", &it.kind)),
        ("organisation-founder", titled("founder", &it.founder)),
        ("organisation-stages", stages.join(&t.get("list-comma"))),
        ("organisation-area", titled("area_class", &it.area_class)),
        ("organisation-since", it.valid_from.to_string()),
    ];
    let told = facts.into_iter().filter(|(_, value)| !value.is_empty());
    told.map(|(key, value)| (t.get(key), value)).collect()
}

fn until(t: Text, to: Option<Date>) -> String {
    to.map_or_else(|| t.get("organisation-today"), |it| it.to_string())
}

impl VersionView {
    fn new(t: Text, published: &Published, it: &Organisation) -> Self {
        let titled = |attribute: &str, code: &str| title(t, published, attribute, code);
        let what = [
            titled("kind", &it.kind),
            titled("founder", &it.founder),
            titled("area_class", &it.area_class),
        ];
        let what: Vec<String> = what.into_iter().filter(|it| !it.is_empty()).collect();
        Self {
            from: it.valid_from.to_string(),
            to: until(t, it.valid_to),
            name: t.of(&it.name).to_owned(),
            what: what.join(" · "),
        }
    }
}

fn memberships(t: Text, published: &Published, code: &OrgCode) -> Vec<MembershipView> {
    let known_at = published.release().known_at;
    published
        .history()
        .memberships(code, known_at)
        .map(|it| MembershipView {
            hierarchy: title(t, published, "hierarchy", &it.hierarchy),
            parent: link_to(t, published, &it.parent),
            from: it.valid_from.to_string(),
            to: until(t, it.valid_to),
        })
        .collect()
}

impl EventView {
    fn new(t: Text, published: &Published, event: &Event) -> Self {
        let links = |codes: &[OrgCode]| -> Vec<_> {
            codes.iter().map(|it| link_to(t, published, it)).collect()
        };
        let (what, from, to) = match (event.kind, &*event.from, &*event.to) {
            (EventKind::Move, what, [old, new]) => {
                (what, slice::from_ref(old), slice::from_ref(new))
            }
            (EventKind::BoundaryChange, [giving, receiving], what) => {
                (what, slice::from_ref(giving), slice::from_ref(receiving))
            }
            (_, from, to) => (&[][..], from, to),
        };
        Self {
            on: event.on.to_string(),
            kind: t.get(&format!("event-{}", event.kind.as_str())),
            what: links(what),
            from: links(from),
            to: links(to),
            note: t.of(&event.note).to_owned(),
        }
    }
}

/// The indicators that have figures for this organisation.
fn groups(t: Text, published: &Published, code: &OrgCode, root: &str, year: Year) -> Vec<Group> {
    let Some(mut board) = published.scoreboard(code, year) else {
        return Vec::new();
    };
    for group in &mut board.groups {
        group.standings.retain(|it| it.series.iter().any(|it| it.value.is_some()));
    }
    board.groups.retain(|it| !it.standings.is_empty());
    board.groups.iter().map(|it| Group::new(t, it, code.as_str(), root, year)).collect()
}

/// Children by kind, and how many there are in all.
fn children(
    visit: &Visit,
    published: &Published,
    code: &OrgCode,
    year: Year,
    all: bool,
) -> (Vec<ChildGroup>, usize) {
    let t = visit.t();
    let tree = published.tree(year);
    let mut kinds: BTreeMap<(&str, &str), Vec<(String, String)>> = BTreeMap::new();
    let mut total = 0_usize;
    for child in tree.children(code) {
        if all || total < SHOWN {
            kinds.entry((&child.level, &child.kind)).or_default().push(link(t, child));
        }
        total += 1;
    }
    let groups = kinds.into_iter().map(|((level, kind), members)| ChildGroup {
        title: if kind.is_empty() { visit.level(level) } else { title(t, published, "kind", kind) },
        members,
    });
    (groups.collect(), total)
}
