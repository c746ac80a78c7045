//! Data files on their way into a table, and what killed writers left of them.
//!
//! A writer shares the lock of its table with other writers, and lists every file before it makes it. Whoever has the
//! lock alone knows that no writer runs: a file that is listed and in no version is nobody's then. The system takes
//! the lock back from a process however it ends.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

use model::dataset::Dataset;

use crate::log::{Entry, added};
use crate::table::newest;
use crate::{Lake, LakeError};

/// Readers of Delta tables pass over folders whose name begins so.
const FOLDER: &str = "_writing";

/// One writer of a table, until it is dropped.
#[derive(Debug)]
pub(crate) struct Writing {
    list: File,
    path: PathBuf,
    begun: u32,
    /// Held, not used.
    _lock: File,
}

impl Writing {
    /// Begins to write against a version of the table in a folder.
    pub(crate) fn begin(table: &Path, version: u64) -> Result<Self, LakeError> {
        let folder = table.join(FOLDER);
        fs::create_dir_all(&folder).map_err(LakeError::file("make", &folder))?;
        let lock = lock(&folder, "lock")?;
        lock.lock_shared().map_err(LakeError::file("lock", &folder))?;
        let (path, list) = new_list(&folder)?;
        let writing = Self { list, path, begun: 0, _lock: lock };
        writing.line(&version.to_string())?;
        Ok(writing)
    }

    /// Lists a file that is about to be made.
    pub(crate) fn announce(&self, file: &str) -> Result<(), LakeError> {
        self.line(file)
    }

    /// Lists a file that does not know its name yet, and tells how it is called until then.
    pub(crate) fn begin_file(&mut self) -> Result<String, LakeError> {
        let writer = self.path.file_stem().unwrap_or_default().to_string_lossy();
        let name = format!("{FOLDER}/{writer}-{}.part", self.begun);
        self.begun += 1;
        self.announce(&name)?;
        Ok(name)
    }

    /// In one piece, so that lines of two threads do not mix.
    fn line(&self, text: &str) -> Result<(), LakeError> {
        let line = format!("{text}\n");
        (&self.list).write_all(line.as_bytes()).map_err(LakeError::file("write", &self.path))
    }
}

/// A place in the queue of those who write a table, until it is dropped.
#[derive(Debug)]
pub struct Turn {
    /// Held, not used.
    _lock: File,
}

impl Lake {
    /// Waits for the turn to commit to a dataset's table, which one writer of this machine has at a time.
    pub fn turn(&self, dataset: &Dataset) -> Result<Turn, LakeError> {
        let folder = self.tables().join(&dataset.name).join(FOLDER);
        fs::create_dir_all(&folder).map_err(LakeError::file("make", &folder))?;
        let lock = lock(&folder, "turn")?;
        lock.lock().map_err(LakeError::file("lock", &folder))?;
        Ok(Turn { _lock: lock })
    }

    /// Removes the data files that killed writers left beside a dataset's table, and tells how many.
    ///
    /// While any writer runs nothing is removed; a later call does it.
    pub fn sweep(&self, dataset: &Dataset) -> Result<usize, LakeError> {
        let table = self.tables().join(&dataset.name);
        let folder = table.join(FOLDER);
        if lists(&folder).is_empty() {
            return Ok(0);
        }
        let lock = lock(&folder, "lock")?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(0),
            Err(TryLockError::Error(error)) => return Err(LakeError::file("lock", &folder)(error)),
        }
        let mut removed = 0;
        for list in lists(&folder) {
            let text = fs::read_to_string(&list).map_err(LakeError::file("read", &list))?;
            for file in unnamed(&table, &text)? {
                removed += usize::from(remove(&table.join(file))?);
            }
            remove(&list)?;
        }
        Ok(removed)
    }
}

/// The listed files that no version of the table names. They were written against the version in the first line, so
/// only later ones can name them.
fn unnamed<'a>(table: &Path, list: &'a str) -> Result<Vec<&'a str>, LakeError> {
    let mut lines = list.lines();
    let Some(version) = lines.next().and_then(|it| it.parse::<u64>().ok()) else {
        return Ok(Vec::new());
    };
    let mut named = BTreeSet::new();
    for later in version + 1..=newest(table).unwrap_or_default() {
        let entry = table.join(Entry::path_of(later));
        let text = fs::read_to_string(&entry).map_err(LakeError::file("read", &entry))?;
        named.extend(added(&text).filter_map(|it| name(&it).map(str::to_owned)));
    }
    let is_within =
        |it: &&str| Path::new(it).components().all(|it| matches!(it, Component::Normal(_)));
    Ok(lines
        .filter(is_within)
        .filter(|it| name(it).is_some_and(|it| !named.contains(it)))
        .collect())
}

/// What a file is told from others by; the log may write its folders in another way.
fn name(path: &str) -> Option<&str> {
    path.rsplit('/').next().filter(|it| !it.is_empty())
}

/// Whether there was something to remove.
fn remove(path: &Path) -> Result<bool, LakeError> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(LakeError::file("remove", path)(error)),
    }
}

fn lock(folder: &Path, name: &str) -> Result<File, LakeError> {
    let path = folder.join(name);
    let opened = OpenOptions::new().create(true).append(true).open(&path);
    opened.map_err(LakeError::file("open", &path))
}

fn lists(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|it| it.path());
    entries.filter(|it| it.extension().is_some_and(|it| it == "list")).collect()
}

/// A list of this writer's own. Another machine that shares the folder may have a process of the same number.
fn new_list(folder: &Path) -> Result<(PathBuf, File), LakeError> {
    let mut number = 0_u32;
    loop {
        let path = folder.join(format!("{}-{number}.list", std::process::id()));
        match OpenOptions::new().create_new(true).append(true).open(&path) {
            Ok(file) => return Ok((path, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
            Err(error) => return Err(LakeError::file("make", &path)(error)),
        }
    }
}
