//! A small city to hold figures against: one city, its districts, their schools, one dataset or two.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::{Date, date};
use model::dataset::{Column, ColumnKind, Dataset, Disclosure, Expected, Period, PersonId};
use model::indicator::{Baseline, Definition, Indicator, Kind, OrgFilter, Term};
use model::measure::{Aggregate, Measure};
use model::organisation::{ADMINISTRATIVE, History, Membership, Organisation, Recorded};
use model::plan::{Group, Level, Plan};
use model::state::{State, StateColumn, StateKey, States};
use model::target::{Direction, PlanTarget, Target};
use model::year::MonthDay;
use model::{Bilingual, Decimal, OrgCode, Place, Year};

use crate::figures::Published;
use crate::release::Release;

pub(super) fn number(text: &str) -> Decimal {
    text.parse().unwrap()
}

pub(super) fn year(number: u16) -> Year {
    Year::new(number).unwrap()
}

pub(super) fn org(code: &str) -> OrgCode {
    code.parse().unwrap()
}

pub(super) fn term(measure: &str) -> Term {
    Term {
        measure: measure.to_owned(),
        times: 1,
        years_before: 0,
        organisations: OrgFilter::default(),
        dimensions: Vec::new(),
    }
}

/// A city under construction. Datasets are named by their first measure's prefix up to `.`.
pub(super) struct City {
    organisations: Vec<Recorded<Organisation>>,
    memberships: Vec<Recorded<Membership>>,
    pub(super) plan: Plan,
    states: BTreeMap<String, States>,
}

impl City {
    /// A city `1` with districts `11`, `12` …, each with schools `1101`, `1102` ….
    pub(super) fn new(schools: &[u16]) -> Self {
        let mut city = Self {
            organisations: Vec::new(),
            memberships: Vec::new(),
            plan: plan(),
            states: BTreeMap::new(),
        };
        city.organisation("1", "city", "", None);
        for (position, count) in (11..).zip(schools) {
            city.organisation(&position.to_string(), "district", "", Some("1"));
            for school in 1..=*count {
                let code = format!("{position}{school:02}");
                city.organisation(&code, "school", "primary", Some(&position.to_string()));
            }
        }
        city
    }

    pub(super) fn organisation(
        &mut self,
        code: &str,
        level: &str,
        kind: &str,
        parent: Option<&str>,
    ) {
        let organisation = Organisation {
            code: org(code),
            name: Bilingual::new(code, code),
            level: level.to_owned(),
            kind: kind.to_owned(),
            founder: String::new(),
            stages: if kind.is_empty() { Vec::new() } else { vec![kind.to_owned()] },
            area_class: String::new(),
            valid_from: date(2000, 1, 1),
            valid_to: None,
        };
        self.organisations.push(Recorded::new(organisation, known_at()));
        if let Some(parent) = parent {
            self.member(ADMINISTRATIVE, code, parent, date(2000, 1, 1), None);
        }
    }

    pub(super) fn member(
        &mut self,
        hierarchy: &str,
        child: &str,
        parent: &str,
        from: Date,
        to: Option<Date>,
    ) {
        let membership = Membership {
            hierarchy: hierarchy.to_owned(),
            child: org(child),
            parent: org(parent),
            valid_from: from,
            valid_to: to,
        };
        self.memberships.push(Recorded::new(membership, known_at()));
    }

    /// Ends the membership of `child` on a day and puts it under another parent from then on.
    pub(super) fn moved(&mut self, child: &str, parent: &str, on: Date) {
        let code = org(child);
        for it in &mut self.memberships {
            if it.what.child == code && it.what.hierarchy == ADMINISTRATIVE {
                it.what.valid_to = Some(on);
            }
        }
        self.member(ADMINISTRATIVE, child, parent, on, None);
    }

    /// Changes what an organisation is.
    pub(super) fn with(&mut self, code: &str, change: impl Fn(&mut Organisation)) {
        let code = org(code);
        let found = self.organisations.iter_mut().filter(|it| it.what.code == code);
        found.for_each(|it| change(&mut it.what));
    }

    /// Declares a dataset with summed measures that the organisations of a level should report.
    pub(super) fn dataset(
        &mut self,
        name: &str,
        level: &str,
        dimensions: &[&str],
        measures: &[&str],
    ) {
        let mut columns = vec![column("school", ColumnKind::Organisation, Disclosure::Public)];
        for measure in measures {
            columns.push(column(measure, ColumnKind::Integer, Disclosure::Public));
            self.plan.measures.push(Measure {
                name: (*measure).to_owned(),
                title: Bilingual::default(),
                dataset: name.to_owned(),
                aggregate: Aggregate::Sum,
                of: Some((*measure).to_owned()),
                filter: None,
                place: Place::default(),
            });
        }
        let dataset = Dataset {
            name: name.to_owned(),
            title: Bilingual::default(),
            platform: "management".to_owned(),
            period: Period::SchoolYear,
            reference: MonthDay::SCHOOL_YEAR,
            columns,
            key: vec!["school".to_owned()],
            dimensions: dimensions.iter().map(|it| (*it).to_owned()).collect(),
            expected: Some(Expected { level: level.to_owned(), ..Expected::default() }),
            checks: Vec::new(),
            sums: Vec::new(),
            derived: None,
            place: Place::default(),
        };
        self.plan.datasets.insert(name.to_owned(), dataset);
        let kept = |it: &&str| StateColumn {
            measure: (*it).to_owned(),
            aggregate: Aggregate::Sum,
            scale: 0,
        };
        let columns: Vec<StateColumn> = measures.iter().map(kept).collect();
        self.states.insert(name.to_owned(), States::new(columns));
    }

