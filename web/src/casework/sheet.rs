//! `/cases/new/{procedure}/sheet`: an empty workbook out, and a filled one in, a case a row.

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use casework::procedure::{Procedure, Transition};
use casework::sheets::{self, Imported, handing_in, template};
use model::finding::Finding;

use super::acting::{actor, rendered};
use super::beginning::{BeginPage, ImportedView, current};
use super::file::disposition;
use super::refusals::problem;
use crate::app::App;
use crate::extract::Path;
use crate::network::uploads::GuardedParts;
use crate::network::visitor::Visitor;
use crate::problem::{Kind, Problem};
use crate::text::Text;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

pub(super) async fn empty(
    State(app): State<App>,
    visitor: Visitor,
    Path(procedure): Path<String>,
) -> Result<Response, Problem> {
    let actor = actor(&app, &visitor).await?;
    let procedure = current(&app, &actor, &procedure).await?;
    let bytes = template(&procedure, first(&procedure)?).map_err(|it| Problem::ours(&it))?;
    let name = format!("{}.xlsx", Text::new(visitor.address.lang).of(&procedure.title));
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(XLSX));
    if let Ok(value) = HeaderValue::from_str(&disposition(&name)) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

/// Takes a filled workbook, or only says what would become of it.
pub(super) async fn take(
    State(app): State<App>,
    visitor: Visitor,
    Path(procedure): Path<String>,
    GuardedParts { filled, files }: GuardedParts,
) -> Result<Response, Problem> {
    let t = Text::new(visitor.address.lang);
    let actor = actor(&app, &visitor).await?;
    let procedure = current(&app, &actor, &procedure).await?;
    let transition = first(&procedure)?;
    let refused = |words: String| {
        let page = BeginPage::new(&app, &visitor, &procedure, None, Some(words));
        rendered(StatusCode::UNPROCESSABLE_ENTITY, &page)
    };
    let Some(file) = files.first() else { return refused(t.get("sheet-none")) };
    let Ok((rows, found)) = sheets::read(&procedure, transition, &file.name, &file.bytes) else {
        return refused(t.get("sheet-unreadable"));
    };
    let is_rehearsal = filled.one("do") != "take";
    let (office, at, mut entropy) = (app.office(), app.now(), app.entropy());
    let Imported { begun, findings } = sheets::import(
        office,
        &actor,
        &procedure,
        transition,
        &file.name,
        &rows,
        is_rehearsal,
        at,
        &mut *entropy,
    )
    .await
    .map_err(|it| problem(&it))?;
    let line = |it: &Finding| {
        let words = if t.is_chinese() { &it.expected } else { &it.hint };
        let row = it.row.map_or_else(String::new, |it| it.to_string());
        (row, it.column.clone().unwrap_or_default(), words.clone())
    };
    let mut findings: Vec<Finding> = found.into_iter().chain(findings).collect();
    findings.sort_by_key(|it| it.row);
    let mut page = BeginPage::new(&app, &visitor, &procedure, None, None);
    let has_findings = !findings.is_empty();
    page.imported =
        Some(ImportedView { is_rehearsal, begun, findings: findings.iter().map(line).collect() });
    let status = if has_findings { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    rendered(status, &page)
}

/// The step with which rows become cases.
fn first(procedure: &Procedure) -> Result<&Transition, Problem> {
    handing_in(procedure).ok_or_else(|| Problem::new(Kind::NoProcedure, &procedure.name))
}
