//! `haihe import oneroster`: rosters of other systems, as a package of OneRoster 1.2.

use std::process::ExitCode;

use anyhow::{Context, Result};
use governance::collection::Findings;
use jiff::Timestamp;
use model::Finding;
use network::rosters::{self, FileDifference, Outcome};

use super::{SHOWN, open};
use crate::arguments::Import;
use crate::centre::Centre;
use crate::commands::REFUSED;
use crate::surroundings::SystemEntropy;
use crate::terminal::{answer, complain, remark};

/// Rows that are wrong are refused one by one; all others are taken in one transaction.
pub(super) async fn run(centre: &Centre, import: &Import) -> Result<ExitCode> {
    let mut kept = import.findings.as_deref().map(Findings::to_file).transpose()?;
    let mut lost = None;
    let mut shown = 0;
    let mut found = |finding: Finding| {
        if shown < SHOWN {
            remark(&finding.to_string());
        }
        shown += 1;
        if let Some(kept) = &mut kept
            && let Err(error) = kept.take([finding])
        {
            lost = Some(error);
        }
    };
    let how =
        rosters::Import { source: &import.source, is_dry: import.dry_run, at: Timestamp::now() };
    let package = open(&import.file)?;
    let outcome = rosters::import(&centre.store, package, how, &mut SystemEntropy, &mut found)
        .await
        .with_context(|| format!("{} could not be imported", import.file.display()))?;
    if let Some(error) = lost {
        return Err(error).context("the findings could not be written");
    }
    if let Some(mut kept) = kept {
        kept.finish()?;
    }
    if shown > SHOWN {
        remark(&format!("… and {} more; --findings FILE writes all", shown - SHOWN));
    }
    if !outcome.is_package {
        complain("the file was refused, nothing was changed");
        return Ok(ExitCode::from(REFUSED));
    }
    answer(&told(&outcome, import.dry_run))?;
    Ok(if outcome.errors == 0 { ExitCode::SUCCESS } else { ExitCode::from(REFUSED) })
}

/// A line for each file, and one for what was done.
fn told(outcome: &Outcome, is_dry: bool) -> String {
    let line = |name: &str, it: &FileDifference| {
        format!(
            "{name}: {} rows read: {} added, {} changed, {} unchanged, {} removed, {} refused\n",
            it.rows, it.added, it.changed, it.unchanged, it.removed, it.refused
        )
    };
    let files = outcome.difference.files.iter();
    let mut told: String = files.map(|(file, it)| line(file.name(), it)).collect();
    told.push_str(match (is_dry, outcome.difference.is_empty()) {
        (true, _) => "dry run, nothing was changed\n",
        (false, true) => "nothing changed\n",
        (false, false) => "what was sound is in\n",
    });
    told
}
