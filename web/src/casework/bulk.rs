//! One step, or one role given, in many cases: each is decided by itself, and what is refused in one keeps no other from
//! it. What is to be filled in is asked once for all.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use casework::Actor;
use casework::cases::{self, Asked, Candidate, CaseError, CaseId, Refusal};
use casework::expression::Value;
use casework::form::FieldFault;
use casework::lists;
use casework::procedure::{Procedure, Role, Transition};

use super::acting::{actor, frame, rendered};
use super::fields::{AskedField, Asking, Choice, Input};
use super::filled::Filled;
use super::lines::{CaseLine, shown};
use super::list::{self, Bulk, given, many};
use super::names::Names;
use super::page::case_id;
use super::parts::open_candidates;
use super::refusals::{explained, problem, problem_of_office, refused};
use crate::app::App;
use crate::frame::Frame;
use crate::network::uploads::GuardedParts;
use crate::network::visitor::Visitor;
use crate::problem::{Kind, Problem};
use crate::text::Text;

/// Most cases at once.
const MOST: usize = 200;

/// What is asked before it is done.
#[derive(Debug, Template)]
#[template(path = "casework/bulk.html")]
struct BulkPage {
    t: Text,
    frame: Frame,
    csrf: String,
    tab: &'static str,
    procedure: String,
    title: String,
    back: String,
    lines: Vec<CaseLine>,
    /// The list and what was chosen of it, to be sent once more.
    pairs: Vec<(String, String)>,
    fields: Vec<AskedField>,
    /// Who may be given the role.
    candidates: Option<Vec<Choice>>,
    needs_note: bool,
    /// Whether what is done takes a case on.
    takes_on: bool,
    note: String,
    /// How many fields cannot be read.
    fault: Option<String>,
}

impl BulkPage {
    fn can_be_done(&self) -> bool {
        self.candidates.as_ref().is_none_or(|it| !it.is_empty())
    }
}

/// What is to be done in each case.
enum Deed<'a> {
    Step(&'a Transition),
    Give(&'a Role),
}

impl<'a> Deed<'a> {
    fn of(procedure: &'a Procedure, actor: &'a Actor, name: &str) -> Option<Self> {
        match name.strip_prefix("give:") {
            Some(role) => given(procedure, actor).find(|it| it.name == role).map(Self::Give),
            None => many(procedure, actor).find(|it| it.name == name).map(Self::Step),
        }
    }

    fn title(&self, t: Text) -> String {
        match self {
            Self::Step(it) => t.of(&it.title).to_owned(),
            Self::Give(it) => t.with("bulk-give", "role", t.of(&it.title)),
        }
    }

    /// Whether something is to be filled in that the list does not ask.
    fn asks(&self, filled: &Filled) -> bool {
        match self {
            Self::Step(it) => {
                !it.fill.is_empty() || (it.needs_note && filled.one("note").trim().is_empty())
            }
            Self::Give(_) => true,
        }
    }
}

/// What is done in each case, once all is known.
enum Order {
    Step(Asked),
    Give(String, Candidate),
}

/// Everything at hand while many cases are worked on.
struct Doing<'a> {
    app: &'a App,
    visitor: &'a Visitor,
    actor: &'a Actor,
    procedure: &'a Procedure,
    filled: &'a Filled,
    t: Text,
}

pub(super) async fn take(
    State(app): State<App>,
    visitor: Visitor,
    GuardedParts { filled, .. }: GuardedParts,
) -> Result<Response, Problem> {
    let actor = actor(&app, &visitor).await?;
    let t = Text::new(visitor.address.lang);
    let procedure = app.office().current(filled.one("procedure")).await;
    let procedure = procedure.map_err(|it| problem_of_office(&it))?;
    let deed = Deed::of(&procedure, &actor, filled.one("step"));
    let deed = deed.ok_or_else(|| Problem::new(Kind::NotAQuestion, "step"))?;
    let chosen = filled.all("case").iter().take(MOST).map(|it| case_id(it));
    let chosen: Vec<CaseId> = chosen.collect::<Result<_, _>>()?;
    let (app, visitor, filled) = (&app, &visitor, &filled);
    let doing = Doing { app, visitor, actor: &actor, procedure: &procedure, filled, t };
    let is_asked = filled.one("do") != "take" && deed.asks(filled);
    if is_asked && !chosen.is_empty() {
        return doing.ask(&deed, &chosen, &[]).await;
    }
    let order = match doing.order(&deed).await? {
        Ok(order) => order,
        Err(faults) => return doing.ask(&deed, &chosen, &faults).await,
    };
    let mut bulk =
        Bulk { step: deed.title(t), done: 0, refused: Vec::new(), is_empty: chosen.is_empty() };
    for id in chosen {
        match doing.one(id, &order).await? {
            None => bulk.done += 1,
            Some(refused) => bulk.refused.push(refused),
        }
    }
    list::page(app, visitor, &actor, list::Asked::of(filled), Some(bulk)).await
}

