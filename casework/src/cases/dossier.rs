//! All there is about a case, read for one page and noted once in the audit log.

use jiff::Timestamp;
use model::dataset::Disclosure;

use super::commenting::{Comment, said};
use super::drafting::{Draft, draft};
use super::draws::{Announced, Draw};
use super::entry::Step;
use super::history::{committed, made, told};
use super::stepping::{Open, can_be_personal, note_reading, opened, read};
use super::{CaseError, CaseId, Refusal};
use crate::actor::Actor;
use crate::attachments::{self, Attachment};
use crate::letters::{self, IssuedLetter};
use crate::office::Office;
use crate::outbox::{self, OrderedLetter};

/// A case with what lies beside its form; for whoever is no party that is nothing.
#[derive(Debug)]
pub struct Dossier {
    pub open: Open,
    pub history: Vec<Step>,
    pub comments: Vec<Comment>,
    pub files: Vec<Attachment>,
    pub letters: Vec<OrderedLetter>,
    /// Those of them that the reader may read, in each language.
    pub issued: Vec<IssuedLetter>,
    pub draws: Vec<Draw>,
    /// The draw that is to come.
    pub announced: Option<Announced>,
    /// The reader's own.
    pub draft: Option<Draft>,
}

/// A case with all that belongs to it, for somebody who may see it.
pub async fn dossier(
    office: &Office,
    actor: &Actor,
    id: CaseId,
    at: Timestamp,
) -> Result<Dossier, CaseError> {
    let open = opened(office, actor, id, at).await?;
    // Read again with its hidden fields, as what is hidden is decided by them; a party sees more than the form.
    let (case, procedure) = read(office, id).await?.ok_or(Refusal::Unknown)?;
    let holds_personal =
        procedure.form.fields.values().any(|it| {
            it.disclosure == Disclosure::Personal && open.case.form.contains_key(&it.name)
        });
    if holds_personal || (open.is_party && can_be_personal(actor, &procedure, &case)) {
        note_reading(office, actor, &case, at).await?;
    }
    if !open.is_party {
        return Ok(Dossier {
            open,
            history: Vec::new(),
            comments: Vec::new(),
            files: Vec::new(),
            letters: Vec::new(),
            issued: Vec::new(),
            draws: Vec::new(),
            announced: None,
            draft: None,
        });
    }
    Ok(Dossier {
        history: told(office, actor, &procedure, &case).await?,
        comments: said(office, id).await?,
        files: attachments::shown_to(office, actor, &procedure, &case).await?,
        letters: outbox::ordered(office, id).await?,
        issued: letters::shown_to(office, actor, &procedure, &case).await?,
        draws: made(office, id).await?,
        announced: committed(office, id).await?,
        draft: draft(office, actor, id).await?,
        open,
    })
}
