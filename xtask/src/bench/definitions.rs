//! Workload B: from definitions to figures.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use serde::Deserialize;

use super::Gov1;
use super::aim::Aim;
use super::answers::{Answers, Comparison};
use super::engines::{Engine, From, out_of, quoted, shell};
use super::outcome::Results;
use super::setting::Setting;
use super::spread::{Spread, count};
use super::table::{Cell, Table};
use super::turns::{forget, in_turn};
use crate::project::{command, output};

mod metricflow;

/// Indicators that a plan folder is filled up to.
const MANY: usize = 200;

/// What the codes of generated indicators begin with.
const GENERATED: &str = "GEN-";

/// What `definitions.py` says of what it wrote.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) struct Written {
    definitions: usize,
    lines: usize,
}

/// Lines that the twenty indicators of the plan's table take.
#[derive(Clone, Copy, Debug, Deserialize)]
struct Twenty {
    ours_whole: usize,
    ours_defining: usize,
    sql: usize,
    pandas: usize,
}

/// The plan as it is shipped, and the one that is filled up.
#[derive(Debug)]
struct Plans {
    shipped: PathBuf,
    indicators: usize,
    filled: PathBuf,
    generated: Written,
}

pub(super) fn measure(setting: &Setting, options: &Gov1) -> anyhow::Result<Results> {
    let plans = Plans::write(setting)?;
    let centre = setting.copy("definitions")?;
    let of_sql = peer_lines(setting, plans.generated.definitions)?;
    let mut engines = vec![
        checking(setting, &plans.shipped, plans.indicators),
        checking(setting, &plans.filled, MANY),
        by_hand(setting, plans.generated.definitions),
        computing(setting, &plans.filled, &centre),
    ];
    let brought = metricflow::bring(setting, MANY);
    let (of_metricflow, failure) = match brought {
        Ok((engine, lines)) => {
            engines.push(engine);
            (Some(lines), None)
        }
        Err(error) => (None, Some(format!("{error:#}"))),
    };
    let mut base = None;
    let mut planned: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    let outcomes = in_turn((setting, options), engines, &mut forget, &mut |engine, outcome| {
        if engine.from != From::Prepared {
            let answers = Answers::read(&setting.answers_of(engine))?;
            let answers = answers.of_level("city", GENERATED);
            match &base {
                Some(base) => outcome.judge(Comparison::of(base, &answers)),
                None => base = Some(answers),
            }
            return Ok(());
        }
        let said = fs::read_to_string(setting.answers_of(engine))?;
        let milliseconds = before(&said, " ms")
            .or_else(|| before(&said, " seconds").map(|seconds| seconds * 1_000.0));
        planned.entry(engine.name.clone()).or_default().extend(milliseconds);
        Ok(())
    })?;
    let mut results = Results::of_engines(outcomes);
    let times = |name: &str| {
        let all = planned.get(name).map_or(&[][..], Vec::as_slice);
        // The first run warms up.
        Spread::of(all.iter().skip(1).copied())
    };
    if results.best(&name_of(MANY)).is_some() {
        let ours = times(&name_of(MANY)).median;
        ensure!(ours > 0.0, "`haihe plan check` does not say how long it took");
        let what = format!("{MANY} indicators read, type-checked and planned");
        results.aims.push(Aim::at_most(&what, ours, 50.0, "ms"));
    }
    let mut table = Table::new(
        "From the text of the definitions to what can be run",
        &["definitions", "by", "ms"],
    );
    for (many, name, by) in [
        (plans.indicators, name_of(plans.indicators), "Haihe, `plan::load` in `haihe plan check`"),
        (MANY, name_of(MANY), "Haihe, `plan::load` in `haihe plan check`"),
        (MANY, metricflow::NAME.to_owned(), "MetricFlow, as it says itself"),
    ] {
        let time = times(&name);
        if time.median > 0.0 {
            table.row([count(many).into(), by.into(), time.into()]);
        }
    }
    table.note = "The engines below are whole processes, their start included.".to_owned();
    results.tables.push(table);
    results.tables.push(lines(setting, &plans, of_sql, of_metricflow)?);
    results.notes.push(match failure {
        Some(failure) => format!("MetricFlow could not be brought: {failure}."),
        None => format!("MetricFlow is {}.", metricflow::versions()),
    });
    Ok(results)
}

impl Plans {
    fn write(setting: &Setting) -> anyhow::Result<Self> {
        let shipped = setting.plan("shipped")?;
        let said = output(command(&setting.haihe).args(["plan", "check"]).arg(&shipped))?;
        let indicators = before(&said, " indicators").context("the plan has no indicators")?;
        let more = (1..MANY).find(|it| count(MANY - it) <= indicators);
        let more = more.context("the plan has more indicators already")?;
        let filled = setting.plan("filled")?;
        let generated = definitions(setting, &["ours", &text(&filled), &more.to_string()])?;
        Ok(Self { shipped, indicators: MANY - more, filled, generated })
    }
}

