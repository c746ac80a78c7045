//! Benchmarks of the main job: whole processes on a demonstration city.
//!
//! **Invariant:** drives the product from outside, as a user would, and judges nothing.

mod browser;
mod crowd;
mod openid;
mod process;
mod reading;
mod records;
mod roster;
mod sign_in;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::{Parser, Subcommand};

use crate::process::{Measured, Server, run};

#[derive(Debug, Parser)]
struct Arguments {
    /// The product's binary.
    #[arg(long, default_value = "target/release/haihe")]
    haihe: PathBuf,
    /// Folder of the demonstration city; made when it is not there.
    #[arg(long, default_value = "bench-data")]
    data: PathBuf,
    #[arg(long, default_value = "m")]
    size: String,
    /// Where to write the figures as JSON.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Something else than the main job.
    #[command(subcommand)]
    other: Option<Other>,
}

#[derive(Debug, Subcommand)]
enum Other {
    /// Signing in: how many a second and core, and in how much memory with a crowd of accounts.
    SignIn(sign_in::Options),
    /// Signing in to applications: how many a second and core, beside another provider.
    Openid(openid::Options),
    /// Importing records: time and memory as the rows grow.
    Records(records::Options),
    /// Importing rosters: time and memory as the rows grow.
    Roster(roster::Options),
}

/// Repetitions of what is measured more than once; the median is reported.
const RUNS: usize = 5;

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let mut report = BTreeMap::new();
    if let Some(other) = &arguments.other {
        let haihe = &arguments.haihe;
        let (name, figures) = match other {
            Other::SignIn(options) => ("sign_in", sign_in::measure(haihe, options).await?),
            Other::Openid(options) => ("openid", openid::measure(haihe, options).await?),
            Other::Records(options) => ("records", records::measure(haihe, options)?),
            Other::Roster(options) => ("roster", roster::measure(haihe, options)?),
        };
        report.insert(name.to_owned(), figures);
        return tell(&report, arguments.json.as_deref());
    }
    let data = arguments.data.display().to_string();
    if !arguments.data.join("centre.toml").exists() {
        let made = run(
            &arguments.haihe,
            &["demo", "--size", &arguments.size, "--no-serve", "--data", &data],
        )?;
        note(&mut report, "demo", &made);
    }
    for folder in ["lake", "states"] {
        let bytes = bytes_in(&arguments.data.join(folder))?;
        report.insert(format!("{folder}_bytes"), serde_json::json!(bytes));
    }
    fs::remove_dir_all(arguments.data.join("states"))?;
    note(&mut report, "compute_from_facts", &run(&arguments.haihe, &["compute", "--data", &data])?);
    correct(&arguments, &data, &mut report).await?;
    let port = 18_080;
    let server = Server::start(&arguments.haihe, &data, port).await?;
    for (name, paths) in [("one_page", vec!["/".to_owned()]), ("all_pages", reading::pages())] {
        let times = reading::clients(port, 32, 200, &paths).await?;
        report.insert(format!("http_{name}"), times.report());
    }
    drop(server);
    tell(&report, arguments.json.as_deref())
}

/// Prints the figures, and writes them where that was asked for.
fn tell(report: &BTreeMap<String, serde_json::Value>, json: Option<&Path>) -> Result<()> {
    for (what, figure) in report {
        say(&format!("{what:<28} {figure}"));
    }
    if let Some(path) = json {
        fs::write(path, serde_json::to_string_pretty(report)?)?;
    }
    Ok(())
}

fn say(line: &str) {
    #[expect(clippy::print_stdout, reason = "the report is this program's answer")]
    {
        println!("{line}");
    }
}

fn note(report: &mut BTreeMap<String, serde_json::Value>, what: &str, measured: &Measured) {
    report.insert(what.to_owned(), measured.report());
}

/// One school's classes, changed there and back.
async fn correct(
    arguments: &Arguments,
    data: &str,
    report: &mut BTreeMap<String, serde_json::Value>,
) -> Result<()> {
    let given = arguments.data.join("corrections").join("kindergartens.csv");
    let text =
        fs::read_to_string(&given).with_context(|| format!("{} is not there", given.display()))?;
    let other = arguments.data.join("corrections").join("bench.csv");
    let indicator = "IND-09";
    let port = 18_081;
    let server = Server::start(&arguments.haihe, data, port).await?;
    let mut walls = Vec::new();
    let mut served = Vec::new();
    for turn in 0..=RUNS {
        fs::write(&other, if turn % 2 == 0 { other_children(&text)? } else { text.clone() })?;
        let before = reading::figure(port, indicator).await?;
        let began = Instant::now();
        let file = other.display().to_string();
        run(&arguments.haihe, &["import", "kindergartens", &file, "--data", data])?;
        run(&arguments.haihe, &["compute", "--data", data])?;
        let wall = began.elapsed();
        while reading::figure(port, indicator).await? == before {
            if began.elapsed() > Duration::from_secs(30) {
                bail!("the served figure did not change");
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        if turn > 0 {
            walls.push(wall);
            served.push(began.elapsed());
        }
    }
    drop(server);
    report.insert("correction_computed_s".to_owned(), median(walls));
    report.insert("correction_served_s".to_owned(), median(served));
    Ok(())
}

/// The same record with one child more in its first row.
fn other_children(text: &str) -> Result<String> {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let head = lines.first().context("no header")?.trim_start_matches('\u{feff}').to_owned();
    let column = head.split(',').position(|it| it == "在园幼儿数").context("no children")?;
    let row = lines.get_mut(1).context("no rows")?;
    let mut cells: Vec<String> = row.split(',').map(str::to_owned).collect();
    let cell = cells.get_mut(column).context("no cell")?;
    *cell = (cell.parse::<u32>()? + 1).to_string();
    *row = cells.join(",");
    Ok(lines.join("\n") + "\n")
}

fn median(mut times: Vec<Duration>) -> serde_json::Value {
    times.sort_unstable();
    let seconds = times.get(times.len() / 2).map_or(0.0, Duration::as_secs_f64);
    serde_json::json!((seconds * 1000.0).round() / 1000.0)
}

fn bytes_in(folder: &Path) -> Result<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        bytes +=
            if entry.path().is_dir() { bytes_in(&entry.path())? } else { entry.metadata()?.len() };
    }
    Ok(bytes)
}
