//! Versions of tables that were opened lately. What a version holds never changes, and a later one is read from where an
//! earlier one ends.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use deltalake_core::DeltaTable;

/// Versions that are kept: of each dataset of a plan the one in force and the one before.
const MOST: usize = 64;

/// The last versions that were opened, of all tables of a lake.
#[derive(Clone, Debug, Default)]
pub(crate) struct Opened(Arc<Mutex<VecDeque<(PathBuf, DeltaTable)>>>);

impl Opened {
    /// The last version of a table that is kept, of those up to `version`.
    pub(crate) fn up_to(&self, folder: &Path, version: u64) -> Option<DeltaTable> {
        let opened = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let versions = opened.iter().filter(|it| it.0 == folder).map(|it| &it.1);
        let earlier = versions.filter(|it| it.version().is_some_and(|it| it <= version));
        earlier.max_by_key(|it| it.version()).cloned()
    }

    /// Keeps a version, for which the one that was opened longest ago may have to go.
    pub(crate) fn keep(&self, folder: &Path, table: &DeltaTable) {
        let mut opened = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        opened.retain(|it| it.0 != folder || it.1.version() != table.version());
        if opened.len() >= MOST {
            opened.pop_front();
        }
        opened.push_back((folder.to_owned(), table.clone()));
    }
}
