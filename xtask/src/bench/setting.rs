//! What a run needs: the product, a generated city and its files, the peers, a database server.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use serde::{Deserialize, Serialize};

use super::Size;
use super::answers::Answers;
use super::engines::Engine;
use crate::postgres::Server;
use crate::project::{cargo, command, output, root, run, target};
use crate::tools;

/// The number that the city is made from.
pub(super) const NUMBER: &str = "20210726";

/// Everything that is the same for all engines of a run.
#[derive(Debug)]
pub(super) struct Setting {
    pub(super) size: Size,
    pub(super) haihe: PathBuf,
    pub(super) python: PathBuf,
    /// Names and versions of the Python packages.
    pub(super) packages: Vec<(String, String)>,
    /// The data centre; its facts stay as they are, its states come and go.
    pub(super) centre: PathBuf,
    /// The same records as files for everybody.
    pub(super) files: PathBuf,
    pub(super) scripts: PathBuf,
    pub(super) scratch: PathBuf,
    pub(super) postgres: Server,
    pub(super) datasets: BTreeMap<String, Files>,
}

/// What is known of the files of a dataset.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Files {
    pub(super) rows: u64,
    pub(super) files: u64,
    pub(super) bytes: u64,
    pub(super) sha256: String,
    pub(super) whole_bytes: u64,
    pub(super) whole_sha256: String,
}

/// Settings of the server: memory for a city, both cores, and nothing that a benchmark does not need.
const POSTGRES: [&str; 8] = [
    "shared_buffers=1GB",
    "work_mem=256MB",
    "maintenance_work_mem=256MB",
    "max_parallel_workers_per_gather=2",
    "max_parallel_workers=2",
    "jit=off",
    "max_wal_size=4GB",
    "autovacuum=off",
];

impl Setting {
    /// Brings and makes what is not there yet; all of it stays beside the build cache for the next run.
    pub(super) fn prepare(size: Size, haihe: Option<&Path>) -> anyhow::Result<Self> {
        let haihe = match haihe {
            Some(given) => given.canonicalize().context("the binary is not there")?,
            None => {
                run(cargo().args(["build", "--release", "--package", "app"]))?;
                target()?.join("release").join("haihe")
            }
        };
        let scripts = root().join("bench").join("gov1");
        let packages = pins(&fs::read_to_string(scripts.join("requirements.txt"))?)?;
        let pinned: Vec<(&str, &str)> =
            packages.iter().map(|(name, version)| (name.as_str(), version.as_str())).collect();
        let python = tools::python_with(&pinned)?;
        let folder = target()?.join("gov1").join(size.as_str());
        let (centre, files) = (folder.join("centre"), folder.join("files"));
        let made = folder.join("made");
        if !made.is_file() {
            let mut demo = command(&haihe);
            demo.args(["demo", "--no-serve", "--repeatable", "--number", NUMBER, "--size"]);
            run(demo.arg(size.as_str()).arg("--data").arg(&centre))?;
            fs::write(&made, "")?;
        }
        // Written last.
        if !files.join("checksums.json").is_file() || !on_cut(&files, CUTS[1]).is_dir() {
            run(command(&python).arg(scripts.join("prepare.py")).arg(&centre).arg(&files))?;
        }
        let scratch = folder.join("answers");
        fs::create_dir_all(&scratch)?;
        let checksums = fs::read_to_string(files.join("checksums.json"))?;
        let datasets = serde_json::from_str(&checksums).context("checksums.json")?;
        let postgres = Server::start_with(&POSTGRES)?;
        Ok(Self {
            size,
            haihe,
            python,
            packages,
            centre,
            files,
            scripts,
            scratch,
            postgres,
            datasets,
        })
    }

    /// The answers of the slow reference, for a city small enough to wait for them; with a year, on its boundaries.
    pub(super) fn reference(&self, cut: Option<u16>) -> anyhow::Result<Option<Answers>> {
        if self.size != Size::S {
            return Ok(None);
        }
        let cut = cut.map(|it| it.to_string());
        let name = cut.as_ref().map_or("reference".to_owned(), |it| format!("reference-on-{it}"));
        let answers = self.scratch.join(format!("{name}.csv"));
        if !answers.is_file() {
            let beside = answers.with_extension("new");
            let mut reference = command(&self.python);
            reference.arg(self.scripts.join("reference.py")).arg(&self.centre);
            run(reference.arg(&self.files).arg(&beside).args(cut))?;
            fs::rename(&beside, &answers)?;
        }
        Answers::read(&answers).map(Some)
    }

    /// A copy of the data centre with its figures published and its states kept, for a server: a server writes too.
    pub(super) fn served(&self) -> anyhow::Result<PathBuf> {
        let copy = self.copy("served")?;
        output(command(&self.haihe).arg("compute").arg("--data").arg(&copy))?;
        Ok(copy)
    }

