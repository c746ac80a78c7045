//! CSV packages (CSV Binding 1.2): a ZIP file of a manifest and the files it announces.

use std::collections::BTreeMap;
use std::io::{self, Read as _, Seek};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::finding::Finding;
use crate::model::Entity;

mod manifest;
mod table;
mod write;

pub use self::manifest::Manifest;
pub use self::table::{Read, Table};
pub use self::write::PackageWriter;

/// The files of rostering.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum File {
    Orgs,
    AcademicSessions,
    Courses,
    Classes,
    Users,
    Roles,
    Enrollments,
    Demographics,
}

impl File {
    /// In the order in which they can be taken: nothing refers to what comes later.
    pub const ALL: [Self; 8] = [
        Self::Orgs,
        Self::AcademicSessions,
        Self::Courses,
        Self::Classes,
        Self::Users,
        Self::Roles,
        Self::Enrollments,
        Self::Demographics,
    ];

    /// Without `.csv`, as the manifest calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Orgs => "orgs",
            Self::AcademicSessions => "academicSessions",
            Self::Courses => "courses",
            Self::Classes => "classes",
            Self::Users => "users",
            Self::Roles => "roles",
            Self::Enrollments => "enrollments",
            Self::Demographics => "demographics",
        }
    }

    /// Whether its rows are about persons, so that no cell of it is repeated in a finding.
    pub const fn is_about_persons(self) -> bool {
        matches!(self, Self::Users | Self::Roles | Self::Enrollments | Self::Demographics)
    }
}

/// Whether a file holds everything there is, or only what changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    Bulk,
    Delta,
}

impl Mode {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bulk => "bulk",
            Self::Delta => "delta",
        }
    }
}

/// How much of a package is read.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Files in the package.
    pub files: usize,
    /// Bytes of one file, unpacked.
    pub bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { files: 64, bytes: 4 * 1024 * 1024 * 1024 }
    }
}

/// Why a package could not be read or written. What is wrong inside it is a finding.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    #[error("the file is no ZIP file, or a broken one; write the package anew")]
    Zip(#[from] ZipError),

    #[error("the package holds more than {most} files; put only the files of OneRoster into it")]
    TooManyFiles { most: usize },

    #[error("the package could not be read or written")]
    Io(#[from] io::Error),

    #[error("a row could not be written")]
    Csv(#[from] csv::Error),
}

/// A package, opened.
#[derive(Debug)]
pub struct Package<R> {
    archive: ZipArchive<R>,
    pub manifest: Manifest,
    limits: Limits,
    /// Where each file is.
    places: BTreeMap<String, usize>,
}

impl<R: io::Read + Seek> Package<R> {
    /// Opens a package and reads its manifest; without a sound one there is no package, but findings.
    pub fn open(reader: R) -> Result<(Option<Self>, Vec<Finding>), PackageError> {
        Self::open_within(reader, Limits::default())
    }

    /// Opens a package of a limited size.
    pub fn open_within(
        reader: R,
        limits: Limits,
    ) -> Result<(Option<Self>, Vec<Finding>), PackageError> {
        let mut archive = ZipArchive::new(reader)?;
        if archive.len() > limits.files {
            return Err(PackageError::TooManyFiles { most: limits.files });
        }
        // A package may have been made from a folder, so only the last part of a name counts.
        let places: BTreeMap<String, usize> = (0..archive.len())
            .filter_map(|at| {
                let name = archive.name_for_index(at)?.ok()?;
                let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
                Some((name.to_owned(), at))
            })
            .collect();
        let mut findings = Vec::new();
        let Some(at) = places.get("manifest.csv") else {
            findings.push(manifest::missing());
            return Ok((None, findings));
        };
        let mut text = Vec::new();
        archive.by_index(*at)?.take(manifest::MOST_BYTES).read_to_end(&mut text)?;
        let Some(manifest) = manifest::read(&text, &mut findings) else {
            return Ok((None, findings));
        };
        for file in manifest.files.keys() {
            let name = format!("{}.csv", file.name());
            if !places.contains_key(&name) {
                findings.push(Finding {
                    file: name,
                    row: None,
                    column: None,
                    rule: "file",
                    found: "no such file".to_owned(),
                    expected: "the file that the manifest announces".to_owned(),
                    hint: "add the file, or write absent in manifest.csv",
                });
            }
        }
        let package = findings.is_empty().then_some(Self { archive, manifest, limits, places });
        Ok((package, findings))
    }

    /// The rows of a file; `None` when the manifest says that it is absent.
    pub fn table<T: Entity>(
        &mut self,
    ) -> Result<Option<Table<T, impl io::Read + use<'_, T, R>>>, PackageError> {
        let Some(mode) = self.manifest.files.get(&T::FILE).copied() else { return Ok(None) };
        let name = format!("{}.csv", T::FILE.name());
        let Some(at) = self.places.get(&name).copied() else { return Ok(None) };
        let most = self.limits.bytes;
        let reader = self.archive.by_index(at)?;
        Ok(Some(Table::new(name, mode, reader, most)))
    }
}
