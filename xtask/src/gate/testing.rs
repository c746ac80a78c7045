//! The tests: all of them once, and those that speak SQL a second time on PostgreSQL.

use std::process::Command;

use crate::postgres::Server;
use crate::project::{cargo, run};
use crate::tools;

/// Crates whose tests ask a database something.
const ON_A_DATABASE: [&str; 3] = ["store", "network", "governance"];

pub(super) fn all() -> anyhow::Result<()> {
    run(runner().arg("--workspace"))
}

pub(super) fn on_postgres() -> anyhow::Result<()> {
    let server = Server::start()?;
    let mut tests = runner();
    for name in ON_A_DATABASE {
        tests.args(["--package", name]);
    }
    run(tests.env("HAIHE_TEST_DB", server.address()))
}

/// `cargo nextest` where it is installed, otherwise `cargo test`: the same tests.
fn runner() -> Command {
    let mut command = cargo();
    if tools::find("cargo-nextest").is_some() {
        command.args(["nextest", "run", "--no-fail-fast"]);
    } else {
        command.args(["test", "--no-fail-fast"]);
    }
    command.args(["--release", "--locked"]);
    command
}
