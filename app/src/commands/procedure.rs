use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use casework::procedure::check::{Surroundings, check};
use casework::procedure::{Language, load, picture};
use governance::plan;

use super::REFUSED;
use crate::arguments::{PictureLanguage, Procedure};
use crate::office;
use crate::terminal::{answer, complain_of};

/// Proves or draws a procedure.
pub(super) fn run(procedure: Procedure) -> Result<ExitCode> {
    match procedure {
        Procedure::Check { dir, rules } => prove(&dir, rules.as_deref()),
        Procedure::Draw { dir, file, language } => {
            let procedure = match load(&dir) {
                Ok(procedure) => procedure,
                Err(faults) => return Ok(refused(&dir, &faults)),
            };
            let language = match language {
                PictureLanguage::Zh => Language::Chinese,
                PictureLanguage::En => Language::English,
            };
            fs::write(&file, picture(&procedure, language))
                .with_context(|| format!("{} cannot be written", file.display()))?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn prove(dir: &Path, rules: Option<&Path>) -> Result<ExitCode> {
    let procedure = match load(dir) {
        Ok(procedure) => procedure,
        Err(faults) => return Ok(refused(dir, &faults)),
    };
    let faults = check(&procedure, &surroundings(dir, rules)?);
    if !faults.is_empty() {
        return Ok(refused(dir, &faults));
    }
    answer(&format!(
        "{} {}: sound\nstates {}, steps {}, roles {}, fields {}, time limits {}, letters {}, facts {}\nversion {}\n",
        procedure.title.zh,
        procedure.title.en,
        procedure.states.len(),
        procedure.transitions.len(),
        procedure.roles.len(),
        procedure.form.fields.len(),
        procedure.deadlines.len(),
        procedure.letters.len(),
        procedure.facts.len(),
        procedure.version,
    ))?;
    Ok(ExitCode::SUCCESS)
}

fn refused(dir: &Path, faults: &[plan::PlanError]) -> ExitCode {
    complain_of(faults, dir);
    ExitCode::from(REFUSED)
}

/// What cases of the procedure would meet: what is in force in the data folder it lies in, or else what the program
/// brings along and what a folder of rules says, with the datasets of this folder and of one beside the procedures.
fn surroundings(dir: &Path, rules: Option<&Path>) -> Result<Surroundings> {
    let above = dir.join("../..");
    if rules.is_none() && above.join("centre.toml").is_file() {
        return office::around(&above);
    }
    let beside = above.join("rules");
    let rules = rules.unwrap_or(&beside);
    let mut around = office::beside(rules)?;
    for folder in [rules, &dir.join("..")] {
        if !folder.join("datasets").is_dir() {
            continue;
        }
        match plan::load_datasets(folder) {
            Ok(datasets) => around.datasets.extend(datasets),
            Err(faults) => match faults.first() {
                Some(fault) => bail!("{fault}"),
                None => bail!("the datasets of {} cannot be read", folder.display()),
            },
        }
    }
    Ok(around)
}
