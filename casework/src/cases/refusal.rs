//! Why something is not done to a case.

use crate::form::FieldFault;

/// What was asked for is not allowed, or not now. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("there is no such case, or it is not for this account to see")]
    Unknown,

    #[error("there is no procedure `{0}` with which a case can begin")]
    NoProcedure(String),

    #[error("the case was changed meanwhile; look at it again and decide anew")]
    Stale,

    #[error("the procedure has no step `{0}`")]
    NoStep(String),

    #[error("the case does not stand where `{0}` begins")]
    NotHere(String),

    #[error("`{0}` is not for this account")]
    NotAllowed(String),

    #[error("this account begins no case of the procedure at the organisation")]
    NotYoursToBegin,

    #[error("this account acted as `{0}` in the case, which is kept apart")]
    Apart(String),

    #[error("the condition of `{0}` does not hold")]
    Condition(String),

    #[error("the time for `{0}` is over")]
    Late(String),

    #[error("{} fields are not filled in as they should be", .0.len())]
    Fields(Vec<FieldFault>),

    #[error("a note must be written with `{0}`")]
    NoNote(String),

    #[error("a text is longer than {0} letters; shorten it")]
    TooLong(usize),

    #[error("what is signed is not what the case holds now; look at it again")]
    NotSeen,

    #[error("the quota is used up")]
    QuotaFull,

    #[error("there is an open case about the same subject already: {0}")]
    Open(String),

    #[error("there are {found} who may review the case, and {needed} are to be drawn")]
    TooFew { found: usize, needed: usize },

    #[error("the organisation `{0}` is not known")]
    NoOrganisation(String),

    #[error("the file is of a kind that is not taken: {0}")]
    FileKind(String),

    #[error("the file is empty or larger than {0} bytes")]
    FileSize(u64),

    #[error("the case holds as many files as it may")]
    TooManyFiles,

    #[error("the file was found to be harmful and was not kept")]
    Harmful,

    #[error("the file could not be looked over and was not kept; try again later")]
    NotLookedOver,

    #[error("this account has handed in already")]
    HandedIn,

    #[error("the score is not between 0 and {0}")]
    Score(u32),

    #[error("the state `{0}` has no place in the newer version")]
    NoState(String),
}
