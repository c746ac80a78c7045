use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{fs, io};

use anyhow::{Context, Result, bail};
use casework::procedure::check::{Surroundings, blanks, check};
use casework::procedure::{Language, load, picture};
use governance::plan;
use network::roles;

use super::REFUSED;
use crate::arguments::{PictureLanguage, Procedure};
use crate::terminal::{answer, complain};

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
    let beside = dir.join("../../rules");
    let around = surroundings(rules.unwrap_or(&beside), &dir.join(".."))?;
    let procedure = match load(dir) {
        Ok(procedure) => procedure,
        Err(faults) => return Ok(refused(dir, &faults)),
    };
    let faults = check(&procedure, &around);
    if !faults.is_empty() {
        return Ok(refused(dir, &faults));
    }
    answer(&format!(
        "{} {}: sound\n{} states, {} steps, {} roles, {} fields, {} time limits, {} letters, {} facts\nversion {}\n",
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
    for fault in faults {
        complain(&fault.to_string());
    }
    complain(&format!("{} errors in {}", faults.len(), dir.display()));
    ExitCode::from(REFUSED)
}

/// The roles, calendars, letters and datasets there are; datasets also beside the procedures.
fn surroundings(rules: &Path, procedures: &Path) -> Result<Surroundings> {
    let file = rules.join("roles.toml");
    let known = match fs::read_to_string(&file) {
        Ok(text) => {
            let name = file.display().to_string();
            let shipped = ("rules/roles.toml", roles::NATIONAL);
            let (known, findings) = roles::read_over(&[shipped, (&name, &text)]);
            if let Some(finding) = findings.first() {
                bail!("{finding}");
            }
            known
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => roles::Roles::national(),
        Err(error) => {
            return Err(error).with_context(|| format!("{} cannot be read", file.display()));
        }
    };
    let mut around = Surroundings {
        roles: known.iter().map(|it| it.code.to_string()).collect(),
        calendars: names(&rules.join("calendars"), ".toml")?,
        letters: letters(&rules.join("letters"))?,
        ..Surroundings::default()
    };
    for folder in [rules, procedures] {
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

/// The templates of letters, with their blanks.
fn letters(folder: &Path) -> Result<BTreeMap<String, BTreeSet<String>>> {
    let mut letters = BTreeMap::new();
    for name in names(folder, ".toml")? {
        let file = folder.join(format!("{name}.toml"));
        let text = fs::read_to_string(&file)
            .with_context(|| format!("{} cannot be read", file.display()))?;
        letters.insert(name, blanks(&text));
    }
    Ok(letters)
}

/// Names of the files of a folder without their ending; none when there is no folder.
fn names(folder: &Path, ending: &str) -> Result<BTreeSet<String>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
        Err(error) => {
            return Err(error).with_context(|| format!("{} cannot be read", folder.display()));
        }
    };
    let mut names = BTreeSet::new();
    for entry in entries {
        let path: PathBuf = entry?.path();
        let name = path.file_name().map(|it| it.to_string_lossy().into_owned());
        names.extend(name.and_then(|it| it.strip_suffix(ending).map(str::to_owned)));
    }
    Ok(names)
}
