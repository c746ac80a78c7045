//! `haihe audit`: whether the log is as it was written, and the signatures of finished days.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use network::audit::{self, SignedDay};

use super::REFUSED;
use crate::arguments::{Audit, VerifyAudit};
use crate::audit_key;
use crate::centre::Centre;
use crate::terminal::{answer, complain, remark};

pub(super) async fn run(command: Audit) -> Result<ExitCode> {
    match command {
        Audit::Sign { place } => {
            let centre = Centre::open(&place).await?;
            let key = audit_key::open(&centre.data)?;
            let signed = audit::sign_finished(&centre.store, &key, Timestamp::now()).await?;
            let lines: String = signed.iter().map(line).collect();
            answer(if lines.is_empty() {
                "no finished day was without a signature\n"
            } else {
                &lines
            })?;
            Ok(ExitCode::SUCCESS)
        }
        Audit::Verify(it) => verify(it).await,
    }
}

/// A signed day, to be kept in another place.
fn line(day: &SignedDay) -> String {
    format!("{} {} {} {}\n", day.day, day.first_entry, day.entries, day.root)
}

async fn verify(it: VerifyAudit) -> Result<ExitCode> {
    let centre = Centre::open(&it.place).await?;
    // A centre that has signed nothing yet has no key.
    let key = audit_key::find(&centre.data)?;
    let trusted = key.as_ref().map(audit::SigningKey::public);
    let days = audit::days(&centre.store).await?;
    if let Some(path) = &it.roots
        && let Some(gone) = unlike(path, &days)?
    {
        complain(&format!("the log is not the one that was signed: {gone}"));
        return Ok(ExitCode::from(REFUSED));
    }
    let found = audit::verify(&centre.store, trusted, it.from).await?;
    if let Some(fault) = &found.fault {
        complain(&format!("{fault}; {} entries before it are sound", found.entries));
        return Ok(ExitCode::from(REFUSED));
    }
    answer(&format!(
        "the log is as it was written: {} entries and {} signed days verified, {} entries not signed yet\n",
        found.entries, found.days, found.unsigned
    ))?;
    if let Some(since) = found.unsigned_since.map(day).filter(|it| *it < day(Timestamp::now())) {
        remark(&format!(
            "{since} is over and not signed: `haihe audit sign` signs it, as a running server does; where one ran, signatures \
             were taken away: hold the log against kept ones, with --roots"
        ));
    }
    Ok(ExitCode::SUCCESS)
}

/// The day of an instant, as days of the log are counted.
fn day(at: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(at).date()
}

/// The first kept line that is not a signed day of the log.
fn unlike(path: &Path, days: &[SignedDay]) -> Result<Option<String>> {
    let text = fs::read_to_string(path)
        .with_context(|| format!("{} could not be read", path.display()))?;
    let known: Vec<String> = days.iter().map(|it| line(it).trim_end().to_owned()).collect();
    let mut kept = text.lines().map(str::trim).filter(|it| !it.is_empty()).peekable();
    if kept.peek().is_none() {
        bail!("{} holds no line of `haihe audit sign`", path.display());
    }
    Ok(kept.find(|it| known.iter().all(|day| day != it)).map(str::to_owned))
}
