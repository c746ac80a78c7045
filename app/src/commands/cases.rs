//! `haihe cases`: rounds of the office by hand, and letters taken back.

use std::process::ExitCode;

use anyhow::{Result, bail};
use casework::letters::{self, LetterNumber};
use jiff::Timestamp;
use network::audit::Actor;

use super::REFUSED;
use crate::arguments::{Cases as Command, USUAL_PORT};
use crate::centre::Centre;
use crate::office;
use crate::round::{self, Round};
use crate::surroundings::SystemEntropy;
use crate::terminal::{answer, complain, remark};
use crate::turn::{ROUNDS, Turn};

pub(super) async fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::Run { origin, place } => {
            let centre = Centre::open(&place).await?;
            let office = office::open(&centre, Timestamp::now()).await?;
            let turn = Turn::wait(&centre, ROUNDS, Timestamp::now()).await?;
            let origin = centre.origin(origin, USUAL_PORT)?;
            let (site, at) = (origin.as_str(), Timestamp::now());
            let round = round::make(&centre, &office, site, &turn, at, &mut SystemEntropy).await?;
            answer(&told(&round))?;
            if let Some(advice) = origin.advice(&centre.data).filter(|_| round.letters.issued > 0) {
                remark(&advice);
            }
            for fault in faults(&round) {
                complain(&fault);
            }
            Ok(if faults(&round).is_empty() { ExitCode::SUCCESS } else { ExitCode::from(REFUSED) })
        }
        Command::Revoke { number, why, place } => {
            revoke(&number, &why, &Centre::open(&place).await?).await
        }
    }
}

async fn revoke(number: &LetterNumber, why: &str, centre: &Centre) -> Result<ExitCode> {
    if why.trim().is_empty() {
        bail!("a letter is taken back for a reason; write one with --why");
    }
    let at = Timestamp::now();
    if !letters::revoke(&centre.store, Actor::System, number, why.trim(), at).await? {
        bail!("there is no letter {number}, or it was taken back before");
    }
    answer("taken back in all its languages\n")?;
    Ok(ExitCode::SUCCESS)
}

fn told(round: &Round) -> String {
    let Round { ticked, letters, hindrance: _, facts } = round;
    let mut text = format!(
        "time: {} reminded, {} overdue, {} steps taken, {} limits moved\nletters: {} issued, {} wait\n",
        ticked.reminded,
        ticked.overdue,
        ticked.taken,
        ticked.moved,
        letters.issued,
        letters.failed.len(),
    );
    for (dataset, it) in facts {
        text.push_str(&format!("{dataset}: {} rows taken, {} refused\n", it.taken, it.refused));
    }
    text
}

/// What waits, and what to do about it.
fn faults(round: &Round) -> Vec<String> {
    let hindrance = round.hindrance.iter().map(|error| format!("letters wait: {error:#}"));
    let letters = round.letters.failed.iter().map(|(case, error)| {
        let error = anyhow::Error::new(std::sync::Arc::clone(error));
        format!("a letter of case {case} waits: {error:#}")
    });
    let facts = round.facts.iter().filter(|(_, it)| it.is_unknown).map(|(dataset, _)| {
        format!("rows wait: the plan in force has no dataset {dataset}; let its `uses` name the procedures")
    });
    hindrance.chain(letters).chain(facts).collect()
}
