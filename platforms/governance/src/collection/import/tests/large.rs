//! A million rows.

use std::cell::Cell;
use std::fmt::Write;

use super::*;

/// The rows that are read before the stage takes them stay few, however long the file is, and the
/// time for each is bounded: ten times what an idle machine takes.
#[tokio::test]
async fn a_million_rows_stream_through() {
    const ROWS: u64 = 1_000_000;
    let city = City::new(samples::classes());
    let mut text = HEADER.to_owned();
    for row in 0..ROWS {
        let (school, class) = (if row % 2 == 0 { "S1" } else { "S4" }, row / 2 + 1);
        writeln!(text, "{school},2024,primary,一年级,{class},40,").unwrap();
    }
    fs::write(city.file("f.csv"), text).unwrap();
    let organisations = samples::organisations(&city.history);
    let (steps, widest, last) = (Cell::new(0), Cell::new(0), Cell::new(0));
    let start = std::time::Instant::now();
    let outcome = import(&Import {
        lake: &city.lake,
        dataset: &city.dataset,
        rules: &RuleTables::new(),
        organisations: &organisations,
        pseudonyms: &Pseudonyms::with_key([7; 32]),
        file: &city.file("f.csv"),
        mapping: &city.mapping,
        findings_file: None,
        staging: &city.file("staging"),
        limits: Limits::default(),
        replace: false,
        dry_run: false,
        now: "2025-10-01T00:00:00Z".parse().unwrap(),
        note: BTreeMap::new(),
        progress: &|step| {
            if let Step::Read { rows } = step {
                steps.set(steps.get() + 1);
                widest.set(widest.get().max(rows - last.get()));
                last.set(rows);
            }
        },
    })
    .await
    .unwrap();
    assert_eq!((outcome.rows, outcome.added, outcome.refused), (ROWS, ROWS, 0));
    assert!(widest.get() <= 16_384, "{} rows at once", widest.get());
    assert!(steps.get() >= 61);
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}
