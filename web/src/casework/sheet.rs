//! `/cases/new/{procedure}/sheet`: an empty workbook out, and a filled one in, a case a row.

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use casework::cases::Refusal;
use casework::procedure::{Procedure, Transition};
use casework::sheets::{
    self, Amiss, Imported, MOST_BYTES, MOST_ROWS, SheetError, handing_in, template,
};
use model::Bilingual;

use super::acting::{actor, rendered};
use super::beginning::{BeginPage, FindingLine, ImportedView, current};
use super::file::disposition;
use super::refusals::{explained, mebibytes, problem};
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
    let (rows, found) = match sheets::read(&procedure, transition, &file.bytes) {
        Ok(read) => read,
        Err(error) => return refused(words(&app, t, &error)),
    };
    let is_rehearsal = filled.one("do") != "take";
    let (office, at, mut entropy) = (app.office(), app.now(), app.entropy());
    let imported = sheets::import(
        office,
        &actor,
        &procedure,
        transition,
        &rows,
        is_rehearsal,
        at,
        &mut *entropy,
    )
    .await
    .map_err(|it| problem(&it))?;
    let Imported { begun, amiss, refused } = imported;
    let mut findings: Vec<FindingLine> =
        found.iter().chain(&amiss).map(|it| FindingLine::of(t, it)).collect();
    let whole = |(row, refusal): &(u64, Refusal)| FindingLine {
        row: *row,
        column: t.get("sheet-whole-row"),
        found: String::new(),
        expected: String::new(),
        hint: explained(t, &procedure, refusal),
    };
    findings.extend(refused.iter().map(whole));
    findings.sort_by_key(|it| it.row);
    let status =
        if findings.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let mut page = BeginPage::new(&app, &visitor, &procedure, None, None);
    page.imported = Some(ImportedView { is_rehearsal, begun, findings });
    rendered(status, &page)
}

/// Why a file is not taken as a whole.
fn words(app: &App, t: Text, error: &SheetError) -> String {
    match error {
        SheetError::NoWorkbook(_) => t.get("sheet-unreadable"),
        SheetError::Empty => t.get("sheet-no-header"),
        SheetError::TooLarge => t.with("sheet-too-large", "most", most(app)),
        SheetError::TooLong => t.with("sheet-too-long", "most", MOST_ROWS),
    }
}

/// The largest workbook, for reading.
pub(super) fn most(app: &App) -> String {
    let most = u64::try_from(MOST_BYTES).unwrap_or(u64::MAX);
    mebibytes(most.min(app.surroundings().vault.most))
}

impl FindingLine {
    fn of(t: Text, amiss: &Amiss) -> Self {
        let both = |it: &Bilingual| t.of(it).to_owned();
        Self {
            row: amiss.row,
            column: amiss.column.as_ref().map_or_else(|| t.get("sheet-whole-row"), both),
            found: both(&amiss.found),
            expected: both(&amiss.expected),
            hint: both(&amiss.hint),
        }
    }
}

/// The step with which rows become cases.
fn first(procedure: &Procedure) -> Result<&Transition, Problem> {
    handing_in(procedure).ok_or_else(|| Problem::new(Kind::NoProcedure, &procedure.name))
}
