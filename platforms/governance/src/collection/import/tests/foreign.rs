//! Records that nobody would send: bytes of any kind, and sheets of workbooks.

use std::cell::Cell;

use fuzz::trial;
use tokio::runtime::Runtime;

use super::*;

/// Whatever a file holds, the answer is rows and findings that say what to do.
fn check(name: &str, one_of: u64, made: fn(&[u8]) -> Vec<u8>) {
    let runtime = Runtime::new().unwrap();
    let mut cities = [City::new(samples::classes()), City::new(samples::pupils())];
    cities.iter_mut().for_each(|it| it.dry_run = true);
    let taken = Cell::new(0);
    let feed = |input: &[u8]| {
        for city in &cities {
            let outcome = runtime.block_on(city.import("f.csv", made(input)));
            assert!(outcome.is_whole() || !outcome.findings.is_empty(), "refused without a word");
            assert!(outcome.is_whole() || outcome.errors > 0);
            assert!(outcome.refused == 0 || outcome.errors > 0, "{outcome:?}");
            assert!(!outcome.changed, "a rehearsal changed something");
            for finding in &outcome.findings {
                assert!(!finding.hint.is_empty(), "{finding} does not say what to do");
            }
            taken.set(taken.get() + outcome.accepted());
        }
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(name);
    trial::run(name, &trial::corpus(&folder), one_of, &feed);
    assert!(taken.get() > 0, "nothing in the corpus is sound");
}

#[test]
fn fuzz_records() {
    check("records", 20, <[u8]>::to_vec);
}

#[test]
fn fuzz_record_sheet() {
    check("record_sheet", 20, workbooks::with_sheet);
}
