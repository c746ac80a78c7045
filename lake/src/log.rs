//! The log of a table: which entry made which data files part of it.
//!
//! An entry says that its data files are there. So whoever copies a table elsewhere copies the data files of an entry
//! before the entry, and entries in order: no other program ever sees one whose files are missing.

use std::fs;
use std::path::{Path, PathBuf};

use crate::table::newest;
use crate::{Lake, LakeError};

/// One version of a table in its log. Neither it nor its data files ever change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub version: u64,
    /// Relative to the table's folder, as are the data files.
    pub path: String,
    /// The data files that came with it.
    pub files: Vec<String>,
}

impl Lake {
    /// The folder of a dataset's table.
    pub fn table_folder(&self, dataset: &str) -> PathBuf {
        self.tables().join(dataset)
    }

    /// The entries of a table's log after a version, or all of them, up to another, in order.
    pub fn entries(
        &self,
        dataset: &str,
        after: Option<u64>,
        to: u64,
    ) -> Result<Vec<Entry>, LakeError> {
        let folder = self.table_folder(dataset);
        let last = newest(&folder).map_or(to, |it| it.min(to));
        (after.map_or(0, |it| it + 1)..=last).map(|it| entry(&folder, it)).collect()
    }
}

fn entry(table: &Path, version: u64) -> Result<Entry, LakeError> {
    let path = Entry::path_of(version);
    let file = table.join(&path);
    let text = fs::read_to_string(&file).map_err(LakeError::file("read", &file))?;
    Ok(Entry { version, path, files: added(&text).collect() })
}

impl Entry {
    /// Where the entry of a version is, relative to its table's folder.
    pub fn path_of(version: u64) -> String {
        format!("_delta_log/{version:020}.json")
    }
}

/// The data files that an entry adds to its table, as they stand there.
pub(crate) fn added(entry: &str) -> impl Iterator<Item = String> {
    entry.lines().filter_map(|action| {
        let action: serde_json::Value = serde_json::from_str(action).ok()?;
        action.pointer("/add/path")?.as_str().map(str::to_owned)
    })
}
