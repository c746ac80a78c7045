//! Workload H: six years on the boundaries of the first and of the last.

use std::collections::BTreeMap;

use super::aim::Aim;
use super::answers::Answers;
use super::outcome::Results;
use super::setting::{CUTS, Setting};
use super::turns::{forget, hold, in_turn};
use super::{Gov1, engines};

pub(super) fn measure(setting: &Setting, options: &Gov1) -> anyhow::Result<Results> {
    let mut bases: BTreeMap<String, Option<Answers>> = BTreeMap::new();
    let mut all = Vec::new();
    for cut in CUTS {
        bases.insert(suffix(cut), setting.reference(Some(cut))?);
        all.extend(engines::for_boundaries(setting, cut));
    }
    let outcomes = in_turn((setting, options), all, &mut forget, &mut |engine, outcome| {
        let base = bases.iter_mut().find(|(on, _)| engine.name.ends_with(on.as_str()));
        base.map_or(Ok(()), |(_, base)| hold(setting, engine, outcome, base))
    })?;
    let mut results = Results::of_engines(outcomes);
    let ours = || results.engines.iter().filter(|it| it.is_ours);
    let right = ours().filter(|it| !it.wrong && it.failure.is_none()).count();
    let all = ours().count();
    let figures: usize = ours().filter_map(|it| it.compared.as_ref()).map(|it| it.same).sum();
    results.aims.push(Aim::holds(
        "every figure on both boundaries is that of an independent computation",
        format!("{right} of {all} series, {figures} figures the same"),
        right == all,
    ));
    Ok(results)
}

/// What the names of the engines of a cut end with.
fn suffix(cut: u16) -> String {
    format!("-on-{cut}")
}
