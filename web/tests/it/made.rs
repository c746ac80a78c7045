//! A small published city, made by hand: one city, four districts, twelve schools, six years.

mod plan;

use std::sync::Arc;

use governance::collection::Organisations;
use governance::figures::Published;
use governance::release::Release;
use jiff::Timestamp;
use jiff::civil::date;
use model::dataset::{
    CodeItem, Column, ColumnKind, Dataset, Disclosure, Expected, Period, PersonId,
};
use model::indicator::{Baseline, Definition, Indicator, Kind, OrgFilter, Term};
use model::measure::{Aggregate, Measure};
use model::organisation::{
    ADMINISTRATIVE, Event, EventKind, History, Membership, Organisation, Recorded,
};
use model::plan::Plan;
use model::state::{State, StateColumn, StateKey, States};
use model::target::{Direction, PlanTarget, Target};
use model::year::MonthDay;
use model::{Bilingual, Decimal, OrgCode, Place, Year};

pub(crate) const DISTRICTS: [(&str, &str, &str); 4] = [
    ("990101", "东岸区", "East Bank"),
    ("990102", "西岸区", "West Bank"),
    ("990103", "河口区", "Estuary"),
    ("990104", "上游区", "Upper River"),
];

fn number(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn year(number: u16) -> Year {
    Year::new(number).unwrap()
}

fn org(code: &str) -> OrgCode {
    code.parse().unwrap()
}

fn both(zh: &str, en: &str) -> Bilingual {
    Bilingual::new(zh, en)
}

pub(crate) fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The city as published on 5 January 2026.
pub(crate) fn published() -> Published {
    published_with(7)
}

/// The same over a version of the pupils' table.
pub(crate) fn published_with(table: u64) -> Published {
    let release = Release {
        id: "20260105T120000-00c0ffee".to_owned(),
        plan_version: "9f3c21ab77".to_owned(),
        tables: [("pupils".to_owned(), table)].into(),
        known_at: instant("2026-01-05T11:00:00Z"),
        recorded_at: instant("2026-01-05T12:00:00Z"),
    };
    released(plan::plan(), release)
}

/// The same city as another release, under another plan.
pub(crate) fn released(plan: Plan, release: Release) -> Published {
    let states = [("pupils".to_owned(), states_of_pupils())].into();
    Published::new(Arc::new(plan), Arc::new(history()), states, release)
}

/// Which organisations rows may name.
pub(crate) fn organisations(published: &Published) -> Organisations<'_> {
    let levels = published.plan().levels.iter().map(|it| it.code.as_str());
    let now = instant("2026-01-05T10:00:00Z");
    Organisations::new(
        published.history(),
        MonthDay::SCHOOL_YEAR,
        levels,
        now,
        jiff::tz::Offset::UTC,
    )
}

fn history() -> History {
    let known = instant("2020-01-01T00:00:00Z");
    let organisation = |code: &str, name: Bilingual, level: &str, kind: &str| {
        let organisation = Organisation {
            code: org(code),
            name,
            level: level.to_owned(),
            kind: kind.to_owned(),
            founder: if kind.is_empty() {
                String::new()
            } else {
                "education_department".to_owned()
            },
            stages: if kind.is_empty() { Vec::new() } else { vec!["primary".to_owned()] },
            area_class: if kind.is_empty() { String::new() } else { "urban".to_owned() },
            valid_from: date(2000, 1, 1),
            valid_to: None,
        };
        Recorded::new(organisation, known)
    };
    let member = |child: &str, parent: &str| {
        let membership = Membership {
            hierarchy: ADMINISTRATIVE.to_owned(),
            child: org(child),
            parent: org(parent),
            valid_from: date(2000, 1, 1),
            valid_to: None,
        };
        Recorded::new(membership, known)
    };
    let mut organisations = vec![organisation("990000", both("江城市", "Jiangcheng"), "city", "")];
    let mut memberships = Vec::new();
    for (code, zh, en) in DISTRICTS {
        organisations.push(organisation(code, both(zh, en), "district", ""));
        memberships.push(member(code, "990000"));
        for school in 1..=3 {
            let own = format!("{code}{school:04}");
            let name =
                both(&format!("{zh}第{school}小学"), &format!("{en} Primary School {school}"));
            organisations.push(organisation(&own, name, "school", "primary"));
            memberships.push(member(&own, code));
        }
    }
    let merger = Event {
        kind: EventKind::Merger,
        on: date(2022, 9, 1),
        from: vec![org("9901010002")],
        to: vec![org("9901010001")],
        note: both("合并办学 <并校>", "merged <one school>"),
    };
    let boundary = Event {
        kind: EventKind::BoundaryChange,
        on: date(2010, 9, 1),
        from: vec![org("990102"), org("990101")],
        to: vec![org("9901010001")],
        note: Bilingual::default(),
    };
    let events = [boundary, merger].map(|it| Recorded::new(it, known));
    History::new(organisations, memberships, events.into())
}

