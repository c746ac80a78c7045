//! Engines that run in turn, and what their answers are held against.

use std::fs;

use anyhow::{Context, bail};

use super::answers::{Answers, Comparison};
use super::engines::Engine;
use super::outcome::Outcome;
use super::setting::Setting;
use super::{Gov1, running};

/// Holds the answers of an engine against those taken for right; without such, they are taken for it.
pub(super) fn hold(
    setting: &Setting,
    engine: &Engine,
    outcome: &mut Outcome,
    base: &mut Option<Answers>,
) -> anyhow::Result<()> {
    let answers = Answers::read(&setting.answers_of(engine));
    let answers = answers.with_context(|| format!("the answers of {}", engine.title))?;
    match base {
        Some(base) => outcome.judge(Comparison::of(base, &answers)),
        None => *base = Some(answers),
    }
    Ok(())
}

/// Who takes longer, in seconds, is run once after it has warmed up, however often the others are.
const LONG: f64 = 30.0;

/// Removes the states that are kept where an engine is to begin at the records.
pub(super) fn forget(engine: &Engine) -> anyhow::Result<()> {
    let states = engine.forgets.as_ref().map(|it| it.join("states"));
    match states.filter(|it| it.exists()) {
        Some(states) => Ok(fs::remove_dir_all(&states)?),
        None => Ok(()),
    }
}

/// Runs engines in turn, so that what else the machine does meets all of them alike.
pub(super) fn in_turn(
    (setting, options): (&Setting, &Gov1),
    engines: Vec<Engine>,
    before: &mut dyn FnMut(&Engine) -> anyhow::Result<()>,
    judge: &mut dyn FnMut(&Engine, &mut Outcome) -> anyhow::Result<()>,
) -> anyhow::Result<Vec<Outcome>> {
    let engines: Vec<Engine> = engines.into_iter().filter(|it| options.names(it)).collect();
    if engines.is_empty() {
        bail!("no engine is named so");
    }
    let mut outcomes: Vec<Outcome> = engines.iter().map(Outcome::of).collect();
    for round in 0..=options.runs {
        for (engine, outcome) in engines.iter().zip(&mut outcomes) {
            let is_long = outcome.runs.iter().any(|it| it.wall_s > LONG);
            if outcome.failure.is_some() || is_long {
                continue;
            }
            before(engine)?;
            let measured = match running::run(setting, engine) {
                Ok(measured) => measured,
                Err(error) => {
                    println!("  {}: {error:#}", engine.title);
                    outcome.failure = Some(format!("{error:#}"));
                    continue;
                }
            };
            println!("  {round} {:<44} {}", engine.title, measured.line());
            // The first run warms up.
            if round > 0 {
                outcome.runs.push(measured);
            }
            judge(engine, outcome)?;
        }
    }
    Ok(outcomes)
}
