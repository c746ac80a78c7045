//! `haihe`: the education system of a city, in one binary.
//!
//! **Invariant:** the only place that reads the clock, the environment and the command line.

mod arguments;
mod audit_key;
mod backups;
mod centre;
mod cluster;
mod commands;
mod elsewhere;
mod notices;
mod office;
mod origin;
mod progress;
mod round;
mod rules;
mod seals;
mod secrets;
mod surroundings;
mod terminal;
mod turn;
mod whole;

use std::process::ExitCode;

use clap::Parser;
use tracing_subscriber::EnvFilter;

use crate::arguments::Arguments;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// 0 success, 1 the input was refused in part or whole, 2 wrong usage or a failure of ours.
#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let filter = EnvFilter::try_from_env("HAIHE_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match Box::pin(commands::run(arguments)).await {
        Ok(code) => code,
        Err(error) => {
            terminal::complain(&format!("{error:#}"));
            ExitCode::from(2)
        }
    }
}
