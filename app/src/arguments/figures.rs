//! `haihe figures …`

use clap::Args;
use model::Year;

use super::{AsOf, Format, Place};

#[derive(Debug, Args)]
pub(crate) struct Figures {
    /// Code of the indicator, such as IND-01.
    #[arg(long, value_name = "CODE")]
    pub(crate) indicator: String,
    /// Level of the organisations, such as district.
    #[arg(long)]
    pub(crate) level: String,
    /// Hierarchy along which figures are added up, such as `school-zone`.
    #[arg(long, value_name = "NAME", default_value = "administrative")]
    pub(crate) hierarchy: String,
    /// Year; all years without it.
    #[arg(long, value_name = "YEAR")]
    pub(crate) year: Option<Year>,
    /// Put the boundaries of the end of this year under all years: a series on the old or new cut.
    #[arg(long, value_name = "YEAR")]
    pub(crate) cut: Option<Year>,
    #[command(flatten)]
    pub(crate) as_of: AsOf,
    /// A table to read, or JSON or CSV for programs.
    #[arg(long, default_value = "table")]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) place: Place,
}
