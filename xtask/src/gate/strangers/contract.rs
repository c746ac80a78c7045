//! The API, held by schemathesis against its own description: no failure of ours, and no answer that is not described.

use super::super::city::{City, free_port};
use crate::project::{command, run};
use crate::tools;

/// What is checked. Whether an odd question is refused is for us to say, so that is left out.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
                      response_headers_conformance,response_schema_conformance";

/// Questions of each kind. The same ones in every run.
const QUESTIONS: [&str; 4] = ["--max-examples", "40", "--seed", "20211126"];

pub(super) fn hold() -> anyhow::Result<()> {
    let schemathesis = tools::from_python("schemathesis", "schemathesis", "4.32.5")?;
    let city = City::make()?;
    let port = free_port()?;
    let _served = city.serve(port, &[])?;
    let token = city.token("records", "schemathesis")?;
    run(command(schemathesis)
        // It leaves notes where it runs.
        .current_dir(city.data())
        .arg("run")
        .arg(format!("http://127.0.0.1:{port}/api/openapi.json"))
        .args(["--no-color", "--checks", CHECKS])
        .args(["--header", &format!("Authorization: Bearer {token}")])
        .args(QUESTIONS))
}
