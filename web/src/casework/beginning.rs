//! `/cases/new`: which procedures one may begin, and a case that is begun.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use casework::Actor;
use casework::cases::{self, CaseError, Refusal};
use casework::procedure::{Deadline, Due, Procedure, Role};
use casework::sheets;
use model::OrgCode;
use serde::Deserialize;

use super::acting::{actor, frame, rendered};
use super::names::{self, meant};
use super::refusals::{problem, problem_of_office, words};
use crate::app::App;
use crate::extract::Path;
use crate::frame::Frame;
use crate::network::forms::Guarded;
use crate::network::visitor::Visitor;
use crate::problem::{Kind, Problem};
use crate::text::Text;

#[derive(Debug, Template)]
#[template(path = "casework/choose.html")]
struct ChoosePage {
    t: Text,
    frame: Frame,
    tab: &'static str,
    procedures: Vec<(String, String, String)>,
}

#[derive(Debug, Template)]
#[template(path = "casework/begin.html")]
pub(super) struct BeginPage {
    t: Text,
    frame: Frame,
    csrf: String,
    tab: &'static str,
    procedure: String,
    title: String,
    purpose: String,
    organisation: String,
    named: String,
    fault: Option<String>,
    /// Roles of the procedure and what they do, for whoever wants to know what is to come.
    roles: Vec<(String, Vec<String>)>,
    deadlines: Vec<LimitLine>,
    sheet: Option<SheetView>,
    pub(super) imported: Option<ImportedView>,
}

/// A time limit of the procedure: how long it is, and who has to act within it.
#[derive(Debug)]
struct LimitLine {
    title: String,
    length: String,
    owner: String,
}

/// A workbook of cases.
#[derive(Debug)]
struct SheetView {
    step: String,
    most: String,
}

/// What became of a workbook.
#[derive(Debug)]
pub(super) struct ImportedView {
    pub(super) is_rehearsal: bool,
    /// Rows with the numbers of their cases.
    pub(super) begun: Vec<(u64, String)>,
    pub(super) findings: Vec<FindingLine>,
}

/// What is amiss in one place of a workbook.
#[derive(Debug)]
pub(super) struct FindingLine {
    pub(super) row: u64,
    pub(super) column: String,
    pub(super) found: String,
    pub(super) expected: String,
    pub(super) hint: String,
}

pub(super) async fn choose(State(app): State<App>, visitor: Visitor) -> Result<Response, Problem> {
    let t = Text::new(visitor.address.lang);
    let actor = actor(&app, &visitor).await?;
    let all = app.office().procedures().await.map_err(|it| problem_of_office(&it))?;
    let own = all.iter().filter(|it| begins(&actor, it));
    let text = |it: &Arc<Procedure>| {
        (it.name.clone(), t.of(&it.title).to_owned(), t.of(&it.purpose).to_owned())
    };
    let page = ChoosePage {
        t,
        frame: frame(&app, &visitor),
        tab: "new",
        procedures: own.map(text).collect(),
    };
    rendered(StatusCode::OK, &page)
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(procedure): Path<String>,
) -> Result<Response, Problem> {
    let actor = actor(&app, &visitor).await?;
    let procedure = current(&app, &actor, &procedure).await?;
    rendered(StatusCode::OK, &BeginPage::new(&app, &visitor, &procedure, None, None))
}

#[derive(Debug, Deserialize)]
pub(super) struct BeginForm {
    #[serde(default)]
    organisation: String,
}

