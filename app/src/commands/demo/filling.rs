//! The city's rows into the lake: checked, merged and committed like those of any file.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result};
use demonstration::{Batch, City, Wave};
use governance::collection::{Checks, Derivation, Findings, Organisations, Pseudonyms};
use jiff::Timestamp;
use lake::{Mode, PartitionWrite, Table};
use model::Year;
use model::block::Block;
use model::dataset::Dataset;
use model::finding::{Finding, Severity};
use model::organisation::History;
use model::plan::Plan;

use crate::centre::Centre;
use crate::commands::compute;
use crate::progress::Bar;

/// What became of the rows.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Filled {
    pub(super) accepted: u64,
    pub(super) refused: u64,
    pub(super) corrected: u64,
}

/// Everything one dataset's rows are held against.
struct Desk<'a> {
    dataset: &'a Dataset,
    table: Table,
    checks: Checks<'a>,
    derivation: Option<Derivation>,
    organisations: Organisations<'a>,
}

/// What the threads leave behind.
#[derive(Default)]
struct Trays {
    writes: BTreeMap<String, Vec<PartitionWrite>>,
    late: Vec<Batch>,
    filled: Filled,
}

/// Fills the lake, publishes the yearly returns, then takes the late corrections.
pub(super) async fn fill(
    centre: &Centre,
    plan: &Plan,
    city: &City,
    pseudonyms: &Pseudonyms,
) -> Result<Filled> {
    let history = network::history(&centre.store).await?;
    let desks = desks(centre, plan, &history).await?;
    let findings = Mutex::new(Findings::to_file(&centre.data.join("findings.csv"))?);
    let trays = Mutex::new(Trays::default());
    let bar = Bar::rows("records → facts", city.rows_expected());
    let sink = |batch: Batch| -> Result<()> {
        let rows = u64::try_from(batch.block.len()).unwrap_or_default();
        if batch.wave == Wave::Late {
            trays.lock().unwrap_or_else(PoisonError::into_inner).late.push(batch);
            return Ok(());
        }
        let desk =
            desks.get(batch.dataset).with_context(|| format!("no dataset {}", batch.dataset))?;
        let (write, found) = desk.take(batch.year, &batch.area, batch.block)?;
        let mut trays = trays.lock().unwrap_or_else(PoisonError::into_inner);
        trays.filled.accepted += write.added;
        trays.filled.refused += rows - write.added;
        trays.writes.entry(batch.dataset.to_owned()).or_default().push(write);
        drop(trays);
        findings.lock().unwrap_or_else(PoisonError::into_inner).take(found)?;
        bar.add(rows);
        Ok(())
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    tokio::task::block_in_place(|| city.generate(plan, &|it| pseudonyms.of(it), threads, &sink))?;
    bar.finish();

    let mut trays = trays.into_inner().unwrap_or_else(PoisonError::into_inner);
    for (name, writes) in std::mem::take(&mut trays.writes) {
        if let Some(desk) = desks.get(name.as_str()) {
            desk.table.commit(writes, note("yearly returns"), Timestamp::now()).await?;
        }
    }
    let mut findings = findings.into_inner().unwrap_or_else(PoisonError::into_inner);
    if !trays.late.is_empty() {
        // The returns are published as they came; the corrections then make a second release.
        compute::publish(centre).await?;
        correct(centre, plan, &history, &mut trays, &mut findings).await?;
    }
    findings.finish()?;
    Ok(trays.filled)
}

async fn correct(
    centre: &Centre,
    plan: &Plan,
    history: &History,
    trays: &mut Trays,
    findings: &mut Findings,
) -> Result<()> {
    let desks = desks(centre, plan, history).await?;
    let mut writes: BTreeMap<&str, Vec<PartitionWrite>> = BTreeMap::new();
    for batch in std::mem::take(&mut trays.late) {
        let Some(desk) = desks.get(batch.dataset) else { continue };
        let (write, found) = desk.take(batch.year, &batch.area, batch.block)?;
        trays.filled.corrected += write.replaced;
        findings.take(found)?;
        writes.entry(batch.dataset).or_default().push(write);
    }
    for (name, writes) in writes {
        if let Some(desk) = desks.get(name) {
            desk.table.commit(writes, note("late corrections"), Timestamp::now()).await?;
        }
    }
    Ok(())
}

fn note(what: &str) -> BTreeMap<String, String> {
    BTreeMap::from([("source".to_owned(), format!("demonstration city, {what}"))])
}

async fn desks<'a>(
    centre: &Centre,
    plan: &'a Plan,
    history: &'a History,
) -> Result<BTreeMap<&'a str, Desk<'a>>> {
    let mut desks = BTreeMap::new();
    for (name, dataset) in &plan.datasets {
        let levels = plan.levels.iter().map(|it| it.code.as_str());
        desks.insert(
            name.as_str(),
            Desk {
                dataset,
                table: centre.lake.table(dataset).await?,
                checks: Checks::new(dataset)?,
                derivation: Derivation::new(dataset, &plan.rules)?,
                organisations: Organisations::new(
                    history,
                    dataset.reference,
                    levels,
                    Timestamp::now(),
                    plan.clocks(),
                ),
            },
        );
    }
    Ok(desks)
}

impl Desk<'_> {
    /// Checks rows of one partition and writes what passes.
    fn take(
        &self,
        year: Year,
        area: &str,
        mut block: Block,
    ) -> Result<(PartitionWrite, Vec<Finding>)> {
        if let Some(derivation) = &self.derivation {
            derivation.fill(&mut block);
        }
        let file = format!("{}-{year}-{area}", self.dataset.name);
        let checked = self.checks.check(&file, &block, &self.organisations)?;
        let mut findings = checked.findings;
        if checked.keep.contains(&false) {
            block = block.keep(&checked.keep);
        }
        let write = self.table.write_partition(year, area, &block, Mode::Upsert)?;
        findings.extend(write.duplicates.iter().map(|it| Finding {
            file: file.clone(),
            row: Some(it.row),
            column: None,
            rule: "duplicate",
            found: format!("the key of row {}", it.first_row),
            expected: "a key of its own".to_owned(),
            hint: "keep one of the two rows".to_owned(),
            severity: Severity::Error,
        }));
        Ok((write, findings))
    }
}
