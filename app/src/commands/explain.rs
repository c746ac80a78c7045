use std::process::ExitCode;

use anyhow::{Context, Result};
use governance::explain::{self, json::ExplanationObject};

use super::scoreboard::{organisation, year};
use crate::arguments::{Explain, Format};
use crate::centre::Centre;
use crate::terminal::answer;

/// Says why a figure is what it is.
pub(super) async fn run(options: Explain) -> Result<ExitCode> {
    let centre = Centre::open(&options.place).await?;
    // Whoever holds the data folder may see what the public may not; persons stay masked.
    let published = centre.published(options.as_of.as_of).await?.in_full();
    let year = year(&published, options.year)?;
    let org = organisation(&published, options.org.as_ref(), year)?;
    let explanation =
        explain::explain(&published, &centre.lake, &options.indicator, &org, year, options.rows)
            .await?
            .with_context(|| {
                format!("no indicator {}; `haihe scoreboard` lists them", options.indicator)
            })?;
    let object = ExplanationObject::of(&published, &explanation);
    let text = match options.format {
        Format::Json => serde_json::to_string_pretty(&object)? + "\n",
        Format::Csv => explain::csv(&explanation),
        Format::Table => explain::text(&explanation),
    };
    answer(&text)?;
    Ok(ExitCode::SUCCESS)
}
