//! `/cases/{id}`: a case with its form, what may be done now, and what happened.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use casework::Actor;
use casework::attachments::Attachment;
use casework::cases::{self, CaseId, Comment, Dossier, Running};
use casework::form::FieldFault;
use casework::procedure::{Procedure, Transition};
use jiff::Timestamp;
use network::AccountId;
use serde::Deserialize;

use super::acting::{actor, frame, rendered};
use super::fields::{Choice, FormView, Input, SectionView};
use super::filled::Filled;
use super::letter::{self, LetterLine};
use super::lines::Urgency;
use super::names::{self, Names};
use super::refusals::{mebibytes, problem};
use super::situation::{Situation, Turn};
use super::story::{self, AnnouncedView, DrawView, Told};
use crate::app::App;
use crate::extract::{Path, Query};
use crate::frame::Frame;
use crate::instant::Instant;
use crate::network::visitor::Visitor;
use crate::problem::{Kind, Problem};
use crate::text::Text;

#[derive(Debug, Template)]
#[template(path = "casework/page.html")]
struct CasePage {
    t: Text,
    frame: Frame,
    csrf: String,
    tab: &'static str,
    id: String,
    number: String,
    title: String,
    purpose: String,
    procedure: String,
    organisation: String,
    beginner: String,
    begun: Instant,
    revision: i64,
    situation: Situation,
    deadlines: Vec<DeadlineLine>,
    roles: Vec<String>,
    sections: Vec<SectionView>,
    asks: bool,
    takes_files: bool,
    steps: Vec<StepButton>,
    waiting: Vec<String>,
    needs_note: Vec<String>,
    note: String,
    /// What was not done, and why; by field where one is to blame.
    message: Option<String>,
    faults: Vec<FaultLine>,
    done: Option<String>,
    draft_saved: Option<Instant>,
    is_draft_older: bool,
    is_party: bool,
    comments: Vec<CommentLine>,
    files: Vec<FileLine>,
    most: String,
    letters: Vec<LetterLine>,
    story: Vec<Told>,
    draws: Vec<DrawView>,
    announced: Option<AnnouncedView>,
    reviews: Option<ReviewView>,
    parts: Vec<PartView>,
}

/// A time limit of the case.
#[derive(Debug)]
struct DeadlineLine {
    title: String,
    due: String,
    is_estimated: bool,
    urgency: Urgency,
}

/// A step that may be taken now.
#[derive(Debug)]
struct StepButton {
    name: String,
    title: String,
    /// Stands out: the first that takes the case on, where it is the reader's turn.
    is_first: bool,
}

#[derive(Debug)]
struct FaultLine {
    control: String,
    title: String,
    text: String,
}

#[derive(Debug)]
struct CommentLine {
    who: String,
    at: Instant,
    lines: Vec<String>,
}

#[derive(Debug)]
struct FileLine {
    id: String,
    name: String,
    size: String,
    who: String,
    at: Instant,
    is_scanned: bool,
}

/// How far the reviewers are, and the own sheet.
#[derive(Debug)]
struct ReviewView {
    counted: String,
    most: u32,
    /// The reader is asked to hand one in.
    is_asked: bool,
    scores: Vec<(String, u32)>,
    mean: Option<String>,
}

/// A role that can be given by name.
#[derive(Debug)]
struct PartView {
    role: String,
    title: String,
    holders: Vec<Choice>,
    candidates: Vec<Choice>,
}

/// What is said on a page beside the case itself.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) sent: Option<Filled>,
    pub(super) faults: Vec<FieldFault>,
    pub(super) message: Option<String>,
    /// The step that was taken last.
    pub(super) done: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    done: String,
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let id = case_id(&id)?;
    let actor = actor(&app, &visitor).await?;
    let done = (!asked.done.is_empty()).then_some(asked.done);
    page(&app, &visitor, &actor, id, Said { done, ..Said::default() }).await
}

/// The case an address names.
pub(super) fn case_id(text: &str) -> Result<CaseId, Problem> {
    text.parse().map_err(|_| Problem::new(Kind::NoCase, ""))
}