    /// A copy of the data centre, for what is changed must not change what others read.
    pub(super) fn copy(&self, name: &str) -> anyhow::Result<PathBuf> {
        let copy = self.scratch.join(name);
        put(&self.centre, &copy)?;
        Ok(copy)
    }

    /// A copy of the shipped plan folder and of what it uses, to be changed.
    pub(super) fn plan(&self, name: &str) -> anyhow::Result<PathBuf> {
        let folder = self.scratch.join("plans").join(name);
        for used in ["plan", "rules", "procedures"] {
            put(&root().join(used), &folder.join(used))?;
        }
        let plans = fs::read_dir(folder.join("plan"))?.flatten().map(|it| it.path());
        let plan = plans.filter(|it| it.join("plan.toml").is_file()).min();
        plan.context("there is no plan folder")
    }

    /// The records as peers read them on the boundaries of the end of a year.
    pub(super) fn files_on_cut(&self, cut: u16) -> PathBuf {
        on_cut(&self.files, cut)
    }

    /// A copy of the data centre under another plan.
    pub(super) fn copy_with(&self, name: &str, plan: &Path) -> anyhow::Result<PathBuf> {
        let copy = self.copy(name)?;
        let mut init = command(&self.haihe);
        output(init.arg("init").arg("--plan").arg(plan).arg("--data").arg(&copy))?;
        Ok(copy)
    }

    pub(super) fn answers_of(&self, engine: &Engine) -> PathBuf {
        self.scratch.join(format!("{}.csv", engine.name))
    }

    /// What ran: our own version, those of the peers, of Python and of the database server.
    pub(super) fn versions(&self) -> anyhow::Result<BTreeMap<String, String>> {
        let mut versions: BTreeMap<String, String> = self.packages.iter().cloned().collect();
        let ours = output(command(&self.haihe).arg("--version"))?;
        versions.insert("haihe".to_owned(), ours.trim().trim_start_matches("haihe ").to_owned());
        let python = output(command(&self.python).arg("--version"))?;
        versions
            .insert("Python".to_owned(), python.trim().trim_start_matches("Python ").to_owned());
        versions.insert("PostgreSQL".to_owned(), self.postgres.version()?);
        Ok(versions)
    }
}

/// The first and the last year of the plan: whose boundaries are asked for.
pub(super) const CUTS: [u16; 2] = [2020, 2025];

fn on_cut(files: &Path, cut: u16) -> PathBuf {
    files.join(format!("on-{cut}"))
}

/// Puts a copy of a folder in the place of what is there.
pub(super) fn put(from: &Path, to: &Path) -> anyhow::Result<()> {
    if to.exists() {
        fs::remove_dir_all(to)?;
    }
    if let Some(above) = to.parent() {
        fs::create_dir_all(above)?;
    }
    output(command("cp").arg("--archive").arg(from).arg(to))?;
    Ok(())
}

/// Names and versions of a requirements file, in which every line is `name==version`.
fn pins(text: &str) -> anyhow::Result<Vec<(String, String)>> {
    let lines: Vec<&str> = text.lines().filter(|it| !it.trim().is_empty()).collect();
    let pin = |line: &&str| line.split_once("==").map(|(a, b)| (a.to_owned(), b.trim().to_owned()));
    let pins: Vec<(String, String)> = lines.iter().filter_map(pin).collect();
    ensure!(pins.len() == lines.len(), "requirements.txt: every line must be name==version");
    Ok(pins)
}

/// What else the machine does: processes that want a core, over the last minute.
pub(super) fn load() -> f64 {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().next().and_then(|it| it.parse().ok()).unwrap_or(f64::NAN)
}

/// The class of the machine: what tells its speed and not which one it is.
pub(super) fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kib = memory.lines().find_map(|it| it.strip_prefix("MemTotal:")).unwrap_or_default();
    let kib: u64 = kib.trim().trim_end_matches(" kB").parse().unwrap_or(0);
    format!(
        "{cores} cores, {} GiB, {}, {}",
        kib / 1_048_576,
        std::env::consts::ARCH,
        std::env::consts::OS
    )
}

#[cfg(test)]
mod tests {
    use super::pins;

    #[test]
    fn the_peers_are_pinned() {
        let text =
            std::fs::read_to_string(crate::project::root().join("bench/gov1/requirements.txt"));
        let pins = pins(&text.unwrap()).unwrap();
        assert!(
            ["chdb", "duckdb", "pandas", "polars"]
                .iter()
                .all(|it| pins.iter().any(|(name, _)| name == it))
        );
        assert!(super::pins("duckdb>=2\n").is_err());
    }
}
