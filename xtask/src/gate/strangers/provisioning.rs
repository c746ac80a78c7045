//! SCIM 2.0, asked by `scim2-tester`: every check it knows.

use super::super::city::{City, free_port};
use crate::project::{command, output, root};
use crate::tools;

pub(super) fn check() -> anyhow::Result<()> {
    let python = tools::python_with(&[("scim2-tester", "0.5.2"), ("httpx2", "2.16.2")])?;
    let city = City::make()?;
    let port = free_port()?;
    let _served = city.serve(port, &[])?;
    let token = city.token("scim", "scim2-tester")?;
    let script = root().join("xtask/src/gate/strangers/provisioning.py");
    // As the city knows itself: the tester follows no address that leads elsewhere.
    let address = format!("http://localhost:{port}/scim/v2");
    let said = output(command(python).arg(script).arg(address).arg(token))?;
    println!("  scim2-tester: {}", said.trim());
    Ok(())
}