/// The page of a case, with what is said of an attempt to change it.
pub(super) async fn page(
    app: &App,
    visitor: &Visitor,
    actor: &Actor,
    id: CaseId,
    said: Said,
) -> Result<Response, Problem> {
    let now = app.now();
    let dossier = cases::dossier(app.office(), actor, id, now).await.map_err(|it| problem(&it))?;
    let names = Names::of(app, story::accounts(&dossier)).await?;
    let t = Text::new(visitor.address.lang);
    let parts = parts(app, t, &dossier, &names).await?;
    let has_fault = said.message.is_some() || !said.faults.is_empty();
    let status = if has_fault { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = CasePage::new(app, visitor, actor, &dossier, &names, parts, said, now);
    rendered(status, &page)
}

impl CasePage {
    #[expect(clippy::too_many_arguments, reason = "a page is made from all that is known")]
    fn new(
        app: &App,
        visitor: &Visitor,
        actor: &Actor,
        dossier: &Dossier,
        names: &Names,
        parts: Vec<PartView>,
        said: Said,
        now: Timestamp,
    ) -> Self {
        let t = Text::new(visitor.address.lang);
        let (open, procedure) = (&dossier.open, &*dossier.open.procedure);
        let case = &open.case;
        let view = FormView { app, t, dossier, sent: said.sent.as_ref(), faults: &said.faults };
        let sections = view.sections();
        let asks = sections.iter().any(|it| !it.asked.is_empty());
        let takes_files = sections
            .iter()
            .flat_map(|it| &it.asked)
            .any(|it| matches!(it.input, Input::Files { .. }));
        let title = |name: &String| {
            procedure.transition(name).map_or_else(String::new, |it| t.of(&it.title).to_owned())
        };
        let able = || {
            let able = open.steps.iter().filter(|it| !open.waiting.contains(it));
            able.filter_map(|it| procedure.transition(it))
        };
        let running = || case.deadlines.iter().filter(|it| it.closed_at.is_none());
        let state = |(name, since): (&String, &Timestamp)| {
            let title = procedure.state(name).map_or(name.as_str(), |it| t.of(&it.title));
            (title.to_owned(), Some(t.with("case-since", "at", app.instant(*since).shown)))
        };
        let note = said.sent.as_ref().map_or_else(String::new, |it| it.one("note").to_owned());
        let drafted = dossier.draft.as_ref().filter(|_| asks);
        Self {
            t,
            frame: frame(app, visitor),
            csrf: visitor.csrf.clone(),
            tab: "",
            id: case.id.to_string(),
            number: case.number.clone(),
            title: t.of(&procedure.title).to_owned(),
            purpose: t.of(&procedure.purpose).to_owned(),
            procedure: procedure.name.clone(),
            organisation: names::organisation(app, t, &case.organisation),
            beginner: names.get(case.beginner),
            begun: app.instant(case.begun_at),
            revision: case.revision,
            situation: Situation::of(
                t,
                case.entered.iter().map(state).collect(),
                Turn::of(case.ended_at.is_some(), open.is_turn),
                running().map(|it| it.due_at).min(),
                now,
            ),
            deadlines: running().map(|it| deadline(t, procedure, it, now)).collect(),
            roles: open
                .roles
                .iter()
                .filter_map(|it| procedure.role(it))
                .map(|it| t.of(&it.title).to_owned())
                .collect(),
            asks,
            takes_files,
            steps: buttons(t, able(), open.is_turn),
            waiting: open.waiting.iter().map(title).collect(),
            needs_note: able()
                .filter(|it| it.needs_note)
                .map(|it| t.of(&it.title).to_owned())
                .collect(),
            note,
            message: said.message,
            faults: said.faults.iter().map(|it| fault(t, procedure, it)).collect(),
            done: said.done.filter(|it| procedure.transition(it).is_some()).map(|it| title(&it)),
            draft_saved: drafted.map(|it| app.instant(it.saved_at)),
            is_draft_older: drafted.is_some_and(|it| it.saved_at < case.changed_at),
            is_party: open.is_party,
            comments: dossier.comments.iter().map(|it| comment(app, names, it)).collect(),
            files: dossier.files.iter().map(|it| file(app, names, it)).collect(),
            most: mebibytes(app.surroundings().vault.most),
            letters: letter::lines(app, t, dossier),
            story: story::told(app, t, dossier, names),
            draws: story::draws(t, dossier, names),
            announced: story::announced(app, t, dossier),
            reviews: reviews(t, actor, dossier, names),
            parts,
            sections,
        }
    }
}

/// Steps that take a case on before those that do not.
fn buttons<'a>(
    t: Text,
    steps: impl Iterator<Item = &'a Transition>,
    is_turn: bool,
) -> Vec<StepButton> {
    let (on, back): (Vec<_>, Vec<_>) = steps.partition(|it| it.takes_on());
    let button = |(at, it): (usize, &Transition)| StepButton {
        name: it.name.clone(),
        title: t.of(&it.title).to_owned(),
        is_first: is_turn && at == 0 && it.takes_on(),
    };
    on.into_iter().chain(back).enumerate().map(button).collect()
}

