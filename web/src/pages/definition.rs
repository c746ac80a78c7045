//! Definitions in words, side by side, with what each of them gives.

use governance::figures::{Published, Standing};
use model::indicator::{Definition, Kind, OrgFilter, Term};
use model::measure::{Aggregate, Measure};
use model::plan::Plan;
use model::target::{Judgement, PlanTarget};

use super::clause;
use super::judged::Judged;
use crate::numbers;
use crate::text::Text;

/// One version of a definition, worded.
#[derive(Debug)]
pub(crate) struct DefinitionView {
    pub(crate) version: u16,
    pub(crate) published: bool,
    pub(crate) label: String,
    pub(crate) kind: String,
    pub(crate) numerator: Vec<TermView>,
    pub(crate) denominator: Vec<TermView>,
    /// Other indicators it is made of: name and address.
    pub(crate) made_of: Vec<(String, String)>,
    /// Whom it means of those that owe its datasets; empty where it means all of them.
    pub(crate) expected: String,
    pub(crate) source: String,
    pub(crate) note: String,
    pub(crate) value: String,
}

/// One summand, worded.
#[derive(Debug)]
pub(crate) struct TermView {
    /// Sign and factor, such as `+ 2 ×`; empty for a plain first summand.
    pub(crate) factor: String,
    pub(crate) words: String,
    pub(crate) measure: String,
    pub(crate) filter: Option<String>,
}

/// One target the plan states, with the standing against it.
#[derive(Debug)]
pub(crate) struct TargetView {
    pub(crate) printed: String,
    pub(crate) label: String,
    pub(crate) kind: String,
    pub(crate) due: String,
    pub(crate) version: u16,
    pub(crate) value: String,
    pub(crate) status: Judged,
    pub(crate) distance: String,
    pub(crate) clauses: Vec<(String, String)>,
}

impl DefinitionView {
    pub(crate) fn all(t: Text, published: &Published, standing: &Standing<'_>) -> Vec<Self> {
        let value = |version: u16| {
            let own = standing.definition.version == version;
            let other = standing.alternatives.iter().find(|it| it.definition.version == version);
            let figure = if own { standing.figure.as_ref() } else { other?.figure.as_ref() };
            figure?.value
        };
        let plan = published.plan();
        let all = standing.indicator.definitions.iter();
        all.map(|it| Self {
            published: it.version == standing.definition.version,
            value: t.figure(value(it.version)),
            ..Self::new(t, plan, it)
        })
        .collect()
    }

    /// A definition without a figure.
    pub(crate) fn new(t: Text, plan: &Plan, definition: &Definition) -> Self {
        let terms = |terms: &[Term]| -> Vec<TermView> {
            terms.iter().enumerate().map(|(at, it)| TermView::new(t, plan, it, at == 0)).collect()
        };
        Self {
            version: definition.version,
            published: false,
            label: t.of(&definition.label).to_owned(),
            kind: kind(t, plan, &definition.kind),
            numerator: terms(&definition.numerator),
            denominator: terms(&definition.denominator),
            made_of: made_of(t, plan, &definition.kind),
            expected: titles(t, plan, &definition.expected).join(&t.get("list-comma")),
            source: t.of(&definition.source).to_owned(),
            note: t.of(&definition.note).to_owned(),
            value: t.figure(None),
        }
    }
}

fn level(t: Text, plan: &Plan, level: &str) -> String {
    plan.level(level).map_or_else(|| level.to_owned(), |it| t.of(&it.name).to_owned())
}

/// What is done with the terms, in words.
fn kind(t: Text, plan: &Plan, kind: &Kind) -> String {
    let key = format!("kind-{}", kind.as_str());
    match kind {
        Kind::Rate { per } => t.with(&key, "per", per),
        Kind::Dispersion { level: of, weighted, least } => {
            let how = if *weighted { "kind-weighted" } else { "kind-plain" };
            let values = [
                ("level", level(t, plan, of)),
                ("how", t.get(how)),
                ("least", numbers::stated(*least)),
            ];
            t.fill(&key, &values)
        }
        Kind::Units { level: of } => t.with(&key, "level", level(t, plan, of)),
        Kind::PassCount { level: of, need, conditions, .. } => t.fill(
            &key,
            &[
                ("level", level(t, plan, of)),
                ("need", need.to_string()),
                ("of", conditions.len().to_string()),
            ],
        ),
        Kind::Share
        | Kind::Ratio
        | Kind::Mean
        | Kind::Count
        | Kind::Cohort
        | Kind::Composite { .. } => t.get(&key),
    }
}

