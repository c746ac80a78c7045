//! The Delta table of a dataset.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use deltalake_core::kernel::transaction::{CommitBuilder, CommitProperties, TransactionError};
use deltalake_core::kernel::{Action, Add, Remove};
use deltalake_core::protocol::{DeltaOperation, SaveMode};
use deltalake_core::table::builder::ensure_table_uri;
use deltalake_core::table::state::DeltaTableState;
use deltalake_core::{DeltaTable, DeltaTableBuilder, DeltaTableError};
use jiff::Timestamp;
use model::Year;
use model::dataset::{Column, Dataset};

use crate::log::Entry;
use crate::partition::{Known, PartitionWrite};
use crate::places::KnownPlaces;
use crate::schema::{AREA, delta_column, delta_columns, year_name};
use crate::writing::Writing;
use crate::{Lake, LakeError, declaration};

/// One version of a dataset's table. Reading another version opens another `Table`.
#[derive(Debug)]
pub struct Table {
    pub(crate) dataset: Dataset,
    pub(crate) folder: PathBuf,
    delta: DeltaTable,
    version: u64,
    files: Vec<DataFile>,
    writing: Mutex<Option<Writing>>,
    /// What is kept of the tables it is one of.
    lake: Lake,
}

/// One immutable data file of a table version.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DataFile {
    pub year: Year,
    pub area: String,
    /// Relative to the table's folder.
    pub path: String,
    pub bytes: u64,
    pub rows: u64,
}

/// What a commit says of itself: kept in the table's own log.
pub type CommitNote = BTreeMap<String, String>;

/// What a commit did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Committed {
    /// Version of the table after it.
    pub version: u64,
    /// False when every row was there already and no version was made.
    pub changed: bool,
}

/// How often columns are added anew when another writer changed the table first.
const ATTEMPTS: u32 = 5;

impl Lake {
    /// Opens the newest version of the dataset's table to write against it; makes the table if it is not there.
    ///
    /// Columns that the declaration has gained become columns of the table first, by a version of their own. Whoever
    /// comes first adds them: of several at once one does, and the others find them there. A writer that opened the
    /// table before has to open it again, and is refused then if its declaration lacks them.
    ///
    /// # Errors
    /// [`LakeError::Declaration`] when anything else differs from what the table was made under.
    pub async fn table(&self, dataset: &Dataset) -> Result<Table, LakeError> {
        let folder = self.tables().join(&dataset.name);
        std::fs::create_dir_all(&folder).map_err(LakeError::file("make", &folder))?;
        if newest(&folder).is_none() {
            match create(build(&folder, dataset)?, dataset).await {
                // Another writer may have made the table in the meantime.
                Err(_) if newest(&folder).is_some() => {}
                created => return self.over(dataset, folder, created?),
            }
        }
        let mut attempt = 1;
        loop {
            let delta = self.load(&folder, dataset).await?;
            let gained = declaration::gained(dataset, state(&delta, dataset)?)?;
            if gained.is_empty() {
                return self.over(dataset, folder, delta);
            }
            match add(delta, dataset, &gained).await {
                Err(LakeError::Conflict { .. }) if attempt < ATTEMPTS => attempt += 1,
                added => return self.over(dataset, folder, added?),
            }
        }
    }

    /// Whether rows can be written to the dataset's table under this declaration. Nothing is changed.
    ///
    /// # Errors
    /// [`LakeError::Declaration`] when they cannot, with what differs and what to do.
    pub async fn check(&self, dataset: &Dataset) -> Result<(), LakeError> {
        let folder = self.tables().join(&dataset.name);
        if newest(&folder).is_none() {
            return Ok(());
        }
        let delta = self.load(&folder, dataset).await?;
        declaration::gained(dataset, state(&delta, dataset)?).map(|_| ())
    }

    /// The newest version of the dataset's table, without opening it; makes the table if it is not there.
    pub async fn newest_version(&self, dataset: &Dataset) -> Result<u64, LakeError> {
        match newest(&self.tables().join(&dataset.name)) {
            Some(version) => Ok(version),
            None => Ok(self.table(dataset).await?.version()),
        }
    }

    /// Opens one version of the dataset's table.
    pub async fn table_at(&self, dataset: &Dataset, version: u64) -> Result<Table, LakeError> {
        let folder = self.tables().join(&dataset.name);
        let delta = self.opened(&folder, dataset, version).await?;
        self.over(dataset, folder, delta)
    }

    /// A version of a table, read on from the last one before it that is kept.
    async fn opened(
        &self,
        folder: &Path,
        dataset: &Dataset,
        version: u64,
    ) -> Result<DeltaTable, LakeError> {
        let mut delta = match self.opened.up_to(folder, version) {
            Some(delta) if delta.version() == Some(version) => return Ok(delta),
            Some(delta) => delta,
            None => build(folder, dataset)?,
        };
        let opened = delta.load_version(version).await;
        opened.map_err(LakeError::delta("open a version of", &dataset.name))?;
        self.opened.keep(folder, &delta);
        Ok(delta)
    }

