//! `/plan` and its tasks and projects: what the plan sets out, down to every number and clause.

use askama::Template;
use model::indicator::Indicator;
use model::plan::{Plan, Project, Subtask, Task};

use super::clause::{self, ClauseView};
use super::quantity::{MilestoneView, QuantityView};
use crate::frame::{Frame, Section};
use crate::problem::{Kind, Problem};
use crate::text::Text;
use crate::visit::Visit;

/// The plan at one glance.
#[derive(Debug, Template)]
#[template(path = "pages/plan.html")]
pub(crate) struct PlanPage {
    t: Text,
    frame: Frame,
    name: String,
    opening: String,
    groups: Vec<GroupView>,
    tasks: Vec<TaskLine>,
    projects: Vec<ProjectLine>,
    contradictions: Vec<ContradictionView>,
}

/// Indicators of one group: name and address.
#[derive(Debug)]
struct GroupView {
    name: String,
    indicators: Vec<(String, String)>,
}

#[derive(Debug)]
struct TaskLine {
    id: String,
    name: String,
    href: String,
    subtasks: Vec<SubtaskLine>,
}

#[derive(Debug)]
struct SubtaskLine {
    id: String,
    name: String,
    href: String,
    numbers: usize,
    projects: Vec<(String, String)>,
}

#[derive(Debug)]
struct ProjectLine {
    number: u16,
    name: String,
    href: String,
    numbers: usize,
    milestones: usize,
    subtask: (String, String),
}

#[derive(Debug)]
struct ContradictionView {
    what: String,
    handling: String,
    clauses: Vec<(String, String)>,
    indicators: Vec<(String, String)>,
}

/// One task with its parts.
#[derive(Debug, Template)]
#[template(path = "pages/task.html")]
pub(crate) struct TaskPage {
    t: Text,
    frame: Frame,
    id: String,
    name: String,
    quantities: Vec<QuantityView>,
    subtasks: Vec<SubtaskView>,
    has_text: bool,
}

#[derive(Debug)]
struct SubtaskView {
    id: String,
    name: String,
    projects: Vec<(String, String)>,
    clauses: Vec<ClauseView>,
    quantities: Vec<QuantityView>,
}

/// One project box.
#[derive(Debug, Template)]
#[template(path = "pages/project.html")]
pub(crate) struct ProjectPage {
    t: Text,
    frame: Frame,
    number: u16,
    name: String,
    subtask: (String, String),
    clauses: Vec<ClauseView>,
    quantities: Vec<QuantityView>,
    milestones: Vec<MilestoneView>,
    has_text: bool,
}

impl PlanPage {
    pub(crate) fn new(visit: &Visit) -> Self {
        let t = visit.t();
        let plan = visit.published.plan();
        let subtasks: usize = plan.tasks.iter().map(|it| it.subtasks.len()).sum();
        Self {
            t,
            frame: visit.frame(Section::Plan).data("/api/v1/plan"),
            name: t.of(&plan.name).to_owned(),
            groups: groups(t, plan),
            opening: t.fill(
                if plan.tasks.is_empty() { "plan-only-indicators" } else { "plan-opening" },
                &[
                    ("indicators", plan.indicators.len().to_string()),
                    ("tasks", plan.tasks.len().to_string()),
                    ("subtasks", subtasks.to_string()),
                    ("projects", plan.projects.len().to_string()),
                    ("numbers", stated(plan).to_string()),
                ],
            ),
            tasks: plan.tasks.iter().map(|it| TaskLine::new(t, plan, it)).collect(),
            projects: plan.projects.iter().map(|it| ProjectLine::new(t, plan, it)).collect(),
            contradictions: contradictions(t, plan),
        }
    }
}

fn groups(t: Text, plan: &Plan) -> Vec<GroupView> {
    let link =
        |it: &Indicator| (t.of(&it.name).to_owned(), t.href(&format!("/indicators/{}", it.code)));
    plan.groups
        .iter()
        .map(|group| GroupView {
            name: t.of(&group.name).to_owned(),
            indicators: plan
                .indicators
                .iter()
                .filter(|it| it.group == group.code)
                .map(link)
                .collect(),
        })
        .filter(|it| !it.indicators.is_empty())
        .collect()
}

/// How many numbers tasks and projects state.
fn stated(plan: &Plan) -> usize {
    let tasks = plan.tasks.iter().map(|it| {
        it.quantities.len() + it.subtasks.iter().map(|it| it.quantities.len()).sum::<usize>()
    });
    tasks.chain(plan.projects.iter().map(|it| it.quantities.len())).sum()
}

