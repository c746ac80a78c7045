//! 数据中心: facts in, states out.
//!
//! One Delta table per dataset, partitioned by year and area, rows sorted by organisation. States
//! are a pure function of one immutable data file and the dataset's measures, so they are cached by
//! file: a correction rewrites one partition and rescans only that, an older version is read again
//! from its own files, and a process killed at any instant leaves nothing half done.
//!
//! **Invariant:** the only crate that names Parquet and Delta, and with `cluster` Arrow and `DataFusion`.

mod columns;
mod declaration;
mod error;
pub mod expression;
mod foreign;
mod log;
mod opened;
mod order;
mod partition;
mod places;
mod reported;
mod rows;
mod scan;
mod schema;
mod stage;
mod states;
mod table;
#[cfg(test)]
mod tests;
mod writing;

use std::path::{Path, PathBuf};

pub use self::error::LakeError;
pub use self::foreign::ForeignTable;
pub use self::log::Entry;
pub use self::order::{Order, Scanner};
pub use self::partition::{
    Again, Change, Duplicate, Gone, Home, Homes, Kept, Mode, Part, PartitionWrite, SumFault, keys,
    names_organisation, organisation_hash,
};
pub use self::rows::{RowQuery, Rows};
pub use self::stage::{Stage, Staged};
pub use self::states::StatesRead;
pub use self::table::{CommitNote, Committed, DataFile, Table};
pub use self::writing::Turn;

/// The facts of one data centre: a folder of tables and a folder of cached states.
#[derive(Clone, Debug)]
pub struct Lake {
    root: PathBuf,
    opened: opened::Opened,
    known: partition::Known,
    places: places::KnownPlaces,
}

impl Lake {
    /// Opens the lake under a data directory, making its folders if they are not there.
    pub fn open(data: &Path) -> Result<Self, LakeError> {
        let lake = Self {
            root: data.to_owned(),
            opened: opened::Opened::default(),
            known: partition::Known::default(),
            places: places::KnownPlaces::default(),
        };
        for folder in [lake.tables(), lake.states_folder()] {
            std::fs::create_dir_all(&folder).map_err(LakeError::file("make", &folder))?;
        }
        Ok(lake)
    }

    fn tables(&self) -> PathBuf {
        self.root.join("lake")
    }

    fn states_folder(&self) -> PathBuf {
        self.root.join("states")
    }
}
