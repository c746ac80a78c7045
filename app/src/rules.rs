//! Roles and periods of retention that are in force: what the program brings along, and what a city says in their place.
//!
//! `roles.toml` and `retention.toml` of the plan folder, then those of `rules/` in the data folder, add to what came before
//! them; a role, a purpose or a class of data with the same code takes the place of the one before.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use governance::plan;
use model::Finding;
use network::retention::{self, Rules};
use network::roles::{self, Roles};

use crate::centre::{Centre, settings};

/// The roles of a centre.
pub(crate) fn roles(centre: &Centre) -> Result<Roles> {
    roles_of(&centre.data)
}

/// The roles of a data folder; its registry is not asked.
pub(crate) fn roles_of(data: &Path) -> Result<Roles> {
    let texts = texts(data, "roles.toml")?;
    sound(roles::read_over(&named(&texts, "rules/roles.toml", roles::NATIONAL)))
}

/// The shipped roles, and those of a folder's `roles.toml` in their place.
pub(crate) fn roles_beside(folder: &Path) -> Result<Roles> {
    let texts: Vec<_> = own(folder, "roles.toml")?.into_iter().collect();
    sound(roles::read_over(&named(&texts, "rules/roles.toml", roles::NATIONAL)))
}

/// The periods of retention of a centre.
pub(crate) fn retention(centre: &Centre) -> Result<Rules> {
    let texts = texts(&centre.data, "retention.toml")?;
    sound(retention::read_over(&named(&texts, "rules/retention.toml", retention::NATIONAL)))
}

/// What is wrong with the files of a plan folder.
pub(crate) fn faults(folder: &Path) -> Result<Vec<Finding>> {
    let mut found = Vec::new();
    let text = |name| own(folder, name).map(|it| it.into_iter().collect::<Vec<_>>());
    let said = text("roles.toml")?;
    found.extend(roles::read_over(&named(&said, "rules/roles.toml", roles::NATIONAL)).1);
    let said = text("retention.toml")?;
    found
        .extend(retention::read_over(&named(&said, "rules/retention.toml", retention::NATIONAL)).1);
    Ok(found)
}

/// Name and text of what a city says of something: in its plan folder, then in its data folder.
fn texts(data: &Path, name: &str) -> Result<Vec<(String, String)>> {
    let mut texts = Vec::new();
    // Before the first plan is in force there is none to say anything.
    if let Ok(settings) = settings(data)
        && let Some(folder) = plan::stored(&data.join("plans"), &settings.plan)
    {
        texts.extend(own(&folder, name)?);
    }
    texts.extend(own(&data.join("rules"), name)?);
    Ok(texts)
}

fn own(folder: &Path, name: &str) -> Result<Option<(String, String)>> {
    let path = folder.join(name);
    if !path.is_file() {
        return Ok(None);
    }
    let text = fs::read_to_string(&path);
    let text = text.with_context(|| format!("{} could not be read", path.display()))?;
    Ok(Some((path.display().to_string(), text)))
}

fn named<'a>(
    texts: &'a [(String, String)],
    shipped: &'a str,
    text: &'a str,
) -> Vec<(&'a str, &'a str)> {
    let own = texts.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    [(shipped, text)].into_iter().chain(own).collect()
}

fn sound<T>((read, findings): (T, Vec<Finding>)) -> Result<T> {
    if findings.is_empty() {
        return Ok(read);
    }
    let list: Vec<String> = findings.iter().map(|it| format!("  {it}")).collect();
    bail!("what this centre says of roles or periods cannot be used:\n{}", list.join("\n"));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arguments::Place;

    const LIBRARIAN: &str = r#"
[[role]]
code = "librarian"
title = { zh = "图书管理员", en = "Librarian" }
about = { zh = "管理本校图书", en = "Keeps the school's books" }
permissions = ["people.read"]
fields = ["name"]
levels = ["school"]
reaches = ["self"]
purposes = ["teaching"]
"#;

    async fn centre() -> (tempfile::TempDir, Centre) {
        let folder = tempfile::tempdir().unwrap();
        let place = Place { data: folder.path().to_owned(), database: None };
        let centre = Centre::begin(&place).await.unwrap();
        fs::create_dir_all(folder.path().join("rules")).unwrap();
        (folder, centre)
    }

    #[tokio::test]
    async fn a_city_adds_roles_and_changes_periods_in_its_data_folder() {
        let (folder, centre) = centre().await;
        assert_eq!(roles(&centre).unwrap(), Roles::national());
        assert_eq!(retention(&centre).unwrap(), Rules::national());
        fs::write(folder.path().join("rules/roles.toml"), LIBRARIAN).unwrap();
        let own = roles(&centre).unwrap();
        assert_eq!(own.iter().count(), Roles::national().iter().count() + 1);
        let librarian = "librarian".parse().unwrap();
        assert!(own.get(&librarian).is_some());
        // Who excludes every other role excludes this one.
        assert!(own.exclude_each_other(&"auditor".parse().unwrap(), &librarian));
        let sessions = "[[class]]\ncode = \"sessions\"\ntitle = { zh = \"会话\", en = \"Sessions\" }\n\
                        law = \"本市规定\"\nfrom = { zh = \"结束\", en = \"their end\" }\ndays = 365\naction = \"delete\"\n";
        fs::write(folder.path().join("rules/retention.toml"), sessions).unwrap();
        let own = retention(&centre).unwrap();
        let class = retention::DataClass::Sessions;
        assert_eq!(own.get(class).unwrap().days, Some(365));
        assert_eq!(own.iter().count(), Rules::national().iter().count());
        assert_eq!(own.answer_within_days, 30);
    }

    #[tokio::test]
    async fn what_is_wrong_is_told_with_file_line_and_what_to_do() {
        let (folder, centre) = centre().await;
        let wrong = LIBRARIAN.replace("people.read", "people.eat");
        fs::write(folder.path().join("rules/roles.toml"), wrong).unwrap();
        let error = roles(&centre).unwrap_err().to_string();
        assert!(error.contains("rules/roles.toml") && error.contains("people.eat"), "{error}");
        let found = faults(&folder.path().join("rules")).unwrap();
        assert_eq!((found.len(), found[0].row), (1, Some(6)));
        assert!(found[0].file.ends_with("rules/roles.toml") && !found[0].hint.is_empty());
    }
}
