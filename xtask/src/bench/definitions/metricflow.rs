//! MetricFlow, brought from its registry into an environment of its own.

use std::path::Path;

use anyhow::Context;

use super::{Written, definitions, text};
use crate::bench::engines::{Engine, out_of, quoted, shell};
use crate::bench::setting::Setting;
use crate::project::{command, output};
use crate::tools;

/// Its engine's name.
pub(super) const NAME: &str = "metricflow";

/// The newest that need no parser from elsewhere.
const PACKAGES: [(&str, &str); 3] =
    [("dbt-metricflow", "0.13.0"), ("dbt-core", "1.11.16"), ("dbt-duckdb", "1.10.1")];

/// What was brought.
pub(super) fn versions() -> String {
    PACKAGES.map(|(package, version)| format!("{package} {version}")).join(", ")
}

/// Writes a project with so many ratio metrics over the same records, and makes its tables.
///
/// What is measured is the way from its metrics to the SQL for all of them; the SQL is not run.
pub(super) fn bring(setting: &Setting, many: usize) -> anyhow::Result<(Engine, Written)> {
    let python = tools::python_with(&PACKAGES)?;
    let programs = python.parent().context("the environment has no folder")?;
    let project = setting.scratch.join("metricflow");
    let lines = definitions(setting, &["metricflow", &text(&project), &many.to_string()])?;
    let around = format!(
        "cd {} && export DBT_PROFILES_DIR=. DO_NOT_TRACK=1 GOV1_FILES={} PATH={}:\"$PATH\"",
        quoted(&project),
        quoted(&setting.files),
        quoted(Path::new(programs)),
    );
    let build = format!("{around} && dbt --quiet run");
    output(command("sh").args(["-c", &build])).context("its tables could not be made")?;
    let metrics: Vec<String> = (0..many).map(|it| format!("r{it}")).collect();
    let out = out_of(setting, NAME);
    let text = format!(
        "{around} && mf query --metrics {} --group-by metric_time__year --explain > {out} 2>&1",
        metrics.join(",")
    );
    let title = format!("MetricFlow, {many} metrics to SQL");
    Ok((Engine { is_ours: false, ..shell(NAME, &title, text) }, lines))
}