    /// Makes a dataset one about single persons: its measures then count them.
    pub(super) fn about_persons(&mut self, dataset: &str) {
        let person = ColumnKind::Person(PersonId::Student);
        let dataset = self.plan.datasets.get_mut(dataset).unwrap();
        dataset.columns.push(column("pupil", person, Disclosure::Personal));
        for it in self.plan.measures.iter_mut().filter(|it| it.dataset == dataset.name) {
            (it.aggregate, it.of) = (Aggregate::Count, None);
        }
    }

    /// One organisation's report: a value per measure of the dataset, `None` where unknown.
    pub(super) fn fact(
        &mut self,
        dataset: &str,
        at: u16,
        code: &str,
        dimensions: &[&str],
        values: &[Option<i128>],
    ) {
        let states: Vec<State> = values.iter().map(|it| State(*it)).collect();
        let dimensions = dimensions.iter().map(|it| Some((*it).to_owned())).collect();
        let key = StateKey { year: year(at), org: org(code), dimensions };
        let before = self.states.get_mut(dataset).unwrap();
        let columns = before.columns().to_vec();
        let new = States::of(columns.clone(), [(key, 1, states)]);
        *before = States::merged(columns, vec![std::mem::take(before), new]);
    }

    /// Adds an indicator with one definition, shown down to schools.
    pub(super) fn indicator(
        &mut self,
        code: &str,
        kind: Kind,
        numerator: Vec<Term>,
        denominator: Vec<Term>,
    ) -> &mut Indicator {
        let definition = Definition {
            version: 1,
            label: Bilingual::default(),
            kind,
            numerator,
            denominator,
            paired: false,
            expected: OrgFilter::default(),
            source: Bilingual::new("自定", "ours"),
            note: Bilingual::default(),
            place: Place::default(),
        };
        self.plan.indicators.push(Indicator {
            code: code.to_owned(),
            number: 1,
            group: "all".to_owned(),
            name: Bilingual::default(),
            unit: Bilingual::default(),
            decimals: 1,
            binding: false,
            direction: Direction::Up,
            finest_level: "school".to_owned(),
            clauses: Vec::new(),
            baseline: None,
            targets: Vec::new(),
            definitions: vec![definition],
            published: 1,
            place: Place::default(),
        });
        self.plan.indicators.last_mut().unwrap()
    }

    pub(super) fn publish(self) -> Published {
        let release = Release {
            id: "test".to_owned(),
            plan_version: self.plan.version.clone(),
            tables: BTreeMap::new(),
            known_at: known_at(),
            recorded_at: known_at(),
        };
        let history = History::new(self.organisations, self.memberships, Vec::new());
        Published::new(Arc::new(self.plan), Arc::new(history), self.states, release)
    }
}

/// A figure in words: value, numerator/denominator, coverage, observation.
pub(super) fn shown(published: &Published, indicator: &str, code: &str, at: u16) -> String {
    let Some(figure) = published.figure(indicator, None, &org(code), year(at)) else {
        return "none".to_owned();
    };
    let digits = |it: Option<Decimal>| it.map_or("-".to_owned(), |it| it.to_string());
    format!(
        "{} {}/{} {} {}",
        digits(figure.value),
        digits(figure.numerator),
        digits(figure.denominator),
        figure.coverage,
        figure.observation.as_str()
    )
}

pub(super) fn target(target: Target) -> PlanTarget {
    PlanTarget {
        target,
        printed: String::new(),
        label: Bilingual::default(),
        clauses: Vec::new(),
        definition: None,
    }
}

pub(super) fn baseline(at: u16, value: &str) -> Option<Baseline> {
    Some(Baseline { year: year(at), value: number(value), printed: value.to_owned() })
}

fn known_at() -> Timestamp {
    Timestamp::from_second(1_600_000_000).unwrap()
}

fn column(name: &str, kind: ColumnKind, disclosure: Disclosure) -> Column {
    Column {
        name: name.to_owned(),
        title: Bilingual::default(),
        kind,
        unit: None,
        required: false,
        disclosure,
        range: None,
        range_warns: false,
        place: Place::default(),
    }
}

fn plan() -> Plan {
    let level =
        |code: &str| Level { code: code.to_owned(), name: Bilingual::default(), numbering: None };
    Plan {
        code: "test".to_owned(),
        name: Bilingual::default(),
        city: Bilingual::default(),
        offset: None,
        first_year: year(2021),
        last_year: year(2025),
        baseline_year: year(2020),
        levels: vec![level("city"), level("district"), level("school")],
        side_levels: Vec::new(),
        groups: vec![Group { code: "all".to_owned(), name: Bilingual::default() }],
        indicators: Vec::new(),
        rules: BTreeMap::new(),
        sections: Vec::new(),
        tasks: Vec::new(),
        projects: Vec::new(),
        clauses: BTreeMap::new(),
        contradictions: Vec::new(),
        map: Vec::new(),
        datasets: BTreeMap::new(),
        measures: Vec::new(),
        vocabulary: BTreeMap::new(),
        version: "0".to_owned(),
    }
}
