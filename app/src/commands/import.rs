//! `haihe import`: organisations, events, rosters, or records of a dataset.

mod oneroster;

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use governance::collection::{self, Delivery, Findings, Mapping, Step};
use jiff::Timestamp;
use model::Finding;
use model::finding::Severity;
use model::organisation::History;
use model::plan::Plan;
use network::OrganisationList;

use super::REFUSED;
use crate::arguments::Import;
use crate::centre::Centre;
use crate::progress::Bar;
use crate::terminal::{answer, complain, remark};

/// Findings printed before the rest is only counted.
const SHOWN: usize = 20;

pub(super) async fn run(import: Import) -> Result<ExitCode> {
    if !import.file.is_file() {
        bail!("{} is no file that can be read", import.file.display());
    }
    let centre = Centre::open(&import.place).await?;
    if import.dataset == "oneroster" {
        return oneroster::run(&centre, &import).await;
    }
    let (plan, known) = centre.plan_and_history().await?;
    match import.dataset.as_str() {
        "organisations" | "events" => organisations(&centre, &plan, &known, &import).await,
        _ => Box::pin(records(&centre, &plan, &known, &import)).await,
    }
}

async fn records(
    centre: &Centre,
    plan: &Plan,
    known: &History,
    import: &Import,
) -> Result<ExitCode> {
    let Some(dataset) = plan.datasets.get(&import.dataset) else {
        let names: Vec<&str> = plan.datasets.keys().map(String::as_str).collect();
        bail!(
            "no dataset {}; there are organisations, events, oneroster, {}",
            import.dataset,
            names.join(", ")
        );
    };
    let mapping = match &import.mapping {
        None => Mapping::default(),
        Some(path) => {
            let text = fs::read_to_string(path)
                .with_context(|| format!("{} could not be read", path.display()))?;
            match Mapping::read(&path.display().to_string(), &text, dataset) {
                Ok(mapping) => mapping,
                Err(findings) => return refuse(&findings, import.findings.as_deref()),
            }
        }
    };
    let bar = Bar::rows(&import.dataset, 0);
    let told = bar.clone();
    let progress = move |step: Step| match step {
        Step::Read { rows } => {
            told.set_total(rows);
            told.set(rows);
        }
        Step::Written { partitions, of } => {
            told.set_total(of);
            told.set(partitions);
        }
    };
    let delivery = Delivery {
        findings_file: import.findings.as_deref(),
        replace: import.replace,
        dry_run: import.dry_run,
        ..Delivery::new(dataset, &import.file, &mapping)
    };
    let outcome = centre.receiver(plan, known, Timestamp::now()).take(delivery, &progress).await?;
    bar.finish();
    print(&outcome.findings);
    for count in &outcome.by_rule {
        remark(&format!("{} {} × {}", count.severity, count.rule, count.count));
    }
    let done = match (import.dry_run, outcome.changed) {
        (true, _) => "dry run, nothing was changed".to_owned(),
        (false, true) => format!(
            "table version {}; next: haihe compute --data {}",
            outcome.version.unwrap_or_default(),
            centre.data.display()
        ),
        (false, false) => "nothing changed".to_owned(),
    };
    answer(&format!(
        "{}: {} rows read: {} added, {} replaced, {} unchanged, {} moved, {} removed, {} refused ({} errors, {} warnings)\n{done}\n",
        import.dataset,
        outcome.rows,
        outcome.added,
        outcome.replaced,
        outcome.unchanged,
        outcome.moved,
        outcome.removed,
        outcome.refused,
        outcome.errors,
        outcome.warnings,
    ))?;
    Ok(if outcome.is_whole() { ExitCode::SUCCESS } else { ExitCode::from(REFUSED) })
}

