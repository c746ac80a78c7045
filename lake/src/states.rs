//! States of a table version, kept by data file.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use model::OrgCode;
use model::dataset::Dataset;
use model::measure::Measure;
use model::state::{State, StateKey, States};
use serde::{Deserialize, Serialize};

use crate::scan::Scan;
use crate::table::{DataFile, Table};
use crate::{Lake, LakeError};

/// Raised whenever the same file and measures would leave other states than before.
const FORMAT: u32 = 1;

/// States, and what it took to get them.
#[derive(Debug)]
pub struct StatesRead {
    pub states: States,
    /// Files that were scanned because no states of them were kept.
    pub scanned: usize,
    pub files: usize,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    rows: Vec<KeptRow>,
}

#[derive(Serialize, Deserialize)]
struct KeptRow {
    org: String,
    dimensions: Vec<Option<String>>,
    count: u64,
    states: Vec<Option<i128>>,
}

impl Lake {
    /// The states of all measures over one version of a table.
    ///
    /// Files whose states were kept are not read again. `progress` is told the rows scanned.
    /// Uses all cores; call it from a thread that may wait.
    pub fn states(
        &self,
        table: &Table,
        measures: &[&Measure],
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<StatesRead, LakeError> {
        let scan = Scan::plan(&table.dataset, measures).map_err(|it| LakeError::Declaration {
            dataset: table.dataset.name.clone(),
            what: it.message,
            hint: it.hint,
        })?;
        let folder = self.kept_in(&table.dataset, measures)?;
        let read = Read { scan: &scan, table, folder: &folder, progress };
        let mut whole = States::new(scan.columns.clone());
        let mut scanned = 0;
        let files: Vec<&DataFile> = table.files().iter().collect();
        for (states, was_scanned) in read.all(&files)? {
            scanned += usize::from(was_scanned);
            whole.merge(states);
        }
        Ok(StatesRead { states: whole, scanned, files: table.files().len() })
    }
}

impl Lake {
    /// Scans the files whose states are not kept yet, so that a later reader finds all of them.
    ///
    /// Gives the number of files scanned. Uses all cores; call it from a thread that may wait.
    pub fn prepare_states(
        &self,
        table: &Table,
        measures: &[&Measure],
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<usize, LakeError> {
        let scan = Scan::plan(&table.dataset, measures).map_err(|it| LakeError::Declaration {
            dataset: table.dataset.name.clone(),
            what: it.message,
            hint: it.hint,
        })?;
        let folder = self.kept_in(&table.dataset, measures)?;
        let read = Read { scan: &scan, table, folder: &folder, progress };
        let missing: Vec<&DataFile> =
            table.files().iter().filter(|it| !read.kept_at(it).exists()).collect();
        let scanned = read.all(&missing)?.len();
        let mark = mark(&folder, table.version());
        fs::write(&mark, []).map_err(LakeError::file("write", &mark))?;
        Ok(scanned)
    }

    /// Whether [`Lake::prepare_states`] was once done with these measures over this version of the dataset's table.
    pub fn has_prepared_states(
        &self,
        dataset: &Dataset,
        version: u64,
        measures: &[&Measure],
    ) -> Result<bool, LakeError> {
        Ok(mark(&self.kept_in(dataset, measures)?, version).exists())
    }

    fn kept_in(&self, dataset: &Dataset, measures: &[&Measure]) -> Result<PathBuf, LakeError> {
        let folder = self.states_folder().join(&dataset.name).join(fingerprint(dataset, measures));
        fs::create_dir_all(&folder).map_err(LakeError::file("make", &folder))?;
        Ok(folder)
    }
}

struct Read<'a> {
    scan: &'a Scan,
    table: &'a Table,
    folder: &'a Path,
    progress: &'a (dyn Fn(u64) + Sync),
}

impl Read<'_> {
    fn all(&self, files: &[&DataFile]) -> Result<Vec<(States, bool)>, LakeError> {
        let next = AtomicUsize::new(0);
        let results: Mutex<Vec<Result<(States, bool), LakeError>>> = Mutex::new(Vec::new());
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        std::thread::scope(|threads| {
            for _ in 0..cores.min(files.len()) {
                threads.spawn(|| {
                    while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let result = self.one(file);
                        results.lock().unwrap_or_else(PoisonError::into_inner).push(result);
                    }
                });
            }
        });
        results.into_inner().unwrap_or_else(PoisonError::into_inner).into_iter().collect()
    }

    fn one(&self, file: &DataFile) -> Result<(States, bool), LakeError> {
        let kept_at = self.kept_at(file);
        if let Some(states) = self.kept(file, &kept_at) {
            (self.progress)(file.rows);
            return Ok((states, false));
        }
        let states = self.scan.run(self.table, file, self.progress)?;
        self.keep(&states, &kept_at)?;
        Ok((states, true))
    }

    fn kept_at(&self, file: &DataFile) -> PathBuf {
        let name = file.path.rsplit('/').next().unwrap_or(&file.path);
        self.folder.join(format!("{}-{}-{name}.states", file.year, file.area))
    }

    /// `None` when nothing is kept or what is kept is not whole: then the file is read again.
    fn kept(&self, file: &DataFile, path: &Path) -> Option<States> {
        let bytes = fs::read(path).ok()?;
        let (hash, body) = bytes.split_at_checked(blake3::OUT_LEN)?;
        if blake3::hash(body).as_bytes() != hash {
            return None;
        }
        let kept: Kept = postcard::from_bytes(body).ok()?;
        let mut states = States::new(self.scan.columns.clone());
        for row in kept.rows {
            let org: OrgCode = row.org.parse().ok()?;
            let key = StateKey { year: file.year, org, dimensions: row.dimensions };
            let values: Vec<State> = row.states.into_iter().map(State).collect();
            states.add(key, row.count, &values);
        }
        Some(states)
    }

    /// Written whole under another name and then renamed: a kill leaves no half.
    fn keep(&self, states: &States, path: &Path) -> Result<(), LakeError> {
        let rows = states.iter().map(|(key, count, values)| KeptRow {
            org: key.org.as_str().to_owned(),
            dimensions: key.dimensions.clone(),
            count,
            states: values.iter().map(|it| it.0).collect(),
        });
        let body = postcard::to_stdvec(&Kept { rows: rows.collect() }).unwrap_or_default();
        let mut bytes = blake3::hash(&body).as_bytes().to_vec();
        bytes.extend_from_slice(&body);
        let unfinished = path.with_extension(format!("{}.new", std::process::id()));
        fs::write(&unfinished, bytes).map_err(LakeError::file("write", &unfinished))?;
        fs::rename(&unfinished, path).map_err(LakeError::file("store", path))
    }
}

/// Says beside the states that those of all files of a version are there; it goes with them.
fn mark(folder: &Path, version: u64) -> PathBuf {
    folder.join(format!("version-{version}"))
}

/// Names a way of computing states: the same name, the same states of the same file.
fn fingerprint(dataset: &Dataset, measures: &[&Measure]) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&FORMAT.to_le_bytes());
    let mut add = |text: &str| {
        hasher.update(text.as_bytes());
        hasher.update(&[0]);
    };
    for column in &dataset.columns {
        add(&column.name);
        add(&format!("{:?}", std::mem::discriminant(&column.kind)));
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
