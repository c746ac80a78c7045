//! `/cases/{id}/files/{file}`: a file of a case, for its parties.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use casework::attachments::bytes;
use casework::cases::OutboxId;

use super::acting::actor;
use super::page::case_id;
use super::refusals::refused_file;
use crate::app::App;
use crate::extract::Path;
use crate::network::visitor::{Visitor, encoded};
use crate::problem::{Kind, Problem};

/// Always a download, never a page: a browser opens nothing here that somebody else wrote.
pub(super) async fn download(
    State(app): State<App>,
    visitor: Visitor,
    Path((id, file)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let id = case_id(&id)?;
    let file: OutboxId = file.parse().map_err(|_| Problem::new(Kind::NoCase, ""))?;
    let actor = actor(&app, &visitor).await?;
    let vault = &app.surroundings().vault;
    let (found, bytes) = match bytes(app.office(), vault, &actor, id, file, app.now()).await {
        Ok(found) => found,
        Err(error) => {
            let refusal = refused_file(error)?;
            return Err(Problem::new(Kind::CaseRefused, &refusal.to_string()));
        }
    };
    Ok((
        [
            (header::CONTENT_TYPE, found.media_type.clone()),
            (header::CONTENT_DISPOSITION, disposition(&found.name)),
        ],
        bytes,
    )
        .into_response())
}

/// A name for the download, in the way of RFC 6266.
pub(super) fn disposition(name: &str) -> String {
    format!("attachment; filename*=UTF-8''{}", encoded(name).replace('/', "%2F"))
}
