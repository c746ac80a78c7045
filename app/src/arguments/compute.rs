//! `haihe compute …`

use clap::Args;

use super::Place;

#[derive(Debug, Args)]
pub(crate) struct Compute {
    /// Compute states on a cluster, whose scheduler is at this address, such as `http://scheduler.example:50050`; where
    /// `[compute]` of `centre.toml` says without it, and on this machine only where that says nothing.
    #[arg(long, value_name = "URL")]
    pub(crate) cluster: Option<String>,
    /// The store that the cluster reads the tables from, such as `s3://bucket/prefix`; the usual `AWS_*` variables say
    /// where it is and who may read it.
    #[arg(long, value_name = "URL")]
    pub(crate) store: Option<String>,
    #[command(flatten)]
    pub(crate) place: Place,
}
