//! The test gate: everything that must hold before a change is taken.

use std::process::ExitCode;
use std::time::Instant;

use anyhow::bail;

mod browser;
mod city;
mod cluster;
mod lints;
mod strangers;
mod testing;

pub(crate) use self::browser::pictures;
pub(crate) use self::cluster::start as start_cluster;

/// One part of the gate.
struct Part {
    name: &'static str,
    run: fn() -> anyhow::Result<()>,
}

/// In this order: what answers quickly first, what needs the whole build after it.
const PARTS: [Part; 11] = [
    Part { name: "format", run: lints::format },
    Part { name: "spelling", run: lints::spelling },
    Part { name: "dependencies", run: lints::dependencies },
    Part { name: "tests", run: testing::all },
    Part { name: "postgres", run: testing::on_postgres },
    Part { name: "fuzz", run: testing::fuzz },
    Part { name: "strangers", run: strangers::ask },
    Part { name: "cluster", run: cluster::compute },
    Part { name: "browser", run: browser::walk },
    Part { name: "clippy", run: lints::clippy },
    Part { name: "docs", run: lints::docs },
];

/// Runs the parts named, or all; the exit code is 1 when one failed.
pub(crate) fn run(names: &[String]) -> anyhow::Result<ExitCode> {
    if let Some(unknown) = names.iter().find(|it| PARTS.iter().all(|part| part.name != it.as_str()))
    {
        let known: Vec<_> = PARTS.iter().map(|it| it.name).collect();
        bail!("`{unknown}` is no part of the gate; there are {}", known.join(", "));
    }
    let chosen = |part: &&Part| names.is_empty() || names.iter().any(|it| it == part.name);
    let begin = Instant::now();
    let mut results = Vec::new();
    for part in PARTS.iter().filter(chosen) {
        println!("\n== {} ==", part.name);
        let start = Instant::now();
        let result = (part.run)();
        let seconds = start.elapsed().as_secs();
        match &result {
            Ok(()) => println!("== {}: passed in {seconds} s ==", part.name),
            Err(error) => println!("== {}: FAILED in {seconds} s: {error:#} ==", part.name),
        }
        results.push((part.name, seconds, result.is_ok()));
    }
    println!("\n{}", summary(&results, begin.elapsed().as_secs()));
    let sound = results.iter().all(|(_, _, passed)| *passed);
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn summary(results: &[(&str, u64, bool)], seconds: u64) -> String {
    let whole = if results.len() == PARTS.len() { "whole gate" } else { "part of the gate" };
    let failed: Vec<_> = results.iter().filter(|it| !it.2).map(|it| it.0).collect();
    let each: Vec<_> = results.iter().map(|(name, time, _)| format!("{name} {time} s")).collect();
    let verdict = if failed.is_empty() {
        "all held".to_owned()
    } else {
        format!("FAILED: {}", failed.join(", "))
    };
    format!("{whole} in {seconds} s ({}): {verdict}", each.join(", "))
}
