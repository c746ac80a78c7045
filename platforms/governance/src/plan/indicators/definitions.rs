//! Definitions: kind, numerator and denominator; one that must divide by zero is refused.

use model::exact::Decimal;
use model::indicator::{Condition, Definition, Kind, OrgFilter, Part, Term};

use crate::plan::header::filter;
use crate::plan::links::{Links, To};
use declarations::choices;
use declarations::{Entry, short};

const KINDS: [&str; 10] = [
    "share",
    "ratio",
    "rate",
    "mean",
    "count",
    "cohort",
    "dispersion",
    "units",
    "pass_count",
    "composite",
];

/// Furthest a term may look back.
const MAX_YEARS_BEFORE: u16 = 50;

/// Reads one `[[indicator.definition]]`.
pub(super) fn read(entry: &Entry<'_>, links: &Links) -> Option<Definition> {
    let version: Option<u16> = entry.need_small("version");
    let label = entry.need_bilingual("label");
    let kind = kind(entry, links);
    let numerator = terms(entry, "numerator", links);
    let denominator = terms(entry, "denominator", links);
    let source = entry.need_bilingual_or_text("source");
    let note = entry.bilingual("note");
    let paired = entry.flag("paired", false);
    let expected = entry.entry("expected").map(|it| expected(&it, links)).unwrap_or_default();
    entry.done();
    let kind = kind?;
    if !expected.is_empty()
        && matches!(kind, Kind::Units { .. } | Kind::PassCount { .. } | Kind::Composite { .. })
    {
        let what = format!("`expected` in a definition of kind `{}`", kind.as_str());
        let hint =
            "remove it: units are those of the level, and other indicators say it themselves";
        entry.fault_at(&entry.place_of("expected"), what, hint);
    }
    if paired && !matches!(kind, Kind::Share | Kind::Ratio | Kind::Rate { .. } | Kind::Mean) {
        let what = format!("a {} that is `paired`", kind.as_str());
        entry.fault_at(
            &entry.place_of("paired"),
            what,
            "remove it: only shares, ratios, rates and means are",
        );
    }
    if entry.is_sound() {
        parts(entry, &kind, &numerator, &denominator);
    }
    Some(Definition {
        version: version?,
        label: label?,
        kind,
        numerator,
        denominator,
        paired,
        expected,
        source: source?,
        note: note.unwrap_or_default(),
        place: entry.place(),
    })
}

fn expected(entry: &Entry<'_>, links: &Links) -> OrgFilter {
    let expected = filter(entry, links);
    entry.done();
    if expected.is_empty() {
        entry.fault(
            "`expected` names nobody",
            "write kinds, founders, stages or area_classes, or remove it",
        );
    }
    expected
}

fn kind(entry: &Entry<'_>, links: &Links) -> Option<Kind> {
    let word = entry.need_word("kind")?;
    Some(match word.text {
        "share" => Kind::Share,
        "ratio" => Kind::Ratio,
        "rate" => Kind::Rate { per: per(entry)? },
        "mean" => Kind::Mean,
        "count" => Kind::Count,
        "cohort" => Kind::Cohort,
        "dispersion" => Kind::Dispersion {
            level: level(entry, links)?,
            weighted: entry.flag("weighted", true),
            least: entry.decimal("least").unwrap_or(Decimal::ZERO),
        },
        "units" => Kind::Units { level: level(entry, links)? },
        "pass_count" => pass_count(entry, links)?,
        "composite" => Kind::Composite { parts: composite(entry, links)? },
        other => {
            let what = format!("`{}` is no kind of indicator", short(other));
            entry.fault_at(&word.place, what, format!("write {}", choices(KINDS)));
            return None;
        }
    })
}

fn level(entry: &Entry<'_>, links: &Links) -> Option<String> {
    entry.need_word("level").map(|it| links.to(To::Level, &it))
}

fn per(entry: &Entry<'_>) -> Option<i64> {
    let per: i64 = entry.need_small("per")?;
    if per <= 0 {
        entry.fault_at(
            &entry.place_of("per"),
            format!("a rate per {per}"),
            "write a number such as 1000",
        );
        return None;
    }
    Some(per)
}

