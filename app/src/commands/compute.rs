use std::process::ExitCode;

use anyhow::Result;
use governance::release;
use jiff::Timestamp;

use crate::arguments::Compute;
use crate::centre::Centre;
use crate::terminal::answer;

/// Computes the states of everything and publishes a release.
///
/// The states come first: whoever reads the release finds them there.
pub(super) async fn run(compute: Compute) -> Result<ExitCode> {
    let centre = Centre::open(&compute.place).await?;
    let (release, is_new) = publish(&centre).await?;
    let what = if is_new { "published" } else { "nothing changed since" };
    answer(&format!("{what} release {} of {}\n", release.id, release.recorded_at))?;
    Ok(ExitCode::SUCCESS)
}

/// Removes what killed imports left, scans what was not scanned yet, then records the release.
pub(super) async fn publish(centre: &Centre) -> Result<(release::Release, bool)> {
    let plan = centre.plan()?;
    let mut rows = 0;
    let mut tables = Vec::new();
    for (name, dataset) in &plan.datasets {
        centre.lake.sweep(dataset)?;
        let measures: Vec<_> = plan.measures_of(name).collect();
        let version = centre.lake.newest_version(dataset).await?;
        // Most tables are as they were: they need not be opened.
        if measures.is_empty() || centre.lake.has_prepared_states(dataset, version, &measures)? {
            continue;
        }
        let table = centre.lake.table(dataset).await?;
        rows += table.rows();
        tables.push((name.clone(), table));
    }
    let bar = crate::progress::Bar::rows("facts → states", rows);
    let told = bar.clone();
    let (lake, measured) = (centre.lake.clone(), plan.clone());
    tokio::task::spawn_blocking(move || -> Result<()> {
        for (name, table) in &tables {
            let measures: Vec<_> = measured.measures_of(name).collect();
            lake.prepare_states(table, &measures, &|rows| told.add(rows))?;
        }
        Ok(())
    })
    .await??;
    bar.finish();
    let publication =
        release::publish(&centre.store, &centre.lake, &plan, Timestamp::now()).await?;
    Ok((publication.release, publication.is_new))
}
