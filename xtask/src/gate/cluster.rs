//! States computed on a cluster of this machine: the same figures as without, whoever is killed.

mod running;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{bail, ensure};

pub(crate) use self::running::start;
use self::running::{BUCKET, Running, python};
use super::city::{City, free_port};
use crate::project::{command, output, root};

/// How long a computation of the small city may take, with an executor lost.
const PATIENCE: Duration = Duration::from_secs(180);

/// A city computed here and on a cluster, whole and with parts of the cluster missing.
pub(super) fn compute() -> anyhow::Result<()> {
    let city = City::make()?;
    let here = figures(&city, &city.data())?;
    let running = Running::start(&city.haihe)?;

    without_a_cluster(&city, &running)?;
    without_a_store(&city, &running)?;

    let copy = Copy::of(&city)?;
    let status = running.compute(&city, copy.data(), "whole").status()?;
    ensure!(status.success(), "the cluster did not compute the city: {status}");
    ensure!(figures(&city, &copy.data())? == here, "the cluster computed other figures");
    println!("  cluster: the same figures as without, to the last bit");
    by_strangers(&running, &copy.data(), "whole")?;

    killed_while_it_orders(&city, &running, &here)?;
    an_executor_lost(&city, running, &here)
}

/// All figures of a city, as they are published.
fn figures(city: &City, data: &Path) -> anyhow::Result<Vec<u8>> {
    let file = data.with_extension("csv");
    let mut export = command(&city.haihe);
    export.arg("export").arg(&file).arg("--in-full").arg("--data").arg(data);
    output(&mut export)?;
    Ok(fs::read(file)?)
}

/// Nothing listens where the scheduler should be.
fn without_a_cluster(city: &City, running: &Running) -> anyhow::Result<()> {
    let copy = Copy::of(city)?;
    let nobody = format!("http://127.0.0.1:{}", free_port()?);
    let store = format!("s3://{BUCKET}/nobody");
    let mut compute = running.compute_at(city, copy.data(), &nobody, &store);
    fails(&compute.output()?, "haihe-cluster scheduler", &copy)
}

/// The store is gone, or has no such bucket.
fn without_a_store(city: &City, running: &Running) -> anyhow::Result<()> {
    let copy = Copy::of(city)?;
    let nowhere = format!("http://127.0.0.1:{}", free_port()?);
    let mut compute = running.compute(city, copy.data(), "gone");
    compute.env("AWS_ENDPOINT_URL", nowhere);
    fails(&compute.output()?, "the store cannot be read", &copy)?;
    let no_bucket = "s3://no-such-bucket/city";
    let mut compute = running.compute_at(city, copy.data(), &running.scheduler(), no_bucket);
    fails(&compute.output()?, "the store cannot be", &copy)
}

/// It says what to do, ends with 2, and keeps nothing by halves.
fn fails(done: &Output, says: &str, copy: &Copy) -> anyhow::Result<()> {
    let said = String::from_utf8_lossy(&done.stderr);
    ensure!(done.status.code() == Some(2), "ended with {}: {said}", done.status);
    ensure!(said.contains(says), "`{says}` is not said: {said}");
    let kept = files(&copy.data().join("states"))?;
    ensure!(kept.is_empty(), "something was kept: {kept:?}");
    println!("  cluster: {}", said.lines().next().unwrap_or_default());
    Ok(())
}

/// Who has it computed is killed, and asks again.
fn killed_while_it_orders(city: &City, running: &Running, here: &[u8]) -> anyhow::Result<()> {
    let copy = Copy::of(city)?;
    let mut compute = running.compute(city, copy.data(), "killed").spawn()?;
    let orderer = child_of(&mut compute)?;
    sleep(Duration::from_millis(1_500));
    output(command("kill").args(["-KILL", &orderer]))?;
    let status = compute.wait()?;
    ensure!(status.code() == Some(2), "ended with {status} though what it started was killed");
    let status = running.compute(city, copy.data(), "killed").status()?;
    ensure!(status.success(), "it does not go on where it was killed: {status}");
    ensure!(figures(city, &copy.data())? == here, "other figures after a kill");
    println!("  cluster: killed while it ordered, it went on from there to the same figures");
    Ok(())
}

