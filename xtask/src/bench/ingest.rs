//! Workload E: records taken in through the checks, as one large sheet by command and as many small ones over HTTP.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, anyhow, ensure};
use serde::Deserialize;

use super::Gov1;
use super::aim::Aim;
use super::answers::Comparison;
use super::engines::{Engine, out_of, quoted, shell};
use super::http::Connection;
use super::latencies::Latencies;
use super::outcome::{Outcome, Results};
use super::records::Sender;
use super::serving::Serving;
use super::setting::{Setting, put};
use super::spread::count;
use super::table::Table;
use super::turns::in_turn;
use crate::project::{command, output};

/// The dataset that rows are of.
const DATASET: &str = "enrolments";

/// One row of so many is wrong.
const FAULTY: usize = 500;

/// Sheets of different lengths: the longest should need hardly more memory than the first.
const SHEETS: [(&str, usize); 4] =
    [("xlsx", 2_000), ("xlsx", 10_000), ("xlsx", 100_000), ("csv", 100_000)];

/// As DHIS2 measures its own import: clients at once, files of each, rows of a file.
const CLIENTS: usize = 4;
const FILES: usize = 15;
const ROWS: usize = 500;

/// What DHIS2 publishes as its bound for 95 of 100 imports of 500 entities (TrackerTest, ante-natal care), in seconds.
const DHIS2_P95: f64 = 1.124;

/// What a sheet must come to.
#[derive(Clone, Copy, Debug, Deserialize)]
struct Sheet {
    rows: u64,
    refused: u64,
    bytes: u64,
}

pub(super) fn measure(setting: &Setting, options: &Gov1) -> anyhow::Result<Results> {
    let centre = setting.copy("ingest")?;
    let (mut engines, mut sheets) = (Vec::new(), BTreeMap::new());
    for (ending, rows) in SHEETS {
        let name = format!("haihe-{ending}-{rows}");
        let file = setting.scratch.join(format!("sheet-{rows}.{ending}"));
        sheets.insert(name.clone(), written(setting, &file, rows, Some(FAULTY))?);
        engines.push(importing(setting, &centre, &name, &file, &format!("{rows} rows, {ending}")));
    }
    let outcomes = in_turn(
        (setting, options),
        engines,
        &mut |_| table_again(setting, &centre),
        &mut |engine, outcome| {
            let said = fs::read_to_string(setting.answers_of(engine))?;
            let sheet = sheets.get(&engine.name).context("no such sheet")?;
            outcome.judge(judged(&said, *sheet));
            Ok(())
        },
    )?;
    let mut results = Results::of_engines(outcomes);
    results.tables.push(large(&results, &sheets));
    if let Some(most) = growth(&results) {
        results.aims.push(Aim::at_most(
            "peak memory of 100,000 rows from a workbook, beside that of 10,000",
            most,
            2.0,
            "×",
        ));
    }
    table_again(setting, &centre)?;
    small(setting, &centre, &mut results)?;
    results.notes.push(
        "One sheet is imported by `haihe import`, a process for each. The small ones come over HTTP, as DHIS2 takes its own: a server\n\
         that runs takes them with `POST /api/v1/records`, and answers when their rows are on the disk. OpenEMIS takes 2,000 rows of a\n\
         workbook at most; DHIS2 takes no workbook."
            .to_owned(),
    );
    Ok(results)
}

/// Writes a sheet, and tells what it must come to.
fn written(
    setting: &Setting,
    file: &Path,
    rows: usize,
    faulty: Option<usize>,
) -> anyhow::Result<Sheet> {
    let mut sheet = command(&setting.python);
    sheet
        .arg(setting.scripts.join("sheet.py"))
        .arg(&setting.centre)
        .arg(file)
        .arg(rows.to_string());
    let said = output(sheet.args(faulty.map(|it| it.to_string())))?;
    serde_json::from_str(&said).context("sheet.py")
}

