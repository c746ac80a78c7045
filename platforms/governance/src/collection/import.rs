//! Import: one file from its first byte to a version of its dataset's table.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use lake::{Lake, LakeError, Stage};
use model::dataset::Dataset;
use model::finding::{Finding, Severity};
use model::year::Year;

use super::check::{Checks, ChecksError};
use super::derived::{Derivation, DerivationError, RuleTables};
use super::findings::{Findings, FindingsError, RuleCount};
use super::mapping::Mapping;
use super::organisations::Organisations;
use super::pseudonym::{PseudonymError, Pseudonyms};
use super::rule::{Fault, Rule};
use super::source::{self, Fingerprint, Limits, Stopped};
use super::staging::Staging;

mod across;
mod buckets;
mod intake;
mod kept_out;
mod room;
mod split;
mod write;

use self::intake::{Intake, Taken};

/// One file to be imported, and all that it is held against.
pub struct Import<'a> {
    pub lake: &'a Lake,
    pub dataset: &'a Dataset,
    /// Tables of the plan's rules, for derived columns.
    pub rules: &'a RuleTables,
    pub organisations: &'a Organisations<'a>,
    pub pseudonyms: &'a Pseudonyms,
    pub file: &'a Path,
    pub mapping: &'a Mapping,
    /// Where all findings are written, as CSV or XLSX.
    pub findings_file: Option<&'a Path>,
    /// A folder for rows on their way; what is made in it goes again.
    pub staging: &'a Path,
    pub limits: Limits,
    /// The file's rows are all there is of each organisation it names.
    pub replace: bool,
    /// Do all but change the table.
    pub dry_run: bool,
    pub now: Timestamp,
    /// What the table's log shall say besides the file's name and hash.
    pub note: BTreeMap<String, String>,
    pub progress: &'a dyn Fn(Step),
}

impl std::fmt::Debug for Import<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Import")
            .field("dataset", &self.dataset.name)
            .field("file", &self.file)
            .field("replace", &self.replace)
            .field("dry_run", &self.dry_run)
            .finish_non_exhaustive()
    }
}

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Rows read so far.
    Read { rows: u64 },
    /// Partitions of the table written so far, and how many there are.
    Written { partitions: u64, of: u64 },
}

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Rows of records in the file, after wide rows were spread.
    pub rows: u64,
    /// Rows whose key was not there.
    pub added: u64,
    /// Rows whose key was there with other values.
    pub replaced: u64,
    /// Rows that were there to the letter.
    pub unchanged: u64,
    /// Rows that a replacement took away.
    pub removed: u64,
    /// Rows that the file has in another area of their year than the table had.
    pub moved: u64,
    /// Rows kept out, each with a finding.
    pub refused: u64,
    /// Findings that kept something out.
    pub errors: u64,
    pub warnings: u64,
    pub by_rule: Vec<RuleCount>,
    /// The first thousand findings.
    pub findings: Vec<Finding>,
    /// Version of the table after the import; `None` when nothing was to be changed.
    pub version: Option<u64>,
    /// Whether the import made that version.
    pub changed: bool,
    /// Years and areas that hold accepted rows.
    pub partitions: Vec<(Year, String)>,
    /// BLAKE3 of the file, in hexadecimal.
    pub hash: String,
}

impl Outcome {
    /// Rows that are in the table now, whether or not they were before.
    pub const fn accepted(&self) -> u64 {
        self.added + self.replaced + self.unchanged
    }

    /// Whether all of the file was taken.
    pub const fn is_whole(&self) -> bool {
        self.errors == 0
    }
}

/// An import failed for a reason that is not in the file.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("{path} could not be read")]
    File {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("the findings would be written over {path}: name another file for them")]
    SameFile { path: PathBuf },
    #[error(transparent)]
    Lake(#[from] LakeError),
    #[error(transparent)]
    Checks(#[from] ChecksError),
    #[error(transparent)]
    Derivation(#[from] DerivationError),
    #[error(transparent)]
    Findings(#[from] FindingsError),
    #[error(transparent)]
    Pseudonyms(#[from] PseudonymError),
}

/// Imports a file: what its declaration allows goes into the table in one version, and what it
/// does not comes back as findings. The same file twice changes nothing.
///
/// # Errors
/// When the disk or the lake fails, or the dataset's declaration cannot be used.
pub async fn import(import: &Import<'_>) -> Result<Outcome, ImportError> {
    let name = import.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let failed = |source| ImportError::File { path: import.file.to_owned(), source };
    let checks = Checks::new(import.dataset)?;
    let derivation = Derivation::new(import.dataset, import.rules)?;
    let print = Fingerprint::take(import.file).map_err(failed)?;
    let findings = match import.findings_file {
        Some(path) if is_same(path, import.file) => {
            return Err(ImportError::SameFile { path: path.to_owned() });
        }
        Some(path) => Findings::to_file(path)?,
        None => Findings::default(),
    };
    let staging = Staging::new(import.staging);
    let staging =
        staging.map_err(|source| ImportError::File { path: import.staging.to_owned(), source })?;
    let stage = Stage::open(import.dataset, &staging.path().join("rows"))?;
    let mut intake = Intake::new(import, &name, &checks, derivation.as_ref(), stage, findings);
    let sheet = import.mapping.sheet.as_deref();
    let stopped = source::read(import.file, &print, &import.limits, sheet, &mut intake);
    let (mut taken, stage) = intake.finish(stopped.is_ok())?;
    let is_broken = match stopped {
        Ok(()) => false,
        Err(Stopped::Io(source)) => return Err(failed(source)),
        Err(Stopped::Refused { row, fault }) => {
            taken.findings.take([fault.at(&name, row, None, Severity::Error)])?;
            true
        }
    };
    let mut outcome = Outcome {
        rows: taken.rows,
        refused: taken.refused,
        hash: print.hash,
        ..Outcome::default()
    };
    // A file that could not be read to its end is not taken in part: nobody could tell which.
    if !is_broken && !taken.is_refused && may_replace(import, &name, &mut taken)? {
        let staged = stage.end()?;
        write::write(import, &name, &staged, &mut taken, &mut outcome).await?;
    }
    taken.findings.finish()?;
    outcome.errors = taken.findings.count(Severity::Error);
    outcome.warnings = taken.findings.count(Severity::Warning);
    outcome.by_rule = taken.findings.by_rule();
    outcome.findings = taken.findings.first().to_vec();
    tracing::info!(
        dataset = import.dataset.name,
        rows = outcome.rows,
        accepted = outcome.accepted(),
        refused = outcome.refused,
        version = outcome.version,
        "import ended"
    );
    Ok(outcome)
}

fn is_same(path: &Path, other: &Path) -> bool {
    let (path, other) = (path.canonicalize(), other.canonicalize());
    path.is_ok_and(|path| other.is_ok_and(|other| path == other))
}

/// A file with refused rows is not all there is: it must not take away what it lacks.
fn may_replace(import: &Import<'_>, name: &str, taken: &mut Taken) -> Result<bool, ImportError> {
    if !import.replace || taken.refused == 0 {
        return Ok(true);
    }
    taken.findings.take([not_all(taken.refused).of_file(name)])?;
    Ok(false)
}

/// A file that is to be all there is, and is not.
fn not_all(refused: u64) -> Fault {
    Fault::new(
        Rule::File,
        format!("{refused} 行被拒 / {refused} refused rows"),
        "替换其他行的文件中各行均无误 / only sound rows in a file that replaces others",
        "未作任何改动：请改正各行，或不用替换方式导入 / nothing was changed: mend the rows, or import without replacing",
    )
}

#[cfg(test)]
mod tests;
