//! Users and groups: searched, read, made, changed and taken away.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use haihe_scim::{Patch, ScimError, ScimType, Search, Selection, list_response};
use network::scim::{Groups, Kept, Listed, MOST_RESULTS, ScimFault, Users};
use network::service_tokens::Client;
use serde_json::Value;

use super::answer::{self, Provisioner, Refusal, json};
use crate::app::App;
use crate::extract::{Path, Query};

/// Parameters of an address.
type Parameters = Query<BTreeMap<String, String>>;

/// The two kinds of resources.
#[derive(Clone, Copy, Debug)]
enum Which<'a> {
    Users(Users<'a>),
    Groups(Groups<'a>),
}

impl<'a> Which<'a> {
    fn of(kind: &str, app: &'a App, client: &'a Client, base: &'a str) -> Result<Self, Refusal> {
        let store = app.store();
        match kind {
            "Users" => Ok(Self::Users(Users { store, client, base })),
            "Groups" => Ok(Self::Groups(Groups { store, client, base })),
            _ => Err(Refusal::new(404, "there is no such type of resource")),
        }
    }

    fn shown(self, selection: &Selection, kept: &Kept) -> Value {
        match self {
            Self::Users(_) => selection.of(&Users::KIND, &kept.resource),
            Self::Groups(_) => selection.of(&Groups::KIND, &kept.resource),
        }
    }

    async fn matching(self, search: &Search, app: &App) -> Result<Listed, ScimFault> {
        match self {
            Self::Users(users) => users.search(search, app.now()).await,
            Self::Groups(groups) => groups.search(search).await,
        }
    }
}

/// Address of the service, as its clients know it.
pub(super) fn base(app: &App) -> String {
    format!("{}/scim/v2", app.surroundings().origin)
}

pub(super) async fn list(
    State(app): State<App>,
    Provisioner(client): Provisioner,
    Path(kind): Path<String>,
    Query(parameters): Parameters,
) -> Result<Response, Refusal> {
    let base = base(&app);
    let which = Which::of(&kind, &app, &client, &base)?;
    let search = Search::read(|name| parameters.get(name).map(String::as_str))?;
    listed(which, &search, &app).await
}

/// `POST /Users/.search`.
pub(super) async fn search(
    State(app): State<App>,
    Provisioner(client): Provisioner,
    Path((kind, id)): Path<(String, String)>,
    body: Bytes,
) -> Result<Response, Refusal> {
    if id != ".search" {
        return Err(answer::no_method().await);
    }
    let base = base(&app);
    let which = Which::of(&kind, &app, &client, &base)?;
    let search = Search::read_request(&parsed(&body)?)?;
    listed(which, &search, &app).await
}

/// `POST /.search`: users, and after them groups.
pub(super) async fn search_all(
    State(app): State<App>,
    Provisioner(client): Provisioner,
    body: Bytes,
) -> Result<Response, Refusal> {
    let search = Search::read_request(&parsed(&body)?)?;
    let base = base(&app);
    let users = Users { store: app.store(), client: &client, base: &base };
    let groups = Groups { store: app.store(), client: &client, base: &base };
    let (skipped, most) = search.window(MOST_RESULTS);
    let skipped = u64::from(skipped);
    let one = or_none(users.search_window(&search, (skipped, most), app.now()).await)?;
    let taken = u32::try_from(one.resources.len()).unwrap_or(u32::MAX);
    let rest = (skipped.saturating_sub(one.total), most.saturating_sub(taken));
    let other = or_none(groups.search_window(&search, rest).await)?;
    let selection = &search.selection;
    let of_users = one.resources.iter().map(|it| Which::Users(users).shown(selection, it));
    let of_groups = other.resources.iter().map(|it| Which::Groups(groups).shown(selection, it));
    let resources = of_users.chain(of_groups).collect();
    let body = list_response(one.total + other.total, search.start, resources);
    Ok(json(StatusCode::OK, &body))
}

pub(super) async fn create(
    State(app): State<App>,
    Provisioner(client): Provisioner,
    Path(kind): Path<String>,
    Query(parameters): Parameters,
    body: Bytes,
) -> Result<Response, Refusal> {
    let base = base(&app);
    let which = Which::of(&kind, &app, &client, &base)?;
    let (selection, sent) = (selection(&parameters)?, parsed(&body)?);
    let mut entropy = app.entropy();
    let kept = match which {
        Which::Users(users) => users.create(&sent, app.now(), entropy.as_mut()).await?,
        Which::Groups(groups) => groups.create(&sent, app.now(), entropy.as_mut()).await?,
    };
    Ok(answer::resource(StatusCode::CREATED, &kept, &which.shown(&selection, &kept)))
}

pub(super) async fn read(
    State(app): State<App>,
    Provisioner(client): Provisioner,
    Path((kind, id)): Path<(String, String)>,
    Query(parameters): Parameters,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let base = base(&app);
    let which = Which::of(&kind, &app, &client, &base)?;
    let selection = selection(&parameters)?;
    let kept = match which {
        Which::Users(users) => users.read(&id, app.now()).await?,
        Which::Groups(groups) => groups.read(&id).await?,
    };
    if text(&headers, &header::IF_NONE_MATCH).is_some_and(|it| kept.version.is_in(it)) {
        return Ok(answer::unchanged(kept.version));
    }
    Ok(answer::resource(StatusCode::OK, &kept, &which.shown(&selection, &kept)))
}

pub(super) async fn replace(
    State(app): State<App>,
    Provisioner(client): Provisioner,
    Path((kind, id)): Path<(String, String)>,
    Query(parameters): Parameters,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    let base = base(&app);
    let which = Which::of(&kind, &app, &client, &base)?;
    let (selection, sent) = (selection(&parameters)?, parsed(&body)?);
    let version = text(&headers, &header::IF_MATCH);
    let kept = match which {
        Which::Users(users) => users.replace(&id, &sent, version, app.now()).await?,
        Which::Groups(groups) => groups.replace(&id, &sent, version, app.now()).await?,
    };
    Ok(answer::resource(StatusCode::OK, &kept, &which.shown(&selection, &kept)))
}

pub(super) async fn patch(
    State(app): State<App>,
    Provisioner(client): Provisioner,
    Path((kind, id)): Path<(String, String)>,
    Query(parameters): Parameters,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    let base = base(&app);
    let which = Which::of(&kind, &app, &client, &base)?;
    let (selection, patch) = (selection(&parameters)?, Patch::read(&parsed(&body)?)?);
    let version = text(&headers, &header::IF_MATCH);
    let kept = match which {
        Which::Users(users) => users.patch(&id, &patch, version, app.now()).await?,
        Which::Groups(groups) => groups.patch(&id, &patch, version, app.now()).await?,
    };
    Ok(answer::resource(StatusCode::OK, &kept, &which.shown(&selection, &kept)))
}

pub(super) async fn delete(
    State(app): State<App>,
    Provisioner(client): Provisioner,
    Path((kind, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let base = base(&app);
    let version = text(&headers, &header::IF_MATCH);
    match Which::of(&kind, &app, &client, &base)? {
        Which::Users(users) => users.delete(&id, version, app.now()).await?,
        Which::Groups(groups) => groups.delete(&id, version, app.now()).await?,
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn listed(which: Which<'_>, search: &Search, app: &App) -> Result<Response, Refusal> {
    let found = which.matching(search, app).await?;
    let shown = found.resources.iter().map(|it| which.shown(&search.selection, it));
    let body = list_response(found.total, search.start, shown.collect());
    Ok(json(StatusCode::OK, &body))
}

/// Of several kinds searched at once, one that lacks the attribute has nothing that is like that.
fn or_none(found: Result<Listed, ScimFault>) -> Result<Listed, Refusal> {
    match found {
        Err(ScimFault::Client(error)) if error.kind == Some(ScimType::InvalidFilter) => {
            Ok(Listed::default())
        }
        found => Ok(found?),
    }
}

fn selection(parameters: &BTreeMap<String, String>) -> Result<Selection, ScimError> {
    let text = |name: &str| parameters.get(name).map(String::as_str);
    Selection::read(text("attributes"), text("excludedAttributes"))
}

fn parsed(body: &Bytes) -> Result<Value, ScimError> {
    serde_json::from_slice(body)
        .map_err(|_| ScimError::of(ScimType::InvalidSyntax, "the body is no JSON"))
}

fn text<'a>(headers: &'a HeaderMap, name: &header::HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|it| it.to_str().ok())
}
