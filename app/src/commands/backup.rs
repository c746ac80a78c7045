//! `haihe backup`: all that a data centre is, into a folder of backups, while it is at work.

use std::process::ExitCode;

use anyhow::Result;
use jiff::Timestamp;
use network::audit::{self, Actor, Entry};
use network::purpose::Purpose;

use crate::arguments::Backup;
use crate::backups::Backups;
use crate::centre::Centre;
use crate::terminal::answer;

pub(super) async fn run(backup: Backup) -> Result<ExitCode> {
    let centre = Centre::open(&backup.place).await?;
    let backups = Backups::begin(&backup.folder)?;
    let _lock = backups.alone()?;
    let at = Timestamp::now();
    // Everything about everybody is copied: the copy says so itself.
    let entry = Entry::new(Actor::System, Purpose::OPERATION, "backup.make");
    audit::record(&centre.store, &entry, at).await?;
    let list = backups.take(&centre, at).await?;
    answer(&format!(
        "backup of {}: {} rows of the registry, {} files of {} bytes\n",
        list.at,
        list.rows(),
        list.files.len(),
        list.bytes()
    ))?;
    if let Some(newest) = backup.keep {
        let gone = backups.prune(newest.get())?;
        if gone > 0 {
            answer(&format!("older backups let go: {gone}\n"))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
