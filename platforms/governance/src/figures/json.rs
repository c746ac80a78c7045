//! Figures as documented JSON objects, the same for the command line and the API.
//!
//! Field names are stable. Exact numbers are texts with the digits that are published (`"93.0"`);
//! what is not known is `null`, never zero. Instants are UTC in RFC 3339.

use std::collections::BTreeMap;

use model::figure::Figure;
use model::indicator::{Definition, Indicator};
use model::organisation::Organisation;
use model::target::{Judgement, PlanTarget, Status};
use model::{Bilingual, OrgCode, Year};
use serde::Serialize;

use super::{Alternative, Change, Published, Scoreboard, Standing};

/// A text in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Text {
    pub zh: String,
    pub en: String,
}

/// Which versions the figures were evaluated from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReleaseObject {
    pub id: String,
    pub plan: String,
    pub plan_version: String,
    pub recorded_at: String,
    pub known_at: String,
    /// Version of each dataset's table.
    pub tables: BTreeMap<String, u64>,
}

/// An organisation as it was in the year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OrganisationObject {
    pub code: String,
    pub name: Text,
    pub level: String,
}

/// Names of an indicator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IndicatorObject {
    pub code: String,
    pub number: u16,
    pub group: String,
    pub name: Text,
    pub unit: Text,
    pub decimals: u8,
    pub binding: bool,
    /// `up` when more is better, else `down`.
    pub direction: &'static str,
    pub finest_level: String,
    pub clauses: Vec<String>,
    pub baseline: Option<BaselineObject>,
}

/// Where the indicator stood when the plan began, as the plan prints it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BaselineObject {
    pub year: u16,
    pub value: String,
    pub printed: String,
}

/// One version of an indicator's definition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DefinitionObject {
    pub version: u16,
    /// `share`, `ratio`, `rate`, `mean`, `count`, `cohort`, `dispersion`, `units`, `pass_count` or `composite`.
    pub kind: &'static str,
    pub label: Text,
    /// Standard or document, and clause.
    pub source: Text,
    pub note: Text,
}

/// One figure with its parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FigureObject {
    pub year: u16,
    /// Rounded as published.
    pub value: Option<String>,
    pub numerator: Option<String>,
    pub denominator: Option<String>,
    pub coverage: CoverageObject,
    /// `reported`, `partial`, `missing`, `not_applicable` or `suppressed`.
    pub observation: &'static str,
}

/// Units that reported, of units that should have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct CoverageObject {
    pub reported: u32,
    pub expected: u32,
}

/// A target as the plan states it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TargetObject {
    /// `at_least`, `exceed`, `at_most`, `hold`, `all_units`, `milestones`, `never_decrease` or `deliverable`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub value: Option<String>,
    pub by: Option<u16>,
    pub printed: String,
    pub label: Text,
    pub clauses: Vec<String>,
}

/// How a figure moved since the year before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChangeObject {
    pub by: String,
    /// `better`, `same` or `worse`.
    pub trend: &'static str,
}

/// An indicator against its target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StandingObject {
    pub indicator: IndicatorObject,
    pub definition: DefinitionObject,
    pub figure: Option<FigureObject>,
    pub target: Option<TargetObject>,
    /// `met`, `on_track`, `behind`, `missed`, `not_due` or `no_data`; `null` without a target.
    pub status: Option<&'static str>,
    /// How far to the target, in the indicator's unit; zero when it is reached.
    pub distance: Option<String>,
    /// Where the straight path to the target stands in the year.
    pub path: Option<String>,
    pub change: Option<ChangeObject>,
    pub series: Vec<FigureObject>,
    pub alternatives: Vec<AlternativeObject>,
}

/// Another definition or target of the same indicator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AlternativeObject {
    pub definition: DefinitionObject,
    pub figure: Option<FigureObject>,
    pub target: Option<TargetObject>,
    pub status: Option<&'static str>,
    pub distance: Option<String>,
}

/// The indicators of one group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GroupObject {
    pub code: String,
    pub name: Text,
    /// Whether the group stands in the plan's own table; `counts` of the scoreboard are of these.
    pub is_table: bool,
    pub counts: BTreeMap<&'static str, usize>,
    pub standings: Vec<StandingObject>,
}

/// `haihe scoreboard --format json`: all indicators of an organisation in a year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ScoreboardObject {
    pub release: ReleaseObject,
    pub organisation: OrganisationObject,
    pub year: u16,
    /// How many indicators of the plan's own table have each status.
    pub counts: BTreeMap<&'static str, usize>,
    pub groups: Vec<GroupObject>,
}

/// `haihe figures --format json`: one indicator of every organisation of a level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FiguresObject {
    pub release: ReleaseObject,
    pub indicator: IndicatorObject,
    pub definition: DefinitionObject,
    /// The hierarchy that figures were added up along: `administrative`, or another of the city.
    pub hierarchy: String,
    pub level: String,
    /// By year, then code.
    pub rows: Vec<FigureRow>,
}

/// One organisation and year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FigureRow {
    pub code: String,
    pub name: Text,
    #[serde(flatten)]
    pub figure: FigureObject,
    pub status: Option<&'static str>,
    pub distance: Option<String>,
}

