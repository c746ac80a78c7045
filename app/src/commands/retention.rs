//! `haihe retention`: carrying out what periods and decisions say.

use std::fmt::Write;
use std::process::ExitCode;

use anyhow::Result;
use jiff::Timestamp;
use network::retention::{self, Carried};

use crate::arguments::Retention;
use crate::centre::Centre;
use crate::rules;
use crate::terminal::answer;

pub(super) async fn run(command: Retention) -> Result<ExitCode> {
    let Retention::Run { dry_run, place } = command;
    let centre = Centre::open(&place).await?;
    let (store, rules, at) = (&centre.store, rules::retention(&centre)?, Timestamp::now());
    let carried = if dry_run {
        retention::foresee(store, &rules, at).await?
    } else {
        retention::run(store, &rules, at).await?
    };
    answer(&told(&carried, dry_run)?)?;
    Ok(ExitCode::SUCCESS)
}

fn told(carried: &Carried, dry_run: bool) -> Result<String> {
    let mut text = String::new();
    if dry_run {
        text.push_str("nothing is changed; this would be:\n");
    }
    for (class, rows) in &carried.aged {
        writeln!(text, "{class}: {rows} rows are older than their period and go")?;
    }
    writeln!(text, "persons whose accounts were closed long enough: {}", carried.persons)?;
    writeln!(text, "requests of persons carried out: {}", carried.requests)?;
    writeln!(text, "requests that a legal hold keeps waiting: {}", carried.held)?;
    Ok(text)
}
