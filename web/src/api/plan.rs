//! `/api/v1/plan`: tasks, projects, numbers, milestones, clauses and contradictions.

use axum::extract::State;
use axum::response::Response;
use governance::figures::json::Text;
use model::Bilingual;
use model::plan::{Milestone, Plan, Project, Quantity, Task};
use serde::Serialize;

use super::{Question, reply};
use crate::app::App;
use crate::extract::Query;
use crate::problem::Problem;

/// The plan as data.
#[derive(Debug, Serialize)]
struct PlanObject {
    code: String,
    version: String,
    name: Text,
    city: Text,
    baseline_year: u16,
    first_year: u16,
    last_year: u16,
    tasks: Vec<TaskObject>,
    projects: Vec<ProjectObject>,
    contradictions: Vec<ContradictionObject>,
    /// Clauses whose text the city attached.
    clauses: Vec<ClauseObject>,
}

#[derive(Debug, Serialize)]
struct TaskObject {
    id: String,
    name: Text,
    quantities: Vec<QuantityObject>,
    subtasks: Vec<SubtaskObject>,
}

#[derive(Debug, Serialize)]
struct SubtaskObject {
    id: String,
    name: Text,
    clauses: Vec<String>,
    projects: Vec<String>,
    quantities: Vec<QuantityObject>,
}

#[derive(Debug, Serialize)]
struct ProjectObject {
    id: String,
    number: u16,
    name: Text,
    subtask: String,
    clauses: Vec<String>,
    quantities: Vec<QuantityObject>,
    milestones: Vec<MilestoneObject>,
}

#[derive(Debug, Serialize)]
struct QuantityObject {
    id: String,
    what: Text,
    comparison: &'static str,
    value: Option<String>,
    value_max: Option<String>,
    unit: Text,
    year: u16,
    year_stated: bool,
    clause: String,
    indicator: Option<String>,
}

#[derive(Debug, Serialize)]
struct MilestoneObject {
    id: String,
    what: Text,
    year: u16,
    year_stated: bool,
    clause: String,
}

#[derive(Debug, Serialize)]
struct ContradictionObject {
    id: String,
    what: Text,
    handling: Text,
    clauses: Vec<String>,
    indicators: Vec<String>,
}

#[derive(Debug, Serialize)]
struct ClauseObject {
    id: String,
    section: String,
    text: String,
}

pub(super) async fn show(
    State(app): State<App>,
    Query(question): Query<Question>,
) -> Result<Response, Problem> {
    reply::of(&app, question, |visit, question| {
        let plan = visit.published.plan();
        if question.wants_csv() {
            return Ok(reply::csv(question, "plan", &table(plan)));
        }
        reply::json(&PlanObject::of(plan))
    })
    .await
}

pub(super) async fn csv(
    State(app): State<App>,
    Query(question): Query<Question>,
) -> Result<Response, Problem> {
    reply::of(&app, question, |visit, question| {
        Ok(reply::csv(question, "plan", &table(visit.published.plan())))
    })
    .await
}

fn text(it: &Bilingual) -> Text {
    Text { zh: it.zh.clone(), en: it.en.clone() }
}

fn quantities(all: &[Quantity]) -> Vec<QuantityObject> {
    all.iter().map(QuantityObject::of).collect()
}

impl PlanObject {
    fn of(plan: &Plan) -> Self {
        let attached = plan.clauses.values().filter_map(|it| {
            let text = it.text.clone()?;
            Some(ClauseObject { id: it.id.clone(), section: it.section.clone(), text })
        });
        Self {
            code: plan.code.clone(),
            version: plan.version.clone(),
            name: text(&plan.name),
            city: text(&plan.city),
            baseline_year: plan.baseline_year.number(),
            first_year: plan.first_year.number(),
            last_year: plan.last_year.number(),
            tasks: plan.tasks.iter().map(TaskObject::of).collect(),
            projects: plan.projects.iter().map(ProjectObject::of).collect(),
            contradictions: plan
                .contradictions
                .iter()
                .map(|it| ContradictionObject {
                    id: it.id.clone(),
                    what: text(&it.what),
                    handling: text(&it.handling),
                    clauses: it.clauses.clone(),
                    indicators: it.indicators.clone(),
                })
                .collect(),
            clauses: attached.collect(),
        }
    }
}

impl TaskObject {
    fn of(it: &Task) -> Self {
        let subtasks = it.subtasks.iter().map(|it| SubtaskObject {
            id: it.id.clone(),
            name: text(&it.name),
            clauses: it.clauses.clone(),
            projects: it.projects.clone(),
            quantities: quantities(&it.quantities),
        });
        Self {
            id: it.id.clone(),
            name: text(&it.name),
            quantities: quantities(&it.quantities),
            subtasks: subtasks.collect(),
        }
    }
}

impl ProjectObject {
    fn of(it: &Project) -> Self {
        Self {
            id: it.id.clone(),
            number: it.number,
            name: text(&it.name),
            subtask: it.subtask.clone(),
            clauses: it.clauses.clone(),
            quantities: quantities(&it.quantities),
            milestones: it.milestones.iter().map(MilestoneObject::of).collect(),
        }
    }
}

impl QuantityObject {
    fn of(it: &Quantity) -> Self {
        Self {
            id: it.id.clone(),
            what: text(&it.what),
            comparison: it.comparison.as_str(),
            value: it.value.map(|it| it.to_string()),
            value_max: it.value_max.map(|it| it.to_string()),
            unit: text(&it.unit),
            year: it.year.number(),
            year_stated: it.year_stated,
            clause: it.clause.clone(),
            indicator: it.indicator.clone(),
        }
    }
}

impl MilestoneObject {
    fn of(it: &Milestone) -> Self {
        Self {
            id: it.id.clone(),
            what: text(&it.what),
            year: it.year.number(),
            year_stated: it.year_stated,
            clause: it.clause.clone(),
        }
    }
}

/// Every number of the plan, one a row, with where it is stated.
fn table(plan: &Plan) -> String {
    let mut table = line(&[
        "stated_in",
        "id",
        "what_zh",
        "what_en",
        "comparison",
        "value",
        "value_max",
        "unit",
        "year",
        "clause",
        "indicator",
    ]);
    let mut add = |stated_in: &str, all: &[Quantity]| {
        for it in all {
            table += &line(&[
                stated_in,
                &it.id,
                &it.what.zh,
                &it.what.en,
                it.comparison.as_str(),
                &it.value.map(|it| it.to_string()).unwrap_or_default(),
                &it.value_max.map(|it| it.to_string()).unwrap_or_default(),
                &it.unit.zh,
                &it.year.to_string(),
                &it.clause,
                it.indicator.as_deref().unwrap_or_default(),
            ]);
        }
    };
    for task in &plan.tasks {
        add(&task.id, &task.quantities);
        task.subtasks.iter().for_each(|it| add(&it.id, &it.quantities));
    }
    plan.projects.iter().for_each(|it| add(&it.id, &it.quantities));
    table
}

/// One line of CSV. The plan's own words never begin a formula, so quoting is all they need.
fn line(cells: &[&str]) -> String {
    let quoted = |it: &&str| {
        if it.contains([',', '"', '\n', '\r']) {
            format!("\"{}\"", it.replace('"', "\"\""))
        } else {
            (*it).to_owned()
        }
    };
    let cells: Vec<String> = cells.iter().map(quoted).collect();
    cells.join(",") + "\r\n"
}
