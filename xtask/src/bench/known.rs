//! Figures that are published, to ask a server about.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, ensure};

use super::chance::Chance;
use super::setting::Setting;
use crate::project::{command, output};

/// A figure that everybody may see, as it is exported.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Known {
    pub(super) indicator: String,
    pub(super) code: String,
    pub(super) year: String,
    pub(super) value: String,
}

/// Figures by level.
#[derive(Clone, Debug, Default)]
pub(super) struct KnownFigures(BTreeMap<String, Vec<Known>>);

impl KnownFigures {
    /// Those of a data centre's newest release that have a value which is not withheld.
    pub(super) fn of(setting: &Setting, centre: &Path) -> anyhow::Result<Self> {
        let file = setting.scratch.join("known.csv");
        let mut export = command(&setting.haihe);
        output(export.arg("export").arg(&file).arg("--data").arg(centre))?;
        Self::parse(&fs::read_to_string(&file)?)
    }

    fn parse(text: &str) -> anyhow::Result<Self> {
        let mut lines = text.lines().map(|it| it.split(',').collect::<Vec<_>>());
        let head = lines.next().context("no header")?;
        let column = |name: &str| {
            let at = head.iter().position(|it| *it == name);
            at.with_context(|| format!("no column {name}"))
        };
        let [indicator, level, code, year, value] = [
            column("indicator")?,
            column("level")?,
            column("code")?,
            column("year")?,
            column("value")?,
        ];
        let mut figures: BTreeMap<String, Vec<Known>> = BTreeMap::new();
        for cells in lines {
            let cell = |at: usize| cells.get(at).copied().unwrap_or_default().to_owned();
            let known = Known {
                indicator: cell(indicator),
                code: cell(code),
                year: cell(year),
                value: cell(value),
            };
            if !known.value.is_empty() {
                figures.entry(cell(level)).or_default().push(known);
            }
        }
        Ok(Self(figures))
    }

    /// Those of a level, in the order of the export.
    pub(super) fn of_level(&self, level: &str) -> &[Known] {
        self.0.get(level).map_or(&[], Vec::as_slice)
    }

    /// So many different ones of a level, by chance; all when there are no more.
    pub(super) fn some(
        &self,
        level: &str,
        many: usize,
        chance: &mut Chance,
    ) -> anyhow::Result<Vec<Known>> {
        let all = self.of_level(level);
        ensure!(!all.is_empty(), "there are no figures of the level {level}");
        let mut seen = BTreeSet::new();
        let mut picked = Vec::new();
        while picked.len() < many.min(all.len()) {
            let known = chance.pick(all).context("no figures")?;
            if seen.insert(known) {
                picked.push(known.clone());
            }
        }
        Ok(picked)
    }
}

#[cfg(test)]
mod tests {
    use super::{Chance, KnownFigures};

    #[test]
    fn different_figures_are_picked_and_always_the_same() {
        let rows = (1..=9).map(|it| format!("IND-01,district,{it},2020,{it}.0\r\n"));
        let text = rows.fold("indicator,level,code,year,value\r\n".to_owned(), |a, b| a + &b);
        let known = KnownFigures::parse(&(text + "IND-01,city,12,2020,\r\n")).unwrap();
        let pick = || known.some("district", 5, &mut Chance::from(7)).unwrap();
        let mut picked = pick();
        assert_eq!(picked, pick());
        picked.sort();
        picked.dedup();
        assert_eq!(picked.len(), 5);
        // The city's is not known.
        assert!(known.some("city", 1, &mut Chance::from(7)).is_err());
    }
}
