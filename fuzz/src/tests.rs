#![expect(clippy::disallowed_methods, reason = "the gate says how many inputs are tried")]

use std::path::Path;
use std::{env, fs, thread};

use crate::mutation::{Chance, mutated};
use crate::targets::{self, Target};

/// How many inputs of each parser are tried when nobody says so.
const INPUTS: u64 = 2_000;

/// Says which input it was, when a parser panics.
struct Witness<'a>(&'a str, &'a [u8]);

impl Drop for Witness<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            let bytes: Vec<u8> = self.1.escape_ascii().collect();
            let shown = String::from_utf8_lossy(&bytes);
            let _ = fs::write(env::temp_dir().join(format!("haihe-fuzz-{}", self.0)), self.1);
            panic_note(self.0, &shown);
        }
    }
}

#[expect(clippy::print_stderr, reason = "a test that fails says why")]
fn panic_note(name: &str, shown: &str) {
    eprintln!("{name} panicked on b\"{shown}\"");
}

fn corpus(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name);
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty(), "{name} has no corpus");
    files.iter().map(|it| fs::read(it).unwrap()).collect()
}

fn feed(target: Target, input: &[u8]) {
    let _witness = Witness(target.name, input);
    (target.feed)(input);
}

fn check(name: &str) {
    let target = targets::ALL.into_iter().find(|it| it.name == name).unwrap();
    let inputs = env::var("HAIHE_FUZZ_INPUTS").map_or(INPUTS, |it| it.parse().unwrap());
    let seeds = corpus(name);
    for seed in &seeds {
        feed(target, seed);
    }
    let mut chance = Chance::new(1);
    for number in 0..inputs {
        let number = usize::try_from(number).unwrap();
        let seed = &seeds[number % seeds.len()];
        let other = &seeds[number / seeds.len() % seeds.len()];
        feed(target, &mutated(seed, other, &mut chance));
    }
}

/// One test for each parser, so that each is told apart.
macro_rules! parsers {
    ($($name:ident),+ $(,)?) => {
        $(#[test]
        fn $name() {
            check(&stringify!($name)["fuzz_".len()..]);
        })+

        #[test]
        fn every_parser_is_tried() {
            let tried = [$(&stringify!($name)["fuzz_".len()..]),+];
            assert_eq!(targets::ALL.map(|it| it.name), tried);
        }
    };
}

parsers! {
    fuzz_scim_filter, fuzz_scim_path, fuzz_scim_patch, fuzz_scim_user, fuzz_oneroster_filter, fuzz_oneroster_users,
    fuzz_oneroster_manifest, fuzz_organisations, fuzz_events,
}