/// Writes definitions, and tells the lines that they took.
pub(super) fn definitions(setting: &Setting, arguments: &[&str]) -> anyhow::Result<Written> {
    let mut script = command(&setting.python);
    let said = output(script.arg(setting.scripts.join("definitions.py")).args(arguments))?;
    serde_json::from_str(&said).context("definitions.py")
}

pub(super) fn text(path: &Path) -> String {
    path.display().to_string()
}

/// Checks a plan folder, and says how long that took without the start of the process.
fn checking(setting: &Setting, plan: &Path, indicators: usize) -> Engine {
    let name = name_of(indicators);
    let (haihe, out) = (quoted(&setting.haihe), out_of(setting, &name));
    let text = format!("{haihe} plan check {} > {out} 2>&1", quoted(plan));
    shell(&name, &format!("Haihe, {indicators} definitions checked"), text)
}

fn name_of(indicators: usize) -> String {
    format!("haihe-check-{indicators}")
}

/// All definitions to all figures, as whoever changes one does it.
fn computing(setting: &Setting, plan: &Path, centre: &Path) -> Engine {
    let name = "haihe-figures";
    let (haihe, place, plan) = (quoted(&setting.haihe), quoted(centre), quoted(plan));
    let out = out_of(setting, name);
    let text = format!(
        "{haihe} init --plan {plan} --data {place} && {haihe} compute --data {place} && \
         {haihe} export {out} --in-full --data {place}"
    );
    let title = format!("Haihe, {MANY} definitions to all figures");
    let forgets = Some(centre.to_owned());
    Engine { from: From::Partitioned, forgets, ..shell(name, &title, text) }
}

/// The generated definitions by hand-written SQL, for the city alone.
fn by_hand(setting: &Setting, definitions: usize) -> Engine {
    let name = "duckdb-definitions";
    let text = format!(
        "{} {} duckdb {} {} {definitions}",
        quoted(&setting.python),
        quoted(&setting.scripts.join("definitions.py")),
        quoted(&setting.files),
        out_of(setting, name),
    );
    let title = format!("DuckDB, {definitions} of them by hand, of the city alone");
    Engine { from: From::Whole, is_ours: false, ..shell(name, &title, text) }
}

fn peer_lines(setting: &Setting, definitions: usize) -> anyhow::Result<Written> {
    let (files, out) = (text(&setting.files), text(&setting.scratch.join("lines.csv")));
    self::definitions(setting, &["duckdb", &files, &out, &definitions.to_string()])
}

/// How much has to be written.
fn lines(
    setting: &Setting,
    plans: &Plans,
    of_sql: Written,
    of_metricflow: Option<Written>,
) -> anyhow::Result<Table> {
    let mut script = command(&setting.python);
    script.arg(setting.scripts.join("definitions.py")).arg("lines").arg(&plans.shipped);
    let twenty: Twenty = serde_json::from_str(&output(&mut script)?).context("definitions.py")?;
    let mut table =
        Table::new("Lines of definition", &["what", "by", "definitions", "lines", "lines each"]);
    let mut row = |what: &str, by: &str, definitions: usize, lines: usize| {
        let each = count(lines) / count(definitions.max(1));
        let [many, lines]: [Cell; 2] = [count(definitions).into(), count(lines).into()];
        table.row([what.into(), by.into(), many, lines, each.into()]);
    };
    let plan = "the plan's twenty, for all levels and years";
    row(plan, "Haihe: names, units, sources and targets too", 20, twenty.ours_whole);
    row(plan, "Haihe: only what defines them", 20, twenty.ours_defining);
    row(plan, "SQL of DuckDB, Polars, chDB and PostgreSQL", 20, twenty.sql);
    row(plan, "pandas", 20, twenty.pandas);
    let generated = "generated shares";
    let Written { definitions, lines } = plans.generated;
    row(generated, "Haihe: names and units too, all levels", definitions, lines);
    row(generated, "SQL, of the city alone", of_sql.definitions, of_sql.lines);
    if let Some(it) = of_metricflow {
        row(generated, "MetricFlow, one level a question", it.definitions, it.lines);
    }
    table.note = "Empty lines and comments are not counted. The hand-written SQL leaves out who stands under whom, which `prepare.py`\n\
         writes down for it."
        .to_owned();
    Ok(table)
}

/// The number before words, at the first place where they stand.
fn before(said: &str, words: &str) -> Option<f64> {
    let (before, _) = said.split_once(words)?;
    before.rsplit(|it: char| !it.is_ascii_digit() && it != '.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::before;

    #[test]
    fn what_was_said_is_understood() {
        let said =
            "read, type-checked and planned in 12.3 ms\na plan: sound\n52 indicators, 61 measures";
        assert_eq!(before(said, " ms"), Some(12.3));
        assert_eq!(before(said, " indicators"), Some(52.0));
        assert_eq!(before(said, " seconds"), None);
    }
}
