//! `haihe-cluster`: computes states on several machines.
//!
//! Three roles: a scheduler, executors, and whoever has something computed (started by `haihe compute --cluster`).
//! What is computed is what the lake computes by itself, of the same files, by the same code; Apache Ballista decides
//! who does which part, and does it again when somebody is lost.
//!
//! **Invariant:** the only crate that names Ballista, and whatever an executor answers is kept only as states of the
//! file that was asked for.

mod arguments;
mod bucket;
mod codec;
mod copying;
mod ordering;
mod parts;
mod plan;
mod serving;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use tracing_subscriber::EnvFilter;

use self::arguments::{Arguments, Role};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// 0 success, 2 a failure: what was computed until then is kept.
#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let filter = EnvFilter::try_from_env("HAIHE_LOG").unwrap_or_else(|_| EnvFilter::new("error"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let done = match arguments.role {
        Role::Scheduler(it) => Box::pin(serving::schedule(it)).await,
        Role::Executor(it) => Box::pin(serving::execute(it)).await,
        Role::Compute(it) => Box::pin(ordering::compute(it)).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to be told when this cannot be written.
            let _ = writeln!(std::io::stderr(), "{error:#}");
            ExitCode::from(2)
        }
    }
}
