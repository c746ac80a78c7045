//! `/cases/list`: the cases one may see, filtered, a page at a time, with what can be done to many at once.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use casework::Actor;
use casework::form::FieldKind;
use casework::lists::{self, Filter};
use casework::procedure::{Holder, Procedure, Role, Transition};
use serde::Deserialize;

use super::acting::{actor, frame, rendered};
use super::fields::Choice;
use super::filled::Filled;
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
    /// Steps that may be taken in many cases at once, and roles that may be given in them.
    steps: Vec<(String, String)>,
    gives: Vec<(String, String)>,
    /// Steps that are taken in one case at a time.
    singly: String,
    next: Option<String>,
    is_first: bool,
    is_filtered: bool,
    bulk: Option<Bulk>,
}

impl ListPage {
    /// Whether anything can be done to many cases at once.
    fn is_bulk(&self) -> bool {
        !self.steps.is_empty() || !self.gives.is_empty()
    }
}

/// What became of a step in many cases.
#[derive(Debug)]
pub(super) struct Bulk {
    pub(super) step: String,
    pub(super) done: usize,
    /// Number of a case, and why nothing was done to it.
    pub(super) refused: Vec<(String, String)>,
    /// Nothing was asked for, as no case was chosen.
    pub(super) is_empty: bool,
}

impl Bulk {
    fn words(&self, t: &Text) -> String {
        if self.is_empty {
            return t.get("bulk-none");
        }
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
        gives: chosen.map_or_else(Vec::new, |it| {
            given(it, actor).map(|it| (it.name.clone(), t.of(&it.title).to_owned())).collect()
        }),
        singly: chosen.map_or_else(String::new, |it| {
            let titles: Vec<&str> = singly(it, actor).map(|it| t.of(&it.title)).collect();
            titles.join(if t.is_chinese() { "、" } else { ", " })
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
    /// The list that a form was sent from.
    pub(super) fn of(filled: &Filled) -> Self {
        let one = |name| filled.one(name).to_owned();
        Self {
            procedure: one("procedure"),
            state: one("state"),
            org: one("org"),
            q: one("q"),
            only: one("only"),
            after: one("after"),
        }
    }

    pub(super) fn filter(&self, app: &App) -> Filter {
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

    /// What a form sends along to come back to the same list.
    pub(super) fn pairs(&self) -> [(&'static str, &str); 6] {
        [
            ("procedure", &self.procedure),
            ("state", &self.state),
            ("org", &self.org),
            ("q", &self.q),
            ("only", &self.only),
            ("after", &self.after),
        ]
    }

    /// The same list after a case.
    pub(super) fn href(&self, t: Text, after: &str) -> String {
        let next = Self { after: after.to_owned(), ..self.clone() };
        let fields = next.pairs();
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

/// Steps of people in which one of the actor's roles may have a part.
fn own<'a>(procedure: &'a Procedure, actor: &'a Actor) -> impl Iterator<Item = &'a Transition> {
    let holds = move |role: &String| procedure.role(role).is_some_and(|it| is_held(actor, it));
    procedure.transitions.iter().filter(move |it| !it.is_of_the_clock() && it.by.iter().any(holds))
}

fn is_held(actor: &Actor, role: &Role) -> bool {
    role.grants.iter().any(|grant| actor.held().iter().any(|(held, _)| held == grant))
}

/// Steps that many cases can take alike: what they need can be filled in once for all.
pub(super) fn many<'a>(
    procedure: &'a Procedure,
    actor: &'a Actor,
) -> impl Iterator<Item = &'a Transition> {
    own(procedure, actor).filter(|it| is_alike(procedure, it))
}

/// Steps that are taken in one case at a time: who signs looks at what, a draw has its own seed, and files and what
/// makes a case the only one of its kind belong to one case.
fn singly<'a>(procedure: &'a Procedure, actor: &'a Actor) -> impl Iterator<Item = &'a Transition> {
    own(procedure, actor).filter(|it| !is_alike(procedure, it))
}

fn is_alike(procedure: &Procedure, transition: &Transition) -> bool {
    let is_of_one = |field: &String| {
        let is_files = procedure.form.field(field).is_some_and(|it| it.kind == FieldKind::Files);
        is_files || procedure.unique.contains(field)
    };
    !transition.is_signed && !transition.draws && !transition.fill.iter().any(is_of_one)
}

/// Roles that somebody may give by name in many cases; in which of them, is for the engine to say.
pub(super) fn given<'a>(
    procedure: &'a Procedure,
    actor: &'a Actor,
) -> impl Iterator<Item = &'a Role> {
    let mut roles = procedure.roles.iter().filter(|it| it.holder == Holder::Granted);
    let decides = roles.any(|it| !it.is_stranger && is_held(actor, it));
    let drawn = procedure.reviews.as_ref().map(|it| &it.role);
    procedure
        .roles
        .iter()
        .filter(move |it| decides && it.holder == Holder::Assigned && drawn != Some(&it.name))
}