/// An import is also done when rows were refused, which it says by its end.
fn importing(setting: &Setting, centre: &Path, name: &str, file: &Path, what: &str) -> Engine {
    let (haihe, out, findings) = (
        quoted(&setting.haihe),
        out_of(setting, name),
        quoted(&setting.scratch.join("findings.csv")),
    );
    let (file, centre) = (quoted(file), quoted(centre));
    let text = format!(
        "{haihe} import {DATASET} {file} --findings {findings} --data {centre} > {out}; grep -q 'rows read' {out}"
    );
    shell(name, &format!("Haihe, {what}"), text)
}

/// Puts the dataset's table back, so that every import finds the same.
fn table_again(setting: &Setting, centre: &Path) -> anyhow::Result<()> {
    put(&setting.centre.join("lake").join(DATASET), &centre.join("lake").join(DATASET))
}

/// Whether as many rows were read, taken and refused as there should be.
fn judged(said: &str, sheet: Sheet) -> Comparison {
    let counts = [
        ("rows read", sheet.rows),
        ("added", sheet.rows - sheet.refused),
        ("refused", sheet.refused),
    ];
    let mut comparison = Comparison::default();
    for (word, expected) in counts {
        let found = counted(said, word);
        if found == Some(expected) {
            comparison.same += 1;
        } else {
            comparison.different += 1;
            let found = found.map_or("nothing".to_owned(), |it| it.to_string());
            comparison.examples.push(format!("{word}: it is {expected}, not {found}"));
        }
    }
    comparison
}

/// The number before words that the command prints.
fn counted(said: &str, words: &str) -> Option<u64> {
    let (before, _) = said.split_once(&format!(" {words}"))?;
    before.rsplit(|it: char| !it.is_ascii_digit()).next()?.parse().ok()
}

/// Rows a second, of all that ran.
fn large(results: &Results, sheets: &BTreeMap<String, Sheet>) -> Table {
    let mut table = Table::new(
        "One sheet",
        &["sheet", "MiB", "rows a second", "rows a CPU-second", "peak MiB"],
    );
    for it in results.engines.iter().filter(|it| !it.runs.is_empty()) {
        let Some(sheet) = sheets.get(&it.name) else { continue };
        let rows = f64::from(u32::try_from(sheet.rows).unwrap_or(u32::MAX));
        let mib = f64::from(u32::try_from(sheet.bytes).unwrap_or(u32::MAX)) / 1_048_576.0;
        table.row([
            it.title.clone().into(),
            mib.into(),
            it.spread(|it| rows / it.wall_s).into(),
            it.spread(|it| rows / it.cpu_s).into(),
            it.peak().into(),
        ]);
    }
    table
}

/// How much more memory ten times the rows take.
fn growth(results: &Results) -> Option<f64> {
    let peak = |name: &str| results.best(name).map(Outcome::peak);
    Some(peak("haihe-xlsx-100000")?.median / peak("haihe-xlsx-10000")?.median)
}

