//! Workload F: from a figure to the rows that it was made of.

use std::time::Instant;

use anyhow::{Context, ensure};
use serde_json::Value;

use super::Gov1;
use super::aim::Aim;
use super::chance::Chance;
use super::chart::Chart;
use super::http::Connection;
use super::known::{Known, KnownFigures};
use super::latencies::Latencies;
use super::outcome::Results;
use super::serving::Serving;
use super::setting::Setting;
use super::spread::{Spread, count};
use super::table::Table;

/// Rows that are asked for: as many as the server gives at once.
const ROWS: usize = 200;

/// Chance begins here.
const BEGINNING: u64 = 20_260_726;

/// What was found out about figures of a level.
#[derive(Debug, Default)]
struct Found {
    latencies: Latencies,
    /// Rows that count, of all terms of a figure.
    rows: Vec<f64>,
    terms: usize,
    /// Terms whose rows were counted and come to the sum that the figure was made of.
    proven: usize,
    wrong: Vec<String>,
}

pub(super) fn measure(setting: &Setting, options: &Gov1) -> anyhow::Result<Results> {
    let centre = setting.served()?;
    let known = KnownFigures::of(setting, &centre)?;
    let serving = Serving::start(&setting.haihe, &centre)?;
    let mut chance = Chance::from(BEGINNING);
    let mut results = Results::default();
    let mut chart = Chart::new(
        "95 of 100 answers within; the line reaches from the middle one to 99 of 100",
        &[("ms", 1), ("rows behind a figure", 0)],
    );
    let mut table = Table::new(
        "From a figure to its rows",
        &[
            "figures of",
            "figures",
            "p50 ms",
            "p95 ms",
            "p99 ms",
            "longest ms",
            "rows behind one",
            "terms",
            "terms proven",
        ],
    );
    for (level, most) in [("school", 100.0), ("district", 500.0)] {
        let figures = known.some(level, options.figures.div_ceil(2), &mut chance)?;
        let found = ask(serving.port, &figures)?;
        let within = found.latencies.within(&[50, 95, 99, 100]);
        println!(
            "  {level}: p95 {:.1} ms, {} of {} terms proven",
            found.latencies.percentile(95),
            found.proven,
            found.terms
        );
        let rows = Spread::of(found.rows.iter().copied());
        let mut row = vec![format!("{level}s").into(), count(figures.len()).into()];
        row.extend(within.into_iter().map(Into::into));
        row.extend([rows.into(), count(found.terms).into(), count(found.proven).into()]);
        table.rows.push(row);
        chart.bar(&format!("a figure of a {level}"), true, [found.latencies.ends(), rows]);
        let aim = format!("95 of 100 figures of a {level}, to their rows, within");
        results.aims.push(Aim::at_most(&aim, found.latencies.percentile(95), most, "ms"));
        results.wrong.extend(found.wrong);
    }
    let wrong = count(results.wrong.len());
    results.aims.push(Aim::at_most("figures whose rows are not theirs", wrong, 0.0, "figures"));
    table.note = format!(
        "By one client, and no figure twice. A term is proven where its rows can be counted or added up from outside, and come to\n\
         the sum that the figure was made of; where organisations are withheld from the public, to no more than that. The\n\
         server used {:.0} MiB at most. None of the peers leads from a figure to its rows.",
        serving.used()?.peak_mib,
    );
    results.tables.push(table);
    results.chart = Some(chart);
    Ok(results)
}

/// Asks for every figure once.
fn ask(port: u16, figures: &[Known]) -> anyhow::Result<Found> {
    let mut found = Found::default();
    let mut connection = Connection::open(port)?;
    for known in figures {
        let Known { indicator, code, year, .. } = known;
        let path =
            format!("/api/v1/explain?indicator={indicator}&org={code}&year={year}&limit={ROWS}");
        let began = Instant::now();
        let answer = connection.get(&path);
        found.latencies.add(began.elapsed());
        if answer.is_err() {
            // A fault like any other; what was left of the answer must not be taken for the next one.
            connection = Connection::open(port)?;
        }
        let judged = answer.and_then(|it| it.json()).and_then(|it| judge(known, &it, &mut found));
        if let Err(error) = judged {
            found.wrong.push(format!("{indicator} of {code} in {year}: {error:#}"));
        }
    }
    Ok(found)
}

