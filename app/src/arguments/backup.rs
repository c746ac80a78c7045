//! `haihe backup …`, `haihe restore …`

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;
use jiff::tz::Offset;
use model::Moment;

use super::Place;

#[derive(Debug, Args)]
pub(crate) struct Backup {
    /// Folder of the backups, on another disk than the data.
    pub(crate) folder: PathBuf,
    /// Let go all but the newest N backups when this one is made.
    #[arg(long, value_name = "N")]
    pub(crate) keep: Option<NonZeroUsize>,
    #[command(flatten)]
    pub(crate) place: Place,
}

/// Backups are named by UTC, and which city's they are is not known before they are read.
fn instant(text: &str) -> Result<Timestamp, String> {
    let moment: Moment = text.parse().map_err(|it: model::instant::NoMoment| it.to_string())?;
    moment.instant(Offset::UTC).ok_or_else(|| format!("{text} is beyond the calendar"))
}

#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// Folder of the backups.
    pub(crate) folder: PathBuf,
    /// The last backup made at or before that instant, such as 2026-01-31T08:00:00Z, or the end of a day, such as
    /// 2026-01-31 (UTC); the newest without it.
    #[arg(long, value_name = "TIME", value_parser = instant)]
    pub(crate) at: Option<Timestamp>,
    /// Say which backups there are, and restore nothing.
    #[arg(long, conflicts_with = "check")]
    pub(crate) list: bool,
    /// Read the backup through, say what is not as it was kept, and restore nothing.
    #[arg(long)]
    pub(crate) check: bool,
    #[command(flatten)]
    pub(crate) place: Place,
}
