//! Workload A: everything from the records, or from what was kept of them.

use std::path::PathBuf;

use super::aim::Aim;
use super::definitions::{definitions, text};
use super::outcome::{Kind, Outcome, Results};
use super::setting::Setting;
use super::spread::Spread;
use super::table::{Cell, Table};
use super::turns::{forget, hold, in_turn};
use super::{Gov1, Size, cold, engines, growth};
use crate::project::root;

/// Indicators of the plan's table.
const TWENTY: usize = 20;

/// Who takes no part in the largest size.
const LEFT_OUT: &str = "Left out at this size, for they would need ten times what they took of size m: pandas (14 GiB of memory there) and\n\
    PostgreSQL (a minute to load and 8 GB written there). `--engine` brings them.";

/// Indicators that are computed: the twenty, and generated ones beside them.
const COUNTS: [usize; 3] = [TWENTY, 60, 200];

pub(super) fn measure(setting: &Setting, options: &Gov1) -> anyhow::Result<Results> {
    let mut all = Results::default();
    let is_largest = setting.size == Size::L;
    for count in COUNTS {
        // Of ten cities, 200 indicators are forty million figures, which take longer to hold against others than to compute.
        if is_largest && count > TWENTY {
            continue;
        }
        let centre = centre(setting, count)?;
        let is_plans = count == TWENTY;
        let engines = if is_plans {
            engines::all(setting, &centre, &options.engine)
        } else {
            engines::with_more(setting, &centre, count - TWENTY)
        };
        if !is_plans && !engines.iter().any(|it| options.names(it)) {
            continue;
        }
        println!("  -- {count} indicators --");
        let mut base = if is_plans { setting.reference(None)? } else { None };
        let outcomes =
            in_turn((setting, options), engines, &mut forget, &mut |engine, outcome| {
                // Millions of figures take longer to hold against others than to compute: those of the first run are.
                let is_held = engine.answers && (is_plans || outcome.runs.is_empty());
                if is_held { hold(setting, engine, outcome, &mut base) } else { Ok(()) }
            })?;
        let found = Results::of_engines(outcomes);
        all.aims.extend(aims(&found, count));
        if is_plans {
            all.engines = found.engines;
            // Ten cities from the disk would take as long again.
            if !is_largest {
                cold::add(setting, options, (&centre, &mut base), &mut all)?;
            }
        } else {
            all.wrong.extend(found.faults().into_iter().map(|it| format!("{count}: {it}")));
            all.tables.push(table(&found, count));
        }
    }
    if is_largest {
        growth::add(setting, &root().join(&options.report), &mut all);
        if options.engine.is_empty() {
            all.notes.push(LEFT_OUT.to_owned());
        }
    }
    Ok(all)
}

/// A data centre with a plan of so many indicators, and no others.
fn centre(setting: &Setting, count: usize) -> anyhow::Result<PathBuf> {
    let name = format!("of-{count}");
    let plan = setting.plan(&name)?;
    definitions(setting, &["twenty", &text(&plan)])?;
    if count > TWENTY {
        definitions(setting, &["ours", &text(&plan), &(count - TWENTY).to_string()])?;
    }
    setting.copy_with(&name, &plan)
}

/// Processor time and peak memory beside DuckDB's.
fn aims(results: &Results, count: usize) -> Vec<Aim> {
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
            let what = format!("{count} indicators {what}, {kind}");
            aims.push(Aim::at_most(&what, ratio, most, "× DuckDB's"));
        }
    }
    aims
}

/// What it took with generated indicators beside the twenty.
fn table(results: &Results, count: usize) -> Table {
    let columns = [
        "engine",
        "CPU-s",
        "to DuckDB",
        "seconds",
        "peak MiB",
        "to DuckDB",
        "answers of the first run",
    ];
    let mut table = Table::new(&format!("{count} indicators"), &columns);
    let duckdb = results.best("duckdb");
    for it in &results.engines {
        let beside = |of: fn(&Outcome) -> Spread| -> Cell {
            let ratio = |duckdb: &Outcome| of(it).median / of(duckdb).median;
            duckdb.map_or("–".into(), |duckdb| format!("{:.2} ×", ratio(duckdb)).into())
        };
        let label: Cell = it.label().into();
        if it.runs.is_empty() {
            let none = || Cell::from("–");
            table.row([label, none(), none(), none(), none(), none(), it.verdict().into()]);
            continue;
        }
        let (cpu, peak) = (beside(Outcome::cpu), beside(Outcome::peak));
        let [time, wall, most] = [it.cpu(), it.wall(), it.peak()].map(Cell::from);
        table.row([label, time, cpu, wall, most, peak, it.verdict().into()]);
    }
    table.note = format!(
        "The plan's twenty, and {} generated shares over classes, teachers and enrolments: those of workload B, for all levels and\n\
         years. The peers sum them in the same statements as the twenty, each dataset read once.",
        count - TWENTY
    );
    table
}
