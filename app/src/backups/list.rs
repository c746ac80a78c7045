//! What a backup holds.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::data::State;
use crate::whole;

/// The form of lists that this program writes and reads.
const FORM: u32 = 1;

/// All that a data centre was at an instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct List {
    form: u32,
    /// Version of the program that made the backup.
    program: String,
    #[serde(with = "instant")]
    pub(crate) at: Timestamp,
    /// Version of the registry's schema.
    pub(crate) schema: i64,
    pub(crate) registry: Vec<Rows>,
    /// In the order of their paths.
    pub(crate) files: Vec<Kept>,
}

/// Rows of a table of the registry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Rows {
    pub(crate) table: String,
    pub(crate) columns: Vec<String>,
    pub(crate) rows: usize,
    /// Hash of the rows as they are kept: a line of JSON each, compressed.
    pub(crate) content: String,
}

/// A file of the data folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub(crate) path: String,
    #[serde(flatten)]
    pub(crate) state: State,
    pub(crate) content: String,
}

impl List {
    pub(super) fn new(at: Timestamp, schema: i64, registry: Vec<Rows>, files: Vec<Kept>) -> Self {
        let program = env!("CARGO_PKG_VERSION").to_owned();
        Self { form: FORM, program, at, schema, registry, files }
    }

    /// Hashes of all contents that the list names.
    pub(super) fn contents(&self) -> impl Iterator<Item = &str> {
        let rows = self.registry.iter().map(|it| it.content.as_str());
        rows.chain(self.files.iter().map(|it| it.content.as_str()))
    }

    pub(crate) fn rows(&self) -> usize {
        self.registry.iter().map(|it| it.rows).sum()
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.files.iter().map(|it| it.state.bytes).sum()
    }

    fn path(&self, folder: &Path) -> PathBuf {
        folder.join(format!("{}.json", self.at.as_microsecond()))
    }

    pub(super) fn read(path: &Path) -> Result<Self> {
        let text =
            fs::read(path).with_context(|| format!("{} could not be read", path.display()))?;
        let list: Self = serde_json::from_slice(&text)
            .with_context(|| format!("{} is not as it was written", path.display()))?;
        if list.form != FORM {
            bail!(
                "{} is of form {}; read it with version {}",
                path.display(),
                list.form,
                list.program
            );
        }
        Ok(list)
    }

    /// With this the backup is there.
    pub(super) fn write(&self, folder: &Path) -> Result<()> {
        let path = self.path(folder);
        whole::write(&path, whole::SHARED, |file| Ok(serde_json::to_writer(file, self)?))
            .and_then(|()| File::open(folder)?.sync_all())
            .with_context(|| format!("{} could not be written", path.display()))
    }

    pub(super) fn remove(&self, folder: &Path) -> Result<()> {
        let path = self.path(folder);
        fs::remove_file(&path).with_context(|| format!("{} could not be removed", path.display()))
    }
}

/// An instant as everybody writes it (RFC 3339).
mod instant {
    use jiff::Timestamp;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(at: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(at)
    }

    pub(super) fn deserialize<'a, D: Deserializer<'a>>(from: D) -> Result<Timestamp, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}
