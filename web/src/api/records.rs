//! `/api/v1/records/{dataset}`: the form of a dataset, and its records as other systems bring them.

use std::collections::BTreeMap;
use std::path::Path as FilePath;
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use governance::collection::{self, Outcome, Rule, Staging};
use http_body_util::BodyExt;
use model::dataset::Dataset;
use model::plan::Plan;
use network::Purpose;
use network::audit::{self, Entry};
use network::service_tokens::{Client, Interface};
use serde::{Deserialize, Serialize};
use tokio::fs::File;
use tokio::io::AsyncWriteExt;

use crate::app::App;
use crate::extract::{Path, Query};
use crate::intake::{Brought, Intake, MOST_BYTES, unfinished};
use crate::network::bearer;
use crate::problem::{Kind, Problem};

/// A file of which nothing comes for so long has broken off.
const PATIENCE: Duration = Duration::from_secs(60);
/// So has one that takes longer than this from its beginning.
const LONGEST: Duration = Duration::from_secs(1_800);
/// Longest name of a file, in characters, and in bytes.
const LONGEST_NAME: usize = 80;
const LONGEST_NAME_BYTES: usize = 240;
const WORKBOOK: HeaderValue =
    HeaderValue::from_static("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");

/// How a file is meant; a slip in a name must not be taken for no question at all.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Meant {
    /// What the file is called where it comes from.
    file: Option<String>,
    replace: Option<String>,
    dry_run: Option<String>,
}

/// What became of a file.
#[derive(Debug, Serialize)]
struct Receipt<'a> {
    dataset: &'a str,
    /// Whether all of it was taken.
    whole: bool,
    dry_run: bool,
    changed: bool,
    /// Version of the dataset's table.
    version: Option<u64>,
    /// BLAKE3 of the file.
    hash: &'a str,
    rows: u64,
    added: u64,
    replaced: u64,
    unchanged: u64,
    moved: u64,
    removed: u64,
    refused: u64,
    errors: u64,
    warnings: u64,
    by_rule: Vec<Count>,
    /// The first thousand.
    findings: Vec<Found<'a>>,
}

#[derive(Debug, Serialize)]
struct Count {
    rule: &'static str,
    severity: String,
    count: u64,
}

#[derive(Debug, Serialize)]
struct Found<'a> {
    file: &'a str,
    row: Option<u64>,
    column: Option<&'a str>,
    rule: &'static str,
    found: &'a str,
    expected: &'a str,
    hint: &'a str,
    severity: String,
}

/// The system that brings records. Without a token for it nothing is shown and nothing is taken.
#[derive(Debug)]
pub(super) struct Bringer(Client);

impl FromRequestParts<App> for Bringer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let client = bearer::client(app, &parts.headers, Interface::Records).await;
        let client = client.map_err(|it| Problem::ours(&it))?;
        client.map(Self).ok_or_else(|| Problem::new(Kind::NoToken, ""))
    }
}

/// The dataset of a name, if the token opens it.
fn opened<'a>(client: &Client, plan: &'a Plan, name: &str) -> Result<&'a Dataset, Problem> {
    let is_open = |name: &str| client.datasets.contains(name);
    let found = plan.datasets.get(name).filter(|_| is_open(name));
    found.ok_or_else(|| {
        let open: Vec<&str> =
            plan.datasets.keys().map(String::as_str).filter(|it| is_open(it)).collect();
        Problem::instead(Kind::NoDataset, name, if open.is_empty() { &["–"] } else { &open })
    })
}

