use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use governance::figures::{Published, csv};

use crate::arguments::Export;
use crate::centre::Centre;
use crate::terminal::remark;

/// Writes the figures of a release to a file: one row for each indicator, organisation and year.
pub(super) async fn run(export: Export) -> Result<ExitCode> {
    let centre = Centre::open(&export.place).await?;
    let mut published = centre.published(export.as_of.as_of).await?;
    if export.in_full {
        published = published.in_full();
    }
    let plan = published.plan();
    let mut indicators = export.indicators;
    if let Some(unknown) = indicators.iter().find(|it| plan.indicator(it).is_none()) {
        bail!("no indicator {unknown}; `haihe scoreboard` lists them");
    }
    if indicators.is_empty() {
        indicators = plan.indicators.iter().map(|it| it.code.clone()).collect();
    }
    let rows = write(&published, &indicators, &export.file)
        .with_context(|| format!("{} could not be written", export.file.display()))?;
    remark(&format!("{rows} figures of release {}", published.release().id));
    Ok(ExitCode::SUCCESS)
}

/// Beside its place and then renamed, so that a kill leaves no half.
fn write(published: &Published, indicators: &[String], path: &Path) -> io::Result<usize> {
    let beside = path.with_extension("new");
    let mut file = BufWriter::new(File::create(&beside)?);
    let rows = csv::all(published, indicators, &mut file)?;
    file.into_inner()?.sync_data()?;
    fs::rename(&beside, path)?;
    Ok(rows)
}
