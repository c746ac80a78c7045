//! `tasks.toml` and `projects.toml`: what the plan sets out to do, and the numbers it states.

mod quantities;

use model::plan::{Project, Subtask, Task};
use model::year::Year;

use super::links::{Links, To};
use declarations::{Entry, short};

/// Reads `[[task]]` tables; `end` is the plan's last year.
pub(super) fn read(root: &Entry<'_>, links: &Links, end: Year) -> Vec<Task> {
    let tasks = root.entries("task").iter().filter_map(|it| task(it, links, end)).collect();
    root.done();
    tasks
}

fn task(entry: &Entry<'_>, links: &Links, end: Year) -> Option<Task> {
    let (id, name) = (entry.need_text("id"), entry.need_bilingual("name"));
    let subtasks = entry.entries("subtask");
    let subtasks = subtasks.iter().filter_map(|it| subtask(it, links, end)).collect();
    let quantities = quantities::read(entry, links, end);
    entry.done();
    Some(Task { id: id?, name: name?, subtasks, quantities })
}

fn subtask(entry: &Entry<'_>, links: &Links, end: Year) -> Option<Subtask> {
    let (id, name) = (entry.need_word("id"), entry.need_bilingual("name"));
    let clauses = links.all(To::Clause, &entry.words("clauses"));
    let projects = links.all(To::Project, &entry.words("projects"));
    let quantities = quantities::read(entry, links, end);
    entry.done();
    let id = id?;
    if !links.declare(To::Subtask, id.text) {
        let what = format!("the sub-task `{}` is declared twice", short(id.text));
        entry.fault_at(&id.place, what, "keep one of them");
    }
    let id = id.text.to_owned();
    Some(Subtask { id, name: name?, clauses, projects, quantities, place: entry.place() })
}

/// Reads `[[project]]` tables.
pub(super) fn projects(root: &Entry<'_>, links: &Links, end: Year) -> Vec<Project> {
    let projects =
        root.entries("project").iter().filter_map(|it| project(it, links, end)).collect();
    root.done();
    projects
}

fn project(entry: &Entry<'_>, links: &Links, end: Year) -> Option<Project> {
    let id = entry.need_word("id");
    let number = entry.need_small("number");
    let name = entry.need_bilingual("name");
    let subtask = entry.need_word("subtask").map(|it| links.to(To::Subtask, &it));
    let clauses = links.all(To::Clause, &entry.words("clauses"));
    let quantities = quantities::read(entry, links, end);
    let milestones = quantities::milestones(entry, links, end);
    entry.done();
    let id = id?;
    if !links.declare(To::Project, id.text) {
        let what = format!("the project `{}` is declared twice", short(id.text));
        entry.fault_at(&id.place, what, "keep one of them");
    }
    Some(Project {
        id: id.text.to_owned(),
        number: number?,
        name: name?,
        subtask: subtask?,
        clauses,
        quantities,
        milestones,
        place: entry.place(),
    })
}
