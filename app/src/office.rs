//! The office of a data centre: its calendars and procedures, where its cases' files are, and who looks these over.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use casework::Office;
use casework::attachments::{Scanner, Vault};
use casework::calendar::Calendar;
use casework::letters::Templates;
use casework::procedure::check::{Surroundings, check};
use casework::procedure::{Files, of_files};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::centre::{Centre, plan_in_force};
use crate::rules;

/// Most bytes of a file that is attached to a case, where `centre.toml` says nothing.
const MOST_BYTES: u64 = 20 << 20;
/// How long the scanner may take over one file.
const PATIENCE: Duration = Duration::from_secs(30);

/// A procedure that the program brings along: name, `procedure.toml`, `form.schema.json`.
macro_rules! shipped {
    ($($name:literal),+ $(,)?) => {
        [$((
            $name,
            include_str!(concat!("../../procedures/", $name, "/procedure.toml")),
            include_str!(concat!("../../procedures/", $name, "/form.schema.json")),
        )),+]
    };
}

const PROCEDURES: [(&str, &str, &str); 9] = shipped![
    "data-correction",
    "drop-out",
    "hazard-rectification",
    "one-person-one-file",
    "preschool-recognition",
    "pupil-transfer",
    "research-incubation",
    "selection",
    "supervision",
];

const CALENDARS: [(&str, &str); 1] =
    [("china.toml", include_str!("../../rules/calendars/china.toml"))];

/// `[attachments]` of `centre.toml`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Attachments {
    /// Where clamd listens: the path of its socket, or `127.0.0.1:3310`; files are not looked over without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) clamd: Option<String>,
    /// Most mebibytes of one file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) most_mib: Option<u64>,
}

/// The office of a data folder, with its procedures published.
///
/// `procedures/NAME` and `rules/calendars/NAME.toml` of the folder take the place of what the program brings along
/// under the same name.
///
/// # Errors
/// When a procedure of the folder is not proved; nothing is published then, and all that is amiss is told.
pub(crate) async fn open(centre: &Centre, at: Timestamp) -> Result<Arc<Office>> {
    let calendars = calendars(&centre.data.join("rules/calendars"))?;
    let own = own(&centre.data)?;
    if !own.is_empty() {
        prove(&centre.data, &own)?;
    }
    let office = Office::new(centre.store.clone(), calendars);
    for (name, files) in procedures(own) {
        let published = office.publish(&name, &files, at).await;
        published.with_context(|| format!("procedure {name} is not in use"))?;
    }
    Ok(Arc::new(office))
}

/// What the cases of a data folder will meet: the roles and calendars in force, its letters, and the datasets of the plan.
pub(crate) fn around(data: &Path) -> Result<Surroundings> {
    Ok(Surroundings {
        roles: rules::roles_of(data)?.iter().map(|it| it.code.to_string()).collect(),
        datasets: plan_in_force(data)?.datasets,
        ..beside(&data.join("rules"))?
    })
}

/// The roles, calendars and letters that the program brings along, and those of a folder in their place.
pub(crate) fn beside(rules: &Path) -> Result<Surroundings> {
    Ok(Surroundings {
        roles: rules::roles_beside(rules)?.iter().map(|it| it.code.to_string()).collect(),
        calendars: calendars(&rules.join("calendars"))?.into_iter().map(|it| it.name).collect(),
        letters: Templates::read(&rules.join("letters"))?.blanks(),
        ..Surroundings::default()
    })
}

/// Proves the procedures of a data folder, as `haihe procedure check` does.
fn prove(data: &Path, own: &BTreeMap<String, Files>) -> Result<()> {
    let around = around(data)?;
    let mut told = Vec::new();
    for (name, files) in own {
        let faults = match of_files(name, files) {
            Ok(procedure) => check(&procedure, &around),
            Err(faults) => faults,
        };
        if !faults.is_empty() {
            told.push(format!("{}:", data.join("procedures").join(name).display()));
            told.extend(faults.iter().map(|it| format!("  {it}")));
        }
    }
    if told.is_empty() {
        return Ok(());
    }
    bail!(
        "procedures of the data folder are not sound; mend them, or move them away\n{}",
        told.join("\n")
    )
}

/// Where the files of a data folder's cases are.
pub(crate) fn vault(data: &Path, settings: Option<&Attachments>) -> Vault {
    let clamd = settings.and_then(|it| it.clamd.clone());
    let most = settings.and_then(|it| it.most_mib).map_or(MOST_BYTES, |it| it << 20);
    let scanner = clamd.map(|address| Scanner { address, patience: PATIENCE });
    Vault { folder: data.join("attachments"), most, scanner }
}

