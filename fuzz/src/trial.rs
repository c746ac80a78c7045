//! Trying a parser: with every file of its corpus, and with many inputs made of them.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "the gate says how many inputs are tried, and a test that fails says why"
)]

use std::path::Path;
use std::{env, fs, thread};

use crate::mutation::{Chance, mutated};

/// How many inputs of each parser are tried when nobody says so.
const INPUTS: u64 = 2_000;

/// Says which input it was, when a parser panics.
struct Witness<'a>(&'a str, &'a [u8]);

impl Drop for Witness<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            let _ = fs::write(env::temp_dir().join(format!("haihe-fuzz-{}", self.0)), self.1);
            eprintln!("{} panicked on b\"{}\"", self.0, self.1.escape_ascii());
        }
    }
}

/// The files of a folder, by their names.
///
/// # Panics
/// When there are none.
pub fn corpus(folder: &Path) -> Vec<Vec<u8>> {
    let entries = fs::read_dir(folder).expect("a parser has a corpus");
    let mut files: Vec<_> =
        entries.map(|it| it.expect("the corpus can be listed").path()).collect();
    files.sort();
    assert!(!files.is_empty(), "{} is empty", folder.display());
    files.iter().map(|it| fs::read(it).expect("the corpus can be read")).collect()
}

/// Feeds a parser with the seeds, and then with inputs made of them: one of `one_of` that the gate asks for.
pub fn run(name: &str, seeds: &[Vec<u8>], one_of: u64, feed: &dyn Fn(&[u8])) {
    let feed = |input: &[u8]| {
        let _witness = Witness(name, input);
        feed(input);
    };
    seeds.iter().for_each(|it| feed(it));
    let asked = env::var("HAIHE_FUZZ_INPUTS").ok();
    let inputs = asked.map_or(INPUTS, |it| it.parse().expect("HAIHE_FUZZ_INPUTS is a number"));
    let mut chance = Chance::new(1);
    let (mut each, mut others) = (seeds.iter().cycle(), seeds.iter().cycle());
    for number in 0..inputs.div_ceil(one_of) {
        let Some(seed) = each.next() else { return };
        // Every other seed in turn beside every seed.
        if seeds.len() < 2 || number % u64::try_from(seeds.len()).unwrap_or(1) == 0 {
            others.next();
        }
        let Some(other) = others.clone().next() else { return };
        feed(&mutated(seed, other, &mut chance));
    }
}