/// The workbook that a dataset's records are filled in to.
pub(super) async fn form(
    State(app): State<App>,
    Bringer(client): Bringer,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    let intake = app.intake().ok_or_else(|| Problem::not_found("/api/v1/records"))?;
    let plan = intake.plan(&app).await?;
    let dataset = opened(&client, &plan, &name)?.clone();
    let made = tokio::task::spawn_blocking(move || collection::template(&dataset)).await;
    let workbook = made.map_err(|it| Problem::ours(&it))?.map_err(|it| Problem::ours(&it))?;
    let mut response = ([(header::CONTENT_TYPE, WORKBOOK)], workbook).into_response();
    let name = HeaderValue::from_str(&format!("attachment; filename=\"{name}.xlsx\""));
    if let Ok(name) = name {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    }
    // The plan in force may change between two releases.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Takes a file in; what of it was kept out is told row by row, with status 422.
pub(super) async fn take(
    State(app): State<App>,
    Bringer(client): Bringer,
    Path(name): Path<String>,
    Query(meant): Query<Meant>,
    body: Body,
) -> Result<Response, Problem> {
    let intake = app.intake().ok_or_else(|| Problem::not_found("/api/v1/records"))?;
    let plan = intake.plan(&app).await?;
    let dataset = opened(&client, &plan, &name)?.clone();
    let replace = is_so("replace", meant.replace.as_deref())?;
    let dry_run = is_so("dry_run", meant.dry_run.as_deref())?;
    let file = file_name(meant.file.as_deref().unwrap_or(&name))?.to_owned();
    let arrival = intake.arrival().await?;
    let received = tokio::time::timeout(LONGEST, received(intake, body, &file)).await;
    let folder = received.map_err(|_| Problem::new(Kind::BrokenOff, ""))??;
    let entry = |action| {
        let entry = Entry::new(client.actor(), Purpose::OPERATION, action);
        entry.at(&client.home).about("dataset", &name)
    };
    let brings = entry(if dry_run { "records.try" } else { "records.bring" });
    // Before anything is read of it: what breaks off from here on is in the log too.
    audit::record(app.store(), &brings, app.now()).await.map_err(|it| Problem::ours(&it))?;
    let brought = Brought {
        dataset,
        token: client.id,
        folder,
        name: file,
        within: client.home.clone(),
        replace,
        dry_run,
        note: BTreeMap::from([("token".to_owned(), client.id.to_string())]),
    };
    let taken = intake.take(&app, plan, arrival, brought).await;
    if taken.as_ref().is_err_and(|it| it.kind == Kind::NoToken) {
        let refused = brings.refused();
        audit::record(app.store(), &refused, app.now()).await.map_err(|it| Problem::ours(&it))?;
    }
    let outcome = taken?;
    let beyond = outcome.by_rule.iter().filter(|it| it.rule == Rule::Scope.as_str());
    let beyond: u64 = beyond.map(|it| it.count).sum();
    if beyond > 0 {
        // Whoever looks for persons by trying finds them one by one here too.
        let entry = entry("records.scope").rows(beyond).refused();
        audit::record(app.store(), &entry, app.now()).await.map_err(|it| unfinished(&it))?;
    }
    let status = if outcome.is_whole() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let receipt = receipt(&name, dry_run, &outcome);
    let body = serde_json::to_string(&receipt).map_err(|it| Problem::ours(&it))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((status, headers, body).into_response())
}

pub(super) async fn no_method() -> Response {
    let allow = [(header::ALLOW, HeaderValue::from_static("GET, POST"))];
    let mut response = Problem::new(Kind::NoMethod, "GET, POST").into_response();
    response.headers_mut().extend(allow.map(|(name, value)| (Some(name), value)));
    response
}

fn is_so(name: &str, word: Option<&str>) -> Result<bool, Problem> {
    match word {
        None | Some("0") => Ok(false),
        Some("1") => Ok(true),
        Some(other) => {
            let about = format!("{name}={other} (0 / 1)");
            Err(Problem::new(Kind::NotAQuestion, &about))
        }
    }
}

/// Writes what comes to a file of that name, in a folder of its own.
async fn received(intake: &Intake, mut body: Body, name: &str) -> Result<Staging, Problem> {
    let too_large = || Problem::new(Kind::FileTooLarge, &format!("{} MiB", MOST_BYTES >> 20));
    if body.size_hint().lower() > MOST_BYTES {
        return Err(too_large());
    }
    let folder = intake.folder().await?;
    let path = folder.path().join(name);
    let mut file = File::create(path).await.map_err(|it| Problem::ours(&it))?;
    let mut bytes = 0_u64;
    loop {
        let broken_off = || Problem::new(Kind::BrokenOff, "");
        let frame = tokio::time::timeout(PATIENCE, body.frame()).await;
        let Some(frame) = frame.map_err(|_| broken_off())? else { break };
        let Ok(data) = frame.map_err(|_| broken_off())?.into_data() else { continue };
        bytes = bytes.saturating_add(u64::try_from(data.len()).unwrap_or(u64::MAX));
        if bytes > MOST_BYTES {
            return Err(too_large());
        }
        file.write_all(&data).await.map_err(|it| Problem::ours(&it))?;
    }
    file.flush().await.map_err(|it| Problem::ours(&it))?;
    Ok(folder)
}

/// The name of a file, which must not lead out of its folder.
fn file_name(name: &str) -> Result<&str, Problem> {
    let is_only_a_name = FilePath::new(name).file_name().is_some_and(|it| it == name);
    let is_sound = !name.chars().any(|it| it.is_control() || it == '\\');
    if is_only_a_name
        && is_sound
        && name.len() <= LONGEST_NAME_BYTES
        && name.chars().count() <= LONGEST_NAME
    {
        Ok(name)
    } else {
        Err(Problem::new(Kind::NotAQuestion, r"file= (1–80, ≠ / \)"))
    }
}

fn receipt<'a>(dataset: &'a str, dry_run: bool, outcome: &'a Outcome) -> Receipt<'a> {
    let by_rule = outcome.by_rule.iter().map(|it| Count {
        rule: it.rule,
        severity: it.severity.to_string(),
        count: it.count,
    });
    let findings = outcome.findings.iter().map(|it| Found {
        file: &it.file,
        row: it.row,
        column: it.column.as_deref(),
        rule: it.rule,
        found: &it.found,
        expected: &it.expected,
        hint: &it.hint,
        severity: it.severity.to_string(),
    });
    Receipt {
        dataset,
        whole: outcome.is_whole(),
        dry_run,
        changed: outcome.changed,
        version: outcome.version,
        hash: &outcome.hash,
        rows: outcome.rows,
        added: outcome.added,
        replaced: outcome.replaced,
        unchanged: outcome.unchanged,
        moved: outcome.moved,
        removed: outcome.removed,
        refused: outcome.refused,
        errors: outcome.errors,
        warnings: outcome.warnings,
        by_rule: by_rule.collect(),
        findings: findings.collect(),
    }
}