/// Where the documents of letters are.
pub(crate) fn letters(data: &Path) -> PathBuf {
    data.join("letters")
}

/// The procedures of a data folder.
fn own(data: &Path) -> Result<BTreeMap<String, Files>> {
    let mut found = BTreeMap::new();
    for folder in within(&data.join("procedures"))? {
        if folder.join("procedure.toml").is_file() {
            found.insert(named(&folder, ""), Files::read(&folder)?);
        }
    }
    Ok(found)
}

/// The procedures that are shipped, and those of a data folder in their place.
fn procedures(own: BTreeMap<String, Files>) -> BTreeMap<String, Files> {
    let shipped = PROCEDURES.into_iter().map(|(name, procedure, form)| {
        let files = [("procedure.toml", procedure), ("form.schema.json", form)];
        let files = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
        (name.to_owned(), Files::of(files))
    });
    shipped.chain(own).collect()
}

/// The calendars that are shipped, and those of a folder in their place.
fn calendars(folder: &Path) -> Result<Vec<Calendar>> {
    let mut texts: BTreeMap<String, String> =
        CALENDARS.into_iter().map(|(file, text)| (file.to_owned(), text.to_owned())).collect();
    for file in within(folder)? {
        if file.extension().is_some_and(|it| it == "toml") {
            let text = fs::read_to_string(&file)
                .with_context(|| format!("{} could not be read", file.display()))?;
            texts.insert(named(&file, ".toml"), text);
        }
    }
    let read = |(file, text): (String, String)| {
        Calendar::read(&file, &text).map_err(|faults| {
            let list: Vec<String> = faults.iter().map(|it| format!("  {it}")).collect();
            anyhow::anyhow!("{file} is no calendar:\n{}", list.join("\n"))
        })
    };
    texts.into_iter().map(read).collect()
}

/// What is in a folder, by name; nothing when there is no folder.
fn within(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let entries =
        fs::read_dir(folder).with_context(|| format!("{} could not be read", folder.display()))?;
    let mut paths = entries.map(|it| Ok(it?.path())).collect::<std::io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

/// The last part of a path, with `ending` kept as it is.
fn named(path: &Path, ending: &str) -> String {
    let name = path.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
    if name.ends_with(ending) { name } else { format!("{name}{ending}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
    }

    #[test]
    fn the_program_brings_along_every_procedure_and_calendar_of_the_repository() {
        let nowhere = tempfile::tempdir().unwrap();
        let shipped = procedures(own(nowhere.path()).unwrap());
        let mut there = BTreeMap::new();
        for folder in within(&root().join("procedures")).unwrap() {
            if folder.join("procedure.toml").is_file() {
                there.insert(named(&folder, ""), Files::read(&folder).unwrap());
            }
        }
        assert_eq!(shipped, there);
        let calendars = within(&root().join("rules/calendars")).unwrap();
        assert_eq!(calendars.len(), CALENDARS.len());
    }

    #[test]
    fn what_the_data_folder_has_takes_the_place_of_what_is_shipped() {
        let data = tempfile::tempdir().unwrap();
        let folder = data.path().join("procedures/drop-out");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("procedure.toml"), "name = \"drop-out\"\n").unwrap();
        fs::create_dir_all(data.path().join("rules/calendars")).unwrap();
        let calendar =
            "name = \"harbour\"\ntitle = { zh = \"港\", en = \"Harbour\" }\noffset = \"+08:00\"\n";
        fs::write(data.path().join("rules/calendars/harbour.toml"), calendar).unwrap();
        let found = procedures(own(data.path()).unwrap());
        assert_eq!(found.len(), PROCEDURES.len());
        assert_eq!(found["drop-out"].text("procedure.toml"), Some("name = \"drop-out\"\n"));
        let names: Vec<String> = calendars(&data.path().join("rules/calendars"))
            .unwrap()
            .into_iter()
            .map(|it| it.name)
            .collect();
        assert_eq!(names, ["china", "harbour"]);
    }

    #[test]
    fn settings_say_how_large_a_file_may_be_and_who_looks_it_over() {
        let settings: Attachments =
            toml::from_str("clamd = \"127.0.0.1:3310\"\nmost_mib = 2").unwrap();
        let vault = vault(Path::new("data"), Some(&settings));
        assert_eq!(vault.most, 2 << 20);
        assert_eq!(vault.scanner.unwrap().address, "127.0.0.1:3310");
        assert!(toml::from_str::<Attachments>("clam = \"x\"").is_err());
    }
}
