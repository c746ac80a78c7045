//! The report: what was measured, on what, and whether the answers were right.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use clap::ValueEnum;
use serde::Serialize;

use super::answers::Comparison;
use super::chart;
use super::engines::{Engine, From};
use super::running::Measured;
use super::setting::{self, Files, NUMBER, Setting};
use super::spread::Spread;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Workload {
    /// All indicators from the records.
    A,
    /// One return corrected, to the city's figure.
    C,
}

impl Workload {
    pub(super) const fn letter(self) -> char {
        match self {
            Self::A => 'A',
            Self::C => 'C',
        }
    }
}

/// What became of one engine.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) from: From,
    pub(super) is_ours: bool,
    pub(super) runs: Vec<Measured>,
    pub(super) compared: Option<Comparison>,
    /// Whether any run gave a wrong answer.
    pub(super) wrong: bool,
    pub(super) failure: Option<String>,
}

impl Outcome {
    pub(super) fn of(engine: &Engine) -> Self {
        Self {
            name: engine.name.clone(),
            title: engine.title.clone(),
            from: engine.from,
            is_ours: engine.is_ours,
            runs: Vec::new(),
            compared: None,
            wrong: false,
            failure: None,
        }
    }

    /// Takes a comparison; one that was wrong stays wrong.
    pub(super) fn judge(&mut self, compared: Comparison) {
        if self.wrong {
            return;
        }
        if compared.different > 0 {
            println!("  {}: {compared}", self.title);
            self.wrong = true;
        }
        self.compared = Some(compared);
    }

    pub(super) fn spread(&self, of: impl Fn(&Measured) -> f64) -> Spread {
        Spread::of(self.runs.iter().map(of))
    }

    pub(super) fn cpu(&self) -> Spread {
        self.spread(|it| it.cpu_s)
    }

    pub(super) fn peak(&self) -> Spread {
        self.spread(|it| mebibytes(it.peak_bytes))
    }

    /// With what it reads, as the report calls it.
    pub(super) fn label(&self) -> String {
        match self.from {
            From::Prepared => self.title.clone(),
            From::Partitioned | From::Whole => format!("{}, {}", self.title, self.from.title()),
        }
    }

    fn verdict(&self) -> String {
        match (&self.failure, &self.compared) {
            (Some(failure), _) => format!("failed: {failure}"),
            (None, Some(it)) if self.wrong => it.to_string(),
            (None, Some(it)) => format!("{} the same", it.same),
            (None, None) => "–".to_owned(),
        }
    }
}

/// All there is to say of a run.
#[derive(Debug)]
pub(super) struct Report {
    workload: Workload,
    size: &'static str,
    runs: usize,
    machine: String,
    load: (f64, f64),
    versions: BTreeMap<String, String>,
    datasets: BTreeMap<String, Files>,
    outcomes: Vec<Outcome>,
}

/// The report as others read it: names are stable.
#[derive(Serialize)]
struct ReportObject<'a> {
    benchmark: &'static str,
    workload: char,
    size: &'static str,
    number: &'static str,
    runs: usize,
    machine: &'a str,
    load_before: f64,
    load_after: f64,
    versions: &'a BTreeMap<String, String>,
    datasets: &'a BTreeMap<String, Files>,
    engines: Vec<EngineObject<'a>>,
}

#[derive(Serialize)]
struct EngineObject<'a> {
    name: &'a str,
    title: &'a str,
    reads: &'static str,
    cpu_s: Spread,
    wall_s: Spread,
    peak_mib: Spread,
    read_mib: Spread,
    written_mib: Spread,
    figures_same: usize,
    figures_different: usize,
    examples: &'a [String],
    failure: Option<&'a str>,
}

impl Report {
    pub(super) fn new(
        workload: Workload,
        setting: &Setting,
        runs: usize,
        outcomes: Vec<Outcome>,
        load: (f64, f64),
    ) -> anyhow::Result<Self> {
        Ok(Self {
            workload,
            size: setting.size.as_str(),
            runs,
            machine: setting::machine(),
            load,
            versions: setting.versions()?,
            datasets: setting.datasets.clone(),
            outcomes,
        })
    }

