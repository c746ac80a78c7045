//! States of a table version, kept by data file.

mod mark;
mod pack;
pub(crate) mod packs;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use model::dataset::{ColumnKind, Dataset};
use model::measure::Measure;
use model::state::States;

use self::mark::Mark;
use self::packs::{Packs, Sections};
use crate::scan::{Scan, Source};
use crate::table::{DataFile, Table};
use crate::{Lake, LakeError};

/// Raised whenever the same file and measures would leave other states than before, or leave them otherwise.
const FORMAT: u32 = 2;

/// Rows that are scanned before what they left is kept: so much a kill may cost.
const BETWEEN: u64 = 20_000_000;

/// States, and what it took to get them.
#[derive(Debug)]
pub struct StatesRead {
    pub states: States,
    /// Files that were scanned because no states of them were kept.
    pub scanned: usize,
    pub files: usize,
}

impl Lake {
    /// The states of all measures over one version of a table.
    ///
    /// Files whose states were kept are not read again. `progress` is told the rows behind the states.
    /// Uses all cores; call it from a thread that may wait.
    pub fn states(
        &self,
        table: &Table,
        measures: &[&Measure],
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<StatesRead, LakeError> {
        let read = Read::begin(self, table, measures, progress)?;
        let mut parts = Vec::new();
        let columns = &read.scan.columns;
        let names = table.files().iter().map(name).collect::<Vec<_>>();
        let wanted = names.iter().map(String::as_str).collect();
        let missing =
            Packs::open(&read.folder).take(columns, wanted, |_, states| parts.push(states));
        let is_missing = |it: &&DataFile| missing.contains(name(it).as_str());
        let (missing, kept): (Vec<_>, Vec<_>) = table.files().iter().partition(is_missing);
        progress(kept.iter().map(|it| it.rows).sum());
        read.scan(&missing, |states| parts.push(states))?;
        read.mark()?;
        let states = States::merged(Arc::clone(columns), parts);
        Ok(StatesRead { states, scanned: missing.len(), files: table.files().len() })
    }

    /// The states of all measures over a version of the dataset's table, where all of them are kept: the table is not
    /// opened then, nor any expression planned.
    pub fn kept_states(
        &self,
        dataset: &Dataset,
        version: u64,
        measures: &[&Measure],
    ) -> Result<Option<States>, LakeError> {
        let folder = self.kept_in(dataset, measures)?;
        let Some(mark) = Mark::read(&folder, version) else { return Ok(None) };
        let Some(columns) = mark.columns(measures) else { return Ok(None) };
        let columns = Arc::from(columns);
        let mut parts = Vec::new();
        let wanted = mark.files.iter().map(String::as_str).collect();
        let missing = Packs::open(&folder).take(&columns, wanted, |_, states| parts.push(states));
        Ok(missing.is_empty().then(|| States::merged(columns, parts)))
    }

    /// Scans the files whose states are not kept yet, so that a later reader finds all of them.
    ///
    /// Gives the number of files scanned. Uses all cores; call it from a thread that may wait.
    pub fn prepare_states(
        &self,
        table: &Table,
        measures: &[&Measure],
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<usize, LakeError> {
        let read = Read::begin(self, table, measures, progress)?;
        let packs = Packs::open(&read.folder);
        let kept: BTreeSet<&str> = packs.names();
        let missing: Vec<&DataFile> =
            table.files().iter().filter(|it| !kept.contains(name(it).as_str())).collect();
        read.scan(&missing, drop)?;
        read.mark()?;
        Ok(missing.len())
    }

    /// Whether the states of this version of the dataset's table were once kept with these measures.
    pub fn has_prepared_states(
        &self,
        dataset: &Dataset,
        version: u64,
        measures: &[&Measure],
    ) -> Result<bool, LakeError> {
        Ok(Mark::read(&self.kept_in(dataset, measures)?, version).is_some())
    }

    pub(crate) fn kept_in(
        &self,
        dataset: &Dataset,
        measures: &[&Measure],
    ) -> Result<PathBuf, LakeError> {
        let folder = self.states_folder().join(&dataset.name).join(fingerprint(dataset, measures));
        fs::create_dir_all(&folder).map_err(LakeError::file("make", &folder))?;
        Ok(folder)
    }
}

struct Read<'a> {
    scan: Scan,
    table: &'a Table,
    folder: PathBuf,
    progress: &'a (dyn Fn(u64) + Sync),
}

impl<'a> Read<'a> {
    fn begin(
        lake: &Lake,
        table: &'a Table,
        measures: &[&Measure],
        progress: &'a (dyn Fn(u64) + Sync),
    ) -> Result<Self, LakeError> {
        let scan = Scan::of(&table.dataset, measures)?;
        let folder = lake.kept_in(&table.dataset, measures)?;
        Ok(Self { scan, table, folder, progress })
    }

