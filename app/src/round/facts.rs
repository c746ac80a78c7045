//! Rows that cases hand out, imported as a school's file is: held against the dataset, merged by key, found again.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::{Context, Result};
use casework::Office;
use casework::cases::OutboxId;
use casework::outbox::{self, WaitingFact};
use governance::collection::{Delivery, Mapping, Outcome, Receiver};
use jiff::Timestamp;
use model::dataset::{ColumnKind, Dataset};
use model::finding::Severity;
use model::organisation::History;
use model::plan::Plan;

use crate::centre::Centre;

/// Rows that are imported in one go.
const AT_ONCE: u32 = 100;
/// A header is the first row of a file.
const FIRST_ROW: u64 = 2;

/// What became of the rows of a dataset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Taken {
    /// They are in the lake, or a later row took their place.
    pub(crate) taken: usize,
    pub(crate) refused: usize,
    /// The plan in force has no such dataset, so that they wait.
    pub(crate) is_unknown: bool,
}

/// Takes all rows that wait to the lake.
pub(super) async fn take(
    centre: &Centre,
    office: &Office,
    at: Timestamp,
) -> Result<Vec<(String, Taken)>> {
    let datasets = outbox::datasets(office, at).await?;
    if datasets.is_empty() {
        return Ok(Vec::new());
    }
    let (plan, known) = centre.plan_and_history().await?;
    let mut done = Vec::new();
    for name in datasets {
        let taken = match plan.datasets.get(&name) {
            None => Taken { is_unknown: true, ..Taken::default() },
            Some(dataset) => {
                let lake = To { centre, office, plan: &plan, known: &known, dataset, at };
                Box::pin(lake.take()).await?
            }
        };
        done.push((name, taken));
    }
    Ok(done)
}

/// Where rows go.
struct To<'a> {
    centre: &'a Centre,
    office: &'a Office,
    plan: &'a Plan,
    known: &'a History,
    dataset: &'a Dataset,
    at: Timestamp,
}

impl To<'_> {
    async fn take(&self) -> Result<Taken> {
        let mut taken = Taken::default();
        let mut after = None;
        loop {
            let name = &self.dataset.name;
            let facts = outbox::facts_of(self.office, name, after, AT_ONCE, self.at).await?;
            let Some(last) = facts.last() else { return Ok(taken) };
            after = Some(last.id);
            let refused = self.write(&facts).await?;
            let is_refused = |it: &&WaitingFact| refused.iter().any(|(id, _)| *id == it.id);
            let sound: Vec<_> = facts.iter().filter(|it| !is_refused(it)).map(|it| it.id).collect();
            // Only now: whoever is stopped before this finds the rows again, and writes the same once more.
            outbox::facts_taken(self.office, &sound, self.at).await?;
            outbox::facts_refused(self.office, &refused, self.at).await?;
            taken.taken += sound.len();
            taken.refused += refused.len();
        }
    }

    /// Imports rows; gives those that were refused, and why.
    async fn write(&self, facts: &[WaitingFact]) -> Result<Vec<(OutboxId, String)>> {
        let latest = latest(self.dataset, facts);
        let staging = Receiver::staging(&self.centre.data)?;
        let file = staging.path().join(format!("cases-{}.csv", self.dataset.name));
        sheet(&file, self.dataset, &latest)
            .with_context(|| format!("{} could not be written", file.display()))?;
        let mapping = Mapping::default();
        let delivery = Delivery::new(self.dataset, &file, &mapping);
        let receiver = self.centre.receiver(self.plan, self.known, self.at);
        let outcome = receiver.take(delivery, &|_| {}).await?;
        Ok(refused(&outcome, &latest))
    }
}

/// Of rows with the same key the last one: a case that goes on hands out its row anew.
fn latest<'a>(dataset: &Dataset, facts: &'a [WaitingFact]) -> Vec<&'a WaitingFact> {
    let year = dataset.columns.iter().find(|it| it.kind == ColumnKind::Year).map(|it| &it.name);
    let key = |fact: &WaitingFact| -> Vec<String> {
        let columns = dataset.key.iter().chain(year);
        columns.map(|it| fact.row.get(it).map(ToString::to_string).unwrap_or_default()).collect()
    };
    let mut seen = BTreeSet::new();
    let mut latest: Vec<&WaitingFact> =
        facts.iter().rev().filter(|it| seen.insert(key(it))).collect();
    latest.reverse();
    latest
}

fn sheet(file: &PathBuf, dataset: &Dataset, facts: &[&WaitingFact]) -> Result<()> {
    let mut sheet = csv::Writer::from_path(file)?;
    sheet.write_record(dataset.columns.iter().map(|it| it.name.as_str()))?;
    for fact in facts {
        let cell = |name: &String| fact.row.get(name).map(ToString::to_string).unwrap_or_default();
        sheet.write_record(dataset.columns.iter().map(|it| cell(&it.name)))?;
    }
    Ok(sheet.flush()?)
}

/// Rows that an import kept out, with the first thing that was wrong; all of them when the file was.
fn refused(outcome: &Outcome, facts: &[&WaitingFact]) -> Vec<(OutboxId, String)> {
    let errors = || outcome.findings.iter().filter(|it| it.severity == Severity::Error);
    let of_file = errors().find(|it| it.row.is_none());
    let mut refused = Vec::new();
    for (row, fact) in (FIRST_ROW..).zip(facts) {
        if let Some(it) = of_file.or_else(|| errors().find(|it| it.row == Some(row))) {
            let column = it.column.as_deref().unwrap_or_default();
            refused.push((fact.id, format!("{} {column}: {}; {}", it.rule, it.expected, it.hint)));
        }
    }
    refused
}