    /// Writes it as Markdown, JSON and a chart.
    pub(super) fn write(&self, folder: &Path) -> anyhow::Result<()> {
        fs::create_dir_all(folder)?;
        let letter = self.workload.letter().to_ascii_lowercase();
        let name = format!("gov1-{letter}-{}", self.size);
        let json = serde_json::to_string_pretty(&self.object())? + "\n";
        fs::write(folder.join(format!("{name}.json")), json)?;
        fs::write(folder.join(format!("{name}.svg")), chart::draw(&self.outcomes))?;
        fs::write(folder.join(format!("{name}.md")), self.text(&name))?;
        println!("  the report is {}", folder.join(format!("{name}.md")).display());
        Ok(())
    }

    fn object(&self) -> ReportObject<'_> {
        ReportObject {
            benchmark: "GOV-1",
            workload: self.workload.letter(),
            size: self.size,
            number: NUMBER,
            runs: self.runs,
            machine: &self.machine,
            load_before: self.load.0,
            load_after: self.load.1,
            versions: &self.versions,
            datasets: &self.datasets,
            engines: self.outcomes.iter().map(EngineObject::of).collect(),
        }
    }

    fn text(&self, name: &str) -> String {
        let mut text = format!(
            "# GOV-1, workload {}, size {}\n\n{}\n\n\
             Made by `cargo xtask bench gov1 --size {}`; how is told in [bench/gov1](../../bench/gov1/README.md), and all numbers\n\
             are in [{name}.json]({name}.json).\n\n\
             Machine: {}. {} runs of each engine in turn, after one that only warms up; median (least–most). Load of the\n\
             machine over a minute: {:.1} before and {:.1} after. Where that is more than one, something else ran at the\n\
             same time: compare processor time then, and not the clock.\n\n\
             ![Processor time and peak memory of every engine]({name}.svg)\n\n",
            self.workload.letter(),
            self.size,
            self.subject(),
            self.size,
            self.machine,
            self.runs,
            self.load.0,
            self.load.1,
        );
        text += "| engine | reads | CPU-s | to DuckDB | seconds | peak MiB | to DuckDB | read MiB | written MiB | answers |\n";
        text += "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n";
        let duckdb = self.best("duckdb");
        for it in &self.outcomes {
            text += &line(it, duckdb);
        }
        text += "\nDuckDB is taken at the layout in which it needs the least processor time. An engine reads from the memory of the\n\
                 system; the files were read before. Figures of ours are held against the others as they are published, rounded.\n\n";
        text += &self.aims();
        text += "\n## Records\n\n\
                 `sha256` is that of the sums of a dataset's files; made again from the same number they come out the same.\n\n\
                 | dataset | rows | files | bytes | sha256 | bytes as one file | sha256 |\n| --- | --- | --- | --- | --- | --- | --- |\n";
        for (name, it) in &self.datasets {
            let Files { rows, files, bytes, sha256, whole_bytes, whole_sha256 } = it;
            let (short, whole) = (short(sha256), short(whole_sha256));
            text += &format!(
                "| {name} | {rows} | {files} | {bytes} | {short} | {whole_bytes} | {whole} |\n"
            );
        }
        text += "\n## Versions\n\n";
        for (name, version) in &self.versions {
            text += &format!("- {name} {version}\n");
        }
        text
    }

    /// What is asked of the engines.
    fn subject(&self) -> String {
        let rows: u64 = self.datasets.values().map(|it| it.rows).sum();
        match self.workload {
            Workload::A => format!(
                "The 20 indicators of the shipped plan for every school, district and the city, in six years, with numerator,\n\
                 denominator and value, from {rows} records."
            ),
            Workload::C => format!(
                "One kindergarten corrects the number of its children in the last year, and the city's figure follows; {rows}\n\
                 records are there. We check the return, write it as a new version, publish a release and print the figure, in\n\
                 three processes. The peers compute the 20 indicators of that year again, from files that were corrected before."
            ),
        }
    }

    /// The engine of this name that needs the least processor time.
    fn best(&self, name: &str) -> Option<&Outcome> {
        let named =
            self.outcomes.iter().filter(|it| it.name.starts_with(name) && !it.runs.is_empty());
        named.min_by(|a, b| a.cpu().median.total_cmp(&b.cpu().median))
    }

    /// What was aimed at, and whether it was reached.
    fn aims(&self) -> String {
        let Some(duckdb) = self.best("duckdb") else { return String::new() };
        let mut text = "## Aims\n\n| aim | measured | reached |\n| --- | --- | --- |\n".to_owned();
        let aims = match self.workload {
            Workload::A => vec![
                ("haihe-files", "from the files", 1.0),
                ("haihe-states", "from our own tables, with the states that they keep", 0.5),
            ],
            Workload::C => vec![("haihe-correction", "a correction", 0.05)],
        };
        for (name, what, most) in aims {
            let Some(ours) = self.best(name) else { continue };
            let mut kinds = vec![("CPU-seconds", ours.cpu(), duckdb.cpu())];
            if self.workload == Workload::A {
                kinds.push(("peak memory", ours.peak(), duckdb.peak()));
            }
            for (kind, ours, theirs) in kinds {
                let ratio = ours.median / theirs.median;
                let reached = if ratio <= most { "yes" } else { "no" };
                text += &format!(
                    "| {what}: at most {most} × DuckDB's {kind} | {ratio:.2} × | {reached} |\n"
                );
            }
        }
        text
    }
}

