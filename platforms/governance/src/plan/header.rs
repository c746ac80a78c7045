//! `plan.toml`: what the plan is, and the words it uses.

use std::collections::BTreeMap;

use jiff::tz::Offset;
use model::indicator::OrgFilter;
use model::plan::{Group, Level, Numbering};
use model::text::Bilingual;
use model::year::Year;

use super::codes::Lists;
use super::links::{Links, To};
use declarations::choices;
use declarations::{Entry, short};

/// Most years a plan may span; a longer one is a slip of the pen.
const MAX_YEARS: u16 = 50;

/// The attributes of organisations whose codes have titles.
const ATTRIBUTES: [&str; 5] = ["kind", "founder", "stage", "area_class", "hierarchy"];

/// The header of a plan.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) code: String,
    pub(super) name: Bilingual,
    pub(super) city: Bilingual,
    pub(super) offset: Option<Offset>,
    pub(super) first_year: Year,
    pub(super) last_year: Year,
    pub(super) baseline_year: Year,
    pub(super) levels: Vec<Level>,
    pub(super) side_levels: Vec<Level>,
    pub(super) groups: Vec<Group>,
    pub(super) vocabulary: BTreeMap<String, BTreeMap<String, Bilingual>>,
}

/// Reads `plan.toml`.
pub(super) fn read(root: &Entry<'_>, lists: &Lists, links: &Links) -> Option<Header> {
    root.words("uses");
    let code = root.need_word("code");
    let (name, city) = (root.need_bilingual("name"), root.need_bilingual("city"));
    let offset = offset(root);
    let first_year = root.need_year("first_year");
    let last_year = root.need_year("last_year");
    let baseline_year = root.need_year("baseline_year");
    let own_levels = levels(root, "level", links);
    let side_levels = levels(root, "side_level", links);
    let groups = root.entries("group");
    let groups = groups.iter().filter_map(|it| named(it, "group", To::Group, links));
    let groups = groups.map(|(code, name)| Group { code, name }).collect();
    let vocabulary = vocabulary(root, lists, links);
    root.done();

    let plain = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-';
    if let Some(code) = code.as_ref().filter(|it| !it.text.bytes().all(plain) || it.text.len() > 60)
    {
        let what = format!("`{}` cannot be the code of a plan", short(code.text));
        root.fault_at(&code.place, what, "use lower-case letters, digits and `-`, 60 at most");
    }
    if let (Some(first), Some(last)) = (first_year, last_year) {
        let place = root.place_of("last_year");
        if last < first {
            root.fault_at(
                &place,
                format!("the plan ends in {last}, before it begins"),
                "write the last year",
            );
        } else if last.number() - first.number() > MAX_YEARS {
            let what = format!("the plan spans {first} to {last}");
            root.fault_at(&place, what, format!("write {MAX_YEARS} years at most"));
        }
    }
    if let (Some(first), Some(baseline)) = (first_year, baseline_year) {
        let place = root.place_of("baseline_year");
        if baseline > first || first.number() - baseline.number() > MAX_YEARS {
            let what = format!("the baseline is {baseline} and the plan begins in {first}");
            root.fault_at(&place, what, "write the year before the plan begins");
        }
    }
    if own_levels.is_empty() {
        root.fault("there are no levels", "add [[level]] tables, from the whole to the smallest");
    }
    Some(Header {
        code: code?.text.to_owned(),
        name: name?,
        city: city?,
        offset,
        first_year: first_year?,
        last_year: last_year?,
        baseline_year: baseline_year?,
        levels: own_levels,
        side_levels,
        groups,
        vocabulary,
    })
}

/// How far the city's clocks are from UTC. A plan that does not tell it is shown in UTC.
fn offset(root: &Entry<'_>) -> Option<Offset> {
    let word = root.word("offset")?;
    let offset = model::offset(word.text);
    if offset.is_none() {
        let what = format!("`{}` is no distance from UTC", short(word.text));
        root.fault_at(&word.place, what, "write it as `+08:00`");
    }
    offset
}

fn levels(root: &Entry<'_>, key: &'static str, links: &Links) -> Vec<Level> {
    let mut found = Vec::new();
    for entry in root.entries(key) {
        let numbering = entry.word("numbering").and_then(|it| {
            let known = Numbering::parse(it.text);
            if known.is_none() {
                let what = format!("`{}` is no numbering of organisations", short(it.text));
                entry.fault_at(&it.place, what, "write `school` or `division`, or leave it out");
            }
            known
        });
        let Some((code, name)) = named(&entry, key, To::Level, links) else { continue };
        found.push(Level { code, name, numbering });
    }
    found
}

fn named(
    entry: &Entry<'_>,
    key: &'static str,
    to: To,
    links: &Links,
) -> Option<(String, Bilingual)> {
    let (code, name) = (entry.need_text("code"), entry.need_bilingual("name"));
    entry.done();
    let (code, name) = (code?, name?);
    if !links.declare(to, &code) {
        entry.fault(format!("the {key} `{}` is declared twice", short(&code)), "keep one of them");
    }
    Some((code, name))
}

/// The titles of organisations' codes: which list stands for which attribute.
fn vocabulary(
    root: &Entry<'_>,
    lists: &Lists,
    links: &Links,
) -> BTreeMap<String, BTreeMap<String, Bilingual>> {
    let mut vocabulary = BTreeMap::new();
    for (attribute, names) in root.lists("vocabulary") {
        if !ATTRIBUTES.contains(&attribute.text) {
            let what = format!("organisations have no attribute `{}`", short(attribute.text));
            root.fault_at(&attribute.place, what, format!("write {}", choices(ATTRIBUTES)));
        }
        let mut titles = BTreeMap::new();
        for name in &names {
            let items = lists.get(&links.to(To::List, name)).into_iter().flatten();
            titles.extend(items.map(|it| (it.code.clone(), it.title.clone())));
        }
        let to = match attribute.text {
            "kind" => Some(To::Kind),
            "founder" => Some(To::Founder),
            "stage" => Some(To::Stage),
            "area_class" => Some(To::AreaClass),
            _ => None,
        };
        for code in titles.keys() {
            to.map(|to| links.declare(to, code));
        }
        vocabulary.insert(attribute.text.to_owned(), titles);
    }
    vocabulary
}

/// Reads which organisations a term or a count takes: `kinds`, `founders`, `stages`, `area_classes`.
pub(super) fn filter(entry: &Entry<'_>, links: &Links) -> OrgFilter {
    OrgFilter {
        kinds: links.all(To::Kind, &entry.words("kinds")),
        founders: links.all(To::Founder, &entry.words("founders")),
        stages: links.all(To::Stage, &entry.words("stages")),
        area_classes: links.all(To::AreaClass, &entry.words("area_classes")),
    }
}
