//! Workload G: earlier releases again, byte for byte.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use serde_json::Value;

use super::Gov1;
use super::aim::Aim;
use super::answers::Comparison;
use super::engines::{Engine, From, out_of, quoted, shell};
use super::outcome::Results;
use super::setting::Setting;
use super::turns::{forget, in_turn};
use crate::project::{command, output};

/// Returns of the demonstration that correct something.
const CORRECTIONS: [&str; 2] = ["kindergartens", "wireless_coverage"];

/// A release, and all its figures as they were written when it was the newest.
#[derive(Clone, Debug)]
struct Release {
    recorded_at: String,
    figures: PathBuf,
}

pub(super) fn measure(setting: &Setting, options: &Gov1) -> anyhow::Result<Results> {
    let centre = setting.copy("earlier")?;
    let releases = publish(setting, &centre)?;
    let (newest, earlier) = releases.split_last().context("nothing was published")?;
    let newest = fs::read_to_string(&newest.figures)?;
    let mut engines = Vec::new();
    let mut published = BTreeMap::new();
    for (at, release) in (1..).zip(earlier) {
        let text = fs::read_to_string(&release.figures)?;
        ensure!(text != newest, "release {at} is no other than the newest");
        for forgets in [true, false] {
            let engine = again(setting, &centre, (at, release), forgets);
            published.insert(engine.name.clone(), text.clone());
            engines.push(engine);
        }
    }
    let outcomes = in_turn((setting, options), engines, &mut forget, &mut |engine, outcome| {
        let given = fs::read_to_string(setting.answers_of(engine))?;
        let right = published.get(&engine.name).context("no such release")?;
        outcome.judge(Comparison::of_bytes(right, &given));
        Ok(())
    })?;
    let mut results = Results::of_engines(outcomes);
    let same = results.engines.iter().filter(|it| it.failure.is_none() && !it.wrong).count();
    let all = results.engines.len();
    results.aims.push(Aim::holds(
        "three earlier releases, byte for byte, from the records and from kept states",
        format!("{same} of {all} exports the same"),
        same == all,
    ));
    results.notes.push(
        "Each export has all indicators of the plan, at all levels, in all years; \"the same\" counts its lines. Where no states are\n\
         kept they are computed from the table versions that the release names. None of the peers keeps what was published: they\n\
         could compute it again from copies of all files, lists and scripts of that day."
            .to_owned(),
    );
    Ok(results)
}

/// Publishes four releases: as the city is, two corrections, another definition.
fn publish(setting: &Setting, centre: &Path) -> anyhow::Result<Vec<Release>> {
    let mut releases = vec![release(setting, centre, 0)?];
    for (at, dataset) in (1..).zip(CORRECTIONS) {
        let sheet = centre.join("corrections").join(format!("{dataset}.csv"));
        let mut import = command(&setting.haihe);
        output(import.args(["import", dataset]).arg(&sheet).arg("--data").arg(centre))?;
        releases.push(release(setting, centre, at)?);
    }
    let plan = setting.plan("earlier")?;
    round_otherwise(&plan.join("indicators.toml"))?;
    let mut init = command(&setting.haihe);
    output(init.arg("init").arg("--plan").arg(&plan).arg("--data").arg(centre))?;
    releases.push(release(setting, centre, releases.len())?);
    let mut instants: Vec<&str> = releases.iter().map(|it| it.recorded_at.as_str()).collect();
    instants.dedup();
    ensure!(instants.len() == releases.len(), "something changed and nothing was published");
    Ok(releases)
}

/// A digit more behind the point of the plan's first indicator.
fn round_otherwise(indicators: &Path) -> anyhow::Result<()> {
    let text = fs::read_to_string(indicators)?;
    let changed = text.replacen("decimals = 1", "decimals = 2", 1);
    ensure!(changed != text, "no indicator is published with one digit");
    Ok(fs::write(indicators, changed)?)
}

/// Publishes what there is now, and keeps all its figures.
fn release(setting: &Setting, centre: &Path, at: usize) -> anyhow::Result<Release> {
    let figures = setting.scratch.join(format!("release-{at}.csv"));
    output(command(&setting.haihe).arg("compute").arg("--data").arg(centre))?;
    let mut export = command(&setting.haihe);
    output(export.arg("export").arg(&figures).arg("--in-full").arg("--data").arg(centre))?;
    let mut scoreboard = command(&setting.haihe);
    let said = output(scoreboard.args(["scoreboard", "--format", "json", "--data"]).arg(centre))?;
    let said: Value = serde_json::from_str(&said)?;
    let recorded_at = said.pointer("/release/recorded_at").and_then(Value::as_str);
    let recorded_at = recorded_at.context("the release does not say when")?.to_owned();
    Ok(Release { recorded_at, figures })
}

/// An earlier release as it is asked for today.
fn again(
    setting: &Setting,
    centre: &Path,
    (at, release): (usize, &Release),
    forgets: bool,
) -> Engine {
    let kept = if forgets { "files" } else { "states" };
    let name = format!("haihe-release-{at}-{kept}");
    let (haihe, out, place) = (quoted(&setting.haihe), out_of(setting, &name), quoted(centre));
    let text =
        format!("{haihe} export {out} --in-full --as-of {} --data {place}", release.recorded_at);
    let kept = if forgets { "" } else { ", states kept" };
    let from = if forgets { From::Partitioned } else { From::Prepared };
    let forgets = forgets.then(|| centre.to_owned());
    Engine { from, forgets, ..shell(&name, &format!("Haihe, release {at} of four{kept}"), text) }
}

#[cfg(test)]
mod tests {
    use super::{Comparison, round_otherwise};

    #[test]
    fn one_other_byte_is_found() {
        assert_eq!(Comparison::of_bytes("a\r\nb\r\n", "a\r\nb\r\n").different, 0);
        assert_eq!(Comparison::of_bytes("a\r\nb\r\n", "a\nb\r\n").different, 1);
        assert_eq!(Comparison::of_bytes("a\nb", "a\nb\n").different, 1);
    }

    #[test]
    fn one_indicator_is_rounded_otherwise() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("indicators.toml");
        std::fs::write(&file, "decimals = 0\ndecimals = 1\ndecimals = 1\n").unwrap();
        round_otherwise(&file).unwrap();
        let text = std::fs::read_to_string(&file).unwrap();
        assert_eq!(text, "decimals = 0\ndecimals = 2\ndecimals = 1\n");
        assert!(round_otherwise(&folder.path().join("none.toml")).is_err());
    }
}
