//! An order: the data files of a table version whose states are not kept, for whoever computes them elsewhere.
//!
//! States are a pure function of one data file and the measures of its dataset. So an order and the bytes of a file are
//! all that another machine needs, what it delivers is what a scan here would have left, and files may be computed
//! twice, in any order, anywhere.

mod wire;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use bytes::Bytes;
use model::dataset::Dataset;
use model::measure::Measure;

use crate::scan::{Scan, Source};
use crate::states::{fingerprint, name, packs};
use crate::table::{DataFile, Table};
use crate::{Lake, LakeError};

/// What is to be computed, and of which files.
#[derive(Clone, Debug)]
pub struct Order {
    dataset: Dataset,
    measures: Vec<Measure>,
    /// The version of the table that the files are of.
    version: u64,
    files: Vec<DataFile>,
}

impl Lake {
    /// What is still to be computed of a table version; `None` where all of its states are kept.
    pub fn order(&self, table: &Table, measures: &[&Measure]) -> Result<Option<Order>, LakeError> {
        let folder = self.kept_in(&table.dataset, measures)?;
        let packs = packs::Packs::open(&folder);
        let kept: BTreeSet<&str> = packs.names();
        let missing = table.files().iter().filter(|it| !kept.contains(name(it).as_str()));
        let order = Order {
            dataset: table.dataset.clone(),
            measures: measures.iter().map(|it| (*it).clone()).collect(),
            version: table.version(),
            files: missing.cloned().collect(),
        };
        Ok((!order.files.is_empty()).then_some(order))
    }

    /// Keeps what was delivered for files of an order, and gives those of the files that nothing sound came for.
    ///
    /// What is broken, or of no file that was asked for, is left out.
    pub fn keep_delivered<'a>(
        &self,
        order: &Order,
        files: &'a [DataFile],
        delivered: impl IntoIterator<Item = Vec<u8>>,
    ) -> Result<Vec<&'a DataFile>, LakeError> {
        let measures: Vec<&Measure> = order.measures.iter().collect();
        let columns = Scan::of(&order.dataset, &measures)?.columns;
        let mut missing: BTreeMap<String, &DataFile> =
            files.iter().map(|it| (name(it), it)).collect();
        let mut sections = packs::Sections::new();
        for bytes in delivered {
            for (name, states) in packs::unpacked(bytes, &columns) {
                if missing.remove(&name).is_some() {
                    sections.insert(name, states);
                }
            }
        }
        packs::keep(&self.kept_in(&order.dataset, &measures)?, &columns, &sections)?;
        Ok(missing.into_values().collect())
    }
}

impl Order {
    /// The name of the dataset, which is that of its table's folder.
    pub fn dataset(&self) -> &str {
        &self.dataset.name
    }

    /// The version of the table that the files are of.
    pub fn version(&self) -> u64 {
        self.version
    }

    pub fn files(&self) -> &[DataFile] {
        &self.files
    }

    /// What is to be computed, of no files.
    #[must_use]
    pub fn without_files(&self) -> Self {
        Self { files: Vec::new(), ..self.clone() }
    }

    /// Names what is to be computed: the same name, the same states of the same file.
    pub fn fingerprint(&self) -> String {
        fingerprint(&self.dataset, &self.measures.iter().collect::<Vec<_>>())
    }

    /// Orders as bytes, for a program of the same version.
    pub fn write(orders: &[Self]) -> Vec<u8> {
        wire::write(orders)
    }

    /// Orders from the bytes that [`Order::write`] gave.
    ///
    /// # Errors
    /// [`LakeError::Order`] when they are no orders, or another version of this program would compute other states.
    pub fn read(bytes: &[u8]) -> Result<Vec<Self>, LakeError> {
        wire::read(bytes)
    }
}

impl DataFile {
    /// As bytes, for a program of the same version.
    pub fn write(&self) -> Vec<u8> {
        wire::write_file(self)
    }

    /// From the bytes that [`DataFile::write`] gave.
    ///
    /// # Errors
    /// [`LakeError::Order`] when they are no data file.
    pub fn read(bytes: &[u8]) -> Result<Self, LakeError> {
        wire::read_file(bytes)
    }
}

/// Computes states of an order's files from their bytes, on any thread of any machine.
#[derive(Debug)]
pub struct Scanner {
    scan: Scan,
}

impl Scanner {
    /// Plans the measures of an order.
    ///
    /// # Errors
    /// [`LakeError::Declaration`] when one of them is not sound.
    pub fn of(order: &Order) -> Result<Self, LakeError> {
        let measures: Vec<&Measure> = order.measures.iter().collect();
        Ok(Self { scan: Scan::of(&order.dataset, &measures)? })
    }

    /// What a file leaves behind, to be delivered.
    ///
    /// # Errors
    /// [`LakeError::Parquet`] when the bytes are no such data file.
    pub fn states(&self, file: &DataFile, bytes: Bytes) -> Result<Vec<u8>, LakeError> {
        let path = Path::new(&file.path);
        let states = self.scan.run(file, Source::Memory(bytes), path, &|_| {})?;
        Ok(packs::packed(name(file), states))
    }
}