pub(super) async fn begin(
    State(app): State<App>,
    visitor: Visitor,
    Path(procedure): Path<String>,
    Guarded { form, .. }: Guarded<BeginForm>,
) -> Result<Response, Problem> {
    let t = Text::new(visitor.address.lang);
    let actor = actor(&app, &visitor).await?;
    let procedure = current(&app, &actor, &procedure).await?;
    let code: Result<OrgCode, _> = meant(&app, &form.organisation).parse();
    let answer = match code {
        Ok(code) => {
            let (at, mut entropy) = (app.now(), app.entropy());
            cases::begin(app.office(), &actor, &procedure.name, &code, at, &mut *entropy).await
        }
        Err(_) => Err(Refusal::NoOrganisation(form.organisation.clone()).into()),
    };
    match answer {
        Ok(begun) => Ok(Redirect::to(&t.href(&format!("/cases/{}", begun.id))).into_response()),
        Err(CaseError::Refused(refusal)) => {
            let fault = Some(words(t, &procedure, &refusal));
            let page = BeginPage::new(&app, &visitor, &procedure, Some(form.organisation), fault);
            rendered(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(problem(&error)),
    }
}

/// The procedure of a name, for somebody who may begin it somewhere.
pub(super) async fn current(
    app: &App,
    actor: &Actor,
    name: &str,
) -> Result<Arc<Procedure>, Problem> {
    let found = app.office().current(name).await.map_err(|it| problem_of_office(&it))?;
    if begins(actor, &found) { Ok(found) } else { Err(Problem::new(Kind::NotForYou, "")) }
}

/// Whether somebody may begin a case of any procedure.
pub(super) async fn begins_any(app: &App, actor: &Actor) -> Result<bool, Problem> {
    let all = app.office().procedures().await.map_err(|it| problem_of_office(&it))?;
    Ok(all.iter().any(|it| begins(actor, it)))
}

/// Whether somebody holds what a case of a procedure is begun with; where, is for the engine to say.
fn begins(actor: &Actor, procedure: &Procedure) -> bool {
    let start = procedure.start().map(|it| it.name.as_str()).unwrap_or_default();
    let from_start =
        procedure.transitions.iter().filter(|it| it.from.iter().any(|it| it.contains(start)));
    let holds = |role: &Role| {
        role.over.is_none()
            && role.grants.iter().any(|grant| actor.held().iter().any(|(it, _)| it == grant))
    };
    let mut roles = from_start.flat_map(|it| &it.by).filter_map(|it| procedure.role(it));
    roles.any(holds)
}

impl BeginPage {
    pub(super) fn new(
        app: &App,
        visitor: &Visitor,
        procedure: &Procedure,
        organisation: Option<String>,
        fault: Option<String>,
    ) -> Self {
        let t = Text::new(visitor.address.lang);
        let organisation = organisation
            .filter(|it| !it.is_empty())
            .unwrap_or_else(|| visitor.account.home.as_str().to_owned());
        let does = |role: &Role| {
            let steps = procedure.transitions.iter().filter(|it| it.by.contains(&role.name));
            let titles = steps.map(|it| t.of(&it.title).to_owned()).collect();
            (t.of(&role.title).to_owned(), titles)
        };
        Self {
            t,
            frame: frame(app, visitor),
            csrf: visitor.csrf.clone(),
            tab: "new",
            procedure: procedure.name.clone(),
            title: t.of(&procedure.title).to_owned(),
            purpose: t.of(&procedure.purpose).to_owned(),
            named: names::organisation_of(app, t, &organisation),
            organisation,
            fault,
            roles: procedure.roles.iter().map(does).collect(),
            deadlines: procedure.deadlines.iter().map(|it| limit(t, procedure, it)).collect(),
            sheet: sheets::handing_in(procedure).map(|it| SheetView {
                step: t.of(&it.title).to_owned(),
                most: super::sheet::most(app),
            }),
            imported: None,
        }
    }
}

fn limit(t: Text, procedure: &Procedure, deadline: &Deadline) -> LimitLine {
    let owner = procedure.role(&deadline.owner).map_or("", |it| t.of(&it.title)).to_owned();
    LimitLine {
        title: t.of(&deadline.title).to_owned(),
        length: length(t, procedure, &deadline.due),
        owner,
    }
}

/// How long a time limit is, in words.
fn length(t: Text, procedure: &Procedure, due: &Due) -> String {
    match due {
        Due::After(period) => {
            let (count, unit) = period.parts();
            let count = usize::try_from(count).unwrap_or(usize::MAX);
            t.count(&format!("limit-{}", unit.replace(' ', "-")), count)
        }
        Due::On(field) => {
            let title = procedure.form.field(field).map_or(field.as_str(), |it| t.of(&it.title));
            t.with("limit-on", "field", title)
        }
    }
}
