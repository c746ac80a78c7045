//! Taking a step, keeping a draft, attaching files: all that the form of a case does.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use casework::Actor;
use casework::attachments::{Attachment, attach};
use casework::cases::{self, Asked, CaseId, Refusal};
use casework::form::FieldFault;
use casework::procedure::{Procedure, Transition};

use super::acting::{actor, frame, rendered};
use super::fields::{Shown, listed};
use super::filled::Filled;
use super::page::{Said, case_id, page};
use super::refusals::{problem, refused, refused_file, words};
use crate::app::App;
use crate::extract::Path;
use crate::frame::Frame;
use crate::network::uploads::{GuardedParts, Upload};
use crate::network::visitor::{Visitor, encoded};
use crate::problem::{Kind, Problem};
use crate::text::Text;

/// What is about to be signed.
#[derive(Debug, Template)]
#[template(path = "casework/sign.html")]
struct SignPage {
    t: Text,
    frame: Frame,
    csrf: String,
    id: String,
    title: String,
    step: String,
    shown: Vec<Shown>,
    note: Vec<String>,
    seen: String,
    /// Whether it takes the case on.
    takes_on: bool,
    /// The form once more, to be sent as it is.
    pairs: Vec<(String, String)>,
}

/// Everything at hand while a form of a case is taken.
struct Taking<'a> {
    app: &'a App,
    visitor: &'a Visitor,
    actor: &'a Actor,
    id: CaseId,
    procedure: &'a Procedure,
    t: Text,
}

pub(super) async fn take(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    GuardedParts { mut filled, files }: GuardedParts,
) -> Result<Response, Problem> {
    let id = case_id(&id)?;
    let actor = actor(&app, &visitor).await?;
    let procedure = cases::procedure_of(app.office(), id).await.map_err(|it| problem(&it))?;
    let procedure = procedure.ok_or_else(|| Problem::new(Kind::NoCase, ""))?;
    let t = Text::new(visitor.address.lang);
    let taking =
        Taking { app: &app, visitor: &visitor, actor: &actor, id, procedure: &procedure, t };
    if let Some(message) = taking.attach(&mut filled, files).await? {
        taking.keep(&filled).await?;
        return taking.again(filled, Vec::new(), Some(message)).await;
    }
    match filled.one("do").strip_prefix("step:").map(str::to_owned) {
        Some(step) => taking.step(&step, filled).await,
        None => {
            taking.keep(&filled).await?;
            Ok(taking.back("#form"))
        }
    }
}