/// 600, 640 … pupils a school; the good ones grow by a tenth of a percent and more each year.
fn states_of_pupils() -> States {
    let column = |measure: &str| StateColumn {
        measure: measure.to_owned(),
        aggregate: Aggregate::Count,
        scale: 0,
    };
    let mut rows = Vec::new();
    for (place, (code, _, _)) in (0..).zip(DISTRICTS) {
        for school in 1..=3_i128 {
            for at in 2020..=2025_u16 {
                // The last school of the last district reported nothing in the last year.
                if at == 2025 && code == "990104" && school == 3 {
                    continue;
                }
                let passed = i128::from(at - 2020);
                let pupils = 560 + 40 * school + 10 * place;
                let good = pupils * (870 + 8 * passed + 6 * place - 3 * school) / 1000;
                let short = pupils * (560 - 9 * passed + 12 * place) / 1000;
                let key = StateKey {
                    year: year(at),
                    org: org(&format!("{code}{school:04}")),
                    dimensions: Vec::new(),
                };
                let counts = [pupils, good, short].map(|it| State(Some(it)));
                rows.push((key, u64::try_from(pupils).unwrap(), counts));
            }
        }
    }
    States::of(["pupils", "good", "short_sighted"].map(column), rows)
}

fn term(measure: &str) -> Term {
    Term {
        measure: measure.to_owned(),
        times: 1,
        years_before: 0,
        organisations: OrgFilter::default(),
        dimensions: Vec::new(),
    }
}

fn share(version: u16, label: Bilingual, numerator: &str) -> Definition {
    Definition {
        version,
        label,
        kind: Kind::Share,
        numerator: vec![term(numerator)],
        denominator: vec![term("pupils")],
        paired: false,
        expected: OrgFilter { stages: vec!["primary".to_owned()], ..OrgFilter::default() },
        source: both("GB/T 00001—2020 第4章", "GB/T 00001—2020, clause 4"),
        note: both("一所学校一行", "one row a school"),
        place: Place::default(),
    }
}

fn target(target: Target, printed: &str, label: Bilingual) -> PlanTarget {
    PlanTarget {
        target,
        printed: printed.to_owned(),
        label,
        clauses: vec!["1.1-01".to_owned()],
        definition: None,
    }
}

fn indicator(number_: u16, group: &str, name: Bilingual) -> Indicator {
    Indicator {
        code: format!("IND-{number_:02}"),
        number: number_,
        group: group.to_owned(),
        name,
        unit: both("%", "%"),
        decimals: 1,
        binding: false,
        direction: Direction::Up,
        finest_level: "school".to_owned(),
        clauses: vec!["1.1-01".to_owned()],
        baseline: None,
        targets: Vec::new(),
        definitions: Vec::new(),
        published: 1,
        place: Place::default(),
    }
}