    /// The newest version, which there has to be.
    async fn load(&self, folder: &Path, dataset: &Dataset) -> Result<DeltaTable, LakeError> {
        self.opened(folder, dataset, newest(folder).unwrap_or_default()).await
    }

    fn over(
        &self,
        dataset: &Dataset,
        folder: PathBuf,
        delta: DeltaTable,
    ) -> Result<Table, LakeError> {
        Table::over(dataset, folder, delta, self.clone())
    }
}

/// The last version that the log of a table has an entry of; `None` where no table was made.
pub(crate) fn newest(folder: &Path) -> Option<u64> {
    let entries = std::fs::read_dir(folder.join("_delta_log")).into_iter().flatten().flatten();
    let version = |path: PathBuf| {
        let is_entry = path.extension().is_some_and(|it| it == "json");
        path.file_stem()?.to_str()?.parse().ok().filter(|_| is_entry)
    };
    entries.filter_map(|it| version(it.path())).max()
}

/// Waits until a file, or what is named in a folder, is on the disk and not only in the system's memory.
pub(crate) fn on_the_disk(path: &Path) -> Result<(), LakeError> {
    let opened = std::fs::File::open(path).map_err(LakeError::file("open", path))?;
    opened.sync_all().map_err(LakeError::file("store", path))
}

fn build(folder: &Path, dataset: &Dataset) -> Result<DeltaTable, LakeError> {
    let address = ensure_table_uri(folder.to_string_lossy()).and_then(DeltaTableBuilder::from_url);
    address.and_then(DeltaTableBuilder::build).map_err(LakeError::delta("find", &dataset.name))
}

fn state<'a>(delta: &'a DeltaTable, dataset: &Dataset) -> Result<&'a DeltaTableState, LakeError> {
    delta.snapshot().map_err(LakeError::delta("read", &dataset.name))
}

async fn create(delta: DeltaTable, dataset: &Dataset) -> Result<DeltaTable, LakeError> {
    let created = delta
        .create()
        .with_save_mode(SaveMode::Ignore)
        .with_table_name(dataset.name.clone())
        .with_comment(dataset.title.en.clone())
        .with_columns(delta_columns(dataset))
        .with_partition_columns([year_name(dataset), AREA])
        .with_configuration(declaration::configuration(dataset))
        // What is noted of the rows is ours, and Delta does not know it.
        .with_raise_if_key_not_exists(false)
        .await;
    created.map_err(LakeError::delta("make", &dataset.name))
}

/// Makes columns part of the table; its data files stay, and have nothing in them.
async fn add(
    delta: DeltaTable,
    dataset: &Dataset,
    columns: &[&Column],
) -> Result<DeltaTable, LakeError> {
    let fields: Vec<_> = columns.iter().map(|it| delta_column(it)).collect();
    let properties = CommitProperties::default().with_cleanup_expired_logs(Some(false));
    let added = delta.add_columns().with_fields(fields).with_commit_properties(properties).await;
    added.map_err(failed("add columns to", dataset))
}

/// What became of a commit that did not succeed.
fn failed(doing: &'static str, dataset: &Dataset) -> impl FnOnce(DeltaTableError) -> LakeError {
    let name = dataset.name.clone();
    move |error| {
        if let DeltaTableError::Transaction { source: TransactionError::CommitConflict(_) } = error
        {
            return LakeError::Conflict { dataset: name };
        }
        LakeError::delta(doing, &name)(error)
    }
}

impl Table {
    fn over(
        dataset: &Dataset,
        folder: PathBuf,
        delta: DeltaTable,
        lake: Lake,
    ) -> Result<Self, LakeError> {
        let snapshot = state(&delta, dataset)?;
        let version = delta.version().unwrap_or_default();
        declaration::empty(dataset, snapshot)?;
        let mut files = Vec::new();
        for view in snapshot.log_data() {
            let values = view.partition_values_map();
            let value = |name: &str| values.get(name).cloned().flatten().unwrap_or_default();
            let Ok(year) = value(year_name(dataset)).parse() else {
                continue;
            };
            files.push(DataFile {
                year,
                area: value(AREA),
                path: view.path().into_owned(),
                bytes: u64::try_from(view.size()).unwrap_or_default(),
                rows: view.num_records().and_then(|it| u64::try_from(it).ok()).unwrap_or_default(),
            });
        }
        files.sort_unstable();
        let (dataset, writing) = (dataset.clone(), Mutex::default());
        Ok(Self { dataset, folder, delta, version, files, writing, lake })
    }

