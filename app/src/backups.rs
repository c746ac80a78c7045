//! A folder of backups: contents, each kept once, and for each backup a list of what there was.
//!
//! **Invariant:** a backup that is listed is whole: its list is written when all that it names is on the disk.
//!
//! **Invariant:** it is of one instant: of files that changed while they were copied, nothing is listed.

mod contents;
mod data;
mod list;
mod registry;
mod restoring;

use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use store::Store;

use self::contents::Contents;
use self::data::Found;
pub(crate) use self::list::{Kept, List};
pub(crate) use self::restoring::{restore, unsound};
use crate::centre::Centre;
use crate::progress::Bar;

/// How often to look again while imports write.
const ROUNDS: usize = 20;

/// A folder of backups.
#[derive(Debug)]
pub(crate) struct Backups {
    folder: PathBuf,
    contents: Contents,
}

impl Backups {
    /// The folder as it is.
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        if !folder.join("lists").is_dir() {
            bail!(
                "{} holds no backups; make one with `haihe backup {0} --data DIR`",
                folder.display()
            );
        }
        Ok(Self { folder: folder.to_owned(), contents: Contents::of(folder) })
    }

    /// The folder, made when it is not there: its owner alone may read it.
    pub(crate) fn begin(folder: &Path) -> Result<Self> {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder.join("lists"))
            .with_context(|| format!("{} could not be made", folder.display()))?;
        Self::open(folder)
    }

    /// Of those who write into the folder, one does at a time; the lock goes back when it is dropped.
    pub(crate) fn alone(&self) -> Result<File> {
        let file = File::create(self.folder.join("lock"))
            .with_context(|| format!("{} could not be written", self.folder.display()))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => {
                bail!("another backup into {} is under way; wait for it", self.folder.display())
            }
            Err(TryLockError::Error(error)) => Err(error).context("the folder could not be locked"),
        }
    }

    /// All backups, the oldest first.
    pub(crate) fn lists(&self) -> Result<Vec<List>> {
        let folder = self.folder.join("lists");
        let mut lists = Vec::new();
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|it| it == "json") {
                lists.push(List::read(&path)?);
            }
        }
        lists.sort_by_key(|it| it.at);
        Ok(lists)
    }

    /// The last backup that was made at or before an instant.
    pub(crate) fn at(&self, at: Option<Timestamp>) -> Result<List> {
        let mut lists = self.lists()?;
        let first = lists.first().map(|it| it.at);
        lists.retain(|it| at.is_none_or(|at| it.at <= at));
        let Some(found) = lists.pop() else {
            bail!(
                "there is no backup of that time; {}",
                first.map_or("there is none at all".to_owned(), |it| format!(
                    "the first is of {it}"
                ))
            );
        };
        Ok(found)
    }

    /// Takes a backup of a data centre, whoever works in it meanwhile.
    ///
    /// The registry is read first: what it names is in the data folder by then, as it is when a process is killed.
    pub(crate) async fn take(&self, centre: &Centre, at: Timestamp) -> Result<List> {
        let known = self.lists()?.pop();
        let known = known.as_ref().map(|it| it.files.as_slice()).unwrap_or_default();
        for _ in 0..ROUNDS {
            let before = data::files(&centre.data)?;
            let registry = registry::keep(&self.contents, &centre.store).await?;
            let found = data::files(&centre.data)?;
            let files = self.keep(centre, &found, known)?;
            let is_steady = data::files(&centre.data)? == found;
            if is_steady && before.keys().all(|it| found.contains_key(it)) {
                let list = List::new(at, Store::schema(), registry, files);
                self.contents.settle()?;
                list.write(&self.folder.join("lists"))?;
                return Ok(list);
            }
        }
        bail!("the data folder changed all the time; make the backup when no import is under way")
    }

    /// Keeps files that were found, but for those that are gone again.
    fn keep(&self, centre: &Centre, found: &Found, known: &[Kept]) -> Result<Vec<Kept>> {
        let bar = Bar::files("files → backup", found.len());
        let mut files = Vec::with_capacity(found.len());
        for (path, state) in found {
            let unchanged = known.binary_search_by(|it| it.path.as_str().cmp(path)).ok();
            let unchanged = unchanged.and_then(|it| known.get(it)).filter(|it| it.state == *state);
            let content = match unchanged.filter(|it| self.contents.has(&it.content)) {
                Some(it) => Some(it.content.clone()),
                None => match self.contents.keep_file(&centre.data.join(path)) {
                    Ok(content) => Some(content),
                    Err(error) if error.kind() == ErrorKind::NotFound => None,
                    Err(error) => {
                        return Err(error).with_context(|| format!("{path} could not be kept"));
                    }
                },
            };
            files.extend(content.map(|it| Kept {
                path: path.clone(),
                state: state.clone(),
                content: it,
            }));
            bar.add(1);
        }
        bar.finish();
        Ok(files)
    }

    /// Lets go all but the newest backups; how many went.
    pub(crate) fn prune(&self, newest: usize) -> Result<usize> {
        let mut gone = self.lists()?;
        let held = gone.split_off(gone.len().saturating_sub(newest));
        for list in &gone {
            list.remove(&self.folder.join("lists"))?;
        }
        let named: BTreeSet<&str> = held.iter().flat_map(List::contents).collect();
        self.contents.remove_all_but(&named)?;
        Ok(gone.len())
    }
}
