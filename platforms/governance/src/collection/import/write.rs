//! Writing: staged rows into their partitions, and all of these in one version.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use lake::{LakeError, Mode, PartitionWrite, Stage, Table};
use model::block::{Block, Cells};
use model::dataset::{Dataset, SumCheck};
use model::finding::{Finding, Severity};
use model::year::Year;

use super::super::rule::{Fault, Rule};
use super::across::{Across, Again};
use super::intake::Taken;
use super::room::Room;
use super::{Import, ImportError, Outcome, Step};

/// How often a commit is tried when others came first: on this machine the second is alone, elsewhere others may write.
const ATTEMPTS: u32 = 5;

/// What became of one partition.
struct Written {
    partition: PartitionWrite,
    year: Year,
    area: String,
    /// Rows of the file that went in.
    rows: u64,
    refused: u64,
    findings: Vec<Finding>,
}

/// Writes all that is staged, and tells the outcome.
pub(super) async fn write(
    import: &Import<'_>,
    file: &str,
    taken: &mut Taken,
    outcome: &mut Outcome,
) -> Result<(), ImportError> {
    let across = Across::of(import.dataset, &taken.stage)?;
    let mut note = import.note.clone();
    note.insert("file".to_owned(), file.to_owned());
    note.insert("hash".to_owned(), outcome.hash.clone());
    note.insert("rows".to_owned(), outcome.rows.to_string());
    let mut attempt = 1;
    loop {
        // Held until the commit.
        let turn = (!import.dry_run).then(|| import.lake.turn(import.dataset, attempt > 1));
        let _turn = turn.transpose()?;
        let table = import.lake.table(import.dataset).await?;
        let mut partitions = Vec::new();
        let mut result = Outcome { version: Some(table.version()), ..outcome.clone() };
        let mut findings = Vec::new();
        for written in write_partitions(import, file, &table, taken, &across)? {
            result.added += written.partition.added;
            result.replaced += written.partition.replaced;
            result.unchanged += written.partition.unchanged;
            result.removed += written.partition.removed;
            result.moved += written.partition.moved;
            result.refused += written.refused;
            if written.rows + written.partition.moved > 0 {
                result.partitions.push((written.year, written.area));
            }
            findings.extend(written.findings);
            partitions.push(written.partition);
        }
        if !import.dry_run {
            match table.commit(partitions, note.clone(), import.now).await {
                Ok(committed) => {
                    result.version = Some(committed.version);
                    result.changed = committed.changed;
                }
                Err(LakeError::Conflict { .. }) if attempt < ATTEMPTS => {
                    attempt += 1;
                    continue;
                }
                Err(error) => return Err(error.into()),
            }
        }
        taken.findings.take(findings)?;
        *outcome = result;
        drop(table);
        // What was written is written: leavings that cannot be removed now may be by the next one.
        if let Err(error) = import.lake.sweep(import.dataset) {
            tracing::warn!(error = %error, "data files of no version could not be removed");
        }
        return Ok(());
    }
}

/// Writes the partitions, as many at once as there are processors and [`super::room::AT_ONCE`] allows.
fn write_partitions(
    import: &Import<'_>,
    file: &str,
    table: &Table,
    taken: &Taken,
    across: &Across,
) -> Result<Vec<Written>, ImportError> {
    let mut partitions: BTreeSet<(Year, &str)> =
        taken.stage.partitions().map(|(year, area, _)| (year, area)).collect();
    // Rows may have been in other areas of these years before.
    let years: BTreeSet<Year> = partitions.iter().map(|it| it.0).collect();
    let there = table.files().iter().filter(|it| years.contains(&it.year));
    partitions.extend(there.map(|it| (it.year, it.area.as_str())));
    let partitions: Vec<(Year, &str)> = partitions.into_iter().collect();
    let job = Job {
        dataset: import.dataset,
        file,
        table,
        mode: mode(import),
        dry_run: import.dry_run,
        stage: &taken.stage,
        across,
    };
    let of = u64::try_from(partitions.len()).unwrap_or_default();
    let next = AtomicUsize::new(0);
    let room = Room::default();
    let results = Mutex::new(Vec::with_capacity(partitions.len()));
    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(partitions.len());
    let work = || {
        while let Some((year, area)) = partitions.get(next.fetch_add(1, Ordering::Relaxed)) {
            let place = room.enter(job.rows(*year, area));
            let written = job.write(*year, area);
            drop(place);
            if let Ok(mut results) = results.lock() {
                results.push(written);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..workers {
            scope.spawn(work);
        }
        work();
    });
    let results = results.into_inner().unwrap_or_default();
    let mut written = results.into_iter().collect::<Result<Vec<_>, _>>()?;
    written.sort_by(|a, b| (a.year, &a.area).cmp(&(b.year, &b.area)));
    (import.progress)(Step::Written { partitions: of, of });
    Ok(written)
}

const fn mode(import: &Import<'_>) -> Mode {
    if import.replace { Mode::Replace } else { Mode::Upsert }
}

/// What is the same for all partitions of an import.
struct Job<'a> {
    dataset: &'a Dataset,
    file: &'a str,
    table: &'a Table,
    mode: Mode,
    dry_run: bool,
    stage: &'a Stage,
    across: &'a Across,
}