fn indicators() -> Vec<Indicator> {
    let by = year(2025);
    let table = || both("指标表", "Table of indicators");
    let baseline = |text: &str| {
        Some(Baseline { year: year(2020), value: number(text), printed: text.to_owned() })
    };
    let good = Indicator {
        binding: true,
        baseline: baseline("87.2"),
        targets: vec![
            target(Target::AtLeast { value: number("90"), by }, "90", table()),
            target(Target::AtLeast { value: number("95"), by }, "95", both("专栏1", "Box 1")),
        ],
        definitions: vec![share(1, both("达到良好的学生", "Pupils who do well"), "good")],
        ..indicator(1, "quality", both("学业良好率", "Share of pupils who do well"))
    };
    let eyes = Indicator {
        direction: Direction::Down,
        baseline: baseline("57.7"),
        targets: vec![target(Target::AtMost { value: number("50"), by }, "50", table())],
        definitions: vec![
            share(1, both("裸眼视力", "Naked eye"), "short_sighted"),
            share(2, both("其他口径", "Another definition"), "good"),
        ],
        ..indicator(2, "quality", both("近视率", "Myopia rate"))
    };
    let pupils = Indicator {
        unit: both("人", "pupils"),
        decimals: 0,
        finest_level: "district".to_owned(),
        baseline: baseline("7860"),
        targets: vec![target(Target::Hold { value: number("7860"), by }, "7860", table())],
        definitions: vec![Definition {
            kind: Kind::Count,
            numerator: vec![term("pupils")],
            denominator: Vec::new(),
            ..share(1, Bilingual::default(), "pupils")
        }],
        ..indicator(3, "scale", both("在校生数", "Pupils"))
    };
    let beside = Indicator {
        code: "EXT-01".to_owned(),
        definitions: vec![share(1, Bilingual::default(), "good")],
        ..indicator(101, "beside", both("另行监测 <b>", "Monitored beside <b>"))
    };
    vec![good, eyes, pupils, beside]
}

fn measures() -> Vec<Measure> {
    let measure = |name: &str, title: Bilingual, filter: Option<&str>| Measure {
        name: name.to_owned(),
        title,
        dataset: "pupils".to_owned(),
        aggregate: Aggregate::Count,
        of: None,
        filter: filter.map(str::to_owned),
        place: Place::default(),
    };
    vec![
        measure("pupils", both("在校学生", "Pupils"), None),
        measure("good", both("达到良好的学生", "Pupils who do well"), Some("grade = 'good'")),
        measure("short_sighted", Bilingual::default(), Some("acuity < 5.0")),
    ]
}

fn dataset() -> Dataset {
    let column = |name: &str, kind: ColumnKind, disclosure: Disclosure| Column {
        name: name.to_owned(),
        title: both(name, name),
        kind,
        unit: None,
        required: true,
        disclosure,
        range: None,
        range_warns: false,
        place: Place::default(),
    };
    let grades = ["good", "fair"].map(|it| CodeItem {
        code: it.to_owned(),
        title: both(it, it),
        also: Vec::new(),
    });
    Dataset {
        name: "pupils".to_owned(),
        title: both("学生", "Pupils"),
        platform: "management".to_owned(),
        period: Period::SchoolYear,
        reference: MonthDay::SCHOOL_YEAR,
        columns: vec![
            column("school", ColumnKind::Organisation, Disclosure::Public),
            column("year", ColumnKind::Year, Disclosure::Public),
            column("pupil", ColumnKind::Person(PersonId::Local), Disclosure::Personal),
            column("grade", ColumnKind::Code { items: grades.to_vec() }, Disclosure::Aggregate),
            column("acuity", ColumnKind::Decimal { scale: 1 }, Disclosure::Aggregate),
        ],
        key: vec!["pupil".to_owned()],
        dimensions: Vec::new(),
        expected: Some(Expected { level: "school".to_owned(), ..Expected::default() }),
        checks: Vec::new(),
        sums: Vec::new(),
        derived: None,
        place: Place::default(),
    }
}
