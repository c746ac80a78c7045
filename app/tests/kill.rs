//! The program killed at random instants: what it acknowledged stays, what it did not is not half there.

#![expect(clippy::unwrap_used, reason = "the support functions of a test")]
#![expect(clippy::indexing_slicing, reason = "a row that is not there fails the test")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// Kills of each of `haihe import` and `haihe compute`.
const KILLS: u32 = 25;
const INDICATOR: &str = "IND-17";
const YEAR: &str = "2025";

#[test]
fn killed_at_random_instants_it_loses_nothing_and_shows_no_half() {
    let city = City::new();
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    // How long the two take when they are let alone.
    let importing = city.timed(&["import", "wireless_coverage", city.all_none.to_str().unwrap()]);
    let computing = city.timed(&["compute"]);
    let mut before = city.covered();
    let mut killed = 0;
    for round in 0..KILLS {
        let file = if round % 2 == 0 { &city.all_full } else { &city.all_none };
        let after = if round % 2 == 0 { city.schools } else { 0 };
        let import = ["import", "wireless_coverage", file.to_str().unwrap()];

        let imported = city.kill(&import, chance.up_to(importing));
        let computed = city.kill(&["compute"], chance.up_to(computing));
        killed += u32::from(!imported) + u32::from(!computed);
        let seen = city.covered();
        assert!(seen == before || seen == after, "round {round}: half of it: {seen}");
        if imported && computed {
            assert_eq!(seen, after, "round {round}: an acknowledged import is lost");
        }

        city.run(&["compute"]);
        let seen = city.covered();
        assert!(seen == before || seen == after, "round {round}: half of it: {seen}");
        assert!(!imported || seen == after, "round {round}: an acknowledged import is lost");

        city.run(&import);
        city.run(&["compute"]);
        assert_eq!(city.covered(), after, "round {round}: the next run does not finish the work");
        before = after;
    }
    assert_eq!(
        city.data_files(),
        city.named_files(),
        "the killed left files that are in no version"
    );
    assert!(killed >= KILLS / 2, "only {killed} of {} were still running when killed", 2 * KILLS);
}

/// A demonstration city, and two files that say opposite things about all of its schools.
struct City {
    folder: TempDir,
    registry: Option<String>,
    all_full: PathBuf,
    all_none: PathBuf,
    schools: u64,
}

impl City {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let all_full = folder.path().join("full.csv");
        let all_none = folder.path().join("none.csv");
        let registry = store::testing::address();
        let mut city = Self { folder, registry, all_full, all_none, schools: 0 };
        city.run(&["demo", "--size", "s", "--no-serve"]);
        let schools = city.figures("school");
        let codes: Vec<&str> = schools
            .iter()
            .filter(|it| it["denominator"] == "1")
            .map(|it| it["code"].as_str().unwrap())
            .collect();
        assert!(codes.len() > 100, "only {} schools have measured their coverage", codes.len());
        for (file, coverage) in [(&city.all_full, "full"), (&city.all_none, "none")] {
            let rows = codes.iter().map(|it| format!("{it},{YEAR},{coverage}\n"));
            fs::write(file, format!("school,year,coverage\n{}", rows.collect::<String>())).unwrap();
        }
        city.schools = u64::try_from(codes.len()).unwrap();
        city
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("city")
    }

    /// Schools with full coverage, as the city's latest release has it.
    fn covered(&self) -> u64 {
        let city = self.figures("city");
        city.first().unwrap()["numerator"].as_str().unwrap().parse().unwrap()
    }

    fn figures(&self, level: &str) -> Vec<Value> {
        let words = ["figures", "--indicator", INDICATOR, "--level", level, "--year", YEAR];
        let printed = self.run(&[&words[..], &["--format", "json"]].concat());
        let figures: Value = serde_json::from_str(&printed).unwrap();
        figures["rows"].as_array().unwrap().clone()
    }

    fn table(&self) -> PathBuf {
        self.data().join("lake").join("wireless_coverage")
    }

    /// Names of the data files that are there.
    fn data_files(&self) -> BTreeSet<String> {
        let within = |folder: &Path| {
            fs::read_dir(folder).into_iter().flatten().map(|it| it.unwrap().path()).collect()
        };
        let years: Vec<PathBuf> = within(&self.table());
        let areas: Vec<PathBuf> = years
            .iter()
            .filter(|it| it.file_name().is_some_and(|it| !it.to_string_lossy().starts_with('_')))
            .flat_map(|it| within(it))
            .collect();
        let files = areas.iter().flat_map(|it| within(it));
        files.map(|it| it.file_name().unwrap().to_string_lossy().into_owned()).collect()
    }

    /// Names of the data files that any version of the table has.
    fn named_files(&self) -> BTreeSet<String> {
        let log = fs::read_dir(self.table().join("_delta_log")).unwrap();
        let entries = log.map(|it| it.unwrap().path());
        let mut named = BTreeSet::new();
        for entry in entries.filter(|it| it.extension().is_some_and(|it| it == "json")) {
            for line in fs::read_to_string(entry).unwrap().lines() {
                let action: Value = serde_json::from_str(line).unwrap();
                let path = action["add"]["path"].as_str();
                named.extend(path.and_then(|it| it.rsplit('/').next()).map(str::to_owned));
            }
        }
        named
    }

    /// Runs to the end and returns what was printed.
    fn run(&self, words: &[&str]) -> String {
        let output = self.command(words).stderr(Stdio::piped()).output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "haihe {}: {}\n{errors}", words.join(" "), output.status);
        String::from_utf8(output.stdout).unwrap()
    }

    fn timed(&self, words: &[&str]) -> Duration {
        let start = Instant::now();
        self.run(words);
        start.elapsed()
    }

    /// Starts and, after a while, kills. True when it had ended well before that: it acknowledged.
    fn kill(&self, words: &[&str], after: Duration) -> bool {
        let mut process: Child = self.command(words).stdout(Stdio::null()).spawn().unwrap();
        sleep(after);
        process.kill().unwrap();
        process.wait().unwrap().success()
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_haihe"));
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        command.current_dir(root).args(words).arg("--data").arg(self.data());
        command.envs(self.registry.iter().map(|it| ("HAIHE_DATABASE", it)));
        command.stdin(Stdio::null()).stderr(Stdio::null());
        command
    }
}

/// Numbers that look random and are the same in every run (splitmix64).
struct Chance(u64);

impl Chance {
    fn up_to(&mut self, longest: Duration) -> Duration {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let thousandth = u32::try_from((bits ^ (bits >> 31)) % 1000).unwrap();
        longest * thousandth / 1000
    }
}