impl<'a> EngineObject<'a> {
    fn of(outcome: &'a Outcome) -> Self {
        let compared = outcome.compared.as_ref();
        Self {
            name: &outcome.name,
            title: &outcome.title,
            reads: outcome.from.as_str(),
            cpu_s: outcome.cpu(),
            wall_s: outcome.spread(|it| it.wall_s),
            peak_mib: outcome.peak(),
            read_mib: outcome.spread(|it| mebibytes(it.read_bytes)),
            written_mib: outcome.spread(|it| mebibytes(it.written_bytes)),
            figures_same: compared.map_or(0, |it| it.same),
            figures_different: compared.map_or(0, |it| it.different),
            examples: compared.map_or(&[], |it| &it.examples),
            failure: outcome.failure.as_deref(),
        }
    }
}

fn line(outcome: &Outcome, duckdb: Option<&Outcome>) -> String {
    let (title, from) = (&outcome.title, outcome.from.title());
    if outcome.runs.is_empty() {
        return format!(
            "| {title} | {from} | – | – | – | – | – | – | – | {} |\n",
            outcome.verdict()
        );
    }
    let ratio = |of: fn(&Outcome) -> Spread| {
        duckdb.map_or_else(String::new, |it| format!("{:.2} ×", of(outcome).median / of(it).median))
    };
    let median = |of: fn(&Measured) -> u64| outcome.spread(|it| mebibytes(of(it))).median;
    format!(
        "| {title} | {from} | {} | {} | {} | {} | {} | {:.0} | {:.0} | {} |\n",
        outcome.cpu().shown(2),
        ratio(Outcome::cpu),
        outcome.spread(|it| it.wall_s).shown(2),
        outcome.peak().shown(0),
        ratio(Outcome::peak),
        median(|it| it.read_bytes),
        median(|it| it.written_bytes),
        outcome.verdict(),
    )
}

/// Enough of a checksum to see that it is another.
fn short(sum: &str) -> String {
    sum.chars().take(16).collect()
}

fn mebibytes(bytes: u64) -> f64 {
    // To the kibibyte: more digits than a measurement of memory has.
    f64::from(u32::try_from(bytes / 1024).unwrap_or(u32::MAX)) / 1024.0
}
