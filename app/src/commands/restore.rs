//! `haihe restore`: a data centre as a backup says it was.

use std::process::ExitCode;

use anyhow::Result;
use jiff::Timestamp;
use network::audit::{self, Actor, Entry};
use network::purpose::Purpose;

use super::REFUSED;
use crate::arguments::Restore;
use crate::backups::{self, Backups, List};
use crate::terminal::{Grid, answer, complain};

pub(super) async fn run(restore: Restore) -> Result<ExitCode> {
    let backups = Backups::open(&restore.folder)?;
    if restore.list {
        answer(&told(&backups.lists()?))?;
        return Ok(ExitCode::SUCCESS);
    }
    let list = backups.at(restore.at)?;
    // Read through first: half a centre would be worse than none.
    let faults = backups::unsound(&backups, &list)?;
    if !faults.is_empty() {
        for fault in &faults {
            complain(fault);
        }
        complain(&format!(
            "the backup of {} is not whole; take another with --at, or put back the contents from a copy of the folder",
            list.at
        ));
        return Ok(ExitCode::from(REFUSED));
    }
    if restore.check {
        answer(&format!("the backup of {} is as it was kept\n", list.at))?;
        return Ok(ExitCode::SUCCESS);
    }
    let store = backups::restore(&backups, &list, &restore.place).await?;
    // The log ends where the backup does; whoever reads on learns why.
    let entry =
        Entry::new(Actor::System, Purpose::OPERATION, "backup.restore").about("backup", list.at);
    audit::record(&store, &entry, Timestamp::now()).await?;
    store.close().await;
    answer(&format!(
        "{} is as it was at {}: {} rows of the registry, {} files\n",
        restore.place.data.display(),
        list.at,
        list.rows(),
        list.files.len()
    ))?;
    Ok(ExitCode::SUCCESS)
}

fn told(lists: &[List]) -> String {
    let mut grid = Grid::new(&["made at", "rows", "files", "bytes"], &[1, 2, 3]);
    for list in lists {
        grid.row(vec![
            list.at.to_string(),
            list.rows().to_string(),
            list.files.len().to_string(),
            list.bytes().to_string(),
        ]);
    }
    grid.text()
}
