//! Benchmarks against peers: the same files, the same answers, in the same run.

mod aim;
mod answers;
mod boundaries;
mod chance;
mod chart;
mod cold;
mod compute;
mod correction;
mod definitions;
mod earlier;
mod engines;
mod growth;
mod http;
mod ingest;
mod known;
mod latencies;
mod lineage;
mod outcome;
mod reads;
mod records;
mod report;
mod running;
mod serving;
mod setting;
mod soak;
mod spread;
mod table;
mod turns;
mod workload;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::ensure;
use clap::{Args, Subcommand, ValueEnum};

use self::engines::Engine;
use self::outcome::Results;
use self::report::Report;
use self::setting::Setting;
use self::workload::Workload;

#[derive(Debug, Subcommand)]
pub(crate) enum Bench {
    /// GOV-1: what a city does with the records of its schools, by us and by DuckDB, Polars, chDB, pandas, PostgreSQL and MetricFlow.
    Gov1(Gov1),
}

#[derive(Debug, Args)]
pub(crate) struct Gov1 {
    /// `s`: a tenth of a city; `m`: a whole city; `l`: as much as ten cities.
    #[arg(long, default_value = "s")]
    size: Size,
    /// Only these workloads, such as `A,C,F`; without it all, of size `l` only A: the one that grows with the records.
    #[arg(long, value_name = "LETTERS", value_delimiter = ',', ignore_case = true)]
    workloads: Vec<Workload>,
    /// The product's binary; built when it is not given.
    #[arg(long, value_name = "FILE")]
    haihe: Option<PathBuf>,
    /// Measured runs of each engine, after one that only warms up.
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// Only engines whose name begins so; may be given several times.
    #[arg(long, value_name = "NAME")]
    engine: Vec<String>,
    /// How long each number of clients reads, of workload D.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    seconds: u64,
    /// Figures that are asked for their rows, of workload F.
    #[arg(long, value_name = "COUNT", default_value_t = 1_000)]
    figures: usize,
    /// After the workloads that are named, or instead of all: readers, corrections and restarts at once, for so long.
    #[arg(long, value_name = "MINUTES")]
    soak: Option<u64>,
    /// Folder of the report.
    #[arg(long, value_name = "DIR", default_value = "docs/benchmarks")]
    report: PathBuf,
}

/// How large the city is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Size {
    S,
    M,
    L,
}

impl Size {
    const fn as_str(self) -> &'static str {
        match self {
            Self::S => "s",
            Self::M => "m",
            Self::L => "l",
        }
    }
}

pub(crate) fn run(bench: &Bench) -> anyhow::Result<ExitCode> {
    match bench {
        Bench::Gov1(it) => gov1(it),
    }
}

/// Runs the workloads and writes a report of each, and one over all of them.
///
/// A wrong answer or an error is written into the report too, and ends with 1.
fn gov1(options: &Gov1) -> anyhow::Result<ExitCode> {
    ensure!(options.runs > 0, "--runs: at least one run is measured");
    let setting = Setting::prepare(options.size, options.haihe.as_deref())?;
    let folder = crate::project::root().join(&options.report);
    let mut is_sound = true;
    for workload in Workload::ALL {
        if !options.takes(workload) {
            continue;
        }
        println!("\n== workload {} ==", workload.letter());
        let load = setting::load();
        let results = measure(workload, &setting, options)?;
        let loads = (load, setting::load());
        for fault in results.faults() {
            println!("  {fault}");
            is_sound = false;
        }
        Report::new(workload, &setting, options.runs, results, loads)?.write(&folder)?;
    }
    report::write_overview(&folder, setting.size.as_str())?;
    Ok(if is_sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

impl Gov1 {
    fn takes(&self, workload: Workload) -> bool {
        if workload == Workload::Soak {
            return self.soak.is_some();
        }
        let all = self.workloads.is_empty() && self.soak.is_none();
        let all = all && (self.size != Size::L || workload == Workload::A);
        all || self.workloads.contains(&workload)
    }

    /// Whether an engine takes part.
    fn names(&self, engine: &Engine) -> bool {
        self.engine.is_empty() || self.engine.iter().any(|it| engine.name.starts_with(it))
    }
}

fn measure(workload: Workload, setting: &Setting, options: &Gov1) -> anyhow::Result<Results> {
    match workload {
        Workload::A => compute::measure(setting, options),
        Workload::B => definitions::measure(setting, options),
        Workload::C => correction::measure(setting, options),
        Workload::D => reads::measure(setting, options),
        Workload::E => ingest::measure(setting, options),
        Workload::F => lineage::measure(setting, options),
        Workload::G => earlier::measure(setting, options),
        Workload::H => boundaries::measure(setting, options),
        Workload::Soak => soak::measure(setting, options),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::{Gov1, Workload};

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        gov1: Gov1,
    }

    #[track_caller]
    fn check(line: &str, letters: &str) {
        let Line { gov1 } = Line::parse_from(line.split(' '));
        let taken: Vec<&str> =
            Workload::ALL.into_iter().filter(|it| gov1.takes(*it)).map(Workload::letter).collect();
        assert_eq!(taken.join(" "), letters, "{line}");
    }

    #[test]
    fn workloads_are_chosen_by_their_letters() {
        check("gov1", "A B C D E F G H");
        check("gov1 --workloads A,c,F", "A C F");
        check("gov1 --soak 30", "soak");
        check("gov1 --size l", "A");
        check("gov1 --size l --workloads C,F", "C F");
        check("gov1 --workloads D --soak 30", "D soak");
    }
}
