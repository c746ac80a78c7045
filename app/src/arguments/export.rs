//! `haihe export …`

use std::path::PathBuf;

use clap::Args;

use super::{AsOf, Place};

#[derive(Debug, Args)]
pub(crate) struct Export {
    /// The `.csv` file to write.
    pub(crate) file: PathBuf,
    /// Code of an indicator, such as IND-01; may be given several times. All of the plan without it.
    #[arg(long = "indicator", value_name = "CODE")]
    pub(crate) indicators: Vec<String>,
    /// Withhold nothing, not even what a few persons stand behind: for those who may see it, never to be published.
    #[arg(long)]
    pub(crate) in_full: bool,
    #[command(flatten)]
    pub(crate) as_of: AsOf,
    #[command(flatten)]
    pub(crate) place: Place,
}
