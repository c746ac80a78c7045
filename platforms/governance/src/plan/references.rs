//! What can be checked only when the whole folder has been read.

use std::collections::{BTreeMap, BTreeSet};

use model::dataset::{CodeItem, ColumnKind};
use model::indicator::{Definition, Indicator, Kind};
use model::plan::Plan;
use model::text::Place;

use super::PlanError;
use declarations::choices;

/// Every error between declarations that are sound by themselves.
pub(super) fn check(plan: &Plan) -> Vec<PlanError> {
    let mut faults = Vec::new();
    for indicator in &plan.indicators {
        for definition in &indicator.definitions {
            dimensions(plan, definition, &mut faults);
            levels(plan, definition, &mut faults);
        }
    }
    circles(&plan.indicators, &mut faults);
    projects(plan, &mut faults);
    numbers(plan, &mut faults);
    faults
}

/// A term may be cut only by a dimension of its dataset, and to values of that dimension.
fn dimensions(plan: &Plan, definition: &Definition, faults: &mut Vec<PlanError>) {
    let terms = definition.numerator.iter().chain(&definition.denominator);
    for term in terms {
        let dataset = plan.measure(&term.measure).and_then(|it| plan.datasets.get(&it.dataset));
        let Some(dataset) = dataset else { continue };
        for (name, values) in &term.dimensions {
            if !dataset.dimensions.contains(name) {
                let what = format!("`{name}` is no dimension of `{}`", dataset.name);
                let known = dataset.dimensions.iter().map(String::as_str);
                let hint = format!("write {}, or cut with a measure's `where`", choices(known));
                faults.push(PlanError::at(&definition.place, what, hint));
                continue;
            }
            let items = dataset.column(name).map(|it| &it.kind);
            let Some(ColumnKind::Code { items }) = items else { continue };
            let unknown = values.iter().filter(|value| items.iter().all(|it| it.code != **value));
            for value in unknown {
                let what = format!("`{value}` is no `{name}` of `{}`", dataset.name);
                let hint = format!(
                    "write {}",
                    choices(items.iter().map(|it: &CodeItem| it.code.as_str()))
                );
                faults.push(PlanError::at(&definition.place, what, hint));
            }
        }
    }
}

/// Units are compared within something larger: not at the level of the whole.
fn levels(plan: &Plan, definition: &Definition, faults: &mut Vec<PlanError>) {
    let level = match &definition.kind {
        Kind::Dispersion { level, .. } | Kind::Units { level } | Kind::PassCount { level, .. } => {
            level
        }
        Kind::Share
        | Kind::Ratio
        | Kind::Rate { .. }
        | Kind::Mean
        | Kind::Count
        | Kind::Cohort
        | Kind::Composite { .. } => return,
    };
    if plan.depth(level) == Some(0) {
        let what = format!("a {} between units of the level `{level}`", definition.kind.as_str());
        let below = plan.levels.iter().skip(1).map(|it| it.code.as_str());
        faults.push(PlanError::at(&definition.place, what, format!("write {}", choices(below))));
    }
}

/// An indicator must not be made of itself, by whatever way round.
fn circles(indicators: &[Indicator], faults: &mut Vec<PlanError>) {
    let parts: BTreeMap<&str, BTreeSet<&str>> =
        indicators.iter().map(|it| (it.code.as_str(), made_of(it))).collect();
    for indicator in indicators {
        let code = indicator.code.as_str();
        let mut reached = BTreeSet::new();
        let mut open: Vec<&str> = vec![code];
        while let Some(next) = open.pop() {
            open.extend(parts.get(next).into_iter().flatten().filter(|it| reached.insert(**it)));
        }
        if reached.contains(code) {
            let what = format!("`{code}` is made of itself");
            let ring: Vec<&str> = reached
                .iter()
                .copied()
                .filter(|it| *it == code || reaches(&parts, it, code))
                .collect();
            let hint = format!("break the circle between {}", choices(ring));
            faults.push(PlanError::at(&indicator.place, what, hint));
        }
    }
}

fn reaches(parts: &BTreeMap<&str, BTreeSet<&str>>, from: &str, to: &str) -> bool {
    let mut reached = BTreeSet::new();
    let mut open = vec![from];
    while let Some(next) = open.pop() {
        open.extend(parts.get(next).into_iter().flatten().filter(|it| reached.insert(**it)));
    }
    reached.contains(to)
}

fn made_of(indicator: &Indicator) -> BTreeSet<&str> {
    let mut codes = BTreeSet::new();
    for definition in &indicator.definitions {
        match &definition.kind {
            Kind::Composite { parts } => codes.extend(parts.iter().map(|it| it.indicator.as_str())),
            Kind::PassCount { conditions, .. } => {
                codes.extend(conditions.iter().map(|it| it.indicator.as_str()));
            }
            Kind::Share
            | Kind::Ratio
            | Kind::Rate { .. }
            | Kind::Mean
            | Kind::Count
            | Kind::Cohort
            | Kind::Dispersion { .. }
            | Kind::Units { .. } => {}
        }
    }
    codes
}

/// A sub-task names its projects, and each project the sub-task it belongs to.
fn projects(plan: &Plan, faults: &mut Vec<PlanError>) {
    let subtasks = || plan.tasks.iter().flat_map(|it| &it.subtasks);
    for project in &plan.projects {
        let Some(subtask) = subtasks().find(|it| it.id == project.subtask) else { continue };
        if !subtask.projects.contains(&project.id) {
            let what =
                format!("the sub-task `{}` does not name the project `{}`", subtask.id, project.id);
            faults.push(PlanError::at(&subtask.place, what, "add it to `projects`"));
        }
    }
    for subtask in subtasks() {
        let named = plan.projects.iter().filter(|it| subtask.projects.contains(&it.id));
        for project in named.filter(|it| it.subtask != subtask.id) {
            let what = format!("the project `{}` belongs to `{}`", project.id, project.subtask);
            faults.push(PlanError::at(&subtask.place, what, "remove it here, or correct it there"));
        }
    }
}

/// Numbers that tell things apart are not given twice.
fn numbers(plan: &Plan, faults: &mut Vec<PlanError>) {
    let mut seen: BTreeMap<(&str, String), &Place> = BTreeMap::new();
    let tasks = plan.tasks.iter().flat_map(|it| {
        it.quantities.iter().chain(it.subtasks.iter().flat_map(|it| &it.quantities))
    });
    let quantities = tasks.chain(plan.projects.iter().flat_map(|it| &it.quantities));
    let ids = quantities.map(|it| ("quantity", it.id.clone(), &it.place));
    let milestones = plan.projects.iter().flat_map(|it| &it.milestones);
    let ids = ids.chain(milestones.map(|it| ("milestone", it.id.clone(), &it.place)));
    let ids = ids.chain(
        plan.indicators.iter().map(|it| ("indicator number", it.number.to_string(), &it.place)),
    );
    let ids = ids
        .chain(plan.projects.iter().map(|it| ("project number", it.number.to_string(), &it.place)));
    for (what, id, place) in ids {
        if let Some(first) = seen.insert((what, id.clone()), place) {
            let what = format!("the {what} {id} is there twice, first at {first}");
            faults.push(PlanError::at(place, what, "give each its own"));
        }
    }
}