/// Many small sheets by several clients at once, each of one school and of its own pupils.
fn small(setting: &Setting, centre: &Path, results: &mut Results) -> anyhow::Result<()> {
    let folder = setting.scratch.join("sheets");
    fs::create_dir_all(&folder)?;
    let (city, files) = parts(setting, &folder)?;
    let (warming, files) = files.split_first().context("no files")?;
    let sender = Sender::new(setting, centre, &city, DATASET)?;
    let serving = Serving::start(&setting.haihe, centre)?;
    let port = serving.port;
    // The rows of a school more, which nobody measures.
    let first = sender.bring(&mut Connection::open(port)?, warming)?;
    ensure!(first.added == of_a_sheet(), "the first sheet was not taken: {first:?}");
    let began = Instant::now();
    let (mut latencies, mut failed) = (Latencies::default(), 0);
    std::thread::scope(|scope| {
        let clients: Vec<_> = files
            .chunks(FILES)
            .map(|files| scope.spawn(|| one_client(port, &sender, files)))
            .collect();
        for client in clients {
            let (times, faults) = client.join().map_err(|_| anyhow!("a client broke off"))?;
            latencies.extend(times);
            failed += faults.len();
            results.wrong.extend(faults.into_iter().take(3));
        }
        anyhow::Ok(())
    })?;
    let time = began.elapsed();
    // All of it is there: what comes again changes nothing.
    for file in files {
        let again = sender.bring(&mut Connection::open(port)?, file)?;
        if again.unchanged != of_a_sheet() {
            results.wrong.push(format!("rows that were taken are not there: {again:?}"));
        }
    }
    let used = serving.used()?;
    serving.stop()?;
    let within = latencies.within(&[50, 95, 99]);
    let mut table = Table::new(
        "Small workbooks of a school each, by four clients at once over HTTP",
        &[
            "files of 500 rows",
            "p50 ms",
            "p95 ms",
            "p99 ms",
            "rows a second",
            "failed",
            "server, peak MiB",
        ],
    );
    let mut row = vec![count(latencies.len()).into()];
    row.extend(within.into_iter().map(Into::into));
    let rows = count(ROWS) * latencies.per_second(time);
    row.extend([rows.into(), count(failed).into(), used.peak_mib.into()]);
    table.rows.push(row);
    results.tables.push(table);
    let p95 = latencies.percentile(95) / 1_000.0;
    println!("  {} files of {ROWS} rows: p95 {p95:.3} s, {failed} failed", latencies.len());
    results.aims.push(Aim::at_least(
        &format!("500 rows, 95 of 100 imports: faster than the {DHIS2_P95} s that DHIS2 publishes"),
        DHIS2_P95 / p95.max(f64::MIN_POSITIVE),
        3.0,
        "×",
    ));
    Ok(())
}

fn of_a_sheet() -> u64 {
    u64::try_from(ROWS).unwrap_or_default()
}

/// The code of the city, and the small sheets: the rows of one long one, cut.
fn parts(setting: &Setting, folder: &Path) -> anyhow::Result<(String, Vec<PathBuf>)> {
    #[derive(Deserialize)]
    struct Said {
        city: String,
    }

    let all = 1 + CLIENTS * FILES;
    let mut sheet = command(&setting.python);
    sheet.arg(setting.scripts.join("sheet.py")).arg(&setting.centre);
    let (rows, many) = ((all * ROWS).to_string(), all.to_string());
    let said = output(sheet.arg(folder.join("part.xlsx")).args([&rows, "0", &many]))?;
    let said: Said = serde_json::from_str(&said).context("sheet.py")?;
    let files: Vec<PathBuf> = (0..all).map(|it| folder.join(format!("part-{it}.xlsx"))).collect();
    ensure!(files.iter().all(|it| it.is_file()), "sheet.py wrote too few files");
    Ok((said.city, files))
}

/// The times of a client's files, and what went wrong with them.
fn one_client(port: u16, sender: &Sender, files: &[PathBuf]) -> (Latencies, Vec<String>) {
    let (mut latencies, mut faults) = (Latencies::default(), Vec::new());
    let mut connection = match Connection::open(port) {
        Ok(connection) => connection,
        Err(error) => return (latencies, vec![format!("{error:#}")]),
    };
    for file in files {
        let began = Instant::now();
        match sender.bring(&mut connection, file) {
            Ok(receipt) if receipt.added == of_a_sheet() => latencies.add(began.elapsed()),
            Ok(receipt) => faults.push(format!("{receipt:?}")),
            Err(error) => faults.push(format!("{error:#}")),
        }
    }
    (latencies, faults)
}

#[cfg(test)]
mod tests {
    use super::{Sheet, counted, judged};

    const SAID: &str = "enrolments: 2000 rows read: 1996 added, 0 replaced, 0 unchanged, 0 moved, 0 removed, 4 refused (4 errors, 0 warnings)";

    #[test]
    fn an_import_must_come_to_its_counts() {
        let sheet = Sheet { rows: 2_000, refused: 4, bytes: 1 };
        assert_eq!(judged(SAID, sheet).different, 0);
        assert_eq!(judged(SAID, Sheet { refused: 5, ..sheet }).different, 2);
        assert_eq!(counted(SAID, "unchanged"), Some(0));
        assert_eq!(counted("", "added"), None);
    }
}
