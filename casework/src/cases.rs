//! Cases: begun, brought from state to state, and never lost on the way.
//!
//! **Invariant:** a case changes in one transaction with the entry that says so, and only for somebody who saw it as
//! it stood: of two who change it at once, one is told that it was changed meanwhile.

mod adding;
mod altering;
mod assigning;
mod beginning;
mod commenting;
mod decide;
mod dossier;
mod drafting;
mod draws;
mod effects;
mod entry;
mod handing_in;
mod history;
pub(crate) mod letters;
mod limits;
mod migrating;
mod refusal;
mod reviewing;
pub(crate) mod rows;
mod standing;
mod stepping;
mod tasks;
mod ticking;
mod writing;

use store::StoreError;

pub use self::assigning::{assign, candidates, unassign};
pub(crate) use self::beginning::rehearse;
pub use self::beginning::{Begun, begin};
pub use self::commenting::{Comment, comment, comments};
pub use self::decide::Asked;
pub use self::dossier::{Dossier, dossier};
pub use self::drafting::{Draft, draft, save_draft};
pub use self::draws::{Announced, Candidate, Draw, commitment, ticket};
pub use self::entry::Step;
pub(crate) use self::entry::parted;
pub use self::handing_in::hand_in;
pub use self::history::{Chain, announced, draws as draws_of, history, verify};
pub use self::migrating::migrate;
pub use self::refusal::Refusal;
pub use self::reviewing::review;
pub use self::standing::{Running, Standing, form_hash};
pub use self::stepping::{Open, Preview, get, open_steps, preview, procedure_of, step};
pub(crate) use self::stepping::{note_reading, read, read_as_party};
pub use self::ticking::{Ticked, tick};
use crate::office::OfficeError;

network::id! {
    /// A case.
    CaseId
}

network::id! {
    /// A comment, an attachment, a letter or a row for the lake.
    OutboxId
}

/// Why something could not be done to a case.
#[derive(Debug, thiserror::Error)]
pub enum CaseError {
    #[error(transparent)]
    Refused(#[from] Refusal),

    #[error(transparent)]
    Office(#[from] OfficeError),

    #[error(transparent)]
    Store(#[from] StoreError),
}

#[cfg(test)]
mod tests;
