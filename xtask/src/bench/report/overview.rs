//! One page over the reports of all workloads of a size, as they are in the folder: runs may have been hours apart.

use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::name;
use crate::bench::aim::{self, Aim};
use crate::bench::workload::Workload;

/// What the page takes of a report.
#[derive(Debug, Deserialize)]
struct Part {
    machine: String,
    load_before: f64,
    load_after: f64,
    aims: Vec<Aim>,
    faults: Vec<String>,
}

/// Writes the page; workloads that were never measured are not on it.
pub(crate) fn write(folder: &Path, size: &str) -> anyhow::Result<()> {
    let mut text = format!(
        "# GOV-1, size {size}\n\n\
         The product beside its peers on the same files, in the same run: `cargo xtask bench gov1 --size {size}`.\n\
         [How](../../bench/gov1/README.md). Every number comes from a run; an aim that is missed is said to be, and\n\
         [why it is](gov1-explained.md).\n\n\
         | workload | machine | load before, after | aims met | not as it should be |\n| --- | --- | --- | --- | --- |\n"
    );
    let mut aims = Vec::new();
    for workload in Workload::ALL {
        let name = name(workload, size);
        let path = folder.join(format!("{name}.json"));
        let Ok(json) = fs::read_to_string(&path) else { continue };
        let Ok(part) = serde_json::from_str::<Part>(&json) else { continue };
        let met = part.aims.iter().filter(|it| it.reached).count();
        text += &format!(
            "| [{}: {}]({name}.md) | {} | {:.1}, {:.1} | {met} of {} | {} |\n",
            workload.letter(),
            workload.title(),
            part.machine,
            part.load_before,
            part.load_after,
            part.aims.len(),
            part.faults.len(),
        );
        aims.extend(part.aims.into_iter().map(|it| {
            let aim = format!("{}: {}", workload.letter(), it.aim);
            Aim { aim, ..it }
        }));
    }
    text += "\nWhere the load before is more than one, something else ran at the same time: compare processor time then.\n\n";
    text += &aim::listed(&aims);
    let path = folder.join(format!("gov1-{size}.md"));
    fs::write(&path, text.trim_end().to_owned() + "\n")?;
    println!("\n  all of it: {}", path.display());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::write;

    #[test]
    fn the_page_has_the_aims_of_every_workload_that_was_measured() {
        let folder = tempfile::tempdir().unwrap();
        let report = r#"{
            "machine": "2 cores", "load_before": 0.1, "load_after": 1.5, "engines": [], "faults": [],
            "aims": [{ "aim": "a page: at most 10 ms", "measured": "12 ms", "reached": false }]
        }"#;
        std::fs::write(folder.path().join("gov1-d-s.json"), report).unwrap();
        write(folder.path(), "s").unwrap();
        let page = std::fs::read_to_string(folder.path().join("gov1-s.md")).unwrap();
        assert!(page.contains("(gov1-d-s.md) | 2 cores | 0.1, 1.5 | 0 of 1 | 0 |"), "{page}");
        assert!(page.contains("| D: a page: at most 10 ms | 12 ms | missed |"), "{page}");
        assert!(!page.contains("gov1-a-s.md"), "{page}");
    }
}