fn made_of(t: Text, plan: &Plan, kind: &Kind) -> Vec<(String, String)> {
    let named = |code: &str, more: String| {
        let name = plan.indicator(code).map_or(code, |it| t.of(&it.name));
        (format!("{name}{more}"), t.href(&format!("/indicators/{code}")))
    };
    match kind {
        Kind::Composite { parts } => parts
            .iter()
            .map(|it| named(&it.indicator, format!(" × {}", numbers::stated(it.weight))))
            .collect(),
        Kind::PassCount { conditions, .. } => conditions
            .iter()
            .map(|it| {
                let sign = if it.at_most { "≤" } else { "≥" };
                named(&it.indicator, format!(" {sign} {}", numbers::stated(it.limit)))
            })
            .collect(),
        Kind::Share
        | Kind::Ratio
        | Kind::Rate { .. }
        | Kind::Mean
        | Kind::Count
        | Kind::Cohort
        | Kind::Dispersion { .. }
        | Kind::Units { .. } => Vec::new(),
    }
}

impl TermView {
    pub(crate) fn new(t: Text, plan: &Plan, term: &Term, first: bool) -> Self {
        let measure = plan.measure(&term.measure);
        Self {
            factor: factor(term.times, first),
            words: words(t, plan, term),
            measure: term.measure.clone(),
            filter: measure.and_then(|it| it.filter.clone()),
        }
    }
}

fn factor(times: i64, first: bool) -> String {
    let sign = if times < 0 {
        "− "
    } else if first {
        ""
    } else {
        "+ "
    };
    match times.unsigned_abs() {
        1 => sign.to_owned(),
        times => format!("{sign}{times} × "),
    }
}

/// Such as: pupils in grade 1 (only primary schools) (8 years before).
fn words(t: Text, plan: &Plan, term: &Term) -> String {
    let Some(measure) = plan.measure(&term.measure) else {
        return term.measure.clone();
    };
    let mut text = counted(t, plan, measure);
    for which in titles(t, plan, &term.organisations) {
        text += &t.with("term-only", "which", which);
    }
    for (dimension, values) in &term.dimensions {
        let which = format!("{dimension} = {}", values.join(&t.get("list-comma")));
        text += &t.with("term-only", "which", which);
    }
    if term.years_before > 0 {
        text += &t.count("term-before", usize::from(term.years_before));
    }
    text
}

/// What a filter asks of organisations, one text for each attribute.
fn titles(t: Text, plan: &Plan, filter: &OrgFilter) -> Vec<String> {
    let lists = [
        ("kind", &filter.kinds),
        ("founder", &filter.founders),
        ("stage", &filter.stages),
        ("area_class", &filter.area_classes),
    ];
    let asked = lists.into_iter().filter(|(_, codes)| !codes.is_empty());
    let title = |attribute: &str, code: &str| {
        plan.title(attribute, code).map_or_else(|| code.to_owned(), |it| t.of(it).to_owned())
    };
    let titles = asked.map(|(attribute, codes)| -> Vec<String> {
        codes.iter().map(|it| title(attribute, it)).collect()
    });
    titles.map(|it| it.join(&t.get("list-comma"))).collect()
}

/// What a measure counts: in the plan's own words, or in those of its declaration.
fn counted(t: Text, plan: &Plan, measure: &Measure) -> String {
    let title = t.of(&measure.title);
    if !title.is_empty() {
        return title.to_owned();
    }
    let dataset = plan.datasets.get(&measure.dataset);
    let dataset = dataset.map_or(measure.dataset.as_str(), |it| t.of(&it.title));
    let values = [("dataset", dataset.to_owned()), ("of", measure.of.clone().unwrap_or_default())];
    let key = match measure.aggregate {
        Aggregate::Count => "term-count",
        Aggregate::Sum => "term-sum",
        Aggregate::SumOfSquares => "term-sum-of-squares",
        Aggregate::Minimum => "term-minimum",
        Aggregate::Maximum => "term-maximum",
        Aggregate::Distinct => "term-distinct",
    };
    t.fill(key, &values)
}

impl TargetView {
    pub(crate) fn all(t: Text, standing: &Standing<'_>) -> Vec<Self> {
        let published = standing.definition.version;
        let own = standing.target.map(|it| {
            let value = standing.figure.as_ref().and_then(|it| it.value);
            Self::new(t, it, published, value, standing.judgement)
        });
        let others = standing.alternatives.iter().filter_map(|it| {
            let value = it.figure.as_ref().and_then(|it| it.value);
            Some(Self::new(t, it.target?, it.definition.version, value, it.judgement))
        });
        own.into_iter().chain(others).collect()
    }

    fn new(
        t: Text,
        target: &PlanTarget,
        version: u16,
        value: Option<model::Decimal>,
        judgement: Option<Judgement>,
    ) -> Self {
        Self {
            printed: t.target(target),
            label: t.of(&target.label).to_owned(),
            kind: t.get(&format!("target-{}", target.target.as_str())),
            due: target.target.due().map_or_else(String::new, |it| it.to_string()),
            version: target.definition.unwrap_or(version),
            value: t.figure(value),
            status: Judged::new(t, judgement),
            distance: t.figure(judgement.and_then(|it| it.distance)),
            clauses: clause::links(t, &target.clauses),
        }
    }
}
