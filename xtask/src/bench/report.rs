//! The report of a workload: what was measured, on what, and whether the answers were right.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Serialize;

use super::aim::Aim;
use super::chart::Chart;
use super::outcome::{Outcome, Results, mebibytes};
use super::setting::{self, Files, NUMBER, Setting};
use super::spread::Spread;
use super::table::Table;
use super::workload::Workload;

mod markdown;
mod overview;

pub(super) use self::overview::write as write_overview;

/// All there is to say of a workload.
#[derive(Debug)]
pub(super) struct Report {
    workload: Workload,
    size: &'static str,
    runs: usize,
    machine: String,
    load: (f64, f64),
    versions: BTreeMap<String, String>,
    datasets: BTreeMap<String, Files>,
    results: Results,
}

/// The report as others read it: names are stable.
#[derive(Serialize)]
struct ReportObject<'a> {
    benchmark: &'static str,
    workload: &'static str,
    title: &'static str,
    size: &'static str,
    number: &'static str,
    runs: usize,
    machine: &'a str,
    load_before: f64,
    load_after: f64,
    aims: &'a [Aim],
    faults: Vec<String>,
    engines: Vec<EngineObject<'a>>,
    tables: &'a [Table],
    versions: &'a BTreeMap<String, String>,
    datasets: &'a BTreeMap<String, Files>,
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
        results: Results,
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
            results,
        })
    }

    /// Writes it as Markdown, JSON and a chart.
    pub(super) fn write(&self, folder: &Path) -> anyhow::Result<()> {
        fs::create_dir_all(folder)?;
        let name = name(self.workload, self.size);
        let json = serde_json::to_string_pretty(&self.object())? + "\n";
        fs::write(folder.join(format!("{name}.json")), json)?;
        fs::write(folder.join(format!("{name}.svg")), self.chart().draw())?;
        fs::write(folder.join(format!("{name}.md")), markdown::text(self))?;
        println!("  the report is {}", folder.join(format!("{name}.md")).display());
        Ok(())
    }

    fn chart(&self) -> Chart {
        let given = self.results.chart.clone();
        given.unwrap_or_else(|| Chart::of_engines(&self.results.engines))
    }

    fn object(&self) -> ReportObject<'_> {
        ReportObject {
            benchmark: "GOV-1",
            workload: self.workload.letter(),
            title: self.workload.title(),
            size: self.size,
            number: NUMBER,
            runs: self.runs,
            machine: &self.machine,
            load_before: self.load.0,
            load_after: self.load.1,
            aims: &self.results.aims,
            faults: self.results.faults(),
            engines: self.results.engines.iter().map(EngineObject::of).collect(),
            tables: &self.results.tables,
            versions: &self.versions,
            datasets: &self.datasets,
        }
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
            wall_s: outcome.wall(),
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

/// Of the files of a workload.
fn name(workload: Workload, size: &str) -> String {
    format!("gov1-{}-{size}", workload.letter().to_ascii_lowercase())
}
