use std::process::ExitCode;
use std::time::Instant;

use anyhow::Result;
use governance::plan;

use super::REFUSED;
use crate::arguments::Plan;
use crate::rules;
use crate::terminal::{answer, complain_of, remark};

/// Checks a plan folder; every error is printed with file, line and what to do.
pub(super) fn run(plan: Plan) -> Result<ExitCode> {
    let Plan::Check { dir } = plan;
    let began = Instant::now();
    let loaded = plan::load(&dir);
    let took = began.elapsed();
    match loaded {
        Ok(plan) => {
            let faults = rules::faults(&dir)?;
            if !faults.is_empty() {
                complain_of(&faults, &dir);
                return Ok(ExitCode::from(REFUSED));
            }
            let quantities = plan.tasks.iter().flat_map(|it| {
                let parts = it.subtasks.iter().map(|it| it.quantities.len());
                parts.chain([it.quantities.len()])
            });
            let boxed = plan.projects.iter().map(|it| it.quantities.len());
            remark(&format!(
                "read, type-checked and planned in {:.1} ms",
                took.as_secs_f64() * 1_000.0
            ));
            answer(&format!(
                "{} {}: sound\n{} indicators, {} measures over {} datasets, {} tasks with {} sub-tasks, {} projects, {} quantities\nversion {}\n",
                plan.name.zh,
                plan.name.en,
                plan.indicators.len(),
                plan.measures.len(),
                plan.datasets.len(),
                plan.tasks.len(),
                plan.tasks.iter().map(|it| it.subtasks.len()).sum::<usize>(),
                plan.projects.len(),
                quantities.chain(boxed).sum::<usize>(),
                plan.version,
            ))?;
            Ok(ExitCode::SUCCESS)
        }
        Err(errors) => {
            complain_of(&errors, &dir);
            Ok(ExitCode::from(REFUSED))
        }
    }
}