fn pass_count(entry: &Entry<'_>, links: &Links) -> Option<Kind> {
    let level = level(entry, links);
    let need: Option<usize> = entry.need_small("need");
    let others_reach = entry.decimal("others_reach");
    let mut conditions = Vec::new();
    for item in entry.entries("conditions") {
        let indicator = item.need_word("indicator");
        let (least, most) = (item.decimal("at_least"), item.decimal("at_most"));
        item.done();
        let (limit, at_most) = match (least, most) {
            (Some(limit), None) => (limit, false),
            (None, Some(limit)) => (limit, true),
            _ => {
                item.fault("a condition has one limit", "write either `at_least` or `at_most`");
                continue;
            }
        };
        conditions.push(Condition {
            indicator: links.to(To::Indicator, &indicator?),
            limit,
            at_most,
        });
    }
    let (level, need) = (level?, need?);
    if need == 0 || need > conditions.len() {
        let what = format!("{need} of {} conditions", conditions.len());
        entry.fault_at(
            &entry.place_of("need"),
            what,
            "ask for at least one and no more than there are",
        );
        return None;
    }
    if others_reach.is_some_and(|it| it.is_negative() || it > Decimal::from_integer(1)) {
        let place = entry.place_of("others_reach");
        entry.fault_at(
            &place,
            "`others_reach` is no share",
            "write a number from 0 to 1, such as \"0.85\"",
        );
    }
    Some(Kind::PassCount { level, conditions, need, others_reach })
}

fn composite(entry: &Entry<'_>, links: &Links) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    for item in entry.entries("parts") {
        let (indicator, weight) = (item.need_word("indicator"), item.need_decimal("weight"));
        item.done();
        let (indicator, weight) = (links.to(To::Indicator, &indicator?), weight?);
        if weight.is_negative() {
            item.fault(format!("a weight of {weight}"), "write zero or more");
        }
        parts.push(Part { indicator, weight });
    }
    let all: Decimal = parts.iter().map(|it| it.weight).sum();
    if all.is_zero() {
        entry.fault(
            "the weights add up to zero",
            "give parts = [{ indicator = \"…\", weight = \"1\" }, …]",
        );
        return None;
    }
    Some(parts)
}

fn terms(entry: &Entry<'_>, key: &'static str, links: &Links) -> Vec<Term> {
    let mut terms = Vec::new();
    for item in entry.entries(key) {
        let measure = item.need_word("measure").map(|it| links.to(To::Measure, &it));
        let times = item.integer("times").unwrap_or(1);
        let years_before: u16 = item.small("years_before").unwrap_or(0);
        let organisations = filter(&item, links);
        let dimensions = item.lists("dimensions");
        item.done();
        if times == 0 {
            item.fault_at(&item.place_of("times"), "a term taken no times", "remove the term");
        }
        if years_before > MAX_YEARS_BEFORE {
            let what = format!("{years_before} years before");
            item.fault_at(
                &item.place_of("years_before"),
                what,
                format!("write {MAX_YEARS_BEFORE} at most"),
            );
        }
        let dimensions = dimensions.into_iter();
        let dimensions = dimensions
            .map(|(name, words)| {
                (name.text.to_owned(), words.iter().map(|it| it.text.to_owned()).collect())
            })
            .collect();
        let Some(measure) = measure else { continue };
        terms.push(Term { measure, times, years_before, organisations, dimensions });
    }
    terms
}

/// Each kind has the parts it is made of, and no whole that is zero whatever is measured.
fn parts(entry: &Entry<'_>, kind: &Kind, numerator: &[Term], denominator: &[Term]) {
    let word = kind.as_str();
    let (above, below) = match kind {
        Kind::Share
        | Kind::Ratio
        | Kind::Rate { .. }
        | Kind::Mean
        | Kind::Cohort
        | Kind::Dispersion { .. } => (Some(true), Some(true)),
        Kind::Count => (Some(true), Some(false)),
        // The units are those of the level, or those with a denominator above zero.
        Kind::Units { .. } => (Some(true), None),
        Kind::PassCount { .. } | Kind::Composite { .. } => (Some(false), Some(false)),
    };
    for (key, terms, needs) in
        [("numerator", numerator, above), ("denominator", denominator, below)]
    {
        let Some(needs) = needs else { continue };
        if needs && terms.is_empty() {
            entry.fault(
                format!("a {word} without a {key}"),
                format!("add {key} = [{{ measure = \"…\" }}]"),
            );
        } else if !needs && !terms.is_empty() {
            let place = entry.place_of(key);
            entry.fault_at(&place, format!("a {word} has no {key}"), format!("remove `{key}`"));
        }
    }
    if !denominator.is_empty() && cancels(denominator) {
        let place = entry.place_of("denominator");
        let what = "the terms of the denominator cancel out: it is always zero";
        entry.fault_at(&place, what, "take other measures, or other `times`");
    }
}

/// Whether the terms add up to nothing, whatever they measure.
fn cancels(terms: &[Term]) -> bool {
    terms.iter().all(|term| {
        let same = |it: &&Term| {
            it.measure == term.measure
                && it.years_before == term.years_before
                && it.organisations == term.organisations
                && it.dimensions == term.dimensions
        };
        terms.iter().filter(same).map(|it| i128::from(it.times)).sum::<i128>() == 0
    })
}