impl ScoreboardObject {
    pub fn of(published: &Published, board: &Scoreboard<'_>) -> Self {
        let counts = |counts: &BTreeMap<Status, usize>| {
            counts.iter().map(|(status, found)| (status.as_str(), *found)).collect()
        };
        let groups = board.groups.iter().map(|it| GroupObject {
            code: it.group.code.clone(),
            name: text(&it.group.name),
            is_table: it.is_table,
            counts: counts(&it.counts),
            standings: it.standings.iter().map(StandingObject::of).collect(),
        });
        Self {
            release: ReleaseObject::of(published),
            organisation: OrganisationObject::of(&board.org),
            year: board.year.number(),
            counts: counts(&board.counts),
            groups: groups.collect(),
        }
    }
}

impl FiguresObject {
    /// One indicator of a level in some years, of an organisation and those below it only, if one is named. `None` when
    /// there is no such indicator.
    pub fn of(
        published: &Published,
        indicator: &str,
        level: &str,
        within: Option<&OrgCode>,
        years: &[Year],
    ) -> Option<Self> {
        let found = published.plan().indicator(indicator)?;
        let definition = found.definition()?;
        let mut rows = Vec::new();
        for year in years {
            let judged = published.judged(indicator, level, within, *year)?;
            rows.extend(judged.into_iter().map(|it| FigureRow {
                code: it.org.code.to_string(),
                name: text(&it.org.name),
                figure: FigureObject::of(&it.figure),
                status: it.judgement.map(|it| it.status.as_str()),
                distance: distance(it.judgement),
            }));
        }
        Some(Self {
            release: ReleaseObject::of(published),
            indicator: IndicatorObject::of(found),
            definition: DefinitionObject::of(definition),
            hierarchy: published.frame().hierarchy.clone(),
            level: level.to_owned(),
            rows,
        })
    }
}

impl ReleaseObject {
    pub fn of(published: &Published) -> Self {
        let release = published.release();
        Self {
            id: release.id.clone(),
            plan: published.plan().code.clone(),
            plan_version: release.plan_version.clone(),
            recorded_at: release.recorded_at.to_string(),
            known_at: release.known_at.to_string(),
            tables: release.tables.clone(),
        }
    }
}

impl OrganisationObject {
    pub fn of(organisation: &Organisation) -> Self {
        Self {
            code: organisation.code.to_string(),
            name: text(&organisation.name),
            level: organisation.level.clone(),
        }
    }
}

impl StandingObject {
    pub fn of(standing: &Standing<'_>) -> Self {
        Self {
            indicator: IndicatorObject::of(standing.indicator),
            definition: DefinitionObject::of(standing.definition),
            figure: standing.figure.as_ref().map(FigureObject::of),
            target: standing.target.map(TargetObject::of),
            status: standing.judgement.map(|it| it.status.as_str()),
            distance: distance(standing.judgement),
            path: standing.path.map(|it| it.to_string()),
            change: standing.change.map(ChangeObject::of),
            series: standing.series.iter().map(FigureObject::of).collect(),
            alternatives: standing.alternatives.iter().map(AlternativeObject::of).collect(),
        }
    }
}

impl AlternativeObject {
    pub fn of(alternative: &Alternative<'_>) -> Self {
        Self {
            definition: DefinitionObject::of(alternative.definition),
            figure: alternative.figure.as_ref().map(FigureObject::of),
            target: alternative.target.map(TargetObject::of),
            status: alternative.judgement.map(|it| it.status.as_str()),
            distance: distance(alternative.judgement),
        }
    }
}

impl IndicatorObject {
    pub fn of(indicator: &Indicator) -> Self {
        Self {
            code: indicator.code.clone(),
            number: indicator.number,
            group: indicator.group.clone(),
            name: text(&indicator.name),
            unit: text(&indicator.unit),
            decimals: indicator.decimals,
            binding: indicator.binding,
            direction: match indicator.direction {
                model::target::Direction::Up => "up",
                model::target::Direction::Down => "down",
            },
            finest_level: indicator.finest_level.clone(),
            clauses: indicator.clauses.clone(),
            baseline: indicator.baseline.as_ref().map(|it| BaselineObject {
                year: it.year.number(),
                value: it.value.to_string(),
                printed: it.printed.clone(),
            }),
        }
    }
}

impl DefinitionObject {
    pub fn of(definition: &Definition) -> Self {
        Self {
            version: definition.version,
            kind: definition.kind.as_str(),
            label: text(&definition.label),
            source: text(&definition.source),
            note: text(&definition.note),
        }
    }
}

impl FigureObject {
    pub fn of(figure: &Figure) -> Self {
        let digits = |it: Option<model::Decimal>| it.map(|it| it.to_string());
        Self {
            year: figure.year.number(),
            value: digits(figure.value),
            numerator: digits(figure.numerator),
            denominator: digits(figure.denominator),
            coverage: CoverageObject {
                reported: figure.coverage.reported,
                expected: figure.coverage.expected,
            },
            observation: figure.observation.as_str(),
        }
    }
}

impl TargetObject {
    pub fn of(target: &PlanTarget) -> Self {
        Self {
            kind: target.target.as_str(),
            value: target.target.value().map(|it| it.to_string()),
            by: target.target.due().map(Year::number),
            printed: target.printed.clone(),
            label: text(&target.label),
            clauses: target.clauses.clone(),
        }
    }
}

impl ChangeObject {
    pub fn of(change: Change) -> Self {
        Self { by: change.by.to_string(), trend: change.trend.as_str() }
    }
}

pub(crate) fn text(text: &Bilingual) -> Text {
    Text { zh: text.zh.clone(), en: text.en.clone() }
}

fn distance(judgement: Option<Judgement>) -> Option<String> {
    judgement.and_then(|it| it.distance).map(|it| it.to_string())
}
