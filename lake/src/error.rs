use std::io;
use std::path::{Path, PathBuf};

use arrow::error::ArrowError;
use datafusion_common::DataFusionError;
use deltalake_core::DeltaTableError;
use parquet::errors::ParquetError;

/// The lake failed. Nothing about a row: what is wrong with rows comes back as data.
#[derive(Debug, thiserror::Error)]
pub enum LakeError {
    #[error("the lake could not {doing} {path}")]
    File {
        doing: &'static str,
        path: PathBuf,
        #[source]
        source: io::Error,
    },

    #[error("the lake could not {doing} the table of {dataset}")]
    Delta {
        doing: &'static str,
        dataset: String,
        #[source]
        source: Box<DeltaTableError>,
    },

    #[error("the lake could not read {path}")]
    Parquet {
        path: PathBuf,
        #[source]
        source: ParquetError,
    },

    #[error("the lake could not lay out rows of {dataset}")]
    Arrow {
        dataset: String,
        #[source]
        source: ArrowError,
    },

    #[error("the lake could not evaluate `{expression}`")]
    Expression {
        expression: String,
        #[source]
        source: Box<DataFusionError>,
    },

    #[error("the table of {dataset} was written under another declaration: {what}; {hint}")]
    Declaration { dataset: String, what: String, hint: String },

    #[error(
        "the rows of {path} are not in the order that they are written in: another program wrote it; restore a backup"
    )]
    Disorder { path: PathBuf },

    #[error(
        "what came is no order of this version of the program: bring both sides to one version"
    )]
    Order,

    #[error("another writer changed the table of {dataset} at the same time; run the import again")]
    Conflict { dataset: String },
}

impl LakeError {
    pub(crate) fn file(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { doing, path, source }
    }

    pub(crate) fn parquet(path: &Path) -> impl FnOnce(ParquetError) -> Self {
        let path = path.to_owned();
        move |source| Self::Parquet { path, source }
    }

    pub(crate) fn arrow(dataset: &str) -> impl FnOnce(ArrowError) -> Self {
        let dataset = dataset.to_owned();
        move |source| Self::Arrow { dataset, source }
    }

    pub(crate) fn delta(
        doing: &'static str,
        dataset: &str,
    ) -> impl FnOnce(DeltaTableError) -> Self {
        let dataset = dataset.to_owned();
        move |source| Self::Delta { doing, dataset, source: Box::new(source) }
    }

    pub(crate) fn expression(expression: &str) -> impl FnOnce(DataFusionError) -> Self {
        let expression = expression.to_owned();
        move |source| Self::Expression { expression, source: Box::new(source) }
    }
}
