//! How long what is kept, and what persons may ask about what is kept of them.
//!
//! **Invariant:** what is under a legal hold is not taken away, whoever asks and however old it is.
//!
//! **Invariant:** when a person is deleted, every row that is that person's goes in one transaction; the audit log stays
//! and nobody can tell any more whom its entries concerned.

mod deciding;
mod erasure;
mod file;
mod holds;
mod requests;
mod running;

pub use self::deciding::{Asked, to_decide};
pub use self::file::{DataClass, NATIONAL, Rule, Rules, read, read_over};
pub use self::holds::{Held, Hold, HoldError, HoldId, held, lift, of_person as holds_of, set};
pub use self::requests::{
    Decision, Request, RequestError, RequestId, RequestKind, ask, decide, of_person as requests_of,
    open,
};
pub use self::running::{Carried, foresee, run};

#[cfg(test)]
mod tests;
