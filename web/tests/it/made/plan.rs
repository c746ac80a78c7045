//! The plan of the small city: one task, one project, one contradiction.

use std::collections::BTreeMap;

use jiff::tz::Offset;
use model::plan::{
    Clause, Comparison, Contradiction, Group, Level, Milestone, Plan, Project, Quantity, Section,
    Subtask, Task, Tile,
};
use model::{Bilingual, Place};

use super::{DISTRICTS, both, dataset, indicators, measures, number, year};

fn quantity(id: &str, comparison: Comparison, value: &str, indicator: Option<&str>) -> Quantity {
    Quantity {
        id: id.to_owned(),
        what: both("新增学位", "New school places"),
        comparison,
        value: Some(number(value)),
        value_max: None,
        unit: both("个", "places"),
        year: year(2025),
        year_stated: false,
        clause: "1.1-02".to_owned(),
        indicator: indicator.map(str::to_owned),
        note: Bilingual::default(),
        place: Place::default(),
    }
}

pub(super) fn plan() -> Plan {
    let level = |code: &str, zh: &str, en: &str| Level {
        code: code.to_owned(),
        name: both(zh, en),
        numbering: None,
    };
    let group =
        |code: &str, zh: &str, en: &str| Group { code: code.to_owned(), name: both(zh, en) };
    let clause = |id: &str, text: Option<&str>| Clause {
        id: id.to_owned(),
        section: "1.1".to_owned(),
        text: text.map(str::to_owned),
    };
    let subtask = Subtask {
        id: "1.1.1".to_owned(),
        name: both("办好家门口的学校", "Good schools nearby"),
        clauses: vec!["1.1-01".to_owned(), "1.1-02".to_owned()],
        projects: vec!["box-1".to_owned()],
        quantities: vec![quantity("Q-01", Comparison::AtLeast, "1200", None)],
        place: Place::default(),
    };
    let project = Project {
        id: "box-1".to_owned(),
        number: 1,
        name: both("学位建设", "Building school places"),
        subtask: "1.1.1".to_owned(),
        clauses: vec!["1.1-02".to_owned()],
        quantities: vec![quantity("Q-02", Comparison::MoreThan, "90", Some("IND-01"))],
        milestones: vec![Milestone {
            id: "M-01".to_owned(),
            what: both("首批学校开学", "First schools open"),
            clause: "1.1-02".to_owned(),
            year: year(2023),
            year_stated: true,
            place: Place::default(),
        }],
        place: Place::default(),
    };
    let clauses = [clause("1.1-01", Some("办好 <每一所> 学校。")), clause("1.1-02", None)];
    Plan {
        code: "jiangcheng".to_owned(),
        name: both("江城教育规划", "Jiangcheng education plan"),
        city: both("江城市", "Jiangcheng"),
        offset: Some(Offset::constant(8)),
        first_year: year(2021),
        last_year: year(2025),
        baseline_year: year(2020),
        levels: vec![
            level("city", "市", "city"),
            level("district", "区", "district"),
            level("school", "学校", "school"),
        ],
        side_levels: Vec::new(),
        groups: vec![
            group("quality", "发展质量", "Quality"),
            group("scale", "规模", "Scale"),
            group("beside", "其他监测", "Other monitoring"),
        ],
        indicators: indicators(),
        tasks: vec![Task {
            id: "1.1".to_owned(),
            name: both("优质均衡", "Good and even"),
            subtasks: vec![subtask],
            quantities: Vec::new(),
        }],
        projects: vec![project],
        sections: vec![Section {
            id: "1.1".to_owned(),
            heading: "优质均衡".to_owned(),
            sentences: 2,
        }],
        clauses: clauses.into_iter().map(|it| (it.id.clone(), it)).collect(),
        contradictions: vec![Contradiction {
            id: "C-01".to_owned(),
            what: both("两处目标不同：90 与 95", "Two targets: 90 and 95"),
            clauses: vec!["1.1-01".to_owned()],
            handling: both("并列显示", "Shown side by side"),
            indicators: vec!["IND-01".to_owned()],
        }],
        map: (0..)
            .zip(DISTRICTS)
            .map(|(at, (code, zh, en))| Tile {
                organisation: code.to_owned(),
                row: 1 + at / 2,
                column: 1 + at % 2,
                label: both(zh, en),
            })
            .collect(),
        datasets: [("pupils".to_owned(), dataset())].into(),
        measures: measures(),
        vocabulary: [(
            "kind".to_owned(),
            [("primary".to_owned(), both("小学", "Primary school"))].into(),
        )]
        .into(),
        rules: BTreeMap::new(),
        version: "9f3c21ab77".to_owned(),
    }
}