impl Job<'_> {
    /// Rows that are in memory at once while a partition is written.
    fn rows(&self, year: Year, area: &str) -> u64 {
        let staged = self.stage.partitions().find(|it| it.0 == year && it.1 == area);
        let there = self.table.files().iter().filter(|it| it.year == year && it.area == area);
        staged.map_or(0, |it| it.2) + there.map(|it| it.rows).sum::<u64>()
    }

    fn write(&self, year: Year, area: &str) -> Result<Written, ImportError> {
        let gone = self.across.gone(self.table, year, area)?;
        let again = self.across.again(year, area);
        let mut block = self.stage.take(year, area)?;
        let mut findings: Vec<Finding> =
            again.iter().map(|it| self.duplicate(it.row, it.first_row)).collect();
        let mut keep = vec![true; block.len()];
        for Again { position, .. } in again {
            if let Some(keep) = keep.get_mut(*position) {
                *keep = false;
            }
        }
        let mut refused = again.len();
        if self.dataset.sums.iter().any(|it| it.severity == Severity::Error) {
            let rest = if keep.contains(&false) {
                Cow::Owned(block.keep(&keep))
            } else {
                Cow::Borrowed(&block)
            };
            let rehearsed = self.table.rehearse_partition(year, area, &rest, self.mode, &gone)?;
            for fault in &rehearsed.sums {
                let check = self.dataset.sums.get(fault.check);
                let Some(check) = check.filter(|it| it.severity == Severity::Error) else {
                    continue;
                };
                findings.push(self.sum(check, fault));
                refused += drop_group(self.dataset, check, &block, fault.row, &mut keep);
            }
        }
        if keep.contains(&false) {
            block = block.keep(&keep);
        }
        let partition = if self.dry_run {
            self.table.rehearse_partition(year, area, &block, self.mode, &gone)?
        } else {
            self.table.write_partition_without(year, area, &block, self.mode, &gone)?
        };
        refused += partition.duplicates.len();
        findings.extend(partition.duplicates.iter().map(|it| self.duplicate(it.row, it.first_row)));
        for fault in &partition.sums {
            let check = self.dataset.sums.get(fault.check);
            if let Some(check) = check.filter(|it| it.severity == Severity::Warning) {
                findings.push(self.sum(check, fault));
            }
        }
        let refused = u64::try_from(refused).unwrap_or(u64::MAX);
        let rows = u64::try_from(block.len()).unwrap_or(u64::MAX);
        Ok(Written { partition, year, area: area.to_owned(), rows, refused, findings })
    }

    fn duplicate(&self, row: u64, first_row: u64) -> Finding {
        let fault = Fault::new(
            Rule::Duplicate,
            format!("与第 {first_row} 行主键相同 / the same key as row {first_row}"),
            {
                let key = self.dataset.key.join(", ");
                format!("同年每个 {key} 一行 / one row of a year for each {key}")
            },
            "删去错误的一行；已采用先出现的一行 / delete the one that is wrong; the first was taken",
        );
        let column = self.dataset.key.last().map(String::as_str);
        fault.at(self.file, Some(row), column, Severity::Error)
    }

    fn sum(&self, check: &SumCheck, fault: &lake::SumFault) -> Finding {
        let told = Fault::new(
            Rule::Sum,
            format!("{0} 合计为 {1} / {0} adds up to {1}", check.sum, fault.sum),
            format!(
                "同一 {2} 的 {1} 为 {0} / {0} in {1} of the same {2}",
                fault.stated,
                check.equals,
                check.group.join(", ")
            ),
            format!("{} / {}", check.hint.zh, check.hint.en),
        );
        // A group may have no row in this file: then its rows were there before.
        let row = Some(fault.row).filter(|it| *it > 0);
        told.at(self.file, row, Some(&check.equals), check.severity)
    }
}

/// Takes out the rows of the group that a row of the file belongs to; tells how many.
fn drop_group(
    dataset: &Dataset,
    check: &SumCheck,
    block: &Block,
    row: u64,
    keep: &mut [bool],
) -> usize {
    let group: Vec<&Cells> = dataset
        .columns
        .iter()
        .zip(&block.columns)
        .filter(|(column, _)| check.group.contains(&column.name))
        .map(|(_, cells)| cells)
        .collect();
    let Some(sample) = block.rows.iter().position(|it| *it == row) else { return 0 };
    let mut dropped = 0;
    for (other, keep) in keep.iter_mut().enumerate() {
        let is_same = |it: &&Cells| {
            it.number(other) == it.number(sample) && it.word(other) == it.word(sample)
        };
        if *keep && group.iter().all(is_same) {
            *keep = false;
            dropped += 1;
        }
    }
    dropped
}
