//! Writing: staged rows into their partitions, and all of these in one version.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use lake::{Change, Gone, LakeError, Mode, PartitionWrite, Staged, SumFault, Table, Turn};
use model::dataset::{Dataset, SumCheck};
use model::finding::{Finding, Severity};
use model::year::Year;

use super::super::header;
use super::super::rule::{Fault, Rule};
use super::across::{Across, Elsewhere};
use super::intake::Taken;
use super::kept_out::KeptOut;
use super::room::{OF_ONE, Room};
use super::{Import, ImportError, Outcome, Step, not_all};

/// How often a commit is tried when others came first: on this machine the second is alone, elsewhere others may write.
const ATTEMPTS: u32 = 5;

/// What became of one partition.
struct Written {
    partition: PartitionWrite,
    year: Year,
    area: String,
    refused: u64,
    findings: Vec<Finding>,
}

/// Writes all that is staged, and tells the outcome.
pub(super) async fn write(
    import: &Import<'_>,
    file: &str,
    staged: &Staged,
    taken: &mut Taken,
    outcome: &mut Outcome,
) -> Result<(), ImportError> {
    let across = Across::of(import.dataset, import.organisations, staged)?;
    let mut note = import.note.clone();
    note.insert("file".to_owned(), file.to_owned());
    note.insert("hash".to_owned(), outcome.hash.clone());
    note.insert("rows".to_owned(), outcome.rows.to_string());
    let mut turn = None;
    let mut attempt = 1;
    loop {
        let table = import.lake.table(import.dataset).await?;
        let (elsewhere, written) = write_partitions(import, file, &table, staged, &across)?;
        let mut partitions = Vec::new();
        let mut result = Outcome { version: Some(table.version()), ..outcome.clone() };
        let mut findings = Vec::new();
        let mut emptied = vec![0; import.dataset.columns.len()];
        for written in written {
            result.added += written.partition.added;
            result.replaced += written.partition.replaced;
            result.unchanged += written.partition.unchanged;
            result.removed += written.partition.removed;
            result.moved += written.partition.moved;
            result.refused += written.refused;
            if written.partition.accepted() + written.partition.moved > 0 {
                result.partitions.push((written.year, written.area));
            }
            findings.extend(written.findings);
            for (sum, rows) in emptied.iter_mut().zip(&written.partition.emptied) {
                *sum += rows;
            }
            partitions.push(written.partition);
        }
        if import.replace && result.refused > 0 {
            // Found too late to be kept out before: rows that are somebody else's, come twice or do not add up.
            findings.push(not_all(result.refused).of_file(file));
            taken.findings.take(findings)?;
            outcome.refused = result.refused;
            drop((table, partitions));
            sweep(import);
            return Ok(());
        }
        if !import.dry_run {
            let later = match standing(import, &mut turn, &table, &across, &elsewhere).await? {
                Standing::Newest => None,
                Standing::Holds(later) => Some(later),
                Standing::Overtaken => continue,
            };
            // The files that were written stay listed by the table they were written against.
            let table = later.as_deref().unwrap_or(&table);
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
        drop(turn);
        let columns = import.dataset.columns.iter().zip(emptied);
        let lost = columns.filter(|(it, rows)| *rows > 0 && taken.absent.contains(&it.name));
        findings.extend(lost.map(|(column, rows)| {
            let fault = header::emptied(column, rows);
            fault.at(file, None, Some(&column.name), Severity::Warning)
        }));
        taken.findings.take(findings)?;
        *outcome = result;
        drop(table);
        sweep(import);
        return Ok(());
    }
}

/// What was written is written: leavings that cannot be removed now may be by the next one.
fn sweep(import: &Import<'_>) {
    if let Err(error) = import.lake.sweep(import.dataset) {
        tracing::warn!(error = %error, "data files of no version could not be removed");
    }
}

/// How what was worked out against a version of the table stands when it is to be committed.
enum Standing {
    /// The version is the newest.
    Newest,
    /// There is a later one, for which it is right too.
    Holds(Box<Table>),
    /// It has to be worked out anew.
    Overtaken,
}

/// Takes the turn to commit, and tells how things stand. The turn is kept: who was overtaken once works anew in it, and
/// nobody of this machine comes first again.
///
/// Imports that have nothing to do with each other so wait for each other's commits only, and of two that bring one pupil
/// to two schools the second sees the first.
async fn standing(
    import: &Import<'_>,
    turn: &mut Option<Turn>,
    table: &Table,
    across: &Across,
    elsewhere: &Elsewhere,
) -> Result<Standing, ImportError> {
    if turn.is_some() {
        return Ok(Standing::Newest);
    }
    *turn = Some(import.lake.turn(import.dataset)?);
    if import.lake.newest_version(import.dataset).await? == table.version() {
        return Ok(Standing::Newest);
    }
    let newest = import.lake.table(import.dataset).await?;
    let holds = across.holds(table, &newest, elsewhere)?;
    Ok(if holds { Standing::Holds(Box::new(newest)) } else { Standing::Overtaken })
}

/// Writes the partitions.
fn write_partitions(
    import: &Import<'_>,
    file: &str,
    table: &Table,
    staged: &Staged,
    across: &Across,
) -> Result<(Elsewhere, Vec<Written>), ImportError> {
    let mut partitions: BTreeSet<(Year, &str)> =
        staged.partitions().map(|(year, area, _)| (year, area)).collect();
    // Rows may have been in other areas of these years before.
    let years: BTreeSet<Year> = partitions.iter().map(|it| it.0).collect();
    let there = table.files().iter().filter(|it| years.contains(&it.year));
    partitions.extend(there.map(|it| (it.year, it.area.as_str())));
    let mut job = Job {
        dataset: import.dataset,
        file,
        table,
        mode: mode(import),
        dry_run: import.dry_run,
        staged,
        across,
        partitions: partitions.into_iter().collect(),
        elsewhere: across.elsewhere(table, &BTreeMap::new())?,
        unsound: BTreeMap::new(),
    };
    if import.dataset.sums.iter().any(|it| it.severity == Severity::Error) {
        job.find_unsound()?;
    }
    let written = job.each(|year, area| job.write(year, area))?;
    let of = u64::try_from(job.partitions.len()).unwrap_or_default();
    (import.progress)(Step::Written { partitions: of, of });
    Ok((job.elsewhere, written))
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
    staged: &'a Staged,
    across: &'a Across,
    partitions: Vec<(Year, &'a str)>,
    /// What new rows take away from other partitions, and what they may not.
    elsewhere: Elsewhere,
    /// Groups that have to add up and do not.
    unsound: BTreeMap<(Year, &'a str), Vec<SumFault>>,
}

impl<'a> Job<'a> {
    /// Does something to every partition, in as many at once as there are processors and [`Room`] for.
    fn each<T: Send>(
        &self,
        work: impl Fn(Year, &'a str) -> Result<T, ImportError> + Sync,
    ) -> Result<Vec<T>, ImportError> {
        let partitions = &self.partitions;
        let next = AtomicUsize::new(0);
        let room = Room::default();
        let results = Mutex::new(BTreeMap::new());
        let run = || {
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                let Some((year, area)) = partitions.get(at) else { return };
                let place = room.enter(self.rows(*year, area).min(OF_ONE));
                let result = work(*year, area);
                drop(place);
                results.lock().unwrap_or_else(PoisonError::into_inner).insert(at, result);
            }
        };
        let workers = std::thread::available_parallelism().map_or(1, usize::from);
        std::thread::scope(|scope| {
            for _ in 1..workers.min(partitions.len()) {
                scope.spawn(run);
            }
            run();
        });
        results.into_inner().unwrap_or_else(PoisonError::into_inner).into_values().collect()
    }

    /// Rows that a partition has or gets.
    fn rows(&self, year: Year, area: &str) -> u64 {
        let staged = self.staged.partitions().find(|it| it.0 == year && it.1 == area);
        let there = self.table.files().iter().filter(|it| it.year == year && it.area == area);
        staged.map_or(0, |it| it.2) + there.map(|it| it.rows).sum::<u64>()
    }

    /// Finds the groups that have to add up and do not: none of their rows is taken.
    fn find_unsound(&mut self) -> Result<(), ImportError> {
        let is_error = |it: &SumFault| {
            let check = self.dataset.sums.get(it.check);
            check.is_some_and(|it| it.severity == Severity::Error)
        };
        let found = self.each(|year, area| {
            let mut faults = self.merge(year, area, &[], Table::rehearse)?.sums;
            faults.retain(is_error);
            let mut keys = BTreeSet::new();
            if !faults.is_empty() {
                let kept_out = KeptOut::of(&[], &[], &faults);
                self.staged.part(year, area)?.each(|block| {
                    let taken = kept_out.taken(self.dataset, block).unwrap_or_default();
                    let rows = block.rows.iter().copied().zip(lake::keys(self.dataset, block));
                    keys.extend(rows.zip(taken).filter(|it| !it.1).map(|it| it.0));
                    Ok::<(), ImportError>(())
                })?;
            }
            Ok((year, area, faults, keys))
        })?;
        let mut kept_out: BTreeMap<Year, BTreeSet<(u64, u128)>> = BTreeMap::new();
        for (year, area, faults, keys) in found {
            self.unsound.insert((year, area), faults);
            kept_out.entry(year).or_default().extend(keys);
        }
        self.elsewhere = self.across.elsewhere(self.table, &kept_out)?;
        Ok(())
    }

    /// Merges what is taken of a partition's new rows.
    fn merge(
        &self,
        year: Year,
        area: &str,
        unsound: &[SumFault],
        how: impl FnOnce(&Table, &Change<'_>) -> Result<PartitionWrite, LakeError>,
    ) -> Result<PartitionWrite, ImportError> {
        let none = Gone::default();
        let held = self.elsewhere.held(year, area);
        let kept_out = KeptOut::of(self.across.again(year, area), held, unsound);
        let change = Change {
            year,
            area,
            mode: self.mode,
            rows: &self.staged.part(year, area)?,
            taken: &|block| kept_out.taken(self.dataset, block),
            gone: self.elsewhere.gone.get(&(year, area.to_owned())).unwrap_or(&none),
        };
        Ok(how(self.table, &change)?)
    }

    fn write(&self, year: Year, area: &str) -> Result<Written, ImportError> {
        let unsound = self.unsound.get(&(year, area)).map_or(&[][..], Vec::as_slice);
        let how = if self.dry_run { Table::rehearse } else { Table::write };
        let partition = self.merge(year, area, unsound, how)?;
        let again = self.across.again(year, area).iter().map(|it| (it.row, it.first_row));
        let mut findings: Vec<Finding> =
            again.map(|(row, first_row)| self.duplicate(row, first_row)).collect();
        findings.extend(self.elsewhere.held(year, area).iter().map(|(row, _)| self.held(*row)));
        let faults = |faults: &[SumFault], severity| {
            let faults = faults.iter().filter_map(|fault| {
                let check = self.dataset.sums.get(fault.check)?;
                (check.severity == severity).then(|| self.sum(check, fault))
            });
            faults.collect::<Vec<_>>()
        };
        findings.extend(faults(unsound, Severity::Error));
        findings.extend(partition.duplicates.iter().map(|it| self.duplicate(it.row, it.first_row)));
        findings.extend(faults(&partition.sums, Severity::Warning));
        let mut staged = self.staged.partitions();
        let rows = staged.find(|it| it.0 == year && it.1 == area).map_or(0, |it| it.2);
        let refused = rows.saturating_sub(partition.accepted());
        Ok(Written { partition, year, area: area.to_owned(), refused, findings })
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

    /// Which organisation it is stays unsaid: that somebody is on its roll is not for others to know.
    fn held(&self, row: u64) -> Finding {
        let fault = Fault::new(
            Rule::Scope,
            "已由范围外的机构报送 / another organisation, beyond what may be sent here, has it",
            {
                let key = self.dataset.key.join(", ");
                format!(
                    "该 {key} 当年不在其他机构 / a {key} that no other organisation has in that year"
                )
            },
            "请原机构先删除，或由数据中心报送 / have the other organisation remove it, or the data centre send it",
        );
        let column = self.dataset.key.last().map(String::as_str);
        fault.at(self.file, Some(row), column, Severity::Error)
    }

    fn sum(&self, check: &SumCheck, fault: &SumFault) -> Finding {
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