impl Doing<'_> {
    /// Asks what is to be filled in, once for all.
    async fn ask(
        &self,
        deed: &Deed<'_>,
        chosen: &[CaseId],
        faults: &[FieldFault],
    ) -> Result<Response, Problem> {
        let Self { app, t, filled, procedure, .. } = *self;
        let asked = list::Asked::of(filled);
        let lines = lists::list(app.office(), self.actor, &asked.filter(app)).await;
        let mut lines = lines.map_err(|it| problem(&it))?;
        lines.retain(|it| chosen.contains(&it.id));
        let (candidates, fields) = match deed {
            Deed::Step(it) => (None, self.fields(it, faults)),
            Deed::Give(role) => (Some(self.candidates(role).await?), Vec::new()),
        };
        let own = ["csrf", "do", "note", "to"];
        let is_field = |name: &str| fields.iter().any(|it| it.control == name);
        let pairs = filled.pairs().filter(|(name, _)| !own.contains(name) && !is_field(name));
        let page = BulkPage {
            t,
            frame: frame(app, self.visitor),
            csrf: self.visitor.csrf.clone(),
            tab: "list",
            procedure: t.of(&procedure.title).to_owned(),
            title: deed.title(t),
            back: asked.href(t, &asked.after),
            lines: shown(app, t, lines).await?,
            pairs: pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            fields,
            candidates,
            needs_note: matches!(deed, Deed::Step(it) if it.needs_note),
            takes_on: !matches!(deed, Deed::Step(it) if !it.takes_on()),
            note: filled.one("note").to_owned(),
            fault: (!faults.is_empty()).then(|| t.count("refused-fields", faults.len())),
        };
        let status =
            if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        rendered(status, &page)
    }

    /// The fields that a step needs.
    fn fields(&self, transition: &Transition, faults: &[FieldFault]) -> Vec<AskedField> {
        let asking = Asking { app: self.app, t: self.t, files: &[] };
        let names = self.procedure.sections.iter().flat_map(|it| &it.fields);
        let needed = names.filter(|it| transition.fill.contains(*it));
        let fields = needed.filter_map(|it| self.procedure.form.field(it));
        let written = |name: &str| self.filled.of_field(name).unwrap_or_default();
        fields.map(|it| asking.field(it, written(&it.name), faults)).collect()
    }

    async fn candidates(&self, role: &Role) -> Result<Vec<Choice>, Problem> {
        let able = open_candidates(self.app, role).await?;
        let names = Names::of(self.app, able.iter().map(|it| it.account)).await?;
        let choice = |it: &Candidate| Choice {
            value: it.account.to_string(),
            title: names.get(it.account),
            is_chosen: false,
        };
        Ok(able.iter().map(choice).collect())
    }

    /// What is to be done, or what cannot be read of what was filled in.
    async fn order(&self, deed: &Deed<'_>) -> Result<Result<Order, Vec<FieldFault>>, Problem> {
        let filled = self.filled;
        match deed {
            Deed::Step(it) => {
                let asked = |name: &str| it.fill.iter().any(|field| field == name);
                let (mut change, faults) = filled.values(self.app, self.procedure, asked);
                if !faults.is_empty() {
                    return Ok(Err(faults));
                }
                // What is left blank stays in each case as it is there.
                change.retain(|_, value| *value != Value::Missing);
                let note = filled.one("note").replace("\r\n", "\n");
                let step = it.name.clone();
                Ok(Ok(Order::Step(Asked { step, change, note, ..Asked::default() })))
            }
            Deed::Give(role) => {
                let able = open_candidates(self.app, role).await?;
                let to = able.into_iter().find(|it| it.account.to_string() == filled.one("to"));
                let to = to.ok_or_else(|| Problem::new(Kind::NotAQuestion, "account"))?;
                Ok(Ok(Order::Give(role.name.clone(), to)))
            }
        }
    }

    /// Does it in one case; the case's number and the reason where it was refused.
    async fn one(&self, id: CaseId, order: &Order) -> Result<Option<(String, String)>, Problem> {
        let Self { app, t, actor, .. } = *self;
        let (office, at, mut entropy) = (app.office(), app.now(), app.entropy());
        let open = match cases::get(office, actor, id, at).await {
            Ok(open) => open,
            // Nobody is told anything of a case that is not for them, nor kept from the others.
            Err(CaseError::Refused(Refusal::Unknown)) => {
                return Ok(Some(("–".to_owned(), t.get("refused-unknown"))));
            }
            Err(error) => return Err(problem(&error)),
        };
        let answer = match order {
            Order::Step(asked) if many(&open.procedure, actor).all(|it| it.name != asked.step) => {
                Err(Refusal::NoStep(asked.step.clone()).into())
            }
            Order::Step(asked) => {
                let asked = Asked { revision: open.case.revision, ..asked.clone() };
                cases::step(office, actor, id, &asked, at, &mut *entropy).await
            }
            Order::Give(role, to) => {
                cases::assign(office, actor, id, role, to, at, &mut *entropy).await
            }
        };
        match answer {
            Ok(_) => Ok(None),
            Err(error) => {
                let why = explained(t, &open.procedure, &refused(error)?);
                Ok(Some((open.case.number, why)))
            }
        }
    }
}
