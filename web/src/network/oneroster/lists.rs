//! Lists and objects of the twelve collections.

use std::collections::BTreeMap;

use axum::extract::{OriginalUri, State};
use axum::response::Response;
use haihe_oneroster::{Collection, Fields, Links, Minor, OneRosterError, Query as Asked};
use network::rosters::{Of, Rosters};
use network::service_tokens::Client;

use super::answer::{self, Reader, Refusal};
use crate::app::App;
use crate::extract::{Path, Query};

/// Parameters of an address.
type Parameters = Query<BTreeMap<String, String>>;

pub(super) async fn list(
    State(app): State<App>,
    Reader(client): Reader,
    Path(collection): Path<String>,
    Query(parameters): Parameters,
    OriginalUri(uri): OriginalUri,
) -> Result<Response, Refusal> {
    let collection = parsed(&collection)?;
    listed(&app, &client, collection, &[], &parameters, &uri).await
}

pub(super) async fn one(
    State(app): State<App>,
    Reader(client): Reader,
    Path((collection, id)): Path<(String, String)>,
    Query(parameters): Parameters,
) -> Result<Response, Refusal> {
    let collection = parsed(&collection)?;
    let base = base(&app);
    let rosters = rosters(&app, &client, &base);
    let object = rosters.find(collection, &id, app.now()).await?;
    let fields = Fields::read(parameters.get("fields").map(String::as_str));
    Ok(answer::one(collection, fields.of(object)))
}

/// Such as the classes of a teacher.
pub(super) async fn of_one(
    State(app): State<App>,
    Reader(client): Reader,
    Path((collection, id, inner)): Path<(String, String, String)>,
    Query(parameters): Parameters,
    OriginalUri(uri): OriginalUri,
) -> Result<Response, Refusal> {
    let of = match parsed(&collection)? {
        Collection::Schools => Of::School(id),
        Collection::Classes => Of::Class(id),
        Collection::Courses => Of::Course(id),
        Collection::Terms => Of::Term(id),
        Collection::Students => Of::Student(id),
        Collection::Teachers => Of::Teacher(id),
        Collection::Users => Of::User(id),
        Collection::AcademicSessions
        | Collection::GradingPeriods
        | Collection::Demographics
        | Collection::Enrollments
        | Collection::Orgs => return Err(answer::nowhere().await),
    };
    listed(&app, &client, parsed(&inner)?, &[of], &parameters, &uri).await
}

/// Such as the students of a class, when the class is one of the school.
pub(super) async fn of_a_class_of_a_school(
    State(app): State<App>,
    Reader(client): Reader,
    Path((school, class, inner)): Path<(String, String, String)>,
    Query(parameters): Parameters,
    OriginalUri(uri): OriginalUri,
) -> Result<Response, Refusal> {
    let of = [Of::School(school), Of::Class(class)];
    listed(&app, &client, parsed(&inner)?, &of, &parameters, &uri).await
}

async fn listed(
    app: &App,
    client: &Client,
    collection: Collection,
    of: &[Of],
    parameters: &BTreeMap<String, String>,
    uri: &axum::http::Uri,
) -> Result<Response, Refusal> {
    let query = Asked::read(|name| parameters.get(name).map(String::as_str))?;
    let base = base(app);
    let page = rosters(app, client, &base).list(collection, of, &query, app.now()).await?;
    let address = uri.path_and_query().map_or("", |it| it.as_str());
    let address = format!("{}{address}", app.surroundings().origin);
    Ok(answer::list(collection, page, &query, &address))
}

fn rosters<'a>(app: &'a App, client: &'a Client, base: &'a str) -> Rosters<'a> {
    Rosters { store: app.store(), client, links: Links { base } }
}

fn base(app: &App) -> String {
    format!("{}/ims/oneroster/rostering/v1p2", app.surroundings().origin)
}

fn parsed(collection: &str) -> Result<Collection, OneRosterError> {
    let unknown = || OneRosterError::new(Minor::UnknownObject, "there is no such collection");
    Collection::parse(collection).ok_or_else(unknown)
}