    /// Scans files, keeps their states, and hands them over.
    fn scan(&self, files: &[&DataFile], mut with: impl FnMut(States)) -> Result<(), LakeError> {
        let mut left = files;
        while !left.is_empty() {
            let mut rows = 0;
            let is_within = |it: &&&DataFile| {
                rows += it.rows;
                rows <= BETWEEN
            };
            let (next, later) =
                left.split_at(left.iter().take_while(is_within).count().clamp(1, left.len()));
            left = later;
            let scanned = self.scan_at_once(next)?;
            let sections: Sections =
                scanned.into_iter().map(|(file, states)| (name(file), states)).collect();
            packs::keep(&self.folder, &self.scan.columns, &sections)?;
            sections.into_values().for_each(&mut with);
        }
        Ok(())
    }

    fn scan_at_once<'f>(
        &self,
        files: &[&'f DataFile],
    ) -> Result<Vec<(&'f DataFile, States)>, LakeError> {
        let next = AtomicUsize::new(0);
        let results = Mutex::new(Vec::new());
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        std::thread::scope(|threads| {
            for _ in 0..cores.min(files.len()) {
                threads.spawn(|| {
                    while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let result = self.scan_file(file).map(|it| (*file, it));
                        results.lock().unwrap_or_else(PoisonError::into_inner).push(result);
                    }
                });
            }
        });
        results.into_inner().unwrap_or_else(PoisonError::into_inner).into_iter().collect()
    }

    fn scan_file(&self, file: &DataFile) -> Result<States, LakeError> {
        let path = self.table.folder.join(&file.path);
        let source = Source::open(&path).map_err(LakeError::file("read", &path))?;
        self.scan.run(file, source, &path, self.progress)
    }

    /// Says that the states of all files of the version are kept.
    fn mark(&self) -> Result<(), LakeError> {
        let version = self.table.version();
        let mark = Mark::new(self.table.files().iter().map(name).collect(), &self.scan.columns);
        match Mark::read(&self.folder, version) {
            Some(written) if written == mark => Ok(()),
            Some(_) | None => mark.write(&self.folder, version),
        }
    }
}

/// What a data file is called among the states.
pub(crate) fn name(file: &DataFile) -> String {
    let name = file.path.rsplit('/').next().unwrap_or(&file.path);
    format!("{}-{}-{name}", file.year, file.area)
}

/// Names a way of computing states: the same name, the same states of the same file.
pub(crate) fn fingerprint(dataset: &Dataset, measures: &[&Measure]) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&FORMAT.to_le_bytes());
    let mut add = |text: &str| {
        hasher.update(text.as_bytes());
        hasher.update(&[0]);
    };
    for column in &dataset.columns {
        add(&column.name);
        add(&format!("{:?}", std::mem::discriminant(&column.kind)));
        if let ColumnKind::Decimal { scale } = &column.kind {
            add(&scale.to_string());
        }
    }
    dataset.dimensions.iter().for_each(|it| add(it));
    for measure in measures {
        add(&measure.name);
        add(measure.aggregate.as_str());
        add(measure.of.as_deref().unwrap_or_default());
        add(measure.filter.as_deref().unwrap_or_default());
    }
    hasher.finalize().to_hex().chars().take(16).collect()
}
