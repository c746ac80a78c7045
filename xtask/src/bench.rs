//! Benchmarks against peers: the same files, the same answers, in the same run.

mod answers;
mod chart;
mod correction;
mod engines;
mod report;
mod running;
mod setting;
mod spread;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::{Args, Subcommand, ValueEnum};

use self::answers::{Answers, Comparison};
use self::correction::Correction;
use self::engines::Engine;
use self::report::{Outcome, Report, Workload};
use self::setting::Setting;

#[derive(Debug, Subcommand)]
pub(crate) enum Bench {
    /// GOV-1: the indicators of a plan from six years of records, by us and by DuckDB, Polars, chDB, pandas and PostgreSQL.
    Gov1(Gov1),
}

#[derive(Debug, Args)]
pub(crate) struct Gov1 {
    /// `s`: a tenth of a city; `m`: a whole city.
    #[arg(long, default_value = "s")]
    size: Size,
    /// Only this workload; both without it.
    #[arg(long)]
    workload: Option<Workload>,
    /// The product's binary; built when it is not given.
    #[arg(long, value_name = "FILE")]
    haihe: Option<PathBuf>,
    /// Measured runs of each engine, after one that only warms up.
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// Only engines whose name begins so; may be given several times.
    #[arg(long, value_name = "NAME")]
    engine: Vec<String>,
    /// Folder of the report.
    #[arg(long, value_name = "DIR", default_value = "docs/benchmarks")]
    report: PathBuf,
}

/// How large the city is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Size {
    S,
    M,
}

impl Size {
    const fn as_str(self) -> &'static str {
        match self {
            Self::S => "s",
            Self::M => "m",
        }
    }
}

pub(crate) fn run(bench: &Bench) -> anyhow::Result<ExitCode> {
    match bench {
        Bench::Gov1(it) => gov1(it),
    }
}

/// Runs the workloads and writes a report of each.
///
/// A wrong answer is written into the report too, and ends with 1.
fn gov1(options: &Gov1) -> anyhow::Result<ExitCode> {
    let setting = Setting::prepare(options.size, options.haihe.as_deref())?;
    let mut sound = true;
    for workload in [Workload::A, Workload::C] {
        if options.workload.is_some_and(|it| it != workload) {
            continue;
        }
        println!("\n== workload {} ==", workload.letter());
        let load = setting::load();
        let outcomes = match workload {
            Workload::A => compute(&setting, options)?,
            Workload::C => correct(&setting, options)?,
        };
        sound &= outcomes.iter().all(|it| it.failure.is_none() && !it.wrong);
        let loads = (load, setting::load());
        let report = Report::new(workload, &setting, options.runs, outcomes, loads)?;
        report.write(&crate::project::root().join(&options.report))?;
    }
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A: everything from the records, or from what was kept of them.
fn compute(setting: &Setting, options: &Gov1) -> anyhow::Result<Vec<Outcome>> {
    let mut base = setting.reference()?;
    let states = setting.centre.join("states");
    in_turn(
        (setting, options),
        engines::all(setting),
        &mut |engine| {
            if engine.forgets && states.exists() {
                std::fs::remove_dir_all(&states)?;
            }
            Ok(())
        },
        &mut |engine, outcome| {
            if engine.answers { hold(setting, engine, outcome, &mut base) } else { Ok(()) }
        },
    )
}

/// C: one return corrected, to the figure of the city.
fn correct(setting: &Setting, options: &Gov1) -> anyhow::Result<Vec<Outcome>> {
    let mut correction = Correction::prepare(setting)?;
    let mut base = setting.reference()?.map(|it| it.of_year(correction.year));
    let sheets = correction.sheets();
    in_turn(
        (setting, options),
        engines::for_correction(setting, &correction),
        &mut |engine| if engine.is_ours { sheets.turn() } else { Ok(()) },
        &mut |engine, outcome| {
            if !engine.is_ours {
                return hold(setting, engine, outcome, &mut base);
            }
            outcome.judge(correction.judge(&setting.answers_of(engine))?);
            Ok(())
        },
    )
}

/// Holds the answers of an engine against those taken for right; without such, they are taken for it.
fn hold(
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

/// Runs engines in turn, so that what else the machine does meets all of them alike.
fn in_turn(
    (setting, options): (&Setting, &Gov1),
    engines: Vec<Engine>,
    before: &mut dyn FnMut(&Engine) -> anyhow::Result<()>,
    judge: &mut dyn FnMut(&Engine, &mut Outcome) -> anyhow::Result<()>,
) -> anyhow::Result<Vec<Outcome>> {
    let takes = |it: &Engine| {
        options.engine.is_empty() || options.engine.iter().any(|name| it.name.starts_with(name))
    };
    let engines: Vec<Engine> = engines.into_iter().filter(takes).collect();
    if engines.is_empty() {
        bail!("no engine is named so");
    }
    let mut outcomes: Vec<Outcome> = engines.iter().map(Outcome::of).collect();
    for round in 0..=options.runs {
        for (engine, outcome) in engines.iter().zip(&mut outcomes) {
            if outcome.failure.is_some() {
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
            println!("  {round} {:<40} {}", engine.title, measured.line());
            // The first run warms up.
            if round > 0 {
                outcome.runs.push(measured);
            }
            judge(engine, outcome)?;
        }
    }
    Ok(outcomes)
}
