//! Workload A from the disk: the twenty again, when the system remembers none of their files.

use std::path::Path;

use super::Gov1;
use super::answers::Answers;
use super::engines::{Engine, from_files};
use super::outcome::{Outcome, Results, mebibytes};
use super::setting::Setting;
use super::table::{Cell, Table};
use super::turns::{forget, hold, in_turn};
use crate::project::{command, output};

/// Puts what it took under the results of the twenty; nothing when no engine that is named reads files.
pub(super) fn add(
    setting: &Setting,
    options: &Gov1,
    (centre, base): (&Path, &mut Option<Answers>),
    all: &mut Results,
) -> anyhow::Result<()> {
    let engines = from_files(setting, centre);
    if !engines.iter().any(|it| options.names(it)) {
        return Ok(());
    }
    println!("  -- from the disk --");
    let mut before = |engine: &Engine| {
        forget(engine)?;
        let mut script = command("python3");
        script.arg(setting.scripts.join("evict.py"));
        output(script.arg(centre).arg(&setting.files)).map(drop)
    };
    let outcomes = in_turn((setting, options), engines, &mut before, &mut |engine, outcome| {
        hold(setting, engine, outcome, base)
    })?;
    let found = Results::of_engines(outcomes);
    all.wrong.extend(found.faults().into_iter().map(|it| format!("from the disk: {it}")));
    all.tables.push(table(&found));
    Ok(())
}

fn table(results: &Results) -> Table {
    let columns = ["engine", "CPU-s", "seconds", "to DuckDB", "MiB from the disk", "answers"];
    let mut table = Table::new("From the disk", &columns);
    let duckdb = results.engines.iter().filter(|it| it.name.starts_with("duckdb"));
    let duckdb = duckdb.filter(|it| !it.runs.is_empty()).map(|it| it.wall().median);
    let duckdb = duckdb.min_by(f64::total_cmp);
    for it in &results.engines {
        let [cpu, wall, ratio, disk] = if it.runs.is_empty() {
            [(); 4].map(|()| Cell::from("–"))
        } else {
            let ratio = |duckdb: f64| format!("{:.2} ×", it.wall().median / duckdb);
            let ratio = duckdb.map_or("–".to_owned(), ratio);
            [it.cpu().into(), it.wall().into(), ratio.into(), disk(it).into()]
        };
        table.row([it.label().into(), cpu, wall, ratio, disk, it.verdict().into()]);
    }
    table.note = "Before each run the system forgets the files, not the programs; a disk below it may remember them. DuckDB is taken\n\
         at the layout in which it is quicker."
        .to_owned();
    table
}

/// The median of what came from the disk, in MiB.
fn disk(outcome: &Outcome) -> f64 {
    outcome.spread(|it| mebibytes(it.disk_read_bytes)).median
}
