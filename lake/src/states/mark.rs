//! A mark: that the states of all data files of a version were kept, and which these are.
//!
//! A version never changes, so neither does its mark. With it the states of a version are found without its table.

use std::fs;
use std::path::{Path, PathBuf};

use model::measure::Measure;
use model::state::StateColumn;
use serde::{Deserialize, Serialize};

use super::packs::put;
use crate::LakeError;

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Mark {
    /// Names of data files, as packs have them.
    pub(super) files: Vec<String>,
    /// Digits after the point of every measure: to know them otherwise takes planning its expressions.
    scales: Vec<u8>,
}

impl Mark {
    pub(super) fn new(files: Vec<String>, columns: &[StateColumn]) -> Self {
        Self { files, scales: columns.iter().map(|it| it.scale).collect() }
    }

    /// `None` where there is none, or it is not whole.
    pub(super) fn read(folder: &Path, version: u64) -> Option<Self> {
        let bytes = fs::read(path(folder, version)).ok()?;
        let (hash, body) = bytes.split_at_checked(blake3::OUT_LEN)?;
        (blake3::hash(body).as_bytes() == hash).then(|| postcard::from_bytes(body).ok())?
    }

    pub(super) fn write(&self, folder: &Path, version: u64) -> Result<(), LakeError> {
        let body = postcard::to_stdvec(self).unwrap_or_default();
        let mut bytes = blake3::hash(&body).as_bytes().to_vec();
        bytes.extend_from_slice(&body);
        put(&path(folder, version), &bytes)
    }

    /// How the states of the measures are kept.
    pub(super) fn columns(&self, measures: &[&Measure]) -> Option<Vec<StateColumn>> {
        let column = |(measure, scale): (&&Measure, &u8)| StateColumn {
            measure: measure.name.clone(),
            aggregate: measure.aggregate,
            scale: *scale,
        };
        let columns = measures.iter().zip(&self.scales).map(column).collect();
        (measures.len() == self.scales.len()).then_some(columns)
    }
}

fn path(folder: &Path, version: u64) -> PathBuf {
    folder.join(format!("version-{version}"))
}
