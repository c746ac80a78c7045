//! `/cases/list`: the cases one may see, filtered, a page at a time, with what can be done to many at once.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use casework::Actor;
use casework::lists::{self, Filter};
use casework::procedure::{Procedure, Transition};
use serde::Deserialize;

use super::acting::{actor, frame, rendered};
use super::fields::Choice;
use super::lines::{CaseLine, shown};
use super::names::meant;
use super::refusals::{problem, problem_of_office};
use crate::app::App;
use crate::extract::Query;
use crate::frame::Frame;
use crate::network::visitor::{Visitor, encoded};
use crate::problem::Problem;
use crate::text::Text;

#[derive(Debug, Template)]
#[template(path = "casework/list.html")]
struct ListPage {
    t: Text,
    frame: Frame,
    csrf: String,
    tab: &'static str,
    procedures: Vec<Choice>,
    states: Vec<Choice>,
    asked: Asked,
    lines: Vec<CaseLine>,
    /// Steps that may be taken in many cases at once.
    steps: Vec<(String, String)>,
    next: Option<String>,
    is_first: bool,
    is_filtered: bool,
    bulk: Option<Bulk>,
}

/// What became of a step in many cases.
#[derive(Debug)]
pub(super) struct Bulk {
    pub(super) step: String,
    pub(super) done: usize,
    /// Number of a case, and why nothing was done to it.
    pub(super) refused: Vec<(String, String)>,
}

impl Bulk {
    fn words(&self, t: &Text) -> String {
        let values = [("step", self.step.clone()), ("count", self.done.to_string())];
        t.fill("bulk-done", &values)
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    pub(super) procedure: String,
    #[serde(default)]
    pub(super) state: String,
    #[serde(default)]
    pub(super) org: String,
    #[serde(default)]
    pub(super) q: String,
    /// `open`, `overdue`, or all.
    #[serde(default)]
    pub(super) only: String,
    #[serde(default)]
    pub(super) after: String,
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let actor = actor(&app, &visitor).await?;
    page(&app, &visitor, &actor, asked, None).await
}

/// The list, with what became of a step in many of its cases.
pub(super) async fn page(
    app: &App,
    visitor: &Visitor,
    actor: &Actor,
    asked: Asked,
    bulk: Option<Bulk>,
) -> Result<Response, Problem> {
    let t = Text::new(visitor.address.lang);
    let all = app.office().procedures().await.map_err(|it| problem_of_office(&it))?;
    let held = |it: &&std::sync::Arc<Procedure>| takes_part(actor, it);
    let choice = |it: &std::sync::Arc<Procedure>| Choice {
        value: it.name.clone(),
        title: t.of(&it.title).to_owned(),
        is_chosen: it.name == asked.procedure,
    };
    let chosen = all.iter().find(|it| it.name == asked.procedure);
    let mut lines =
        lists::list(app.office(), actor, &asked.filter(app)).await.map_err(|it| problem(&it))?;
    let is_more = lines.len() > PAGE;
    lines.truncate(PAGE);
    let next = lines.last().filter(|_| is_more).map(|it| asked.href(t, &it.id.to_string()));
    let page = ListPage {
        t,
        frame: frame(app, visitor),
        csrf: visitor.csrf.clone(),
        tab: "list",
        procedures: all.iter().filter(held).map(choice).collect(),
        states: chosen.map_or_else(Vec::new, |it| states(t, it, &asked.state)),
        lines: shown(app, t, lines).await?,
        steps: chosen.map_or_else(Vec::new, |it| {
            many(it, actor).map(|it| (it.name.clone(), t.of(&it.title).to_owned())).collect()
        }),
        next,
        is_first: asked.after.is_empty(),
        is_filtered: asked.is_filtered(),
        asked,
        bulk,
    };
    rendered(StatusCode::OK, &page)
}

/// Cases on one page.
const PAGE: usize = 50;

impl Asked {
    fn filter(&self, app: &App) -> Filter {
        Filter {
            procedure: self.procedure.clone(),
            state: if self.procedure.is_empty() { String::new() } else { self.state.clone() },
            organisation: if self.org.trim().is_empty() {
                String::new()
            } else {
                meant(app, &self.org)
            },
            words: self.q.clone(),
            only_open: self.only == "open",
            only_overdue: self.only == "overdue",
            after: self.after.parse().ok(),
        }
    }

    fn is_filtered(&self) -> bool {
        [&self.procedure, &self.state, &self.org, &self.q, &self.only]
            .iter()
            .any(|it| !it.is_empty())
    }

    /// The same list after a case.
    fn href(&self, t: Text, after: &str) -> String {
        let fields = [
            ("procedure", &*self.procedure),
            ("state", &*self.state),
            ("org", &*self.org),
            ("q", &*self.q),
            ("only", &*self.only),
            ("after", after),
        ];
        let given = fields.iter().filter(|(_, value)| !value.is_empty());
        let query: Vec<String> =
            given.map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        t.href(&format!("/cases/list?{}", query.join("&")))
    }
}

/// Whether a role of a procedure can be one of the actor's.
pub(super) fn takes_part(actor: &Actor, procedure: &Procedure) -> bool {
    let holds = |grant: &String| actor.held().iter().any(|(it, _)| it == grant);
    procedure.roles.iter().any(|it| it.grants.iter().any(holds))
}

fn states(t: Text, procedure: &Procedure, chosen: &str) -> Vec<Choice> {
    let choice = |it: &casework::procedure::State| Choice {
        value: it.name.clone(),
        title: t.of(&it.title).to_owned(),
        is_chosen: it.name == chosen,
    };
    procedure.states.iter().map(choice).collect()
}

/// Steps that ask for nothing but a note, so that many cases can take them alike.
pub(super) fn many<'a>(
    procedure: &'a Procedure,
    actor: &'a Actor,
) -> impl Iterator<Item = &'a Transition> {
    let holds = move |role: &String| {
        let role = procedure.role(role);
        role.is_some_and(|it| {
            it.grants.iter().any(|grant| actor.held().iter().any(|(held, _)| held == grant))
        })
    };
    procedure.transitions.iter().filter(move |it| {
        !it.is_of_the_clock()
            && !it.is_signed
            && !it.draws
            && it.fill.is_empty()
            && it.by.iter().any(holds)
    })
}