/// Whether it is the figure that was asked for, and its rows are those that it was made of.
fn judge(known: &Known, answer: &Value, found: &mut Found) -> anyhow::Result<()> {
    let value = answer.pointer("/figure/value").and_then(Value::as_str).unwrap_or_default();
    ensure!(value == known.value, "it is {}, not {value}", known.value);
    let terms = answer.get("terms").and_then(Value::as_array).context("there are no terms")?;
    let mut rows = 0;
    for term in terms {
        rows += term.pointer("/rows/total").and_then(Value::as_u64).unwrap_or_default();
        found.terms += 1;
        if is_proven(term)? {
            found.proven += 1;
        }
    }
    found.rows.push(f64::from(u32::try_from(rows).unwrap_or(u32::MAX)));
    Ok(())
}

/// Whether the rows of a term come to its sum; an error when they come to another, `false` where that cannot be told.
fn is_proven(term: &Value) -> anyhow::Result<bool> {
    let total = term.pointer("/rows/total").and_then(Value::as_u64).context("no count of rows")?;
    let shown = term.pointer("/rows/rows").and_then(Value::as_array).context("no rows")?;
    let expected = usize::try_from(total)?.min(ROWS);
    ensure!(shown.len() == expected, "{} of {total} rows are shown", shown.len());
    let word = |name: &str| term.get(name).and_then(Value::as_str).unwrap_or_default();
    let Ok(sum) = word("total").parse::<f64>() else { return Ok(false) };
    let times = term.get("times").and_then(Value::as_f64).unwrap_or(1.0);
    let sum = sum / times;
    let counted = match word("aggregate") {
        "count" => f64::from(u32::try_from(total)?),
        "sum" if shown.len() == usize::try_from(total)? => {
            let Some(added) = added(term, shown, word("of")) else { return Ok(false) };
            added
        }
        _ => return Ok(false),
    };
    if is_withheld_in_part(term) {
        ensure!(counted <= sum + 1e-6, "rows come to {counted}, more than {sum}");
        return Ok(false);
    }
    ensure!((counted - sum).abs() < 1e-6, "rows come to {counted}, not to {sum}");
    Ok(true)
}

/// The sum of a column over rows; `None` when what is added is no column, or is masked.
fn added(term: &Value, rows: &[Value], column: &str) -> Option<f64> {
    let columns = term.pointer("/rows/columns")?.as_array()?;
    let at = columns.iter().position(|it| it.as_str() == Some(column))?;
    rows.iter().map(|row| row.get(at)?.as_str()?.parse::<f64>().ok()).sum()
}

/// Whether rows of some organisation are not for the public, or may be: only the largest are listed, and none of a term
/// that is one of several counts of persons.
fn is_withheld_in_part(term: &Value) -> bool {
    let listed = term.get("contributions").and_then(Value::as_array);
    let listed = listed.map_or(&[][..], Vec::as_slice);
    let all = term.get("organisations").and_then(Value::as_u64).unwrap_or_default();
    let withheld = listed.iter().any(|it| it.get("withheld") == Some(&Value::Bool(true)));
    withheld || all == 0 || u64::try_from(listed.len()).is_ok_and(|it| it < all)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::is_proven;

    fn term(aggregate: &str, total: &str, rows: &Value, withheld: bool) -> Value {
        json!({
            "aggregate": aggregate, "of": "children", "times": 1, "total": total, "organisations": 1,
            "contributions": [{ "withheld": withheld }],
            "rows": { "total": rows.as_array().unwrap().len(), "columns": ["school", "children"], "rows": rows },
        })
    }

    #[test]
    fn rows_prove_a_sum_or_contradict_it() {
        let rows = json!([["1", "30"], ["1", "12"]]);
        assert!(is_proven(&term("sum", "42", &rows, false)).unwrap());
        assert!(is_proven(&term("count", "2", &rows, false)).unwrap());
        assert!(is_proven(&term("count", "3", &rows, false)).is_err());
        // What is withheld may be missing, and nothing may be there that is too much.
        assert!(!is_proven(&term("count", "3", &rows, true)).unwrap());
        assert!(is_proven(&term("count", "1", &rows, true)).is_err());
        assert!(!is_proven(&term("distinct", "1", &rows, false)).unwrap());
        assert!(!is_proven(&term("sum", "42", &json!([["1", "•••"]]), false)).unwrap());
    }
}
