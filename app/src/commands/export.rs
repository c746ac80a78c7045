use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use governance::figures::{Published, csv};
use model::Year;

use super::scoreboard::year;
use crate::arguments::Export;
use crate::centre::Centre;
use crate::terminal::remark;
use crate::whole;

/// Writes the figures of a release to a file: one row for each indicator, organisation and year.
pub(super) async fn run(export: Export) -> Result<ExitCode> {
    let centre = Centre::open(&export.place).await?;
    let mut published = centre.published(export.as_of.as_of).await?;
    if export.in_full {
        published = published.in_full();
    }
    if let Some(cut) = export.cut {
        published = on_cut(&published, cut)?;
    }
    let plan = published.plan();
    let mut indicators = export.indicators;
    if let Some(unknown) = indicators.iter().find(|it| plan.indicator(it).is_none()) {
        bail!("no indicator {unknown}; `haihe scoreboard` lists them");
    }
    if indicators.is_empty() {
        indicators = plan.indicators.iter().map(|it| it.code.clone()).collect();
    }
    let file = &export.file;
    let rows = whole::write(file, whole::SHARED, |it| csv::all(&published, &indicators, it))
        .with_context(|| format!("{} could not be written", file.display()))?;
    remark(&format!("{rows} figures of release {}", published.release().id));
    Ok(ExitCode::SUCCESS)
}

/// The boundaries of the end of one year of the plan for all years.
pub(super) fn on_cut(published: &Published, cut: Year) -> Result<Published> {
    Ok(published.on_cut(year(published, Some(cut))?))
}
