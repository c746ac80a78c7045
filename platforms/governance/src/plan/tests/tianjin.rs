//! The plan folder of the repository: whole, exact, and sound.

use std::path::{Path, PathBuf};

use model::plan::{Plan, Quantity};
use model::target::{Direction, Status};
use model::{Decimal, Year};

use crate::plan::{attach_text, load, load_datasets};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../plan/tianjin-2021-2025")
}

fn plan() -> Plan {
    load(&folder()).unwrap_or_else(|errors| panic!("{}", super::folder::lines(&errors)))
}

fn quantities(plan: &Plan) -> Vec<&Quantity> {
    let subtasks = plan.tasks.iter().flat_map(|it| &it.subtasks);
    let boxes = plan.projects.iter().flat_map(|it| &it.quantities);
    let tasks = plan.tasks.iter().flat_map(|it| &it.quantities);
    let mut all: Vec<&Quantity> =
        boxes.chain(tasks).chain(subtasks.flat_map(|it| &it.quantities)).collect();
    all.sort_by(|a, b| a.id.cmp(&b.id));
    all
}

#[test]
fn all_of_the_plan_is_there() {
    let plan = plan();
    let table = plan.indicators.iter().filter(|it| it.number <= 100).count();
    let subtasks = plan.tasks.iter().map(|it| it.subtasks.len()).sum::<usize>();
    let milestones = plan.projects.iter().map(|it| it.milestones.len()).sum::<usize>();
    let in_boxes = plan.projects.iter().map(|it| it.quantities.len()).sum::<usize>();
    assert_eq!((table, plan.tasks.len(), subtasks, plan.projects.len()), (20, 11, 45, 19));
    assert_eq!((in_boxes, quantities(&plan).len(), milestones), (64, 97, 70));
    assert_eq!((plan.clauses.len(), plan.contradictions.len(), plan.map.len()), (503, 16, 16));
    // 21 of the rules, and those that procedures feed.
    assert_eq!(plan.datasets.len(), 29);
    let codes: Vec<String> = plan.indicators.iter().take(20).map(|it| it.code.clone()).collect();
    let expected: Vec<String> = (1..=20).map(|it| format!("IND-{it:02}")).collect();
    assert_eq!(codes, expected);
    let binding = plan.indicators.iter().filter(|it| it.binding).map(|it| it.code.as_str());
    assert_eq!(binding.collect::<Vec<_>>(), ["IND-02", "IND-06"]);
}

