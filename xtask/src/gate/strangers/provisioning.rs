//! SCIM 2.0, asked by `scim2-tester`: every check it knows.

use anyhow::Context;

use super::super::city::{City, free_port};
use crate::project::{command, output, root};
use crate::tools;

pub(super) fn check() -> anyhow::Result<()> {
    let python = tools::python_with(&[("scim2-tester", "0.5.2"), ("httpx2", "2.16.2")])?;
    let city = City::make()?;
    let port = free_port()?;
    let _served = city.serve(port, &[])?;
    let board = output(&mut city.command(&["scoreboard", "--format", "json"]))?;
    let board: serde_json::Value = serde_json::from_str(&board)?;
    let whole = board.pointer("/organisation/code").and_then(serde_json::Value::as_str);
    let whole = whole.context("the scoreboard names no organisation")?;
    let words = ["token", "issue", "scim", "--name", "scim2-tester", "--org", whole];
    let said = output(&mut city.command(&words))?;
    let token = said.lines().next().context("no token was issued")?;
    let script = root().join("xtask/src/gate/strangers/provisioning.py");
    // As the city knows itself: the tester follows no address that leads elsewhere.
    let address = format!("http://localhost:{port}/scim/v2");
    let said = output(command(python).arg(script).arg(address).arg(token))?;
    println!("  scim2-tester: {}", said.trim());
    Ok(())
}
