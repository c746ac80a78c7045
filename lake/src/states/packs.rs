//! The packs of a folder: of one way of computing states.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{Cursor, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use model::state::{StateColumn, States};

pub(crate) use super::pack::Sections;
use super::pack::{self, Pack};
use crate::LakeError;

/// More packs than this are folded: every correction leaves a small one.
const MOST: usize = 16;

/// How often to look again while others fold.
const ROUNDS: usize = 5;

/// The packs that were there at one moment. What others fold meanwhile can still be read.
#[derive(Debug)]
pub(crate) struct Packs {
    packs: Vec<Pack<File>>,
}

impl Packs {
    pub(crate) fn open(folder: &Path) -> Self {
        for _ in 1..ROUNDS {
            if let Some(packs) = opened(&listed(folder)) {
                return Self { packs };
            }
        }
        let left = listed(folder);
        let packs = left.iter().filter_map(|it| read(File::open(it).ok()?));
        Self { packs: packs.collect() }
    }

    /// The data files whose states should be in one of the packs.
    pub(crate) fn names(&self) -> BTreeSet<&str> {
        self.packs.iter().flat_map(Pack::names).collect()
    }

    /// Hands over the states of each of the data files once, and gives back those that nothing whole is kept of.
    pub(crate) fn take<'a>(
        self,
        columns: &Arc<[StateColumn]>,
        mut wanted: BTreeSet<&'a str>,
        mut with: impl FnMut(&str, States),
    ) -> BTreeSet<&'a str> {
        for pack in self.packs {
            let mut found = Vec::new();
            pack.each(
                columns,
                |it| wanted.contains(it),
                |name, states| {
                    with(name, states);
                    found.push(name.to_owned());
                },
            );
            wanted.retain(|it| !found.iter().any(|found| found == it));
        }
        wanted
    }
}

/// All packs of a list but the broken ones; `None` where one of them has been taken away.
fn opened(paths: &[PathBuf]) -> Option<Vec<Pack<File>>> {
    let mut packs = Vec::new();
    for path in paths {
        match File::open(path) {
            Ok(file) => packs.extend(read(file)),
            Err(error) if error.kind() == ErrorKind::NotFound => return None,
            // Whatever cannot be read is computed again.
            Err(_) => {}
        }
    }
    Some(packs)
}

fn read(file: File) -> Option<Pack<File>> {
    let most = file.metadata().ok()?.len();
    Pack::read(file, most)
}

fn listed(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|it| it.path());
    let mut packs: Vec<PathBuf> =
        entries.filter(|it| it.extension().is_some_and(|it| it == "pack")).collect();
    packs.sort_unstable();
    packs
}

/// Keeps the states of data files in a pack of their own, and folds the packs when they have become many.
pub(crate) fn keep(
    folder: &Path,
    columns: &Arc<[StateColumn]>,
    sections: &Sections,
) -> Result<(), LakeError> {
    if !sections.is_empty() {
        put_pack(folder, sections)?;
        fold(folder, columns)?;
    }
    Ok(())
}

/// A pack of one data file's states.
pub(crate) fn packed(name: String, states: States) -> Vec<u8> {
    pack::bytes(&Sections::from([(name, states)]))
}

/// What is whole in a pack.
pub(crate) fn unpacked(bytes: Vec<u8>, columns: &Arc<[StateColumn]>) -> Sections {
    let most = u64::try_from(bytes.len()).unwrap_or_default();
    let mut sections = Sections::new();
    if let Some(pack) = Pack::read(Cursor::new(bytes), most) {
        pack.each(columns, |_| true, |name, states| _ = sections.insert(name.to_owned(), states));
    }
    sections
}

/// Makes one pack of many. Nothing is lost but what is broken, and no version's states are in the way of others'.
///
/// A pack that outweighs all others stays as it is, so that a correction does not write again what a whole dataset left.
/// Packs go when the one that has all of theirs is in its place: whoever is killed between leaves some twice.
fn fold(folder: &Path, columns: &Arc<[StateColumn]>) -> Result<(), LakeError> {
    let mut paths = listed(folder);
    if paths.len() <= MOST {
        return Ok(());
    }
    let bytes = |it: &PathBuf| fs::metadata(it).map_or(0, |it| it.len());
    paths.sort_by_cached_key(bytes);
    if let Some((largest, others)) = paths.split_last()
        && bytes(largest) > others.iter().map(bytes).sum()
    {
        paths.pop();
    }
    // Another process is at it.
    let Some(packs) = opened(&paths) else { return Ok(()) };
    let mut sections = Sections::new();
    for pack in packs {
        pack.each(
            columns,
            |_| true,
            |name, states| {
                sections.insert(name.to_owned(), states);
            },
        );
    }
    let folded = put_pack(folder, &sections)?;
    for path in paths.iter().filter(|it| **it != folded) {
        match fs::remove_file(path) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(LakeError::file("remove", path)(error)),
        }
    }
    Ok(())
}

fn put_pack(folder: &Path, sections: &Sections) -> Result<PathBuf, LakeError> {
    let bytes = pack::bytes(sections);
    let name: String = blake3::hash(&bytes).to_hex().chars().take(32).collect();
    let path = folder.join(format!("{name}.pack"));
    put(&path, &bytes)?;
    Ok(path)
}

/// Written whole under a name that nobody else has, and then renamed: a kill leaves no half.
pub(super) fn put(path: &Path, bytes: &[u8]) -> Result<(), LakeError> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let unfinished = path.with_extension(format!("{}-{number}.new", std::process::id()));
    fs::write(&unfinished, bytes).map_err(LakeError::file("write", &unfinished))?;
    fs::rename(&unfinished, path).map_err(LakeError::file("store", path))
}
