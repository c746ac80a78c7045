//! A data centre in a folder of its own, run through the command line.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// The root of the project, in which all commands are run.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// A file of the shared data; `None`, and a word about it, where the folder is absent.
pub(crate) fn shared(file: &str) -> Option<PathBuf> {
    let path = root().join("../shared/data").join(file);
    if path.exists() {
        return Some(path);
    }
    #[expect(clippy::print_stdout, reason = "who runs the tests shall know what they ran on")]
    {
        println!("../shared/data/{file} is absent: an invented file of the same shape stands in");
    }
    None
}

#[derive(Debug)]
pub(crate) struct Centre {
    pub(crate) folder: TempDir,
    registry: Option<String>,
}

/// One organisation's figure.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) value: Option<String>,
    pub(crate) numerator: Option<String>,
    pub(crate) denominator: Option<String>,
    pub(crate) status: Option<String>,
}

impl Row {
    pub(crate) fn value(&self) -> f64 {
        self.value.as_deref().unwrap().parse().unwrap()
    }

    pub(crate) fn numerator(&self) -> i64 {
        self.numerator.as_deref().unwrap().parse().unwrap()
    }

    pub(crate) fn denominator(&self) -> i64 {
        self.denominator.as_deref().unwrap().parse().unwrap()
    }
}

impl Centre {
    /// Begins with a plan folder of the project.
    pub(crate) fn begin(plan: &str) -> Self {
        let centre =
            Self { folder: tempfile::tempdir().unwrap(), registry: store::testing::address() };
        centre.run(&["init", "--plan", plan]);
        centre
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Imports a file through a mapping; returns what was said, and the findings as rows of cells.
    pub(crate) fn import(
        &self,
        dataset: &str,
        file: &Path,
        mapping: &str,
    ) -> (String, Vec<Vec<String>>) {
        let findings = self.folder.path().join("findings.csv");
        let (file, list) = (file.to_str().unwrap(), findings.to_str().unwrap());
        let words = ["import", dataset, file, "--mapping", mapping, "--findings", list];
        let said = self.run(&words);
        if !findings.exists() {
            return (said, Vec::new());
        }
        let text = fs::read_to_string(&findings).unwrap();
        fs::remove_file(&findings).unwrap();
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let rows = reader.records().map(|it| it.unwrap().iter().map(str::to_owned).collect());
        (said, rows.collect())
    }

    /// One indicator of all organisations of a level, by their Chinese name.
    pub(crate) fn figures(&self, indicator: &str, level: &str, year: u16) -> BTreeMap<String, Row> {
        self.figures_along("administrative", indicator, level, year)
    }

    /// The same, added up along a hierarchy.
    pub(crate) fn figures_along(
        &self,
        hierarchy: &str,
        indicator: &str,
        level: &str,
        year: u16,
    ) -> BTreeMap<String, Row> {
        let year = year.to_string();
        let what = ["figures", "--indicator", indicator, "--level", level, "--year", &year];
        let how = ["--hierarchy", hierarchy, "--format", "json"];
        let printed = self.run(&[&what[..], &how].concat());
        let figures: Value = serde_json::from_str(&printed).unwrap();
        let row = |it: &Value| {
            let text = |field: &str| it[field].as_str().map(str::to_owned);
            let row = Row {
                value: text("value"),
                numerator: text("numerator"),
                denominator: text("denominator"),
                status: text("status"),
            };
            (it["name"]["zh"].as_str().unwrap().to_owned(), row)
        };
        figures["rows"].as_array().unwrap().iter().map(row).collect()
    }

    /// The figure of the only organisation of a level.
    pub(crate) fn figure(&self, indicator: &str, level: &str, year: u16) -> Row {
        let rows = self.figures(indicator, level, year);
        assert_eq!(rows.len(), 1, "{indicator} {level}");
        rows.into_values().next().unwrap()
    }

    /// Runs `haihe` to a good end and returns what was printed.
    pub(crate) fn run(&self, words: &[&str]) -> String {
        let output = self.output(words);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "haihe {}: {}\n{errors}", words.join(" "), output.status);
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs `haihe` to no good end and returns its exit code and what was said of it.
    pub(crate) fn fail(&self, words: &[&str]) -> (Option<i32>, String) {
        let output = self.output(words);
        assert!(!output.status.success(), "haihe {}", words.join(" "));
        assert_eq!(String::from_utf8_lossy(&output.stdout), "", "haihe {}", words.join(" "));
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    }

    fn output(&self, words: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_haihe"));
        command.current_dir(root()).args(words).arg("--data").arg(self.data());
        command.envs(self.registry.iter().map(|it| ("HAIHE_DATABASE", it)));
        command.stdin(Stdio::null()).output().unwrap()
    }
}
