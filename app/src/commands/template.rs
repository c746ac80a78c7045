use std::fs;
use std::process::ExitCode;

use anyhow::{Context, Result};
use governance::collection;

use crate::arguments::Template;
use crate::centre::Centre;
use crate::terminal::answer;

/// Writes an empty workbook with a dataset's columns, code lists and rules of entry.
pub(super) async fn run(template: &Template) -> Result<ExitCode> {
    let centre = Centre::open(&template.place).await?;
    let plan = centre.plan()?;
    let dataset = plan.datasets.get(&template.dataset);
    let dataset = dataset.with_context(|| {
        let names: Vec<&str> = plan.datasets.keys().map(String::as_str).collect();
        format!("no dataset {}; there are {}", template.dataset, names.join(", "))
    })?;
    let workbook = collection::template(dataset)?;
    fs::write(&template.file, workbook)
        .with_context(|| format!("{} could not be written", template.file.display()))?;
    answer(&format!("{} written\n", template.file.display()))?;
    Ok(ExitCode::SUCCESS)
}
