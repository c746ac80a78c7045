//! Workload C: a kindergarten corrects one number, and the figure of the city follows.

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use serde_json::Value;

use super::aim::Aim;
use super::answers::Comparison;
use super::outcome::{Kind, Outcome, Results};
use super::setting::Setting;
use super::turns::{hold, in_turn};
use super::{Gov1, engines, http};
use crate::project::{command, output, run};

mod served;

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

pub(super) fn measure(setting: &Setting, options: &Gov1) -> anyhow::Result<Results> {
    let mut correction = Correction::prepare(setting)?;
    let mut base = setting.reference(None)?.map(|it| it.of_year(correction.year));
    let sheets = correction.sheets();
    let outcomes = in_turn(
        (setting, options),
        engines::for_correction(setting, &correction),
        &mut |engine| if engine.is_ours { sheets.turn() } else { Ok(()) },
        &mut |engine, outcome| {
            if !engine.is_ours {
                return hold(setting, engine, outcome, &mut base);
            }
            outcome.judge(correction.judge(&setting.answers_of(engine))?);
            Ok(())
        },
    )?;
    let mut results = Results::of_engines(outcomes);
    results.aims = aims(&results);
    served::add(setting, &correction, &sheets, (options.runs, &mut results))?;
    Ok(results)
}

/// How much faster than the best of those who compute the year again.
fn aims(results: &Results) -> Vec<Aim> {
    let Some(ours) = results.best("haihe-correction") else { return Vec::new() };
    let mut aims = Vec::new();
    let kinds: [Kind; 2] = [("by the clock", Outcome::wall), ("in CPU-seconds", Outcome::cpu)];
    for (kind, of) in kinds {
        let Some((peer, best)) = results.best_peer(of) else { continue };
        let what =
            format!("faster than the year again, {kind} ({} is the best peer)", peer.label());
        aims.push(Aim::at_least(&what, best / of(ours).median, 20.0, "×"));
    }
    aims
}

/// The city's children in kindergartens, as the server has them.
pub(super) fn whole_of_city(port: u16, year: u16) -> anyhow::Result<i64> {
    let answer = city(port, year)?;
    let whole = answer.pointer("/rows/0/denominator").and_then(Value::as_str);
    Ok(whole.context("the city has no figure")?.parse()?)
}

/// The figure of the city, as the server has it.
fn city(port: u16, year: u16) -> anyhow::Result<Value> {
    let path = format!("/api/v1/figures?indicator={INDICATOR}&level=city&year={year}");
    http::get(port, &path)?.json()
}

impl Correction {
    pub(super) fn prepare(setting: &Setting) -> anyhow::Result<Self> {
        let centre = setting.copy("corrected")?;
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

    /// Imports the sheet and publishes a release.
    pub(super) fn apply(&self, haihe: &Path) -> anyhow::Result<()> {
        self.import(haihe)?;
        self.publish(haihe)
    }

    fn import(&self, haihe: &Path) -> anyhow::Result<()> {
        let mut import = command(haihe);
        import.args(["import", "kindergartens"]).arg(&self.sheet).arg("--data").arg(&self.centre);
        output(&mut import).map(drop)
    }

    fn publish(&self, haihe: &Path) -> anyhow::Result<()> {
        output(command(haihe).arg("compute").arg("--data").arg(&self.centre)).map(drop)
    }

    /// Whether the city has one child more, or one less, than after the import before.
    fn judge(&mut self, figure: &Path) -> anyhow::Result<Comparison> {
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
        let corrects = !self.is_corrected.replace(!self.is_corrected.get());
        let [given, corrected] = &self.texts;
        Ok(fs::write(&self.path, if corrects { corrected } else { given })?)
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
