//! The audit log: who did what, when and what for, so that nobody can change it unseen.
//!
//! Every entry holds the hash of the one before it. The hashes of each finished day are the leaves of a Merkle tree
//! (RFC 6962) whose root is signed. `docs/audit.md` says which bytes are hashed and signed, so that anyone can verify.
//!
//! **Invariant:** an entry is appended in the transaction of what it tells of, or there is neither.
//!
//! **Invariant:** nothing of an entry speaks of a person: who acted is an id, whom it concerned a salted hash. When the
//! salt is gone the entry still stands, and nobody can tell whom it concerned.

mod actor;
mod appending;
mod canonical;
mod days;
mod entry;
mod keys;
mod merkle;
mod proof;
mod reading;
mod verification;

pub use self::actor::{Actor, ApplicationName};
pub(crate) use self::appending::salt;
pub use self::appending::{record, salt_owners, sql};
pub use self::days::{SignedDay, days, sign_finished};
pub use self::entry::{Entry, Outcome, Whom, Written, reference};
pub use self::keys::{PublicKey, SigningKey, SigningKeyError};
pub use self::proof::{Proof, prove};
pub use self::reading::{Asked, concerning, entries, is_whole, reference_of, within};
pub use self::verification::{Fault, FaultKind, Verification, verify};
pub use crate::append_to_audit as append;

#[cfg(test)]
mod tests;
