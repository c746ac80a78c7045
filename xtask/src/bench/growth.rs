//! How the work of A grows with the city: this size beside those that were measured before.

use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::Size;
use super::aim::{Aim, plain};
use super::outcome::Results;
use super::setting::Setting;
use super::table::{Cell, Table};

/// CPU-seconds for each record may grow so much, which is what a machine strays from one run to the next.
const FLAT: f64 = 1.1;

/// MiB that ten cities may take.
const MEMORY: f64 = 4096.0;

/// What this takes of the report of another size.
#[derive(Debug, Deserialize)]
struct Before {
    engines: Vec<Engine>,
    datasets: std::collections::BTreeMap<String, Rows>,
}

#[derive(Debug, Deserialize)]
struct Rows {
    rows: u64,
}

#[derive(Clone, Debug, Deserialize)]
struct Engine {
    name: String,
    cpu_s: Median,
    peak_mib: Median,
}

#[derive(Clone, Copy, Debug, Deserialize)]
struct Median {
    median: f64,
}

/// One size.
#[derive(Debug)]
struct Measured {
    size: &'static str,
    million_rows: f64,
    engines: Vec<Engine>,
}

/// Puts the table of growth under the results of the largest size, and what is aimed at.
pub(super) fn add(setting: &Setting, folder: &Path, results: &mut Results) {
    let engine = |it: &super::outcome::Outcome| Engine {
        name: it.name.clone(),
        cpu_s: Median { median: it.cpu().median },
        peak_mib: Median { median: it.peak().median },
    };
    let ran = results.engines.iter().filter(|it| !it.runs.is_empty());
    let this = Measured {
        size: setting.size.as_str(),
        million_rows: millions(setting.datasets.values().map(|it| it.rows).sum()),
        engines: ran.map(engine).collect(),
    };
    let before = [Size::S, Size::M].into_iter().filter_map(|it| before(folder, it));
    let sizes: Vec<Measured> = before.chain([this]).collect();
    results.aims.extend(aims(&sizes));
    results.tables.push(table(&sizes, results));
}

fn before(folder: &Path, size: Size) -> Option<Measured> {
    let size = size.as_str();
    let json = fs::read_to_string(folder.join(format!("gov1-a-{size}.json"))).ok()?;
    let Before { engines, datasets } = serde_json::from_str(&json).ok()?;
    let million_rows = millions(datasets.values().map(|it| it.rows).sum());
    Some(Measured { size, million_rows, engines })
}

impl Measured {
    fn engine(&self, name: &str) -> Option<&Engine> {
        self.engines.iter().find(|it| it.name == name && it.cpu_s.median > 0.0)
    }

    /// CPU-seconds for each million records.
    fn each(&self, name: &str) -> Option<f64> {
        Some(self.engine(name)?.cpu_s.median / self.million_rows)
    }
}

fn aims(sizes: &[Measured]) -> Vec<Aim> {
    let mut aims = Vec::new();
    let [first, .., last] = sizes else { return aims };
    if let (Some(first_s), Some(last_s)) = (first.each("haihe-files"), last.each("haihe-files")) {
        let what = format!(
            "20 indicators from the files, CPU-seconds for each record beside those of size {}",
            first.size
        );
        aims.push(Aim::at_most(&what, last_s / first_s, FLAT, "×"));
    }
    for (name, what) in [("haihe-files", "from the files"), ("haihe-states", "from kept states")] {
        if let Some(it) = last.engine(name) {
            let what = format!("20 indicators {what} of size {}, peak memory", last.size);
            aims.push(Aim::at_most(&what, it.peak_mib.median, MEMORY, "MiB"));
        }
    }
    aims
}

fn table(sizes: &[Measured], results: &Results) -> Table {
    let columns =
        ["engine", "size", "million records", "CPU-s", "CPU-s a million records", "peak MiB"];
    let mut table = Table::new("As the city grows", &columns);
    for outcome in &results.engines {
        for it in sizes {
            let (Some(found), Some(each)) = (it.engine(&outcome.name), it.each(&outcome.name))
            else {
                continue;
            };
            let number = |it: f64| Cell::from(plain(it));
            table.row([
                outcome.label().into(),
                it.size.into(),
                number(it.million_rows),
                number(found.cpu_s.median),
                format!("{each:.3}").into(),
                number(found.peak_mib.median),
            ]);
        }
    }
    table.note = "Medians; those of the other sizes are from their own reports, which stand beside this one."
        .to_owned();
    table
}

fn millions(rows: u64) -> f64 {
    // Thousands are exact enough, and fit.
    f64::from(u32::try_from(rows / 1_000).unwrap_or(u32::MAX)) / 1_000.0
}

#[cfg(test)]
mod tests {
    use super::{Engine, Measured, Median, aims};

    fn measured(size: &'static str, million_rows: f64, cpu: f64, peak: f64) -> Measured {
        let engine = Engine {
            name: "haihe-files".to_owned(),
            cpu_s: Median { median: cpu },
            peak_mib: Median { median: peak },
        };
        Measured { size, million_rows, engines: vec![engine] }
    }

    #[test]
    fn a_record_must_not_cost_more_in_a_larger_city() {
        let met = |cpu: f64, peak: f64| -> Vec<bool> {
            let sizes = [measured("s", 3.6, 0.9, 100.0), measured("l", 360.0, cpu, peak)];
            aims(&sizes).iter().map(|it| it.reached).collect()
        };
        assert_eq!(met(90.0, 4_000.0), [true, true]);
        assert_eq!(met(120.0, 5_000.0), [false, false]);
        assert!(aims(&[measured("l", 360.0, 1.0, 1.0)]).is_empty(), "nothing to hold it against");
    }
}
