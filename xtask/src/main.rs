//! The project's chores: the test gate, the standing guards over the source, and benchmarks against peers.
//!
//! **Invariant:** no part of the gate is skipped in silence. A tool that is missing and cannot be
//! installed is a failure that names the tool.

#![expect(clippy::print_stdout, reason = "a command line speaks on standard output")]

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod bench;
mod gate;
#[cfg(test)]
mod guards;
mod postgres;
mod project;
mod tools;

#[derive(Debug, Parser)]
#[command(about = "Chores of the project")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, Subcommand)]
enum Chore {
    /// Runs the test gate: all of it, or the parts that are named.
    Test {
        /// Names of parts, such as `clippy` or `browser`; all when none is given.
        parts: Vec<String>,
    },
    /// Starts a cluster on this machine: a scheduler, two executors and an S3 server, until it is interrupted.
    Cluster,
    /// Takes the pictures of the README anew.
    Pictures,
    /// Measures the product beside its peers and writes a report.
    #[command(subcommand)]
    Bench(bench::Bench),
}

fn main() -> anyhow::Result<ExitCode> {
    match Arguments::parse().chore {
        Chore::Test { parts } => gate::run(&parts),
        Chore::Cluster => gate::start_cluster().map(|()| ExitCode::SUCCESS),
        Chore::Pictures => gate::pictures().map(|()| ExitCode::SUCCESS),
        Chore::Bench(bench) => bench::run(&bench),
    }
}