    pub fn dataset(&self) -> &Dataset {
        &self.dataset
    }

    pub fn version(&self) -> u64 {
        self.version
    }

    /// The data files of this version, by year and area.
    pub fn files(&self) -> &[DataFile] {
        &self.files
    }

    /// Rows in this version.
    pub fn rows(&self) -> u64 {
        self.files.iter().map(|it| it.rows).sum()
    }

    /// Keys of data files that were read lately.
    pub(crate) const fn known(&self) -> &Known {
        &self.lake.known
    }

    /// Where rows lie in data files that were looked into.
    pub(crate) const fn places(&self) -> &KnownPlaces {
        &self.lake.places
    }

    pub(crate) fn files_of(&self, year: Year, area: &str) -> impl Iterator<Item = &DataFile> {
        self.files.iter().filter(move |it| it.year == year && it.area == area)
    }

    /// To be called before a data file is made, so that it can be told from others if it never gets into a version.
    pub(crate) fn announce(&self, file: &str) -> Result<(), LakeError> {
        self.writing(|it| it.announce(file))
    }

    /// As [`Table::announce`], for a file that does not know its name yet; tells how it is called until then.
    pub(crate) fn begin_file(&self) -> Result<String, LakeError> {
        self.writing(Writing::begin_file)
    }

    fn writing<T>(
        &self,
        with: impl FnOnce(&mut Writing) -> Result<T, LakeError>,
    ) -> Result<T, LakeError> {
        let mut writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut *writing {
            Some(writing) => with(writing),
            none => with(none.insert(Writing::begin(&self.folder, self.version)?)),
        }
    }

    /// Makes the written partitions the table's next version, all or none.
    ///
    /// # Errors
    /// [`LakeError::Conflict`] when another writer replaced one of the same partitions since this
    /// table was opened; nothing is changed then.
    pub async fn commit(
        &self,
        writes: Vec<PartitionWrite>,
        note: CommitNote,
        now: Timestamp,
    ) -> Result<Committed, LakeError> {
        let mut actions = Vec::new();
        for write in writes {
            let Some(file) = write.file else { continue };
            actions.extend(write.replaces.iter().map(|it| Action::Remove(self.remove(it, now))));
            if file.rows > 0 {
                actions.push(Action::Add(self.add(&file, now)));
            }
        }
        if actions.is_empty() {
            return Ok(Committed { version: self.version, changed: false });
        }
        let snapshot = state(&self.delta, &self.dataset)?;
        let operation = DeltaOperation::Write {
            mode: SaveMode::Append,
            partition_by: Some(vec![year_name(&self.dataset).to_owned(), AREA.to_owned()]),
            predicate: None,
        };
        let metadata = note.into_iter().map(|(key, value)| (key, serde_json::Value::String(value)));
        // What was published stays published: the log's old entries are what earlier releases are read by.
        let properties = CommitProperties::default()
            .with_metadata(metadata)
            .with_cleanup_expired_logs(Some(false));
        let commit = CommitBuilder::from(properties)
            .with_actions(actions)
            .build(Some(snapshot), self.delta.log_store(), operation)
            .await;
        let done = commit.map_err(failed("commit to", &self.dataset))?;
        let entry = self.folder.join(Entry::path_of(done.version()));
        on_the_disk(&entry)?;
        on_the_disk(&self.folder.join("_delta_log"))?;
        let mut delta = self.delta.clone();
        delta.state = Some(done.snapshot());
        self.lake.opened.keep(&self.folder, &delta);
        Ok(Committed { version: done.version(), changed: true })
    }

    fn partition_values(&self, file: &DataFile) -> impl Iterator<Item = (String, Option<String>)> {
        [
            (year_name(&self.dataset).to_owned(), Some(file.year.to_string())),
            (AREA.to_owned(), Some(file.area.clone())),
        ]
        .into_iter()
    }

    fn add(&self, file: &DataFile, now: Timestamp) -> Add {
        Add {
            path: file.path.clone(),
            partition_values: self.partition_values(file).collect(),
            size: i64::try_from(file.bytes).unwrap_or(i64::MAX),
            modification_time: now.as_millisecond(),
            data_change: true,
            stats: Some(format!("{{\"numRecords\":{}}}", file.rows)),
            tags: None,
            deletion_vector: None,
            base_row_id: None,
            default_row_commit_version: None,
            clustering_provider: None,
        }
    }

    fn remove(&self, file: &DataFile, now: Timestamp) -> Remove {
        Remove {
            path: file.path.clone(),
            data_change: true,
            deletion_timestamp: Some(now.as_millisecond()),
            extended_file_metadata: Some(true),
            partition_values: Some(self.partition_values(file).collect()),
            size: i64::try_from(file.bytes).ok(),
            ..Remove::default()
        }
    }
}
