//! Rosters: who is taught what, where and by whom, as other systems of the city tell it by OneRoster 1.2.
//!
//! **Invariant:** an id stays what it was: an object that is gone keeps its row, and of two ids that turned out to be one
//! the old one leads to the new.
//!
//! **Invariant:** an object belongs to the source it first came from; no other can change it or take it away.

use store::StoreError;

mod aliases;
mod difference;
mod import;
mod intake;
mod kept;
mod orphans;
mod reading;
mod statements;

pub use self::aliases::{MergeError, merge};
pub use self::difference::{Difference, FileDifference};
pub use self::import::{Import, Outcome, import};
pub use self::reading::{Of, Page, RosterFault, Rosters};

/// Why rosters could not be imported.
#[derive(Debug, thiserror::Error)]
pub enum RosterError {
    #[error(transparent)]
    Package(#[from] haihe_oneroster::PackageError),

    #[error(transparent)]
    Store(#[from] StoreError),
}

#[cfg(test)]
mod tests;
