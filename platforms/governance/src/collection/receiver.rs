//! Receiving: what a data centre holds the files against that are brought to it, whoever brings them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use lake::Lake;
use model::dataset::Dataset;
use model::organisation::{History, OrgCode};
use model::plan::Plan;

use super::import::{Import, ImportError, Outcome, Step, import};
use super::mapping::Mapping;
use super::organisations::Organisations;
use super::pseudonym::Pseudonyms;
use super::source::Limits;
use super::staging::Staging;

/// A data centre to which files of records are brought.
#[derive(Clone, Copy, Debug)]
pub struct Receiver<'a> {
    pub lake: &'a Lake,
    /// Its folder, which has the key of pseudonyms and room for rows on their way.
    pub data: &'a Path,
    /// The plan in force.
    pub plan: &'a Plan,
    /// All that was recorded of organisations.
    pub history: &'a History,
    pub now: Timestamp,
}

/// A file that is brought, and how it is meant.
#[derive(Clone, Debug)]
pub struct Delivery<'a> {
    pub dataset: &'a Dataset,
    pub file: &'a Path,
    pub mapping: &'a Mapping,
    /// Where all findings are written, as CSV or XLSX.
    pub findings_file: Option<&'a Path>,
    /// Whoever brings it may send rows of this organisation and of those below it only; of all without it.
    pub within: Option<OrgCode>,
    /// The file's rows are all there is of each organisation it names.
    pub replace: bool,
    /// Do all but change the table.
    pub dry_run: bool,
    /// What the table's log shall say besides the file's name and hash.
    pub note: BTreeMap<String, String>,
}

impl<'a> Delivery<'a> {
    /// A file as a spreadsheet program or another system writes it, of any organisation.
    pub fn new(dataset: &'a Dataset, file: &'a Path, mapping: &'a Mapping) -> Self {
        Self {
            dataset,
            file,
            mapping,
            findings_file: None,
            within: None,
            replace: false,
            dry_run: false,
            note: BTreeMap::new(),
        }
    }
}

impl Receiver<'_> {
    /// A folder of a data centre for a file on its way.
    pub fn staging(data: &Path) -> Result<Staging, ImportError> {
        let folder = folder(data);
        Staging::new(&folder).map_err(|source| ImportError::File { path: folder, source })
    }

    /// Imports a file; see [`import`].
    pub async fn take(
        &self,
        delivery: Delivery<'_>,
        progress: &dyn Fn(Step),
    ) -> Result<Outcome, ImportError> {
        let levels = self.plan.levels.iter().map(|it| it.code.as_str());
        let (day, clocks) = (delivery.dataset.reference, self.plan.clocks());
        let organisations = Organisations::new(self.history, day, levels, self.now, clocks);
        let organisations = match delivery.within {
            Some(above) => organisations.within(above),
            None => organisations,
        };
        import(&Import {
            lake: self.lake,
            dataset: delivery.dataset,
            rules: &self.plan.rules,
            organisations: &organisations,
            pseudonyms: &Pseudonyms::open(self.data)?,
            file: delivery.file,
            mapping: delivery.mapping,
            findings_file: delivery.findings_file,
            staging: &folder(self.data),
            limits: Limits::default(),
            replace: delivery.replace,
            dry_run: delivery.dry_run,
            now: self.now,
            note: delivery.note,
            progress,
        })
        .await
    }
}

fn folder(data: &Path) -> PathBuf {
    data.join("staging")
}
