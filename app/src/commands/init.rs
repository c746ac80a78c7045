use std::fs::{self, File};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use governance::plan;
use jiff::Timestamp;
use lake::LakeError;
use model::finding::Severity;
use model::plan::Plan;

use super::REFUSED;
use crate::arguments::Init;
use crate::centre::{Centre, Settings, refused};
use crate::terminal::{answer, complain, remark};

/// Begins a data centre, or takes up a changed plan folder. Facts stay as they are.
pub(super) async fn run(init: Init) -> Result<ExitCode> {
    let plan = match plan::load(&init.plan) {
        Ok(plan) => plan,
        Err(errors) => {
            complain(&refused(&init.plan, &errors).to_string());
            return Ok(ExitCode::from(REFUSED));
        }
    };
    let centre = Centre::begin(&init.place).await?;
    let unfit = unfit(&centre, &plan).await?;
    if !unfit.is_empty() {
        unfit.iter().for_each(|it| complain(it));
        complain("the plan was not put in force, nothing was changed");
        return Ok(ExitCode::from(REFUSED));
    }
    take_up(&centre, &plan, &init.plan, Timestamp::now()).await?;
    if let Some(path) = &init.plan_text {
        let text = fs::read_to_string(path)
            .with_context(|| format!("{} could not be read", path.display()))?;
        let mut plan = plan.clone();
        let matched = plan::attach_text(&mut plan, &text);
        let kept = centre.data.join("plan-text.txt");
        fs::write(&kept, text)
            .with_context(|| format!("{} could not be written", kept.display()))?;
        answer(&format!("{} of {} clauses have their text\n", matched.clauses, matched.of))?;
    }
    // What was settled before stays so.
    let before = centre.settings().unwrap_or_default();
    let origin = init.origin.or(before.origin);
    centre.settle(&Settings { plan: plan.version.clone(), origin, ..before })?;
    // What a table gains, it gains under the plan that is in force: whoever is killed here leaves the rest to the next import.
    for dataset in plan.datasets.values() {
        centre.lake.table(dataset).await?;
    }
    answer(&format!(
        "{} is ready with {} ({})\nnext: haihe import organisations FILE --data {0}\n",
        centre.data.display(),
        plan.name.zh,
        plan.version.chars().take(12).collect::<String>(),
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// Why facts that are there cannot stay as they are under the plan.
async fn unfit(centre: &Centre, plan: &Plan) -> Result<Vec<String>> {
    let mut unfit = Vec::new();
    for dataset in plan.datasets.values() {
        match centre.lake.check(dataset).await {
            Ok(()) => {}
            Err(error @ LakeError::Declaration { .. }) => unfit.push(error.to_string()),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(unfit)
}

/// Copies the folder into the centre and records the organisations and events it lists.
pub(super) async fn take_up(
    centre: &Centre,
    plan: &Plan,
    folder: &Path,
    now: Timestamp,
) -> Result<()> {
    plan::copy(folder, &centre.plans()).map_err(|errors| refused(folder, &errors))?;
    let list = folder.join("organisations.csv");
    if !list.exists() {
        return Ok(());
    }
    let file =
        File::open(&list).with_context(|| format!("{} could not be read", list.display()))?;
    let (list, mut findings) = network::read_list(&list.display().to_string(), file);
    let known = network::history(&centre.store).await?;
    findings.extend(list.check(&known, now));
    let mut changes = list.changes();
    let events = folder.join("events.csv");
    if events.exists() {
        let file = File::open(&events)
            .with_context(|| format!("{} could not be read", events.display()))?;
        let (list, faults) = network::read_events(&events.display().to_string(), file);
        findings.extend(faults);
        let (whole, faults) = list.apply(&known, &changes, now);
        findings.extend(faults);
        changes = whole;
    }
    // A warning, as of a list that reopens what an event closed, must not keep a centre from its plan.
    if let Some(finding) = findings.iter().find(|it| it.severity == Severity::Error) {
        bail!("{finding}");
    }
    for finding in &findings {
        remark(&finding.to_string());
    }
    network::record(&centre.store, &changes, now, plan.clocks()).await?;
    Ok(())
}