impl Taking<'_> {
    /// Keeps the files that came along, each with its field; why one was not kept.
    async fn attach(
        &self,
        filled: &mut Filled,
        files: Vec<Upload>,
    ) -> Result<Option<String>, Problem> {
        for file in files {
            let kept = self.keep_file(&file).await?;
            match kept {
                Ok(kept) => {
                    let field = file.control.strip_prefix("file.").unwrap_or_default();
                    if self.procedure.form.field(field).is_some() {
                        filled.add(field, kept.id.to_string());
                    }
                }
                Err(refusal) => {
                    let why = words(self.t, self.procedure, &refusal);
                    let name: String = file.name.chars().take(60).collect();
                    let values = [("name", name), ("why", why)];
                    return Ok(Some(self.t.fill("file-not-kept", &values)));
                }
            }
        }
        Ok(None)
    }

    async fn keep_file(&self, file: &Upload) -> Result<Result<Attachment, Refusal>, Problem> {
        let (office, vault) = (self.app.office(), &self.app.surroundings().vault);
        let mut entropy = self.app.entropy();
        let (at, name, bytes) = (self.app.now(), &file.name, &file.bytes);
        let kept = attach(office, vault, self.actor, self.id, name, bytes, at, &mut *entropy).await;
        match kept {
            Ok(kept) => Ok(Ok(kept)),
            Err(error) => refused_file(error).map(Err),
        }
    }

    /// Keeps what was filled in as a draft.
    async fn keep(&self, filled: &Filled) -> Result<(), Problem> {
        let form = filled.unfinished(self.app, self.procedure);
        if form.is_empty() {
            return Ok(());
        }
        let (office, at) = (self.app.office(), self.app.now());
        let kept = cases::save_draft(office, self.actor, self.id, &form, at).await;
        kept.map(|_| ()).map_err(|it| problem(&it))
    }

    async fn step(&self, step: &str, filled: Filled) -> Result<Response, Problem> {
        let Some(transition) = self.procedure.transition(step) else {
            return Err(Problem::new(Kind::NotAQuestion, "step"));
        };
        let (change, faults) =
            filled.values(self.app, self.procedure, |it| transition.may_edit(it));
        if !faults.is_empty() {
            return self.again(filled, faults, None).await;
        }
        let mut asked = Asked { change, ..filled.asked(step) };
        if transition.is_signed && asked.seen.is_none() {
            return self.preview(transition, &asked, filled).await;
        }
        if let Some(reviews) = self.procedure.reviews.as_ref().filter(|_| transition.draws)
            && let Some(role) = self.procedure.role(&reviews.role)
        {
            let pool = cases::candidates(self.app.office(), role, self.app.now()).await;
            asked.pool = pool.map_err(|it| Problem::ours(&it))?;
        }
        let (office, at, mut entropy) = (self.app.office(), self.app.now(), self.app.entropy());
        match cases::step(office, self.actor, self.id, &asked, at, &mut *entropy).await {
            Ok(after) if self.actor.sees(self.procedure, &after) => {
                Ok(self.back(&format!("?done={}", encoded(step))))
            }
            Ok(after) => {
                let path = format!("/cases?done={}", encoded(&after.number));
                Ok(Redirect::to(&self.t.href(&path)).into_response())
            }
            Err(error) => self.refused(filled, refused(error)?).await,
        }
    }

    /// Shows what would be signed.
    async fn preview(
        &self,
        transition: &Transition,
        asked: &Asked,
        filled: Filled,
    ) -> Result<Response, Problem> {
        let (office, at) = (self.app.office(), self.app.now());
        let seen = match cases::preview(office, self.actor, self.id, asked, at).await {
            Ok(seen) => seen,
            Err(error) => return self.refused(filled, refused(error)?).await,
        };
        // Whoever looks once more at what he wrote finds it as he left it.
        self.keep(&filled).await?;
        let files = casework::attachments::attachments(office, self.actor, self.id, at).await;
        let files = files.map_err(|it| problem(&it))?;
        let (t, procedure) = (self.t, self.procedure);
        let own = ["csrf", "seen"];
        let pairs = filled.pairs().filter(|(name, _)| !own.contains(name));
        let page = SignPage {
            t,
            frame: frame(self.app, self.visitor),
            csrf: self.visitor.csrf.clone(),
            id: self.id.to_string(),
            title: t.of(&procedure.title).to_owned(),
            step: t.of(&transition.title).to_owned(),
            takes_on: transition.takes_on(),
            shown: listed(self.app, t, procedure, &seen.form, &files),
            note: asked.note.lines().map(str::to_owned).collect(),
            seen: seen.seen,
            pairs: pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        };
        rendered(StatusCode::OK, &page)
    }

    async fn refused(&self, filled: Filled, refusal: Refusal) -> Result<Response, Problem> {
        // What somebody wrote is not lost because a step was not possible.
        self.keep(&filled).await?;
        if let Refusal::Fields(faults) = refusal {
            return self.again(filled, faults, None).await;
        }
        let message = words(self.t, self.procedure, &refusal);
        self.again(filled, Vec::new(), Some(message)).await
    }

    /// The page again, with what was written and what is wrong with it.
    async fn again(
        &self,
        filled: Filled,
        faults: Vec<FieldFault>,
        message: Option<String>,
    ) -> Result<Response, Problem> {
        let said = Said { sent: Some(filled), faults, message, done: None };
        page(self.app, self.visitor, self.actor, self.id, said).await
    }

    fn back(&self, rest: &str) -> Response {
        Redirect::to(&self.t.href(&format!("/cases/{}{rest}", self.id))).into_response()
    }
}