/// Organisations and events are recorded whole or not at all: half a roll would move figures.
async fn organisations(
    centre: &Centre,
    plan: &Plan,
    known: &History,
    import: &Import,
) -> Result<ExitCode> {
    let now = Timestamp::now();
    let name = import.file.display().to_string();
    let (changes, mut findings) = if import.dataset == "events" {
        let Some(file) = listed(import)? else { return Ok(ExitCode::from(REFUSED)) };
        let (list, mut findings) = network::read_events(&name, file);
        let (changes, more) = list.apply(known, &network::Changes::default(), now);
        findings.extend(more);
        (changes, findings)
    } else {
        let (list, mut findings) = match &import.mapping {
            None => {
                let Some(file) = listed(import)? else { return Ok(ExitCode::from(REFUSED)) };
                network::read_list(&name, file)
            }
            Some(mapping) => {
                let text = fs::read_to_string(mapping)
                    .with_context(|| format!("{} could not be read", mapping.display()))?;
                let (bytes, findings) = collection::organisation_list(
                    &import.file,
                    &mapping.display().to_string(),
                    &text,
                )
                .with_context(|| format!("{} could not be read", import.file.display()))?;
                if !findings.is_empty() {
                    return refuse(&findings, import.findings.as_deref());
                }
                network::read_list(&name, bytes.as_slice())
            }
        };
        findings.extend(list.check(known, now));
        findings.extend(strange_words(plan, &list));
        findings.extend(strange_codes(plan, &list));
        (list.changes(), findings)
    };
    if findings.iter().any(|it| it.severity == Severity::Error) {
        return refuse(&findings, import.findings.as_deref());
    }
    let after = changes.preview(known, now);
    findings
        .extend(collection::left_behind(&centre.lake, plan, &name, (known, &after), now).await?);
    keep(&findings, import.findings.as_deref())?;
    print(&findings);
    if import.dry_run {
        answer("dry run, nothing was changed\n")?;
        return Ok(ExitCode::SUCCESS);
    }
    let recording = network::record(&centre.store, &changes, now, plan.clocks()).await?;
    answer(&format!(
        "organisations: {} versions and memberships added, {} superseded, {} events\n",
        recording.added, recording.superseded, recording.events
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// Words that the plan does not have: a level of its own would stand nowhere on its pages, and who is of an unknown kind
/// would be left out of figures and coverage without a word.
fn strange_words(plan: &Plan, list: &OrganisationList) -> Vec<Finding> {
    let levels = plan.levels.iter().chain(&plan.side_levels);
    let levels: Vec<&str> = levels.map(|it| it.code.as_str()).collect();
    let mut findings = Vec::new();
    for it in &list.versions {
        let organisation = &it.what;
        let mut hold = |column: &str, word: &str, known: &[&str]| {
            if word.is_empty() || known.contains(&word) {
                return;
            }
            findings.push(Finding {
                file: list.file.clone(),
                row: Some(it.row),
                column: Some(column.to_owned()),
                rule: if column == "level" { "level" } else { "code_list" },
                found: word.to_owned(),
                expected: format!("one of {}", known.join(", ")),
                hint: "写规划中的词语，或在规划文件夹中增加 / write a word of the plan, or add it to the plan folder".to_owned(),
                severity: Severity::Error,
            });
        };
        hold("level", &organisation.level, &levels);
        let attributes = [
            ("kind", "kind", std::slice::from_ref(&organisation.kind)),
            ("founder", "founder", std::slice::from_ref(&organisation.founder)),
            ("stages", "stage", organisation.stages.as_slice()),
        ];
        for (column, attribute, words) in attributes {
            let Some(titles) = plan.vocabulary.get(attribute) else { continue };
            let known: Vec<&str> = titles.keys().map(String::as_str).collect();
            for word in words {
                hold(column, word, &known);
            }
        }
    }
    findings
}

/// Codes that are not of the numbering of their level. They are kept: a code is what others know a school by.
fn strange_codes(plan: &Plan, list: &OrganisationList) -> Vec<Finding> {
    let mut findings = Vec::new();
    for it in &list.versions {
        let (code, level) = (it.what.code.as_str(), plan.level(&it.what.level));
        let Some(numbering) = level.and_then(|it| it.numbering) else { continue };
        findings.extend(numbering.faults(code).iter().map(|fault| Finding {
            file: list.file.clone(),
            row: Some(it.row),
            column: Some("code".to_owned()),
            rule: fault.rule(),
            found: code.to_owned(),
            expected: fault.to_string(),
            hint: "与登记的代码核对 / compare it with the code that was issued".to_owned(),
            severity: Severity::Warning,
        }));
    }
    findings
}

fn open(path: &Path) -> Result<File> {
    File::open(path).with_context(|| format!("{} could not be read", path.display()))
}

/// The file as the registry reads lists; `None` when it was refused as a whole.
fn listed(import: &Import) -> Result<Option<Box<dyn Read>>> {
    let list = collection::registry_list(&import.file)
        .with_context(|| format!("{} could not be read", import.file.display()))?;
    match list {
        Ok(list) => Ok(Some(list)),
        Err(findings) => refuse(&findings, import.findings.as_deref()).map(|_| None),
    }
}

fn refuse(findings: &[Finding], file: Option<&Path>) -> Result<ExitCode> {
    keep(findings, file)?;
    print(findings);
    complain("the file was refused, nothing was changed");
    Ok(ExitCode::from(REFUSED))
}

fn keep(findings: &[Finding], file: Option<&Path>) -> Result<()> {
    let Some(path) = file else { return Ok(()) };
    let mut kept = Findings::to_file(path)?;
    kept.take(findings.iter().cloned())?;
    kept.finish()?;
    Ok(())
}

fn print(findings: &[Finding]) {
    for finding in findings.iter().take(SHOWN) {
        remark(&finding.to_string());
    }
    if findings.len() > SHOWN {
        remark(&format!("… and {} more; --findings FILE writes all", findings.len() - SHOWN));
    }
}