fn contradictions(t: Text, plan: &Plan) -> Vec<ContradictionView> {
    let named = |code: &String| {
        let name = plan.indicator(code).map_or(code.as_str(), |it| t.of(&it.name));
        (name.to_owned(), t.href(&format!("/indicators/{code}")))
    };
    plan.contradictions
        .iter()
        .map(|it| ContradictionView {
            what: t.of(&it.what).to_owned(),
            handling: t.of(&it.handling).to_owned(),
            clauses: clause::links(t, &it.clauses),
            indicators: it.indicators.iter().map(named).collect(),
        })
        .collect()
}

fn projects(t: Text, plan: &Plan, ids: &[String]) -> Vec<(String, String)> {
    let named = |id: &String| {
        let project = plan.projects.iter().find(|it| it.id == *id)?;
        Some((t.of(&project.name).to_owned(), t.href(&format!("/plan/projects/{id}"))))
    };
    ids.iter().filter_map(named).collect()
}

/// The sub-task of an id, its task, and the address of its place on the task's page.
fn subtask(t: Text, plan: &Plan, id: &str) -> (String, String) {
    let found = plan.tasks.iter().find_map(|task| {
        let subtask = task.subtasks.iter().find(|it| it.id == id)?;
        let path = format!("/plan/tasks/{}#{id}", task.id);
        Some((format!("{id} {}", t.of(&subtask.name)), t.href(&path)))
    });
    found.unwrap_or_else(|| (id.to_owned(), t.href("/plan")))
}

impl TaskLine {
    fn new(t: Text, plan: &Plan, task: &Task) -> Self {
        let line = |it: &Subtask| SubtaskLine {
            id: it.id.clone(),
            name: t.of(&it.name).to_owned(),
            href: t.href(&format!("/plan/tasks/{}#{}", task.id, it.id)),
            numbers: it.quantities.len(),
            projects: projects(t, plan, &it.projects),
        };
        Self {
            id: task.id.clone(),
            name: t.of(&task.name).to_owned(),
            href: t.href(&format!("/plan/tasks/{}", task.id)),
            subtasks: task.subtasks.iter().map(line).collect(),
        }
    }
}

impl ProjectLine {
    fn new(t: Text, plan: &Plan, project: &Project) -> Self {
        Self {
            number: project.number,
            name: t.of(&project.name).to_owned(),
            href: t.href(&format!("/plan/projects/{}", project.id)),
            numbers: project.quantities.len(),
            milestones: project.milestones.len(),
            subtask: subtask(t, plan, &project.subtask),
        }
    }
}

impl TaskPage {
    pub(crate) fn new(visit: &Visit, id: &str) -> Result<Self, Problem> {
        let t = visit.t();
        let plan = visit.published.plan();
        let task = plan.tasks.iter().find(|it| it.id == id);
        let task = task.ok_or_else(|| Problem::new(Kind::NoClause, id))?;
        let view = |it: &Subtask| SubtaskView {
            id: it.id.clone(),
            name: t.of(&it.name).to_owned(),
            projects: projects(t, plan, &it.projects),
            clauses: ClauseView::all(t, plan, &it.clauses),
            quantities: QuantityView::all(t, plan, &it.quantities),
        };
        Ok(Self {
            t,
            frame: visit.frame(Section::Plan).data("/api/v1/plan"),
            id: id.to_owned(),
            name: t.of(&task.name).to_owned(),
            quantities: QuantityView::all(t, plan, &task.quantities),
            subtasks: task.subtasks.iter().map(view).collect(),
            has_text: has_text(plan),
        })
    }
}

impl ProjectPage {
    pub(crate) fn new(visit: &Visit, id: &str) -> Result<Self, Problem> {
        let t = visit.t();
        let plan = visit.published.plan();
        let project = plan.projects.iter().find(|it| it.id == id);
        let project = project.ok_or_else(|| Problem::new(Kind::NoClause, id))?;
        Ok(Self {
            t,
            frame: visit.frame(Section::Plan).data("/api/v1/plan"),
            number: project.number,
            name: t.of(&project.name).to_owned(),
            subtask: subtask(t, plan, &project.subtask),
            clauses: ClauseView::all(t, plan, &project.clauses),
            quantities: QuantityView::all(t, plan, &project.quantities),
            milestones: project.milestones.iter().map(|it| MilestoneView::new(t, it)).collect(),
            has_text: has_text(plan),
        })
    }
}

/// Whether the city attached its own copy of the document.
fn has_text(plan: &Plan) -> bool {
    plan.clauses.values().any(|it| it.text.is_some())
}
