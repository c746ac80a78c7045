//! Where rows wait on their way into a table.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;

/// Folders that this process has used: of two imports at one instant each has its own.
static FOLDERS: AtomicU64 = AtomicU64::new(0);

/// A folder that no other import uses. Those that killed imports left behind are removed.
pub(super) fn folder(staging: &Path, now: Timestamp) -> PathBuf {
    let entries = fs::read_dir(staging).into_iter().flatten().filter_map(Result::ok);
    for entry in entries {
        let name = entry.file_name();
        let writer = name.to_str().and_then(writer);
        if writer.is_some_and(is_gone)
            && let Err(error) = fs::remove_dir_all(entry.path())
        {
            tracing::warn!(error = %error, "a killed import's staging folder could not be removed");
        }
    }
    let number = FOLDERS.fetch_add(1, Ordering::Relaxed);
    staging.join(format!("{}{}-{number}", scratch(), now.as_nanosecond()))
}

/// How the names of this process's own folders for rows and files on their way begin. When it has ended, whoever imports
/// next removes them.
pub fn scratch() -> String {
    format!("import-{}-", std::process::id())
}

/// The process that made a staging folder.
fn writer(name: &str) -> Option<u32> {
    name.strip_prefix("import-")?.split_once('-')?.0.parse().ok()
}

/// Whether a process has ended, where the system tells.
fn is_gone(process: u32) -> bool {
    let processes = Path::new("/proc");
    processes.join("self").exists() && !processes.join(process.to_string()).exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_killed_left_goes() {
        let staging = tempfile::tempdir().unwrap();
        let left = staging.path().join("import-4294967295-1");
        let foreign = staging.path().join("notes");
        let own = staging.path().join(format!("import-{}-1", std::process::id()));
        for it in [&left, &foreign, &own] {
            fs::create_dir(it).unwrap();
        }
        let folder = folder(staging.path(), Timestamp::UNIX_EPOCH);
        assert!(!left.exists() && foreign.exists() && own.exists() && !folder.exists());
    }
}
