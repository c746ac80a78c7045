//! Staging: folders for files and rows on their way into a table.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;

const PREFIX: &str = "import-";
const LOCK: &str = "lock";
const CONTENT: &str = "content";

/// No import takes so long. What is older and has no lock is of a version that made none.
const LONG_AGO: Duration = Duration::from_secs(7 * 86_400);

/// A folder for what is on its way, gone when this is dropped.
///
/// Its process holds a lock in it, so that those of processes that were killed are known by more than a number, which another
/// may have by now: whoever makes the next one removes them.
#[derive(Debug)]
pub struct Staging {
    content: PathBuf,
    // Dropped in this order.
    _folder: TempDir,
    _lock: File,
}

impl Staging {
    /// Makes one in a folder, which is made too when it is not there.
    pub fn new(staging: &Path) -> io::Result<Self> {
        fs::create_dir_all(staging)?;
        sweep(staging);
        let folder = tempfile::Builder::new().prefix(PREFIX).tempdir_in(staging)?;
        let mut lock = File::create_new(folder.path().join(LOCK))?;
        match lock.lock() {
            // Only now: one that is free and says nothing is just being made.
            Ok(()) => lock.write_all(b"held\n")?,
            Err(error) => {
                tracing::warn!(error = %error, "staging folders cannot be locked here; what a killed process leaves stays");
            }
        }
        let content = folder.path().join(CONTENT);
        fs::create_dir(&content)?;
        Ok(Self { content, _folder: folder, _lock: lock })
    }

    /// Where to put things.
    pub fn path(&self) -> &Path {
        &self.content
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // First, so that whoever is killed here leaves the lock, by which the rest is found.
        remove(&self.content);
    }
}

/// Removes what killed processes left behind.
fn sweep(staging: &Path) {
    let entries = fs::read_dir(staging).into_iter().flatten().filter_map(Result::ok);
    for entry in entries {
        let is_ours = entry.file_name().to_str().is_some_and(|it| it.starts_with(PREFIX));
        if is_ours && let Some(held) = left(&entry.path()) {
            remove(&entry.path().join(CONTENT));
            remove(&entry.path());
            drop(held);
        }
    }
}

/// Whether a folder is of a process that is no more; its lock, held now, or none where it is old and never had one.
fn left(folder: &Path) -> Option<Option<File>> {
    match OpenOptions::new().read(true).write(true).open(folder.join(LOCK)) {
        Ok(lock) => {
            let is_left = lock.metadata().is_ok_and(|it| it.len() > 0) && lock.try_lock().is_ok();
            is_left.then_some(Some(lock))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let made = fs::metadata(folder).and_then(|it| it.modified()).ok()?;
            (made.elapsed().ok()? > LONG_AGO).then_some(None)
        }
        Err(_) => None,
    }
}

/// Removes a folder, if it is still there.
fn remove(folder: &Path) {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            tracing::warn!(error = %error, "a staging folder could not be removed");
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(staging: &Path) -> Vec<String> {
        let names = fs::read_dir(staging).unwrap();
        let mut names: Vec<String> =
            names.map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn what_the_killed_left_goes_and_what_others_hold_stays() {
        let staging = tempfile::tempdir().unwrap();
        let make = |name: &str, lock: &str| {
            let folder = staging.path().join(name);
            fs::create_dir(&folder).unwrap();
            fs::write(folder.join(LOCK), lock).unwrap();
        };
        make("import-killed", "held\n");
        make("import-just-being-made", "");
        make("notes", "held\n");
        let old = |name: &str, days: u64| {
            let folder = staging.path().join(name);
            fs::create_dir(&folder).unwrap();
            let now = fs::metadata(&folder).unwrap().modified().unwrap();
            let then = now - Duration::from_secs(days * 86_400);
            File::open(folder).unwrap().set_modified(then).unwrap();
        };
        old("import-1-without-a-lock", 8);
        old("import-2-without-a-lock", 1);
        let held = Staging::new(staging.path()).unwrap();
        fs::write(held.path().join("rows"), "").unwrap();
        let second = Staging::new(staging.path()).unwrap();
        assert!(held.path().join("rows").exists() && second.path().exists());
        drop((held, second));
        let stay = ["import-2-without-a-lock", "import-just-being-made", "notes"];
        assert_eq!(names(staging.path()), stay);
    }

    #[test]
    fn a_folder_goes_with_its_content() {
        let above = tempfile::tempdir().unwrap();
        let staging = above.path().join("staging");
        let folder = Staging::new(&staging).unwrap();
        fs::write(folder.path().join(LOCK), "a file may be called so").unwrap();
        drop(folder);
        assert_eq!(names(&staging), Vec::<String>::new());
    }
}
