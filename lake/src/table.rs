//! The Delta table of a dataset.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use deltalake_core::kernel::transaction::{CommitBuilder, CommitProperties, TransactionError};
use deltalake_core::kernel::{Action, Add, Remove};
use deltalake_core::protocol::{DeltaOperation, SaveMode};
use deltalake_core::table::builder::ensure_table_uri;
use deltalake_core::{DeltaTable, DeltaTableBuilder, DeltaTableError};
use jiff::Timestamp;
use model::Year;
use model::dataset::Dataset;

use crate::partition::PartitionWrite;
use crate::schema::{AREA, delta_columns, year_name};
use crate::writing::Writing;
use crate::{Lake, LakeError};

/// One version of a dataset's table. Reading another version opens another `Table`.
#[derive(Debug)]
pub struct Table {
    pub(crate) dataset: Dataset,
    pub(crate) folder: PathBuf,
    delta: DeltaTable,
    version: u64,
    files: Vec<DataFile>,
    writing: Mutex<Option<Writing>>,
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

impl Lake {
    /// Opens the newest version of the dataset's table; makes the table if it is not there.
    pub async fn table(&self, dataset: &Dataset) -> Result<Table, LakeError> {
        let folder = self.tables().join(&dataset.name);
        std::fs::create_dir_all(&folder).map_err(LakeError::file("make", &folder))?;
        let mut delta = build(&folder, dataset)?;
        if newest(&folder).is_some() {
            delta.load().await.map_err(LakeError::delta("open", &dataset.name))?;
        } else {
            delta = match create(delta, dataset).await {
                // Another writer made the table in the meantime.
                Err(_) if newest(&folder).is_some() => {
                    let mut made = build(&folder, dataset)?;
                    made.load().await.map_err(LakeError::delta("open", &dataset.name))?;
                    made
                }
                created => created?,
            };
        }
        Table::over(dataset, folder, delta)
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
        let mut delta = build(&folder, dataset)?;
        let opened = delta.load_version(version).await;
        opened.map_err(LakeError::delta("open a version of", &dataset.name))?;
        Table::over(dataset, folder, delta)
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

fn build(folder: &Path, dataset: &Dataset) -> Result<DeltaTable, LakeError> {
    let address = ensure_table_uri(folder.to_string_lossy()).and_then(DeltaTableBuilder::from_url);
    address.and_then(DeltaTableBuilder::build).map_err(LakeError::delta("find", &dataset.name))
}

async fn create(delta: DeltaTable, dataset: &Dataset) -> Result<DeltaTable, LakeError> {
    let created = delta
        .create()
        .with_save_mode(SaveMode::Ignore)
        .with_table_name(dataset.name.clone())
        .with_comment(dataset.title.en.clone())
        .with_columns(delta_columns(dataset))
        .with_partition_columns([year_name(dataset), AREA])
        .await;
    created.map_err(LakeError::delta("make", &dataset.name))
}

impl Table {
    fn over(dataset: &Dataset, folder: PathBuf, delta: DeltaTable) -> Result<Self, LakeError> {
        let snapshot = delta.snapshot().map_err(LakeError::delta("read", &dataset.name))?;
        let version = delta.version().unwrap_or_default();
        check_columns(
            dataset,
            &snapshot.schema().fields().map(|it| it.name().clone()).collect::<Vec<_>>(),
        )?;
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
        Ok(Self { dataset, folder, delta, version, files, writing })
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

    pub(crate) fn files_of(&self, year: Year, area: &str) -> impl Iterator<Item = &DataFile> {
        self.files.iter().filter(move |it| it.year == year && it.area == area)
    }

    /// To be called before a data file is made, so that it can be told from others if it never gets into a version.
    pub(crate) fn announce(&self, file: &str) -> Result<(), LakeError> {
        let mut writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let writing = match &mut *writing {
            Some(writing) => writing,
            none => none.insert(Writing::begin(&self.folder, self.version)?),
        };
        writing.announce(file)
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
        let snapshot =
            self.delta.snapshot().map_err(LakeError::delta("read", &self.dataset.name))?;
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
        match commit {
            Ok(done) => Ok(Committed { version: done.version(), changed: true }),
            Err(DeltaTableError::Transaction { source: TransactionError::CommitConflict(_) }) => {
                Err(LakeError::Conflict { dataset: self.dataset.name.clone() })
            }
            Err(error) => Err(LakeError::delta("commit to", &self.dataset.name)(error)),
        }
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

/// A table keeps the columns it was made with; a dataset declared otherwise needs a new name.
fn check_columns(dataset: &Dataset, there: &[String]) -> Result<(), LakeError> {
    let missing = dataset.columns.iter().find(|it| !there.contains(&it.name));
    missing.map_or(Ok(()), |column| {
        Err(LakeError::Declaration {
            dataset: dataset.name.clone(),
            what: format!("it has no column {}", column.name),
        })
    })
}
