//! A report as it is read.

use super::{Report, name};
use crate::bench::aim;
use crate::bench::outcome::{Outcome, mebibytes};
use crate::bench::running::Measured;
use crate::bench::setting::Files;
use crate::bench::spread::Spread;
use crate::bench::workload::Workload;

/// The whole report of one workload.
pub(super) fn text(report: &Report) -> String {
    let name = name(report.workload, report.size);
    let rows = report.datasets.values().map(|it| it.rows).sum();
    let asked = if report.workload == Workload::Soak {
        "--soak MINUTES".to_owned()
    } else {
        format!("--workloads {}", report.workload.letter())
    };
    let mut text = format!(
        "# GOV-1, {}: {}, size {}\n\n{}\n\n\
         Made by `cargo xtask bench gov1 --size {} {asked}`; how is told in [bench/gov1](../../bench/gov1/README.md), and all\n\
         numbers are in [{name}.json]({name}.json).\n\n\
         Machine: {}. What is run several times is run {} times in turn, after once that only warms up; median (least–most).\n\
         Load of the machine over a minute: {:.1} before and {:.1} after. Where that is more than one before, something else\n\
         ran at the same time: compare processor time then, and not the clock.\n\n",
        report.workload.letter(),
        report.workload.title(),
        report.size,
        report.workload.subject(rows),
        report.size,
        report.machine,
        report.runs,
        report.load.0,
        report.load.1,
    );
    text += &aim::listed(&report.results.aims);
    let faults = report.results.faults();
    if !faults.is_empty() {
        text += "## What was not as it should be\n\n";
        text.extend(faults.iter().map(|it| format!("- {it}\n")));
        text.push('\n');
    }
    text += &format!("![{}]({name}.svg)\n\n", report.chart().title());
    text += &engines(report);
    text.extend(report.results.tables.iter().map(|it| it.text()));
    text.extend(report.results.notes.iter().map(|it| format!("{it}\n\n")));
    text += &records(report);
    text += "\n## Versions\n\n";
    text.extend(report.versions.iter().map(|(name, version)| format!("- {name} {version}\n")));
    text
}

/// What every engine took; nothing where none ran.
fn engines(report: &Report) -> String {
    if report.results.engines.is_empty() {
        return String::new();
    }
    let duckdb = report.results.best("duckdb");
    let (beside, rule) = if duckdb.is_some() { (" to DuckDB |", " --- |") } else { ("", "") };
    let mut text = format!(
        "## Engines\n\n\
         | engine | reads | CPU-s |{beside} seconds | peak MiB |{beside} read MiB | written MiB | answers |\n\
         | --- | --- | --- |{rule} --- | --- |{rule} --- | --- | --- |\n"
    );
    text.extend(report.results.engines.iter().map(|it| line(it, duckdb)));
    text += "\nAn engine reads from the memory of the system; the files were read before.";
    if duckdb.is_some() {
        text += " DuckDB is taken at the layout in which it needs\n\
                 the least processor time. Figures of ours are held against the others as they are published, rounded.";
    }
    text + "\n\n"
}

fn line(outcome: &Outcome, duckdb: Option<&Outcome>) -> String {
    let (title, from) = (&outcome.title, outcome.from.title());
    let none = if duckdb.is_some() { " – |" } else { "" };
    if outcome.runs.is_empty() {
        let verdict = outcome.verdict();
        return format!("| {title} | {from} | – |{none} – | – |{none} – | – | {verdict} |\n");
    }
    let ratio = |of: fn(&Outcome) -> Spread| {
        let times = |it: &Outcome| format!(" {:.2} × |", of(outcome).median / of(it).median);
        duckdb.map(times).unwrap_or_default()
    };
    let median = |of: fn(&Measured) -> u64| outcome.spread(|it| mebibytes(of(it))).median;
    format!(
        "| {title} | {from} | {} |{} {} | {} |{} {:.0} | {:.0} | {} |\n",
        outcome.cpu().shown(2),
        ratio(Outcome::cpu),
        outcome.wall().shown(2),
        outcome.peak().shown(0),
        ratio(Outcome::peak),
        median(|it| it.read_bytes),
        median(|it| it.written_bytes),
        outcome.verdict(),
    )
}

fn records(report: &Report) -> String {
    let mut text = "## Records\n\n\
         `sha256` is that of the sums of a dataset's files; made again from the same number they come out the same.\n\n\
         | dataset | rows | files | bytes | sha256 | bytes as one file | sha256 |\n| --- | --- | --- | --- | --- | --- | --- |\n"
        .to_owned();
    for (name, it) in &report.datasets {
        let Files { rows, files, bytes, sha256, whole_bytes, whole_sha256 } = it;
        let (short, whole) = (short(sha256), short(whole_sha256));
        text += &format!(
            "| {name} | {rows} | {files} | {bytes} | {short} | {whole_bytes} | {whole} |\n"
        );
    }
    text
}

/// Enough of a checksum to see that it is another.
fn short(sum: &str) -> String {
    sum.chars().take(16).collect()
}
