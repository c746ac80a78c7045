//! Workload C: a kindergarten corrects one number, and the figure of the city follows.

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};

use super::answers::Comparison;
use super::setting::Setting;
use crate::project::{command, run};

/// The indicator whose figure moves: children who attend public kindergartens, of all children in kindergartens.
pub(super) const INDICATOR: &str = "IND-09";

/// The column with the number that is corrected.
const CHILDREN: &str = "在园幼儿数";

/// The column with the year.
const YEAR: &str = "学年";

/// A copy of the data centre, for what is corrected must not change what the others read.
#[derive(Debug)]
pub(super) struct Correction {
    pub(super) centre: PathBuf,
    /// What the next import reads.
    pub(super) sheet: PathBuf,
    pub(super) year: u16,
    texts: [String; 2],
    /// The city's children after the import before.
    before: Option<i64>,
}

/// The return as it was and as it is corrected, in turn: every import changes something.
#[derive(Debug)]
pub(super) struct Sheets {
    path: PathBuf,
    texts: [String; 2],
    is_corrected: Cell<bool>,
}

impl Correction {
    pub(super) fn prepare(setting: &Setting) -> anyhow::Result<Self> {
        let centre = setting.scratch.join("corrected");
        if centre.exists() {
            fs::remove_dir_all(&centre)?;
        }
        run(command("cp").arg("--archive").arg(&setting.centre).arg(&centre))?;
        run(command(&setting.haihe).arg("compute").arg("--data").arg(&centre))?;
        let given = centre.join("corrections").join("kindergartens.csv");
        let text = fs::read_to_string(&given).context("the city has no return to correct")?;
        let text = text.trim_start_matches('\u{feff}').to_owned();
        let year = cell(&text, YEAR)?.parse().context("the return has no year")?;
        let sheet = setting.scratch.join("kindergartens.csv");
        let texts = [text.clone(), with_one_more(&text)?];
        Ok(Self { centre, sheet, year, texts, before: None })
    }

    pub(super) fn sheets(&self) -> Sheets {
        let (path, texts) = (self.sheet.clone(), self.texts.clone());
        Sheets { path, texts, is_corrected: Cell::new(false) }
    }

    /// Whether the city has one child more, or one less, than after the import before.
    pub(super) fn judge(&mut self, figure: &Path) -> anyhow::Result<Comparison> {
        let text = fs::read_to_string(figure)?;
        let now: i64 = cell(&text, "denominator")?.parse().context("the figure has no whole")?;
        let moved = self.before.map(|before| (now - before).abs());
        self.before = Some(now);
        Ok(Comparison::of_one(1, moved.unwrap_or(1)))
    }
}

impl Sheets {
    /// Puts the other text where the next import reads it.
    pub(super) fn turn(&self) -> anyhow::Result<()> {
        let [given, corrected] = &self.texts;
        let corrects = !self.is_corrected.replace(!self.is_corrected.get());
        fs::write(&self.path, if corrects { corrected } else { given })?;
        Ok(())
    }
}

/// The same return with one child more in its first row.
fn with_one_more(text: &str) -> anyhow::Result<String> {
    let children: u32 = cell(text, CHILDREN)?.parse()?;
    let at = column(text, CHILDREN)?;
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let row = lines.get_mut(1).context("the return has no row")?;
    let mut cells: Vec<String> = row.split(',').map(str::to_owned).collect();
    *cells.get_mut(at).context("a row is too short")? = (children + 1).to_string();
    *row = cells.join(",");
    Ok(lines.join("\n") + "\n")
}

/// A cell of the first row.
fn cell<'a>(text: &'a str, name: &str) -> anyhow::Result<&'a str> {
    let at = column(text, name)?;
    let row = text.lines().nth(1).context("there is no row")?;
    row.split(',').nth(at).context("the row is too short")
}

fn column(text: &str, name: &str) -> anyhow::Result<usize> {
    let head = text.lines().next().unwrap_or_default();
    let at = head.split(',').position(|it| it == name);
    ensure!(at.is_some(), "there is no column {name}");
    Ok(at.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::{cell, with_one_more};

    #[test]
    fn one_child_more_is_a_correction() {
        let text = "学校（机构）标识码,学年,在园幼儿数\n1,2025,114\n2,2025,7\n";
        assert_eq!(with_one_more(text).unwrap(), text.replace("114", "115"));
        assert_eq!(cell(text, "学年").unwrap(), "2025");
        assert!(cell(text, "班数").is_err());
    }
}
