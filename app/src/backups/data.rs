//! The files of a data folder that a backup keeps.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

/// What is seen of a file without reading it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct State {
    pub(crate) bytes: u64,
    /// Rights, as a number.
    pub(crate) mode: u32,
    /// Seconds and nanoseconds since 1970.
    pub(crate) modified: (i64, i64),
}

/// Files by their paths within the data folder.
pub(super) type Found = BTreeMap<String, State>;

/// All files that belong to a backup.
pub(super) fn files(data: &Path) -> Result<Found> {
    let mut found = Found::new();
    list(data, "", &mut found)?;
    Ok(found)
}

fn list(folder: &Path, within: &str, found: &mut Found) -> Result<()> {
    let unreadable = || format!("{} could not be read", folder.display());
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        // Somebody cleaned up meanwhile.
        Err(error) if error.kind() == ErrorKind::NotFound && !within.is_empty() => return Ok(()),
        Err(error) => return Err(error).with_context(unreadable),
    };
    for entry in entries {
        let entry = entry.with_context(unreadable)?;
        let name = entry.file_name();
        let Some(name) = name.to_str() else {
            bail!("{} has a name that is no text; rename it", entry.path().display());
        };
        if within.is_empty() && !is_of_the_centre(name) || !is_whole(name) {
            continue;
        }
        let path = format!("{within}{name}");
        let about = match fs::metadata(entry.path()) {
            Ok(about) => about,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(error).with_context(unreadable),
        };
        if about.is_dir() {
            list(&entry.path(), &format!("{path}/"), found)?;
        } else if about.is_file() {
            let modified = (about.mtime(), about.mtime_nsec());
            found.insert(path, State { bytes: about.len(), mode: about.mode() & 0o777, modified });
        }
    }
    Ok(())
}

/// What stands at the top of the folder and belongs to it: the registry's rows are kept as rows.
fn is_of_the_centre(name: &str) -> bool {
    let is_registry =
        name.strip_prefix("haihe.db").is_some_and(|it| it.is_empty() || it.starts_with('-'));
    !is_registry && name != "staging" && !name.ends_with(".lock")
}

/// Whether a file is not one that is still being written.
fn is_whole(name: &str) -> bool {
    !name.contains('#') && !name.ends_with(".new")
}
