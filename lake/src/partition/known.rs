//! Keys of data files that were read lately: a small file of new rows need not read a whole year to be held against it.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use model::Year;

use super::homes::{Homes, folded};
use super::keys::Kept;
use super::run::Part;
use crate::LakeError;
use crate::table::{DataFile, Table};

/// Keys that are held at most: 32 MiB.
const MOST: usize = 4 << 20;

/// The keys of the data files that were asked for last, of all tables of a lake, as 64 bits each.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known(Arc<Mutex<Files>>);

#[derive(Debug, Default)]
struct Files {
    last: VecDeque<(PathBuf, Arc<[u64]>)>,
    keys: usize,
}

impl Known {
    fn of(&self, path: &Path) -> Option<Arc<[u64]>> {
        let files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        files.last.iter().find(|it| it.0 == path).map(|it| Arc::clone(&it.1))
    }

    fn keep(&self, path: PathBuf, keys: Arc<[u64]>) {
        let mut files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if files.last.iter().any(|it| it.0 == path) {
            return;
        }
        files.keys += keys.len();
        files.last.push_back((path, keys));
        while files.keys > MOST
            && let Some((_, keys)) = files.last.pop_front()
        {
            files.keys -= keys.len();
        }
    }
}

impl Table {
    /// Tells what is in a data file by what was in those that it replaces, if that is known, and by the new rows. Keys
    /// that it lost may be among them, which costs whoever asks for them one look at the file.
    pub(super) fn follow(&self, before: &[DataFile], file: &DataFile, rows: &Part<'_>) {
        let known = before.iter().map(|it| self.known().of(&self.folder.join(&it.path)));
        let known = known.collect::<Option<Vec<_>>>().filter(|it| !it.is_empty());
        let Some(known) = known else { return };
        let mut keys: Vec<u64> = known.iter().flat_map(|it| it.iter().copied()).collect();
        let read = rows.each(|block| {
            keys.extend(super::keys(&self.dataset, block).into_iter().map(folded));
            Ok::<(), LakeError>(())
        });
        let most = usize::try_from(file.rows + file.rows / 4).unwrap_or(usize::MAX);
        if read.is_ok() && keys.len() <= most {
            self.known().keep(self.folder.join(&file.path), keys.into());
        }
    }

    /// As [`Table::each_kept`], but for files in which no row has a key of `homes`.
    pub fn each_kept_among<E: From<LakeError>>(
        &self,
        year: Year,
        area: &str,
        homes: &Homes,
        mut show: impl FnMut(Kept) -> Result<(), E>,
    ) -> Result<(), E> {
        for file in self.files_of(year, area) {
            if self.has_any(file, homes)? {
                self.each_kept_of(file, &mut show)?;
            }
        }
        Ok(())
    }

    /// Whether a row of a data file has a key of `homes`. Of 10^13 files of a million keys one looks so and has none.
    pub fn has_any(&self, file: &DataFile, homes: &Homes) -> Result<bool, LakeError> {
        let path = self.folder.join(&file.path);
        let keys = match self.known().of(&path) {
            Some(keys) => keys,
            None => {
                let mut keys = Vec::with_capacity(usize::try_from(file.rows).unwrap_or_default());
                self.each_kept_of(file, |it| {
                    keys.push(folded(it.key));
                    Ok::<(), LakeError>(())
                })?;
                let keys: Arc<[u64]> = keys.into();
                // What a data file holds never changes, and its name is never given again to anything else.
                self.known().keep(path, Arc::clone(&keys));
                keys
            }
        };
        Ok(keys.iter().any(|it| homes.may_have(*it)))
    }
}
