//! `indicators.toml`: what the plan measures, its targets and its definitions.

mod definitions;
mod targets;

use model::indicator::{Baseline, Definition, Indicator};
use model::target::{Direction, PlanTarget};
use model::year::Year;

use super::PlanError;
use super::links::{Links, To};
use declarations::{Entry, Word, short};

/// Most digits after the point that a figure is published with.
const MAX_DECIMALS: u8 = 6;

/// Reads `[[indicator]]` tables.
pub(super) fn read(root: &Entry<'_>, links: &Links) -> Vec<Indicator> {
    let indicators =
        root.entries("indicator").iter().filter_map(|it| indicator(it, links)).collect();
    root.done();
    indicators
}

/// Definitions whose source is told in one language. Plans were not always asked for both.
pub(super) fn in_one_language(indicator: &Indicator) -> impl Iterator<Item = PlanError> {
    let alone = indicator.definitions.iter().filter(|it| it.source.en.is_empty());
    alone.map(|it| {
        let hint = "write source = { zh = \"…\", en = \"…\" }";
        PlanError::at(&it.place, "the source of the definition is in one language", hint)
    })
}

fn indicator(entry: &Entry<'_>, links: &Links) -> Option<Indicator> {
    let code = entry.need_word("code");
    let number = entry.need_small("number");
    let group = entry.need_word("group").map(|it| links.to(To::Group, &it));
    let (name, unit) = (entry.need_bilingual("name"), entry.need_bilingual("unit"));
    let decimals: Option<u8> = entry.need_small("decimals");
    let binding = entry.flag("binding", false);
    let direction = direction(entry);
    let finest_level = entry.need_word("finest_level").map(|it| links.to(To::Level, &it));
    let clauses = links.all(To::Clause, &entry.words("clauses"));
    let baseline = entry.entry("baseline").and_then(|it| baseline(&it));
    let target_entries = entry.entries("target");
    let definition_entries = entry.entries("definition");
    let published: Option<u16> = entry.small("published");
    let published_place = entry.place_of("published");
    entry.done();

    if let Some(code) = &code {
        coded(entry, code, links);
    }
    if decimals.is_some_and(|it| it > MAX_DECIMALS) {
        let place = entry.place_of("decimals");
        entry.fault_at(&place, "too many decimals", format!("publish {MAX_DECIMALS} at most"));
    }
    let definitions: Vec<Definition> =
        definition_entries.iter().filter_map(|it| definitions::read(it, links)).collect();
    let sound = definitions.len() == definition_entries.len();
    if definition_entries.is_empty() {
        entry.fault("the indicator has no definition", "add [[indicator.definition]]");
    }
    for (index, definition) in definitions.iter().enumerate() {
        if definitions.iter().take(index).any(|it| it.version == definition.version) {
            let what = format!("version {} is there twice", definition.version);
            entry.fault_at(&definition.place, what, "give every definition a number of its own");
        }
    }
    let first = definitions.first().map(|it| it.version);
    let published = published.or(first);
    let shown = definitions.iter().find(|it| Some(it.version) == published);
    if let (Some(version), None, true) = (published, shown, sound) {
        let what = format!("`published` names version {version}, which there is not");
        let versions: Vec<String> = definitions.iter().map(|it| it.version.to_string()).collect();
        let versions = versions.iter().map(String::as_str);
        entry.fault_at(
            &published_place,
            what,
            format!("write {}", declarations::choices(versions)),
        );
    }
    let direction = direction?;
    let asked =
        targets::Asked { direction, baseline: baseline.as_ref(), definitions: &definitions, shown };
    let targets: Vec<PlanTarget> =
        target_entries.iter().filter_map(|it| targets::read(it, &asked, links)).collect();
    Some(Indicator {
        code: code?.text.to_owned(),
        number: number?,
        group: group?,
        name: name?,
        unit: unit?,
        decimals: decimals?,
        binding,
        direction,
        finest_level: finest_level?,
        clauses,
        baseline,
        targets,
        definitions,
        published: published?,
        place: entry.place(),
    })
}

/// A code becomes part of an address: letters, digits, `-` and `_`.
fn coded(entry: &Entry<'_>, code: &Word<'_>, links: &Links) {
    let plain = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_');
    if code.text.len() > 32 || !code.text.bytes().all(plain) {
        let what = format!("`{}` cannot be the code of an indicator", short(code.text));
        entry.fault_at(&code.place, what, "use letters, digits, `-` and `_`, 32 at most");
    }
    if !links.declare(To::Indicator, code.text) {
        let what = format!("the indicator `{}` is declared twice", short(code.text));
        entry.fault_at(&code.place, what, "keep one of them, or give it another code");
    }
}

fn direction(entry: &Entry<'_>) -> Option<Direction> {
    let word = entry.need_word("direction")?;
    match word.text {
        "up" => Some(Direction::Up),
        "down" => Some(Direction::Down),
        other => {
            let what = format!("`{}` is no direction", short(other));
            entry.fault_at(&word.place, what, "write `up` where higher is better, else `down`");
            None
        }
    }
}

fn baseline(entry: &Entry<'_>) -> Option<Baseline> {
    let (year, value) = (entry.need_year("year"), entry.need_decimal("value"));
    let printed = entry.word("printed").map(|it| it.text.to_owned());
    entry.done();
    let (year, value): (Year, _) = (year?, value?);
    Some(Baseline { year, value, printed: printed.unwrap_or_else(|| value.to_string()) })
}
