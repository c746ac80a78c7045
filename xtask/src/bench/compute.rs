//! Workload A: everything from the records, or from what was kept of them.

use super::aim::Aim;
use super::outcome::{Kind, Outcome, Results};
use super::setting::Setting;
use super::turns::{hold, in_turn};
use super::{Gov1, engines};

pub(super) fn measure(setting: &Setting, options: &Gov1) -> anyhow::Result<Results> {
    let mut base = setting.reference(None)?;
    let outcomes = in_turn(
        (setting, options),
        engines::all(setting),
        &mut |engine| setting.forget(engine),
        &mut |engine, outcome| {
            if engine.answers { hold(setting, engine, outcome, &mut base) } else { Ok(()) }
        },
    )?;
    let mut results = Results::of_engines(outcomes);
    results.aims = aims(&results);
    Ok(results)
}

/// Processor time and peak memory beside DuckDB's.
fn aims(results: &Results) -> Vec<Aim> {
    let Some(duckdb) = results.best("duckdb") else { return Vec::new() };
    let mut aims = Vec::new();
    for (name, what, most) in [
        ("haihe-files", "from the files", 1.0),
        ("haihe-states", "from our own tables, with the states that they keep", 0.5),
    ] {
        let Some(ours) = results.best(name) else { continue };
        let kinds: [Kind; 2] = [("CPU-seconds", Outcome::cpu), ("peak memory", Outcome::peak)];
        for (kind, of) in kinds {
            let ratio = of(ours).median / of(duckdb).median;
            aims.push(Aim::at_most(&format!("{what}, {kind}"), ratio, most, "× DuckDB's"));
        }
    }
    aims
}
