//! The tests: all of them once, and those that speak SQL a second time on PostgreSQL.
//!
//! Always for the whole workspace: a part of it would ask for other features of the crates we depend on,
//! and so compile the query engine anew.

use std::process::Command;

use super::browser::need_chinese_font;
use crate::postgres::Server;
use crate::project::{cargo, run};
use crate::tools;

/// Crates whose tests ask a database something, or start the program, which does.
const ON_A_DATABASE: &str = "package(store) + package(network) + package(casework) + package(governance) + package(web) + package(app)";

/// How many inputs each parser of foreign input is tried with: a number and no time, so that every run is the same.
const INPUTS: &str = "20000";

pub(super) fn all() -> anyhow::Result<()> {
    need_chinese_font()?;
    run(&mut runner())
}

pub(super) fn on_postgres() -> anyhow::Result<()> {
    let server = Server::start()?;
    let mut tests = runner();
    // The other cannot choose by package without building anew, so it tests a little more than it need.
    if has_nextest() {
        tests.args(["--filterset", ON_A_DATABASE]);
    }
    run(tests.env("HAIHE_TEST_DB", server.address()))
}

/// Every parser of foreign input, with far more inputs than the tests try.
pub(super) fn fuzz() -> anyhow::Result<()> {
    let mut tests = runner();
    if has_nextest() {
        tests.args(["--filterset", "package(fuzz) + test(fuzz_)"]);
    } else {
        tests.args(["--lib", "--", "fuzz_"]);
    }
    run(tests.env("HAIHE_FUZZ_INPUTS", INPUTS))
}

/// `cargo nextest` where it is installed, otherwise `cargo test`: the same tests.
fn runner() -> Command {
    let mut command = cargo();
    command.args(if has_nextest() { &["nextest", "run"][..] } else { &["test"] });
    command.args(["--no-fail-fast", "--release", "--locked", "--workspace"]);
    command
}

fn has_nextest() -> bool {
    tools::find("cargo-nextest").is_some()
}
