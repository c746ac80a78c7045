//! Numbers the plan states, each linked to its indicator or deliverable and back to its clause.

use model::plan::{Comparison, Milestone, Plan, Quantity};

use crate::numbers;
use crate::text::Text;

/// One stated number, worded.
#[derive(Debug)]
pub(crate) struct QuantityView {
    pub(crate) id: String,
    pub(crate) what: String,
    pub(crate) number: String,
    pub(crate) unit: String,
    pub(crate) year: String,
    pub(crate) year_stated: bool,
    pub(crate) note: String,
    pub(crate) clause: (String, String),
    /// The indicator that measures it.
    pub(crate) indicator: Option<(String, String)>,
    /// The task or project that states it; empty on that page itself.
    pub(crate) stated_in: Option<(String, String)>,
}

/// One dated act, worded.
#[derive(Debug)]
pub(crate) struct MilestoneView {
    pub(crate) what: String,
    pub(crate) year: String,
    pub(crate) year_stated: bool,
    pub(crate) clause: (String, String),
}

impl QuantityView {
    pub(crate) fn new(t: Text, plan: &Plan, quantity: &Quantity) -> Self {
        let indicator = quantity.indicator.as_deref().and_then(|it| plan.indicator(it));
        Self {
            id: quantity.id.clone(),
            what: t.of(&quantity.what).to_owned(),
            number: number(quantity),
            unit: t.of(&quantity.unit).to_owned(),
            year: quantity.year.to_string(),
            year_stated: quantity.year_stated,
            note: t.of(&quantity.note).to_owned(),
            clause: super::clause::link(t, &quantity.clause),
            indicator: indicator
                .map(|it| (t.of(&it.name).to_owned(), t.href(&format!("/indicators/{}", it.code)))),
            stated_in: None,
        }
    }

    pub(crate) fn all(t: Text, plan: &Plan, quantities: &[Quantity]) -> Vec<Self> {
        quantities.iter().map(|it| Self::new(t, plan, it)).collect()
    }

    /// Every number of tasks and projects that an indicator measures.
    pub(crate) fn of_indicator(t: Text, plan: &Plan, code: &str) -> Vec<Self> {
        Self::matching(t, plan, |it| it.indicator.as_deref() == Some(code))
    }

    /// Every number of tasks and projects that a clause states.
    pub(crate) fn of_clause(t: Text, plan: &Plan, clause: &str) -> Vec<Self> {
        Self::matching(t, plan, |it| it.clause == clause)
    }

    fn matching(t: Text, plan: &Plan, wanted: impl Fn(&Quantity) -> bool) -> Vec<Self> {
        let mut found = Vec::new();
        let mut take = |quantities: &[Quantity], name: &str, path: String| {
            for quantity in quantities.iter().filter(|it| wanted(it)) {
                let mut view = Self::new(t, plan, quantity);
                view.stated_in = Some((name.to_owned(), t.href(&path)));
                found.push(view);
            }
        };
        for task in &plan.tasks {
            take(&task.quantities, t.of(&task.name), format!("/plan/tasks/{}", task.id));
            for subtask in &task.subtasks {
                let path = format!("/plan/tasks/{}#{}", task.id, subtask.id);
                take(&subtask.quantities, t.of(&subtask.name), path);
            }
        }
        for project in &plan.projects {
            take(
                &project.quantities,
                t.of(&project.name),
                format!("/plan/projects/{}", project.id),
            );
        }
        found
    }
}

/// With its sign: `≥ 93`, `4–6`, `> 80`. Plain where it is simply a number; empty where there is none.
fn number(quantity: &Quantity) -> String {
    let Some(value) = quantity.value else {
        return String::new();
    };
    let value = numbers::stated(value);
    match (quantity.comparison, quantity.value_max) {
        (_, Some(upper)) => format!("{value}–{}", numbers::stated(upper)),
        (Comparison::Equal | Comparison::Event | Comparison::Between, None) => value,
        (comparison, None) => format!("{} {value}", comparison.sign()),
    }
}

impl MilestoneView {
    pub(crate) fn new(t: Text, milestone: &Milestone) -> Self {
        Self {
            what: t.of(&milestone.what).to_owned(),
            year: milestone.year.to_string(),
            year_stated: milestone.year_stated,
            clause: super::clause::link(t, &milestone.clause),
        }
    }
}
