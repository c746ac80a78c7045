//! `/cases/{id}/letters/{number}`: a letter of a case, for its parties.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use casework::cases::{CaseError, Dossier};
use casework::letters::{self, IssuedLetter, Language, LetterNumber, LettersError};
use casework::outbox::OrderedLetter;

use super::acting::actor;
use super::file::disposition;
use super::page::case_id;
use super::refusals::problem;
use crate::app::App;
use crate::extract::Path;
use crate::instant::Instant;
use crate::network::visitor::Visitor;
use crate::problem::{Kind, Problem};
use crate::text::Text;

/// A letter that a step ordered, with the documents of it that the reader may have.
#[derive(Debug)]
pub(super) struct LetterLine {
    pub(super) title: String,
    pub(super) ordered: Instant,
    pub(super) issued: Option<Instant>,
    /// From when on it does not hold.
    pub(super) revoked: Option<Instant>,
    pub(super) documents: Vec<Document>,
}

/// A letter in one language.
#[derive(Debug)]
pub(super) struct Document {
    /// As it stands in an address.
    pub(super) number: String,
    /// As it is read out.
    pub(super) shown: String,
    pub(super) language: String,
}

/// The letters of a case, in the order in which they were ordered.
pub(super) fn lines(app: &App, t: Text, dossier: &Dossier) -> Vec<LetterLine> {
    let procedure = &dossier.open.procedure;
    let line = |ordered: &OrderedLetter| {
        let issued = || dossier.issued.iter().filter(|it| it.ordered == ordered.id);
        let title = procedure.letter(&ordered.name).map(|it| t.of(&it.title).to_owned());
        LetterLine {
            title: title.unwrap_or_else(|| ordered.name.clone()),
            ordered: app.instant(ordered.ordered_at),
            issued: ordered.issued.as_ref().map(|(_, at)| app.instant(*at)),
            revoked: issued().find_map(|it| Some(app.instant(it.revoked.as_ref()?.at))),
            documents: issued().map(|it| document(t, it)).collect(),
        }
    };
    dossier.letters.iter().map(line).collect()
}

fn document(t: Text, letter: &IssuedLetter) -> Document {
    let language = match letter.language {
        Language::Chinese => "letter-in-chinese",
        Language::English => "letter-in-english",
    };
    Document {
        number: letter.number.as_str().to_owned(),
        shown: letter.number.to_string(),
        language: t.get(language),
    }
}

pub(super) async fn download(
    State(app): State<App>,
    visitor: Visitor,
    Path((id, number)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let id = case_id(&id)?;
    let number: LetterNumber = number.parse().map_err(|_| Problem::new(Kind::NoCase, ""))?;
    let actor = actor(&app, &visitor).await?;
    let folder = &app.surroundings().letters;
    let (letter, bytes) =
        match letters::bytes(app.office(), folder, &actor, id, &number, app.now()).await {
            Ok(found) => found,
            Err(LettersError::Case(error @ CaseError::Refused(_))) => return Err(problem(&error)),
            Err(error) => return Err(Problem::ours(&error)),
        };
    let title = match letter.language {
        Language::Chinese => &letter.title.zh,
        Language::English => &letter.title.en,
    };
    let name = format!("{title} {}.pdf", letter.reference);
    Ok((
        [
            (header::CONTENT_TYPE, "application/pdf".to_owned()),
            (header::CONTENT_DISPOSITION, disposition(&name)),
        ],
        bytes,
    )
        .into_response())
}
