//! `/cases`: the cases in which it is one's turn, by role, those due first.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use casework::lists;
use serde::Deserialize;

use super::acting::{actor, frame, rendered};
use super::beginning::begins_any;
use super::lines::{CaseLine, shown};
use super::refusals::problem;
use crate::app::App;
use crate::extract::Query;
use crate::frame::Frame;
use crate::network::visitor::Visitor;
use crate::problem::Problem;
use crate::text::Text;

#[derive(Debug, Template)]
#[template(path = "casework/inbox.html")]
struct InboxPage {
    t: Text,
    frame: Frame,
    tab: &'static str,
    /// Number of the case that was worked on last and is not the reader's to see any more.
    done: Option<String>,
    roles: Vec<RoleTasks>,
    count: usize,
    /// What the count is of, and how many of them are overdue.
    counted: String,
    overdue: Option<String>,
    may_begin: bool,
}

/// What waits for the reader in one role of one procedure.
#[derive(Debug)]
struct RoleTasks {
    role: String,
    procedure: String,
    lines: Vec<CaseLine>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    done: String,
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let t = Text::new(visitor.address.lang);
    let actor = actor(&app, &visitor).await?;
    let lines = lists::inbox(app.office(), &actor).await.map_err(|it| problem(&it))?;
    let overdue = lines.iter().filter(|it| it.is_overdue).count();
    let lines = shown(&app, t, lines).await?;
    let count = lines.len();
    // Numbers of cases are short and plain; anything else is nobody's.
    let is_plain = |it: &char| it.is_alphanumeric() || *it == '-';
    let done: String = asked.done.chars().filter(is_plain).take(40).collect();
    let page = InboxPage {
        t,
        frame: frame(&app, &visitor),
        tab: "inbox",
        done: (!done.is_empty()).then_some(done),
        roles: by_role(lines),
        count,
        counted: t.count("inbox-count", count),
        overdue: (overdue > 0).then(|| t.count("inbox-overdue", overdue)),
        may_begin: begins_any(&app, &actor).await?,
    };
    rendered(StatusCode::OK, &page)
}

/// What waits for somebody, for the page he starts from.
#[derive(Debug)]
pub(crate) struct Waiting {
    pub(crate) count: usize,
    pub(crate) counted: String,
    pub(crate) overdue: Option<String>,
    pub(crate) may_begin: bool,
}

pub(crate) async fn waiting(app: &App, visitor: &Visitor) -> Result<Waiting, Problem> {
    let t = Text::new(visitor.address.lang);
    let actor = actor(app, visitor).await?;
    let lines = lists::inbox(app.office(), &actor).await.map_err(|it| problem(&it))?;
    let overdue = lines.iter().filter(|it| it.is_overdue).count();
    Ok(Waiting {
        count: lines.len(),
        counted: t.count("start-tasks", lines.len()),
        overdue: (overdue > 0).then(|| t.count("start-overdue", overdue)),
        may_begin: begins_any(app, &actor).await?,
    })
}

/// Lines by role, the role whose first case is due first before the others.
fn by_role(lines: Vec<CaseLine>) -> Vec<RoleTasks> {
    let mut roles: Vec<RoleTasks> = Vec::new();
    for line in lines {
        let found =
            roles.iter_mut().find(|it| it.role == line.role && it.procedure == line.procedure);
        match found {
            Some(role) => role.lines.push(line),
            None => roles.push(RoleTasks {
                role: line.role.clone(),
                procedure: line.procedure.clone(),
                lines: vec![line],
            }),
        }
    }
    roles
}