/// One executor is killed when it has computed something, and the other does all of it.
fn an_executor_lost(city: &City, mut running: Running, here: &[u8]) -> anyhow::Result<()> {
    let copy = Copy::of(city)?;
    let before = running.results(0)?;
    let begin = Instant::now();
    let mut compute = running.compute(city, copy.data(), "whole").spawn()?;
    while running.results(0)? <= before {
        ensure!(compute.try_wait()?.is_none(), "it was done before an executor could be killed");
        ensure!(begin.elapsed() < PATIENCE, "the executor computes nothing");
        sleep(Duration::from_millis(5));
    }
    ensure!(compute.try_wait()?.is_none(), "it was done before an executor could be killed");
    running.kill_executor(0);
    let status = loop {
        if let Some(status) = compute.try_wait()? {
            break status;
        }
        if begin.elapsed() > PATIENCE {
            compute.kill()?;
            bail!("it does not end with one executor of two");
        }
        sleep(Duration::from_millis(50));
    };
    ensure!(status.success(), "an executor was lost, and not made good: {status}");
    ensure!(figures(city, &copy.data())? == here, "other figures with an executor lost");
    println!(
        "  cluster: one executor of two killed in the middle, the same figures after {:.1} s",
        begin.elapsed().as_secs_f64()
    );
    Ok(())
}

/// Another program reads the tables in the store as it reads those of the folder.
fn by_strangers(running: &Running, data: &Path, prefix: &str) -> anyhow::Result<()> {
    let mut script = command(python()?);
    script.arg(root().join("xtask/src/gate/cluster/tables.py")).arg(data.join("lake"));
    script.arg(format!("s3://{BUCKET}/{prefix}"));
    running.reach_the_store(&mut script);
    print!("{}", output(&mut script)?);
    Ok(())
}

/// A copy of a city of which no states are kept, which goes when this is dropped.
struct Copy(tempfile::TempDir);

impl Copy {
    fn of(city: &City) -> anyhow::Result<Self> {
        let copy = Self(tempfile::Builder::new().prefix("haihe-cluster-").tempdir()?);
        output(command("cp").arg("-r").arg(city.data()).arg(copy.0.path()))?;
        fs::remove_dir_all(copy.data().join("states"))?;
        Ok(copy)
    }

    fn data(&self) -> PathBuf {
        self.0.path().join("city")
    }
}

/// All files below a folder.
fn files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry?.path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    Ok(found)
}

/// The process that a process has started, from whichever of its threads.
fn child_of(process: &mut Child) -> anyhow::Result<String> {
    let threads = format!("/proc/{}/task", process.id());
    while process.try_wait()?.is_none() {
        for thread in fs::read_dir(&threads)?.flatten() {
            let children = fs::read_to_string(thread.path().join("children")).unwrap_or_default();
            if let Some(child) = children.split_whitespace().next() {
                return Ok(child.to_owned());
            }
        }
        sleep(Duration::from_millis(5));
    }
    bail!("it ended and started nothing")
}

impl Running {
    /// `haihe compute` of a data folder on this cluster.
    fn compute(&self, city: &City, data: impl AsRef<Path>, prefix: &str) -> Command {
        self.compute_at(city, data, &self.scheduler(), &format!("s3://{BUCKET}/{prefix}"))
    }

    fn compute_at(
        &self,
        city: &City,
        data: impl AsRef<Path>,
        cluster: &str,
        store: &str,
    ) -> Command {
        let mut compute = command(&city.haihe);
        compute.args(["compute", "--cluster", cluster, "--store", store, "--data"]);
        compute.arg(data.as_ref()).stdout(Stdio::null());
        self.reach_the_store(&mut compute);
        compute
    }
}