/// One line a thing stated: what is asked, how much, by when, where it is printed.
#[test]
fn the_numbers_of_boxes_and_tasks_are_those_of_the_document() {
    let plan = plan();
    let number = |it: Option<Decimal>| it.map_or_else(|| "-".to_owned(), |it| it.to_string());
    let mut lines: Vec<String> = Vec::new();
    for it in quantities(&plan) {
        let max = it.value_max.map(|it| format!("..{it}")).unwrap_or_default();
        let year = if it.year_stated { it.year.to_string() } else { format!("({})", it.year) };
        let indicator = it.indicator.as_deref().unwrap_or("-");
        lines.push(format!(
            "{} {} {}{max} {year} {} {indicator}",
            it.id,
            it.comparison.as_str(),
            number(it.value),
            it.clause
        ));
    }
    let milestones = plan.projects.iter().flat_map(|it| &it.milestones);
    lines.extend(milestones.map(|it| format!("{} {} ({})", it.id, it.clause, it.year)));
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn the_table_is_that_of_the_document() {
    let plan = plan();
    let lines: Vec<String> = plan
        .indicators
        .iter()
        .filter(|it| it.number <= 102)
        .map(|it| {
            let baseline = it.baseline.as_ref().map_or("-", |it| it.printed.as_str());
            let targets: Vec<String> = it
                .targets
                .iter()
                .map(|it| {
                    format!(
                        "{} {} {:?}",
                        it.target.as_str(),
                        it.printed,
                        it.target.due().map(Year::number)
                    )
                })
                .collect();
            let kinds: Vec<&str> = it.definitions.iter().map(|it| it.kind.as_str()).collect();
            format!(
                "{} {} {} -> {} by {}",
                it.code,
                it.name.zh,
                baseline,
                targets.join(" / "),
                kinds.join(", ")
            )
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[track_caller]
fn check(code: &str, target: usize, year: u16, value: &str, expected: Status) {
    let plan = plan();
    let indicator = plan.indicator(code).unwrap();
    let year = Year::new(year).unwrap();
    let series = [(year, value.parse::<Decimal>().unwrap())];
    let target = &indicator.targets[target].target;
    let judged = target.judge(&series, year, indicator.baseline.as_ref(), indicator.direction);
    assert_eq!(judged.status, expected, "{code} {value}");
}

/// Values and verdicts worked out by hand for the printed targets.
#[test]
fn printed_targets_are_judged_as_printed() {
    check("IND-02", 0, 2025, "99.00", Status::Missed);
    check("IND-02", 0, 2025, "99.01", Status::Met);
    check("IND-10", 0, 2025, "80.0", Status::Missed);
    check("IND-10", 1, 2025, "80.0", Status::Met);
    check("IND-09", 0, 2025, "50.0", Status::Missed);
    check("IND-09", 1, 2025, "50.0", Status::Met);
    check("IND-16", 0, 2025, "48.5", Status::Met);
    check("IND-16", 0, 2025, "48.6", Status::Missed);
    check("IND-12", 0, 2023, "0", Status::Met);
    check("IND-12", 0, 2025, "0.01", Status::Missed);
    check("IND-05", 0, 2022, "4500", Status::Met);
    check("IND-14", 0, 2023, "50.00", Status::Behind);
    check("IND-15", 0, 2023, "37.9", Status::Behind);
    check("IND-15", 0, 2023, "38.0", Status::OnTrack);
    check("EXT-01", 0, 2022, "10", Status::OnTrack);
    check("EXT-01", 0, 2022, "9", Status::Behind);
}

#[test]
fn two_definitions_stand_side_by_side_where_the_plan_says_two_things() {
    let plan = plan();
    for code in ["IND-18", "IND-10", "IND-16", "IND-02"] {
        let indicator = plan.indicator(code).unwrap();
        assert_eq!(indicator.definitions.len(), 2, "{code}");
        assert_eq!(indicator.published, 1, "{code}");
    }
    let conflict = plan.contradictions.iter().find(|it| it.indicators == ["IND-18"]).unwrap();
    assert!(conflict.clauses.contains(&"T-18".to_owned()));
}

#[test]
fn lower_is_better_for_two_of_the_twenty() {
    let plan = plan();
    let down =
        plan.indicators.iter().filter(|it| it.number <= 20 && it.direction == Direction::Down);
    assert_eq!(down.map(|it| it.number).collect::<Vec<_>>(), [12, 16]);
}

#[test]
fn every_column_of_every_dataset_has_its_titles_and_key() {
    let datasets = load_datasets(&folder().join("../../rules"))
        .unwrap_or_else(|errors| panic!("{}", super::folder::lines(&errors)));
    assert_eq!(datasets.len(), 21);
    for dataset in datasets.values() {
        assert!(!dataset.key.is_empty(), "{}", dataset.name);
        assert!(dataset.organisation_column().is_some(), "{}", dataset.name);
        assert!(dataset.place.file.ends_with(&format!("{}.toml", dataset.name)));
        for column in &dataset.columns {
            assert!(!column.title.zh.is_empty() && !column.title.en.is_empty(), "{}", column.name);
            assert!(column.place.line > 1, "{} {}", dataset.name, column.name);
        }
    }
}

/// The headings of the plan find their sections in any copy that has them; no sentence of the
/// document is in the folder, so this copy has sentences of its own.
#[test]
fn a_copy_of_the_document_is_matched_clause_by_clause() {
    let mut plan = plan();
    let mut text = String::from("# 规划全文\n\n");
    for section in &plan.sections {
        text.push_str(&format!("## {}\n\n", section.heading));
        if section.id == "T" {
            text.push_str("| 序号 | 指标 |\n|---|---|\n");
        }
        for id in section.clauses() {
            let sentence = if section.id == "T" {
                format!("| {id} | 值 |\n")
            } else {
                format!("第{id}句。")
            };
            text.push_str(&sentence);
        }
        text.push_str("\n\n");
    }
    let matched = attach_text(&mut plan, &text);
    assert_eq!((matched.clauses, matched.of), (503, 503), "{matched:?}");
    assert_eq!(plan.clauses["3.1.1-02"].text.as_deref(), Some("第3.1.1-02句。"));
    assert_eq!(plan.clauses["T-18"].text.as_deref(), Some("T-18 值"));
}
