//! `/plan/clauses/{id}`: one sentence of the document, and everything that was read from it.

use askama::Template;
use model::plan::Plan;

use super::quantity::QuantityView;
use crate::frame::{Frame, Section};
use crate::problem::{Kind, Problem};
use crate::text::Text;
use crate::visit::Visit;

/// A clause's id and the address of its page.
pub(crate) fn link(t: Text, id: &str) -> (String, String) {
    (id.to_owned(), t.href(&format!("/plan/clauses/{id}")))
}

pub(crate) fn links(t: Text, ids: &[String]) -> Vec<(String, String)> {
    ids.iter().map(|it| link(t, it)).collect()
}

/// A clause as it is named beside a number, with its sentence where the city attached its copy of the document.
#[derive(Debug)]
pub(crate) struct ClauseView {
    pub(crate) link: (String, String),
    pub(crate) text: Option<String>,
}

impl ClauseView {
    pub(crate) fn all(t: Text, plan: &Plan, ids: &[String]) -> Vec<Self> {
        let view = |id: &String| Self {
            link: link(t, id),
            text: plan.clauses.get(id).and_then(|it| it.text.clone()),
        };
        ids.iter().map(view).collect()
    }

    /// Those that have a sentence.
    pub(crate) fn with_text(t: Text, plan: &Plan, ids: &[String]) -> Vec<Self> {
        Self::all(t, plan, ids).into_iter().filter(|it| it.text.is_some()).collect()
    }
}

/// One clause, ready to be read.
#[derive(Debug, Template)]
#[template(path = "pages/clause.html")]
pub(crate) struct ClausePage {
    t: Text,
    frame: Frame,
    id: String,
    section: String,
    heading: String,
    text: Option<String>,
    before: Option<(String, String)>,
    after: Option<(String, String)>,
    indicators: Vec<(String, String)>,
    parts: Vec<(String, String)>,
    quantities: Vec<QuantityView>,
    contradictions: Vec<String>,
}

impl ClausePage {
    pub(crate) fn new(visit: &Visit, id: &str) -> Result<Self, Problem> {
        let t = visit.t();
        let plan = visit.published.plan();
        let clause = plan.clauses.get(id).ok_or_else(|| Problem::new(Kind::NoClause, id))?;
        let section = plan.sections.iter().find(|it| it.id == clause.section);
        let ids: Vec<String> = section.map(|it| it.clauses().collect()).unwrap_or_default();
        let at = ids.iter().position(|it| it == id);
        let beside = |at: Option<usize>| at.and_then(|it| ids.get(it)).map(|it| link(t, it));
        Ok(Self {
            t,
            frame: visit.frame(Section::Plan),
            id: id.to_owned(),
            section: clause.section.clone(),
            heading: section.map_or_else(String::new, |it| it.heading.clone()),
            text: clause.text.clone(),
            before: beside(at.and_then(|it| it.checked_sub(1))),
            after: beside(at.and_then(|it| it.checked_add(1))),
            indicators: indicators(t, plan, id),
            parts: parts(t, plan, id),
            quantities: QuantityView::of_clause(t, plan, id),
            contradictions: plan
                .contradictions
                .iter()
                .filter(|it| it.clauses.iter().any(|it| it == id))
                .map(|it| t.of(&it.what).to_owned())
                .collect(),
        })
    }
}

fn indicators(t: Text, plan: &Plan, id: &str) -> Vec<(String, String)> {
    let cites = |clauses: &[String]| clauses.iter().any(|it| it == id);
    plan.indicators
        .iter()
        .filter(|it| cites(&it.clauses) || it.targets.iter().any(|it| cites(&it.clauses)))
        .map(|it| (t.of(&it.name).to_owned(), t.href(&format!("/indicators/{}", it.code))))
        .collect()
}

/// Sub-tasks and projects read from the clause.
fn parts(t: Text, plan: &Plan, id: &str) -> Vec<(String, String)> {
    let cites = |clauses: &[String]| clauses.iter().any(|it| it == id);
    let subtasks = plan.tasks.iter().flat_map(|task| {
        task.subtasks.iter().filter(|it| cites(&it.clauses)).map(|it| {
            let path = format!("/plan/tasks/{}#{}", task.id, it.id);
            (format!("{} {}", it.id, t.of(&it.name)), t.href(&path))
        })
    });
    let projects = plan.projects.iter().filter(|it| cites(&it.clauses));
    let projects = projects
        .map(|it| (t.of(&it.name).to_owned(), t.href(&format!("/plan/projects/{}", it.id))));
    subtasks.chain(projects).collect()
}
