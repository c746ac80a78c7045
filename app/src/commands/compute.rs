use std::process::ExitCode;

use anyhow::Result;
use governance::release;
use jiff::Timestamp;

use crate::arguments::Compute;
use crate::centre::Centre;
use crate::cluster::Cluster;
use crate::terminal::answer;

/// Computes the states of everything and publishes a release.
///
/// The states come first: whoever reads the release finds them there.
pub(super) async fn run(compute: Compute) -> Result<ExitCode> {
    let centre = Centre::open(&compute.place).await?;
    let settled = centre.settings()?.compute;
    let cluster = Cluster::chosen(compute.cluster, compute.store, settled)?;
    let (release, is_new) = publish_from(&centre, cluster).await?;
    let what = if is_new { "published" } else { "nothing changed since" };
    answer(&format!("{what} release {} of {}\n", release.id, release.recorded_at))?;
    Ok(ExitCode::SUCCESS)
}

/// Removes what killed imports left, scans what was not scanned yet, then records the release.
pub(super) async fn publish(centre: &Centre) -> Result<(release::Release, bool)> {
    publish_from(centre, None).await
}

/// The same, with what is to be scanned scanned by a cluster first.
async fn publish_from(
    centre: &Centre,
    cluster: Option<Cluster>,
) -> Result<(release::Release, bool)> {
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
    let (lake, measured, data) = (centre.lake.clone(), plan.clone(), centre.data.clone());
    tokio::task::spawn_blocking(move || -> Result<()> {
        if let Some(cluster) = cluster {
            let mut orders = Vec::new();
            for (name, table) in &tables {
                orders.extend(lake.order(table, &measured.measures_of(name).collect::<Vec<_>>())?);
            }
            cluster.compute(&data, &orders, &|rows| told.add(rows))?;
        }
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