fn deadline(t: Text, procedure: &Procedure, running: &Running, now: Timestamp) -> DeadlineLine {
    let declared = procedure.deadlines.iter().find(|it| it.name == running.name);
    DeadlineLine {
        title: declared.map_or_else(|| running.name.clone(), |it| t.of(&it.title).to_owned()),
        due: running.due_on.to_string(),
        is_estimated: running.is_estimated,
        urgency: Urgency::of(t, Some(running.due_at), false, now),
    }
}

fn fault(t: Text, procedure: &Procedure, fault: &FieldFault) -> FaultLine {
    let field = procedure.form.field(&fault.field);
    FaultLine {
        control: super::filled::control(&fault.field),
        title: field.map_or_else(|| fault.field.clone(), |it| t.of(&it.title).to_owned()),
        text: t.of(&fault.text).to_owned(),
    }
}

fn comment(app: &App, names: &Names, comment: &Comment) -> CommentLine {
    CommentLine {
        who: names.get(comment.account),
        at: app.instant(comment.at),
        lines: comment.body.lines().map(str::to_owned).collect(),
    }
}

fn file(app: &App, names: &Names, file: &Attachment) -> FileLine {
    FileLine {
        id: file.id.to_string(),
        name: file.name.clone(),
        size: mebibytes(file.size),
        who: names.get(file.account),
        at: app.instant(file.at),
        is_scanned: file.is_scanned,
    }
}

/// The reviews, once reviewers were drawn.
fn reviews(t: Text, actor: &Actor, dossier: &Dossier, names: &Names) -> Option<ReviewView> {
    let case = &dossier.open.case;
    let rules = dossier.open.procedure.reviews.as_ref()?;
    let of = case.assigned.iter().filter(|(role, _)| *role == rules.role).count();
    if of == 0 || !dossier.open.is_party {
        return None;
    }
    let handed_in = dossier.history.iter().filter(|it| it.kind == "review").count();
    let is_here = case.entered.contains_key(&rules.state);
    let mean = (case.reviews.len() == of).then(|| case.score(rules)).flatten();
    let values = [("handed", handed_in.to_string()), ("of", of.to_string())];
    Some(ReviewView {
        counted: t.fill("reviews-count", &values),
        most: rules.most,
        is_asked: is_here
            && dossier.open.roles.contains(&rules.role)
            && case.waiting_for(rules).any(|it| it == actor.account),
        scores: case.reviews.iter().map(|(it, score)| (names.get(*it), *score)).collect(),
        mean: mean.map(|it| format!("{}.{:02}", it / 100, it % 100)),
    })
}

/// Roles that the reader may give, to whom, and who has them.
async fn parts(
    app: &App,
    t: Text,
    dossier: &Dossier,
    names: &Names,
) -> Result<Vec<PartView>, Problem> {
    let open = &dossier.open;
    let mut found = Vec::new();
    for role in open.gives.iter().filter_map(|it| open.procedure.role(it)) {
        let able = cases::candidates(app.office(), role, app.now()).await;
        let able = able.map_err(|it| Problem::ours(&it))?;
        let named = Names::of(app, able.iter().map(|it| it.account)).await?;
        let holds = |account| open.case.assigned.contains(&(role.name.clone(), account));
        let choice = |account: AccountId, names: &Names| Choice {
            value: account.to_string(),
            title: names.get(account),
            is_chosen: false,
        };
        let held = open.case.assigned.iter().filter(|(it, _)| *it == role.name);
        found.push(PartView {
            role: role.name.clone(),
            title: t.of(&role.title).to_owned(),
            holders: held.map(|(_, account)| choice(*account, names)).collect(),
            candidates: able
                .iter()
                .filter(|it| !holds(it.account))
                .map(|it| choice(it.account, &named))
                .collect(),
        });
    }
    Ok(found)
}
