//! `haihe export …`

use std::path::PathBuf;

use clap::Args;
use model::Year;

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
    /// Put the boundaries of the end of this year under all years: a series on the old or new cut.
    #[arg(long, value_name = "YEAR")]
    pub(crate) cut: Option<Year>,
    #[command(flatten)]
    pub(crate) as_of: AsOf,
    #[command(flatten)]
    pub(crate) place: Place,
}
