//! `/api/v1/organisations`: who belongs where, and one organisation with its past.

use axum::extract::State;
use axum::response::Response;
use governance::figures::json::{OrganisationObject, ReleaseObject};
use model::OrgCode;
use model::organisation::{Event, Membership, Organisation};
use serde::Serialize;

use super::{Question, reply};
use crate::app::App;
use crate::extract::{Path, Query};
use crate::problem::{Kind, Problem};

const LIMIT: usize = 500;
const GREATEST: usize = 10_000;

/// One page of organisations, by code.
#[derive(Debug, Serialize)]
struct OrganisationsObject {
    release: ReleaseObject,
    year: u16,
    organisations: Vec<MemberObject>,
    /// Ask again with `after` this code; `null` on the last page.
    next: Option<String>,
}

/// An organisation as it was in the year.
#[derive(Debug, Serialize)]
struct MemberObject {
    #[serde(flatten)]
    organisation: OrganisationObject,
    kind: String,
    founder: String,
    stages: Vec<String>,
    area_class: String,
    parent: Option<String>,
}

/// One organisation with everything on record.
#[derive(Debug, Serialize)]
struct OneObject {
    release: ReleaseObject,
    year: u16,
    organisation: MemberObject,
    versions: Vec<VersionObject>,
    memberships: Vec<MembershipObject>,
    events: Vec<EventObject>,
    children: Vec<String>,
}

#[derive(Debug, Serialize)]
struct VersionObject {
    #[serde(flatten)]
    member: MemberObject,
    valid_from: String,
    valid_to: Option<String>,
}

#[derive(Debug, Serialize)]
struct MembershipObject {
    hierarchy: String,
    parent: String,
    valid_from: String,
    valid_to: Option<String>,
}

#[derive(Debug, Serialize)]
struct EventObject {
    kind: &'static str,
    on: String,
    from: Vec<String>,
    to: Vec<String>,
    note_zh: String,
    note_en: String,
}

pub(super) async fn list(
    State(app): State<App>,
    Query(question): Query<Question>,
) -> Result<Response, Problem> {
    reply::of(&app, question, |visit, question| {
        let limit = match question.limit.as_deref() {
            None => LIMIT,
            Some(text) => text
                .parse()
                .ok()
                .filter(|it| (1..=GREATEST).contains(it))
                .ok_or_else(|| Problem::new(Kind::NotAQuestion, &format!("limit={text}")))?,
        };
        let year = visit.year(question.year.as_deref())?;
        let tree = visit.published.tree(year);
        let within = question
            .within
            .as_deref()
            .map(|it| it.parse::<OrgCode>().map_err(|_| Problem::no_organisation(it)));
        let within = within.transpose()?;
        let text = question.q.as_deref().unwrap_or_default();
        let after = question.after.as_deref().unwrap_or_default();
        let wanted = |it: &Organisation| {
            question.level.as_deref().is_none_or(|level| it.level == level)
                && within.as_ref().is_none_or(|above| tree.is_within(&it.code, above))
                && (text.is_empty() || it.name.zh.contains(text) || it.name.en.contains(text))
                && it.code.as_str() > after
        };
        let all = tree.iter().map(|it| &*it.organisation).filter(|it| wanted(it));
        let mut found: Vec<MemberObject> =
            all.take(limit + 1).map(|it| MemberObject::new(it, tree.parent(&it.code))).collect();
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| more).map(|it| it.organisation.code.clone());
        reply::json(&OrganisationsObject {
            release: ReleaseObject::of(&visit.published),
            year: year.number(),
            organisations: found,
            next,
        })
    })
    .await
}

pub(super) async fn show(
    State(app): State<App>,
    Path(code): Path<String>,
    Query(question): Query<Question>,
) -> Result<Response, Problem> {
    reply::of(&app, question, move |visit, question| {
        let published = &visit.published;
        let year = visit.year(question.year.as_deref())?;
        let organisation = visit.organisation(Some(&code), year)?;
        let tree = published.tree(year);
        let (history, known_at) = (published.history(), published.release().known_at);
        let code = &organisation.code;
        reply::json(&OneObject {
            release: ReleaseObject::of(published),
            year: year.number(),
            organisation: MemberObject::new(&organisation, tree.parent(code)),
            versions: history.versions(code, known_at).map(VersionObject::of).collect(),
            memberships: history.memberships(code, known_at).map(MembershipObject::of).collect(),
            events: history
                .events(known_at)
                .filter(|it| it.from.contains(code) || it.to.contains(code))
                .map(EventObject::of)
                .collect(),
            children: tree.children(code).map(|it| it.code.to_string()).collect(),
        })
    })
    .await
}

impl MemberObject {
    fn new(it: &Organisation, parent: Option<&Organisation>) -> Self {
        Self {
            organisation: OrganisationObject::of(it),
            kind: it.kind.clone(),
            founder: it.founder.clone(),
            stages: it.stages.clone(),
            area_class: it.area_class.clone(),
            parent: parent.map(|it| it.code.to_string()),
        }
    }
}

impl VersionObject {
    fn of(it: &Organisation) -> Self {
        Self {
            member: MemberObject::new(it, None),
            valid_from: it.valid_from.to_string(),
            valid_to: it.valid_to.map(|it| it.to_string()),
        }
    }
}

impl MembershipObject {
    fn of(it: &Membership) -> Self {
        Self {
            hierarchy: it.hierarchy.clone(),
            parent: it.parent.to_string(),
            valid_from: it.valid_from.to_string(),
            valid_to: it.valid_to.map(|it| it.to_string()),
        }
    }
}

impl EventObject {
    fn of(it: &Event) -> Self {
        let codes = |codes: &[OrgCode]| codes.iter().map(ToString::to_string).collect();
        Self {
            kind: it.kind.as_str(),
            on: it.on.to_string(),
            from: codes(&it.from),
            to: codes(&it.to),
            note_zh: it.note.zh.clone(),
            note_en: it.note.en.clone(),
        }
    }
}
