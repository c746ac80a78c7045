//! What happened to a case, told for its readers.

use casework::cases::{Dossier, Draw, Step};
use casework::form::from_json;
use casework::procedure::Procedure;
use network::AccountId;

use super::fields::{Shown, listed};
use super::lines::titles;
use super::names::Names;
use crate::app::App;
use crate::instant::Instant;
use crate::text::Text;

/// One entry of the history.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) at: Instant,
    pub(super) what: String,
    /// Who, and in which role; the program itself without one.
    pub(super) who: String,
    pub(super) to: Option<String>,
    pub(super) note: Vec<String>,
    pub(super) changed: Vec<Shown>,
}

/// A draw, with all that is needed to make it again.
#[derive(Clone, Debug)]
pub(super) struct DrawView {
    /// The role, and how many were drawn.
    pub(super) title: String,
    pub(super) seed: String,
    /// What was told of the seed before; `None` for draws of before that was done.
    pub(super) commitment: Option<String>,
    /// Ticket, account, name of those who were drawn.
    pub(super) tickets: Vec<(String, String, Option<String>)>,
}

/// A draw that is to come, with what was told of its seed.
#[derive(Clone, Debug)]
pub(super) struct AnnouncedView {
    /// The role, and how many will be drawn.
    pub(super) title: String,
    pub(super) commitment: String,
    pub(super) at: Instant,
}

/// Accounts that a case's pages name.
pub(super) fn accounts(dossier: &Dossier) -> Vec<AccountId> {
    let case = &dossier.open.case;
    let mut all = vec![case.beginner];
    all.extend(dossier.history.iter().filter_map(|it| it.actor));
    all.extend(dossier.history.iter().filter_map(|it| it.note.parse::<AccountId>().ok()));
    all.extend(dossier.comments.iter().map(|it| it.account));
    all.extend(dossier.files.iter().map(|it| it.account));
    all.extend(case.assigned.iter().map(|(_, account)| *account));
    all.extend(case.reviews.keys());
    all.extend(dossier.draws.iter().flat_map(Draw::chosen));
    all
}

/// The history, the latest first.
pub(super) fn told(app: &App, t: Text, dossier: &Dossier, names: &Names) -> Vec<Told> {
    let procedure = &dossier.open.procedure;
    let one = |step: &Step| {
        let changed = from_json(&step.change).unwrap_or_default();
        let who = match step.actor {
            None => t.get("story-program"),
            Some(account) => match procedure.role(&step.role) {
                None => names.get(account),
                Some(role) => format!("{} · {}", names.get(account), t.of(&role.title)),
            },
        };
        // Whoever was given a role is named, not numbered.
        let note = match step.note.parse() {
            Ok(account) if matches!(step.kind.as_str(), "assign" | "unassign") => {
                vec![names.get(account)]
            }
            _ => step.note.lines().map(str::to_owned).collect(),
        };
        Told {
            at: app.instant(step.at),
            what: what(t, procedure, step),
            who,
            to: (step.from != step.to)
                .then(|| titles(t, procedure, &step.to).collect::<Vec<_>>().join(" · ")),
            note,
            changed: listed(app, t, procedure, &changed, &dossier.files),
        }
    };
    dossier.history.iter().rev().map(one).collect()
}

fn what(t: Text, procedure: &Procedure, step: &Step) -> String {
    let role = || procedure.role(&step.name).map_or("", |it| t.of(&it.title)).to_owned();
    let deadline = || {
        let found = procedure.deadlines.iter().find(|it| it.name == step.name);
        found.map_or_else(|| step.name.clone(), |it| t.of(&it.title).to_owned())
    };
    match step.kind.as_str() {
        "begin" => t.get("story-begin"),
        "assign" => t.with("story-assign", "role", role()),
        "unassign" => t.with("story-unassign", "role", role()),
        "review" => t.get("story-review"),
        "remind" => t.with("story-remind", "name", deadline()),
        "overdue" => t.with("story-overdue", "name", deadline()),
        "moved" => t.with("story-moved", "name", deadline()),
        "migrate" => t.get("story-migrate"),
        _ => procedure
            .transition(&step.name)
            .map_or_else(|| step.name.clone(), |it| t.of(&it.title).to_owned()),
    }
}

/// The draws of a case.
pub(super) fn draws(t: Text, dossier: &Dossier, names: &Names) -> Vec<DrawView> {
    let procedure = &dossier.open.procedure;
    let one = |draw: &Draw| {
        let chosen: Vec<AccountId> = draw.chosen().collect();
        let ticket = |(ticket, account): &(String, AccountId)| {
            let name = chosen.contains(account).then(|| names.get(*account));
            (ticket.clone(), account.to_string(), name)
        };
        DrawView {
            title: title_of_draw(t, procedure, &draw.role, draw.count),
            seed: draw.seed.clone(),
            commitment: draw.commitment.clone(),
            tickets: draw.tickets.iter().map(ticket).collect(),
        }
    };
    dossier.draws.iter().map(one).collect()
}

/// The draw of a case that is to come.
pub(super) fn announced(app: &App, t: Text, dossier: &Dossier) -> Option<AnnouncedView> {
    let procedure = &dossier.open.procedure;
    let (announced, reviews) = (dossier.announced.as_ref()?, procedure.reviews.as_ref()?);
    Some(AnnouncedView {
        title: title_of_draw(t, procedure, &reviews.role, reviews.count),
        commitment: announced.commitment.clone(),
        at: app.instant(announced.at),
    })
}

fn title_of_draw(t: Text, procedure: &Procedure, role: &str, count: u32) -> String {
    let role =
        procedure.role(role).map_or_else(|| role.to_owned(), |it| t.of(&it.title).to_owned());
    t.fill("draw-of", &[("role", role), ("count", count.to_string())])
}
